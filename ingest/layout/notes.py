"""Notes of a page, moved to the place that their marks name: behind the paragraph with the mark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from ingest.stream import NO_BOX, Line, split_where

Paragraph = list[Line]


def place_notes(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of a file with each note moved behind the paragraph that contains its mark.

    Paragraphs begin at lines with `opens`. If the mark is in a table of a marked-up file, the note
    goes behind the whole table; if it is in a table of a PDF file, the note stays. A note also
    stays in its place if its page has no mark for it, or several.
    """
    if not any(line.note for line in lines):
        return tuple(lines)
    placed: list[Line] = []
    for _, page_lines in groupby(lines, key=lambda line: line.page):
        paragraphs = split_where(page_lines, lambda _, line: line.opens)
        for paragraph in _place_on_page(paragraphs):
            placed += paragraph
    return tuple(placed)


def _place_on_page(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs of a page, with each note behind the paragraph or table of its mark.

    A note whose mark is in no paragraph of the page, or in several places, stays, as its place is
    not sure. So does a note of a table in a PDF (a line with a box): what looks like a table may be
    none.
    """
    owners: dict[str, list[int]] = defaultdict(list)  # the paragraphs with each mark
    ends: dict[int, int] = {}  # the last paragraph of each table
    for number, paragraph in enumerate(paragraphs):
        if paragraph[0].cell is not None:
            ends[paragraph[0].cell.table] = number
        for line in paragraph:
            for mark in line.marks:
                owners[mark].append(number)
    places: list[tuple[int, bool, int]] = []  # of each paragraph, those moved there after it
    for number, paragraph in enumerate(paragraphs):
        place = number
        with_mark = owners.get(paragraph[0].note, [])
        if len(with_mark) == 1:
            first = paragraphs[with_mark[0]][0]
            if first.cell is None:
                place = with_mark[0]
            elif first.box == NO_BOX:  # in PDF files what looks like a table may be none
                place = ends[first.cell.table]
        places.append((place, place != number, number))
    return [paragraphs[number] for _, _, number in sorted(places)]
