"""Changes of records between two documents of an edition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prompts import say
from vectorstore.records import (
    GOALS,
    PLANS,
    Catalogue,
    ChangeKind,
    Document,
    RecordChange,
    compare_pair,
    document_sort_key,
    pair_items,
    predecessor,
)

CHANGE_WORDS = {kind: say(f"labels.change_{kind}") for kind in ChangeKind}


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


def compare_records(catalogue: Catalogue, old: Document, new: Document) -> list[RecordChange]:
    """The changes of projects, measures and goals from one document to another, in the order of the
    new one, dropped records last.

    A record that is archived in the new one counts as dropped.
    """
    before, after = catalogue.parsed_by_id[old.id], catalogue.parsed_by_id[new.id]
    pairs = pair_items(before.items, after.items, PLANS, GOALS)
    return [compare_pair(pair, before, after) for pair in pairs]


def group_by_kind(changes: Iterable[RecordChange]) -> dict[ChangeKind, list[RecordChange]]:
    """The changes of each kind that there is, in the order of `ChangeKind`."""
    groups: dict[ChangeKind, list[RecordChange]] = {kind: [] for kind in ChangeKind}
    for change in changes:
        groups[change.kind].append(change)
    return {kind: group for kind, group in groups.items() if group}


def change_row(change: RecordChange) -> dict[str, Any]:
    """Return a change as a row: fields of the new state and, with the ending "_before", of the old
    one.

    If there is no new or no old state, its fields are None.
    """
    row: dict[str, Any] = {"change": CHANGE_WORDS[change.kind]}
    for names in (("ref", "title", "status"), ("document_id", "key")):
        for ending, state in (("", change.after), ("_before", change.before)):
            row |= {f"{name}{ending}": getattr(state, name, None) for name in names}
    return row
