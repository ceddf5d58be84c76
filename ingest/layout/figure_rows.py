"""Rows of figures that no rule parts: a row of a table whose cells stack figures line by line is
as many rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, groupby
from operator import attrgetter

from ingest.layout.cells import Block, PageCell, segments_of
from ingest.layout.segments import Segment, text_box
from ingest.stream import split_where

_LEAST_COLUMNS = 3  # that stack figures: in fewer, lines of prose beside them may be one cell's
_LEAST_BESIDE = 2  # cells that each line needs: the figure of a wrapped text is beside one alone
_SAME_LINE = 0.4  # of the type size: the most by which baselines of one line differ


def split_figure_rows(block: Block) -> Block:
    """Return a table with rows of stacked figures split by lines, and all rows numbered anew. A
    text is one cell in row -1, and stays as it is.
    """
    result: Block = []
    added = 0  # rows that splitting has put before
    for row, beside in groupby(block, attrgetter("row")):
        lines = _split_row(list(beside))
        for number, line in enumerate(lines, row + added):
            result += (cell._replace(row=number) for cell in line)
        added += len(lines) - 1
    return result


def _split_row(cells: list[PageCell]) -> list[list[PageCell]]:
    """Return the cells of a row, cut into lines if at least `_LEAST_COLUMNS` of them stack figures;
    else the row as one line.

    The row also stays whole if one of its lines would have a single cell: that line only goes on
    with a text that is wrapped in its cell.
    """
    if sum(map(_stacks_figures, cells)) < _LEAST_COLUMNS:
        return [cells]
    lines = [_cut_cells(cells, line) for line in _group_lines(cells)]
    if any(len(line) < _LEAST_BESIDE for line in lines):
        return [cells]
    return lines


def _stacks_figures(cell: PageCell) -> bool:
    """True if a cell has several lines, and each is a figure."""
    lines = _group_lines([cell])
    return len(lines) > 1 and all(map(_is_figure, lines))


def _is_figure(line: Sequence[Segment]) -> bool:
    words = chain.from_iterable(segment.words for segment in line)
    text = "".join(word.text for word in words)
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text))


def _group_lines(cells: Sequence[PageCell]) -> list[list[Segment]]:
    """Return the segments of all these cells by baseline, from the top: one list for each printed
    line of the row.
    """

    def is_lower(line: list[Segment], segment: Segment) -> bool:
        return segment.baseline - line[-1].baseline > _SAME_LINE * line[-1].size

    return split_where(sorted(segments_of(cells), key=attrgetter("baseline")), is_lower)


def _cut_cells(cells: Sequence[PageCell], line: Sequence[Segment]) -> list[PageCell]:
    """Return the parts of the cells of a row that are on one line. A part has its cell's left and
    right edge, but reaches up and down only as far as its letters. Cells without text there are
    left out.
    """
    positions = {segment.position for segment in line}
    parts: list[PageCell] = []
    for cell in cells:
        inside = tuple(segment for segment in cell.segments if segment.position in positions)
        if inside:
            letters = text_box(inside)
            box = cell.box._replace(top=letters.top, bottom=letters.bottom)
            parts.append(cell._replace(segments=inside, box=box))
    return parts
