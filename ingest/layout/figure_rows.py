"""Rows of figures that no rule parts: a row of a table whose cells stack figures line by line is
as many rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from ingest.layout.cells import Block, PageCell
from ingest.layout.segments import Segment, text_box
from ingest.stream import split_where

_LEAST_COLUMNS = 3  # that stack figures: in fewer, lines of prose beside them may be one cell's
_LEAST_BESIDE = 2  # cells that each line needs: the figure of a wrapped text is beside one alone
_SAME_LINE = 0.4  # of the type size: the most by which baselines of one line differ


def split_figure_rows(block: Block) -> Block:
    """Return a table with rows of stacked figures split by lines; a text stays as it is."""
    result: Block = []
    added = 0  # rows that splitting has put before
    for row, beside in groupby(block, attrgetter("row")):
        lines = _split_row(list(beside))
        for number, line in enumerate(lines, row + added):
            result += (cell._replace(row=number) for cell in line)
        added += len(lines) - 1
    return result


def _split_row(cells: list[PageCell]) -> list[list[PageCell]]:
    """Return the cells of a row, cut into lines if they stack figures, else as one line."""
    if sum(map(_stacks_figures, cells)) < _LEAST_COLUMNS:
        return [cells]
    lines = [_cut_cells(cells, line) for line in _group_lines(cells)]
    if any(len(line) < _LEAST_BESIDE for line in lines):
        return [cells]
    return lines


def _stacks_figures(cell: PageCell) -> bool:
    """True if a cell has several lines, and each is a figure."""
    lines = list(_group_lines([cell]))
    return len(lines) > 1 and all(map(_is_figure, lines))


def _is_figure(line: Sequence[tuple[int, Segment]]) -> bool:
    text = ""
    for _, segment in line:
        text += "".join(word.text for word in segment.words)
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text))


def _group_lines(cells: Sequence[PageCell]) -> Iterator[list[tuple[int, Segment]]]:
    """Yield the segments on each baseline, with the number of their cell, from the top."""

    def is_lower(line: list[tuple[int, Segment]], numbered: tuple[int, Segment]) -> bool:
        previous, segment = line[-1][1], numbered[1]
        return segment.baseline - previous.baseline > _SAME_LINE * previous.size

    numbered: list[tuple[int, Segment]] = []
    for number, cell in enumerate(cells):
        numbered += ((number, segment) for segment in cell.segments)
    numbered.sort(key=lambda pair: pair[1].baseline)
    yield from split_where(numbered, is_lower)


def _cut_cells(cells: Sequence[PageCell], line: Sequence[tuple[int, Segment]]) -> list[PageCell]:
    """Return the parts of the cells of a row that are on one line. The `line` is given as segments,
    each with the number of its cell.
    """
    segments: dict[int, list[Segment]] = defaultdict(list)
    for number, segment in line:
        segments[number].append(segment)
    parts: list[PageCell] = []
    for number, inside in sorted(segments.items()):
        cell = cells[number]
        letters = text_box(inside)
        box = cell.box._replace(top=letters.top, bottom=letters.bottom)
        parts.append(cell._replace(segments=tuple(inside), box=box))
    return parts
