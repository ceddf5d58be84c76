"""Template values of an item's public and staff page: neighbours, text with the quote marked, the
printed page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from prompts import say
from service.records import ProblemError, records_of, siblings
from service.web.pictures import PageRenderer, Piece, find_quote, paragraphs
from service.web.routes import original_url, picture_url
from vectorstore.records import Catalogue, Document, Item

if TYPE_CHECKING:
    from vectorstore import Edition


class TitledText(NamedTuple):
    """A part of an item's text with a title, as paragraphs of pieces."""

    title: str
    paragraphs: list[list[Piece]]


class Wording(NamedTuple):
    """The text of an item in parts; `found` if the quote is in one of them."""

    parts: list[TitledText]
    found: bool


class PrintedPage(NamedTuple):
    """A page of the original: printed label, address of its picture (None if drawing failed),
    address of the file.
    """

    label: str
    picture_url: str | None
    original_url: str
    scanned: bool = False  # its text was recognized from its picture (OCR)


def item_values(
    edition: Edition, document_id: str, key: str, quote: str, renderer: PageRenderer
) -> dict[str, Any]:
    """Return the values for the templates of both pages of an item, the public one and that of
    staff.

    `quote` is the passage to mark, "" for none. Raises the problem not-found.
    """
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
        "printed": printed_page(edition, item, quote, renderer),
    }


def wording(catalogue: Catalogue, item: Item, quote: str) -> Wording:
    """Return the texts of an item with their titles: its wording, its status heading and its table
    row.

    `quote` is marked in the first text that has it. If none has it, the paragraph of the document
    that has it is added: a citation may be of a passage outside of the item.
    """
    text = catalogue.documents[item.document_id].text
    # By the name of its title in the texts `labels`.
    sources = {"wording": text[item.start : item.end]}
    if item.status_heading:
        sources["group_heading"] = item.status_heading
    if item.table_row:
        sources["table_row"] = item.table_row
    if not any(find_quote(source, quote) for source in sources.values()):
        sources |= _paragraph_elsewhere(text, quote)
    parts, is_found = list[TitledText](), False
    for name, source in sources.items():
        span = None if is_found else find_quote(source, quote)
        parts.append(TitledText(say(f"labels.{name}"), paragraphs(source, span)))
        is_found = is_found or span is not None
    return Wording(parts, is_found)


def _paragraph_elsewhere(text: str, quote: str) -> dict[str, str]:
    """Return the paragraph of a document that has a quote, as {"elsewhere": text}; {} if none has
    it.
    """
    span = find_quote(text, quote)
    if not span:
        return {}
    start, end = max(text.rfind("\n\n", 0, span[0]), 0), text.find("\n\n", span[1])
    return {"elsewhere": text[start:] if end < 0 else text[start:end]}


def printed_page(
    edition: Edition, item: Item, quote: str, renderer: PageRenderer
) -> PrintedPage | None:
    """Return the page of the document to show beside an item, None if no page can be drawn.

    It is the page where `quote` begins; if the quote is not found, or "", the page where the item
    begins. Without a quote the item's heading is marked. If the page could not be drawn lately, it
    has no picture, only the address in the original file.
    """
    document = edition.catalogue.documents[item.document_id]
    number = _page_of(document, item, quote) or item.page
    if number is None:
        return None
    picture = picture_url(edition, document.id, number, quote or item.heading)
    if not picture:
        return None
    labels = [page.label for page in document.pages if page.number == number]
    label = next(filter(None, labels), str(number))
    failed = renderer.is_failed(str(edition.originals[document.id]), number)
    original = f"{original_url(edition, document.id)}#page={number}"
    return PrintedPage(
        label, None if failed else picture, original, document.scan_of(number) is not None
    )


def _page_of(document: Document, item: Item, quote: str) -> int | None:
    """Return the number of the page where a quote begins, None if the quote is not found.

    It is looked for in the item, then in its table row, then in the whole document: the same words
    may be on other pages too.
    """
    row_start = item.table_start or 0
    row = (row_start, row_start + len(item.table_row or ""))
    for start, end in ((item.start, item.end), row, (0, len(document.text))):
        span = find_quote(document.text[start:end], quote)
        page = document.page_at(start + span[0]) if span else None
        if page:
            return page.number
    return None
