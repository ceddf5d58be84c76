"""The history of an edition: what changed in its records from each edition to the next, in its file
`changes.json`.

Older editions are removed, but links to their records remain in use, so each edition has the
history of the previous edition and its own changes. After a rollback the history is again that of
the older edition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter
from rapidfuzz.distance import Prefix

from vectorstore.records.changes import (
    Change,
    ChangeKind,
    PageQuote,
    compare_items,
    predecessor,
    status_quote,
)
from vectorstore.records.documents import Document, DocumentStatus, ParsedDocument
from vectorstore.records.items import (
    GOALS,
    PLANS,
    Item,
    ItemAddress,
    ItemKind,
    ItemStatus,
    RefTitle,
)

FILE = "changes.json"
CORRECTIONS_PREFIX = "korrekturen-"  # before the day: the name of the corrections of a day
Documents = Mapping[str, ParsedDocument]
_GROUPS = (  # kinds of items that may follow one another
    PLANS,
    GOALS,
    (ItemKind.THEME,),
    (ItemKind.PRINCIPLE,),
    (ItemKind.THESIS,),
    (ItemKind.RESOLUTION,),
)
# characters of an excerpt, and of what comes before the first difference in it
_LONGEST = 400
_LEAD = 80


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part that differs, by its name or printed label, with its text before and after."""

    part: str
    before: PageQuote
    after: PageQuote


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """An item as it was in an edition; `theme` is the goal for an item without theme."""

    document_id: str
    key: str
    ref: str
    title: str
    kind: ItemKind
    status: ItemStatus | None
    theme: RefTitle | None
    page: int | None
    page_label: str | None
    status_quote: PageQuote

    @property
    def address(self) -> ItemAddress:
        """Document id and key."""
        return self.document_id, self.key


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A change of a record (new, dropped, other parts or another address), or of another item that
    is gone.
    """

    kind: ChangeKind
    before: RecordState | None
    after: RecordState | None
    parts: tuple[PartChange, ...] = ()

    @property
    def state(self) -> RecordState:
        """The record after the change, or before it where it is gone."""
        return self.after or self.before  # type: ignore[return-value]

    @property
    def is_news(self) -> bool:
        """True if it is shown among the changes: more than the address has changed.

        Sections, and archive rows that are gone, are never shown: they are stored only so that
        their addresses can be answered.
        """
        hidden = self.state.kind is ItemKind.SECTION or (
            not self.after and self.state.status is ItemStatus.ARCHIVED
        )
        return self.kind is not ChangeKind.UNCHANGED and not hidden

    @property
    def has_moved_or_gone(self) -> bool:
        """True if the record is no longer at its former address."""
        return self.before is not None and (
            not self.after or self.after.address != self.before.address
        )


@dataclass(frozen=True, slots=True)
class DocumentState:
    """The metadata of a document as it was in an edition."""

    id: str
    title: str
    publisher: str
    status: DocumentStatus | None
    as_of: date | None


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """The changes from the document `before`, which is an earlier state of the same one or its
    predecessor, to `after`.

    `reread`: the file is the same, so the changes come from how it was read.
    """

    before: DocumentState | None
    after: DocumentState | None
    reread: bool = False
    parts: tuple[PartChange, ...] = ()
    records: tuple[RecordChange, ...] = ()

    @property
    def state(self) -> DocumentState:
        """The document after the change, or before it where it is gone."""
        return self.after or self.before  # type: ignore[return-value]

    @property
    def ids(self) -> set[str]:
        """The ids of both documents."""
        return {state.id for state in (self.before, self.after) if state}


@dataclass(frozen=True, slots=True)
class EditionChanges:
    """The changes from the edition `previous` to `edition`; `forgotten`: digests of ids of deleted
    documents.
    """

    edition: str
    created: date
    previous: str | None
    documents: tuple[DocumentChange, ...] = ()
    forgotten: tuple[str, ...] = ()

    @property
    def is_correction(self) -> bool:
        """True for corrections by people, which are of no edition."""
        return self.edition.startswith(CORRECTIONS_PREFIX)


@dataclass(frozen=True)
class History:
    """The changes of an edition and of those before it, newest first."""

    editions: tuple[EditionChanges, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> History:
        """The history in an edition's folder, empty where there is no file. Raises ValueError,
        OSError.
        """
        path = folder / FILE
        if not path.exists():
            return cls()
        return cls(_EDITIONS.validate_json(path.read_bytes()))

    def save(self, folder: Path) -> None:
        """Write it into the folder of an edition that is being built."""
        (folder / FILE).write_bytes(_EDITIONS.dump_json(self.editions, exclude_defaults=True))

    def extend(self, changes: EditionChanges, forget: Collection[str] = ()) -> History:
        """This history with the changes of a new edition.

        The documents to `forget` are left out of all editions. Only digests of their ids are
        stored, with the new edition, so that a link to such a document can be told from a wrong
        one.
        """
        forgotten = tuple(sorted(map(digest_of_id, forget)))
        editions = []
        for edition in (replace(changes, forgotten=forgotten), *self.editions):
            remaining = [change for change in edition.documents if change.ids.isdisjoint(forget)]
            editions.append(replace(edition, documents=tuple(remaining)))
        return History(tuple(editions))

    @cached_property
    def documents(self) -> frozenset[str]:
        """The ids of all documents with changes."""
        ids = set[str]()
        for edition in self.editions:
            for change in edition.documents:
                ids |= change.ids
        return frozenset(ids)

    @cached_property
    def gone(self) -> dict[ItemAddress, tuple[EditionChanges, DocumentChange, RecordChange]]:
        """The last change by which an item left an address, with its edition and document, by this
        address.

        Another item, or the same one, may have the address now.
        """
        gone: dict[ItemAddress, tuple[EditionChanges, DocumentChange, RecordChange]] = {}
        for edition in reversed(self.editions):
            for change in edition.documents:
                for record in change.records:
                    if record.before and record.has_moved_or_gone:
                        gone[record.before.address] = edition, change, record
        return gone


def digest_of_id(document_id: str) -> str:
    """The SHA-256 of a document's id in hex."""
    return sha256(document_id.encode()).hexdigest()


