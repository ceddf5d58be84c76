"""Rows of tables whose cells a file itself tells, spans and all (HTML, DOCX)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.layout.lines import Line
from ingest.limits import ReadingLimits

_WIDEST = 1_000  # columns that one cell may stretch over, as HTML has it
_LONGEST = 65_534  # rows
_BEGUN = re.compile(r"^(?P<label>[^\W\d][^:]{1,50}):\s+\S")
_SELF_TOLD = 0.8  # share of a table's cells that begin with a label and a colon in a form
_LEAST = 3  # labels of a form
_LABEL = 64  # characters of a label at the beginning of a cell


@dataclass(slots=True)
class GridCell:
    """What stands in one cell, and over how many columns and rows it stretches; `down` 0 is to the table's end."""

    lines: list[Line] = field(default_factory=list)
    across: int = 1
    down: int = 1

    @property
    def body(self) -> list[Line]:
        """The lines that are no page furniture and stand at no edge."""
        return [line for line in self.lines if not (line.noise or line.aside)]

    @property
    def text(self) -> str:
        """All of it; points of a list keep their marks, and lines that begin with a capital are lines of their own."""
        body = self.body
        marked = sum(line.bullet for line in body) > 1
        texts = [f"• {line.text}" if marked and line.bullet else line.text for line in body]
        return "".join(
            ("\n" if one[:1].isupper() or one[:1] == "•" else " ") * (n > 0) + one for n, one in enumerate(texts)
        )

    @property
    def structured(self) -> bool:
        """Whether it holds more than one line can: a table of its own, or a heading with text."""
        body = self.body
        return any(line.cells for line in body) or (len(body) > 1 and any(line.level for line in body))

    @property
    def labelled(self) -> bool:
        """Whether it begins with a label in bold and goes on otherwise, or holds a record: no field of a table."""
        body = self.body
        below = len(body) > 1 and body[0].bold and not body[1].bold and len(body[0].text) <= _LABEL
        card = len(body) > 2 and any(line.lead for line in body)
        return below or card or (bool(body) and 0 < len(body[0].lead_text) <= _LABEL)


@dataclass(slots=True)
class _Place:
    """One field of the grid: the cell that covers it; whether the cell begins in its column, and in its row."""

    cell: GridCell
    first: bool = True
    own: bool = True


_Row = dict[int, _Place]  # by column


def table_lines(rows: Sequence[Sequence[GridCell]], limits: ReadingLimits) -> list[Line]:
    """Return the rows of a table as lines with cells; raises Rejected where they are too many.

    What is merged over rows stands in each of them, what is merged over columns in the first. Rows that hold running
    text instead of cells (one cell of several paragraphs, tables in cells, a single column) give the lines in it, and
    so do forms, each cell of which begins with a label.
    """
    grid = _grid(rows, limits)
    columns = sorted({column for row in grid for column, place in row.items() if place.first and place.own})
    texts = _texts(grid, limits)
    plain = len(columns) < 2 or _is_form([cell for row in rows for cell in row])
    lines: list[Line] = []
    for row in grid:
        own = [place.cell for place in row.values() if place.own and place.first]
        if plain or _is_text(row, own) or not any(texts[id(cell)] for cell in own):
            lines.extend(line for cell in own for line in cell.lines)
            continue
        cells = tuple(texts[id(row[c].cell)] if c in row and row[c].first else "" for c in columns)
        bold = all(line.bold for cell in own for line in cell.body)
        lines.append(Line("\t".join(cells).strip(), bold=bold, cells=cells, whole=True))
        lines.extend(line for cell in own for line in cell.lines if line.noise or line.aside)
    return lines


def _is_form(cells: Sequence[GridCell]) -> bool:
    """Tell whether (nearly) all cells of a table begin with a label of their own: "Nr.: 4", "Zuständig: Bauamt"."""
    filled = [cell.body[0].text for cell in cells if cell.body]
    labels = [match["label"] for text in filled if (match := _BEGUN.match(text))]
    return len(set(labels)) >= _LEAST and len(labels) >= _SELF_TOLD * len(filled)


def _is_text(row: _Row, own: Sequence[GridCell]) -> bool:
    filled = [cell for cell in own if cell.body]
    if len({id(place.cell) for place in row.values()}) == 1 and filled:
        return len(filled[0].body) > 1 or filled[0].body[0].level > 0 or filled[0].structured or filled[0].labelled
    return any(cell.structured for cell in filled) or (bool(filled) and all(cell.labelled for cell in filled))


def _grid(rows: Sequence[Sequence[GridCell]], limits: ReadingLimits) -> list[_Row]:
    """Lay cells in the columns that none from above takes."""
    grid: list[_Row] = []
    hanging: dict[int, tuple[_Place, int]] = {}  # by column, with the rows that are left
    size = 0
    for cells in rows:
        row = {column: _Place(place.cell, place.first, own=False) for column, (place, _) in hanging.items()}
        hanging = {column: (place, left - 1) for column, (place, left) in hanging.items() if left > 1}
        column = 0
        for cell in cells:
            while column in row:
                column += 1
            end, first = column + min(cell.across, _WIDEST), True
            while first or (column < end and column not in row):
                row[column] = _Place(cell, first)
                if (down := min(cell.down or _LONGEST, _LONGEST)) > 1:
                    hanging[column] = (row[column], down - 1)
                column, first = column + 1, False
            limits.check_cells(size + len(row))
        size += len(row)
        limits.check_cells(size)
        grid.append(row)
    return grid


def _texts(grid: Sequence[_Row], limits: ReadingLimits) -> dict[int, str]:
    """Return the text of every cell by the cell's identity; merged ones are counted as often as they are repeated."""
    texts: dict[int, str] = {}
    size = 0
    for place in (place for row in grid for place in row.values() if place.first):
        if id(place.cell) not in texts:
            texts[id(place.cell)] = place.cell.text
        size += len(texts[id(place.cell)])
        limits.check_characters(size)
    return texts
