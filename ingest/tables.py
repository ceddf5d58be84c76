"""Tables with a record or thing per row: their columns with roles, and their rows, continued over page ends.

Forms (boxes of labels and values laid out as a grid) are not tables here: their cells are read as text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.layout.hyphens import WordCounts, join_cell_lines
from ingest.readers.lexicon import field_of_label, guess_field, status_of
from ingest.readers.numbers import parse_number, ref_parts
from ingest.readers.simple.series import follows
from ingest.stream import Line
from vectorstore.records import ItemStatus

_MIN_COLUMNS, _MIN_ROWS = 3, 2
_MIN_REGULAR = 0.5  # share of the rows that fill enough columns, from which a grid is a table
_MIN_NUMBERED = 0.6  # share of a column's cells that are record numbers, from which it numbers the rows
_MAX_HEADER_LENGTH = 70  # characters of a column header
_MAX_MEDIAN_LENGTH = 500  # characters; longer cells are texts of a form
_MAX_HEADER_ROWS = 3
_COLUMN_TOLERANCE = 12.0  # points by which the left edge of a column may differ on the next page
_MARK = re.compile(r"^(?:[xX×✓✔☑☒●•■]|\([xX]\)|[jJ]a)$")
_TITLE_LETTERS = 6  # median letters per cell of a column that may contain titles


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: for each column of the table the indexes of its cell's lines, () for an empty cell."""

    cells: tuple[tuple[int, ...], ...]

    @property
    def lines(self) -> list[int]:
        """The indexes of all lines of the row, column by column."""
        return [index for cell in self.cells for index in cell]

    @property
    def filled_columns(self) -> list[int]:
        """The columns that are not empty."""
        return [column for column, cell in enumerate(self.cells) if cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header as printed, its role ("ref", "title" or a field), and the status that a mark in it means."""

    header: str
    role: str | None = None
    status: ItemStatus | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one document, which may continue over pages.

    `header` are the rows of column headers, also those repeated on later pages, `rows` all others in order. `groups`
    maps the index in `rows` of a row that is a heading of the rows below it to its text.
    """

    columns: tuple[Column, ...]
    header: tuple[GridRow, ...]
    rows: tuple[GridRow, ...]
    groups: Mapping[int, str]

    @property
    def lines(self) -> list[int]:
        """The indexes of all lines of the table."""
        return [index for row in (*self.header, *self.rows) for index in row.lines]

    def column_of(self, role: str) -> int | None:
        """Return the index of the first column with a role, None without one."""
        return next((index for index, column in enumerate(self.columns) if column.role == role), None)

    @property
    def statuses(self) -> list[int]:
        """The indexes of the columns in which a mark means a status."""
        return [index for index, column in enumerate(self.columns) if column.status is not None]


class Cells:
    """Gives the text of cells, as in the rendering of the document."""

    def __init__(self, lines: Sequence[Line], words: WordCounts) -> None:
        self.lines, self._words = lines, words

    def text(self, cell: Sequence[int]) -> str:
        """Return the lines of a cell as one text."""
        return join_cell_lines([self.lines[index].text for index in cell], self._words) if cell else ""


def find_tables(lines: Sequence[Line], words: WordCounts) -> tuple[Table, ...]:
    """Return the tables of a document in reading order; one that continues on the next page is one table."""
    cells = Cells(lines, words)
    tables: list[Table] = []
    grids: dict[int, dict[int, dict[int, list[int]]]] = {}
    for index, line in enumerate(lines):
        if line.cell is not None:
            grid = grids.setdefault(line.cell.table, {})
            grid.setdefault(line.cell.row, {}).setdefault(line.cell.column, []).append(index)
    for grid in grids.values():
        width = 1 + max(column for row in grid.values() for column in row)
        rows = [
            GridRow(tuple(tuple(row.get(column, ())) for column in range(width))) for _, row in sorted(grid.items())
        ]
        table = _make_table(rows, cells)
        if tables and table is not None and _is_continued_by(tables[-1], table, cells):
            tables[-1] = _append_rows(tables[-1], table, cells)
        elif table is not None and (table.header or _numbers_rows(table.rows, cells)):
            tables.append(table)
    return tuple(_assign_roles(_merge_continued_rows(table, cells), cells) for table in tables)


def _make_table(rows: Sequence[GridRow], cells: Cells) -> Table | None:
    """Return a grid as a table, None if it is text in a grid layout."""
    header_count = _count_header_rows(rows, cells)
    body = rows[header_count:]
    if not _is_regular(body, cells):
        return None
    headers = _header_texts(rows[:header_count], cells) if header_count else [""] * len(rows[0].cells)
    return Table(tuple(Column(header) for header in headers), tuple(rows[:header_count]), tuple(body), {})


def _is_regular(rows: Sequence[GridRow], cells: Cells) -> bool:
    """True if rows fill enough columns, or two columns of which the first is a record number."""
    wide_rows = [row for row in rows if len(row.filled_columns) >= _MIN_COLUMNS]
    if len(wide_rows) >= max(1, _MIN_REGULAR * len(rows)):
        lengths = sorted(len(cells.text(row.cells[column])) for row in wide_rows for column in row.filled_columns)
        return lengths[len(lengths) // 2] <= _MAX_MEDIAN_LENGTH
    pair_rows = [row for row in rows if len(row.filled_columns) == _MIN_COLUMNS - 1]
    if len(pair_rows) < max(_MIN_ROWS, _MIN_REGULAR * len(rows)):
        return False
    first_texts = [cells.text(row.cells[row.filled_columns[0]]) for row in pair_rows]
    return _are_numbers(first_texts) and len(set(first_texts)) > 1


def _numbers_rows(rows: Sequence[GridRow], cells: Cells) -> bool:
    """True if one column has a record number in most rows."""
    width = len(rows[0].cells)
    texts = [[cells.text(row.cells[column]) for row in rows if row.cells[column]] for column in range(width)]
    counts = [sum(map(is_lone_number, column_texts)) for column_texts in texts]
    return len(rows) >= _MIN_ROWS and max(counts) >= _MIN_NUMBERED * len(rows)


def _are_numbers(texts: Sequence[str]) -> bool:
    """True if most cells of a column are record numbers; False without cells."""
    return sum(map(is_lone_number, texts)) >= _MIN_NUMBERED * len(texts) > 0


def is_lone_number(text: str) -> bool:
    """True if a text is the number of a record and nothing else."""
    number = parse_number(text)
    return number is not None and not number.text_after and not number.total


def _count_header_rows(rows: Sequence[GridRow], cells: Cells) -> int:
    """Return how many rows at the top are column headers."""
    count = 0
    for index, row in enumerate(rows[:_MAX_HEADER_ROWS]):
        texts = [cells.text(row.cells[column]) for column in row.filled_columns]
        if not texts or (len(texts) > 1 and is_lone_number(texts[0])):
            break
        if any(len(text) > _MAX_HEADER_LENGTH for text in texts):
            break
        labelled = sum(field_of_label(text, weak=True) is not None or status_of(text) is not None for text in texts)
        if labelled >= 2 and labelled >= 0.4 * len(texts):
            count = index + 1
        elif count and labelled < 1:
            break
    if count:
        return count
    first = rows[0]  # without known labels: one bold row above rows that are mostly not bold
    bold = [cells.lines[index].style.bold for index in first.lines]
    bold_below = [cells.lines[index].style.bold for row in rows[1:] for index in row.lines]
    is_numbered = any(is_lone_number(cells.text(first.cells[column])) for column in first.filled_columns)
    is_bold = all(bold) and bold_below.count(True) < 0.5 * len(bold_below)
    is_wide = len(first.filled_columns) >= _MIN_COLUMNS
    return int(is_bold and is_wide and not is_numbered and len(rows) > _MIN_ROWS + 1)


def _header_texts(rows: Sequence[GridRow], cells: Cells) -> list[str]:
    """Return the header of each column; texts of several header rows are joined by spaces."""
    return [
        " ".join(filter(None, (cells.text(row.cells[column]) for row in rows))) for column in range(len(rows[0].cells))
    ]


def _is_continued_by(table: Table, following: Table, cells: Cells) -> bool:
    """True if `following` continues a table on the same or next page: the same header, or none and the same columns."""
    lines = [index for row in (*table.header, *table.rows) for index in row.lines]
    following_lines = [index for row in (*following.header, *following.rows) for index in row.lines]
    if not lines or not following_lines:
        return False
    page_step = cells.lines[min(following_lines)].page - cells.lines[max(lines)].page
    if page_step not in (0, 1):
        return False
    if following.header:
        headers = [column.header for column in table.columns if column.header]
        following_headers = [column.header for column in following.columns if column.header]
        return bool(following_headers) and _normalize(headers) == _normalize(following_headers)
    if _continues_numbers(table, following, cells):
        return True
    if page_step == 0 or not _fills_as_many_columns(table, following):
        return False
    first_row = following.rows[0]
    first_cell = first_row.cells[first_row.filled_columns[0]] if first_row.filled_columns else ()
    if is_lone_number(cells.text(first_cell)) and not _numbers_rows(table.rows, cells):
        return False  # the sheet of a record, no continued table
    return len(table.columns) == len(following.columns) or _has_same_columns(table, following, cells)


def _continues_numbers(table: Table, following: Table, cells: Cells) -> bool:
    """True if `following` has as many columns and its first number comes next after the last one of the table."""
    if len(table.columns) != len(following.columns) or not (table.rows and following.rows):
        return False
    last, first = (cells.text(row.cells[0]) for row in (table.rows[-1], following.rows[0]))
    above, below = parse_number(last), parse_number(first)
    if above is None or below is None or above.text_after or below.text_after or above.form != below.form:
        return False
    return follows(above.parts or ref_parts(above.ref), below.parts or ref_parts(below.ref))


def _fills_as_many_columns(table: Table, following: Table) -> bool:
    """True if most rows of `following` fill about as many columns as the usual row of the table."""
    counts, following_counts = (Counter(len(row.filled_columns) for row in part.rows) for part in (table, following))
    if not counts or not following_counts:
        return False
    width = counts.most_common(1)[0][0]
    least = max(_MIN_COLUMNS - 1, width - 1)
    rows = sum(count for filled, count in following_counts.items() if filled >= least)
    return len(table.rows) > 1 and rows >= 0.6 * len(following.rows)


def _normalize(texts: Iterable[str]) -> str:
    return re.sub(r"\W", "", "".join(texts)).lower()


def _left_edges(table: Table, cells: Cells) -> dict[int, float]:
    """Return the median left edge of each filled column, in points."""
    edges: dict[int, list[float]] = defaultdict(list)
    for row in table.rows:
        for column in row.filled_columns:
            edges[column].append(min(cells.lines[index].box.left for index in row.cells[column]))
    return {column: sorted(lefts)[len(lefts) // 2] for column, lefts in edges.items()}


def _has_same_columns(table: Table, following: Table, cells: Cells) -> bool:
    """True if all filled columns of `following` have the left edge of a column of the table."""
    known, edges = (_left_edges(part, cells).values() for part in (table, following))
    matched = (any(abs(edge - other) <= _COLUMN_TOLERANCE for other in known) for edge in edges)
    return len(edges) >= _MIN_COLUMNS and all(matched)


def _append_rows(table: Table, following: Table, cells: Cells) -> Table:
    """Return a table with the rows of its continuation, moved to the table's columns by their left edges."""
    if len(table.columns) == len(following.columns):
        target = {column: column for column in range(len(following.columns))}
    else:
        edges, following_edges = _left_edges(table, cells), _left_edges(following, cells)
        target = {col: min(edges, key=lambda own: abs(edges[own] - edge)) for col, edge in following_edges.items()}
    rows = []
    for row in following.rows:
        moved: list[tuple[int, ...]] = [()] * len(table.columns)
        for column in row.filled_columns:
            new_column = target.get(column, column)
            if new_column < len(moved):
                moved[new_column] = (*moved[new_column], *row.cells[column])
        rows.append(GridRow(tuple(moved)))
    return replace(table, header=(*table.header, *following.header), rows=(*table.rows, *rows))


def _assign_roles(table: Table, cells: Cells) -> Table:
    """Return the table with roles of its columns, by their headers, else by their values, and with its groups."""
    columns = list(table.columns)
    texts = [[cells.text(row.cells[index]) for row in table.rows if row.cells[index]] for index in range(len(columns))]
    roles: list[str | None] = [field_of_label(column.header) for column in columns]
    statuses = _status_columns(columns, texts)
    for index, column in enumerate(columns):
        if index in statuses or (roles[index] and roles[index] in roles[:index] and roles[index] != "responsible"):
            roles[index] = None
        if roles[index] is None and index not in statuses and column.header:
            guess = field_of_label(column.header, weak=True) or guess_field(texts[index])
            roles[index] = guess if guess not in roles else None
    least = _MIN_NUMBERED * len(table.rows)
    number_columns = [index for index, values in enumerate(texts) if len(values) >= least and _are_numbers(values)]
    if "ref" in roles and roles.index("ref") not in number_columns and number_columns:
        roles[roles.index("ref")] = None
    if "ref" not in roles and number_columns and roles[number_columns[0]] in (None, "title"):
        roles[number_columns[0]] = "ref"
    if "title" not in roles and "ref" in roles and (title_column := _title_column(roles, texts)) is not None:
        roles[title_column] = "title"
    with_roles = [
        replace(column, role=role, status=statuses.get(index))
        for index, (column, role) in enumerate(zip(columns, roles, strict=True))
    ]
    return replace(table, columns=tuple(with_roles), groups=dict(_find_groups(table, cells)))


def _status_columns(columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> dict[int, ItemStatus]:
    """Return the statuses of columns that have a status as header and only marks below; at least two such columns."""
    results = {}
    for index, column in enumerate(columns):
        status = status_of(column.header.replace(" ", "")) or status_of(column.header)
        if status is not None and all(_MARK.match(text) for text in texts[index]):
            results[index] = status
    return results if sum(bool(texts[index]) for index in results) > 1 else {}


def _title_column(roles: Sequence[str | None], texts: Sequence[Sequence[str]]) -> int | None:
    """Return the index of the first column without a role whose texts are distinct and long enough to be titles."""
    for index, values in enumerate(texts):
        if roles[index] is None and values and len(set(values)) >= 0.8 * len(values):
            letters = sorted(sum(map(str.isalpha, text)) for text in values)
            if letters[len(letters) // 2] >= _TITLE_LETTERS:
                return index
    return None


def _find_groups(table: Table, cells: Cells) -> Iterator[tuple[int, str]]:
    """Yield index and text of the rows with one filled cell that are headings of the rows below them."""
    usual = Counter(len(row.filled_columns) for row in table.rows).most_common(1)[0][0] if table.rows else 0
    for index, row in enumerate(table.rows):
        text = cells.text(row.cells[row.filled_columns[0]]) if len(row.filled_columns) == 1 else ""
        is_heading = 2 < len(text) <= _MAX_HEADER_LENGTH and not is_lone_number(text)
        if usual > 1 and is_heading and index + 1 < len(table.rows):
            yield index, text


def _merge_continued_rows(table: Table, cells: Cells) -> Table:
    """Return the table with rows that continue the row before (no number; next page or lower case) merged into it."""
    width = len(table.rows[0].cells) if table.rows else 0
    texts = [[cells.text(row.cells[index]) for row in table.rows if row.cells[index]] for index in range(width)]
    number_column = next((index for index in range(width) if _are_numbers(texts[index])), None)
    if number_column is None or len(texts[number_column]) < _MIN_REGULAR * len(table.rows):
        return table
    rows: list[GridRow] = []
    for row in table.rows:
        first = row.filled_columns[0] if row.filled_columns else 0
        text = cells.text(row.cells[first]) if row.filled_columns else ""
        is_continued = (
            bool(rows)
            and not row.cells[number_column]
            and (len(row.filled_columns) > 1 or first > number_column)
            and (text[:1].islower() or cells.lines[row.lines[0]].page != cells.lines[rows[-1].lines[-1]].page)
        )
        if is_continued:
            cell_pairs = zip(rows[-1].cells, row.cells, strict=True)
            rows[-1] = GridRow(tuple((*above, *below) for above, below in cell_pairs))
        else:
            rows.append(row)
    return replace(table, rows=tuple(rows))


def is_mark(text: str) -> bool:
    """True if a text is a tick or cross and nothing else."""
    return _MARK.match(text.strip()) is not None
