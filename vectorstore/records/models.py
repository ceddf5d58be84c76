"""The data types that all packages share: document, item, chunk and their parts.

A document is one published text. An item is a citable unit of it (theme, goal, project, measure,
principle, thesis, resolution point, labelled section). A chunk is an indexed passage of exactly one
item. All offsets are character offsets into `Document.text`, the clean rendering: page furniture
removed, line-end hyphenation undone, paragraphs separated by an empty line.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import TypeAdapter

# values of `Item.read_by`: the reader without a model; people
BY_SIMPLE_READER = "simple"
BY_STAFF = "staff"
ItemAddress = tuple[str, str]  # document id and key of an item, which make the URL of its page


class DocumentKind(StrEnum):
    """What sort of paper a document is."""

    STRATEGY = "strategy"
    REPORT = "report"
    GUIDING_PRINCIPLES = "guiding_principles"
    MOTION = "motion"
    PROGRAMME = "programme"
    CONCEPT = "concept"
    PLAN = "plan"
    STATUTE = "statute"
    MINUTES = "minutes"
    ANSWER = "answer"
    BUDGET = "budget"
    OTHER = "other"


class DocumentStatus(StrEnum):
    """How binding a document is: `draft` and `proposed` are never presented as decided."""

    ADOPTED = "adopted"
    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"


class ItemKind(StrEnum):
    """What sort of citable unit an item is."""

    THEME = "theme"
    GOAL = "goal"
    PROJECT = "project"
    MEASURE = "measure"
    PRINCIPLE = "principle"
    THESIS = "thesis"
    RESOLUTION = "resolution"
    SECTION = "section"


# Records of these kinds are counted together, and followed from one document to the next.
PLANS = (ItemKind.PROJECT, ItemKind.MEASURE)
GOALS = (ItemKind.GOAL,)


class ItemStatus(StrEnum):
    """Where a project stands, by the group heading that it stands under."""

    IDEA = "idea"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    IMPLEMENTED = "implemented"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its `start` offset in the text, its PDF page `number` from 1, its printed `label`."""

    start: int
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class RefTitle:
    """A reference to a theme or a goal by its printed number and its title."""

    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled field of an item: its label as printed, its text verbatim in the document's text.

    `field` is what the label means ("responsible", "period", ...), None where that is not known.
    `page` is the PDF page on which the text begins, `start` its offset in the document's text, -1
    where unknown. `with_unit` is the text with the unit that its label states ("4.800 T€"), ""
    where it takes none.
    """

    label: str
    text: str
    field: str | None = None
    page: int | None = None
    start: int = -1
    with_unit: str = ""

    @property
    def printed(self) -> str:
        """The text with its unit."""
        return self.with_unit or self.text


class ValueKind(StrEnum):
    """What sort of value a text states."""

    DATE = "date"
    PERIOD = "period"
    AMOUNT = "amount"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Value:
    """A value that an item states, parsed once: `text` verbatim at `start`..`end` of the document's
    text.

    `value` is its normal form: a date "2026-05-01", "2026-05" or "2026"; a period "2026/2030",
    "2026/" or "/2030" of such dates; an amount in euros as a decimal number ("412000"); a unit's
    code, or its name where it has none. `unit` is "EUR" or "EUR/a" (per year) for an amount,
    `thing` the name of an administrative unit for a `UNIT`. `with_unit` is the text with the unit
    that its label or its column's head states, "" where it takes none.
    """

    kind: ValueKind
    text: str
    value: str
    start: int
    end: int
    unit: str | None = None
    thing: str | None = None
    with_unit: str = ""

    @property
    def printed(self) -> str:
        """The text with its unit."""
        return self.with_unit or self.text


@dataclass(frozen=True, slots=True)
class ConflictValue:
    """One of several differing statements of a field: `source` is sheet, overview, schedule, text
    or list.
    """

    text: str
    page: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that one document states differently in several places; `text` and `table` are the
    first two values.
    """

    field: str
    text: str
    table: str
    values: tuple[ConflictValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a document states about its own contents ("Inhaltsverzeichnis: 60 Einträge"), with its
    PDF page, from 1.
    """

    what: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """All records of one numbering in one document: how many were `found`, and how many there
    should be.

    `label` is the shape of the numbers ("M {n}", "{n}.{n}.{n}.{n}"). `expected` is the count in the
    document's own list or statement, else the highest running number, None where neither exists.
    `complete` is true if as many were found, false if fewer were, None if the structure was not
    understood; then no count may be given. `reason` says why they are records ("Spalten „Nr.“ und
    „Maßnahme“"), "" where nothing printed names it.
    """

    label: str
    kind: ItemKind
    found: int
    expected: int | None = None
    complete: bool | None = None
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The characters of a file without white space, counted by where they went.

    `body` is in chunks, and so are the values of `forms`. `struck` are struck out, `notes` are
    marks of notes; `lost` are visible and in no chunk.
    """

    body: int
    furniture: int = 0
    contents: int = 0
    hidden: int = 0
    lost: int = 0
    struck: int = 0
    notes: int = 0
    forms: int = 0


@dataclass(frozen=True, slots=True)
class MetadataFact:
    """The evidence for one field of the document metadata.

    `field` is title, publisher, kind, status or as_of; `by` is the source of its value (register,
    staff, found, in editions of earlier versions model); `quote` is the supporting passage,
    verbatim, on PDF `page` from 1; `sure` is False where people have to confirm it.
    """

    field: str
    by: str
    sure: bool
    quote: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table row in a document's text: the offset of its start, and the column header of each of
    its cells.
    """

    start: int
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StruckText:
    """A text that is struck out, on a page from 1 (None where the source has no pages)."""

    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """A page, from 1, whose text was read by OCR; `rows` are its words with their boxes.

    Each word has a line: word, left, top, right, bottom, separated by tabs, in points from the top
    left corner.
    """

    page: int
    rows: str


@dataclass(frozen=True, slots=True)
class ProposedRecord:
    """A record that a document may have: number as printed ("" without one), title, PDF page from
    1.
    """

    ref: str
    title: str
    page: int


@dataclass(frozen=True, slots=True)
class ProposedFamily:
    """A family of records that a document may have and staff are asked about: its likely kind, the
    number of its records, the first of them, and why they may be records.
    """

    kind: ItemKind
    count: int
    records: tuple[ProposedRecord, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a fetched file came from: the name of its `source`, its address there, the day on which
    it was fetched, and its SHA-256 in hex.

    `reference` is that of its paper and `oparl_id` its own in a council information system;
    `licence` is "" where the source states none.
    """

    source: str
    address: str
    fetched: date
    digest: str
    reference: str = ""
    oparl_id: str = ""
    etag: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One published text with its metadata; `pages` is empty where the source has none.

    `status` and `as_of` are None where unknown. `front` is the evidence for title, publisher, kind,
    status and as_of. `series` is the name of a series of documents that follow one another,
    `replaces` the id of the document that this one supersedes. `same_as` is the id of a document
    with the same text that is taken for this one, `repealed_by` that of one that puts this one out
    of force, `followed_by` that of the newest of its series; a `distinct` document is never set
    aside for these. `proposed` are the families that may be records. `rows` are its table rows
    without header and group rows, `scans` its pages that were read by OCR. `struck` can be looked
    at, and is in no item. `provenance` is that of a file from a followed source.
    """

    id: str
    title: str
    publisher: str
    kind: DocumentKind
    status: DocumentStatus | None
    digest: str
    file_name: str
    text: str
    as_of: date | None = None
    language: str = "de"
    source_url: str | None = None
    sample: bool = False
    pages: tuple[Page, ...] = ()
    warnings: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()
    rows: tuple[TableRow, ...] = ()
    coverage: Coverage | None = None
    front: tuple[MetadataFact, ...] = ()
    series: str | None = None
    replaces: str | None = None
    same_as: str | None = None
    repealed_by: str | None = None
    followed_by: str | None = None
    distinct: bool = False
    valid_until: date | None = None
    scans: tuple[Scan, ...] = ()
    struck: tuple[StruckText, ...] = ()
    proposed: tuple[ProposedFamily, ...] = ()
    provenance: Provenance | None = None

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """The metadata fields that are neither confirmed by people nor certain from the
        document.
        """
        return tuple(fact.field for fact in self.front if not fact.sure)

    def page_at(self, start: int) -> Page | None:
        """The page with the character at offset `start`; None where the source has no pages."""
        position = bisect_right(self.pages, start, key=lambda page: page.start) - 1
        return self.pages[max(position, 0)] if self.pages else None

    def scan_of(self, page: int | None) -> Scan | None:
        """The OCR result of a page, from 1; None where its text was not read by OCR."""
        return next((scan for scan in self.scans if scan.page == page), None)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction applied to an item: `field` as in `CorrectableField`, the value as `read` (""
    for none) and now.

    `printed` are the texts of the labelled fields that the correction replaced; `day` is None where
    unknown.
    """

    field: str
    read: str
    value: str
    reason: str
    day: date | None = None
    printed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A citable unit.

    `ref` is the number as printed, `key` the same made URL-safe and unique in the document.
    `heading`, `body`, `status_heading` and `table_row` are verbatim in the document's text (white
    space aside). `body` is the item's own text without its heading and without the items below it;
    `fields` are the labelled parts of the body. `path` has the headings above it, outermost first,
    without its own. `period`, `cost`, `priority` are as printed, `values` are the parsed values of
    heading, body and table row, in text order. `start`/`end` span heading and body. `family` is the
    label of the numbering that it belongs to, None where it belongs to none. `corrected` lists the
    corrections by people. `read_by` is "simple" or "staff"; in editions of earlier versions it may
    be the name of a model.
    """

    document_id: str
    key: str
    ref: str
    kind: ItemKind
    title: str
    order: int
    heading: str
    body: str
    start: int
    end: int
    parent: str | None = None
    path: tuple[str, ...] = ()
    theme: RefTitle | None = None
    goal: RefTitle | None = None
    status: ItemStatus | None = None
    status_heading: str | None = None
    fields: tuple[Field, ...] = ()
    description: str | None = None
    state: str | None = None
    table_title: str | None = None
    table_row: str | None = None
    table_start: int | None = None
    responsible: tuple[str, ...] = ()
    cooperation: str | None = None
    municipalities: tuple[str, ...] = ()
    all_municipalities: bool = False
    dates: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    period: str | None = None
    cost: str | None = None
    priority: str | None = None
    values: tuple[Value, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    former_ref: str | None = None
    family: str | None = None
    page: int | None = None
    page_label: str | None = None
    corrected: tuple[Corrected, ...] = ()
    read_by: str = BY_SIMPLE_READER

    @property
    def address(self) -> tuple[str, str]:
        """The id of its document and its key."""
        return self.document_id, self.key

    def contains(self, start: int, end: int) -> bool:
        """True if the span of the document's text is inside the item, or inside its table row."""
        row = range(0)
        if self.table_start is not None and self.table_row is not None:
            row = range(self.table_start, self.table_start + len(self.table_row))
        is_in_row = start in row and end <= row.stop
        return is_in_row or (self.start <= start and end <= self.end)

    @property
    def is_continuation(self) -> bool:
        """True for a section with text of the item above it that is printed in another place: "1~2"
        of "1".
        """
        number, above = self.key.partition("~")[0], (self.parent or "").partition("~")[0]
        return self.kind is ItemKind.SECTION and number == above


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """An indexed passage of exactly one item; `text` is verbatim, `context` (headings above) is
    indexed with it.
    """

    id: str
    document_id: str
    key: str
    text: str
    context: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """The result of reading one file: the document, its items in reading order, and their
    chunks.
    """

    document: Document
    items: tuple[Item, ...]
    chunks: tuple[Chunk, ...] = ()


PARSED = TypeAdapter(ParsedDocument)


def dump_parsed(parsed: ParsedDocument) -> bytes:
    """One parsed document as JSON; equal records give equal bytes."""
    return PARSED.dump_json(parsed)


def load_parsed(data: bytes) -> ParsedDocument:
    """The parsed document of `dump_parsed`; raises pydantic's ValidationError (a ValueError) for
    anything else.
    """
    return PARSED.validate_json(data)
