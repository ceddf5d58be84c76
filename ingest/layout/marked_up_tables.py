"""Rows and columns of cells in marked-up tables (HTML, Markdown, DOCX), merged cells included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.errors import Reason
from ingest.limits import ReadingLimits
from ingest.stream import Cell, Line

_MAX_COLUMNS = 1_000  # that one cell may span, as in HTML
_MAX_ROWS = 65_534  # that one cell may span


@dataclass(slots=True)
class GridCell:
    """The lines of one cell, and how many columns (`across`) and rows (`down`, 0 for all that
    follow) it spans; `light` is the colour of a cell without text.
    """

    lines: list[Line] = field(default_factory=list)
    across: int = 1
    down: int = 1
    light: str = ""


def number_cells(
    table: int, rows: Sequence[Sequence[GridCell]], limits: ReadingLimits
) -> list[Line]:
    """Return the lines of a table, each with its cell; raises Rejected for too many cells.

    A merged cell is in its first row and column; columns in which no cell begins are left out.
    Tables of one column are layout of running text, and so are rows with a table in a cell, a
    heading and text, or one cell of many lines.
    """
    grid = _find_columns(rows, limits)
    used_columns = sorted({column for starts, _ in grid for column in starts})
    numbers_by_column = {column: number for number, column in enumerate(used_columns)}
    lines: list[Line] = []
    for number, (cells, (starts, is_alone)) in enumerate(zip(rows, grid, strict=True)):
        is_text = len(numbers_by_column) < 2 or any(
            _sets_text(cell.lines, is_alone) for cell in cells
        )
        for cell, start in zip(cells, starts, strict=True):
            position = Cell(table, number, numbers_by_column[start])
            lines.extend(
                cell.lines if is_text else [replace(line, cell=position) for line in cell.lines]
            )
    return lines


def _sets_text(lines: Sequence[Line], is_alone: bool) -> bool:
    """True if a cell has a table, a heading with text, or, alone in its row, a heading or several
    lines.
    """
    has_heading = any(line.style.level for line in lines)
    is_long = len(lines) > 1
    return (
        any(line.cell for line in lines)
        or (is_long and has_heading)
        or (is_alone and (is_long or has_heading))
    )


def _find_columns(
    rows: Sequence[Sequence[GridCell]], limits: ReadingLimits
) -> list[tuple[list[int], bool]]:
    """Return the first column of each cell of each row, and whether a row is a single cell with
    none from above.
    """
    grid: list[tuple[list[int], bool]] = []
    covered: dict[int, int] = {}  # column → number of further rows that a cell from above covers
    size = 0
    for cells in rows:
        taken, starts, column = set(covered), list[int](), 0
        is_alone = len(cells) < 2 and not covered
        covered = {
            covered_column: rows_left - 1
            for covered_column, rows_left in covered.items()
            if rows_left > 1
        }
        for cell in cells:
            while column in taken:
                column += 1
            starts.append(column)
            end, height = (
                column + min(cell.across, _MAX_COLUMNS),
                min(cell.down or _MAX_ROWS, _MAX_ROWS),
            )
            while column < end and column not in taken:
                taken.add(column)
                if height > 1:
                    covered[column] = height - 1
                column += 1
            limits.check(Reason.TOO_MANY_CELLS, size + len(taken))
        size += len(taken)
        limits.check(Reason.TOO_MANY_CELLS, size)
        grid.append((starts, is_alone))
    return grid
