"""Rows of tables, found among lines: by tabs in a text, by positions on a PDF page."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from ingest.lines import Line, RawDocument

_LEADING = 1.5  # line distance in sizes up to which a line continues its cell
_MIN_CELLS = 3  # cells of a row that make neighbouring rows a table


@dataclass(slots=True)
class VisualCell:
    """Lines of one cell; `x` is its left edge in points, or its column number in a text."""

    x: float
    lines: list[str]


@dataclass(slots=True)
class VisualRow:
    """Cells of one printed row in reading order, on `page`."""

    cells: list[VisualCell]
    page: int
    source: list[Line] = field(default_factory=list)

    @property
    def filled(self) -> int:
        """Number of cells with text."""
        return sum(any(cell.lines) for cell in self.cells)


def find_rows(raw: RawDocument) -> list[Line | VisualRow]:
    """Return the document's lines without furniture, table rows in place of the lines they were printed in."""
    lines = [line for line in raw.lines if not line.noise]
    if not raw.positioned:
        return [_text_row(line) if line.cells and len(line.cells) >= _MIN_CELLS else line for line in lines]
    result: list[Line | VisualRow] = []
    for _, page in groupby(lines, key=lambda line: line.page):
        result.extend(_page_rows(list(page)))
    return result


def _text_row(line: Line) -> VisualRow:
    cells = [VisualCell(float(index), [cell] if cell else []) for index, cell in enumerate(line.cells or ())]
    return VisualRow(cells, line.page, [line])


def _page_rows(lines: list[Line]) -> list[Line | VisualRow]:
    rows = _group(lines)
    result: list[Line | VisualRow] = []
    index = 0
    while index < len(rows):
        end = _table_end(rows, index)
        if end > index:
            result.extend(rows[index:end])
            index = end
        else:
            result.extend(rows[index].source)
            index += 1
    return result


def _table_end(rows: list[VisualRow], start: int) -> int:
    """Return where the table that begins at rows[start] ends; `start` where none begins."""
    if rows[start].filled < 2:
        return start
    end = last = start
    wide = 0
    size = rows[start].source[0].size
    while end < len(rows):
        row = rows[end]
        if row.filled >= 2:
            last = end + 1
            wide += row.filled >= _MIN_CELLS
        elif end > last or abs(row.source[0].size - size) > 0.3:
            break
        end += 1
    return last if wide >= 2 else start


def _group(lines: list[Line]) -> list[VisualRow]:
    """Group lines into rows: a cell begins where the next line stands further right but not below its row."""
    rows: list[VisualRow] = []
    last: Line | None = None
    for line in lines:
        if last is None or not _same_row(rows[-1], last, line):
            rows.append(VisualRow([VisualCell(line.x, [line.text])], line.page, [line]))
        elif _same_cell(rows[-1].cells[-1], last, line):
            rows[-1].cells[-1].lines.append(line.text)
            rows[-1].source.append(line)
        else:
            rows[-1].cells.append(VisualCell(line.x, [line.text]))
            rows[-1].source.append(line)
        last = line
    return rows


def _same_cell(cell: VisualCell, last: Line, line: Line) -> bool:
    near = abs(line.x - cell.x) < 2.5 or (line.x < last.x + 12 and len(cell.lines) > 1 and abs(line.x - last.x) < 12)
    return near and 0 < last.y - line.y <= _LEADING * max(last.size, line.size)


def _same_row(row: VisualRow, last: Line, line: Line) -> bool:
    if _same_cell(row.cells[-1], last, line):
        return line.size == last.size and line.bold == last.bold
    lowest = min(printed.y for printed in row.source)
    highest = max(printed.y for printed in row.source)
    return line.x > row.cells[-1].x + 2.5 and lowest - 2 <= line.y <= highest + 2 * line.size
