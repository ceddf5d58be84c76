"""The tool `documents`: the papers there are, and the values that records can be filtered by."""

from __future__ import annotations

from collections.abc import Mapping

from service.answering.corpus import Corpus
from service.answering.finding.record_rows import Rows
from service.answering.tools.forms import DocumentsReply, GroupCount, Paper
from service.pages.labels import STATUSES
from service.records import document_view
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, ItemStatus, RefTitle


def paper(catalogue: Catalogue, document: Document) -> Paper:
    """A document with the numbers of its records."""
    view = document_view(catalogue, document)
    archived = sum(one.status is ItemStatus.ARCHIVED for one in catalogue.items_of(document.id))
    return Paper(**{**dict(view), "families": tuple(view.families)}, archived=archived)


def holdings(corpus: Corpus) -> DocumentsReply:
    """All papers of the edition, superseded ones too; values are those of records in force, most used first."""
    catalogue, rows = corpus.edition.catalogue, corpus.records
    statuses = rows.by("status")
    return DocumentsReply(
        papers=tuple(paper(catalogue, one) for one in catalogue.documents.values()),
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


def _named(rows_by: Mapping[str, Rows]) -> tuple[GroupCount, ...]:
    counts = sorted(rows_by.items(), key=lambda one: (-len(one[1]), one[0]))
    return tuple(GroupCount(id=name, title=name, count=len(rows)) for name, rows in counts)


def _pointed(rows_by: Mapping[RefTitle, Rows]) -> tuple[GroupCount, ...]:
    return tuple(GroupCount(id=one.ref, title=one.title, count=len(rows)) for one, rows in rows_by.items())
