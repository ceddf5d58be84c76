"""An item as its page shows it: its wording, where the quote stands, what comes before and after."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.pages.highlight import Piece, find_quote, paragraphs
from service.pages.labels import TABLE_ROW
from service.pages.table_rows import Cell, row_cells
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item

CONTEXT = 360


@dataclass(frozen=True, slots=True)
class Passage:
    """A titled part of the document as paragraphs of pieces; a row of a table as `cells` instead."""

    title: str
    paragraphs: list[list[Piece]]
    marked: bool
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wording:
    """All parts that a page shows; `found` tells whether the asked quote stands in one of them."""

    parts: list[Passage]
    found: bool
    before: str
    after: str


def wording(catalogue: Catalogue, item: Item, quote: str) -> Wording:
    """Return the item's wording with `quote` highlighted where it stands verbatim, once."""
    document = catalogue.documents[item.document_id]
    sources = [("Wortlaut im Dokument", document.text[item.start : item.end])]
    if item.status_heading:
        sources.append(("Steht unter der Überschrift", item.status_heading))
    if item.table_row:
        sources.append((TABLE_ROW, item.table_row))
    parts, found = _marked(sources, quote, item)
    if quote and not found:
        elsewhere = _elsewhere(document, quote)
        parts, found = [*parts, *elsewhere], bool(elsewhere)
    return Wording(parts, found, _before(document, item), _after(document, item))


def _marked(sources: list[tuple[str, str]], quote: str, item: Item) -> tuple[list[Passage], bool]:
    parts: list[Passage] = []
    found = False
    for title, text in sources:
        span = find_quote(text, quote) if quote and not found else None
        found = found or span is not None
        cells = row_cells(item, span) if title == TABLE_ROW else []
        parts.append(Passage(title, [] if cells else paragraphs(text, span), marked=span is not None, cells=cells))
    return parts, found


def _elsewhere(document: Document, quote: str) -> list[Passage]:
    span = find_quote(document.text, quote)
    if span is None:
        return []
    start = max(document.text.rfind("\n\n", 0, span[0]), 0)
    end = document.text.find("\n\n", span[1])
    end = len(document.text) if end < 0 else end
    text = document.text[start:end]
    return [Passage("Fundstelle im Dokument", paragraphs(text, (span[0] - start, span[1] - start)), marked=True)]


def _before(document: Document, item: Item) -> str:
    start = max(item.start - CONTEXT, 0)
    text = document.text[start : item.start]
    return " ".join((text.partition(" ")[2] if start else text).split())


def _after(document: Document, item: Item) -> str:
    text = document.text[item.end : item.end + CONTEXT]
    complete = item.end + CONTEXT >= len(document.text)
    return " ".join((text if complete else text.rpartition(" ")[0]).split())
