"""Tables with named columns: lists of projects and measures, schedules, archives, and tables of other things."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, zip_longest

from rapidfuzz import fuzz

from ingest.columns import MARK, names_columns, numbers_row, roles_of, told_by_contents, told_by_values
from ingest.layout.hyphens import Vocabulary, join_cell_lines
from ingest.layout.lines import Line, squash
from ingest.plan.form import ReadingPlan
from ingest.plan.numbers import printed_number
from ingest.plan.words import status_of
from ingest.table_rows import VisualCell, VisualRow
from vectorstore.records import ItemStatus

_SAME_HEAD = 85  # likeness, 0 to 100, from which a row is a head printed again
_MOST_HEADS = 3  # rows of a head
_LONGEST_CODE = 12  # characters of what may be a unit
_GOES_ON = re.compile(r"^[a-zäöüß(,;/&)–-]")


@dataclass(slots=True)
class TableRow:
    """One row: `cells` by column, `text` as printed (cells in reading order, tabs between), `page` to `last_page`.

    `across` rows have one cell that says what the rows below them have in common; `group` are the texts of those above.
    `source` are the lines that it was printed in; `bold` are its bold cells by column, `leads` what of cells that go on
    plain was bold: a title above its description.
    """

    cells: list[str]
    text: str
    page: int
    start: int = -1
    last_page: int = -1
    across: bool = False
    group: tuple[str, ...] = ()
    source: list[Line] = field(default_factory=list)
    bold: set[int] = field(default_factory=set)
    leads: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """A table: `roles` name its columns ("" where unknown), `labels` are their heads, `header` is the printed head.

    `heads` are the rows of each time that the head is printed; `resumes` are the numbers of the rows before which it
    is printed again. `caption` holds the headings above it, set later.
    """

    roles: list[str]
    header: str
    rows: list[TableRow] = field(default_factory=list)
    caption: str = ""
    page: int = 0
    heads: list[list[VisualRow]] = field(default_factory=list)
    resumes: list[int] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def cell(self, row: TableRow, role: str) -> str:
        """Return the row's text in the first column of that role, empty where there is none."""
        index = self.roles.index(role) if role in self.roles and not row.across else len(row.cells)
        return row.cells[index] if index < len(row.cells) else ""

    def title(self, row: TableRow) -> tuple[str, str]:
        """Return the row's title and what stands below it in its cell, empty where nothing is set off."""
        cell = self.cell(row, "title")
        lead = row.leads.get(self.roles.index("title"), "") if cell else ""
        return " ".join((lead or cell).split()), cell[len(lead) :].strip() if lead else ""

    def status(self, row: TableRow) -> ItemStatus | None:
        """Return the status whose column holds the row's mark, or that its status cell names."""
        for role, cell in zip(self.roles, row.cells, strict=False):
            if role.startswith("is:") and cell:
                return ItemStatus(role[3:])
        state = self.cell(row, "state")
        return status_of(self.cell(row, "status")) or (status_of(state) if len(state) <= 40 else None)

    def reread(self, plan: ReadingPlan) -> None:
        """Let a plan's labels say what the columns mean."""
        for index, label in enumerate(self.labels):
            said = plan.field_of(label)
            if said:
                self.roles[index] = said


def build_tables(rows: list[VisualRow], words: Vocabulary) -> list[Table]:
    """Make tables of a run of rows: head, columns, rows; a repeated head is dropped, a new one starts a table."""
    tables: list[Table] = []
    columns: list[VisualCell] = []
    index = 0
    while index < len(rows):
        head = _head(rows, index, words, tables[-1] if tables else None)
        if head and not _is_head_of(tables[-1] if tables else None, head, words):
            columns = _columns(head)
            labels = _labels(head, columns, words)
            tables.append(
                Table(
                    roles_of(labels),
                    "\n".join(_printed(row, words) for row in head),
                    page=head[0].page,
                    heads=[head],
                    labels=[texts[0] if texts else "" for texts in labels],
                )
            )
        elif head:
            tables[-1].heads.append(head)
            tables[-1].resumes.append(len(tables[-1].rows))
        elif not tables:
            columns = _columns(rows)
            tables.append(Table([""] * len(columns), "", page=rows[0].page, labels=[""] * len(columns)))
        index += len(head)
        if not head:
            _add_row(tables[-1], rows[index], columns, words)
            index += 1
    for table in tables:
        _finish(table)
    return tables


def _finish(table: Table) -> None:
    """Put short rows in place, and check what the columns were taken for against what stands in them."""
    _fill_short_rows(table)
    plain = [row for row in table.rows if not row.across]
    columns = [[row.cells[i] if i < len(row.cells) else "" for row in plain] for i in range(len(table.roles))]
    _check_marks(table, columns)
    for index, cells in enumerate(columns):
        told = "" if table.roles[index] or not table.header else told_by_values(cells)
        if told and told not in table.roles and (told != "ref" or "title" in table.roles[index + 1 :]):
            table.roles[index] = told
    if not any(table.roles) and not table.header:
        table.roles = told_by_contents(columns)
    _group_rows(table)


