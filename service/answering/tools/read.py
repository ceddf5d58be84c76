"""The tool `read`: whole entries with fields and neighbours, or a page; what is too long says how to read on.

Here stands too how all tools give entries: with their document, the headings above, and the passage that matched.
"""

from __future__ import annotations

from typing import Any

from service.answering.corpus import plain_ref
from service.answering.query import ToolError, required
from service.answering.tools.forms import TEXT_AT_ONCE, Entry, PageText, Pointer, ReadArguments, ReadReply, WholeEntry
from service.records import item_url, record_of, siblings
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item, ItemStatus

PASSAGE = 400  # characters of a passage, by whole sentences
_OF_ITEM = ("responsible", "municipalities", "dates", "amounts", "former_ref")


def read(catalogue: Catalogue, asked: ReadArguments) -> ReadReply:
    """What is asked for of one document; raises `ToolError` for what it does not have."""
    required("document", asked.document, catalogue.documents)
    document = catalogue.documents[asked.document]
    if (asked.page is None) == (not asked.keys):
        raise ToolError("Entweder keys oder page angeben.")
    if asked.page is not None:
        return ReadReply(page=_page(catalogue, document, asked.page, asked.offset))
    items = {one.key: one for key in asked.keys for one in _named(catalogue, document, key)}
    entries: list[WholeEntry] = []
    unread: list[str] = []
    left = TEXT_AT_ONCE
    for key, item in items.items():
        one = _whole(catalogue, item, asked.offset if len(items) == 1 else 0)
        if entries and len(one.text) > left:
            unread.append(key)
        else:
            entries.append(one)
            left -= len(one.text)
    return ReadReply(entries=tuple(entries), unread=tuple(unread))


def text_of(catalogue: Catalogue, item: Item) -> str:
    """All that an entry says: heading, body, and what stands of it elsewhere, in tables above all."""
    rest = (one.text for one in catalogue.chunks_of(item) if not item.start <= one.start < item.end)
    return "\n\n".join(dict.fromkeys(filter(None, (item.heading, item.body, *rest, item.table_row))))


def pointer(item: Item | None) -> Pointer | None:
    """An entry as it is pointed to; None where there is none."""
    return Pointer.model_validate(item, from_attributes=True) if item else None


def entry(catalogue: Catalogue, item: Item, passage: str = "", score: float | None = None) -> Entry:
    """An entry with its document; its heading where there is no passage."""
    return Entry.model_validate(_entry(catalogue, item, passage, score))


def _entry(catalogue: Catalogue, item: Item, passage: str = "", score: float | None = None) -> dict[str, Any]:
    document = catalogue.documents[item.document_id]
    return {
        **{name: getattr(item, name) for name in Pointer.model_fields},
        "path": item.path or _above(catalogue, item),
        "page": item.page,
        "document_title": document.title,
        "document_status": document.status,
        "as_of": document.as_of,
        "passage": passage or item.heading or item.title,
        "score": None if score is None else round(score, 4),
        "archived": item.status is ItemStatus.ARCHIVED,
        "url": item_url(item.document_id, item.key),
    }


def _above(catalogue: Catalogue, item: Item) -> tuple[str, ...]:
    parent = catalogue.parent(item)
    return (*_above(catalogue, parent), f"{parent.ref} {parent.title}".strip()) if parent else ()


def _named(catalogue: Catalogue, document: Document, key: str) -> list[Item]:
    """The entry with a key, else all that have it as their number; rows of an archive by the number they had."""
    items = catalogue.items_of(document.id)
    same = [one for one in items if one.key == key]
    ref = plain_ref(key)
    found = same or [one for one in items if ref in (plain_ref(one.ref), plain_ref(one.former_ref or one.ref))]
    if not found:
        required("keys", key, [one.key for one in items])
    return found


def _whole(catalogue: Catalogue, item: Item, offset: int) -> WholeEntry:
    record = record_of(item, catalogue.documents[item.document_id])
    before, after = siblings(catalogue, item)
    return WholeEntry(
        **_entry(catalogue, item),
        **_part(text_of(catalogue, item), offset),
        **{name: getattr(item, name) for name in _OF_ITEM},
        fields=tuple(record.fields),
        corrected=tuple(record.corrected),
        conflicts=tuple(
            f"{one.field}: "
            + " / ".join([f"{value.text} ({value.source})" for value in one.values] or [one.text, one.table])
            for one in item.conflicts
        ),
        parent=pointer(catalogue.parent(item)),
        children=tuple(filter(None, map(pointer, catalogue.children(item)))),
        previous=pointer(before),
        next=pointer(after),
    )


def _part(text: str, offset: int) -> dict[str, Any]:
    """As much of a text as one reply holds, and where to read on."""
    end = offset + TEXT_AT_ONCE
    return {"text": text[offset:end], "length": len(text), "next_offset": end if end < len(text) else None}


def _page(catalogue: Catalogue, document: Document, number: int, offset: int) -> PageText:
    pages = [one for one in document.pages if one.number == number]
    if not pages:
        required("page", str(number), dict.fromkeys(str(one.number) for one in document.pages))
    later = (one.start for one in document.pages if one.start > pages[-1].start)
    start, end = pages[0].start, min(later, default=len(document.text))
    on_it = [one for one in catalogue.items_of(document.id) if one.start < end and one.end > start]
    return PageText(
        document_id=document.id,
        document_title=document.title,
        page=number,
        page_label=pages[0].label,
        **_part(document.text[start:end].strip(), offset),
        entries=tuple(filter(None, map(pointer, on_it))),
    )
