"""Changes of records between two documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prompts import say
from vectorstore.records import (
    GOALS,
    PLANS,
    Catalogue,
    Change,
    ChangeKind,
    Document,
    compare_items,
    document_sort_key,
    predecessor,
)

CHANGE_WORDS = {kind: say(f"labels.change_{kind}") for kind in ChangeKind}


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
        return any(change.before and change.after for change in self.changes)

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
        for ending, item in (("", change.after), ("_before", change.before)):
            row |= {f"{name}{ending}": getattr(item, name, None) for name in names}
    return row
