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

from vectorstore.records.changes import (
    ChangeKind,
    PageQuote,
    PartChange,
    RecordChange,
    compare_pair,
    pair_items,
    predecessor,
)
from vectorstore.records.documents import Document, DocumentStatus, ParsedDocument
from vectorstore.records.items import GOALS, PLANS, ItemAddress, ItemKind

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
    all_documents = {**old, **new}  # as they are now, those that are gone as they were
    known = {name: parsed.document for name, parsed in all_documents.items()}
    predecessors = {name: predecessor(parsed.document, known) for name, parsed in new.items()}
    compared_ids = set[str]()  # of predecessors that were compared
    changes = list[DocumentChange]()
    for name, parsed in new.items():
        before, followed = old.get(name), predecessors[name]
        if before is None and followed is not None:
            before = all_documents[followed.id]
            compared_ids.add(followed.id)
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
    pairs = list(pair_items(old, new, *_GROUPS))
    if before:
        keys = {item.key for item, _ in pairs if item}
        same_document = edition.get(before.document.id)
        if same_document is not None:
            keys |= {item.key for item in same_document.items}
        pairs += [(item, None) for item in old if item.key not in keys]  # such as sections
    records = (compare_pair(pair, before, after) for pair in pairs)
    return DocumentChange(
        before=document_state(before),
        after=document_state(after),
        reread=bool(before and after and before.document.digest == after.document.digest),
        parts=tuple(_document_parts(before.document, after.document)) if before and after else (),
        records=tuple(record for record in records if record.is_news or record.has_moved_or_gone),
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


_EDITIONS = TypeAdapter(tuple[EditionChanges, ...])
