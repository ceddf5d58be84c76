"""The tool `documents`: all documents, and the values of records by which `records` can filter."""

from __future__ import annotations

from service.answering.corpus import Corpus
from service.answering.tools.schemas import DocumentsReply, DocumentSummary, GroupCount
from service.records import document_view, labels
from vectorstore.records import Catalogue, Document, ItemStatus


def list_documents(corpus: Corpus) -> DocumentsReply:
    """All documents, superseded ones too, and the values by which records of the corpus can be
    filtered.

    Each value has the number of its records. Units and places come with the most frequent first,
    themes and goals in the order of the documents.
    """
    rows = corpus.records
    catalogue = corpus.edition.catalogue

    def count_names(field: str) -> tuple[GroupCount, ...]:
        by_frequency = sorted(
            rows.rows_by_value(field).items(), key=lambda pair: (-len(pair[1]), pair[0])
        )
        return tuple(
            GroupCount(id=name, title=name, count=len(with_name))
            for name, with_name in by_frequency
        )

    def count_heads(field: str) -> tuple[GroupCount, ...]:
        heads = rows.rows_by_value(field).items()
        return tuple(
            GroupCount(id=head.ref, title=head.title, count=len(below)) for head, below in heads
        )

    rows_by_status = rows.rows_by_value("status")
    return DocumentsReply(
        documents=tuple(
            summarize_document(catalogue, document) for document in catalogue.documents.values()
        ),
        status=tuple(
            GroupCount(id=status, title=title, count=len(rows_by_status[status]))
            for status, title in labels.STATUSES.items()
            if status in rows_by_status
        ),
        units=count_names("unit"),
        places=count_names("place"),
        themes=count_heads("theme"),
        goals=count_heads("goal"),
    )


def summarize_document(catalogue: Catalogue, document: Document) -> DocumentSummary:
    """A document with the numbers of its records."""
    view = document_view(catalogue, document)
    items = catalogue.items_of(document.id)
    archived = sum(item.status is ItemStatus.ARCHIVED for item in items)
    return DocumentSummary(**{**dict(view), "families": tuple(view.families)}, archived=archived)
