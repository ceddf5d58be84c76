"""Documents that follow one another and what changed between two; what changed between editions, in words and rows."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prompts import reworded, say
from service.pages import labels
from vectorstore.catalogue import Catalogue
from vectorstore.changes import GOALS, PLANS, Change, ChangeKind, compare_items, document_age, predecessor
from vectorstore.history import DocumentChange, RecordChange, compare_editions
from vectorstore.records import Document, ItemKind

if TYPE_CHECKING:
    from vectorstore.editions import EditionStore

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
