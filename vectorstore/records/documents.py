"""Documents, the published texts, with what was read of each: metadata, pages, families of records.

`Document.text` is the clean rendering: page furniture removed, line-end hyphenation undone,
paragraphs separated by an empty line. All offsets are character offsets into it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import TypeAdapter

from vectorstore.records.items import Chunk, Item, ItemKind


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


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its `start` offset in the text, its PDF page `number` from 1, its printed `label`."""

    start: int
    number: int
    label: str


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