def compare_editions(
    old: Documents, new: Documents, *, first: bool = False
) -> tuple[DocumentChange, ...]:
    """The changes of documents between two editions.

    A document is compared with its own earlier state, a new document with its predecessor. In a
    `first` edition, where every document is new, only documents with a predecessor are listed. A
    removed document is listed unless a new one was already compared with it. Documents in which
    neither metadata nor records changed are left out.
    """
    all_documents = {**old, **new}
    known = {name: parsed.document for name, parsed in all_documents.items()}
    predecessors = {name: predecessor(parsed.document, known) for name, parsed in new.items()}
    compared_ids = set[str]()  # of predecessors that were compared
    changes = list[DocumentChange]()
    for name, parsed in new.items():
        before, earlier = old.get(name), predecessors[name]
        if before is None and earlier is not None:
            before = all_documents[earlier.id]
            compared_ids.add(earlier.id)
        if before != parsed and not (first and before is None):
            changes.append(compare_documents(before, parsed, new))
    for name in sorted(old.keys() - new.keys() - compared_ids):
        follower = next(
            (parsed for later, parsed in new.items() if predecessors[later] == known[name]), None
        )
        changes.append(_removal(old[name], follower, new))
    return tuple(
        change
        for change in changes
        if change.parts or change.records or not (change.before and change.after)
    )


def _removal(
    document: ParsedDocument, follower: ParsedDocument | None, edition: Documents
) -> DocumentChange:
    """The change of a document that is gone: its records are dropped.

    If a document of the new `edition` follows it, its records live on there. Their changes are in
    the history since the follower was added, so here they are UNCHANGED and only have another
    address.
    """
    change = compare_documents(document, follower, edition)
    if follower is None:
        return change
    moved = [
        replace(record, kind=ChangeKind.UNCHANGED, parts=())
        for record in change.records
        if record.before
    ]
    return replace(change, after=None, parts=(), records=tuple(moved))


