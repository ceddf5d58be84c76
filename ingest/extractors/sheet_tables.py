"""Sheets that are set as tables: label beside value, one record below another or several side by side.

A table of records has another record in each row. In a table that is a sheet the first column repeats from table to
table: its cells are labels. Such rows become lines of a label with its text, one column after another, so that they are
read like any other sheet. Only files that say themselves what is a cell need this; on a page labels and values are
lines anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

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
    labels, heads = _labels(raw.lines), _heads_of_sheets(raw.lines)
    lines: list[Line] = []
    for tabled, run in groupby(raw.lines, key=lambda line: bool(line.cells) and not line.noise):
        rows = list(run)
        if tabled and _is_sheet(rows, labels):
            for table in _tables(rows, labels):
                lines.extend(_opened(table, labels) if _is_sheet(table, labels) else _within(table))
        else:
            lines.extend(_under_heads(rows, heads) if tabled else rows)
    raw.lines[:] = lines


def _names(row: Line) -> tuple[str, ...]:
    return tuple(normal(cell) for cell in row.cells or ())


def _heads_of_sheets(lines: Sequence[Line]) -> frozenset[tuple[str, ...]]:
    """Return the heads that recur over a single row of values each: rows of labels, not heads of lists."""
    counts: Counter[tuple[str, ...]] = Counter()
    several: set[tuple[str, ...]] = set()
    for above, below, after in zip(lines, lines[1:], [*lines[2:], Line("")], strict=False):
        width = len(above.cells or ())
        if width > 1 and names_columns(above.cells or ()) and len(below.cells or ()) == width:
            counts[_names(above)] += 1
            if len(after.cells or ()) == width and not names_columns(after.cells or ()):
                several.add(_names(above))
    titled = {head for head in counts if any(meaning(name) == "title" for name in head)}
    return frozenset(head for head, count in counts.items() if count >= _LEAST) - several - titled


def _under_heads(rows: Sequence[Line], heads: frozenset[tuple[str, ...]]) -> Iterator[Line]:
    """Yield the rows of a table, a row of labels and the values below it as lines of a label with its value."""
    head: Line | None = None
    for row in rows:
        if _names(row) in heads:
            head = row
        elif head is not None and len(row.cells or ()) == len(head.cells or ()):
            pairs = zip(head.cells or (), row.cells or (), strict=True)
            yield from (_line(row, f"{label}\t{value}") for label, value in pairs if value.strip())
            head = None
        else:
            yield row


def _within(rows: Sequence[Line]) -> Iterator[Line]:
    """Yield the rows of a table that stands within a sheet as lines of it: its rows are no records."""
    return (_line(row, "\t".join(cell for cell in row.cells or () if cell.strip())) for row in rows)


def _tables(rows: Sequence[Line], labels: frozenset[str]) -> Iterator[list[Line]]:
    """Yield the tables that follow one another: rows of other columns, none of which begins with a label, are one."""
    table: list[Line] = []
    for width, run in groupby(rows, key=lambda row: len(row.cells or ())):
        alike = list(run)
        own = width > 2 and len(alike) > 1 and not any(normal((row.cells or ("",))[0]) in labels for row in alike)
        if own and names_columns(alike[0].cells or ()):
            yield from (one for one in (table, alike) if one)
            table = []
        else:
            table.extend(alike)
    if table:
        yield table


def _labels(lines: Sequence[Line]) -> frozenset[str]:
    """Return the first cells that recur as labels do: with another text beside them, never twice in a row."""
    counts: Counter[str] = Counter()
    beside: dict[str, set[str]] = {}
    rows = [line.cells for line in lines if line.cells and len(line.cells) > 1]
    for cells in rows:
        for place in (0, 2) if len(cells) == 4 else (0,):
            name = normal(cells[place])
            if _may_be_label(cells[place]) and cells[place + 1].strip():
                counts[name] += 1
                beside.setdefault(name, set()).add(cells[place + 1])
    doubled = {normal(above[0]) for above, below in pairwise(rows) if normal(above[0]) == normal(below[0])}
    return frozenset(
        name
        for name, count in counts.items()
        if name not in doubled and (count >= _LEAST or (count >= 2 and meaning(name))) and len(beside[name]) >= 2
    )


def _may_be_label(cell: str) -> bool:
    text = cell.strip()
    worded = any(map(str.isalpha, text)) and not numbers_row(text)
    ended = text.endswith(".") and meaning(text) is None
    return worded and len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS and not ended


def _is_sheet(rows: Sequence[Line], labels: frozenset[str]) -> bool:
    """Tell whether a table's rows begin with labels rather than with records."""
    if names_columns(rows[0].cells or ()) and len(rows[0].cells or ()) > 2:
        return False
    names = [normal(row.cells[0]) for row in rows if row.cells and len(row.cells) > 1 and any(row.cells[1:])]
    known = [name for name in names if name in labels]
    return len(set(known)) >= _LEAST and len(known) >= _SHARE * len(names)


