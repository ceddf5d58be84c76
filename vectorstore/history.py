"""The changes of an edition's records since the editions before it, stored with it in `changes.json` for good.

Editions before the last are removed; what became of their records has to be known for as long as their addresses are
used. An edition takes the history of the one that it follows and adds its own changes: going back is going back in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path

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
    """An item as an edition had it."""

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

    @classmethod
    def of(cls, item: Item, document: Document) -> RecordState:
        """The state of an item; what stands for its theme is its goal where it has none."""
        names = ("document_id", "key", "ref", "title", "kind", "status", "page", "page_label")
        own = {name: getattr(item, name) for name in names}
        return cls(**own, theme=item.theme or item.goal, status_quote=status_quote(item, document))

    @property
    def address(self) -> Address:
        """Where its page was."""
        return self.document_id, self.key


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that is new, dropped or has parts that differ."""

    kind: ChangeKind
    before: RecordState | None
    after: RecordState | None
    parts: tuple[PartChange, ...] = ()

    @property
    def state(self) -> RecordState:
        """The record as it is, else as it was."""
        state = self.after or self.before
        assert state is not None
        return state


@dataclass(frozen=True, slots=True)
class GoneItem:
    """An item whose address is gone: its last state, and where the record is that took its place."""

    state: RecordState
    successor: Address | None


@dataclass(frozen=True, slots=True)
class DocumentState:
    """A document as an edition had it."""

    id: str
    title: str
    publisher: str
    status: DocumentStatus | None
    as_of: date | None

    @classmethod
    def of(cls, document: Document) -> DocumentState:
        """The state of a document."""
        return cls(document.id, document.title, document.publisher, document.status, document.as_of)


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that differs from `before`: the same one, or the one that it follows.

    `reread`: its file is the same, so what differs is how it was read. `gone` are addresses of `before`.
    """

    before: DocumentState | None
    after: DocumentState | None
    reread: bool = False
    parts: tuple[PartChange, ...] = ()
    records: tuple[RecordChange, ...] = ()
    gone: tuple[GoneItem, ...] = ()

    @property
    def state(self) -> DocumentState:
        """The document as it is, else as it was."""
        state = self.after or self.before
        assert state is not None
        return state


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
        return History(tuple(_without(edition, forget) for edition in (changes, *self.editions)))

    @cached_property
    def documents(self) -> frozenset[str]:
        """The ids of documents that it tells of."""
        changes = [change for edition in self.editions for change in edition.documents]
        return frozenset(state.id for change in changes for state in (change.before, change.after) if state)

    @cached_property
    def gone(self) -> dict[Address, tuple[EditionChanges, DocumentChange, GoneItem]]:
        """The items whose addresses are gone, each with the edition that it went with last."""
        found: dict[Address, tuple[EditionChanges, DocumentChange, GoneItem]] = {}
        for edition in reversed(self.editions):
            for change in edition.documents:
                found |= {item.state.address: (edition, change, item) for item in change.gone}
        return found


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
            changes.append(compare_documents(before, parsed, kept=new))
    for name in sorted(old.keys() - new.keys() - followed):  # what its follower changed was told when that one came
        follower = next((each for each in new.values() if predecessor(each.document, known) == known[name]), None)
        change = compare_documents(old[name], follower, kept=new)
        changes.append(replace(change, after=None, parts=(), records=()) if follower else change)
    return tuple(change for change in changes if change.parts or change.records or change.gone or not change.before)


def compare_documents(before: ParsedDocument | None, after: ParsedDocument | None, kept: Documents) -> DocumentChange:
    """What became of a document and its records, where the documents `kept` are what there is now."""
    old, new = (parsed.items if parsed else () for parsed in (before, after))
    changes = list(compare_items(old, new, *_GROUPS))
    return DocumentChange(
        before=DocumentState.of(before.document) if before else None,
        after=DocumentState.of(after.document) if after else None,
        reread=bool(before and after and before.document.digest == after.document.digest),
        parts=tuple(_document_parts(before.document, after.document)) if before and after else (),
        records=tuple(
            _record_change(change, before, after) for change in changes if change.kind is not ChangeKind.UNCHANGED
        ),
        gone=tuple(_gone(before, changes, kept)) if before else (),
    )


def _gone(before: ParsedDocument, changes: Iterable[Change], kept: Documents) -> Iterator[GoneItem]:
    """Each item whose address is gone, with the record that it became."""
    now = kept.get(before.document.id)
    keys = {item.key for item in now.items} if now else set()
    became = {
        change.old.key: (change.new.document_id, change.new.key) for change in changes if change.old and change.new
    }
    for item in before.items:
        if item.key not in keys:
            yield GoneItem(RecordState.of(item, before.document), became.get(item.key))


def _record_change(change: Change, before: ParsedDocument | None, after: ParsedDocument | None) -> RecordChange:
    old = RecordState.of(change.old, before.document) if change.old and before else None
    new = RecordState.of(change.new, after.document) if change.new and after else None
    parts = _item_parts(change.old, change.new, old, new) if change.old and change.new and old and new else ()
    return RecordChange(change.kind, old, new, tuple(parts))


def _item_parts(old: Item, new: Item, before: RecordState, after: RecordState) -> Iterator[PartChange]:
    """Each part of a record that differs, with excerpts of both texts."""
    quotes = {"status": before.status_quote, **parts_of(old)}
    others = {"status": after.status_quote, **parts_of(new)}
    differing = differing_parts(old, new)
    for part in dict.fromkeys((*quotes, *others)):
        if part in differing:
            yield PartChange(part, *_excerpts(quotes.get(part, Quote()), others.get(part, Quote())))


def _document_parts(old: Document, new: Document) -> Iterator[PartChange]:
    """The parts of the document metadata that differ, as values."""
    for part in ("title", "publisher", "kind", "status", "as_of"):
        before, after = (str(getattr(document, part) or "") for document in (old, new))
        if before != after:
            yield PartChange(part, Quote(before), Quote(after))


def _excerpts(before: Quote, after: Quote) -> Iterator[Quote]:
    """The texts, long ones from shortly before the first difference on."""
    same = Prefix.similarity(before.text, after.text)
    for quote in (before, after):
        text, start = quote.text, 0
        if len(text) > _LONGEST and same > _LEAD:
            start = text.rfind(" ", 0, same - _LEAD) + 1
        cut = text[start : start + _LONGEST]
        end = start + len(cut) < len(text)
        cut = (cut.rpartition(" ")[0] or cut) if end else cut
        yield Quote(f"{'… ' * (start > 0)}{cut}{' …' * end}", quote.page)


def _without(edition: EditionChanges, documents: Collection[str]) -> EditionChanges:
    def names(change: DocumentChange) -> set[str]:
        return {state.id for state in (change.before, change.after) if state}

    return replace(edition, documents=tuple(one for one in edition.documents if names(one).isdisjoint(documents)))


_EDITIONS = TypeAdapter(tuple[EditionChanges, ...])