def compare_documents(
    before: ParsedDocument | None, after: ParsedDocument | None, edition: Documents
) -> DocumentChange:
    """The changes of a document and its records, from `before` to `after`.

    None stands for a document that is new or gone. Items of `before` that are no records, such as
    sections, are not followed. They count as dropped if the new `edition` does not have them any
    more, so that links to them can be answered.
    """
    old = before.items if before else ()
    new = after.items if after else ()
    changes = list(compare_items(old, new, *_GROUPS))
    if before:
        keys = {change.before.key for change in changes if change.before}
        same_document = edition.get(before.document.id)
        if same_document is not None:
            keys |= {item.key for item in same_document.items}
        gone = [item for item in old if item.key not in keys]  # such as sections
        changes += [Change(ChangeKind.DROPPED, item, None, {}) for item in gone]
    records = (_record_change(change, before, after) for change in changes)
    return DocumentChange(
        before=document_state(before),
        after=document_state(after),
        reread=bool(before and after and before.document.digest == after.document.digest),
        parts=tuple(_document_parts(before.document, after.document)) if before and after else (),
        records=tuple(record for record in records if record.is_news or record.has_moved_or_gone),
    )


def _record_change(
    change: Change, before: ParsedDocument | None, after: ParsedDocument | None
) -> RecordChange:
    """A change as the history stores it, with excerpts of the parts that differ.

    A record that is new or gone has no parts. The status is compared as a value, and its part is
    the text that states it, "" where none does.
    """
    old, new = record_state(change.before, before), record_state(change.after, after)
    parts = list[PartChange]()
    for name, quotes in change.parts.items():
        if name == "status" and old and new:
            quotes = old.status_quote, new.status_quote
        parts.append(PartChange(name, *_excerpts(*quotes)))
    return RecordChange(change.kind, old, new, tuple(parts))


def record_state(item: Item | None, parsed: ParsedDocument | None) -> RecordState | None:
    """The state of an item of a document, None for None."""
    if item is None or parsed is None:
        return None
    return RecordState(
        document_id=item.document_id,
        key=item.key,
        ref=item.ref,
        title=item.title,
        kind=item.kind,
        status=item.status,
        theme=item.theme or item.goal,
        page=item.page,
        page_label=item.page_label,
        status_quote=status_quote(item, parsed.document),
    )


def document_state(parsed: ParsedDocument | None) -> DocumentState | None:
    """The metadata of a document as the history stores them, None for None."""
    if parsed is None:
        return None
    document = parsed.document
    return DocumentState(
        document.id, document.title, document.publisher, document.status, document.as_of
    )


def _document_parts(old: Document, new: Document) -> Iterator[PartChange]:
    """The parts of the document metadata that differ, with their values as text."""
    for part in ("title", "publisher", "kind", "status", "as_of"):
        before, after = str(getattr(old, part) or ""), str(getattr(new, part) or "")
        if before != after:
            yield PartChange(part, PageQuote(before), PageQuote(after))


def _excerpts(before: PageQuote, after: PageQuote) -> Iterator[PageQuote]:
    """Both texts, the earlier one first.

    A text of more than `_LONGEST` characters is shortened to an excerpt, which begins just before
    the first difference. A word that the cut may have split is left out at both ends.
    """
    start = max(Prefix.similarity(before.text, after.text) - _LEAD, 0)
    for quote in (before, after):
        if len(quote.text) > _LONGEST:
            words = quote.text[start : start + _LONGEST].split()
            quote = PageQuote(f"… {' '.join(words[1:-1])} …", quote.page)
        yield quote


_EDITIONS = TypeAdapter(tuple[EditionChanges, ...])
