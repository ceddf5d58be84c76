"""Checks what a text states (facts, counts, verdicts), splits answers into statements, and compares
texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from vectorstore.language import extract_quantities

IGNORED = re.compile(r"[\s\u00ad]+")  # white space and soft hyphens, which comparisons ignore
_MARKERS = re.compile(r"(?:\s*\[\d+\])+")  # " [1] [12]"
# A line end, or white space after . ! or ?; not after "3.", "z. B.", "Nr.", "ca.", "Mio."
_SENTENCE_END = re.compile(
    r"\n|(?<=[.!?])(?<!\d\.)(?<!\b\w\.)(?<!\b(?:Nr|ca|St|Dr)\.)(?<!\b(?:bzw|Mio|Mrd|Abs)\.)\s+"
)

# What states 0 and 1 besides numbers: "kein Projekt", "Genau eine Maßnahme"
_ARTICLES = {
    0: r"\b(?:kein(?:e[mnrs]?|erlei)?|null|none|no)\b",
    1: r"\A(?:genau |nur )?ein(?:e[mnrs]?)?\b|\Aone\b",
}
_VERDICTS = {
    "yes": r"\A(?:ja|doch|yes)\b",
    "no": r"\A(?:nein|nicht|noch nicht|no|not)\b",
    "idea": r"\b(?:Ideen?|Ideenspeicher|idea)\b",
    "planned": r"\b(?:geplant|in Planung|Planungen?|planned)\b",
    "in_progress": r"\b(?:in (?:Bearbeitung|Arbeit|Umsetzung)|läuft|laufen|in progress|"
    r"under way)\b",
    "implemented": r"\b(?:umgesetzt|abgeschlossen|fertig|implemented|done)\b",
}
_SEPARATORS = re.compile(r"[;,\n•|]+")  # between the entries of a list that is printed as one text
IGNORED_AND_HYPHENS = re.compile(r"[\s\u200b\u2060\ufeff\u00ad\-\u2010\u2011]+")


@dataclass(frozen=True, slots=True)
class ScoredStatement:
    """A part of an answer with the citation markers after it; the last part without markers has
    those before it.
    """

    text: str
    markers: tuple[int, ...]


def has_spelling(spellings: Sequence[str], text: str) -> bool:
    """True if a text has one of the spellings, ignoring white space and case; numbers match in any
    notation.

    Citation markers are removed before: [12] does not state 12.
    """
    content = _MARKERS.sub(" ", text)
    return any(_states(spelling, content) for spelling in spellings)


def _states(spelling: str, text: str) -> bool:
    """True if a text has a spelling.

    A number without letters, such as "1.200", is found in any notation of German or English
    ("1200", "1,200"); any other spelling only as it is written.
    """
    if any(map(str.isalpha, spelling)) or not any(map(str.isdigit, spelling)):
        return _pattern(spelling).search(text) is not None
    return any(
        extract_quantities(text, language).supports_all(extract_quantities(spelling, language))
        for language in ("de", "en")
    )


@cache
def _pattern(spelling: str) -> re.Pattern[str]:
    """Return the pattern that finds a spelling in a text, with any white space between its
    characters. "12 km" is found in "12km", but not in "112 km": a digit may not go on at its edges.
    """
    letters = IGNORED.sub("", spelling)
    before = r"(?<!\d)" if letters[:1].isdigit() else ""
    after = r"(?!\d)" if letters[-1:].isdigit() else ""
    return re.compile(before + r"[\s\u00ad]*".join(map(re.escape, letters)) + after, re.IGNORECASE)


def states_number(number: int, text: str) -> bool:
    """True if a text states a number without a unit, in digits or in words.

    Numbers in citation markers, dates and numbers of items do not count. The words for 0 and 1
    count only in the phrases of `_ARTICLES`: "ein" is the number 1 at the beginning, and elsewhere
    an article. From 2 on a word is a number wherever it stands.
    """
    content = _MARKERS.sub(" ", text)
    if number in _ARTICLES and re.search(_ARTICLES[number], content, re.IGNORECASE):
        return True
    return any(
        number in stated.values and not stated.unit and (number > 1 or stated.printed.isdigit())
        for language in ("de", "en")
        for stated in extract_quantities(content, language).numbers
    )


def begins_with(verdict: str, text: str) -> bool:
    """True if a text states a verdict at its beginning (a key of `_VERDICTS`). Yes and no must be
    its first word; a status may stand anywhere in its first sentence: "Noch nicht: eine Idee.".
    """
    return re.search(_VERDICTS[verdict], first_sentence(text), re.IGNORECASE) is not None


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, without markers; ordinals, initials and common
    abbreviations end none.
    """
    return _SENTENCE_END.split(_MARKERS.sub("", text).strip(), maxsplit=1)[0]


def split_statements(answer: str) -> list[ScoredStatement]:
    """Return the statements of an answer with their citation markers; a statement ends at its
    markers: "Es sind 3 [1][2]." gives "Es sind 3" with (1, 2).

    A text after the last markers gets these markers too, and none if there are no markers. If only
    punctuation is after them, it is no statement.
    """
    results: list[ScoredStatement] = []
    start = 0
    for match in _MARKERS.finditer(answer):
        markers = tuple(int(digits) for digits in re.findall(r"\d+", match[0]))
        results.append(ScoredStatement(answer[start : match.start()].strip(), markers))
        start = match.end()
    tail = answer[start:].strip(" .;,:!?\n")
    if tail:
        results.append(ScoredStatement(tail, results[-1].markers if results else ()))
    return results


def squeeze_text(text: str) -> str:
    """Return a text without white space and hyphens."""
    return IGNORED_AND_HYPHENS.sub("", unicodedata.normalize("NFC", text))


def normalize_text(text: str) -> str:
    """Return a text without case, white space and hyphens: the form in which titles and values are
    compared.
    """
    return squeeze_text(text).casefold()


def same_parts(reported: Iterable[str], known: Iterable[str]) -> bool:
    """True if two lists have the same texts, in any order and however often. Empty texts in the
    reported list do not count.
    """
    return set(map(normalize_text, reported)) - {""} == set(map(normalize_text, known))


def same_list(reported: str, known: Sequence[str]) -> bool:
    """True if a text such as "Bauamt, Kreis" lists just the known entries, in any order.

    If the entries are in the same order, their separators do not matter: an entry may contain a
    comma.
    """
    if same_parts(_SEPARATORS.split(reported), known):
        return True
    reported_text, known_text = (_SEPARATORS.sub("", text) for text in (reported, "".join(known)))
    return normalize_text(reported_text) == normalize_text(known_text)
