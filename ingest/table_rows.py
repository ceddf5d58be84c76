"""Rows of tables, found among lines: by tabs in a text, by positions on a PDF page."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from ingest.columns import names_columns
from ingest.layout.lines import Line, RawDocument, Role, text_width

_LEADING = 1.5  # line distance in sizes up to which a line continues its cell
_MIN_CELLS = 3  # cells of a row that make neighbouring rows a table
_MOST_ACROSS = 3  # rows across over which a table goes on
_LONGEST_ACROSS = 120  # characters of such a row


@dataclass(slots=True)
class VisualCell:
    """Lines of one cell between `x` and `right` (points, the right edge estimated; column number in a text)."""

    x: float
    right: float
    lines: list[str]
    bold: bool = False

    @property
    def middle(self) -> float:
        """Middle between left and right edge."""
        return (self.x + self.right) / 2


@dataclass(slots=True)
class VisualRow:
    """Cells of one printed row in reading order, on `page`."""

    cells: list[VisualCell]
    page: int
    source: list[Line] = field(default_factory=list)

    @property
    def filled(self) -> int:
        """Number of cells with text; 1 where the reading plan has found a title or a label among them: no table."""
        if any(line.role is not None for line in self.source):
            return 1
        return sum(any(cell.lines) for cell in self.cells)

    @property
    def begins_record(self) -> bool:
        """Whether the reading plan has found the heading of a record in the row: no table goes on over it."""
        return any(line.role in (Role.RECORD, Role.HEADING) for line in self.source)


def find_rows(raw: RawDocument) -> list[Line | VisualRow]:
    """Return the lines without furniture and asides, table rows in place of the lines they were printed in."""
    lines = [line for line in raw.lines if not (line.noise or line.aside)]
    if not raw.positioned:
        narrow = _narrow_tables(lines)
        tabled = [bool(line.cells) and (len(line.cells or ()) >= _MIN_CELLS or id(line) in narrow) for line in lines]
        return [
            _text_row(line) if tabled[place] else _across(lines, tabled, place) or line
            for place, line in enumerate(lines)
        ]
    pages = [_group(_heads_first(list(page))) for _, page in groupby(lines, key=lambda line: line.page)]
    result: list[Line | VisualRow] = []
    for number, rows in enumerate(pages):
        before = number > 0 and pages[number - 1][-1].filled >= _MIN_CELLS
        after = number + 1 < len(pages) and pages[number + 1][0].filled >= _MIN_CELLS
        result.extend(_page_rows(rows, before, after))
    return result


def _heads_first(lines: list[Line]) -> list[Line]:
    """Return the lines of a page with the bold ones first that stand above its first, bold row but are printed behind.

    A spreadsheet prints the cells of a head that lie over several columns behind the others.
    """
    first = [line for line in lines if line.bold and abs(line.y - lines[0].y) <= 2 * line.size]
    above = [line for line in lines if line.bold and line.y > max(one.y for one in (*first, lines[0])) + line.size]
    if len(first) < _MIN_CELLS or not above or not names_columns([line.text for line in first]):
        return lines
    moved = set(map(id, above))
    return [*above, *(line for line in lines if id(line) not in moved)]


def _across(lines: list[Line], tabled: list[bool], place: int) -> VisualRow | None:
    """Return a lone line between rows of one text table as a row across; None where it is none."""
    line = lines[place]
    if line.role is not None or line.level or not 0 < place < len(lines) - 1:
        return None
    before, after = lines[place - 1].cells or (), lines[place + 1].cells or ()
    within = tabled[place - 1] and tabled[place + 1] and len(before) == len(after)
    if not within or names_columns(after):
        return None
    cells = [VisualCell(float(index), float(index), [] if index else [line.text]) for index in range(len(after))]
    return VisualRow(cells, line.page, [line])


def _narrow_tables(lines: list[Line]) -> set[int]:
    """Return the lines of a text's tables of two columns: several rows under one that names both columns."""
    found: set[int] = set()
    for pairs, run in groupby(lines, key=lambda line: line.cells is not None and len(line.cells) == 2):
        rows = list(run)
        if pairs and len(rows) > _MIN_CELLS and names_columns(rows[0].cells or ()):
            found.update(map(id, rows))
    return found


