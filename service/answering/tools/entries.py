"""Entries as the tools give them: with their document, the headings above, and the passage that matched."""

from __future__ import annotations

from collections.abc import Iterator

from service.answering.tools.forms import Entry, Pointer
from service.records import item_url
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ItemStatus

PASSAGE = 400  # characters of a passage, by whole sentences


def pointer(item: Item) -> Pointer:
    """An entry as it is pointed to."""
    return Pointer(
        document_id=item.document_id,
        key=item.key,
        kind=item.kind,
        ref=item.ref,
        title=item.title,
        status=item.status,
    )


def entry(catalogue: Catalogue, item: Item, passage: str = "", score: float | None = None) -> Entry:
    """An entry with its document; its heading where there is no passage."""
    document = catalogue.documents[item.document_id]
    return Entry(
        **dict(pointer(item)),
        path=item.path or tuple(_above(catalogue, item))[::-1],
        page=item.page,
        document_title=document.title,
        document_status=document.status,
        as_of=document.as_of,
        passage=passage or item.heading or item.title,
        score=None if score is None else round(score, 4),
        archived=item.status is ItemStatus.ARCHIVED,
        url=item_url(item.document_id, item.key),
    )


def _above(catalogue: Catalogue, item: Item) -> Iterator[str]:
    parent = catalogue.parent(item)
    if parent is not None:
        yield f"{parent.ref} {parent.title}".strip()
        yield from _above(catalogue, parent)
