"""New editions of documents that are not read again: with other questions, with metadata that staff
typed, or without some documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from prompts import say
from service import Settings
from service.backup import make_store
from service.terminal import CommandError, write_audit_entry

if TYPE_CHECKING:
    from vectorstore import Edition, EditionStore, ItemQuestion, PublishResult
    from vectorstore.records import ParsedDocument


def publish_documents(
    store: EditionStore,
    edition: Edition,
    documents: Sequence[ParsedDocument],
    questions: Iterable[ItemQuestion],
    base: str | None = None,
) -> PublishResult:
    """Publish these documents instead of those of an edition, or store them as a draft made from
    the edition `base`.

    Report and original files of the edition are kept.
    """
    return store.publish(
        documents,
        report=edition.report,
        originals=edition.originals,
        questions=questions,
        draft=base is not None,
        base=base,
    )


def confirm_metadata(
    settings: Settings, base: str, answers: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """Give documents of the edition `base`, a draft or the published one, the metadata that staff
    typed; return the name of the draft with them.

    It replaces a draft; nothing is stored if all is so already. `answers` has the metadata by
    document id. Returns None, and changes nothing, if the title of a document is another: then it
    must be read again, since what is read depends on the title. The relations of all documents are
    found again, since they depend on the metadata.
    """
    from ingest import confirm_metadata, load_relations, relate

    store = make_store(settings)
    with store.writing(), closing(store.open(base)) as edition:
        store.require_changeable(base)
        documents = edition.catalogue.documents
        for id_, given in answers.items():
            if given.get("title", documents[id_].title) != documents[id_].title:
                return None
        confirmed = []
        for parsed in edition.catalogue.parsed:
            document = parsed.document
            if document.id in answers:
                document = confirm_metadata(document, answers[document.id])
                parsed = replace(parsed, document=document)
            confirmed.append(parsed)
        related = relate(confirmed, load_relations(store.texts))
        return publish_documents(store, edition, related, edition.questions.all, base).name


def remove(settings: Settings, ids: Sequence[str]) -> str:
    """Publish an edition without these documents, and delete them everywhere; return its name.

    Documents of earlier editions are removed too: the history would still tell of them. What people
    decided for the documents is deleted also. What was removed is written to the audit log. Raises
    StoreError, and CommandError for unknown ids after the other documents were removed.
    """
    from ingest import PreviousDocuments, forget_choices, private_folder

    store = make_store(settings)
    # `private_folder` is entered only to remove the copies that a killed run left
    with store.writing(), private_folder(store.root), closing(store.open()) as edition:
        retained = PreviousDocuments.of(edition).without(ids)
        known = edition.catalogue.documents.keys() & ids
        past = edition.history.documents & set(ids)
        report = {"files": retained.files, "removed": sorted(known)}
        name = edition.name
        if known or past:  # an edition also tells the history of documents that are gone
            name = store.publish(
                retained.parsed, report=report, originals=retained.originals, forget=ids
            ).name
        forget_choices(store.texts, ids)
        store.forget(ids)  # deletes the older editions that contain them
    unknown = sorted(set(ids) - known - past)
    removed = [id_ for id_ in ids if id_ not in unknown]
    if removed:
        write_audit_entry(settings, "removed", f"{name}: {', '.join(removed)}")
    if unknown:
        raise CommandError(say("commands.no_documents", ids=", ".join(unknown)))
    return name
