"""What differs between two editions: documents in and out, records that are new, gone or told otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from service.csv_export import table_csv
from service.pages import labels
from service.review.changes import PARTS, front_changes, paired, records, told_otherwise
from vectorstore.records import Item, ParsedDocument

if TYPE_CHECKING:
    from vectorstore.editions import EditionStore

NEW, GONE = "new", "gone"
_CAME = {NEW: "neu", GONE: "nicht mehr da"}
DOCUMENT_WORDS = {**_CAME, **labels.FRONT}
RECORD_WORDS = {**_CAME, **PARTS}
COLUMNS = ("document_id", "ref", "title", "page", "change", "before", "now")
Papers = Mapping[str, ParsedDocument]


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that is new or gone, or a part of its front matter that is told otherwise."""

    document_id: str
    title: str
    change: str
    before: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that is new or gone, or a part of it that is told otherwise; `page` is the PDF page from 1."""

    document_id: str
    ref: str
    title: str
    page: int | None
    change: str
    before: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class EditionDiff:
    """All differences from one edition to another; `before` is None where there is nothing to compare with."""

    before: str | None
    now: str
    documents: tuple[DocumentChange, ...]
    records: tuple[RecordChange, ...]

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

    def as_csv(self) -> str:
        """Return the differences as CSV text, documents first, a row each."""
        rows = [*map(asdict, self.documents), *map(asdict, self.records)]
        return table_csv(COLUMNS, rows)


def diff_of(store: EditionStore, before: str | None, name: str) -> EditionDiff:
    """Return what differs between two editions, or all of one where there is none before; raises StoreError."""
    return edition_diff(before, _papers_of(store, before) if before else {}, name, _papers_of(store, name))


def _papers_of(store: EditionStore, name: str) -> dict[str, ParsedDocument]:
    with closing(store.open(name)) as edition:
        return {one.document.id: one for one in edition.catalogue.parsed()}


def edition_diff(before: str | None, old: Papers, now: str, new: Papers) -> EditionDiff:
    """Compare the documents of two editions, both by id."""
    documents = [DocumentChange(name, new[name].document.title, NEW) for name in new if name not in old]
    documents += [DocumentChange(name, old[name].document.title, GONE) for name in old if name not in new]
    found: list[RecordChange] = []
    for name in [*new, *(one for one in old if one not in new)]:
        first, second = old.get(name), new.get(name)
        if first is not None and second is not None:
            told = front_changes(first.document, second.document)
            documents += [DocumentChange(name, second.document.title, *one) for one in told]
        found += _records(first, second)
    return EditionDiff(before, now, tuple(documents), tuple(found))


def _records(old: ParsedDocument | None, new: ParsedDocument | None) -> list[RecordChange]:
    pairs, gone, added = paired(records(old.items if old else ()), records(new.items if new else ()))
    changed = [_change(item, *one) for before, item in pairs for one in told_otherwise(before, item)]
    return [*(_change(one, NEW) for one in added), *(_change(one, GONE) for one in gone), *changed]


def _change(item: Item, change: str, before: str = "", now: str = "") -> RecordChange:
    number = labels.number_of(item.ref, item.title)
    return RecordChange(item.document_id, number, item.title, item.page, change, before, now)
