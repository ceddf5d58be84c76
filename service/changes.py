"""What changed: between documents that follow one another, between editions, and where a record went that is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from prompts import reworded, say
from service.pages import labels
from service.record_filters import fold
from vectorstore.catalogue import Catalogue
from vectorstore.changes import GOALS, PLANS, Change, ChangeKind, compare_items, document_age, predecessor
from vectorstore.history import (
    DocumentChange,
    DocumentState,
    EditionChanges,
    PartChange,
    RecordChange,
    RecordState,
    digest_of_id,
)
from vectorstore.records import Document, Item, ItemStatus

if TYPE_CHECKING:
    from vectorstore.edition import Edition

Text = Annotated[Annotated[str, Field(max_length=500)] | None, BeforeValidator(lambda value: value or None)]
WORDS = {kind: say(f"labels.change_{kind}") for kind in ChangeKind}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents of one series and what changed between them, in the order of the later one, dropped ones last."""

    old: Document
    new: Document
    changes: tuple[Change, ...]

    def of(self, *kinds: ChangeKind) -> list[Change]:
        """The changes of these kinds."""
        return [change for change in self.changes if change.kind in kinds]

    @property
    def common(self) -> bool:
        """True if any record is in both."""
        return any(change.old and change.new for change in self.changes)

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """How many records each kind has, all kinds."""
        return {kind: len(self.of(kind)) for kind in ChangeKind}


def pairs(catalogue: Catalogue) -> list[tuple[Document, Document]]:
    """The documents that follow another, each behind that one, the latest first."""
    documents = catalogue.documents
    followed = [(before, document) for document in documents.values() if (before := predecessor(document, documents))]
    return sorted(followed, key=lambda pair: document_age(pair[1]), reverse=True)


def compare(catalogue: Catalogue, old: Document, new: Document) -> Comparison:
    """What changed in projects, measures and goals from one document to another; an archive's rows count as dropped."""
    changes = compare_items(catalogue.items_of(old.id), catalogue.items_of(new.id), PLANS, GOALS)
    return Comparison(old, new, tuple(changes))


def row_of(change: Change) -> dict[str, Any]:
    """A change as a row, for pages, files and below answers; what a document does not have is None."""
    row: dict[str, Any] = {"change": WORDS[change.kind]}
    for names in (("ref", "title", "status"), ("document_id", "key")):
        for ending, item in (("", change.new), ("_before", change.old)):
            row |= {f"{name}{ending}": getattr(item, name, None) for name in names}
    statuses = {name: row[name] and row[name].value for name in ("status", "status_before")}
    return row | statuses


class ChangeQuery(BaseModel):
    """Which changes: of a document, of a field of action by number or title, of one record."""

    document: Text = None
    theme: Text = None
    record: Text = Field(default=None, description="Id of a document and key of a record: DOCUMENT/KEY")

    @property
    def is_empty(self) -> bool:
        """True if all changes are asked for."""
        return not (self.document or self.theme or self.record)


def filter_changes(editions: Iterable[EditionChanges], query: ChangeQuery) -> list[EditionChanges]:
    """The changes that are asked for, newest first; a record is followed back through its earlier addresses."""
    addresses, found = {query.record}, list[EditionChanges]()
    for edition in editions:
        documents = []
        for change in edition.documents:
            records = tuple(record for record in change.records if _is_asked(record, query, addresses))
            if records or (_is_of(change, query.document) and not (query.theme or query.record)):
                documents.append(change if query.is_empty else replace(change, records=records, gone=()))
            addresses |= {"/".join(record.before.address) for record in records if query.record and record.before}
        if documents:
            found.append(replace(edition, documents=tuple(documents)))
    return found


@dataclass(frozen=True, slots=True)
class Gone:
    """An address that was: the edition that it went with, its last state unless it was forgotten, and its successor."""

    edition: EditionChanges
    document: DocumentState | None = None
    state: RecordState | None = None
    successor: Item | None = None


