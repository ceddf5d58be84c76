"""The changes of an edition's records since the editions before it, stored with it in `changes.json` for good.

Editions before the last are removed; what became of their records has to be known for as long as their addresses are
used. An edition takes the history of the one that it follows and adds its own changes: going back is going back in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from rapidfuzz.distance import Prefix

from vectorstore.changes import (
    GOALS,
    PLANS,
    Change,
    ChangeKind,
    Quote,
    compare_items,
    differing_parts,
    parts_of,
    predecessor,
    status_quote,
)
from vectorstore.records import Document, DocumentStatus, Item, ItemKind, ItemStatus, ParsedDocument, RefTitle

FILE = "changes.json"
Address = tuple[str, str]  # document id and key of an item
Documents = Mapping[str, ParsedDocument]
_GROUPS = (
    PLANS, GOALS, *((kind,) for kind in (ItemKind.THEME, ItemKind.PRINCIPLE, ItemKind.THESIS, ItemKind.RESOLUTION))
)  # fmt: skip
_LONGEST, _LEAD = 400, 80  # characters of an excerpt, and of what comes before the first difference in it


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part that differs, by its name or printed label: how it read and how it reads."""

    part: str
    before: Quote
    after: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """An item as an edition had it; its theme is its goal where it has none."""

    document_id: str
    key: str
    ref: str
    title: str
    kind: ItemKind
    status: ItemStatus | None
    theme: RefTitle | None
    page: int | None
    page_label: str | None
    status_quote: Quote

    @property
    def address(self) -> Address:
        """Where its page was."""
        return self.document_id, self.key


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that is new or dropped, has parts that differ, or has another address; or an item that is gone."""

    kind: ChangeKind
    before: RecordState | None
    after: RecordState | None
    parts: tuple[PartChange, ...] = ()

    @property
    def state(self) -> RecordState:
        """The record as it is, else as it was."""
        return self.after or self.before  # type: ignore[return-value]

    @property
    def is_news(self) -> bool:
        """True if a record itself changed, not only its address, and no section or row of an archive went."""
        hidden = self.state.kind is ItemKind.SECTION or (not self.after and self.state.status is ItemStatus.ARCHIVED)
        return self.kind is not ChangeKind.UNCHANGED and not hidden

    @property
    def has_left(self) -> bool:
        """True if the record is no longer at its address."""
        return self.before is not None and (not self.after or self.after.address != self.before.address)


@dataclass(frozen=True, slots=True)
class DocumentState:
    """A document as an edition had it."""

    id: str
    title: str
    publisher: str
    status: DocumentStatus | None
    as_of: date | None


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that differs from `before`: the same one, or the one that it follows.

    `reread`: its file is the same, so what differs is how it was read.
    """

    before: DocumentState | None
    after: DocumentState | None
    reread: bool = False
    parts: tuple[PartChange, ...] = ()
    records: tuple[RecordChange, ...] = ()

    @property
    def state(self) -> DocumentState:
        """The document as it is, else as it was."""
        return self.after or self.before  # type: ignore[return-value]

    @property
    def ids(self) -> set[str]:
        """The ids of both documents."""
        return {state.id for state in (self.before, self.after) if state}


