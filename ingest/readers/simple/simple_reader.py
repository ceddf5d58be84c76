"""The simple reader: turn a layout into text and into claims by its labels, numbers, tables and
headings.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ingest.readers.claims import Claims
from ingest.readers.lexicon import is_status_heading
from ingest.readers.simple.glued_headings import split_glued_headings
from ingest.readers.simple.heading_claims import heading_claims, illegible_claims, illegible_heads
from ingest.readers.simple.headings import Heading, HeadingReader
from ingest.readers.simple.kinds import KindAssigner
from ingest.readers.simple.labels import find_labels
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.rows import RowReader
from ingest.readers.simple.series import find_series
from ingest.readers.simple.sheet_claims import SheetClaims, accepted_sheets
from ingest.readers.simple.sheets import Sheet, find_sheets
from ingest.readers.simple.title_candidates import Title
from ingest.readers.simple.title_vote import TitleVote
from ingest.readers.simple.titles import known_titles, normalize_title
from ingest.rendering import BlockKind, Rendering, make_vocabulary, render
from ingest.stream import Layout
from ingest.tables import Cells, Column, find_tables
from ingest.tables_of_contents import find_tables_of_contents
from vectorstore.notation import fold_ref
from vectorstore.records import ItemKind, TableRow


class SimpleReading(NamedTuple):
    """The result of the simple reader: the rendered text, its claims and its table rows."""

    rendering: Rendering
    claims: Claims
    rows: tuple[TableRow, ...]


def read_simple(layout: Layout, title: str) -> SimpleReading:
    """Return the simple reading of one document; `title` is its registered title or file name."""
    return _SimpleReader(layout, title).read()


class _SimpleReader:
    def __init__(self, layout: Layout, title: str) -> None:
        self._layout, self._title = layout, title
        listed = [entry.title for entry in find_tables_of_contents(layout.lines).entries]
        self._lines = split_glued_headings(layout.lines, listed)
        self._words = make_vocabulary(self._lines)
        self._cells = Cells(self._lines, self._words)
        self._contents = find_tables_of_contents(
            self._lines
        )  # once more, for the indices of the split lines
        tables = find_tables(self._lines, self._words)
        self._tables = tuple(
            table for table in tables if not self._contents.lines.intersection(table.lines)
        )
        table_lines = {index for table in self._tables for index in table.lines}
        notes = {index for index, line in enumerate(self._lines) if line.note}
        self._document = DocumentLines(
            self._lines, frozenset(self._contents.lines | table_lines | notes)
        )

    def read(self) -> SimpleReading:
        """Find sheets, then the headings outside them, render the text by both, and make claims of
        all, and of rows.
        """
        listed = known_titles(entry.title for entry in self._contents.entries)
        titled = self._find_sheets(listed)
        headings = self._headings(titled, listed)
        inside = {index for sheet, _ in titled for index in range(sheet.start, sheet.end)}
        illegible = illegible_heads(self._lines, inside)
        ends = [*(heading.line for heading in headings), *illegible]
        titled = [(_cut_sheet(sheet, title, ends), title) for sheet, title in titled]
        rendering = self._render(titled, headings, illegible)
        sheet_claims = SheetClaims(self._document, rendering, self._title)
        claims = list(sheet_claims.make(titled))
        total = (
            sheet_claims.find_total([sheet for sheet, _ in titled], claims[0].kind)
            if claims
            else None
        )
        listed_titles = [entry.title for entry in self._contents.entries]
        claims += heading_claims(self._document, rendering, headings, listed_titles)
        claims += illegible_claims(self._lines, rendering, illegible)
        claims += RowReader(self._lines, self._tables, self._cells, rendering).read(
            claims, self._title
        )
        records = sorted(claims, key=lambda claim: claim.head.start if claim.head else 0)
        all_claims = Claims(records=tuple(records), totals=(total,) if total else ())
        return SimpleReading(rendering, all_claims, tuple(self._rows(rendering)))

    def _find_sheets(self, listed: frozenset[str]) -> list[tuple[Sheet, Title]]:
        """Return the sheets that are records, with their titles; `listed` are the titles of the
        contents.
        """
        bookmarks = [title for _, title, _ in self._layout.bookmarks]
        known = listed | known_titles([*self._row_titles(), *bookmarks])
        labels = find_labels(self._document, known)
        sheets = find_sheets(
            self._document, labels, find_series(self._document, [label.line for label in labels])
        )
        titles_by_ref: dict[str, list[str]] = defaultdict(list)
        for entry in self._contents.entries:
            if entry.ref and (title_in_contents := normalize_title(entry.title)):
                titles_by_ref[fold_ref(entry.ref)].append(title_in_contents)
        titles = TitleVote(self._document, labels, known, titles_by_ref).choose(sheets)
        titled = [
            (sheet, title) for sheet, title in zip(sheets, titles, strict=True) if title is not None
        ]
        return list(accepted_sheets(self._document, titled))

    def _row_titles(self) -> Iterator[str]:
        for table in self._tables:
            column = table.column_of("title")
            if column is not None:
                yield from (self._cells.text(row.cells[column]) for row in table.rows)

    def _headings(
        self, titled: Sequence[tuple[Sheet, Title]], listed: frozenset[str]
    ) -> list[Heading]:
        """Return the headings that are no heads of sheets."""
        heads = {index for sheet, title in titled for index in (sheet.start, *title.lines)}
        label_lines = {
            index for sheet, _ in titled for label in sheet.labels for index in label.lines
        }
        inside = {index for sheet, _ in titled for index in range(sheet.start, sheet.end)} - heads
        reader = HeadingReader(
            self._document, heads | label_lines, inside, listed, self._layout.bookmarks
        )
        headings = KindAssigner(reader.read(), self._lines, self._title).assign()
        return [
            _adjust_kind(heading, headings, [sheet for sheet, _ in titled]) for heading in headings
        ]

    def _render(
        self,
        titled: Sequence[tuple[Sheet, Title]],
        headings: Sequence[Heading],
        illegible: Sequence[int],
    ) -> Rendering:
        """Return the rendered text: each head is a block of its own, and a block begins with each
        label and point.

        Heads are titles and numbered first lines of sheets, headings, labels on lines of their own,
        and scanned lines with an illegible number. The lines of a head become one line of text.
        Points are numbered paragraphs.
        """
        breaks, combined = set[int](), set[int]()
        labels = [label for sheet, _ in titled for label in sheet.labels]
        heads = [
            *(title.lines for _, title in titled),
            *((sheet.start,) for sheet, _ in titled if sheet.member),
            *(heading.lines for heading in headings if not heading.is_point),
            *((index,) for index in illegible),
            *(label.lines for label in labels if label.is_whole),
        ]
        for lines in heads:
            breaks.update((lines[0], lines[-1] + 1))
            combined.update(
                index for before, index in itertools.pairwise(lines) if index == before + 1
            )
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
        """Yield the rows of all tables as rendered, without rows that only name a group of rows."""
        columns: dict[int, Column] = {}  # index of a line → the column of its cell
        for table in self._tables:
            for index, row in enumerate(table.rows):
                if index not in table.groups:
                    columns.update(
                        (line, table.columns[n])
                        for n, cell in enumerate(row.cells)
                        for line in cell
                    )
        for block in rendering.blocks:
            if block.kind is BlockKind.ROW and block.lines[0] in columns:
                own_columns = {id(columns[line]): columns[line] for line in block.lines}
                yield TableRow(
                    block.span.start, tuple(column.header for column in own_columns.values())
                )


def _adjust_kind(heading: Heading, headings: Sequence[Heading], sheets: Sequence[Sheet]) -> Heading:
    """Return a heading, as a theme if sheets continue its number with letters, as a section if it
    is unlike theirs.

    A measure or project without letters, word or a status above is a section too: then the sheets
    are the records.
    """
    number = heading.number
    if number is None or not sheets:
        return heading
    sheet_numbers = [sheet.member.number for sheet in sheets if sheet.member is not None]
    is_continued = any(  # "A1" by "A1.1"
        other.code == number.code
        and other.depth > number.depth
        and other.parts[: number.depth] == number.parts
        for other in sheet_numbers
    )
    if number.code and is_continued:
        return replace(heading, kind=ItemKind.THEME)
    if (
        number.code
        and len(sheet_numbers) > 2
        and all(number.form != other.form for other in sheet_numbers)
    ):
        return replace(heading, kind=ItemKind.SECTION)
    above = headings[heading.parent] if heading.parent is not None else None
    is_below_status = above is not None and is_status_heading(above.title)
    if heading.kind in (ItemKind.MEASURE, ItemKind.PROJECT) and not (
        number.code or number.word or is_below_status
    ):
        return replace(heading, kind=ItemKind.SECTION)
    return heading


def _cut_sheet(sheet: Sheet, title: Title, heading_lines: Sequence[int]) -> Sheet:
    """Return a sheet that ends before the first heading after its title."""
    last = max(title.lines[-1], sheet.start)
    end = min((line for line in heading_lines if last < line < sheet.end), default=sheet.end)
    return replace(
        sheet, end=end, labels=tuple(label for label in sheet.labels if label.line < end)
    )
