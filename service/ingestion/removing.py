"""Documents and drafts that go, with everything that was read for them alone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from service.composition import make_store
from service.settings import Settings
from service.terminal.errors import CommandError


def remove(settings: Settings, ids: Sequence[str]) -> str:
    """Publish an edition without these documents and forget them everywhere; return its name.

    Raises StoreError, and CommandError for documents that are not there, once the others are gone.
    """
    from ingest.cache import ParsedCache
    from ingest.keeping import KeptDocuments
    from ingest.model_reader.applying import forget_readings
    from ingest.sources import private_folder

    store = make_store(settings)
    with store.writing(), private_folder(store.root), closing(store.open()) as edition:
        kept = KeptDocuments.of(edition, ids)
        known = edition.catalogue.documents.keys() & ids
        report = {"files": kept.files, "removed": sorted(known)}
        name = store.publish(kept.parsed, report=report, originals=kept.originals).name if known else edition.name
        ParsedCache(store.root).keep_only(kept.ids)
        forget_readings(store.texts, ids)
        store.forget(ids)
    if unknown := sorted(set(ids) - known):
        raise CommandError(f"In der Ausgabe gibt es kein Dokument mit dieser Id: {', '.join(unknown)}.")
    return name


def drop_draft(settings: Settings, name: str) -> None:
    """Remove a draft, and what was read for it alone; raises NotPublishable, WriterBusy."""
    from ingest.cache import ParsedCache

    store = make_store(settings)
    with store.writing():
        store.drop(name)
        ParsedCache(store.root).keep_only({one for edition in store.names() for one in store.document_ids(edition)})
