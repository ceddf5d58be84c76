"""Editions made anew without reading: with what people decided and models wrote; documents and drafts that go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from prompts import say
from service.composition import make_database, make_decisions, make_store
from service.settings import Settings
from service.terminal.errors import CommandError

if TYPE_CHECKING:
    from vectorstore.amending.form import Amendments
    from vectorstore.edition import Edition
    from vectorstore.editions import EditionStore, PublishResult
    from vectorstore.questions import ItemQuestion


def made_anew(
    store: EditionStore,
    edition: Edition,
    questions: Iterable[ItemQuestion],
    amendments: Amendments | None = None,
) -> PublishResult:
    """Publish an edition's documents, not read again, with these questions and amendments; a draft stays a draft."""
    from vectorstore.drafts import DraftOf

    draft = DraftOf(store.base_of(edition.name), edition.name) if edition.name in store.drafts() else None
    return store.publish(
        edition.catalogue.parsed(),
        report=edition.report,
        originals=edition.originals,
        questions=questions,
        amendments=edition.catalogue.amendments if amendments is None else amendments,
        draft=draft,
    )


def amended(settings: Settings, name: str) -> str:
    """Have a draft follow what people decided on its records, and hold what models wrote of them; return its name then.

    Decisions on documents that the draft leaves as they are published wait for their own way.
    """
    from service.cli.ingestion.model import with_kept
    from vectorstore.amending.applying import in_order
    from vectorstore.amending.form import Amendments

    store = make_store(settings)
    with closing(make_database(settings)) as database:
        decided = [one.correction for one in make_decisions(settings, database).standing() if not one.of_question]
    with store.writing(), closing(store.open(name)) as edition:
        known = store.amendments().corrections
        mine = _changed(store, edition)
        chosen = [one for one in known if one.document_id not in mine]
        chosen += [one for one in decided if one.document_id in mine]
        amendments = Amendments(in_order(chosen))
        questions = with_kept(settings, edition)
        if (amendments, questions) == (edition.catalogue.amendments, edition.questions.all):
            return name
        return made_anew(store, edition, questions, amendments).name


def _changed(store: EditionStore, draft: Edition) -> set[str]:
    """Return the ids of the documents that a draft has anew or otherwise."""
    drafted = {one.document.id: one for one in draft.catalogue.parsed()}
    if store.current_name() is None:
        return set(drafted)
    with closing(store.open()) as edition:
        published = {one.document.id: one for one in edition.catalogue.parsed()}
    return {name for name, one in drafted.items() if published.get(name) != one}


def remove(settings: Settings, ids: Sequence[str]) -> str:
    """Publish an edition without these documents and forget them everywhere; return its name.

    Raises StoreError, and CommandError for documents that are not there, once the others are gone.
    """
    from ingest.cache import ParsedCache
    from ingest.choices import Choices
    from ingest.previous import KeptDocuments
    from ingest.readings import Reading
    from ingest.sources import private_folder

    store = make_store(settings)
    with store.writing(), private_folder(store.root), closing(store.open()) as edition:
        kept = KeptDocuments.of(edition, ids)
        known = edition.catalogue.documents.keys() & ids
        told = edition.history.documents & set(ids)
        report = {"files": kept.files, "removed": sorted(known)}
        name = edition.name
        if known or told:
            name = store.publish(kept.parsed, report=report, originals=kept.originals, forget=ids).name
        ParsedCache(store.root).keep_only(kept.ids)
        for form in (Reading, Choices):
            form.forget(store.texts, ids)
        store.forget(ids)
    if unknown := sorted(set(ids) - known - told):
        raise CommandError(say("commands.no_documents", ids=", ".join(unknown)))
    return name


def drop_draft(settings: Settings, name: str) -> None:
    """Remove a draft, and what was read for it alone; raises NotPublishable, WriterBusy."""
    from ingest.cache import ParsedCache

    store = make_store(settings)
    with store.writing():
        store.drop(name)
        ParsedCache(store.root).keep_only({one for edition in store.names() for one in store.document_ids(edition)})
