"""Tables whose rows are records because their heads say so: one names number, one names title.

Nothing that was learned is asked here: what is printed in the heads decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.keys import RECORDS
from ingest.readers.claims import RecordKind
from ingest.readers.kinds import kind_of_word
from ingest.readers.lexicon import RECORD_FIELDS, field_of_label
from ingest.readers.numbers import parse_number
from ingest.readers.proposals import Proposal
from ingest.readers.record_heads import IN_LINE, NumberPlace, RecordHead, Title
from ingest.readers.titles import has_words
from ingest.table_grid import Cells, Column, Table
from prompts import say

LEAST_ROWS = 2  # of a table that lists records
_NUMBERED = 0.6  # share of the rows with a number of their own
_SAME = 0.5  # share of the records of a list that others have too, from which they are the same
# "Nr. im Text", "Maß.-Nr.", "Laufnummer", "Maßnahme Code"
_NUMBER_HEAD = re.compile(r"(?i)^nr\b|\bnr\.?$|nummer$|\bcode$|\bkürzel$")


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A table with heads for number and title: its rows as a proposal, and the sentence that says
    why they are records. It is `bare` if no further head means a field of records.
    """

    table: Table
    column: int
    proposal: Proposal
    reason: str
    bare: bool

    @property
    def kind(self) -> RecordKind | None:
        """The kind that its head of titles names, None if it names none."""
        kind = kind_of_word(self.table.columns[self.column].header)
        return kind.value if kind in RECORDS else None


class TableReader:
    """Reads the rows of the tables of one document as proposals for records."""

    def __init__(self, tables: Sequence[Table], cells: Cells) -> None:
        self._tables, self._cells = tables, cells

    def row_titles(self) -> Iterator[str]:
        """Yield the titles in tables that have a column of titles."""
        for table in self._tables:
            column = table.column_of("title")
            if column is not None:
                yield from (self._cells.text(row.cells[column]) for row in table.rows)

    def proposals(self) -> Iterator[Proposal]:
        """Yield a proposal for each table with a header, a column of titles and at least
        `LEAST_ROWS` titles in it.
        """
        for table in self._tables:
            yield from self._rows(table)

    def of_records(self) -> Iterator[Proposal]:
        """Yield the proposals of the tables with a head for records, or for a field of them."""
        for table in self._tables:
            kinds = {kind_of_word(column.header) for column in table.columns}
            if not kinds.isdisjoint(RECORDS) or _has_fields(table.columns):
                yield from self._rows(table)

    def numbered(self) -> Iterator[Proposal]:
        """Yield the proposals whose rows have numbers of their own, and titles with words."""
        yield from filter(_is_numbered, self.proposals())

    def find_named(self) -> Iterator[NamedTable]:
        """Yield the tables whose heads name number and title, in the order of the text.

        Their rows have numbers of their own, and titles with words. A table with a single row is
        the head of a sheet.
        """
        for table in self._tables:
            number, column = table.column_of("ref"), table.column_of("title")
            if number is None or column is None or not table.header:
                continue
            if not _names_records(table.columns, number, column):
                continue
            proposal = self._proposal(table, column)
            if len(proposal.heads) < LEAST_ROWS or not _is_numbered(proposal):
                continue
            reason = say(
                "evidence.table",
                number=table.columns[number].header,
                title=table.columns[column].header,
            )
            bare = not _has_fields(table.columns)
            yield NamedTable(table, column, proposal, reason, bare)

    def _rows(self, table: Table) -> Iterator[Proposal]:
        column = table.column_of("title")
        if column is not None and table.header:
            proposal = self._proposal(table, column)
            if len(proposal.heads) >= LEAST_ROWS:
                yield proposal

    def _proposal(self, table: Table, column: int) -> Proposal:
        """Return the rows of a table with a title in a column. Rows that only name a group of rows
        (`groups`) are no records.
        """
        heads, titles = [], []
        for index, row in enumerate(table.rows):
            cell = row.cells[column]
            if cell and index not in table.groups:
                heads.append(self._row_head(table, row.cells, cell))
                titles.append(Title(tuple(cell), 0, self._cells.text(cell)))
        return Proposal(tuple(heads), tuple(titles))

    def _row_head(
        self, table: Table, cells: Sequence[Sequence[int]], title: Sequence[int]
    ) -> RecordHead:
        """Return the head of a row: the first line of its title, with its number.

        The number is in the column of numbers or, if there is no such column or its cell is empty,
        before the title ("3 Radwege"). `title` are the lines of the cell of the title, `cells`
        those of all cells. A head may have no number.
        """
        column = table.column_of("ref")
        if column is not None and cells[column]:
            number = parse_number(self._cells.text(cells[column]))
            # -1: as if the number were one cell to the left, where it usually is
            return RecordHead(title[0], number, NumberPlace("row", -1), cells[column][0])
        number = parse_number(self._cells.text(title))
        if number is not None and number.text_after:
            return RecordHead(title[0], number, IN_LINE, title[0])
        return RecordHead(title[0])


def without_repeated(tables: Sequence[NamedTable], sheets: Sequence[Proposal]) -> list[NamedTable]:
    """Return the tables whose rows are records: those whose records no sheets bear, and no table
    before them. A table of numbers and titles alone lists records only where there are no sheets.
    """
    chosen: list[NamedTable] = []
    for named in tables:
        is_covered = any(covers(family, named.proposal) for family in sheets)
        is_index = named.bare and bool(sheets)
        is_again = any(repeats(named.proposal, other.proposal) for other in chosen)
        if not (is_covered or is_index or is_again):
            chosen.append(named)
    return chosen


def covers(family: Proposal, listed: Proposal) -> bool:
    """True if a family has the numbers, or the titles, of half of the records of a list."""
    refs = len(family.refs & listed.refs)
    titles = len(family.folded_titles & listed.folded_titles)
    return max(refs, titles) >= _SAME * len(listed.heads)


def repeats(listed: Proposal, other: Proposal) -> bool:
    """True if a list has half of its records from another one. Numbers without letters do not tell:
    they may begin anew in each table.
    """
    has_codes = any(head.number and head.number.code for head in listed.heads)
    if has_codes:
        return covers(other, listed)
    return len(other.folded_titles & listed.folded_titles) >= _SAME * len(listed.heads)


def _names_records(columns: Sequence[Column], number: int, title: int) -> bool:
    """True if the head of the first column is a word for a number, and heads say that rows are
    records: one names a kind of them ("Maßnahme"), or a further one a field that only records have.
    """
    number_head, title_head = columns[number].header, columns[title].header
    kinds = {kind_of_word(number_head), kind_of_word(title_head)}
    is_number = field_of_label(number_head) == "ref" or _NUMBER_HEAD.search(number_head)
    names_kind = not kinds.isdisjoint(RECORDS)
    return bool(is_number) and (names_kind or _has_fields(columns))


def _has_fields(columns: Sequence[Column]) -> bool:
    """True if the head of a column is a word for a field that only records have."""
    return any(field_of_label(column.header) in RECORD_FIELDS for column in columns)


def _is_numbered(proposal: Proposal) -> bool:
    """True if most rows have a number, and a title with words that no other row has."""
    count = len(proposal.heads)
    numbered = sum(head.number is not None for head in proposal.heads)
    texts = {title.text for title in proposal.titles if has_words(title.text)}
    return min(numbered, len(texts)) >= _NUMBERED * count
