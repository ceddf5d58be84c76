"""The simple reader: a layout becomes text, and the claims that its labels, numbers, tables and headings support."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.contents import Contents, find_contents
from ingest.readers.claims import Claim, Claims, Span
from ingest.readers.lexicon import is_status_heading, meanings
from ingest.readers.numbers import same_ref
from ingest.readers.simple.cards import find_cards
from ingest.readers.simple.glued import split_glued_headings
from ingest.readers.simple.heading_claims import HeadingClaims
from ingest.readers.simple.headings import Heading
from ingest.readers.simple.labels import find_labels
from ingest.readers.simple.outline import OutlineReader
from ingest.readers.simple.rows import RowReader
from ingest.readers.simple.series import Series, find_series
from ingest.readers.simple.sheet_claims import SheetClaims, with_bracketed_units
from ingest.readers.simple.sheets import Sheet, SheetFinder
from ingest.readers.simple.titles import known_titles
from ingest.rendering import Rendering, make_vocabulary, render
from ingest.stream import Layout, body_style
from ingest.tables import Cells, Table, find_tables
from vectorstore.records import ItemKind

_SHEET_LEVEL, _DOUBTFUL_LEVEL = 80, 79
_HALF = 0.5  # share of the reasons, and of the labels, from which a sheet is a record


@dataclass(frozen=True, slots=True)
class SimpleReading:
    """What the simple reader makes of a layout: the text, the claims about it, tables and contents."""

    rendering: Rendering
    claims: Claims
    tables: tuple[Table, ...]
    contents: Contents


def read_simple(layout: Layout, title: str) -> SimpleReading:
    """Read one document; `title` is what is known of its title before."""
    return _Reader(layout, title).read()


class _Reader:
    def __init__(self, layout: Layout, title: str) -> None:
        self._layout, self._title = layout, title
        listed = [entry.title for entry in find_contents(layout.lines).entries]
        self._lines = split_glued_headings(layout.lines, listed)
        self._words = make_vocabulary(self._lines)
        self._contents = find_contents(self._lines)
        self._tables = tuple(
            table for table in find_tables(self._lines, self._words)
            if not any(place in self._contents.lines for row in (*table.header, *table.rows) for place in row.lines)
        )  # fmt: skip
        tabled = {place for table in self._tables for row in (*table.header, *table.rows) for place in row.lines}
        self._apart = frozenset(self._contents.lines | tabled)
        self._body = body_style(line for place, line in enumerate(self._lines) if place not in self._apart)
        self._known: Collection[str] = ()  # titles that contents, overviews and bookmarks list, as they are compared
        self._cells = Cells(self._lines, self._words)

    def read(self) -> SimpleReading:
        labels = find_labels(self._lines, self._apart)
        series = find_series(self._lines, self._apart)
        listed = [entry.title for entry in self._contents.entries]
        known = known_titles([*listed, *self._row_titles(), *(title for _, title, _ in self._layout.bookmarks)])
        self._known = known
        cards = find_cards(self._lines, series, self._apart)
        sheets = SheetFinder(self._lines, labels, series, self._apart, known).find(cards)
        headings = self._headings(sheets, series, known_titles(listed))
        sheets = [_cut_sheet(sheet, [heading.line for heading in headings]) for sheet in sheets]
        rendering = self._render(sheets, headings)
        meant = meanings({label.text for label in labels})
        sheet_claims = SheetClaims(self._lines, rendering, known, self._body, self._title)
        heading_claims = HeadingClaims(self._lines, rendering, self._contents)
        claims = [*sheet_claims.make(sheets, meant), *heading_claims.make(headings)]
        claims = [_doubted(claim) for claim in with_bracketed_units(claims)]
        rows = RowReader(self._lines, self._tables, self._cells, rendering, self._contents).read(claims, self._title)
        records = sorted((*claims, *rows), key=lambda claim: (claim.head or Span(0, 0)).start)
        return SimpleReading(rendering, Claims(records=tuple(records)), self._tables, self._contents)

    def _row_titles(self) -> Iterator[str]:
        for table in self._tables:
            column = table.column_of("title")
            if column is not None:
                yield from (self._cells.text(row.cells[column]) for row in table.rows)

    def _headings(self, sheets: Sequence[Sheet], series: Sequence[Series], listed: Collection[str]) -> list[Heading]:
        """Return the headings that are no heads of sheets; a number that a sheet has heads nothing else."""
        taken = {place for sheet in sheets for place in (*sheet.title_lines, sheet.number_line) if place is not None}
        labelled = {place for sheet in sheets for field in sheet.fields for place in field.label.lines}
        inside = {place for sheet in sheets for place in range(sheet.first, sheet.end)} - taken
        apart = self._apart | taken | labelled
        outline = OutlineReader(self._lines, apart, inside, series, listed, self._layout.bookmarks, self._title)
        numbers = {(sheet.number.code, same_ref(sheet.number.ref)) for sheet in sheets if sheet.number}
        headings = outline.read(numbers)
        return [_with_kind(heading, headings, sheets) for heading in headings]

    def _render(self, sheets: Sequence[Sheet], headings: Sequence[Heading]) -> Rendering:
        breaks: set[int] = set()
        joined: set[int] = set()
        for lines in (
            *(sheet.title_lines for sheet in sheets), *(heading.lines for heading in headings if not heading.is_point),
            *(field.label.lines for sheet in sheets for field in sheet.fields),
            *((sheet.number_line,) for sheet in sheets if sheet.number_line is not None),
        ):  # fmt: skip
            breaks.update((lines[0], lines[-1] + 1))
            joined.update(place for place in lines[1:] if place == lines[lines.index(place) - 1] + 1)
        for sheet in sheets:
            breaks.difference_update(field.label.line + 1 for field in sheet.fields if field.label.start is not None)
        breaks.update(heading.line for heading in headings if heading.is_point)
        return render(
            self._lines, self._tables, self._contents.lines, self._words,
            self._layout.page_count, self._layout.labels, frozenset(breaks), frozenset(joined - breaks | joined),
        )  # fmt: skip


def _with_kind(heading: Heading, headings: Sequence[Heading], sheets: Sequence[Sheet]) -> Heading:
    """Return a heading as a theme where its number begins those of sheets; beside sheets points are sections."""
    number = heading.number
    if number is None or not sheets:
        return heading
    if number.code and any(
        sheet.number and sheet.number.code == number.code and len(sheet.number.parts) > len(number.parts)
        and sheet.number.parts[: len(number.parts)] == number.parts
        for sheet in sheets
    ):  # fmt: skip
        return replace(heading, kind=ItemKind.THEME)
    numbered = [sheet.number for sheet in sheets if sheet.number is not None]
    if number.code and len(numbered) > 2 and all(number.form != other.form for other in numbered):
        return replace(heading, kind=ItemKind.SECTION)
    above = headings[heading.parent] if heading.parent is not None else None
    grouped = above is not None and is_status_heading(above.title)
    if heading.kind in (ItemKind.MEASURE, ItemKind.PROJECT) and not (number.code or number.word or grouped):
        return replace(heading, kind=ItemKind.SECTION)
    return heading


def _doubted(claim: Claim) -> Claim:
    """Return a claim as a section where too few reasons support a record."""
    if claim.where != "sheet" or claim.confidence >= _HALF:
        return claim
    return claim.model_copy(update={"kind": "section", "where": "heading", "level": _DOUBTFUL_LEVEL})


def _cut_sheet(sheet: Sheet, headings: Sequence[int]) -> Sheet:
    """Return a sheet up to the first heading behind its title."""
    last = max(sheet.title_lines[-1], sheet.number_line or 0)
    end = min((line for line in headings if last < line < sheet.end), default=sheet.end)
    fields = [
        replace(field, lines=tuple(line for line in field.lines if line < end))
        for field in sheet.fields if field.label.line < end
    ]  # fmt: skip
    return replace(sheet, end=end, fields=tuple(fields))
