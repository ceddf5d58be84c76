"""Tables with named columns: project lists and archives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.layout.hyphens import Vocabulary, join_cell_lines
from ingest.layout.lines import squash
from ingest.plan.statuses import status_of
from ingest.table_rows import VisualCell, VisualRow
from vectorstore.records import ItemStatus

_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "responsible",
        re.compile(r"verantwort|zuständig|federführ|^abteilung|^sachgebiet|^dezernat|organisationseinheit"),
    ),
    ("cooperation", re.compile(r"zusammenarbeit|kooperation|beteilig|partner|kommunen$")),
    ("status", re.compile(r"status|projektstand|umsetzungsstand|sachstand|^stand$|fortschritt")),
    ("ref", re.compile(r"^(?:lfd\.?)?(?:nr\.?|nummer|ziffer|kennung|kürzel|code)(?:textteil)?|^textteil")),
    ("theme", re.compile(r"themenfeld|handlungsfeld|^themen?$|themenbereich")),
    (
        "title",
        re.compile(r"^(?:projekt|maßnahme|vorhaben)(?:e|n|titel|name|bezeichnung)?$|^bezeichnung|^titel$|^name$"),
    ),
    ("edition", re.compile(r"^(?:report|bericht|ausgabe|ausbericht)")),
)
_MARK = re.compile(r"^[xX×✓✔●•■☒√+]{1,3}$")
_REF = re.compile(r"^(?:\d+\.)+\d*$|^\d{1,2}\.\d{1,2}\.\d{2,4}$")


@dataclass(slots=True)
class TableRow:
    """One row: `cells` by column, `text` as printed (cells in reading order, tabs between), first `page`."""

    cells: list[str]
    text: str
    page: int
    start: int = -1


@dataclass(slots=True)
class Table:
    """A table: `roles` name its columns ("" where unknown), `header` is its printed head, `caption` set later.

    `heads` are the rows of each time that the head is printed; `resumes` are the numbers of the rows before which it
    is printed again.
    """

    roles: list[str]
    header: str
    rows: list[TableRow] = field(default_factory=list)
    caption: str = ""
    page: int = 0
    heads: list[list[VisualRow]] = field(default_factory=list)
    resumes: list[int] = field(default_factory=list)

    def cell(self, row: TableRow, role: str) -> str:
        """Return the row's text in the first column of that role, empty where there is none."""
        index = self.roles.index(role) if role in self.roles else len(row.cells)
        return row.cells[index] if index < len(row.cells) else ""

    def status(self, row: TableRow) -> ItemStatus | None:
        """Return the status whose column holds the row's mark, or that its status cell names."""
        for role, cell in zip(self.roles, row.cells, strict=False):
            if role.startswith("is:") and cell:
                return ItemStatus(role[3:])
        return status_of(self.cell(row, "status"))


def build_tables(rows: list[VisualRow], words: Vocabulary) -> list[Table]:
    """Make tables of a run of rows: head, columns, rows; a repeated head is dropped, a new one starts a table."""
    tables: list[Table] = []
    columns: list[VisualCell] = []
    index = 0
    while index < len(rows):
        head = _head(rows, index, words)
        printed = "".join(squash(_printed(row, words)) for row in head)
        if head and not (tables and squash(tables[-1].header) == printed):
            columns = _columns(head)
            roles = _roles(head, columns, words)
            printed_head = "\n".join(_printed(row, words) for row in head)
            tables.append(Table(roles, printed_head, page=head[0].page, heads=[head]))
        elif head:
            tables[-1].heads.append(head)
            tables[-1].resumes.append(len(tables[-1].rows))
        elif not head and not tables:
            columns = _columns(rows)
            tables.append(Table([""] * len(columns), "", page=rows[0].page))
        index += len(head)
        if not head:
            _add_row(tables[-1], rows[index], columns, words)
            index += 1
    for table in tables:
        _fill_short_rows(table)
    return tables


def _printed(row: VisualRow, words: Vocabulary) -> str:
    return "\t".join(join_cell_lines(cell.lines, words) for cell in row.cells if cell.lines)


def _head(rows: list[VisualRow], start: int, words: Vocabulary) -> list[VisualRow]:
    """Return the heading rows that begin at rows[start]: rows whose cells name columns."""
    head: list[VisualRow] = []
    seen: set[str] = set()
    for row in rows[start : start + 3]:
        printed = squash(_printed(row, words))
        if printed in seen or not _names_columns(row, words):
            break
        seen.add(printed)
        head.append(row)
    return head


