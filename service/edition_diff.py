"""What differs between two editions: documents in and out, records that are new, gone or told otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from prompts import say
from service.changes import matched
from service.pages import labels
from vectorstore.records import Document, Item, ItemKind, ParsedDocument

if TYPE_CHECKING:
    from vectorstore.editions import EditionStore

NEW, GONE = "new", "gone"
_CAME = {NEW: say("drafts.new"), GONE: say("drafts.gone")}
DOCUMENT_WORDS = {**_CAME, **labels.FRONT}
RECORD_WORDS = {**_CAME, **{one: say(f"drafts.{one}") for one in ("title", "status", "kind", "unit", "date")}}
Papers = Mapping[str, ParsedDocument]


@dataclass(frozen=True, slots=True)
class Difference:
    """A document or a record that is new or gone, or a part of it that is told otherwise; a document has no `ref`."""

    document_id: str
    title: str
    change: str
    before: str = ""
    now: str = ""
    ref: str = ""
    page: int | None = None  # of the PDF, from 1


@dataclass(frozen=True, slots=True)
class EditionDiff:
    """All differences from one edition to another; `before` is None where there is nothing to compare with."""

    before: str | None
    now: str
    documents: tuple[Difference, ...]
    records: tuple[Difference, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.documents or self.records)

    @property
    def counts(self) -> dict[str, int]:
        """How many records are new, gone and told otherwise (each once, in this order)."""
        kinds = Counter(one.change for one in self.records)
        changed = {(one.document_id, one.ref, one.title) for one in self.records if one.change not in (NEW, GONE)}
        return {NEW: kinds[NEW], GONE: kinds[GONE], "changed": len(changed)}

    def as_dict(self) -> dict[str, Any]:
        """Return the differences as JSON knows them."""
        return asdict(self) | {"counts": self.counts}


def diff_of(store: EditionStore, before: str | None, name: str) -> EditionDiff:
    """Return what differs between two editions, or all of one where there is none before; raises StoreError."""
    return edition_diff(before, _papers_of(store, before) if before else {}, name, _papers_of(store, name))


def _papers_of(store: EditionStore, name: str) -> dict[str, ParsedDocument]:
    with closing(store.open(name)) as edition:
        return {one.document.id: one for one in edition.catalogue.parsed()}


def edition_diff(before: str | None, old: Papers, now: str, new: Papers) -> EditionDiff:
    """Compare the documents of two editions, both by id."""
    documents = [Difference(name, new[name].document.title, NEW) for name in new if name not in old]
    documents += [Difference(name, old[name].document.title, GONE) for name in old if name not in new]
    records: list[Difference] = []
    for name in dict.fromkeys((*new, *old)):
        first, second = old.get(name), new.get(name)
        if first == second:
            continue
        if first is not None and second is not None:
            told = _otherwise(_front(first.document), _front(second.document))
            documents += [Difference(name, second.document.title, *one) for one in told]
        records += _records(first.items if first else (), second.items if second else ())
    return EditionDiff(before, now, tuple(documents), tuple(records))


def _records(before: tuple[Item, ...], now: tuple[Item, ...]) -> Iterator[Difference]:
    old, new = ([item for item in side if item.kind is not ItemKind.SECTION] for side in (before, now))
    same = dict(matched(old, new))
    yield from (_difference(one, NEW) for place, one in enumerate(new) if place not in same)
    yield from (_difference(one, GONE) for place, one in enumerate(old) if place not in same.values())
    for place, other in same.items():
        yield from (_difference(new[place], *one) for one in _otherwise(_told(old[other]), _told(new[place])))


def _otherwise(then: Mapping[str, str], now: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Each part that is told otherwise, how it was and how it is."""
    return [(part, then[part], now[part]) for part in then if then[part] != now[part]]


def _difference(item: Item, change: str, before: str = "", now: str = "") -> Difference:
    number = labels.number_of(item.ref, item.title)
    return Difference(item.document_id, item.title, change, before, now, number, item.page)


def _front(document: Document) -> dict[str, str]:
    """A document's title, publisher, kind, status and date as people read them."""
    return {
        "title": document.title,
        "publisher": document.publisher or say("drafts.not_known"),
        "kind": labels.DOCUMENT_KINDS[document.kind],
        "status": labels.document_status(document.status),
        "as_of": labels.shown_date(document.as_of),
    }


def _told(item: Item) -> dict[str, str]:
    """What of a record is compared, in words."""
    said = {
        "title": item.title,
        "status": labels.STATUSES[item.status] if item.status else say("drafts.no_status"),
        "kind": labels.KINDS[item.kind],
        "unit": ", ".join(item.responsible),
        "date": item.period or ", ".join(item.dates),
    }
    return {part: words or say("drafts.not_told") for part, words in said.items()}
