"""The tool `read`: whole items with their fields and neighbours, or a page; long texts in parts."""

from __future__ import annotations

from typing import Any

from service.answering.corpus import Corpus, plain_ref
from service.answering.query import ToolError, require_known
from service.answering.retrieval.terms import coverage, words_in
from service.answering.tools.schemas import (
    MOST_TEXT,
    PageText,
    ReadArguments,
    ReadReply,
    WholeEntry,
    entry_fields,
    to_pointer,
)
from service.records import record_view, siblings
from vectorstore.records import Catalogue, Conflict, Document, Item

FITTING_TEXT = 3_000  # characters of an item for an agent, if it is longer
_OF_ITEM = ("responsible", "municipalities", "dates", "amounts", "former_ref")


def read(catalogue: Catalogue, arguments: ReadArguments) -> ReadReply:
    """The items of a document by their keys, or one page of it.

    Of several items, those whose text no longer fits into a reply are not cut, but named in
    `unread`. Only a single item is read from `offset`, for it would not be clear which one it
    means. Raises `ToolError` for a document, key or page that does not exist, and unless either
    keys or a page are given.
    """
    require_known("document", arguments.document, catalogue.documents)
    document = catalogue.documents[arguments.document]
    if (arguments.page is None) == (not arguments.keys):
        raise ToolError("Entweder keys oder page angeben.")
    if arguments.page is not None:
        return ReadReply(page=_page_text(catalogue, document, arguments.page, arguments.offset))
    items = {
        item.key: item for key in arguments.keys for item in _items_by(catalogue, document, key)
    }
    entries: list[WholeEntry] = []
    left_out: list[str] = []
    characters_left = MOST_TEXT
    for key, item in items.items():
        entry = _whole_entry(catalogue, item, arguments.offset if len(items) == 1 else 0)
        if entries and len(entry.text) > characters_left:
            left_out.append(key)
        else:
            entries.append(entry)
            characters_left -= len(entry.text)
    return ReadReply(entries=tuple(entries), unread=tuple(left_out))


def full_text(item: Item) -> str:
    """All text of an item: heading, body, and its table row. Equal texts come once."""
    return "\n\n".join(dict.fromkeys(filter(None, (item.heading, item.body, item.table_row))))


def fitting_text(item: Item, question: str, corpus: Corpus) -> str:
    """The passages of an item that have most words of a question, at most `FITTING_TEXT` characters
    together.

    Rare words count more. The passages come in the order of the item, with "…" between two of them.
    One that is too long is left out, and so are all that fit less.
    """
    chunks = corpus.catalogue.chunks_of(item)
    words = words_in(question, corpus)
    fits = dict[str, float]()
    for chunk in chunks:
        terms = frozenset(corpus.analyzer.terms(chunk.text))
        fits[chunk.text] = coverage(words, terms, corpus)
    shown = set[str]()
    size = 0
    for text in sorted(fits, key=fits.__getitem__, reverse=True):
        size += len(text)
        if size <= FITTING_TEXT:
            shown.add(text)
    return "\n…\n".join(text for text in fits if text in shown)


def _items_by(catalogue: Catalogue, document: Document, key: str) -> list[Item]:
    """The item with a key, else all items that have this text as their number.

    Numbers are compared without case, spaces, hyphens and leading zeros; an archive row also goes
    by its former number. Raises `UnknownValue` if there is none.
    """
    items = catalogue.items_of(document.id)
    ref = plain_ref(key)
    by_key = [item for item in items if item.key == key]
    matches = by_key or [
        item
        for item in items
        if ref in (plain_ref(item.ref), plain_ref(item.former_ref or item.ref))
    ]
    if not matches:
        require_known("keys", key, [item.key for item in items])
    return matches


def _whole_entry(catalogue: Catalogue, item: Item, offset: int) -> WholeEntry:
    """An item with its text from an offset (in characters), its fields, parent, children and
    neighbours.
    """
    record = record_view(item, catalogue.documents[item.document_id])
    before, after = siblings(catalogue, item)
    return WholeEntry(
        **entry_fields(catalogue, item),
        **_part(full_text(item), offset),
        **{name: getattr(item, name) for name in _OF_ITEM},
        fields=() if offset else tuple(record.fields),  # only with the first part
        corrected=tuple(record.corrected),
        conflicts=tuple(map(_describe_conflict, item.conflicts)),
        parent=to_pointer(catalogue.parent(item)),
        children=tuple(filter(None, map(to_pointer, catalogue.children(item)))),
        previous=to_pointer(before),
        next=to_pointer(after),
    )


def _describe_conflict(conflict: Conflict) -> str:
    """What the document says differently: "status: geplant (sheet) / umgesetzt (overview)"."""
    values = [f"{value.text} ({value.source})" for value in conflict.values] or [
        conflict.text,
        conflict.table,
    ]
    return f"{conflict.field}: {' / '.join(values)}"


def _part(text: str, offset: int) -> dict[str, Any]:
    """The part of a text from an offset that fits into one reply, as fields of the reply.

    `next_offset` is where to read on, None at the end; `length` is that of the whole text.
    """
    end = offset + MOST_TEXT
    return {
        "text": text[offset:end],
        "length": len(text),
        "next_offset": end if end < len(text) else None,
    }


def _page_text(catalogue: Catalogue, document: Document, number: int, offset: int) -> PageText:
    """The text of a page (`number` from 1), from an offset in characters, and the items on it.

    A page may be listed in several parts; then it reaches from its first part to the end of its
    last. Raises `UnknownValue` for a page that does not exist.
    """
    pages = [page for page in document.pages if page.number == number]
    if not pages:
        require_known(
            "page", str(number), dict.fromkeys(str(page.number) for page in document.pages)
        )
    later_starts = (page.start for page in document.pages if page.start > pages[-1].start)
    start = pages[0].start
    end = min(later_starts, default=len(document.text))
    items = [
        item for item in catalogue.items_of(document.id) if item.start < end and item.end > start
    ]
    return PageText(
        document_id=document.id,
        document_title=document.title,
        page=number,
        page_label=pages[0].label,
        **_part(document.text[start:end].strip(), offset),
        entries=tuple(filter(None, map(to_pointer, items))),
    )
