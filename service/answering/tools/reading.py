"""The tool `read`: whole entries with fields and neighbours, or a page; what is too long says how to read on."""

from __future__ import annotations

from collections.abc import Iterator

from service.answering.corpus import plain_ref
from service.answering.query import ToolError, UnknownValue
from service.answering.tools.entries import entry, pointer
from service.answering.tools.forms import TEXT_AT_ONCE, PageText, ReadArguments, ReadReply, WholeEntry
from service.records import record_of, siblings
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item


def read(catalogue: Catalogue, asked: ReadArguments) -> ReadReply:
    """What is asked for of one document; raises `ToolError` for what it does not have."""
    document = catalogue.documents.get(asked.document)
    if document is None:
        raise UnknownValue("document", asked.document, tuple(catalogue.documents))
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


def _named(catalogue: Catalogue, document: Document, key: str) -> list[Item]:
    """The entry with a key, else all that have it as their number; rows of an archive by the number they had."""
    if (item := catalogue.item(document.id, key)) is not None:
        return [item]
    items = catalogue.items_of(document.id)
    found = [one for one in items if plain_ref(key) in (plain_ref(one.ref), plain_ref(one.former_ref or one.ref))]
    if not found:
        raise UnknownValue("keys", key, tuple(one.key for one in items))
    return found


def text_of(catalogue: Catalogue, item: Item) -> str:
    """All that an entry says: heading, body, and what stands of it elsewhere, in tables above all."""
    own = [part for part in (item.heading, item.body) if part]
    rest = [one.text for one in catalogue.chunks_of(item) if not item.start <= one.start < item.end]
    return "\n\n".join(dict.fromkeys([*own, *rest, *([item.table_row] if item.table_row else [])]))


def _whole(catalogue: Catalogue, item: Item, offset: int) -> WholeEntry:
    text, record = text_of(catalogue, item), record_of(item, catalogue.documents[item.document_id])
    before, after = siblings(catalogue, item)
    parent = catalogue.parent(item)
    part = text[offset : offset + TEXT_AT_ONCE]
    return WholeEntry(
        **dict(entry(catalogue, item)),
        text=part,
        length=len(text),
        next_offset=offset + len(part) if offset + len(part) < len(text) else None,
        fields=tuple(record.fields),
        responsible=item.responsible,
        municipalities=item.municipalities,
        dates=item.dates,
        amounts=item.amounts,
        conflicts=tuple(_conflicts(item)),
        corrected=tuple(record.corrected),
        former_ref=item.former_ref,
        parent=pointer(parent) if parent else None,
        children=tuple(map(pointer, catalogue.children(item))),
        previous=pointer(before) if before else None,
        next=pointer(after) if after else None,
    )


def _conflicts(item: Item) -> Iterator[str]:
    for one in item.conflicts:
        places = [f"{value.text} ({value.source})" for value in one.values] or [one.text, one.table]
        yield f"{one.field}: {' / '.join(places)}"


def _page(catalogue: Catalogue, document: Document, number: int, offset: int) -> PageText:
    places = [place for place, one in enumerate(document.pages) if one.number == number]
    if not places:
        raise UnknownValue("page", str(number), tuple(dict.fromkeys(str(one.number) for one in document.pages)))
    start = document.pages[places[0]].start
    end = document.pages[places[-1] + 1].start if places[-1] + 1 < len(document.pages) else len(document.text)
    text = document.text[start:end].strip()
    part = text[offset : offset + TEXT_AT_ONCE]
    on_it = [one for one in catalogue.items_of(document.id) if one.start < end and one.end > start]
    return PageText(
        document_id=document.id,
        document_title=document.title,
        page=number,
        page_label=document.pages[places[0]].label,
        text=part,
        length=len(text),
        next_offset=offset + len(part) if offset + len(part) < len(text) else None,
        entries=tuple(map(pointer, on_it)),
    )
