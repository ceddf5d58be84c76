"""The tool `documents`: the documents, and the values of records by which `records` can filter."""

from __future__ import annotations

from service.answering.corpus import Corpus
from service.answering.query import Group, require_known
from service.answering.tools.records import count_groups
from service.answering.tools.schemas import (
    DocumentsArguments,
    DocumentsReply,
    DocumentSummary,
    GroupCount,
)
from service.records import document_view
from vectorstore.records import Catalogue, Document, ItemStatus


def list_documents(corpus: Corpus, arguments: DocumentsArguments) -> DocumentsReply:
    """The given documents, else all, superseded ones too, and the values by which their records
    in the corpus can be filtered.

    Each value has the number of its records; the most frequent come first. Raises `UnknownValue`
    for an unknown document.
    """
    catalogue = corpus.edition.catalogue
    for document in arguments.documents:
        require_known("document", document, catalogue.documents)
    chosen = arguments.documents or tuple(catalogue.documents)
    items = [item for item in corpus.catalogue.items if item.document_id in chosen]

    def count_values(group: Group) -> tuple[GroupCount, ...]:
        counts = filter(lambda value: value.id, count_groups(items, group, catalogue))
        return tuple(sorted(counts, key=lambda value: -value.count))

    return DocumentsReply(
        documents=tuple(summarize_document(catalogue, catalogue.documents[id_]) for id_ in chosen),
        status=count_values(Group.STATUS),
        units=count_values(Group.UNIT),
        places=count_values(Group.PLACE),
        themes=count_values(Group.THEME),
        goals=count_values(Group.GOAL),
    )


def summarize_document(catalogue: Catalogue, document: Document) -> DocumentSummary:
    """A document with the numbers of its records."""
    view = document_view(catalogue, document)
    items = catalogue.items_of(document.id)
    archived = sum(item.status is ItemStatus.ARCHIVED for item in items)
    return DocumentSummary(**{**dict(view), "families": tuple(view.families)}, archived=archived)
