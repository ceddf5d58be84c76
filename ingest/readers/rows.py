"""Turn the rows of tables that list records into claims, with a field for each column that has a
header.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ingest.keys import FAMILY_KINDS
from ingest.readers.claims import LONG, SHORT, Claim, ClaimedField, RecordKind, Span
from ingest.readers.family_reader import RowFamily
from ingest.readers.kinds import kind_of_word, record_kind
from ingest.readers.lexicon import is_sum_row
from ingest.readers.lines import DocumentLines
from ingest.readers.numbers import parse_number
from ingest.readers.titles import normalize_title, shorten
from ingest.rendering import Rendering
from ingest.table_grid import Cells, GridRow, Table, is_mark
from vectorstore.language import fold_ref
from vectorstore.records import ItemStatus

# Without rows 40 of 210 units were lost (docs/decisions/005-reading.md).
_YEAR = re.compile(r"^20\d\d$")  # header of a column with ticks
_LONGEST_TITLE = 300  # characters, of a longer one the first sentence is the title
_CAPTION_LINES = 4  # lines above a table among which its caption is
_ARCHIVE = re.compile(r"\barchiv", re.IGNORECASE)


class _TitledRow(NamedTuple):
    row: GridRow
    # the theme of its column, else the title of the group of rows above it, "" without one
    group: str
    ref: str
    title: str


def _possible_list(table: Table) -> RowFamily | None:
    """Return the rows of a table that is no family but has a column of titles: alone they make no
    record.
    """
    column = table.column_of("title")
    if column is None:
        return None
    return RowFamily(table, column, None, confidence=0.0)


class RowReader:
    """Reads the rows of the tables of one document that list records."""

    def __init__(
        self,
        document: DocumentLines,
        tables: Sequence[Table],
        cells: Cells,
        rendering: Rendering,
    ) -> None:
        self._document, self._tables = document, tables
        self._cells, self._rendering = cells, rendering

    def read(
        self, known: Sequence[Claim], title: str, families: Sequence[RowFamily]
    ) -> Iterator[Claim]:
        """Yield a claim for each row of each table that lists records; `title` is that of the
        document.

        A table lists records if it is one of the `families`, if some of its rows are `known` claims
        (of sheets and headings), or if its caption names an archive. Its rows have the kind that
        staff chose, else the kind of most known claims in it, else the kind that header or title
        name. Rows of a table that is no family have the confidence 0: what only they have
        makes no record later.
        """
        records = [claim for claim in known if claim.kind in FAMILY_KINDS]
        kinds = {normalize_title(claim.title): claim.kind for claim in records}
        kinds |= {claim.ref: claim.kind for claim in records if claim.number}
        by_table = {id(family.table): family for family in families}
        for table in self._tables:
            family = by_table.get(id(table)) or _possible_list(table)
            if family is not None:
                yield from self._claims(family, kinds, title)

    def _claims(
        self, family: RowFamily, kinds: Mapping[str, RecordKind], document_title: str
    ) -> Iterator[Claim]:
        """Yield the claims of a table, none if nothing says that it lists records. `kinds` are
        those of the known claims by number and title.
        """
        table, is_list = family.table, family.confidence > 0
        rows = list(self._titled_rows(table, family.column))
        if not is_list:
            rows = [row for row in rows if len(row.title) <= _LONGEST_TITLE]
        names = ((fold_ref(row.ref), normalize_title(row.title)) for row in rows)
        known_kinds = (kinds.get(ref) or kinds.get(title) for ref, title in names)
        counts: Counter[RecordKind] = Counter(filter(None, known_kinds))
        is_archive = _ARCHIVE.search(" ".join(self._caption_lines(table))) is not None
        if not is_list and not counts and not is_archive:
            return
        usual = max(counts, key=counts.__getitem__, default=self._kind(family, document_title))
        for row in rows:
            yield self._claim(family, row, family.kind or usual, is_archive)

    def _titled_rows(self, table: Table, column: int) -> Iterator[_TitledRow]:
        """Yield each row of a table with its group, number and title. Rows with sums or without
        words in their title are left out.

        A row that heads others names their group up to the next such row. A theme in a column of
        its own names it rather; if its cell is empty, the theme of the row above goes on.
        """
        ref_column, theme_column = table.column_of("ref"), table.column_of("theme")
        group = theme = ""
        for index, row in enumerate(table.rows):
            if index in table.groups:
                group = table.groups[index]
                continue
            title, ref = self._cells.text(row.cells[column]), ""
            if ref_column is not None:
                ref = self._cells.text(row.cells[ref_column])
            if theme_column is not None:
                theme = self._cells.text(row.cells[theme_column]) or theme
            ref, title = _split_number(ref, title)
            is_head = title == table.columns[column].header  # again, on a later page
            has_words = sum(map(str.isalpha, title)) >= 3
            if has_words and not is_head and not is_sum_row(title):
                yield _TitledRow(row, theme or group, ref, title)

    def _kind(self, family: RowFamily, document_title: str) -> RecordKind:
        """Return the kind of the rows of a table, by the first of these that names one: the header
        of the titles, the title of the document. If none does, they are measures.
        """
        header = family.table.columns[family.column].header
        texts = (header, document_title)
        kinds = (kind for kind in map(kind_of_word, texts) if kind in FAMILY_KINDS)
        return record_kind(next(kinds, None)).value

    def _caption_lines(self, table: Table) -> list[str]:
        """Return the short ones of the few lines directly above a table: its caption, or the
        heading above it. Long lines are text.
        """
        first = min((*table.header, *table.rows)[0].lines, default=0)
        before = map(self._document.text, range(max(0, first - _CAPTION_LINES), first))
        return [text for text in before if len(text) <= 120]

    def _claim(
        self, family: RowFamily, row: _TitledRow, kind: RecordKind, is_archive: bool
    ) -> Claim:
        """Return the claim of a row. A ticked column whose header is a status or a year ("2025")
        gives it as status or period of the record. In an archive all rows have the status
        "archived". Head and text are both the whole row.
        """
        table, cells = family.table, row.row.cells
        filled = row.row.filled_columns
        ticked = [table.columns[n] for n in filled if is_mark(self._cells.text(cells[n]))]
        status: str | None = None
        if is_archive:
            status = ItemStatus.ARCHIVED.value
        else:
            stated = (column.status.value for column in ticked if column.status is not None)
            status = next(stated, None)
        years = filter(_YEAR.match, (column.header for column in ticked))
        spans = [self._rendering.span_of(cell) for cell in cells if cell]
        extent = Span(min(span.start for span in spans), max(span.end for span in spans))
        return Claim(
            kind=kind,
            number=row.ref[:SHORT] or None,
            title=row.title if len(row.title) <= _LONGEST_TITLE else shorten(row.title),
            page=self._document.lines[cells[family.column][0]].page + 1,
            where="row",
            parent=row.group[:SHORT] or None,
            fields=tuple(self._fields(table, row.row)),
            period=", ".join(years) or None,
            status=status,
            head=extent,
            title_span=self._rendering.span_of(cells[family.column]),
            confidence=family.confidence,
            reason=family.reason,
            extent=extent,
        )

    def _fields(self, table: Table, row: GridRow) -> Iterator[ClaimedField]:
        """Yield a field for each filled cell of a row, if its column has a header and is not that
        of numbers or titles. A column whose header is a status ("Umgesetzt") means the status,
        whatever its cell says.
        """
        for index in row.filled_columns:
            column, cell = table.columns[index], row.cells[index]
            label, meaning = column.header[:SHORT], column.role
            if meaning in ("ref", "title") or not label:
                continue
            if column.status is not None:
                meaning = "status"
            yield ClaimedField(
                label=label,
                text=self._cells.text(cell)[:LONG],
                meaning=meaning,
                span=self._rendering.span_of(cell),
                lines=self._document.split_list(cell),
            )


def _split_number(ref: str, title: str) -> tuple[str, str]:
    """Return number and title of a row, given the texts of its cells; `ref` is "" without a text
    for the number. Then the number is taken from the beginning of the title. A number in its own
    cell is returned without its label word and without a word behind it, which is about the number
    ("3" for "Nr. 3" and "3 neu"). If figures or signs follow it, the cell is left as it is.
    """
    number = parse_number(ref or title)
    if number is None:
        return ref, title
    if not ref:
        return (number.ref, number.text_after) if number.text_after else ("", title)
    if number.text_after and not number.text_after[0].isalpha():
        return ref, title
    return number.ref, title
