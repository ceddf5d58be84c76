"""Changes between documents of a series and between editions; and the successor of a record that no longer exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field

from prompts import load_words, say
from service import labels, wording
from service.http.problems import ProblemError
from service.record_filters import fold
from vectorstore.catalogue import Catalogue
from vectorstore.changes import GOALS, PLANS, Change, ChangeKind, compare_items, document_sort_key, predecessor
from vectorstore.history import Address, DocumentChange, EditionChanges, PartChange, RecordChange, digest_of_id
from vectorstore.records import Document, Item, ItemStatus, RefTitle

if TYPE_CHECKING:
    from vectorstore.edition import Edition
    from vectorstore.history import DocumentState, RecordState

OptionalText = Annotated[Annotated[str, Field(max_length=500)] | None, BeforeValidator(lambda value: value or None)]
WORDS = {kind: say(f"labels.change_{kind}") for kind in ChangeKind}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents of a series and the changes between them, in the order of the new one, dropped records last."""

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


def document_pairs(catalogue: Catalogue) -> list[tuple[Document, Document]]:
    """Pairs (predecessor, document) of all documents that have a predecessor, the latest document first."""
    documents = catalogue.documents
    result = [(old, document) for document in documents.values() if (old := predecessor(document, documents))]
    return sorted(result, key=lambda pair: document_sort_key(pair[1]), reverse=True)


def compare(catalogue: Catalogue, old: Document, new: Document) -> Comparison:
    """The changes of projects, measures and goals from one document to another; archived records count as dropped."""
    changes = compare_items(catalogue.items_of(old.id), catalogue.items_of(new.id), PLANS, GOALS)
    return Comparison(old, new, tuple(changes))


def row_of(change: Change) -> dict[str, Any]:
    """A change as a row: fields of the new item, and with "_before" of the old one; None if there is no such item."""
    row: dict[str, Any] = {"change": WORDS[change.kind]}
    for names in (("ref", "title", "status"), ("document_id", "key")):
        for ending, item in (("", change.new), ("_before", change.old)):
            row |= {f"{name}{ending}": getattr(item, name, None) for name in names}
    statuses = {name: row[name] and row[name].value for name in ("status", "status_before")}
    return row | statuses


class ChangeQuery(BaseModel):
    """Which changes: of a document, of a field of action by number or title, of one record."""

    document: OptionalText = None
    theme: OptionalText = None
    record: OptionalText = Field(default=None, description="Id of a document and key of a record: DOCUMENT/KEY")


def filter_changes(editions: Iterable[EditionChanges], query: ChangeQuery) -> list[EditionChanges]:
    """The changes that match a query, newest first; a record is also matched by the addresses it had earlier."""
    addresses, results = {query.record}, list[EditionChanges]()
    with_documents = not (query.theme or query.record)  # else only changes of records
    for edition in editions:
        documents = list[DocumentChange]()
        for change in edition.documents:
            records = tuple(
                record for record in change.records if record.is_news and _matches(record, query, addresses)
            )
            if records or (with_documents and (not query.document or query.document in change.ids)):
                documents.append(replace(change, records=records, parts=change.parts if with_documents else ()))
            addresses |= {"/".join(record.before.address) for record in records if query.record and record.before}
        if documents:
            results.append(replace(edition, documents=tuple(documents)))
    return results


def _matches(record: RecordChange, query: ChangeQuery, addresses: set[str | None]) -> bool:
    """True if the record before or after its change matches the query; `addresses` are those of the query's record."""
    states = [state for state in (record.before, record.after) if state]
    return (
        (not query.document or query.document in {state.document_id for state in states})
        and (not query.theme or any(fold(query.theme) in names_of(state.theme) for state in states))
        and (not query.record or not addresses.isdisjoint("/".join(state.address) for state in states))
    )