def _check_marks(table: Table, columns: Sequence[Sequence[str]]) -> None:
    """Take columns for a status only where marks stand in them."""
    marks = [sum(bool(MARK.match(cell)) for cell in cells) for cells in columns]
    places = [index for index, role in enumerate(table.roles) if role.startswith("is:")]
    marked = any(marks[index] for index in places)
    for index in places:
        if not marked or marks[index] < 0.5 * sum(map(bool, columns[index])):
            table.roles[index] = ""


def _group_rows(table: Table) -> None:
    """Tell every row under which rows across it stands; rows across that follow one another are nested."""
    above: list[str] = []
    before = False
    for row in table.rows:
        if row.across:
            above = [*above, row.text] if before else [row.text]
        row.group = () if row.across else tuple(above)
        before = row.across


def _printed(row: VisualRow, words: Vocabulary) -> str:
    return "\t".join(join_cell_lines(cell.lines, words) for cell in row.cells if cell.lines)


def _is_head_of(table: Table | None, head: Sequence[VisualRow], words: Vocabulary) -> bool:
    """Tell whether a head is that of the table printed again, however its words were broken."""
    printed = "".join(squash(_printed(row, words)) for row in head)
    return table is not None and bool(table.header) and fuzz.ratio(squash(table.header), printed) >= _SAME_HEAD


def _head(rows: list[VisualRow], start: int, words: Vocabulary, above: Table | None) -> list[VisualRow]:
    """Return the heading rows that begin at rows[start]: rows whose cells name columns.

    A second row of a head is set like the first one. In the middle of a table that has a head only a head printed again
    does, and one in bold.
    """
    head: list[VisualRow] = []
    known = above.heads[0] if above is not None and above.header and above.rows else []
    for row in rows[start : start + _MOST_HEADS]:
        texts = [join_cell_lines(cell.lines, words) for cell in row.cells if cell.lines]
        if not names_columns(texts, below=bool(head)) or (head and _bold(row) < _bold(head[0])):
            break
        if known and not (head or _bold(row) or any(_alike(one, row, words) for one in known)):
            break
        head.append(row)
    return head


def _alike(first: VisualRow, second: VisualRow, words: Vocabulary) -> bool:
    return fuzz.ratio(squash(_printed(first, words)), squash(_printed(second, words))) >= _SAME_HEAD


def _bold(row: VisualRow) -> bool:
    return bool(row.source) and all(line.bold for line in row.source)


def _columns(head: list[VisualRow]) -> list[VisualCell]:
    """Return the columns, left to right: cells of the lowest heading row, and others that stand beside all of them."""
    columns: list[VisualCell] = []
    for row in reversed(head):
        lefts, reach = _reach(columns)
        beside = [cell for cell in row.cells if not _meets(cell, lefts, reach)]
        columns.extend(beside)
    return sorted(columns, key=lambda cell: cell.x)


def _reach(columns: Sequence[VisualCell]) -> tuple[list[float], list[float]]:
    """Return where columns begin, left to right, and how far to the right each and those before it reach."""
    ordered = sorted((column.x, column.right) for column in columns if column.right >= column.x)
    return [left for left, _ in ordered], list(accumulate((right for _, right in ordered), max))


def _meets(cell: VisualCell, lefts: Sequence[float], reach: Sequence[float]) -> bool:
    """Whether a cell overlaps any of the columns, or touches it."""
    before = bisect_right(lefts, cell.right)
    return before > 0 and cell.x <= cell.right and reach[before - 1] >= cell.x


def _overlap(first: VisualCell, second: VisualCell) -> float:
    """Return by how many points two cells overlap sideways, negative where they stand apart."""
    return min(first.right, second.right) - max(first.x, second.x)


def _column(cell: VisualCell, columns: list[VisualCell]) -> int:
    """Return the column of a cell: flush left with its heading, else centred, else overlapping, else nearest."""
    near = 3.0 if columns and columns[-1].right > columns[-1].x else 0.1
    first = bisect_right(columns, cell.x - near, key=lambda column: column.x)
    if first < len(columns) and abs(cell.x - columns[first].x) < near:
        return first
    for index, column in enumerate(columns):
        if abs(cell.middle - column.middle) < near and _overlap(cell, column) > 0:
            return index
    return max(range(len(columns)), key=lambda i: _overlap(cell, columns[i]), default=0)


