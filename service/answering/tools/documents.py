"""The tool `documents`: what there is, and the values of records that can be filtered by."""

from __future__ import annotations

from prompts import say
from service.answering.corpus import Corpus
from service.answering.tools.forms import DocumentsReply, DocumentSummary, GroupCount
from service.records import document_view
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, ItemStatus


def list_documents(corpus: Corpus) -> DocumentsReply:
    """All documents, superseded ones too; values of those in force, the most frequent units and places first."""
    rows, catalogue = corpus.records, corpus.edition.catalogue

    def count_documents(by: str) -> tuple[GroupCount, ...]:
        counts = sorted(rows.by(by).items(), key=lambda item: (-len(item[1]), item[0]))
        return tuple(GroupCount(id=name, title=name, count=len(some)) for name, some in counts)

    def pointed_to(by: str) -> tuple[GroupCount, ...]:
        return tuple(GroupCount(id=to.ref, title=to.title, count=len(some)) for to, some in rows.by(by).items())

    statuses = ((status, len(rows.by("status").get(status, ()))) for status in ItemStatus)
    return DocumentsReply(
        documents=tuple(summarize_document(catalogue, document) for document in catalogue.documents.values()),
        status=tuple(
            GroupCount(id=status, title=say(f"labels.status_{status.value}"), count=count)
            for status, count in statuses
            if count
        ),
        units=count_documents("unit"),
        places=count_documents("place"),
        themes=pointed_to("theme"),
        goals=pointed_to("goal"),
    )


def summarize_document(catalogue: Catalogue, document: Document) -> DocumentSummary:
    """A document with the numbers of its records."""
    view, items = document_view(catalogue, document), catalogue.items_of(document.id)
    archived = sum(item.status is ItemStatus.ARCHIVED for item in items)
    return DocumentSummary(**{**dict(view), "families": tuple(view.families)}, archived=archived)
