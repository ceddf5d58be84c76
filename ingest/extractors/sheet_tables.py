"""Sheets that are set as tables: label beside value, one record below another or several side by side.

A table of records has another record in each row. In a table that is a sheet the first column repeats from table to
table: its cells are labels. Such rows become lines of a label with its text, one column after another, so that they are
read like any other sheet. Only files that say themselves what is a cell need this; on a page labels and values are
lines anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.columns import names_columns, numbers_row
from ingest.layout.lines import Line, RawDocument
from ingest.plan.numbers import printed_number
from ingest.plan.words import meaning, normal

_LONGEST, _MOST_WORDS = 64, 8  # of a label
_LEAST = 3  # labels that a sheet has, and times that an unknown one has to recur
_SHARE = 0.6  # of a table's rows that begin with a label


def open_sheet_tables(raw: RawDocument) -> None:
    """Put the rows of tables that are sheets into lines, label by label; tables of records stay."""
    if raw.positioned:
        return
    labels = _labels(raw.lines)
    lines: list[Line] = []
    for tabled, run in groupby(raw.lines, key=lambda line: bool(line.cells)):
        rows = list(run)
        lines.extend(_opened(rows, labels) if tabled and _is_sheet(rows, labels) else rows)
    raw.lines[:] = lines


def _labels(lines: Sequence[Line]) -> frozenset[str]:
    """Return the first cells that recur as labels do: with another text beside them."""
    beside: dict[str, list[str]] = defaultdict(list)
    for cells in (_cells(line) for line in lines if line.cells and len(line.cells) > 1):
        if _may_be_label(cells[0]) and cells[1].strip():
            beside[normal(cells[0])].append(cells[1])
    return frozenset(
        name for name, texts in beside.items() if len(texts) >= (2 if meaning(name) else _LEAST) and len(set(texts)) > 1
    )


def _cells(row: Line) -> tuple[str, ...]:
    return row.cells or ("",)


def _may_be_label(cell: str) -> bool:
    worded = any(map(str.isalpha, cell)) and not numbers_row(cell.strip())
    return worded and len(cell) <= _LONGEST and len(cell.split()) <= _MOST_WORDS


def _is_sheet(rows: Sequence[Line], labels: frozenset[str]) -> bool:
    """Tell whether a table's rows begin with labels rather than with records."""
    if len(_cells(rows[0])) > 2 and names_columns(_cells(rows[0])):
        return False
    names = [normal(_cells(row)[0]) for row in rows if any(_cells(row)[1:])]
    known = [name for name in names if name in labels]
    return len(set(known)) >= _LEAST and len(known) >= _SHARE * len(names)


def _opened(rows: Sequence[Line], labels: frozenset[str]) -> Iterator[Line]:
    """Yield the lines of a table: headings, and each label with its text; side by side, one column after another."""
    sheet: list[Line] = []
    for row in rows:
        if _heads(row, labels) and any(normal(_cells(one)[0]) in labels for one in sheet):
            yield from _columns(sheet, labels)
            sheet = []
        sheet.append(row)
    yield from _columns(sheet, labels)


def _heads(row: Line, labels: frozenset[str]) -> bool:
    """Tell whether a row stands above labels: one text alone, or one above each column of values."""
    cells = _cells(row)
    filled = [cell for cell in cells if cell.strip()]
    if normal(cells[0]) in labels:
        return False
    return len(filled) == 1 or not cells[0].strip() or all(printed_number(cell) for cell in filled)


def _columns(rows: Sequence[Line], labels: frozenset[str]) -> Iterator[Line]:
    """Yield one sheet after another of those that stand side by side."""
    width = max(len(_cells(row)) for row in rows)
    if width < 3:
        yield from (line for row in rows for line in _alone(row, labels))
        return
    for column in range(1, width):
        yield from (line for row in rows for line in _row(row, column, labels))


def _row(row: Line, column: int, labels: frozenset[str]) -> Iterator[Line]:
    """Yield what of a row belongs to the sheet in a column."""
    cells = _cells(row)
    own = cells[column] if column < len(cells) else ""
    if normal(cells[0]) in labels:
        if own.strip():
            yield _line(row, f"{cells[0]}\t{own}")
    elif sum(bool(cell.strip()) for cell in cells) > 1:
        if column == 1 and cells[0].strip():
            yield _line(row, cells[0])
        if own.strip():
            yield _line(row, own, bold=True)
    elif column == 1:
        yield from _alone(row, labels)


def _alone(row: Line, labels: frozenset[str]) -> Iterator[Line]:
    """Yield the lines of a row of a single sheet: a label with its text, or a heading."""
    cells = _cells(row)
    filled = [cell for cell in cells if cell.strip()]
    if normal(cells[0]) in labels and len(cells) > 1:
        yield _line(row, f"{cells[0]}\t{cells[1]}")
    elif filled:
        yield _line(row, " ".join(filled), bold=len(filled) == 1 or row.bold)


def _line(row: Line, text: str, bold: bool = False) -> Line:
    return Line(text, page=row.page, bold=bold)
