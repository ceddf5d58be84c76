"""A sentence in another language beside the German one that it translates: what both must say alike.

The German sentence is proven by the items; the other only by it. Alike must be numbers and dates, names, negation,
words of statuses, shares and bounds, and how an answer begins. What else a translation says cannot be proven: so people
are told the German wording beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from service.answering import lexicon
from service.answering.generating.replies import Said, one_sentence, sentences_of
from service.answering.understanding.language import is_surely_other
from vectorstore.numerals import worded

_SIGN = "||"
_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![.,]?\d)|\d+(?:[.,:/]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐’'][^\W\d_]+)*")
_SUFFIX = re.compile(r"['’].*")
_ENDING = 3  # letters that a language may hang on a name
_NAME = 4  # letters of a name from which it may have an ending
_AFTER = r"(?=[\s,.:;!–-]|\Z)"
_PUNCTUATED = r"(?=\s*[,.:;!–-]|\Z)"
Figure = str | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language in which a model may word an answer; `name` is German, signs are those in numbers.

    `apostrophe` says that one behind a word marks a name.
    """

    code: str
    name: str
    decimal: str
    group: str
    statuses: tuple[str, ...]
    capitals: tuple[str, ...]
    apostrophe: bool = False


def _table() -> dict[str, Any]:
    return lexicon.table("translations")


@cache
def tongues() -> dict[str, Tongue]:
    """The languages beside German in which answers may be worded, by their codes."""
    return {
        code: Tongue(
            code=code,
            name=one["name"],
            decimal=one["decimal"],
            group=one["group"],
            statuses=tuple(one["statuses"]),
            capitals=tuple(one["capitals"]),
            apostrophe=one.get("apostrophe", False),
        )
        for code, one in _table()["languages"].items()
    }


def translated_of(reply: str) -> list[Said]:
    """The sentences of a reply, one in each line: German ones with their tokens, and beside them what they became.

    A line without one sentence on either side of the sign is one that names nothing, and so is not proven.
    """
    return [_line(line) for line in reply.splitlines() if line.strip()]


def _line(line: str) -> Said:
    own, _, german = line.partition(_SIGN)
    said, other = sentences_of(german), one_sentence(own)
    if len(said) != 1 or not other:
        return Said("", "", ())
    return Said(said[0].text, said[0].end, said[0].tokens, other)


def mirrors(other: str, german: str, known: Iterable[str], code: str) -> bool:
    """True where a sentence says alike what its German one says of that; `known` are texts whose names it may say."""
    if is_surely_other(other, code):
        return False
    begun, rest = _begun(other, code)
    german_begun, german_rest = _begun(german, "de")
    return (
        begun == german_begun
        and _marks(rest, code) == _marks(german_rest, "de")
        and _figures_alike(other, german, code)
        and _names_known(other, [german, *known], tongues()[code])
    )


def _begun(text: str, code: str) -> tuple[str, str]:
    """How a sentence begins an answer ("yes", "no", "not_yet" or ""), and the rest of it."""
    for name, words in _table()["verdicts"].items():
        behind = _AFTER if name == "not_yet" else _PUNCTUATED
        match = re.match(rf"(?i)\s*(?:{'|'.join(map(re.escape, words[code]))}){behind}", text)
        if match:
            return name, text[match.end() :]
    return "", text


@cache
def _markers(code: str) -> dict[str, re.Pattern[str]]:
    markers = {name: words[code] for name, words in _table()["markers"].items()}
    for part in ("months", "days"):
        markers |= {f"{part} {place}": one.split("|") for place, one in enumerate(_table()[part][code])}
    return {name: re.compile("|".join(map(_pattern, words))) for name, words in markers.items()}


def _pattern(word: str) -> str:
    """A word, any case of it but that of a month's first letter; "*" is any letters, "#" a digit."""
    made = re.escape(word).replace(r"\*", r"\w*").replace(r"\#", r"\d").replace(r"\ ", r"\s+")
    front = r"(?<!\w)" if word[0].isalnum() else ""
    behind = r"(?!\w)" if word[-1].isalnum() else ""
    return f"{front}{made}{behind}" if word[0].isupper() else f"(?i:{front}{made}{behind})"


