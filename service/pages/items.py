"""An item as its page and its staff page show it: neighbours, wording with the quote marked, the printed page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from prompts import say
from service.http.problems import ProblemError
from service.pages.highlight import Piece, find_quote, paragraphs
from service.pages.labels import TABLE_ROW
from service.pictures.studio import Studio
from service.records import records_of, siblings
from service.routes import API
from service.routes.originals import has_pictures, original_url
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item

if TYPE_CHECKING:
    from vectorstore.edition import Edition


@dataclass(frozen=True, slots=True)
class Passage:
    """A titled part of the document as paragraphs of pieces."""

    title: str
    paragraphs: list[list[Piece]]
    marked: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """All parts that a page shows; `found` tells whether the asked quote stands in one of them."""

    parts: list[Passage]
    found: bool


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page of the original: its printed label, its picture (None where it cannot be drawn), the file opened at it."""

    label: str
    picture_url: str | None
    original_url: str


def item_values(edition: Edition, document_id: str, key: str, quote: str, studio: Studio) -> dict[str, Any]:
    """Return what the templates of both pages show of an item; raises ProblemError where there is none."""
    catalogue = edition.catalogue
    found = catalogue.item(document_id, key)
    if found is None:
        raise ProblemError("not-found")
    before, after = siblings(catalogue, found)
    return {
        "document": catalogue.documents[document_id],
        "item": found,
        "parent": catalogue.parent(found),
        "children": records_of(catalogue.children(found), catalogue),
        "before": before,
        "after": after,
        "wording": wording(catalogue, found, quote),
        "quote": quote,
        "printed": printed_page(edition, found, quote, studio),
    }


def wording(catalogue: Catalogue, item: Item, quote: str) -> Wording:
    """Return the item's wording with `quote` highlighted where it stands verbatim, once."""
    document = catalogue.documents[item.document_id]
    sources = [(say("labels.wording"), document.text[item.start : item.end])]
    if item.status_heading:
        sources.append((say("labels.status_heading"), item.status_heading))
    if item.table_row:
        sources.append((TABLE_ROW, item.table_row))
    parts: list[Passage] = []
    found = False
    for title, text in sources:
        span = find_quote(text, quote) if quote and not found else None
        found = found or span is not None
        parts.append(Passage(title, paragraphs(text, span), marked=span is not None))
    if quote and not found and (elsewhere := _elsewhere(document, quote)):
        parts.append(elsewhere)
        found = True
    return Wording(parts, found)


def _elsewhere(document: Document, quote: str) -> Passage | None:
    """The paragraphs of the document in which a quote stands."""
    span = find_quote(document.text, quote)
    if span is None:
        return None
    start = max(document.text.rfind("\n\n", 0, span[0]), 0)
    end = document.text.find("\n\n", span[1])
    text = document.text[start : end if end >= 0 else None]
    return Passage(say("labels.elsewhere"), paragraphs(text, (span[0] - start, span[1] - start)), marked=True)


def printed_page(edition: Edition, item: Item, quote: str, studio: Studio) -> PrintedPage | None:
    """Return the page that holds `quote`, else the one where the item begins; None where nothing can be shown.

    Without a quote the item's heading is marked in the picture.
    """
    document = edition.catalogue.documents[item.document_id]
    number = (_page_of(document, item, quote) if quote and document.pages else None) or item.page
    if number is None or not has_pictures(edition, document.id):
        return None
    label = next((page.label for page in document.pages if page.number == number), "")
    failed = studio.is_failed(str(edition.originals[document.id]), number)
    picture = f"{API}/documents/{quoted(document.id, safe='')}/pages/{number}.png"
    return PrintedPage(
        label=label or str(number),
        picture_url=None if failed else f"{picture}?{urlencode({'quote': quote or item.heading})}",
        original_url=f"{original_url(edition, document.id)}#page={number}",
    )


def _page_of(document: Document, item: Item, quote: str) -> int | None:
    """The number of the page on which the quote begins, looked for in the item, in its table row, in all."""
    row = (item.table_start or 0, (item.table_start or 0) + len(item.table_row or ""))
    for start, end in ((item.start, item.end), row, (0, len(document.text))):
        if span := find_quote(document.text[start:end], quote):
            page = document.page_at(start + span[0])
            return page.number if page else None
    return None
