"""A new edition of the records that the current one was read to have, with what people decided and units' names."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from vectorstore.amending.applying import in_order
from vectorstore.amending.form import Amendments, Correction
from vectorstore.amending.tables import kept_organisations
from vectorstore.building import Progress
from vectorstore.editions import EditionStore, PublishResult
from vectorstore.questions import ItemQuestion


def amendments_of(store: EditionStore, corrections: Iterable[Correction] | None = None) -> Amendments:
    """Corrections, those of the current edition where none are given, with the organisations that are kept."""
    known = store.amendments().corrections if corrections is None else in_order(corrections)
    return Amendments(known, kept_organisations(store.texts).organisations)


def publish_amended(
    store: EditionStore,
    progress: Progress = lambda step, share: None,
    corrections: Iterable[Correction] | None = None,
    questions: Iterable[ItemQuestion] | None = None,
) -> PublishResult:
    """Publish the current edition's documents, not read again, with these corrections and questions, else its own.

    Raises TableError, and what opening and publishing an edition raise; then nothing changes.
    """
    amendments = amendments_of(store, corrections)
    with store.writing(), closing(store.open()) as edition:
        return store.publish(
            edition.catalogue.parsed(),
            report=edition.report,
            originals=edition.originals,
            progress=progress,
            questions=questions,
            amendments=amendments,
        )
