"""Read a document by rules: turn a layout into text and into claims by families of records that
look alike, by tables and headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from operator import attrgetter
from typing import NamedTuple

from ingest.readers.claims import Claims
from ingest.readers.family_reader import FamilyReader, RecordFamilies
from ingest.readers.glued_headings import split_glued_headings
from ingest.readers.heading_claims import heading_claims, illegible_claims, illegible_heads
from ingest.readers.heading_lines import HeadingLines
from ingest.readers.heading_reader import read_headings
from ingest.readers.headings import Heading, with_parents
from ingest.readers.kinds import KindAssigner
from ingest.readers.lines import DocumentLines
from ingest.readers.looks import Look
from ingest.readers.record_claims import SheetClaims
from ingest.readers.recurring_labels import find_recurring_labels
from ingest.readers.rows import RowReader
from ingest.readers.sheets import Sheet, cut_sheet, find_rests
from ingest.readers.titles import known_titles
from ingest.rendering import Rendering, make_vocabulary, render
from ingest.stream import Layout
from ingest.table_grid import Cells, Column
from ingest.tables import find_tables
from ingest.tables_of_contents import find_tables_of_contents
from vectorstore.records import ProposedFamily, TableRow


class SimpleReading(NamedTuple):
    """The result of reading by rules: the rendered text, its claims, its table rows, and the
    families that staff are asked about, and sentences on examples that are not followed.
    """

    rendering: Rendering
    claims: Claims
    rows: tuple[TableRow, ...]
    proposed: tuple[ProposedFamily, ...] = ()
    refused: tuple[str, ...] = ()


def read_simple(layout: Layout, title: str, looks: Sequence[Look] = ()) -> SimpleReading:
    """Return the reading of one document by rules; `title` is its registered title or file name,
    `looks` are what staff said of families of records.
    """
    return _RuleReader(layout, title, looks).read()


def make_family_reader(layout: Layout) -> FamilyReader:
    """Return what finds the families of a document, without what staff said of them."""
    return _RuleReader(layout, "", ()).families


class _RuleReader:
    def __init__(self, layout: Layout, title: str, looks: Sequence[Look]) -> None:
        """Prepare the lines, tables and families of a document.

        The table of contents is searched twice: its titles tell where a heading is glued to a
        sentence, and splitting these lines changes the indices of all lines below. Tables within it
        are no tables.
        """
        listed = find_tables_of_contents(layout.lines).titles
        layout = replace(layout, lines=split_glued_headings(layout.lines, listed))
        self._layout, self._title = layout, title
        self._lines = layout.lines
        self._words = make_vocabulary(self._lines)
        self._cells = Cells(self._lines, self._words)
        self._contents = find_tables_of_contents(self._lines)
        tables = find_tables(self._lines, self._words)
        is_outside = self._contents.lines.isdisjoint
        self._tables = tuple(table for table in tables if is_outside(table.lines))
        self.families = FamilyReader(layout, self._contents, self._tables, self._cells, looks)

    def read(self) -> SimpleReading:
        """Return the result of reading: rendered text, claims and rows.

        The families of records are found first, then the headings outside their sheets. A sheet
        ends before a heading, an illegible number or a text that was cut from the sheet before:
        only then are the sheets final. All these tell where the rendered text has blocks, and
        claims refer to its characters.
        """
        families = self.families.read()
        self._tables = families.tables  # without those that are frames of sheets
        document = families.document
        bookmarks = (title for _, title, _ in self._layout.bookmarks)
        listed = known_titles([*self._contents.titles, *bookmarks])
        headings, recurring = self._headings(document, families.sheets, listed)
        inside = _lines_of(families.sheets)
        illegible = illegible_heads(self._lines, inside)
        illegible += find_rests(document, families.sheets)
        ends = [*(heading.line for heading in headings), *illegible]
        sheets = [cut_sheet(sheet, ends) for sheet in families.sheets]
        rendering = self._render(sheets, headings, recurring, illegible)
        claims = self._claims(document, families, sheets, headings, illegible, rendering)
        rows = tuple(self._rows(rendering))
        return SimpleReading(rendering, claims, rows, families.proposed, families.refused)

    def _claims(
        self,
        document: DocumentLines,
        families: RecordFamilies,
        sheets: Sequence[Sheet],
        headings: Sequence[Heading],
        illegible: Sequence[int],
        rendering: Rendering,
    ) -> Claims:
        """Return all claims in the order of the text: those of sheets, headings, heads with an
        illegible number, and table rows. Rows are read last, since a table with records that are
        known from sheets or headings lists records.
        """
        sheet_claims = SheetClaims(document, rendering, self._title)
        claims = list(sheet_claims.make(sheets))
        total = sheet_claims.find_total(sheets, claims)
        claims += heading_claims(document, rendering, headings, self._contents.titles)
        claims += illegible_claims(self._lines, rendering, illegible)
        rows = RowReader(document, self._tables, self._cells, rendering)
        claims += rows.read(claims, self._title, families.rows)
        records = sorted(claims, key=attrgetter("head.start"))
        return Claims(records=tuple(records), totals=tuple(filter(None, [total])))

    def _headings(
        self, document: DocumentLines, sheets: Sequence[Sheet], listed: frozenset[str]
    ) -> tuple[list[Heading], list[Heading]]:
        """Return the headings that are no heads of sheets, and separately the headings that turned
        out to be labels.

        Heads and labels of sheets are taken: none of their lines can be a heading. Without the
        recurring labels, parents are determined anew, and kinds follow from them. `listed` are the
        normalized titles of the table of contents and of the bookmarks.
        """
        heads = {sheet.start for sheet in sheets}.union(*(sheet.title.lines for sheet in sheets))
        labels = chain.from_iterable(sheet.labels for sheet in sheets)
        taken = heads.union(*(label.lines for label in labels))
        inside = _lines_of(sheets) - heads
        lines = HeadingLines(document, taken, listed)
        read = read_headings(lines, inside)
        indices = find_recurring_labels(document, read)
        titles = [heading for index, heading in enumerate(read) if index not in indices]
        headings = KindAssigner(with_parents(titles), self._lines, self._title).assign()
        recurring = [read[index] for index in sorted(indices)]
        return headings, recurring

    def _render(
        self,
        sheets: Sequence[Sheet],
        headings: Sequence[Heading],
        recurring: Sequence[Heading],
        illegible: Sequence[int],
    ) -> Rendering:
        """Return the rendered text. Each head is a block of its own, and a block begins with each
        label and point.

        Heads are titles and numbered first lines of sheets, headings, recurring labels, labels on
        lines of their own, and scanned lines with an illegible number. The lines of a head become
        one line of text. Points are numbered paragraphs.
        """
        breaks, combined = set[int](), set[int]()
        labels = list(chain.from_iterable(sheet.labels for sheet in sheets))
        heads = [
            *(sheet.title.lines for sheet in sheets),
            *((sheet.head.number_line,) for sheet in sheets if sheet.head.number),
            *(heading.lines for heading in headings if not heading.is_point),
            *(label.lines for label in recurring),
            *((index,) for index in illegible),
            *(label.lines for label in labels if label.is_whole),
        ]
        for lines in heads:
            breaks.update((lines[0], lines[-1] + 1))
            combined.update(index for before, index in pairwise(lines) if index == before + 1)
        breaks.update(sheet.start for sheet in sheets)
        breaks.update(label.line for label in labels)
        breaks.update(heading.line for heading in headings if heading.is_point)
        return render(
            self._lines,
            self._tables,
            self._contents.lines,
            self._words,
            self._layout.page_count,
            self._layout.labels,
            frozenset(breaks),
            frozenset(combined),
        )

    def _rows(self, rendering: Rendering) -> Iterator[TableRow]:
        """Yield the rows of all tables as rendered, each as the offset of its block and the headers
        of its filled columns. Rows that only name a group of rows are left out.
        """
        columns: dict[int, Column] = {}  # index of a line → the column of its cell
        for table in self._tables:
            for index, row in enumerate(table.rows):
                if index in table.groups:
                    continue
                for column, cell in zip(table.columns, row.cells, strict=True):
                    columns |= dict.fromkeys(cell, column)
        for block in rendering.blocks:
            if block.lines[0] in columns:
                own_columns = {id(columns[line]): columns[line] for line in block.lines}
                headers = [column.header for column in own_columns.values()]
                yield TableRow(block.span.start, tuple(headers))


def _lines_of(sheets: Sequence[Sheet]) -> set[int]:
    return set[int]().union(*(range(sheet.start, sheet.end) for sheet in sheets))
