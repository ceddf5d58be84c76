"""Changes between documents of a series and between editions, also as an Atom feed; and what became
of old records.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, BeforeValidator, Field

from prompts import load_words, say
from service import TypedText, wording
from service.records import labels
from service.records.problems import ProblemError
from vectorstore.language import fold_umlauts
from vectorstore.records import (
    CORRECTIONS_PREFIX,
    GOALS,
    PLANS,
    Catalogue,
    Change,
    ChangeKind,
    CorrectableField,
    Corrected,
    Document,
    DocumentChange,
    EditionChanges,
    Item,
    ItemAddress,
    ItemKind,
    ItemStatus,
    PageQuote,
    PartChange,
    RecordChange,
    RefTitle,
    compare_items,
    digest_of_id,
    document_sort_key,
    document_state,
    predecessor,
    record_state,
)

if TYPE_CHECKING:
    from vectorstore import Edition
    from vectorstore.records import DocumentState, RecordState

MAX_FEED_ENTRIES = 1000  # newest changes in the feed; older ones are on the page of their edition
# control characters, not "\n"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# id, edition, document, record or None
FeedEntry = tuple[str, EditionChanges, DocumentChange, RecordChange | None]
OptionalText = Annotated[TypedText | None, BeforeValidator(lambda value: value or None)]
_NOWHERE: ItemAddress = ("", "")  # of a dropped record
CHANGE_WORDS = {kind: say(f"labels.change_{kind}") for kind in ChangeKind}
_NEW_OR_DROPPED = {
    ChangeKind.NEW: say("progress.change_new"),
    ChangeKind.DROPPED: say("progress.change_dropped"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents of a series and the changes between them, in the order of the new one, dropped
    records last.
    """

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
    """The pairs of a document and its predecessor, as (predecessor, document), the latest document
    first.

    Documents without a predecessor are in no pair as the later one.
    """
    documents = catalogue.documents
    result = []
    for document in documents.values():
        old = predecessor(document, documents)
        if old:
            result.append((old, document))
    return sorted(result, key=lambda pair: document_sort_key(pair[1]), reverse=True)


def compare_records(catalogue: Catalogue, old: Document, new: Document) -> Comparison:
    """The changes of projects, measures and goals from one document to another.

    A record that is archived in the new one counts as dropped.
    """
    changes = compare_items(catalogue.items_of(old.id), catalogue.items_of(new.id), PLANS, GOALS)
    return Comparison(old, new, tuple(changes))


def change_row(change: Change) -> dict[str, Any]:
    """Return a change as a row: fields of the new item and, with the ending "_before", of the old
    one.

    If there is no new or no old item, its fields are None.
    """
    row: dict[str, Any] = {"change": CHANGE_WORDS[change.kind]}
    for names in (("ref", "title", "status"), ("document_id", "key")):
        for ending, item in (("", change.new), ("_before", change.old)):
            row |= {f"{name}{ending}": getattr(item, name, None) for name in names}
    return row


def list_changes(edition: Edition) -> list[EditionChanges]:
    """The changes of all editions, and of each day the corrections by people that change a public
    number, newest first.

    Corrections belong to no edition, so each day of them stands as an edition of its own. Other
    corrections, such as of a title, are no news.
    """
    changes = [*_list_corrections(edition), *edition.history.editions]
    return sorted(changes, key=lambda change: change.created, reverse=True)


def _list_corrections(edition: Edition) -> Iterator[EditionChanges]:
    """Yield the corrections of each day that change a public number, such as how many records are
    finished.

    A correction without a day counts for the day of the edition.
    """
    by_day: dict[date, list[DocumentChange]] = defaultdict(list)
    for parsed in edition.catalogue.parsed():
        document = document_state(parsed)
        records: dict[date, list[RecordChange]] = defaultdict(list)
        for item in parsed.items:
            for corrected in item.corrected:
                change = _change_by(corrected, record_state(item, parsed))
                if change:
                    records[corrected.day or edition.created].append(change)
        for day, of_day in records.items():
            by_day[day].append(DocumentChange(document, document, records=tuple(of_day)))
    for day, documents in by_day.items():
        yield EditionChanges(f"{CORRECTIONS_PREFIX}{day}", day, None, tuple(documents))


