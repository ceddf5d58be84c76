"""Headings that are labels: they recur below titles, in sets, and begin no section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ingest.readers.headings import Heading, HeadingReason
from ingest.readers.lexicon import is_status_heading
from ingest.readers.lines import DocumentLines
from ingest.readers.titles import normalize_title

_LEAST = 5  # prints of a heading that recurs
_MAX_DISTANCE = 9  # most lines between a title and the first label of its set
# Shares of the prints of a label that are near below a title, and in a set with other labels: of
# 26 papers labels of sheets have 1.0 and .7 or more, other titles that recur .6 and .2 or less.
_BELOW_TITLE = 0.8
_IN_SET = 0.5
_GROUPS = 0.2  # share of the prints with further headings below, from which these are groups


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
    title and in a run with other labels, with no other heading between. Hardly any print has other
    headings below it: one with such is a group.
    """
    prints = _find_recurring(document, headings)
    key_of: dict[int, _Key] = {}
    for key, indices in prints.items():
        key_of.update(dict.fromkeys(indices, key))
    # indices of headings that have others below them, which do not recur
    groups = {heading.parent for index, heading in enumerate(headings) if index not in key_of}
    in_set, below_title = set[int](), set[int]()
    for run in _runs(sorted(key_of)):
        if len({key_of[index] for index in run}) > 1:
            in_set.update(run)
        if _follows_title(headings, run[0]):
            below_title.update(run)
    labels = set[int]()
    for indices in prints.values():
        is_group = len(groups.intersection(indices)) > _GROUPS * len(indices)
        is_below_title = len(below_title.intersection(indices)) >= _BELOW_TITLE * len(indices)
        is_in_set = len(in_set.intersection(indices)) >= _IN_SET * len(indices)
        if is_below_title and is_in_set and not is_group:
            labels.update(indices)
    return labels


def _find_recurring(document: DocumentLines, headings: Sequence[Heading]) -> dict[_Key, list[int]]:
    """Return the indices of the headings that recur, by what all their prints share. Headings with
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
    return {key: indices for key, indices in prints.items() if len(indices) >= _LEAST}


def _runs(indices: Sequence[int]) -> Iterator[list[int]]:
    """Yield the sorted indices in groups of consecutive ones: 1, 2, 5 gives [1, 2] and [5]."""
    for _, group in groupby(enumerate(indices), key=lambda place: place[1] - place[0]):
        yield [index for _, index in group]


def _follows_title(headings: Sequence[Heading], index: int) -> bool:
    """True if a heading begins near below the one before it."""
    return index > 0 and headings[index].line - headings[index - 1].lines[-1] <= _MAX_DISTANCE