def _labels(head: list[VisualRow], columns: list[VisualCell], words: Vocabulary) -> list[list[str]]:
    """Return the texts over each column, the lower heading row first: it is the more exact one."""
    texts: list[list[str]] = [[] for _ in columns]
    for row in reversed(head):
        for cell in row.cells:
            if cell.lines:
                texts[_column(cell, columns)].append(join_cell_lines(cell.lines, words))
    return texts


def _add_row(table: Table, row: VisualRow, columns: list[VisualCell], words: Vocabulary) -> None:
    cells = [""] * max(len(columns), 1)
    short = len(row.cells) < len(columns) and all(cell.x == i for i, cell in enumerate(row.cells))
    bold: set[int] = set()
    for cell in row.cells:
        index = _column(cell, columns)
        if cell.lines:
            bold |= {index} if cell.bold else set()
            cells[index] = (cells[index] + " " + join_cell_lines(cell.lines, words)).strip()
    cells = cells[: len(row.cells)] if short else cells
    text = _printed(row, words)
    if _is_across(table, row, cells, columns):
        table.rows.append(TableRow([text], text, row.page, last_page=row.page, across=True, source=row.source))
        return
    whole = any(line.whole for line in row.source)
    if table.rows and not whole and not table.rows[-1].across and _continues(table, cells):
        last = table.rows[-1]
        for index in (one for one in last.bold - bold - last.leads.keys() if cells[one] and last.cells[one]):
            last.leads[index] = last.cells[index]
            last.cells[index] += "\n"  # what it says below its title begins on a line of its own
        last.cells = [_joined(old, new, words) for old, new in zip_longest(last.cells, cells, fillvalue="")]
        last.text = "\t".join(cell for cell in last.cells if cell)
        last.last_page = row.page
        last.source = [*last.source, *row.source]
        return
    table.rows.append(TableRow(cells, text, row.page, last_page=row.page, source=row.source, bold=bold))


def _is_across(table: Table, row: VisualRow, cells: list[str], columns: list[VisualCell]) -> bool:
    """Tell whether a row has one cell that stands over the rows below it: bold, wide, or no number in their column."""
    cell = next((cell for cell in row.cells if cell.lines), row.cells[0])
    text = cells[0] or ("".join(cells) if cell.x < columns[0].x else "")
    if row.filled != 1 or len(columns) < 3 or not text or _GOES_ON.match(text):
        return False
    wide = cell.right > max(cell.x, columns[1].x + 3)
    above = [row.cells[0] for row in table.rows if not row.across and row.cells[0]]
    in_numbers = table.roles[:1] == ["ref"] or (len(above) > 2 and all(map(numbers_row, above)))
    numbered = in_numbers and not (numbers_row(text) and _same_word(text, above))
    return wide or numbered or (_bold(row) and not numbers_row(text))


def _same_word(text: str, above: Sequence[str]) -> bool:
    """Tell whether a number is called as those above it are: "Anzahl: 4" is no "Maßnahme 4"."""
    number, others = printed_number(text), [printed_number(cell) for cell in above]
    words = {one.word for one in others if one is not None}
    return number is None or not words or number.word in words


def _continues(table: Table, cells: list[str]) -> bool:
    """Whether the row goes on from the one before: without number and mark, or without title."""
    own = {role for role, cell in zip(table.roles, cells, strict=False) if cell}
    if "ref" in own or any(role.startswith("is:") for role in own):
        return False
    return "ref" in table.roles or ("title" in table.roles and not own & {"title", "theme"})


def _joined(old: str, new: str, words: Vocabulary) -> str:
    if old.endswith("\n"):
        return old + new
    return join_cell_lines([part for part in (old, new) if part] or [""], words)


def _fill_short_rows(table: Table) -> None:
    """Put rows that lack empty cells in place: from the left up to the mark, from the right behind it.

    Where an editor has cut trailing tabs, the last cell may be one before; only what looks like a unit is last.
    """
    width = len(table.roles)
    whole = [row for row in table.rows if len(row.cells) == width]
    units = {unit for row in whole for unit in _tokens(table.cell(row, "responsible"))}
    places = [i for i, role in enumerate(table.roles) if role.startswith("is:")]
    for row in table.rows:
        if row.across or len(row.cells) >= width:
            continue
        split = min((places[-1] + 1 if places else 2), len(row.cells))
        split = next((i + 1 for i in range(split) if MARK.match(row.cells[i])), split)
        tail, blank = row.cells[split:], [""] * (width - len(row.cells))
        last = tail[-1] if tail else ""
        like_unit = _tokens(last) & units or re.search(r"\d", last) or len(last) <= _LONGEST_CODE
        at_end = like_unit or any(not one.cells[-1] for one in whole)
        row.cells = row.cells[:split] + (blank + tail if at_end else tail + blank)


def _tokens(cell: str) -> set[str]:
    return {squash(part) for part in cell.split(",") if part.strip()}
