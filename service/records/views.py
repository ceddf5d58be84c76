"""Makes the API models of items and documents: records, pages of lists, neighbours, citations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, quote_plus

from service.records.answers import Citation
from service.records.models import (
    CorrectedView,
    DocumentList,
    DocumentView,
    ItemDetail,
    Neighbours,
    Record,
)
from vectorstore.records import Document, Item, ItemStatus, Page, RefTitle

if TYPE_CHECKING:
    from vectorstore import Edition
    from vectorstore.records import Catalogue

T = TypeVar("T")


def item_url(document_id: str, key: str) -> str:
    """Return the path of an item's page."""
    return f"{document_url(document_id)}/{quote(key, safe='~')}"


def document_url(document_id: str) -> str:
    """Return the path of a document's page."""
    return f"/documents/{quote(document_id, safe='')}"


def quote_url(path: str, quote: str) -> str:
    """Return the URL of a page that highlights a quote; a long quote is cut at a word."""
    if len(quote) > MAX_LINK_QUOTE:
        quote = quote[:MAX_LINK_QUOTE].rpartition(" ")[0]
    return f"{path}?quote={quote_plus(quote)}#zitat"


MAX_LINK_QUOTE = 600  # characters
# fields of the API models that are taken over from items and documents as they are
_ITEM_FIELDS = tuple(name for name in Record.model_fields if name in Item.__dataclass_fields__)
_DOCUMENT_FIELDS = tuple(
    name for name in DocumentView.model_fields if name in Document.__dataclass_fields__
)


def record_view(item: Item, document: Document) -> Record:
    """Return the API model of an item."""
    fields = {name: getattr(item, name) for name in _ITEM_FIELDS}
    fields |= {"url": item_url(*item.address), "source_url": document.source_url}
    return Record.model_validate(fields, from_attributes=True)


def records_of(items: Iterable[Item], catalogue: Catalogue) -> list[Record]:
    """Return items as records, in the given order."""
    return [record_view(item, catalogue.documents[item.document_id]) for item in items]


def item_detail(edition: Edition, item: Item) -> ItemDetail:
    """Return an item as a record, with what only its own page shows: values, passages and
    neighbours.
    """
    catalogue = edition.catalogue
    record = record_view(item, catalogue.documents[item.document_id])
    fields = dict(record) | {
        "values": item.values,
        "passages": catalogue.chunks_of(item),
        "neighbours": _neighbours(catalogue, item),
        "corpus_edition": edition.name,
    }
    return ItemDetail.model_validate(fields, from_attributes=True)


def slice_page(items: Sequence[T], number: int, size: int) -> Sequence[T]:
    """Return page `number` (from 1) of a list, with `size` items at most."""
    return items[(number - 1) * size : number * size]


def siblings(catalogue: Catalogue, item: Item) -> tuple[Item | None, Item | None]:
    """Return the previous and the next item in the document's reading order, None where there is
    none.
    """
    items = catalogue.items_of(item.document_id)
    index = items.index(item)
    previous = items[index - 1] if index else None
    following = items[index + 1] if index + 1 < len(items) else None
    return previous, following


def citation_of(
    item: Item,
    document: Document,
    page: Page | None,
    *,
    marker: int,
    quote: str,
    verbatim: bool = True,
) -> Citation:
    """Return the citation of `quote` in an item.

    `page` is where the quote begins; if it is None, the page of the item is cited. A page without a
    printed number has the label "", a citation has none then. `verbatim` is
    False for a corrected value, which the document does not have.
    """
    number = page.number if page else item.page
    return Citation(
        marker=marker,
        document_id=document.id,
        document_title=document.title,
        publisher=document.publisher,
        document_status=document.status,
        as_of=document.as_of,
        unconfirmed=list(document.unconfirmed),
        kind=item.kind,
        ref=item.ref,
        key=item.key,
        title=item.title,
        item_status=item.status,
        page=number,
        page_label=(page.label or None) if page else item.page_label,
        quote=quote,
        url=item_url(*item.address),
        source_url=document.source_url,
        scanned=document.scan_of(number) is not None,
        corrected=[
            CorrectedView.model_validate(correction, from_attributes=True)
            for correction in item.corrected
        ],
        verbatim=verbatim,
    )


def document_view(catalogue: Catalogue, document: Document) -> DocumentView:
    """Return the API model of a document.

    `counts` are the numbers of its items by kind, without archived ones. Pages are counted by
    number, since a page may be listed in several parts.
    """
    items = catalogue.items_of(document.id)
    other = catalogue.superseded.get(document.id)
    fields = {name: getattr(document, name) for name in _DOCUMENT_FIELDS}
    fields |= {
        "unconfirmed": document.unconfirmed,
        "counts": dict(
            Counter(item.kind.value for item in items if item.status is not ItemStatus.ARCHIVED)
        ),
        "superseded": document.id in catalogue.superseded,
        "replaced_by": RefTitle(other, catalogue.documents[other].title) if other else None,
        "pages": len({page.number for page in document.pages}) or None,
        "state": "indexed_with_warnings" if document.warnings else "indexed",
    }
    return DocumentView.model_validate(fields, from_attributes=True)


def document_list(edition: Edition, page: int = 1, page_size: int | None = None) -> DocumentList:
    """Return page `page` (from 1) of the documents of an edition; without `page_size` all are on
    it.
    """
    documents = list(edition.catalogue.documents.values())
    size = page_size or max(len(documents), 1)
    return DocumentList(
        items=[
            document_view(edition.catalogue, document)
            for document in slice_page(documents, page, size)
        ],
        total=len(documents),
        page=page,
        page_size=size,
        corpus_edition=edition.name,
    )


def _neighbours(catalogue: Catalogue, item: Item) -> Neighbours:
    """The items around an item: above it, before and behind it in reading order, and below it."""
    document = catalogue.documents[item.document_id]
    parent = catalogue.parent(item)
    previous, following = siblings(catalogue, item)
    return Neighbours(
        parent=record_view(parent, document) if parent else None,
        previous=record_view(previous, document) if previous else None,
        next=record_view(following, document) if following else None,
        children=records_of(catalogue.children(item), catalogue),
    )
