"""Headings that are labels: they recur below titles, and begin no section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from ingest.readers.headings import Heading, HeadingReason
from ingest.readers.lexicon import is_status_heading
from ingest.readers.lines import DocumentLines
from ingest.readers.titles import normalize_title

_LEAST = 5  # prints of a heading that recurs
_MAX_DISTANCE = 9  # most lines between a title and the first label of its set
# Share of the prints of a label that are near below a title: of 26 papers labels of sheets have
# 1.0, other titles that recur .6 or less.
_BELOW_TITLE = 0.8


class _Key(NamedTuple):
    """What all prints of a label share: its text before a colon, and its look."""

    text: str
    size: float
    bold: bool
    level: int


def find_recurring_labels(document: DocumentLines, headings: Sequence[Heading]) -> set[int]:
    """Return the indices of the headings that are no headings but labels that recur
    ("Beschreibung").

    Prints are headings with the same text and look. Most prints of a label come a few lines below a
    title, alone or in a run with other labels, with no other heading between.
    """
    recurring = _find_recurring(document, headings)
    below_title = set[int]()
    for run in _runs(sorted(chain.from_iterable(recurring))):
        if _follows_title(headings, run[0]):
            below_title.update(run)
    labels = set[int]()
    for indices in recurring:
        if len(below_title.intersection(indices)) >= _BELOW_TITLE * len(indices):
            labels.update(indices)
    return labels


def _find_recurring(document: DocumentLines, headings: Sequence[Heading]) -> list[list[int]]:
    """Return the indices of the headings that recur, those with one `_Key` together. Headings with
    a number, in the table of contents or for a status ("Laufende Projekte") are left out: they
    begin a section, however often they are printed.
    """
    prints: dict[_Key, list[int]] = defaultdict(list)
    for index, heading in enumerate(headings):
        is_own = heading.ref or heading.reason is HeadingReason.LISTED
        if not is_own and not is_status_heading(heading.title):
            style = document.lines[heading.line].style
            text = normalize_title(heading.title.partition(":")[0])
            prints[_Key(text, style.size, style.bold, style.level)].append(index)
    return [indices for indices in prints.values() if len(indices) >= _LEAST]


def _runs(indices: Sequence[int]) -> Iterator[list[int]]:
    """Yield the sorted indices in groups of consecutive ones: 1, 2, 5 gives [1, 2] and [5]."""
    for _, group in groupby(enumerate(indices), key=lambda place: place[1] - place[0]):
        yield [index for _, index in group]


def _follows_title(headings: Sequence[Heading], index: int) -> bool:
    """True if a heading begins near below the one before it."""
    return index > 0 and headings[index].line - headings[index - 1].lines[-1] <= _MAX_DISTANCE
