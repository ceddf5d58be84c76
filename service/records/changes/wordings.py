"""Changes in words and rows: counts, parts with both texts, names of statuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from prompts import load_words, say
from service import wording
from service.records import labels
from vectorstore.records import ChangeKind, DocumentChange, ItemStatus, PartChange, RecordChange

_NEW_OR_DROPPED = {
    ChangeKind.NEW: say("progress.change_new"),
    ChangeKind.DROPPED: say("progress.change_dropped"),
}


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
            name = labels.name_of(record.state)
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
        values = [status_word(state.status if state else None, language) for state in states]
    elif record is None and part.part == "status":  # how binding a document is
        name = words["authority"]
        values = [words.get(f"document_{value}", "") for value in values]
    elif record is None:
        codes = labels.DOCUMENT_KINDS if part.part == "kind" else {}
        values = [wording.format_moment(codes.get(value, value)) for value in values]
    before, after = (value or words["not_said"] for value in values)
    return name, before, after


def status_word(status: ItemStatus | None, language: str) -> str:
    """A record's status in words, "ohne Angabe" for none."""
    name = f"status_{status}" if status else "without_status"
    return load_words(f"{language}/progress")[name]