@dataclass(frozen=True, slots=True)
class EditionChanges:
    """What differs from the edition `previous`; `forgotten`: digests of ids of documents removed for good."""

    edition: str
    created: date
    previous: str | None
    documents: tuple[DocumentChange, ...] = ()
    forgotten: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """The changes of an edition and of those before it, newest first."""

    editions: tuple[EditionChanges, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> History:
        """The history of an edition's folder; none where it was built without. Raises ValueError, OSError."""
        path = folder / FILE
        return cls(_EDITIONS.validate_json(path.read_bytes())) if path.exists() else cls()

    def save(self, folder: Path) -> None:
        """Write it into the folder of an edition that is being built."""
        (folder / FILE).write_bytes(_EDITIONS.dump_json(self.editions, exclude_defaults=True))

    def extended(self, changes: EditionChanges, forget: Collection[str] = ()) -> History:
        """The history of the edition with these changes; of documents to `forget` only a digest of the id is left."""
        changes = replace(changes, forgotten=tuple(sorted(map(digest_of_id, forget))))
        return History(tuple(
            replace(edition, documents=tuple(each for each in edition.documents if each.ids.isdisjoint(forget)))
            for edition in (changes, *self.editions)
        ))  # fmt: skip

    @cached_property
    def documents(self) -> frozenset[str]:
        """The ids of documents that it tells of."""
        return frozenset(name for edition in self.editions for change in edition.documents for name in change.ids)

    @cached_property
    def gone(self) -> dict[Address, tuple[EditionChanges, DocumentChange, RecordChange]]:
        """What became of items whose addresses went, each with the edition that it went with last."""
        return {
            record.before.address: (edition, change, record)
            for edition in reversed(self.editions)
            for change in edition.documents
            for record in change.records
            if record.before and record.has_left
        }


def digest_of_id(document_id: str) -> str:
    """What is left of a document that was removed for good."""
    return sha256(document_id.encode()).hexdigest()


def compare_editions(old: Documents, new: Documents, *, first: bool = False) -> tuple[DocumentChange, ...]:
    """What became of each document that differs, by id; of a `first` edition only what follows an earlier document."""
    every = {**old, **new}
    known, followed = {name: parsed.document for name, parsed in every.items()}, set[str]()
    changes = list[DocumentChange]()
    for name, parsed in new.items():
        earlier = None if name in old else predecessor(parsed.document, known)
        before = old.get(name) or (every[earlier.id] if earlier else None)
        followed |= {earlier.id} if earlier else set()
        if before != parsed and not (first and before is None):
            changes.append(compare_documents(before, parsed, new))
    for name in sorted(old.keys() - new.keys() - followed):
        follower = next((each for each in new.values() if predecessor(each.document, known) == known[name]), None)
        change = compare_documents(old[name], follower, new)
        if follower:  # what it changed was told when it came; addresses go now
            moved = (replace(record, kind=ChangeKind.UNCHANGED, parts=()) for record in change.records if record.before)
            change = replace(change, after=None, parts=(), records=tuple(moved))
        changes.append(change)
    return tuple(change for change in changes if change.parts or change.records or not (change.before and change.after))


def compare_documents(
    before: ParsedDocument | None, after: ParsedDocument | None, edition: Documents
) -> DocumentChange:
    """What became of a document and its records in an edition, and where items went whose addresses it has no more."""
    old, new = (parsed.items if parsed else () for parsed in (before, after))
    changes = list(compare_items(old, new, *_GROUPS))
    if before:
        now, compared = edition.get(before.document.id), {change.old.key for change in changes if change.old}
        retained = {item.key for item in now.items} | compared if now else compared
        changes += [Change(ChangeKind.DROPPED, item, None) for item in old if item.key not in retained]
    records = (_record_change(change, before, after) for change in changes)
    return DocumentChange(
        before=_document_state(before),
        after=_document_state(after),
        reread=bool(before and after and before.document.digest == after.document.digest),
        parts=tuple(_document_parts(before.document, after.document)) if before and after else (),
        records=tuple(record for record in records if record.is_news or record.has_left),
    )


def _record_change(change: Change, before: ParsedDocument | None, after: ParsedDocument | None) -> RecordChange:
    old, new = _record_state(change.old, before), _record_state(change.new, after)
    if not (change.old and change.new and old and new):
        return RecordChange(change.kind, old, new)
    quotes = {"status": old.status_quote, **parts_of(change.old)}
    remaining = {"status": new.status_quote, **parts_of(change.new)}
    differing = differing_parts(change.old, change.new)
    parts = [part for part in dict.fromkeys((*quotes, *remaining)) if part in differing]
    excerpts = (PartChange(part, *_excerpts(quotes.get(part, Quote()), remaining.get(part, Quote()))) for part in parts)
    return RecordChange(change.kind, old, new, tuple(excerpts))


def _record_state(item: Item | None, parsed: ParsedDocument | None) -> RecordState | None:
    if item is None or parsed is None:
        return None
    own: dict[str, Any] = {field.name: getattr(item, field.name, None) for field in fields(RecordState)}
    return RecordState(**own | {"theme": item.theme or item.goal, "status_quote": status_quote(item, parsed.document)})


def _document_state(parsed: ParsedDocument | None) -> DocumentState | None:
    names = (field.name for field in fields(DocumentState))
    return DocumentState(*(getattr(parsed.document, name) for name in names)) if parsed else None


def _document_parts(old: Document, new: Document) -> Iterator[PartChange]:
    """The parts of the document metadata that differ, as values."""
    for part in ("title", "publisher", "kind", "status", "as_of"):
        before, after = (str(getattr(document, part) or "") for document in (old, new))
        if before != after:
            yield PartChange(part, Quote(before), Quote(after))


def _excerpts(before: Quote, after: Quote) -> Iterator[Quote]:
    """The texts, long ones from shortly before the first difference on, by whole words."""
    start = max(Prefix.similarity(before.text, after.text) - _LEAD, 0)
    for quote in (before, after):
        words = quote.text[start : start + _LONGEST].split()
        yield quote if len(quote.text) <= _LONGEST else Quote(f"… {' '.join(words[1:-1])} …", quote.page)


_EDITIONS = TypeAdapter(tuple[EditionChanges, ...])