def _names_columns(row: VisualRow, words: Vocabulary) -> bool:
    texts = [join_cell_lines(cell.lines, words) for cell in row.cells if cell.lines]
    if any(_MARK.match(text) or _REF.match(text) for text in texts):
        return False
    named = sum(bool(_role([text])) for text in texts if len(text) <= 60)
    return named >= 2 and named >= 0.5 * len(texts)


def _columns(head: list[VisualRow]) -> list[VisualCell]:
    """Return the columns, left to right: cells of the lowest heading row, and others that stand beside all of them."""
    columns: list[VisualCell] = []
    for row in reversed(head):
        lower = list(columns)
        columns.extend(cell for cell in row.cells if not any(_overlap(cell, column) >= 0 for column in lower))
    return sorted(columns, key=lambda cell: cell.x)


def _overlap(first: VisualCell, second: VisualCell) -> float:
    """Return by how many points two cells overlap sideways, negative where they stand apart."""
    return min(first.right, second.right) - max(first.x, second.x)


def _column(cell: VisualCell, columns: list[VisualCell]) -> int:
    """Return the column of a cell: flush left with its heading, else centred, else overlapping, else nearest."""
    near = 3.0 if columns and columns[-1].right > columns[-1].x else 0.1
    for index, column in enumerate(columns):
        if abs(cell.x - column.x) < near:
            return index
    for index, column in enumerate(columns):
        if abs(cell.middle - column.middle) < near and _overlap(cell, column) > 0:
            return index
    return max(range(len(columns)), key=lambda i: _overlap(cell, columns[i]), default=0)


def _roles(head: list[VisualRow], columns: list[VisualCell], words: Vocabulary) -> list[str]:
    """Name the columns; the lower heading row is the more exact one."""
    texts: list[list[str]] = [[] for _ in columns]
    for row in reversed(head):
        for cell in row.cells:
            if cell.lines:
                texts[_column(cell, columns)].append(join_cell_lines(cell.lines, words))
    return [_role(text) for text in texts]


def _role(texts: list[str]) -> str:
    for text in texts:
        name = squash(text).lower()
        for role, pattern in _ROLES:
            if pattern.search(name):
                return role
        status = status_of(name) if len(name) <= 40 else None
        if status:
            return f"is:{status}"
    return ""


def _add_row(table: Table, row: VisualRow, columns: list[VisualCell], words: Vocabulary) -> None:
    cells = [""] * max(len(columns), 1)
    short = len(row.cells) < len(columns) and all(cell.x == i for i, cell in enumerate(row.cells))
    for cell in row.cells:
        index = _column(cell, columns)
        if cell.lines:
            cells[index] = (cells[index] + " " + join_cell_lines(cell.lines, words)).strip()
    if short:
        cells = cells[: len(row.cells)]
    text = _printed(row, words)
    if table.rows and "ref" in table.roles and _continues(table, cells):
        last = table.rows[-1]
        last.cells = [_joined(old, new, words) for old, new in zip(last.cells, cells, strict=False)]
        last.text += "\t" + text
        return
    table.rows.append(TableRow(cells, text, row.page))


def _continues(table: Table, cells: list[str]) -> bool:
    """Whether the row goes on from the previous page: no number and no mark of its own."""
    index = table.roles.index("ref")
    marked = any(role.startswith("is:") and cell for role, cell in zip(table.roles, cells, strict=False))
    return not (index < len(cells) and cells[index]) and not marked


def _joined(old: str, new: str, words: Vocabulary) -> str:
    return join_cell_lines([part for part in (old, new) if part] or [""], words)


def _fill_short_rows(table: Table) -> None:
    """Put rows that lack an empty cell in place: from the left up to the mark, from the right behind it.

    Where an editor has cut trailing tabs, the last cell may be one before; only what looks like a unit is last.
    """
    width = len(table.roles)
    tabs_kept = any(len(row.cells) == width and not row.cells[-1] for row in table.rows)
    units = {unit for row in table.rows if len(row.cells) == width for unit in _tokens(table.cell(row, "responsible"))}
    for row in table.rows:
        missing = width - len(row.cells)
        if missing <= 0:
            continue
        marks = [i for i, role in enumerate(table.roles) if role.startswith("is:")]
        split = min((marks[-1] + 1 if marks else 2), len(row.cells))
        mark = next((i for i in range(split) if _MARK.match(row.cells[i])), None)
        split = split if mark is None else mark + 1
        tail = row.cells[split:]
        last = tail[-1] if tail else ""
        like_unit = bool(_tokens(last) & units) or any(map(str.isdigit, last)) or len(last) <= 12
        at_end = tabs_kept or like_unit
        blank = [""] * missing
        row.cells = row.cells[:split] + (blank + tail if at_end else tail + blank)


def _tokens(cell: str) -> set[str]:
    return {squash(part) for part in cell.split(",") if part.strip()}
