"""What each edition changed, corrections by staff among it, and filters for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, Field

from service import TypedText
from vectorstore.language import fold_umlauts
from vectorstore.records import (
    CORRECTIONS_PREFIX,
    ChangeKind,
    CorrectableField,
    Corrected,
    DocumentChange,
    EditionChanges,
    ItemKind,
    ItemStatus,
    PageQuote,
    PartChange,
    RecordChange,
    RefTitle,
    document_state,
    record_state,
)

if TYPE_CHECKING:
    from vectorstore import Edition
    from vectorstore.records import RecordState

OptionalText = Annotated[TypedText | None, BeforeValidator(lambda value: value or None)]


class ChangeQuery(BaseModel):
    """Which changes: of a document, of a field of action by number or title, of one record."""

    document: OptionalText = None
    theme: OptionalText = None
    record: OptionalText = Field(
        default=None, description="Id of a document and key of a record: DOCUMENT/KEY"
    )


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
    for parsed in edition.catalogue.parsed:
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
