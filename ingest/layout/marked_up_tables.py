"""Rows and columns of cells in marked-up tables (HTML, Markdown, DOCX), merged cells included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from ingest.errors import Reason
from ingest.limits import ReadingLimits
from ingest.stream import Cell, Line

_MAX_COLUMNS = 1_000  # that one cell may span, as in HTML
_MAX_ROWS = 65_534  # that one cell may span


@dataclass(slots=True)
class GridCell:
    """The lines of one cell, and how many columns (`across`) and rows (`down`, 0 for all that
    follow) it spans.
    """

    lines: list[Line] = field(default_factory=list)
    across: int = 1
    down: int = 1


def number_cells(
    table: int, rows: Sequence[Sequence[GridCell]], limits: ReadingLimits
) -> list[Line]:
    """Return the lines of a table, each with its cell; `table` is its number. Raises Rejected for
    too many cells.

    A merged cell is in its first row and column; columns in which no cell begins are left out.
    Lines get no cell where a table only lays out running text: in tables of one column, and in rows
    with a cell of running text (`_sets_text`).
    """
    grid = _find_columns(rows, limits)
    all_reached = chain.from_iterable(reached for reached, _ in grid)
    used_columns = {columns.start for columns in all_reached}
    numbers_by_column = {column: number for number, column in enumerate(sorted(used_columns))}
    lines: list[Line] = []
    for row, (cells, (reached, is_alone)) in enumerate(zip(rows, grid, strict=True)):
        sets_text = any(_sets_text(cell.lines, is_alone) for cell in cells)
        for cell, columns in zip(cells, reached, strict=True):
            if sets_text or len(used_columns) < 2:
                lines += cell.lines
            else:
                position = Cell(table, row, numbers_by_column[columns.start])
                lines += (replace(line, cell=position) for line in cell.lines)
    return lines


def _sets_text(lines: Sequence[Line], is_alone: bool) -> bool:
    """True if a cell lays out running text.

    This holds if it contains a table. It also holds for two of three signs, as one alone occurs in
    ordinary tables: it has several lines, it has a heading, it is alone in its row (`is_alone`).
    """
    if any(line.cell for line in lines):
        return True
    has_heading = any(line.style.level for line in lines)
    return (len(lines) > 1) + has_heading + is_alone >= 2


def _find_columns(
    rows: Sequence[Sequence[GridCell]], limits: ReadingLimits
) -> list[tuple[list[range], bool]]:
    """Return for each row the columns of each of its cells, and whether the row is one cell alone.
    Raises Rejected for too many cells.

    A cell moves right of the columns that cells from above reach into. A row into which such a cell
    reaches is not alone. A cell ends before a column that is taken. `down` 0 means all rows that
    follow.
    """
    grid: list[tuple[list[range], bool]] = []
    covered: dict[int, int] = {}  # column → number of further rows that a cell from above covers
    size = 0
    for cells in rows:
        taken = set(covered)
        reached = list[range]()
        column = 0
        is_alone = len(cells) < 2 and not covered
        covered = {above: rows_left - 1 for above, rows_left in covered.items() if rows_left > 1}
        for cell in cells:
            while column in taken:
                column += 1
            start = column
            end = column + min(cell.across, _MAX_COLUMNS)
            height = min(cell.down or _MAX_ROWS, _MAX_ROWS)
            while column < end and column not in taken:
                taken.add(column)
                if height > 1:
                    covered[column] = height - 1
                column += 1
            reached.append(range(start, column))
            limits.check(Reason.TOO_MANY_CELLS, size + len(taken))
        size += len(taken)
        limits.check(Reason.TOO_MANY_CELLS, size)
        grid.append((reached, is_alone))
    return grid