def names_of(theme: RefTitle | None) -> set[str]:
    """The folded names that find a field of action: its number, its title, and "number title"; empty for None."""
    return {fold(name) for name in (theme.ref, theme.title, f"{theme.ref} {theme.title}") if name} if theme else set()


class RemovedItem(NamedTuple):
    """A removed item or document: its last edition, last state (None if its history was deleted) and successor."""

    edition: EditionChanges
    document: DocumentState | None = None
    state: RecordState | None = None
    successor: Item | None = None


def find_removed(edition: Edition, document_id: str, key: str = "") -> RemovedItem:
    """What is known of a record that no longer exists, or without `key` of such a document.

    Raises the problem not-found if it never existed. The successor is found by following changes of address.
    """
    gone, item, address, seen = edition.history.gone, edition.catalogue.item, (document_id, key), set[Address]()
    if address in gone:
        removed_in, change, record = gone[address]
        while address in gone and address not in seen and item(*address) is None:
            seen.add(address)
            after = gone[address][2].after
            address = after.address if after else ("", "")
        return RemovedItem(removed_in, change.before, record.before, item(*address))
    for changes in edition.history.editions:
        if digest_of_id(document_id) in changes.forgotten:
            return RemovedItem(changes)
        removed = (doc.before for doc in changes.documents if doc.after is None or doc.after.id != document_id)
        if not key and (state := next((state for state in removed if state and state.id == document_id), None)):
            return RemovedItem(changes, state)
    raise ProblemError("not-found")


def change_rows(changes: Iterable[DocumentChange]) -> Iterator[tuple[str, str, str, str, str]]:
    """A row for each difference: document id, name of the record or document, part, value before, value after.

    New and dropped ones are a row with empty values.
    """
    for change in changes:
        same_document = len(change.ids) == 1 and change.before and change.after
        is_new_document = None if same_document else change.after is not None  # None: neither new nor dropped
        for record in (None, *(record for record in change.records if record.is_news)):
            title = record.state.title if record else change.state.title
            name = f"{labels.number_of(record.state.ref, title)} {title}".strip() if record else title
            is_new_record = {ChangeKind.NEW: True, ChangeKind.DROPPED: False}.get(record.kind) if record else None
            is_new = is_new_record if record else is_new_document
            if is_new is not None:
                yield change.state.id, name, say("progress.change_new" if is_new else "progress.change_dropped"), "", ""
            for part in (record or change).parts:
                yield change.state.id, name, *part_row(part, record, "de")


def count_records(changes: Iterable[DocumentChange]) -> dict[str, int]:
    """Numbers of records that are "new", "gone" and "changed"."""
    kinds = Counter(record.kind for change in changes for record in change.records if record.is_news)
    new, gone = kinds.pop(ChangeKind.NEW, 0), kinds.pop(ChangeKind.DROPPED, 0)
    return {"new": new, "gone": gone, "changed": kinds.total()}


def part_row(part: PartChange, record: RecordChange | None, language: str) -> tuple[str, str, str]:
    """A changed part of a record, of a document if `record` is None, in words: its name, its value before and after."""
    words, values, name = load_words(f"{language}/progress"), [part.before.text, part.after.text], f"part_{part.part}"
    if record is None:
        name = {"part_status": "authority"}.get(name, name)
        format_by_part = {"status": lambda value: words.get(f"document_{value}", ""), "as_of": wording.format_moment}
        format_by_part["kind"] = lambda value: labels.DOCUMENT_KINDS.get(value, value)
        values = [format_by_part.get(part.part, str)(value) for value in values]
    elif part.part == "status":
        values = [status_word(state.status if state else None, language) for state in (record.before, record.after)]
    before, after = (value or words["not_said"] for value in values)
    return words.get(name, part.part), before, after


def status_word(status: ItemStatus | None, language: str) -> str:
    """A record's status in words, "ohne Angabe" for none."""
    return load_words(f"{language}/progress")[f"status_{status}" if status else "without_status"]
