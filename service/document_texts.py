"""A document's clean text as it goes out, with its pages and its outline."""

from __future__ import annotations

from service.edition_holder import OpenEdition
from service.interface_models import DocumentText, OutlineEntry, PageView
from service.originals import has_pictures, original_url
from service.records import item_url
from vectorstore.records import Document, Item


def document_text(edition: OpenEdition, document: Document) -> DocumentText:
    """Return a document's text with the place of every page and item in it."""
    return DocumentText(
        id=document.id,
        title=document.title,
        text=document.text,
        pages=[PageView(start=page.start, number=page.number, label=page.label) for page in document.pages],
        outline=[_entry(item) for item in edition.catalogue.items_of(document.id)],
        original_url=original_url(edition, document.id),
        pictures=has_pictures(edition, document.id),
        corpus_edition=edition.name,
    )


def _entry(item: Item) -> OutlineEntry:
    return OutlineEntry(
        key=item.key,
        ref=item.ref,
        title=item.title,
        kind=item.kind,
        status=item.status,
        level=len(item.path) + 1,
        start=item.start,
        page=item.page,
        url=item_url(item.document_id, item.key),
    )
