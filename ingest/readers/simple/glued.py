"""Headings that run into the sentence behind them become lines of their own again.

A title ends where another print of it does, or where a sentence begins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from ingest.readers.lexicon import SECTION_WORDS
from ingest.readers.numbers import leading_number
from ingest.stream import Line

_BEGINS = (
    r"(?:Der|Die|Das|Den|Dem|Ein|Eine|Einer|Im|In|Für|Mit|Zur|Zum|Auf|Auch|Wir|Als|Bei|Beim|Durch|Um|Neben|Es|Alle|"
    r"Jeder|Jede|Jedes|Unser|Unsere|Dieser|Diese|Dieses|Seit|Nach|Von|Zu|Am|An|Aus|Ziel)"
)
_SECTION = re.compile(rf"^(?:([^.!?]{{5,140}}?)\s+)?((?:{SECTION_WORDS}):?)(?:\s+(?={_BEGINS}\s)|$)")
_TITLE_THEN_SENTENCE = re.compile(rf"^(?!{_BEGINS}\s)([^.!?:;]{{3,110}}?)\s+(?={_BEGINS}\s)")
_LEAST = 50  # characters of a numbered paragraph that has a heading glued to it
_FURTHER = 3  # words by which a title may be longer than another print of it

Titles = Mapping[tuple[int, ...], Sequence[Sequence[str]]]


def split_glued_headings(lines: Sequence[Line], titles: Iterable[str]) -> tuple[Line, ...]:
    """Return lines, those that begin with a section word or a numbered title split behind it.

    `titles` are those that the contents list.
    """
    known = [title.split() for title in titles]
    prints: dict[tuple[int, ...], list[Sequence[str]]] = defaultdict(lambda: list(known))
    for line in lines:
        if number := leading_number(line.text):
            prints[number.parts].append(number.rest.split())
    return tuple(part for place, line in enumerate(lines) for part in _parts(lines, place, line, prints))


def _parts(lines: Sequence[Line], place: int, line: Line, prints: Titles) -> Iterator[Line]:
    following = lines[place + 1] if place + 1 < len(lines) else None
    before = lines[place - 1] if place else None
    if before is not None and _is_whole_title(before, line, prints):
        line = replace(line, opens=True)
    if not line.opens or line.cell is not None or line.bullet or line.style.level:
        yield line
        return
    goes_on = following is not None and not following.opens
    ends = _section_ends(line.text) or _title_end(line.text, goes_on, prints)
    for start, end in zip([0, *ends], [*ends, len(line.text)], strict=True):
        yield replace(line, text=line.text[start:end].strip(), opens=True)


def _is_whole_title(line: Line, following: Line, prints: Titles) -> bool:
    """True if a line is a title that is printed elsewhere too, though it seems to go on."""
    number = leading_number(line.text) if line.opens and not following.opens else None
    return number is not None and sum(words == number.rest.split() for words in prints[number.parts]) > 1


def _section_ends(text: str) -> list[int]:
    """Return where in a line the text before a section word ends, and where that word does."""
    match = _SECTION.match(text)
    if match is None or (match.end() == len(text) and match[1] is None):
        return []
    places = ([match.start(2)] if match[1] else []) + ([match.end(2)] if match.end() < len(text) else [])
    return places


def _title_end(text: str, goes_on: bool, prints: Titles) -> list[int]:
    number = leading_number(text)
    if number is None or len(number.rest) < _LEAST or not (goes_on or re.search(r"[.!?](?:\s|$)", number.rest)):
        return []
    words = number.rest.split()
    shared = max((_shared(words, other) for other in prints[number.parts] if other != words), default=0)
    match = _TITLE_THEN_SENTENCE.match(number.rest)
    grammar = len(match[1].split()) if match else 0
    count = grammar if not shared or shared < grammar <= shared + _FURTHER else shared
    if not 0 < count < len(words):
        return []
    ends = [word.end() for word in re.finditer(r"\S+", number.rest)]
    return [len(text) - len(number.rest) + ends[count - 1]]


def _shared(words: Sequence[str], others: Sequence[str]) -> int:
    """Return how many words at the beginning two texts share, 0 where all are shared."""
    pairs = zip(words, others, strict=False)
    count = sum(1 for _ in takewhile(lambda pair: pair[0].strip(",.;:") == pair[1].strip(",.;:"), pairs))
    return count if count < len(words) else 0
