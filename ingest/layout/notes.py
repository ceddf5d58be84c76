"""Notes of a page, moved to the place that their marks name: behind the paragraph with the mark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from ingest.stream import NO_BOX, Line, split_where

Paragraph = list[Line]


def place_notes(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return lines (with `opens` set) with each note behind the paragraph that its mark is in.

    A note on a table of a marked-up file is behind that. It stays where it is if its mark is not on
    its page, or more than once.
    """
    if not any(line.note for line in lines):
        return tuple(lines)
    placed: list[Line] = []
    for _, page_lines in groupby(lines, key=lambda line: line.page):
        for paragraph in _place_on_page(split_where(page_lines, lambda _, line: line.opens)):
            placed += paragraph
    return tuple(placed)


def _place_on_page(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs of a page with its notes in their places."""
    owners: dict[str, list[int]] = defaultdict(list)
    ends: dict[int, int] = {}  # the last paragraph of each table
    for number, paragraph in enumerate(paragraphs):
        if paragraph[0].cell is not None:
            ends[paragraph[0].cell.table] = number
        for line in paragraph:
            for mark in line.marks:
                owners[mark].append(number)
    placed: dict[int, list[Paragraph]] = defaultdict(list)
    for number, paragraph in enumerate(paragraphs):
        place = number
        owner = owners.get(paragraph[0].note, [])
        if len(owner) == 1:
            first = paragraphs[owner[0]][0]
            if first.cell is None:
                place = owner[0]
            elif first.box == NO_BOX:  # in PDF files what looks like a table may be none
                place = ends[first.cell.table]
        placed[place].append(paragraph)
    in_order: list[Paragraph] = []
    for number in range(len(paragraphs)):
        in_order += placed[number]
    return in_order