def _change_by(corrected: Corrected, state: RecordState | None) -> RecordChange | None:
    """Return how a record changed by a correction of its status or kind, or by being added.

    The state after it is `state`; that before is made of what was read from the document. A record
    that became a section is dropped, and a section that became a record is new, since sections are
    not counted. None if no public number changes by it.
    """
    if state is None:
        return None
    after = replace(state, status_quote=PageQuote())
    if corrected.field == CorrectableField.STATUS:
        read = ItemStatus(corrected.read) if corrected.read else None
        is_finished = after.status is ItemStatus.IMPLEMENTED
        kind = ChangeKind.FINISHED if is_finished else ChangeKind.STATUS
        parts = (PartChange("status", PageQuote(), PageQuote()),)
        return RecordChange(kind, replace(after, status=read), after, parts)
    if corrected.field == CorrectableField.KIND and after.kind is ItemKind.SECTION:
        before = replace(after, kind=ItemKind(corrected.read))
        return RecordChange(ChangeKind.DROPPED, before, None)
    is_new = corrected.field == CorrectableField.RECORD or corrected.read == ItemKind.SECTION
    if not is_new:
        return None
    return RecordChange(ChangeKind.NEW, None, after)


class ChangeQuery(BaseModel):
    """Which changes: of a document, of a field of action by number or title, of one record."""

    document: OptionalText = None
    theme: OptionalText = None
    record: OptionalText = Field(
        default=None, description="Id of a document and key of a record: DOCUMENT/KEY"
    )


def filter_changes(editions: Iterable[EditionChanges], query: ChangeQuery) -> list[EditionChanges]:
    """Return the changes that match a query, in the given order: newest first.

    A record may have had other addresses earlier. Going back in time, each address before a change
    is added to those that are looked for. If the query asks for no theme and no record, a document
    stays without matching records, too, as it may have changed itself.
    """
    addresses = {query.record}
    results = list[EditionChanges]()
    with_documents = not (query.theme or query.record)  # else only changes of records
    for edition in editions:
        documents = list[DocumentChange]()
        for change in edition.documents:
            records = tuple(
                record
                for record in change.records
                if record.is_news and _matches(record, query, addresses)
            )
            if records or (with_documents and (not query.document or query.document in change.ids)):
                parts = change.parts if with_documents else ()
                documents.append(replace(change, records=records, parts=parts))
            addresses |= {
                "/".join(record.before.address)
                for record in records
                if query.record and record.before
            }
        if documents:
            results.append(replace(edition, documents=tuple(documents)))
    return results


def _matches(record: RecordChange, query: ChangeQuery, addresses: set[str | None]) -> bool:
    """True if a record matches the query, as it is before or after its change.

    `addresses` are all addresses known so far of the record that the query names, each as
    "DOCUMENT/KEY".
    """
    states = [state for state in (record.before, record.after) if state]
    if query.document and all(state.document_id != query.document for state in states):
        return False
    if query.theme:
        theme = fold_umlauts(query.theme)
        if all(theme not in theme_names(state.theme) for state in states):
            return False
    if query.record:
        return not addresses.isdisjoint("/".join(state.address) for state in states)
    return True


def theme_names(theme: RefTitle | None) -> set[str]:
    """Return the names by which people may filter for a field of action, in folded form.

    These are its number, its title, and both together ("3 Mobilität"). Empty for None.
    """
    if theme is None:
        return set()
    names = (theme.ref, theme.title, f"{theme.ref} {theme.title}")
    return set(map(fold_umlauts, filter(None, names)))


class RemovedItem(NamedTuple):
    """A removed item or document: its last edition, last state (None if its history was deleted)
    and successor.
    """

    edition: EditionChanges
    document: DocumentState | None = None
    state: RecordState | None = None
    successor: Item | None = None


def find_removed(edition: Edition, document_id: str, key: str = "") -> RemovedItem:
    """Return what is known of a record that is gone or, without `key`, of a document that is gone.

    Of a document whose history was deleted, too, only a digest of its id is left, so only its
    edition is known. Raises the problem not-found if it never existed.
    """
    if (document_id, key) in edition.history.gone:
        removed_in, change, record = edition.history.gone[document_id, key]
        return RemovedItem(
            removed_in, change.before, record.before, _successor(edition, (document_id, key))
        )
    for changes in edition.history.editions:
        # removed everywhere: only a digest of its id is left
        if digest_of_id(document_id) in changes.forgotten:
            return RemovedItem(changes)
        for change in changes.documents:
            is_before = change.before is not None and change.before.id == document_id
            if is_before and not key and (change.after is None or change.after.id != document_id):
                return RemovedItem(changes, change.before)
    raise ProblemError("not-found")


def _successor(edition: Edition, address: ItemAddress) -> Item | None:
    """Return the item that a removed record has become, None if the record was dropped.

    A record can get a new address several times, so all its changes of address are followed, none
    twice. This ends at the first address that the edition has.
    """
    gone = edition.history.gone
    seen = set[ItemAddress]()
    while address in gone and address not in seen and edition.catalogue.item(*address) is None:
        seen.add(address)
        record = gone[address][2]  # with its edition and document
        address = record.after.address if record.after else _NOWHERE
    return edition.catalogue.item(*address)


