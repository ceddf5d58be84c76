"""The tools `documents` and `changes`: the papers there are with their values, and what became of each record."""

from __future__ import annotations

from collections.abc import Mapping

from service.answering.corpus import Corpus
from service.answering.finding.record_rows import Rows
from service.answering.query import ToolError, required
from service.answering.tools.forms import (
    ChangedRecord,
    ChangesArguments,
    ChangesReply,
    DocumentsReply,
    GroupCount,
    Paper,
)
from service.answering.tools.read import pointer
from service.changes import compare, pairs
from service.pages.labels import STATUSES
from service.records import document_view
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, ItemStatus, RefTitle


def holdings(corpus: Corpus) -> DocumentsReply:
    """All papers of the edition, superseded ones too; values are those of records in force, most used first."""
    catalogue, rows = corpus.edition.catalogue, corpus.records
    statuses = rows.by("status")
    return DocumentsReply(
        papers=tuple(_paper(catalogue, one) for one in catalogue.documents.values()),
        status=tuple(
            GroupCount(id=one.value, title=STATUSES[one], count=len(statuses[one]))
            for one in ItemStatus
            if one in statuses
        ),
        units=_named(rows.by("unit")),
        places=_named(rows.by("place")),
        themes=_pointed(rows.by("theme")),
        goals=_pointed(rows.by("goal")),
    )


def changed(catalogue: Catalogue, asked: ChangesArguments) -> ChangesReply:
    """What changed between two papers, superseded ones too; raises `ToolError` where there are no two."""
    before, after = _two(catalogue, asked)
    found = compare(catalogue, before, after)
    return ChangesReply(
        before=_paper(catalogue, before),
        after=_paper(catalogue, after),
        changes=tuple(
            ChangedRecord(kind=one.kind, before=pointer(one.old), after=pointer(one.new)) for one in found.changes
        ),
        counts={kind: number for kind, number in found.counts.items() if number},
    )


def _two(catalogue: Catalogue, asked: ChangesArguments) -> tuple[Document, Document]:
    if bool(asked.series) == bool(asked.documents):
        raise ToolError("Entweder series oder zwei documents angeben.")
    if asked.documents:
        if len(asked.documents) < 2:
            raise ToolError("Zwei documents angeben, das frühere zuerst.")
        for one in asked.documents:
            required("documents", one, catalogue.documents)
        return catalogue.documents[asked.documents[0]], catalogue.documents[asked.documents[1]]
    following = {pair[1].series: pair for pair in reversed(pairs(catalogue)) if pair[1].series}
    required("series", asked.series, following)
    return following[asked.series]


def _paper(catalogue: Catalogue, document: Document) -> Paper:
    """A document with the numbers of its records."""
    view = document_view(catalogue, document)
    archived = sum(one.status is ItemStatus.ARCHIVED for one in catalogue.items_of(document.id))
    return Paper(**{**dict(view), "families": tuple(view.families)}, archived=archived)


def _named(rows_by: Mapping[str, Rows]) -> tuple[GroupCount, ...]:
    counts = sorted(rows_by.items(), key=lambda one: (-len(one[1]), one[0]))
    return tuple(GroupCount(id=name, title=name, count=len(rows)) for name, rows in counts)


def _pointed(rows_by: Mapping[RefTitle, Rows]) -> tuple[GroupCount, ...]:
    return tuple(GroupCount(id=one.ref, title=one.title, count=len(rows)) for one, rows in rows_by.items())
