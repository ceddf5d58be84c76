"""Where an item stands in print: the page of the original that holds its quote, and the addresses of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from service.edition_holder import OpenEdition
from service.originals import has_pictures, original_url
from service.pages.highlight import find_quote
from service.pictures.jobs import PageId
from service.pictures.studio import Studio
from service.routes import API
from vectorstore.records import Document, Item


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page of the original: its number from 1, its printed label, its picture, and the file opened at it.

    Without `picture_url` it is known that the page cannot be drawn.
    """

    number: int
    label: str
    picture_url: str | None
    original_url: str


def printed_page(edition: OpenEdition, item: Item, quote: str, studio: Studio) -> PrintedPage | None:
    """Return the page that holds `quote`, else the one where the item begins; None where nothing can be shown.

    Without a quote the item's heading is marked in the picture.
    """
    document = edition.catalogue.documents[item.document_id]
    number = _page_of(document, item, quote) or item.page
    if number is None or not has_pictures(edition, document.id):
        return None
    base = f"{API}/documents/{quoted(document.id, safe='')}"
    labels = {page.number: page.label for page in document.pages}
    failed = studio.is_failed(PageId(edition.digest, document.id, number))
    marked = urlencode({"quote": quote or item.heading})
    return PrintedPage(
        number=number,
        label=labels.get(number) or str(number),
        picture_url=None if failed else f"{base}/pages/{number}.png?{marked}",
        original_url=f"{original_url(edition, document.id)}#page={number}",
    )


def _page_of(document: Document, item: Item, quote: str) -> int | None:
    """Return the number of the page on which the quote begins, looked for where the item's page looks."""
    for start, end in _places(document, item) if quote and document.pages else ():
        span = find_quote(document.text[start:end], quote)
        if span:
            page = document.page_at(start + span[0])
            return page.number if page else None
    return None


def _places(document: Document, item: Item) -> Iterator[tuple[int, int]]:
    yield item.start, item.end
    if item.table_row and item.table_start is not None:
        yield item.table_start, item.table_start + len(item.table_row)
    yield 0, len(document.text)