def _text_row(line: Line) -> VisualRow:
    cells = [
        VisualCell(float(index), float(index), [cell] if cell else []) for index, cell in enumerate(line.cells or ())
    ]
    return VisualRow(cells, line.page, [line])


def _page_rows(rows: list[VisualRow], before: bool, after: bool) -> list[Line | VisualRow]:
    """Keep the rows of tables, take the others apart; `before` and `after`: a table may run over that page break."""
    result: list[Line | VisualRow] = []
    index = 0
    while index < len(rows):
        end = _table_end(rows, index, before, after)
        if end > index:
            result.extend(rows[index:end])
            index = end
        else:
            result.extend(rows[index].source)
            index += 1
    return result


def _table_end(rows: list[VisualRow], start: int, before: bool, after: bool) -> int:
    """Return where the table that begins at rows[start] ends; `start` where none begins."""
    if rows[start].filled < 2:
        return start
    end = last = start
    wide = 0
    size = rows[start].source[0].size
    while end < len(rows):
        row = rows[end]
        if end > start and row.begins_record:
            break
        if row.filled >= 2:
            last = end + 1
            wide += row.filled >= _MIN_CELLS
        elif end > last or abs(row.source[0].size - size) > 0.3:
            onward = _goes_on(rows, start, end)
            if onward is None:
                break
            end = onward
            continue
        end += 1
    broken = (start == 0 and before) or (last == len(rows) and after)
    return last if wide >= (1 if broken else 2) else start


def _goes_on(rows: list[VisualRow], start: int, end: int) -> int | None:
    """Return the row from which a table goes on behind a few rows across (a sum, a new heading), None where none does.

    Its cells stand in the columns of the rows before.
    """
    columns = {round(cell.x) for row in rows[start:end] if row.filled >= _MIN_CELLS for cell in row.cells}
    for place in range(end, min(end + _MOST_ACROSS, len(rows))):
        row = rows[place]
        if row.begins_record or (row.filled < 2 and len(row.source[0].text) > _LONGEST_ACROSS):
            return None
        if row.filled >= _MIN_CELLS:
            placed = all({round(cell.x) + step for step in (-2, -1, 0, 1, 2)} & columns for cell in row.cells)
            heads = names_columns([" ".join(cell.lines) for cell in row.cells])
            return place if placed and not heads else None
    return None


def _group(lines: list[Line]) -> list[VisualRow]:
    """Group lines into rows: a cell begins where the next line stands further right but not below its row."""
    rows: list[VisualRow] = []
    last: Line | None = None
    for line in lines:
        right = line.right if line.right > line.x else line.x + text_width(line.text, line.size)
        if last is not None and _same_cell(rows[-1].cells[-1], last, line, right):
            cell = rows[-1].cells[-1]
            cell.lines.append(line.text)
            cell.x, cell.right = min(cell.x, line.x), max(cell.right, right)
            rows[-1].source.append(line)
        elif last is not None and _same_row(rows[-1], line):
            rows[-1].cells.append(VisualCell(line.x, right, [line.text], line.bold))
            rows[-1].source.append(line)
        else:
            rows.append(VisualRow([VisualCell(line.x, right, [line.text], line.bold)], line.page, [line]))
        last = line
    return rows


def _same_cell(cell: VisualCell, last: Line, line: Line, right: float) -> bool:
    """Whether a line continues the cell: just below it, and flush left or centred like it."""
    if line.size != last.size or line.bold != last.bold:
        return False
    flush = abs(line.x - cell.x) < 2.5 or abs((line.x + right) / 2 - cell.middle) < 0.5 * line.size
    return flush and 0 < last.y - line.y <= _LEADING * line.size


def _same_row(row: VisualRow, line: Line) -> bool:
    lowest = min(printed.y for printed in row.source)
    highest = max(printed.y for printed in row.source)
    return line.x > row.cells[-1].x + 2.5 and lowest - 2 <= line.y <= highest + 2 * line.size