def _marks(text: str, code: str) -> set[str]:
    return {name for name, pattern in _markers(code).items() if pattern.search(text)}


def _figures_alike(other: str, german: str, code: str) -> bool:
    """True where both say the same numbers, each in its notation; references and times letter by letter."""
    left = _figures(other, code)
    for wanted in _figures(german, "de"):
        match = next((one for one in left if wanted[0] in one), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _figures(text: str, code: str) -> list[tuple[Figure, ...]]:
    """What each number of a text may be: German ones their value or else their letters, others either."""
    found: list[tuple[Figure, ...]] = []
    for match in _NUMBER.finditer(text):
        printed = re.sub(r"\s", "", match[0])
        value = _value(printed, *_signs(code))
        found.append((printed,) if value is None else (value,) if code == "de" else (value, printed))
    return found + [(value,) for value in _worded(text, code)]


def _signs(code: str) -> tuple[str, str]:
    if code == "de":
        return ".", ","
    return tongues()[code].group, tongues()[code].decimal


def _value(printed: str, group: str, decimal: str) -> Decimal | None:
    """The value of a number in a notation; None for what is none in it, as references, dates and times."""
    whole, _, part = printed.partition(decimal)
    grouped = re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+", whole)
    if not (whole.isdigit() or grouped) or (decimal in printed and not part.isdigit()):
        return None
    return Decimal(f"{whole.replace(group, '')}.{part or '0'}").normalize()


def _worded(text: str, code: str) -> list[Decimal]:
    """The numbers in words, from two on."""
    if code == "de":
        values = (worded(word) for word in re.findall(r"[^\W\d_]{3,}", text))
        return [Decimal(value).normalize() for value in values if value is not None and value > 1]
    return [value for value, pattern in _number_words(code) for _ in pattern.finditer(text)]


@cache
def _number_words(code: str) -> tuple[tuple[Decimal, re.Pattern[str]], ...]:
    """Number words by their values; "on" is none where "on iki" stands."""
    entries = [entry.split("|") for entry in _table()["numbers"][code]]
    every = [word for entry in entries for word in entry]
    return tuple(
        (Decimal(value).normalize(), re.compile("|".join(_alone(word, every) for word in entry)))
        for value, entry in enumerate(entries, start=2)
    )


def _alone(word: str, every: list[str]) -> str:
    """A number word that is no part of a longer one."""
    before = "".join(rf"(?<!{re.escape(one.split()[0])}\s)" for one in every if " " in one and one.split()[-1] == word)
    behind = [re.escape(one.split()[1]) for one in every if " " in one and one.split()[0] == word]
    behind_it = rf"(?!\s+(?:{'|'.join(behind)})(?!\w))" if behind else ""
    return rf"(?i:(?<!\w){before}{re.escape(word)}(?!\w){behind_it})"


def _names_known(text: str, known: Iterable[str], tongue: Tongue) -> bool:
    """True where every word that its capital letter or its ending behind an apostrophe makes a name is known."""
    words = {word for one in known for match in _WORD.findall(one) for word in (match, *re.split(r"[-‐]", match))}
    capitals = [re.compile(_pattern(one)) for one in tongue.capitals]
    named = [word for place, word in enumerate(_WORD.findall(text)) if _is_name(word, place, tongue)]
    return all(
        _known(_SUFFIX.sub("", one), words) or any(pattern.fullmatch(one) for pattern in capitals) for one in named
    )


def _is_name(word: str, place: int, tongue: Tongue) -> bool:
    """True for a capital letter in a sentence; at its beginning for an abbreviation and what an apostrophe marks."""
    marked = tongue.apostrophe and _SUFFIX.search(word) is not None
    return word[0].isupper() and (place > 0 or marked or (len(word) > 1 and word.isupper()))


def _known(name: str, words: set[str]) -> bool:
    """True where a name is a known word, perhaps with an ending."""
    return name in words or any(
        len(one) >= _NAME and name.startswith(one) and len(name) - len(one) <= _ENDING for one in words
    )