def _opened(rows: Sequence[Line], labels: frozenset[str]) -> Iterator[Line]:
    """Yield the lines of a table: headings, and each label with its text; side by side, one column after another."""
    sheet: list[Line] = []
    for row in rows:
        if _heads(row, labels) and any(normal((one.cells or ("",))[0]) in labels for one in sheet):
            yield from _columns(sheet, labels)
            sheet = []
        sheet.append(row)
    yield from _columns(sheet, labels)


def _heads(row: Line, labels: frozenset[str]) -> bool:
    """Tell whether a row stands above labels: one text alone, or one above each column of values."""
    cells = row.cells or ()
    filled = [cell for cell in cells if cell.strip()]
    if len(cells) > 1 and normal(cells[0]) in labels:
        return False
    return len(filled) == 1 or not cells[0].strip() or all(printed_number(cell) for cell in filled)


def _columns(rows: Sequence[Line], labels: frozenset[str]) -> Iterator[Line]:
    """Yield one sheet after another of those that stand side by side."""
    pairs = any(len(row.cells or ()) == 4 and normal((row.cells or ())[2]) in labels for row in rows)
    width = max(len(row.cells or ()) for row in rows)
    abreast = 1 if pairs or width < 3 else width - 1
    for column in range(1, abreast + 1):
        for row in rows:
            yield from _row(row, column, labels) if abreast > 1 else _alone(row, labels)


def _row(row: Line, column: int, labels: frozenset[str]) -> Iterator[Line]:
    """Yield what of a row belongs to the sheet in a column."""
    cells = row.cells or ()
    own = cells[column] if column < len(cells) else ""
    if normal(cells[0]) in labels and len(cells) > 1:
        if own.strip():
            yield _line(row, f"{cells[0]}\t{own}")
        elif column == 1 and not any(cell.strip() for cell in cells[1:]):
            yield _line(row, cells[0])
    elif sum(bool(cell.strip()) for cell in cells) > 1:
        if column == 1 and cells[0].strip():
            yield _line(row, cells[0])
        if own.strip():
            yield _line(row, own, bold=True)
    elif column == 1:
        yield from _alone(row, labels)


def _alone(row: Line, labels: frozenset[str]) -> Iterator[Line]:
    """Yield the lines of a row of a single sheet: a label with its text, another beside it, or a heading."""
    cells = row.cells or ()
    filled = [cell for cell in cells if cell.strip()]
    if len(cells) > 1 and normal(cells[0]) in labels:
        yield _line(row, f"{cells[0]}\t{cells[1]}")
        rest = [cell for cell in cells[2:] if cell.strip()]
        if rest:
            yield _line(row, "\t".join(rest) if normal(rest[0]) in labels else " ".join(rest))
    elif filled:
        yield _line(row, " ".join(filled), bold=len(filled) == 1 or row.bold)


def _line(row: Line, text: str, bold: bool = False) -> Line:
    return Line(text, page=row.page, bold=bold)
