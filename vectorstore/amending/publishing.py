"""A new edition of the records that the current one was read to have, with what is kept of corrections and units."""

from __future__ import annotations

from contextlib import closing

from vectorstore.amending.kept import KeptAmendments
from vectorstore.building import Progress
from vectorstore.editions import EditionStore, PublishResult


def publish_amended(store: EditionStore, progress: Progress = lambda step, share: None) -> PublishResult:
    """Publish the current edition's documents, not read again, with the corrections and organisations that are kept.

    Raises TableError, and what opening and publishing an edition raise; then nothing changes.
    """
    amendments = KeptAmendments(store.texts).load().amendments
    with store.writing(), closing(store.open()) as edition:
        return store.publish(
            edition.catalogue.parsed(),
            report=edition.report,
            originals=edition.originals,
            progress=progress,
            amendments=amendments,
        )
