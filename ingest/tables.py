"""Tables with a record or thing per row: their columns with roles, and their rows, continued over
page ends.

Forms (boxes of labels and values laid out as a grid) are not tables here: their cells are read as
text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from statistics import median_high

from ingest.column_roles import assign_roles
from ingest.layout.hyphens import WholeWords
from ingest.readers.lexicon import field_of_label, status_of
from ingest.readers.numbers import parse_number
from ingest.readers.sequences import follows
from ingest.readers.titles import normalize_title
from ingest.stream import Line
from ingest.table_grid import (
    MAX_HEADER_LENGTH,
    MIN_NUMBERED,
    Cells,
    Column,
    GridRow,
    Table,
    are_numbers,
    is_lone_number,
    lines_of,
    usual_width,
)

_MIN_COLUMNS = 3
_MIN_ROWS = 2
_MIN_REGULAR = 0.5  # share of the rows that fill enough columns, from which a grid is a table
_MAX_MEDIAN_LENGTH = 500  # characters; longer cells are texts of a form
_MAX_HEADER_ROWS = 3


def find_tables(lines: Sequence[Line], words: WholeWords) -> tuple[Table, ...]:
    """Return the tables of a document in reading order; a table that continues on the next page is
    returned as a single table.

    A table needs a header or a column of record numbers, unless it continues the one before.
    """
    cells = Cells(lines, words)
    tables: list[Table] = []
    for rows in _read_grids(lines):
        table = _make_table(rows, cells)
        if tables and table is not None and _is_continued_by(tables[-1], table, cells):
            before = tables[-1]
            tables[-1] = replace(
                before, header=(*before.header, *table.header), rows=(*before.rows, *table.rows)
            )
        elif table is not None and (table.header or _has_number_column(table.rows, cells)):
            tables.append(table)
    return tuple(assign_roles(_merge_continued_rows(table, cells), cells) for table in tables)


def _read_grids(lines: Sequence[Line]) -> Iterator[list[GridRow]]:
    """Yield the rows of each table of a document, by the cells of its lines."""
    # number of table → row and column → indexes of lines
    grids: dict[int, dict[tuple[int, int], list[int]]] = {}
    for index, line in enumerate(lines):
        if line.cell is not None:
            grid = grids.setdefault(line.cell.table, {})
            grid.setdefault((line.cell.row, line.cell.column), []).append(index)
    for grid in grids.values():
        columns = range(1 + max(column for _, column in grid))
        rows = []
        for number in sorted({row for row, _ in grid}):
            cells = (tuple(grid.get((number, column), ())) for column in columns)
            rows.append(GridRow(tuple(cells)))
        yield rows


def _make_table(rows: Sequence[GridRow], cells: Cells) -> Table | None:
    """Return a grid as a table, None if it is text in a grid layout.

    Its columns have only their headers, "" without one; roles and groups are set later. A head
    over several columns ("Kosten" over three years) is the head of none of them: what it says of
    each is not read.
    """
    header_count = _count_header_rows(rows, cells)
    if 0 < header_count < len(rows) and _divides_heads(*rows[header_count - 1 : header_count + 1]):
        header_count += 1
    body = rows[header_count:]
    if not _is_regular(body, cells):
        return None
    header = rows[:header_count]
    # a text alone over all columns is the head of none
    heads = [row for row in header if len(row.filled_columns) > 1] or header
    headers = [" ".join(texts) for texts in cells.texts_by_column(heads)]
    if not header:
        headers = [""] * len(rows[0].cells)
    for above, below in pairwise(header):
        for column in _columns_of_shared_heads(above, below, cells):
            headers[column] = ""
    return Table(tuple(map(Column, headers)), tuple(header), tuple(body), {})


def _head_spans(row: GridRow) -> list[range]:
    """Return for each head of a row its column and those without a head right of it."""
    ends = [*row.filled_columns, len(row.cells)]
    return [range(start, end) for start, end in pairwise(ends)]


def _divides_heads(header: GridRow, row: GridRow) -> bool:
    """True if a row has only the parts of heads that reach over several columns: "2026", "2027"
    below "Kosten". Below some other head it has no cell.
    """
    spans = _head_spans(header)
    shared = list(chain.from_iterable(span for span in spans if len(span) > 1))
    is_within = set(shared).issuperset(row.filled_columns)
    return is_within and len(row.filled_columns) > 1 and any(len(span) == 1 for span in spans)


def _columns_of_shared_heads(above: GridRow, below: GridRow, cells: Cells) -> Iterator[int]:
    """Yield the columns whose head is in the row `above` and reaches over several of them, with a
    part in the row `below` for each.

    The row below has only such parts, or they are numbers: else its cells may be further lines of
    the heads. Parts that are known labels ("Beginn", "Ende") are heads of their own.
    """
    has_only_parts = _divides_heads(above, below)
    for span in _head_spans(above):
        parts = [cells.text(below.cells[column]) for column in span if below.cells[column]]
        are_numbers = all(any(map(str.isdigit, part)) for part in parts)
        if len(parts) > 1 and (has_only_parts or are_numbers) and not any(map(_is_label, parts)):
            yield from span


def _is_regular(rows: Sequence[GridRow], cells: Cells) -> bool:
    """True if rows form a real table: half of them fill three columns or more with short texts.

    A table of two columns is accepted too, if the first column numbers the rows.
    """
    wide_rows = [row for row in rows if len(row.filled_columns) >= _MIN_COLUMNS]
    if len(wide_rows) >= max(1, _MIN_REGULAR * len(rows)):
        texts = chain.from_iterable(map(cells.texts, wide_rows))
        return median_high(map(len, texts)) <= _MAX_MEDIAN_LENGTH
    pair_rows = [row for row in rows if len(row.filled_columns) == _MIN_COLUMNS - 1]
    if len(pair_rows) < max(_MIN_ROWS, _MIN_REGULAR * len(rows)):
        return False
    first_texts = [cells.texts(row)[0] for row in pair_rows]
    return are_numbers(first_texts) and len(set(first_texts)) > 1


def _has_number_column(rows: Sequence[GridRow], cells: Cells) -> bool:
    """True if one column has a record number in most rows."""
    counts = [sum(map(is_lone_number, texts)) for texts in cells.texts_by_column(rows)]
    return len(rows) >= _MIN_ROWS and max(counts) >= MIN_NUMBERED * len(rows)


def _has_code_column(rows: Sequence[GridRow], cells: Cells) -> bool:
    """True if most rows begin with a number that has letters before its digits and no text."""
    coded = 0
    for row in rows:
        number = parse_number(cells.text(row.cells[0]))
        coded += number is not None and bool(number.code) and not number.text_after
    return coded >= MIN_NUMBERED * len(rows)


def _count_header_rows(rows: Sequence[GridRow], cells: Cells) -> int:
    """Return how many rows at the top are column headers.

    They end with the last row that has two known labels ("Nr.", "Maßnahme") or more, in at least
    40 % of its cells; below it a row without any label ends them too. Without such a row, the first
    row is the header if it is bold; else there is none.
    """
    count = 0
    for index, row in enumerate(rows[:_MAX_HEADER_ROWS]):
        texts = cells.texts(row)
        if not _may_be_header(texts):
            break
        labelled = sum(map(_is_label, texts))
        if labelled >= 2 and labelled >= 0.4 * len(texts):
            count = index + 1
        elif count and labelled < 1:
            break
    if count:
        return count
    return int(_begins_with_bold_header(rows, cells))


def _may_be_header(texts: Sequence[str]) -> bool:
    """True if the texts of a row are short and do not begin with the number of a record."""
    is_numbered = len(texts) > 1 and is_lone_number(texts[0])
    return 0 < max(map(len, texts), default=0) <= MAX_HEADER_LENGTH and not is_numbered


def _is_label(text: str) -> bool:
    return field_of_label(text, weak=True) is not None or status_of(text) is not None


def _begins_with_bold_header(rows: Sequence[GridRow], cells: Cells) -> bool:
    """True if the first row is bold, fills several columns and has no record number.

    Below it there must be at least three rows, with most of their lines not bold.
    """
    first = rows[0]
    bold = [cells.lines[index].style.bold for index in first.lines]
    bold_below = [cells.lines[index].style.bold for index in lines_of(rows[1:])]
    is_bold = all(bold) and bold_below.count(True) < 0.5 * len(bold_below)
    is_wide = len(first.filled_columns) >= _MIN_COLUMNS and len(rows) > _MIN_ROWS + 1
    return is_bold and is_wide and not any(map(is_lone_number, cells.texts(first)))


def _is_continued_by(table: Table, following: Table, cells: Cells) -> bool:
    """True if `following` continues a table on the same or the next page.

    Both need the same number of columns. A header of `following` must repeat that of the table.
    Without a header, either the numbers go on ("4" after "3"), or both have numbers with letters in
    their first column ("K 1" after "E 4"), or `following` is on the next page and fills about as
    many columns; then it must not be the sheet of a record, which begins with a number though the
    table has no numbers.
    """
    if len(table.columns) != len(following.columns):
        return False
    page_step = cells.lines[min(following.lines)].page - cells.lines[max(table.lines)].page
    if page_step not in (0, 1):
        return False
    if following.header:
        return _headers_of(table) == _headers_of(following) != ""
    if _continues_numbers(table, following, cells):
        return True
    if _has_code_column(table.rows, cells) and _has_code_column(following.rows, cells):
        return True
    if page_step == 0 or not _fills_as_many_columns(table, following):
        return False
    first_text = next(iter(cells.texts(following.rows[0])), "")
    is_sheet = is_lone_number(first_text) and not _has_number_column(table.rows, cells)
    return not is_sheet


def _headers_of(table: Table) -> str:
    return normalize_title("".join(column.header for column in table.columns))


def _continues_numbers(table: Table, following: Table, cells: Cells) -> bool:
    """True if the first number of `following` comes next after the last one of the table."""
    above = parse_number(cells.text(table.rows[-1].cells[0]))
    below = parse_number(cells.text(following.rows[0].cells[0]))
    if above is None or below is None or above.family != below.family:
        return False
    if above.text_after or below.text_after:
        return False
    return follows(above.counts, below.counts)


def _fills_as_many_columns(table: Table, following: Table) -> bool:
    """True if most rows of `following` fill about as many columns as the usual row of the table."""
    least = max(_MIN_COLUMNS - 1, usual_width(table) - 1)
    wide_rows = [row for row in following.rows if len(row.filled_columns) >= least]
    return len(wide_rows) >= 0.6 * len(following.rows)


def _merge_continued_rows(table: Table, cells: Cells) -> Table:
    """Return the table with each row that continues the row before merged into that row.

    Only a table in which a column numbers half of the rows is changed. A row without a number
    continues the row before if it begins in lower case or on another page (see `_continues_row`).
    """
    texts = cells.texts_by_column(table.rows)
    number_column = next((index for index, values in enumerate(texts) if are_numbers(values)), None)
    if number_column is None or len(texts[number_column]) < _MIN_REGULAR * len(table.rows):
        return table
    rows: list[GridRow] = []
    for row in table.rows:
        may_continue = bool(rows) and not row.cells[number_column]
        if may_continue and _continues_row(rows[-1], row, number_column, cells):
            cell_pairs = zip(rows[-1].cells, row.cells, strict=True)
            rows[-1] = GridRow(tuple((*above, *below) for above, below in cell_pairs))
        else:
            rows.append(row)
    return replace(table, rows=tuple(rows))


def _continues_row(above: GridRow, row: GridRow, number_column: int, cells: Cells) -> bool:
    """True if a row without a number goes on with the row above.

    It begins in lower case or on another page. A single text at the column of numbers or left of it
    does not continue anything.
    """
    columns = row.filled_columns
    if not columns or (len(columns) == 1 and columns[0] <= number_column):
        return False
    begins_low = cells.text(row.cells[columns[0]])[:1].islower()
    page_above = cells.lines[above.lines[-1]].page
    return begins_low or cells.lines[row.lines[0]].page != page_above
