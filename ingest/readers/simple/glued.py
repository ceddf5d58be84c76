"""Headings that run into the sentence behind them become lines of their own again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.readers.lexicon import SECTION_WORDS
from ingest.readers.numbers import leading_number
from ingest.stream import Line

_BEGINS = (
    r"(?:Der|Die|Das|Den|Dem|Ein|Eine|Einer|Im|In|Für|Mit|Zur|Zum|Auf|Auch|Wir|Als|Bei|Beim|Durch|Um|Neben|Es|Alle|"
    r"Jeder|Jede|Jedes|Unser|Unsere|Dieser|Diese|Dieses|Seit|Nach|Von|Zu|Am|An|Aus|Ziel)"
)
_WORD_FIRST = re.compile(rf"^((?:{SECTION_WORDS}):?)\s+(?={_BEGINS}\s)")
_WORD_INSIDE = re.compile(rf"^([^.!?]{{5,140}}?)\s+((?:{SECTION_WORDS}):?)(?:\s+(?={_BEGINS}\s)|$)")
_TITLE_THEN_SENTENCE = re.compile(rf"^(?!{_BEGINS}\s)([^.!?:;]{{3,110}}?)\s+(?={_BEGINS}\s)")
_LABEL = re.compile(r"^([A-ZÄÖÜ][\w-]+(?: [\w-]+){0,2}:)\s+(?=\S)")
_FORM = 5  # different labels that make a document a form
_LEAST = 50  # characters of a paragraph that has a heading glued to it


def split_glued_headings(lines: Sequence[Line], titles: Iterable[str]) -> tuple[Line, ...]:
    """Return lines, those that begin with a section word or a numbered title split behind it.

    `titles` are those that the contents list. A title ends where another print of it does, or where a sentence begins.
    """
    known = [title.split() for title in titles]
    worded: dict[tuple[int, ...], list[list[str]]] = defaultdict(list)
    for line in lines:
        if number := leading_number(line.text):
            worded[number.parts].append(number.rest.split())
    is_form = _is_form(lines)
    result: list[Line] = []
    ended = False  # whether the line before is a whole title
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else None
        goes_on = following is not None and not following.opens
        if ended:
            line = replace(line, opens=True)
        number = leading_number(line.text) if line.opens and goes_on else None
        prints = [*known, *worded[number.parts]] if number else []
        ended = number is not None and sum(words == number.rest.split() for words in prints) > 1
        pieces = _pieces(line, goes_on, worded, known, is_form)
        result += [replace(line, text=text, opens=line.opens or part > 0) for part, text in enumerate(pieces)]
        if len(pieces) > 1 and goes_on and pieces[-1].rstrip(":") in SECTION_WORDS.split("|"):
            result[-1] = replace(result[-1], opens=True)
    return tuple(result)


def _is_form(lines: Sequence[Line]) -> bool:
    """True if a document is a form of lines such as "Rechtsform: GmbH", without numbers."""
    if any(leading_number(line.text) for line in lines):
        return False
    own = sum(line.text.endswith(":") and line.opens for line in lines)
    return own < 2 and len({match[1] for line in lines if line.opens and (match := _LABEL.match(line.text))}) >= _FORM


def _pieces(
    line: Line, goes_on: bool, worded: dict[tuple[int, ...], list[list[str]]], known: list[list[str]], is_form: bool
) -> list[str]:
    """Return the parts of a line: one where nothing is glued."""
    text = line.text
    if not line.opens or line.cell is not None or line.bullet or line.style.level:
        return [text]
    if is_form and (match := _LABEL.match(text)):
        return [match[1], text[match.end() :]]
    number = leading_number(text)
    if number is None:
        if match := _WORD_FIRST.match(text):
            return [match[1], text[match.end() :]]
        if match := _WORD_INSIDE.match(text):
            return list(filter(None, (match[1], match[2], text[match.end() :])))
        return [text]
    if not (goes_on or re.search(r"[.!?](?:\s|$)", number.rest)) or len(number.rest) < _LEAST:
        return [text]
    others = [words for words in worded[number.parts] + known if words != number.rest.split()]
    length = _title_length(number.rest, others)
    start = len(text) - len(number.rest) + length
    return [text[:start].rstrip(), text[start:].lstrip()] if length else [text]


def _title_length(text: str, others: Sequence[Sequence[str]]) -> int:
    """Return how many characters at the beginning of a text are its title, 0 where it has none."""
    words = text.split()
    shared = max((_shared(words, other) for other in others), default=0)
    match = _TITLE_THEN_SENTENCE.match(text)
    grammar = len(match[1].split()) if match else 0
    count = grammar if not shared or shared < grammar <= shared + 3 else shared
    if not 0 < count < len(words):
        return 0
    return [word.end() for word in re.finditer(r"\S+", text)][count - 1]


def _shared(words: Sequence[str], others: Sequence[str]) -> int:
    count = 0
    for word, other in zip(words, others, strict=False):
        if word.strip(",.;:") != other.strip(",.;:"):
            break
        count += 1
    return count if count < len(words) else 0
