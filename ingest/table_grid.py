"""What a table consists of: its rows, its columns with their roles, and the texts of its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from ingest.layout.hyphens import WholeWords, join_cell_lines
from ingest.readers.numbers import parse_number
from ingest.stream import Line
from vectorstore.records import ItemStatus

MAX_HEADER_LENGTH = 70  # characters of a column header
# share of a column's cells that are record numbers, from which it numbers the rows
MIN_NUMBERED = 0.6
_MARK = re.compile(r"[xX×✓✔☑☒●•■]|\([xX]\)|[jJ]a")


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: for each column of the table the indexes of its cell's lines, () for an empty
    cell.
    """

    cells: tuple[tuple[int, ...], ...]

    @property
    def lines(self) -> list[int]:
        """The indexes of all lines of the row, column by column."""
        return list(chain.from_iterable(self.cells))

    @property
    def filled_columns(self) -> list[int]:
        """The columns that are not empty."""
        return [column for column, cell in enumerate(self.cells) if cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header as printed, its role ("ref", "title" or a field), and the status that a
    mark in it means.
    """

    header: str
    role: str | None = None
    status: ItemStatus | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one document with at least one row, which may continue over pages.

    `header` are the rows of column headers, also those repeated on later pages, `rows` all others
    in order. `groups` maps the index in `rows` of a row that is a heading of the rows below it to
    its text.
    """

    columns: tuple[Column, ...]
    header: tuple[GridRow, ...]
    rows: tuple[GridRow, ...]
    groups: Mapping[int, str]

    @property
    def lines(self) -> list[int]:
        """The indexes of all lines of the table."""
        return lines_of((*self.header, *self.rows))

    def column_of(self, role: str) -> int | None:
        """Return the index of the first column with a role, None without one."""
        for index, column in enumerate(self.columns):
            if column.role == role:
                return index
        return None

    @property
    def statuses(self) -> list[int]:
        """The indexes of the columns in which a mark means a status."""
        return [index for index, column in enumerate(self.columns) if column.status is not None]


class Cells:
    """Gives the text of cells, as in the rendering of the document."""

    def __init__(self, lines: Sequence[Line], words: WholeWords) -> None:
        self.lines, self._words = lines, words

    def text(self, cell: Sequence[int]) -> str:
        """Return the lines of a cell as one text."""
        if cell:
            return join_cell_lines([self.lines[index].text for index in cell], self._words)
        return ""

    def texts(self, row: GridRow) -> list[str]:
        """Return the texts of the filled cells of a row."""
        return [self.text(cell) for cell in row.cells if cell]

    def texts_by_column(self, rows: Sequence[GridRow]) -> list[list[str]]:
        """Return the texts of the filled cells of each column of some rows."""
        columns = zip(*(row.cells for row in rows), strict=True)
        return [list(map(self.text, filter(None, column))) for column in columns]


def lines_of(rows: Iterable[GridRow]) -> list[int]:
    """Return the indexes of all lines of rows."""
    return list(chain.from_iterable(row.lines for row in rows))


def tables_by_line(tables: Iterable[Table]) -> dict[int, Table]:
    """Return tables by the indices of the lines of their rows, column headers left out."""
    by_line: dict[int, Table] = {}
    for table in tables:
        by_line |= dict.fromkeys(lines_of(table.rows), table)
    return by_line


def is_lone_number(text: str) -> bool:
    """True if a text is the number of a record and nothing else."""
    number = parse_number(text)
    return number is not None and not number.text_after and not number.total


def is_mark(text: str) -> bool:
    """True if a text is a tick or cross and nothing else."""
    return _MARK.fullmatch(text.strip()) is not None


def are_numbers(texts: Sequence[str]) -> bool:
    """True if most cells of a column are record numbers; False without cells."""
    return sum(map(is_lone_number, texts)) >= MIN_NUMBERED * len(texts) > 0


def usual_width(table: Table) -> int:
    """Return how many columns most rows of a table fill."""
    return Counter(len(row.filled_columns) for row in table.rows).most_common(1)[0][0]