def change_rows(changes: Iterable[DocumentChange]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield a row for each difference: document id, name of the record or document, part, value
    before, value after.

    A new or dropped record or document is one row, with empty values. A successor has another id
    than the document before it, so it counts as a new document. Records of which only the address
    changed have no row.
    """
    for change in changes:
        document_id = change.state.id
        title = change.state.title
        if not (change.before and change.after and len(change.ids) == 1):
            kind = ChangeKind.NEW if change.after else ChangeKind.DROPPED
            yield document_id, title, _NEW_OR_DROPPED[kind], "", ""
        for part in change.parts:
            yield document_id, title, *change_part_row(part, None, "de")
        for record in change.records:
            if not record.is_news:
                continue
            number = labels.number_of(record.state.ref, record.state.title)
            name = f"{number} {record.state.title}".strip()
            if record.kind in _NEW_OR_DROPPED:
                yield document_id, name, _NEW_OR_DROPPED[record.kind], "", ""
            for part in record.parts:
                yield document_id, name, *change_part_row(part, record, "de")


def count_records(changes: Iterable[DocumentChange]) -> dict[str, int]:
    """Numbers of records that are "new", "gone" and "changed"."""
    records = chain.from_iterable(change.records for change in changes)
    kinds = Counter(record.kind for record in records if record.is_news)
    new = kinds.pop(ChangeKind.NEW, 0)
    gone = kinds.pop(ChangeKind.DROPPED, 0)
    return {"new": new, "gone": gone, "changed": kinds.total()}


def change_part_row(
    part: PartChange, record: RecordChange | None, language: str
) -> tuple[str, str, str]:
    """Return a changed part in words: its name, its value before and its value after.

    It is a part of `record`, or of a document if that is None. Statuses, dates and kinds are stored
    as codes, so they are put into words. An empty value becomes the words for "not said".
    """
    words = load_words(f"{language}/progress")
    values = [part.before.text, part.after.text]
    name = words.get(f"part_{part.part}", part.part)
    if record is not None and part.part == "status":
        states = (record.before, record.after)
        statuses = [state.status if state else None for state in states]
        values = [status_word(status, language) for status in statuses]
    elif record is None and part.part == "status":  # how binding a document is
        name = words["authority"]
        values = [words.get(f"document_{value}", "") for value in values]
    elif record is None and part.part == "as_of":
        values = [wording.format_moment(value) for value in values]
    elif record is None and part.part == "kind":
        values = [labels.DOCUMENT_KINDS.get(value, value) for value in values]
    before, after = (value or words["not_said"] for value in values)
    return name, before, after


def status_word(status: ItemStatus | None, language: str) -> str:
    """A record's status in words, "ohne Angabe" for none."""
    name = f"status_{status}" if status else "without_status"
    return load_words(f"{language}/progress")[name]


def _identity(state: DocumentState | RecordState | None) -> list[str]:
    """The values that tell in the ids of a feed which state it is; "" for those that it has not.

    Documents have an id, records a document id and a key. None, for a state that is not there, has
    none.
    """
    return [getattr(state, name, "") for name in ("id", "document_id", "key", "title")]


def feed_entries(editions: Iterable[EditionChanges]) -> list[FeedEntry]:
    """The newest changes of records, and of documents that are new, gone or have other metadata,
    newest first.

    `editions` are newest first, too. Readers of a feed know an entry by its id. So this is a digest
    of the change and of how often the same change was made before, not of edition or date: an
    edition that is built again gets the same ids.
    """
    changes: list[tuple[EditionChanges, DocumentChange, RecordChange | None]] = []
    for edition in editions:
        for document in edition.documents:
            if document.parts or not (document.before and document.after):
                changes.append((edition, document, None))
            changes += [(edition, document, record) for record in document.records]
    times_before = Counter[str]()
    entries = list[FeedEntry]()  # oldest first, for `times_before`
    for edition, document, record in reversed(changes):
        change = record or document
        states = [_identity(change.before), _identity(change.after)]
        parts = [(part.part, part.before.text, part.after.text) for part in change.parts]
        kind = record and record.kind
        text = json.dumps([document.state.id, kind, states, parts], ensure_ascii=False)
        entries.append((feed_urn(text, str(times_before[text])), edition, document, record))
        times_before[text] += 1
    return entries[::-1][:MAX_FEED_ENTRIES]


def feed_urn(*names: str) -> str:
    """The UUID URN of these names: the same names have the same one."""
    return uuid5(NAMESPACE_URL, json.dumps(names, ensure_ascii=False)).urn


def without_controls(text: str) -> str:
    """A text with each character that XML does not allow replaced by a space."""
    return _NO_XML.sub(" ", text)
