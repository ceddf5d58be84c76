"""The records every room speaks of: document, item, chunk.

A document is one published paper. An item is a citable unit of it (theme, goal, project, measure, principle,
thesis, resolution point, labelled section). A chunk is an indexed passage of exactly one item.
All offsets are character offsets into `Document.text`, the clean rendering: page furniture removed, line-end
hyphenation undone, paragraphs separated by an empty line.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pydantic import TypeAdapter

SIMPLE = "simple"  # what the reader without a model is called
BY_STAFF = "staff"  # who took a row or section as an item


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


class ItemStatus(StrEnum):
    """Where a project stands, by the group heading that it stands under."""

    IDEA = "idea"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    IMPLEMENTED = "implemented"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page begins: `start` offset into the text, PDF page `number` from 1, printed `label`."""

    start: int
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class RefTitle:
    """A pointer to a theme or a goal as people name it."""

    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled field of an item: its label as printed, its text verbatim in the document's text.

    `field` is what the label means ("responsible", "period", ...), None where that is not known.
    `page` is the PDF page on which the text begins, `start` its offset in the document's text, -1 where unknown.
    """

    label: str
    text: str
    field: str | None = None
    page: int | None = None
    start: int = -1


class ValueKind(StrEnum):
    """What sort of value a text states."""

    DATE = "date"
    PERIOD = "period"
    AMOUNT = "amount"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Value:
    """A value that an item states, parsed once: `text` verbatim at `start`..`end` of the document's text.

    `value` is its normal form: a date "2026-05-01", "2026-05" or "2026"; a period "2026/2030", "2026/" or "/2030" of
    such dates; an amount in euros as a decimal number ("412000"); a unit's code, or its name where it has none.
    `unit` is "EUR" or "EUR/a" of an amount, `thing` the name of a unit of the administration.
    """

    kind: ValueKind
    text: str
    value: str
    start: int
    end: int
    unit: str | None = None
    thing: str | None = None


@dataclass(frozen=True, slots=True)
class ConflictValue:
    """What one place of a paper states: `source` is sheet, overview, schedule, text or list; PDF page from 1."""

    text: str
    page: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that places of one document state differently; `text` and `table` are the first two of `values`."""

    field: str
    text: str
    table: str
    values: tuple[ConflictValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a document itself says of something ("Inhaltsverzeichnis: 60 Einträge"), and on which PDF page, from 1."""

    what: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """All records of one numbering in one document: how many were found, and how many there should be.

    `label` is the shape of the numbers ("M {n}", "{n}.{n}.{n}.{n}"). `expected` is what the document's own list or
    statement says, else the highest running number; None where nothing says it. `complete` is true where as many were
    found, false where fewer were, None where the structure was not understood: then nobody may count it.
    """

    label: str
    kind: ItemKind
    found: int
    expected: int | None = None
    complete: bool | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of all characters that a file shows, white space aside; `lost` ones stand in no chunk."""

    body: int
    furniture: int = 0
    contents: int = 0
    hidden: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class MetadataFact:
    """What proves one part of a document's front matter.

    `field` is title, publisher, kind, status or as_of; `by` says who made it (register, staff, found, model); `quote`
    is the passage that proves it, verbatim, on PDF `page` from 1; `sure` is False where people have to confirm it.
    """

    field: str
    by: str
    sure: bool
    quote: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table in a document's text: where it begins, and the column header of each of its cells."""

    start: int
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """A page, from 1, whose text was read from its picture; `rows` are its words with their boxes.

    Each is a line of a word, left, top, right and bottom in points from the top left corner, parted by tabs.
    """

    page: int
    rows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One published paper with its clean text; `pages` is empty where the source has none.

    `status` and `as_of` are None where nothing says them. `front` proves title, publisher, kind, status and date.
    `series` names papers that follow one another, `replaces` the id of the paper that this one supersedes. `rows` are
    those of its tables, without column headers and names of groups, `scans` what was read from pictures of pages.
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
    valid_until: date | None = None
    scans: tuple[Scan, ...] = ()

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """The parts of the front matter that people have not confirmed and the document does not surely say."""
        return tuple(fact.field for fact in self.front if not fact.sure)

    def page_at(self, start: int) -> Page | None:
        """The page on which the character at `start` stands; None where the source has no pages."""
        place = bisect_right(self.pages, start, key=lambda page: page.start) - 1
        return self.pages[max(place, 0)] if self.pages else None

    def scan_of(self, page: int | None) -> Scan | None:
        """What was read from the picture of a page, from 1; None where its text was not read so."""
        return next((scan for scan in self.scans if scan.page == page), None)


@dataclass(frozen=True, slots=True)
class Corrected:
    """What people corrected in an item: a field by its name in corrections, as it was read ("" for nothing) and is now.

    `printed` are the texts of the document's labelled fields that stated it; `day` is None where nothing says it.
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

    `ref` is the number as printed, `key` the same made URL-safe and unique in the document. `heading`, `body`,
    `status_heading` and `table_row` are verbatim in the document's text (white space aside). `body` is the item's
    own text without its heading and without the items below it; `fields` are the labelled parts of the body.
    `path` holds the headings above it, outermost first, without its own. `period`, `cost`, `priority` are as printed,
    `values` what heading, body and table row state, in the order of the text. `start`/`end` span heading and body.
    `family` is the label of the numbering that it belongs to, None where it belongs to none. `corrected` tells what of
    it people corrected; as it was read it has none. `read_by` is "simple", "staff" or the name of a model.
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
    read_by: str = SIMPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """An indexed passage of exactly one item; `text` is verbatim, `context` (headings above) is indexed with it."""

    id: str
    document_id: str
    key: str
    text: str
    context: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """What reading makes of one file: the document, its items in reading order, and their chunks."""

    document: Document
    items: tuple[Item, ...]
    chunks: tuple[Chunk, ...] = field(default=())


DOCUMENT = TypeAdapter(Document)
ITEM = TypeAdapter(Item)
PARSED = TypeAdapter(ParsedDocument)


def dump_parsed(parsed: ParsedDocument) -> bytes:
    """One parsed document as JSON; equal records give equal bytes."""
    return PARSED.dump_json(parsed)


def load_parsed(data: bytes) -> ParsedDocument:
    """The parsed document of `dump_parsed`; raises pydantic's ValidationError (a ValueError) for anything else."""
    return PARSED.validate_json(data)
