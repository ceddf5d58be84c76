"""The tool `documents`: the documents, and the values of records by which `records` can filter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.answering.corpus import Corpus
from service.answering.query import require_known
from service.answering.record_rows import Mask, RecordRows
from service.answering.tools.schemas import (
    DocumentsArguments,
    DocumentsReply,
    DocumentSummary,
    GroupCount,
)
from service.records import document_view, labels
from vectorstore.records import Catalogue, Document, ItemStatus, RefTitle


def list_documents(corpus: Corpus, arguments: DocumentsArguments) -> DocumentsReply:
    """The given documents, else all, superseded ones too, and the values by which their records
    in the corpus can be filtered.

    Each value has the number of its records. Units and places come with the most frequent first,
    themes and goals in the order of the documents. Raises `UnknownValue` for an unknown document.
    """
    rows = corpus.records
    catalogue = corpus.edition.catalogue
    for document in arguments.documents:
        require_known("document", document, catalogue.documents)
    chosen = arguments.documents or tuple(catalogue.documents)
    inside = rows.mask_of("document", chosen)
    by_status = _count_by_value(rows, "status", inside)
    return DocumentsReply(
        documents=tuple(
            summarize_document(catalogue, document)
            for document in catalogue.documents.values()
            if document.id in chosen
        ),
        status=tuple(
            GroupCount(id=status, title=title, count=by_status[status])
            for status, title in labels.STATUSES.items()
            if status in by_status
        ),
        units=_count_names(_count_by_value(rows, "unit", inside)),
        places=_count_names(_count_by_value(rows, "place", inside)),
        themes=_count_heads(_count_by_value(rows, "theme", inside)),
        goals=_count_heads(_count_by_value(rows, "goal", inside)),
    )


def _count_by_value(rows: RecordRows, field: str, inside: Mask) -> dict[Any, int]:
    """How many records of a mask have each value of a field; values of none are left out."""
    counts = {}
    for value, having in rows.rows_by_value(field).items():
        count = int(inside[having].sum())
        if count:
            counts[value] = count
    return counts


def _count_names(counts: Mapping[str, int]) -> tuple[GroupCount, ...]:
    """The counts of values that are names, the most frequent first."""
    by_frequency = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(GroupCount(id=name, title=name, count=count) for name, count in by_frequency)


def _count_heads(counts: Mapping[RefTitle, int]) -> tuple[GroupCount, ...]:
    """The counts of themes or goals."""
    return tuple(
        GroupCount(id=head.ref, title=head.title, count=count) for head, count in counts.items()
    )


def summarize_document(catalogue: Catalogue, document: Document) -> DocumentSummary:
    """A document with the numbers of its records."""
    view = document_view(catalogue, document)
    items = catalogue.items_of(document.id)
    archived = sum(item.status is ItemStatus.ARCHIVED for item in items)
    return DocumentSummary(**{**dict(view), "families": tuple(view.families)}, archived=archived)
