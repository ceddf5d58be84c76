"""Editions made anew without reading, with what models wrote; documents and drafts that go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from prompts import say
from service.backup.opening import make_store
from service.settings import Settings
from service.terminal.errors import CommandError

if TYPE_CHECKING:
    from vectorstore.edition import Edition
    from vectorstore.editions import EditionStore, PublishResult
    from vectorstore.questions import ItemQuestion
    from vectorstore.records import ParsedDocument


def publish_with_questions(
    store: EditionStore, edition: Edition, questions: Iterable[ItemQuestion]
) -> PublishResult:
    """Publish an edition's documents, not read again, with these questions; a draft stays a
    draft.
    """
    return publish_documents(store, edition, edition.catalogue.parsed(), questions)


def publish_documents(
    store: EditionStore,
    edition: Edition,
    documents: Sequence[ParsedDocument],
    questions: Iterable[ItemQuestion],
) -> PublishResult:
    """Publish documents in place of an edition's, not read again; a draft stays a draft."""
    from vectorstore.pointer import DraftOrigin

    draft = None
    if edition.name in store.drafts():
        draft = DraftOrigin(store.base_edition(edition.name), edition.name)
    return store.publish(
        documents,
        report=edition.report,
        originals=edition.originals,
        questions=questions,
        draft=draft,
    )


def confirm_metadata(
    settings: Settings, base: str, answers: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """Give documents of a draft the metadata that people typed, without reading them again; return
    the name of the draft with them, None where a title is another: what is read depends on it.
    """
    from ingest.metadata import confirm_metadata
    from ingest.relations import load_relations, relate

    store = make_store(settings)
    with store.writing(), closing(store.open(base)) as edition:
        store.require_draft(base)
        documents = edition.catalogue.documents
        for id_, given in answers.items():
            if given.get("title", documents[id_].title) != documents[id_].title:
                return None
        confirmed = []
        for parsed in edition.catalogue.parsed():
            document = parsed.document
            if document.id in answers:
                document = confirm_metadata(document, answers[document.id])
                parsed = replace(parsed, document=document)
            confirmed.append(parsed)
        related = relate(confirmed, load_relations(store.texts))
        return publish_documents(store, edition, related, edition.questions.all).name


def with_stored_questions(settings: Settings, name: str) -> str:
    """Add to a draft the questions that the model wrote for its items; return its name, a new one
    if any are added.
    """
    from service.cli.ingestion.model import stored_questions

    store = make_store(settings)
    with store.writing(), closing(store.open(name)) as edition:
        questions = stored_questions(settings, edition)
        if questions == edition.questions.all:
            return name
        return publish_with_questions(store, edition, questions).name


def remove(settings: Settings, ids: Sequence[str]) -> str:
    """Publish an edition without these documents and forget them everywhere; return its name.

    Raises StoreError, and CommandError for documents that are not there, once the others are gone.
    """
    from ingest.choices import Choices
    from ingest.previous_edition import PreviousDocuments
    from ingest.relations import forget_relations
    from ingest.sources import private_folder
    from ingest.stored_readings import Reading

    store = make_store(settings)
    # `private_folder` is entered only to remove the copies that a killed run left
    with store.writing(), private_folder(store.root), closing(store.open()) as edition:
        retained = PreviousDocuments.of(edition).without(ids)
        known = edition.catalogue.documents.keys() & ids
        past = edition.history.documents & set(ids)
        report = {"files": retained.files, "removed": sorted(known)}
        name = edition.name
        if known or past:
            name = store.publish(
                retained.parsed, report=report, originals=retained.originals, forget=ids
            ).name
        # what models read in the documents, and what people chose for them
        for form in (
            Reading,
            Choices,
        ):
            form.forget(store.texts, ids)
        forget_relations(store.texts, ids)
        store.forget(ids)  # older editions that contain them
    unknown = sorted(set(ids) - known - past)
    if unknown:
        raise CommandError(say("commands.no_documents", ids=", ".join(unknown)))
    return name
