"""An item as its page and its staff page show it: neighbours, wording with the quote marked, the printed page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from prompts import say
from service.http.problems import ProblemError
from service.pages.highlight import Piece, find_quote, paragraphs
from service.pictures.studio import Studio
from service.records import records_of, siblings
from service.routes import API
from service.routes.originals import has_pictures, original_url
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item

if TYPE_CHECKING:
    from vectorstore.edition import Edition


class TitledText(NamedTuple):
    """A titled part of a document as paragraphs of pieces; `marked`: the quote is in it."""

    title: str
    paragraphs: list[list[Piece]]
    marked: bool


class Wording(NamedTuple):
    """All parts that a page shows; `found`: the quote is in one of them."""

    parts: list[TitledText]
    found: bool


class PrintedPage(NamedTuple):
    """A page of the original: its printed label, its picture (None where it cannot be drawn), the file opened at it.

    `scanned` says that its text was read from its picture.
    """

    label: str
    picture_url: str | None
    original_url: str
    scanned: bool = False


def item_values(edition: Edition, document_id: str, key: str, quote: str, studio: Studio) -> dict[str, Any]:
    """Return what the templates of both pages show of an item; raises ProblemError where there is none."""
    catalogue = edition.catalogue
    item = catalogue.item(document_id, key)
    if item is None:
        raise ProblemError("not-found")
    before, after = siblings(catalogue, item)
    return {
        "document": catalogue.documents[document_id],
        "item": item,
        "parent": catalogue.parent(item),
        "children": records_of(catalogue.children(item), catalogue),
        "before": before,
        "after": after,
        "wording": wording(catalogue, item, quote),
        "quote": quote,
        "printed": printed_page(edition, item, quote, studio),
    }


def wording(catalogue: Catalogue, item: Item, quote: str) -> Wording:
    """Return the item's wording with `quote` highlighted where it is verbatim, once; else where the document has it."""
    text = catalogue.documents[item.document_id].text
    named = {"status_heading": item.status_heading, "table_row": item.table_row}
    sources = {"wording": text[item.start : item.end], **{name: source for name, source in named.items() if source}}
    if (
        quote
        and not any(find_quote(source, quote) for source in sources.values())
        and (span := find_quote(text, quote))
    ):
        start, end = max(text.rfind("\n\n", 0, span[0]), 0), text.find("\n\n", span[1])
        sources["elsewhere"] = text[start : end if end >= 0 else None]
    parts, result = list[TitledText](), False
    for name, source in sources.items():
        span = find_quote(source, quote) if quote and not result else None
        parts.append(TitledText(say(f"labels.{name}"), paragraphs(source, span), span is not None))
        result = result or span is not None
    return Wording(parts, result)


def printed_page(edition: Edition, item: Item, quote: str, studio: Studio) -> PrintedPage | None:
    """Return the page that has `quote`, else the one where the item begins; None where nothing can be shown.

    Without a quote the item's heading is marked in the picture.
    """
    document = edition.catalogue.documents[item.document_id]
    number = (_page_of(document, item, quote) if quote and document.pages else None) or item.page
    if number is None or not has_pictures(edition, document.id):
        return None
    label = next((page.label for page in document.pages if page.number == number), "") or str(number)
    marked = urlencode({"quote": quote or item.heading})
    picture = f"{API}/documents/{quoted(document.id, safe='')}/pages/{number}.png?{marked}"
    failed = studio.is_failed(str(edition.originals[document.id]), number)
    original = f"{original_url(edition, document.id)}#page={number}"
    return PrintedPage(label, None if failed else picture, original, document.scan_of(number) is not None)


def _page_of(document: Document, item: Item, quote: str) -> int | None:
    """The number of the page on which the quote begins, looked for in the item, in its table row, in all."""
    row = item.table_start or 0
    for start, end in ((item.start, item.end), (row, row + len(item.table_row or "")), (0, len(document.text))):
        if (span := find_quote(document.text[start:end], quote)) and (page := document.page_at(start + span[0])):
            return page.number
    return None
