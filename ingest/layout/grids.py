"""Places of cells in tables that a file itself marks up, merged cells and all (HTML, Markdown, DOCX)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.limits import ReadingLimits
from ingest.stream import Cell, Line

_WIDEST = 1_000  # columns that one cell may stretch over, as HTML has it
_LONGEST = 65_534  # rows


@dataclass(slots=True)
class GridCell:
    """The lines of one cell, and over how many columns and rows it stretches; `down` 0 is to the table's end."""

    lines: list[Line] = field(default_factory=list)
    across: int = 1
    down: int = 1


def place_cells(table: int, rows: Sequence[Sequence[GridCell]], limits: ReadingLimits) -> list[Line]:
    """Return the lines of a table, each with its cell; raises Rejected for too many cells.

    A merged cell is in its first row and column; columns in which no cell begins are left out. Tables of one column
    only set text, and so do rows with a table in a cell, with a heading above text, or of one cell with several lines.
    """
    grid = _lay_out(rows, limits)
    begun = sorted({column for starts, _ in grid for column in starts})
    columns = {column: number for number, column in enumerate(begun)}
    lines: list[Line] = []
    for number, (cells, (starts, is_alone)) in enumerate(zip(rows, grid, strict=True)):
        is_text = len(columns) < 2 or any(_is_text(cell.lines, is_alone) for cell in cells)
        for cell, start in zip(cells, starts, strict=True):
            place = Cell(table, number, columns[start])
            lines.extend(cell.lines if is_text else [replace(line, cell=place) for line in cell.lines])
    return lines


def _is_text(lines: Sequence[Line], is_alone: bool) -> bool:
    """True if a cell has a table, a heading with text, or more than a title where it is alone in its row."""
    headed = any(line.style.level for line in lines)
    return any(line.cell for line in lines) or (len(lines) > 1 and (headed or is_alone)) or (headed and is_alone)


def _lay_out(rows: Sequence[Sequence[GridCell]], limits: ReadingLimits) -> list[tuple[list[int], bool]]:
    """Return for each row in which columns its cells begin, and whether it has no more than one, none from above."""
    grid: list[tuple[list[int], bool]] = []
    covered: dict[int, int] = {}  # by column, for how many rows more a cell from above covers it
    size = 0
    for cells in rows:
        taken, starts, column = set(covered), list[int](), 0
        is_alone = len(cells) < 2 and not covered
        covered = {place: left - 1 for place, left in covered.items() if left > 1}
        for cell in cells:
            while column in taken:
                column += 1
            starts.append(column)
            end, down = column + min(cell.across, _WIDEST), min(cell.down or _LONGEST, _LONGEST)
            while column < end and column not in taken:
                taken.add(column)
                if down > 1:
                    covered[column] = down - 1
                column += 1
            limits.check_cells(size + len(taken))
        size += len(taken)
        limits.check_cells(size)
        grid.append((starts, is_alone))
    return grid
