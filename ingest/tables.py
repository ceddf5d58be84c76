"""Tables with a row for each thing: their columns and what these mean, their rows over page ends, found once.

Boxes of labels and values that are laid out as a grid are no such tables: their cells are read as text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.layout.hyphens import WordCounts, join_cell_lines
from ingest.readers.lexicon import guess_field, meaning, status_of
from ingest.readers.numbers import printed_number, ref_parts
from ingest.readers.simple.series import follows
from ingest.stream import Line
from vectorstore.records import ItemStatus

_LEAST_COLUMNS, _LEAST_ROWS = 3, 2
_REGULAR = 0.5  # share of the rows that fill at least so many of the same columns
_NUMBERED = 0.6  # share of a column's cells that are numbers, from which it numbers the rows
_LONGEST_HEADER = 70  # characters of a column header
_LONG_CELL = 500  # characters from which most cells of a row are texts of a sheet, not of a table
_MOST_HEADER_ROWS = 3
_SAME_COLUMN = 12.0  # points by which a column may lie elsewhere on the next page
_MARK = re.compile(r"^(?:[xX×✓✔☑☒●•■]|\([xX]\)|[jJ]a)$")
_TITLE_LETTERS = 6  # of a cell that may be a title, in the middle


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: for each column of the table the numbers of its lines, empty where the cell is."""

    cells: tuple[tuple[int, ...], ...]

    @property
    def lines(self) -> list[int]:
        """All lines of the row, column by column."""
        return [place for cell in self.cells for place in cell]

    @property
    def filled_columns(self) -> list[int]:
        """The columns that are not empty."""
        return [column for column, cell in enumerate(self.cells) if cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header as printed, what that means, and the status for which marks in it stand."""

    header: str
    role: str | None = None
    status: ItemStatus | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one document, over page ends.

    `header` are the rows of column headers, those repeated on later pages too, `rows` all others in order. `groups`
    maps rows that name a group of the rows below them (by place in `rows`) to that name.
    """

    columns: tuple[Column, ...]
    header: tuple[GridRow, ...]
    rows: tuple[GridRow, ...]
    groups: Mapping[int, str]

    @property
    def lines(self) -> list[int]:
        """All lines of the table."""
        return [place for row in (*self.header, *self.rows) for place in row.lines]

    def column_of(self, role: str) -> int | None:
        """Return the first column with a role, None without one."""
        return next((place for place, column in enumerate(self.columns) if column.role == role), None)

    @property
    def statuses(self) -> list[int]:
        """The columns in which a mark tells the status."""
        return [place for place, column in enumerate(self.columns) if column.status is not None]


class Cells:
    """The text of cells, as `rendering` prints it."""

    def __init__(self, lines: Sequence[Line], words: WordCounts) -> None:
        self.lines, self._words = lines, words

    def text(self, cell: Sequence[int]) -> str:
        """Return the lines of a cell as one text."""
        return join_cell_lines([self.lines[place].text for place in cell], self._words) if cell else ""


def find_tables(lines: Sequence[Line], words: WordCounts) -> tuple[Table, ...]:
    """Return the tables of a document in reading order, those that go on over a page end as one."""
    cells = Cells(lines, words)
    results: list[Table] = []
    grids: dict[int, dict[int, dict[int, list[int]]]] = {}
    for place, line in enumerate(lines):
        if line.cell is not None:
            grid = grids.setdefault(line.cell.table, {})
            grid.setdefault(line.cell.row, {}).setdefault(line.cell.column, []).append(place)
    for grid in grids.values():
        width = 1 + max(column for row in grid.values() for column in row)
        rows = [
            GridRow(tuple(tuple(row.get(column, ())) for column in range(width))) for _, row in sorted(grid.items())
        ]
        table = _make_table(rows, cells)
        if results and table is not None and _is_continued_by(results[-1], table, cells):
            results[-1] = _append(results[-1], table, cells)
        elif table is not None and (table.header or _numbers_rows(table.rows, cells)):
            results.append(table)
    return tuple(_with_roles(_without_breaks(table, cells), cells) for table in results)


def _make_table(rows: Sequence[GridRow], cells: Cells) -> Table | None:
    """Return a grid as a table, None where it is laid out text."""
    heads = _count_header_rows(rows, cells)
    body = rows[heads:]
    if not _is_regular(body, cells):
        return None
    headers = _header_texts(rows[:heads], cells) if heads else [""] * len(rows[0].cells)
    return Table(tuple(Column(header) for header in headers), tuple(rows[:heads]), tuple(body), {})


def _is_regular(rows: Sequence[GridRow], cells: Cells) -> bool:
    """True if rows fill the same columns, as the rows of a list do."""
    wide = [row for row in rows if len(row.filled_columns) >= _LEAST_COLUMNS]
    if len(wide) >= max(1, _REGULAR * len(rows)):
        lengths = sorted(len(cells.text(row.cells[column])) for row in wide for column in row.filled_columns)
        return lengths[len(lengths) // 2] <= _LONG_CELL
    pairs = [row for row in rows if len(row.filled_columns) == _LEAST_COLUMNS - 1]
    if len(pairs) < max(_LEAST_ROWS, _REGULAR * len(rows)):
        return False
    firsts = [cells.text(row.cells[row.filled_columns[0]]) for row in pairs]
    numbers = sum(is_lone_number(text) for text in firsts)
    return numbers >= _NUMBERED * len(firsts) and len(set(firsts)) > 1


def _numbers_rows(rows: Sequence[GridRow], cells: Cells) -> bool:
    """True if one column has a number in most rows."""
    width = len(rows[0].cells)
    counts = [
        sum(bool(row.cells[place]) and is_lone_number(cells.text(row.cells[place])) for row in rows)
        for place in range(width)
    ]
    return len(rows) >= _LEAST_ROWS and max(counts) >= _NUMBERED * len(rows)


def is_lone_number(text: str) -> bool:
    """True if a cell contains a number of a record and nothing else."""
    number = printed_number(text)
    return number is not None and not number.rest and not number.total


def _count_header_rows(rows: Sequence[GridRow], cells: Cells) -> int:
    """Return how many rows at the top are column headers."""
    known = 0
    for place, row in enumerate(rows[:_MOST_HEADER_ROWS]):
        texts = [cells.text(row.cells[column]) for column in row.filled_columns]
        if not texts or (len(texts) > 1 and is_lone_number(texts[0])):
            break
        if any(len(text) > _LONGEST_HEADER for text in texts):
            break
        labelled = sum(meaning(text, weak=True) is not None or status_of(text) is not None for text in texts)
        if labelled >= 2 and labelled >= 0.4 * len(texts):
            known = place + 1
        elif known and labelled < 1:
            break
    if known:
        return known
    first = rows[0]
    bold = [cells.lines[place].style.bold for place in first.lines]
    below = [cells.lines[place].style.bold for row in rows[1:] for place in row.lines]
    numbered = any(is_lone_number(cells.text(first.cells[column])) for column in first.filled_columns)
    headed = len(first.filled_columns) >= _LEAST_COLUMNS and all(bold) and below.count(True) < 0.5 * len(below)
    return int(headed and not numbered and len(rows) > _LEAST_ROWS + 1)


def _header_texts(rows: Sequence[GridRow], cells: Cells) -> list[str]:
    """Return the header of each column, the texts of several rows one after the other."""
    return [
        " ".join(filter(None, (cells.text(row.cells[column]) for row in rows))) for column in range(len(rows[0].cells))
    ]


def _is_continued_by(table: Table, following: Table, cells: Cells) -> bool:
    """True if a table is the rest of another on the next page: the same header, or none and the same columns."""
    last = [place for row in (*table.header, *table.rows) for place in row.lines]
    first = [place for row in (*following.header, *following.rows) for place in row.lines]
    if not last or not first or cells.lines[min(first)].page - cells.lines[max(last)].page not in (0, 1):
        return False
    if following.header:
        same = [column.header for column in table.columns if column.header]
        own = [column.header for column in following.columns if column.header]
        return bool(own) and _squash(same) == _squash(own)
    if _counts_on(table, following, cells):
        return True
    if cells.lines[min(first)].page == cells.lines[max(last)].page or not _same_filling(table, following):
        return False
    opening = following.rows[0].cells[following.rows[0].filled_columns[0]] if following.rows[0].filled_columns else ()
    if is_lone_number(cells.text(opening)) and not _numbers_rows(table.rows, cells):
        return False  # the card of a record, not the rest of a table
    return len(table.columns) == len(following.columns) or _same_places(table, following, cells)


def _counts_on(table: Table, following: Table, cells: Cells) -> bool:
    """True if a table of as many columns has the numbers that come next, where a page end left no other sign."""
    if len(table.columns) != len(following.columns) or not (table.rows and following.rows):
        return False
    last, first = (cells.text(row.cells[0]) for row in (table.rows[-1], following.rows[0]))
    above, below = printed_number(last), printed_number(first)
    lone = above is not None and below is not None and not (above.rest or below.rest)
    return lone and above is not None and below is not None and above.form == below.form and (
        follows(above.parts or ref_parts(above.ref), below.parts or ref_parts(below.ref))
    )  # fmt: skip


def _same_filling(table: Table, following: Table) -> bool:
    """True if most rows of both fill the same number of columns, as the rows of one list do."""
    usual, other = (Counter(len(row.filled_columns) for row in part.rows) for part in (table, following))
    if not usual or not other:
        return False
    width = usual.most_common(1)[0][0]
    least = max(_LEAST_COLUMNS - 1, width - 1)
    rows = sum(count for filled, count in other.items() if filled >= least)
    return len(table.rows) > 1 and rows >= 0.6 * len(following.rows)


def _squash(texts: Iterable[str]) -> str:
    return re.sub(r"\W", "", "".join(texts)).lower()


def _lefts(table: Table, cells: Cells) -> dict[int, float]:
    """Return the usual left edge of each filled column, in points."""
    places: dict[int, list[float]] = defaultdict(list)
    for row in table.rows:
        for column in row.filled_columns:
            places[column].append(min(cells.lines[place].box.left for place in row.cells[column]))
    return {column: sorted(lefts)[len(lefts) // 2] for column, lefts in places.items()}


def _same_places(table: Table, following: Table, cells: Cells) -> bool:
    left, right = _lefts(table, cells), _lefts(following, cells)
    met = sum(any(abs(place - other) <= _SAME_COLUMN for other in left.values()) for place in right.values())
    return len(right) >= _LEAST_COLUMNS and met == len(right)


def _append(table: Table, following: Table, cells: Cells) -> Table:
    """Return a table with the rows of its rest on the next page, in its own columns."""
    if len(table.columns) == len(following.columns):
        target = {column: column for column in range(len(following.columns))}
    else:
        left, right = _lefts(table, cells), _lefts(following, cells)
        target = {column: min(left, key=lambda other: abs(left[other] - place)) for column, place in right.items()}
    rows = []
    for row in following.rows:
        moved: list[tuple[int, ...]] = [()] * len(table.columns)
        for column in row.filled_columns:
            place = target.get(column, column)
            if place < len(moved):
                moved[place] = (*moved[place], *row.cells[column])
        rows.append(GridRow(tuple(moved)))
    return replace(table, header=(*table.header, *following.header), rows=(*table.rows, *rows))


def _with_roles(table: Table, cells: Cells) -> Table:
    """Return the table with what its columns mean: by their headers, by the values below them, by their numbers."""
    columns = list(table.columns)
    texts = [[cells.text(row.cells[place]) for row in table.rows if row.cells[place]] for place in range(len(columns))]
    roles: list[str | None] = [meaning(column.header) for column in columns]
    statuses = _status_columns(columns, texts)
    for place, column in enumerate(columns):
        if place in statuses or (roles[place] and roles[place] in roles[:place] and roles[place] != "responsible"):
            roles[place] = None
        if roles[place] is None and place not in statuses and column.header:
            guess = meaning(column.header, weak=True) or guess_field(texts[place])
            roles[place] = guess if guess not in roles else None
    numbered = [
        place for place, own in enumerate(texts)
        if len(own) >= _NUMBERED * len(table.rows) and sum(map(is_lone_number, own)) >= _NUMBERED * len(own) > 0
    ]  # fmt: skip
    if "ref" in roles and roles.index("ref") not in numbered and numbered:
        roles[roles.index("ref")] = None
    if "ref" not in roles and numbered and roles[numbered[0]] in (None, "title"):
        roles[numbered[0]] = "ref"
    if "title" not in roles and "ref" in roles and (result := _title_column(roles, texts)) is not None:
        roles[result] = "title"
    made = [
        replace(column, role=role, status=statuses.get(place))
        for place, (column, role) in enumerate(zip(columns, roles, strict=True))
    ]
    return replace(table, columns=tuple(made), groups=dict(_find_groups(table, cells)))


def _status_columns(columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> dict[int, ItemStatus]:
    """Return the columns whose headers name statuses and that contain marks alone."""
    results = {}
    for place, column in enumerate(columns):
        status = status_of(column.header.replace(" ", "")) or status_of(column.header)
        if status is not None and all(_MARK.match(text) for text in texts[place]):
            results[place] = status
    return results if sum(bool(texts[place]) for place in results) > 1 else {}


def _title_column(roles: Sequence[str | None], texts: Sequence[Sequence[str]]) -> int | None:
    """Return the column that names the rows: the first one without a meaning that has distinct texts of some length."""
    for place, own in enumerate(texts):
        if roles[place] is None and own and len(set(own)) >= 0.8 * len(own):
            letters = sorted(sum(map(str.isalpha, text)) for text in own)
            if letters[len(letters) // 2] >= _TITLE_LETTERS:
                return place
    return None


def _find_groups(table: Table, cells: Cells) -> Iterator[tuple[int, str]]:
    """Yield the rows with one filled cell that name a group of those below, and that name."""
    usual = Counter(len(row.filled_columns) for row in table.rows).most_common(1)[0][0] if table.rows else 0
    for place, row in enumerate(table.rows):
        text = cells.text(row.cells[row.filled_columns[0]]) if len(row.filled_columns) == 1 else ""
        if usual > 1 and 2 < len(text) <= _LONGEST_HEADER and place + 1 < len(table.rows) and not is_lone_number(text):
            yield place, text


def _without_breaks(table: Table, cells: Cells) -> Table:
    """Return the table with rows whose numbers are missing joined to the row that they go on from."""
    width = len(table.rows[0].cells) if table.rows else 0
    own = [[cells.text(row.cells[place]) for row in table.rows if row.cells[place]] for place in range(width)]
    column = next(
        (
            place
            for place in range(width)
            if own[place] and sum(map(is_lone_number, own[place])) >= _NUMBERED * len(own[place])
        ),
        None,
    )
    if column is None or len(own[column]) < _REGULAR * len(table.rows):
        return table
    rows: list[GridRow] = []
    for row in table.rows:
        first = row.filled_columns[0] if row.filled_columns else 0
        text = cells.text(row.cells[first]) if row.filled_columns else ""
        goes_on = (
            bool(rows)
            and not row.cells[column]
            and (len(row.filled_columns) > 1 or first > column)
            and (text[:1].islower() or cells.lines[row.lines[0]].page != cells.lines[rows[-1].lines[-1]].page)
        )
        if goes_on:
            combined = zip(rows[-1].cells, row.cells, strict=True)
            rows[-1] = GridRow(tuple((*above, *below) for above, below in combined))
        else:
            rows.append(row)
    return replace(table, rows=tuple(rows))


def is_mark(text: str) -> bool:
    """True if a cell contains a tick or cross alone."""
    return _MARK.match(text.strip()) is not None