def find_gone(edition: Edition, document_id: str, key: str = "") -> Gone | None:
    """What is known of a record, or without `key` of a document, that is not there; None if it never was."""
    history, catalogue = edition.history, edition.catalogue
    if key and (found := history.gone.get((document_id, key))):
        when, change, item = found
        address, seen = item.successor, {(document_id, key)}
        while address and catalogue.item(*address) is None and address not in seen:
            seen.add(address)
            address = history.gone[address][2].successor if address in history.gone else None
        return Gone(when, change.before, item.state, catalogue.item(*address) if address else None)
    for changes in history.editions:
        if digest_of_id(document_id) in changes.forgotten:
            return Gone(changes)
        for change in changes.documents:
            if not key and change.before and change.before.id == document_id != getattr(change.after, "id", ""):
                return Gone(changes, change.before)
    return None


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of what differs: a record or document (`record` is None) that is new or gone, or a part of it."""

    document: DocumentState
    record: RecordState | None
    what: str
    word: str
    before: str = ""
    now: str = ""

    @property
    def name(self) -> str:
        """The record by number and title, else the document by its title."""
        if self.record is None:
            return self.document.title
        return f"{labels.number_of(self.record.ref, self.record.title)} {self.record.title}".strip()

    @property
    def row(self) -> dict[str, str]:
        """The difference for programs; the key of a document is ""."""
        names = {"document": self.document.id, "key": self.record.key if self.record else "", "name": self.name}
        return {**names, "change": self.what, "before": self.before, "now": self.now}

    @property
    def line(self) -> str:
        """The difference in one line."""
        if not self.before and not self.now:
            return f"{self.name}: {self.word}"
        return f"{self.name}: {say('commands.diff_field', what=self.word, before=self.before, now=self.now)}"


def differences(changes: Iterable[DocumentChange]) -> Iterator[Difference]:
    """Every difference in a line of its own, in German."""
    for change in changes:
        if not change.before or not change.after or change.before.id != change.after.id:
            yield _whole(change.state, None, ChangeKind.NEW if change.after else ChangeKind.DROPPED)
        for part in change.parts:
            yield Difference(change.state, None, part.part, *part_line(part, None, "de"))
        for record in change.records:
            if record.kind in (ChangeKind.NEW, ChangeKind.DROPPED):
                yield _whole(change.state, record.state, record.kind)
            for part in record.parts:
                yield Difference(change.state, record.state, part.part, *part_line(part, record, "de"))


def count_records(changes: Iterable[DocumentChange]) -> dict[str, int]:
    """How many records are new, gone, and changed."""
    kinds = Counter(record.kind for change in changes for record in change.records)
    new, gone = kinds.pop(ChangeKind.NEW, 0), kinds.pop(ChangeKind.DROPPED, 0)
    return {"new": new, "gone": gone, "changed": kinds.total()}


def part_line(part: PartChange, record: RecordChange | None, language: str) -> tuple[str, str, str]:
    """What differs, and how it was and is, as people read it: the status of a record by its word, else the texts."""
    words = reworded(f"{language}/progress")
    values = [part.before.text, part.after.text]
    if record is not None and part.part == "status":
        statuses = [state.status if state else None for state in (record.before, record.after)]
        values = [status_word(status, language) for status in statuses]
    elif record is None:
        values = [_metadata_word(part.part, value, language) for value in values]
    before, now = (value or words["not_said"] for value in values)
    named = words.get(f"front_{part.part}") if record is None else None
    return named or words.get(f"part_{part.part}", part.part), before, now


def status_word(status: ItemStatus | None, language: str) -> str:
    """A record's status in words, "ohne Angabe" for none."""
    words = reworded(f"{language}/progress")
    return words[f"status_{status}"] if status else words["without_status"]


def _metadata_word(part: str, value: str, language: str) -> str:
    if part == "as_of":
        return labels.shown_moment(value)
    if part == "status" and value:
        return reworded(f"{language}/progress")[f"document_{value}"]
    return labels.DOCUMENT_KINDS.get(value, value) if part == "kind" else value


def _whole(document: DocumentState, record: RecordState | None, kind: ChangeKind) -> Difference:
    return Difference(document, record, kind, say(f"progress.change_{kind}"))


def _is_of(change: DocumentChange, document_id: str | None) -> bool:
    return document_id is None or any(state.id == document_id for state in (change.before, change.after) if state)


def _is_asked(record: RecordChange, query: ChangeQuery, addresses: set[str | None]) -> bool:
    states = [state for state in (record.before, record.after) if state]
    themes = [state.theme for state in states if state.theme]
    names = {fold(name) for theme in themes for name in (theme.ref, theme.title, f"{theme.ref} {theme.title}")}
    return (
        (not query.document or any(state.document_id == query.document for state in states))
        and (not query.theme or fold(query.theme) in names)
        and (not query.record or any("/".join(state.address) in addresses for state in states))
    )
