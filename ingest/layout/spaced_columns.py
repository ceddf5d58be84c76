"""Columns of plain text that are set with blanks: found as those of a PDF page, where each
character has its place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ingest.layout.characters import is_bullet
from ingest.layout.pdf_words import PrintedWord, make_word
from ingest.layout.segments import Segment, make_segments
from ingest.layout.unruled_tables import split_tables
from ingest.stream import Style, split_where

# points: of letters of one width, one blank parts words and two part columns
_STYLE = Style(10.0)
_LETTER_WIDTH = 6.0
_LINE_HEIGHT = 12.0
# lines from which a part ends at the next blank one, and at which it ends in any case
_PAGE_LINES = 100
_MOST_LINES = 400
_WORD = re.compile(r"\S+")
_LINE = re.compile(r"[^ ].*")


class ColumnText(NamedTuple):
    """Printed lines of one cell of a table, with its row and column, or of text outside tables."""

    lines: list[str]
    place: tuple[int, int] | None = None


def split_columns(page: Sequence[str]) -> Iterator[list[ColumnText]]:
    """Yield the tables of a page, and the texts between them, as pieces. Columns of prose are
    pieces one after the other. Blank lines stay, so that paragraphs can be told. A line with bars
    or tabs is in one column. A text without pages is searched in parts.
    """
    for part in split_where(list(_raise_labels(page)), _is_full):
        yield from _split_part(part)


def _is_full(part: Sequence[str], line: str) -> bool:
    most = _MOST_LINES if line.strip() else _PAGE_LINES
    return len(part) >= most


def _split_part(printed: Sequence[str]) -> Iterator[list[ColumnText]]:
    words: list[PrintedWord] = []
    for row, line in enumerate(printed):
        pattern = _LINE if "|" in line or "\t" in line else _WORD
        for match in pattern.finditer(line):
            left, right = match.start() * _LETTER_WIDTH, match.end() * _LETTER_WIDTH
            word = make_word(match[0], left, right, row * _LINE_HEIGHT, _STYLE)
            words.append(word._replace(position=len(words)))
    if not words:
        return
    for parts in split_tables(make_segments(words, ()), defaultdict(int)):
        yield [ColumnText(list(_cut_lines(part.segments, printed)), part.place) for part in parts]


def _raise_labels(printed: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a page, with labels raised that are printed beside the middle of their
    text: such a label is put before the first line of the text, where other labels are.

    Of the lines between two blank ones the label is in the first at the left edge. The lines above
    it are its text, which begins in the column `width`; between there are two blanks at least. A
    list mark is no label: the text above it is that of the point before.
    """
    for is_text, group in groupby(printed, lambda line: bool(line.strip())):
        lines = list(group)
        if is_text:
            indents = [len(line) - len(line.lstrip(" ")) for line in lines]
            label = indents.index(min(indents))
            width = min(indents[:label], default=0)
            is_apart = width > 2 and not lines[label][width - 2 : width].strip()
            if is_apart and not is_bullet(lines[label][:width]):
                lines[0] = lines[label][:width].ljust(width) + lines[0][width:]
                lines[label] = " " * width + lines[label][width:]
        yield from lines


def _cut_lines(segments: Sequence[Segment], printed: Sequence[str]) -> Iterator[str]:
    """Yield what the printed lines have of some segments, and the blank lines between them."""
    next_row = _row_of(segments[0])
    for row, group in groupby(segments, _row_of):
        in_row = list(group)
        start, end = _column_of(in_row[0].box.left), _column_of(in_row[-1].box.right)
        if not printed[row][:start].strip():
            start = 0  # tabs before the text are columns
        yield from [""] * (row - next_row)
        yield printed[row][start:end]
        next_row = row + 1


def _column_of(place: float) -> int:
    return round(place / _LETTER_WIDTH)


def _row_of(segment: Segment) -> int:
    return round(segment.baseline / _LINE_HEIGHT)
