"""What ingestion reported of a document, and where its report is lost what the records tell."""

from __future__ import annotations

from collections import Counter
from typing import Any

from service.edition_holder import OpenEdition
from service.interface_models import DocumentReport
from service.originals import has_pictures, original_url
from vectorstore.records import Document, ItemStatus


def document_report(edition: OpenEdition, document: Document) -> DocumentReport:
    """Return a document's part of the edition's ingestion report."""
    reported: dict[str, Any] = next(
        (one for one in edition.report.get("files", []) if one.get("id") == document.id and one["state"] != "rejected"),
        {},
    )
    items = edition.catalogue.items_of(document.id)
    counts = Counter("archived" if item.status is ItemStatus.ARCHIVED else item.kind.value for item in items)
    return DocumentReport(
        id=document.id,
        title=document.title,
        file=reported.get("file") or document.file_name,
        state="indexed_with_warnings" if document.warnings else "indexed",
        warnings=list(document.warnings),
        pages=len({page.number for page in document.pages}) or None,
        characters=len(document.text),
        counts=dict(counts),
        chunks=sum(len(edition.catalogue.chunks_of(item)) for item in items),
        conflicts=sum(len(item.conflicts) for item in items),
        cached=reported.get("cached"),
        seconds=reported.get("seconds"),
        sha256=document.digest,
        original_url=original_url(edition, document.id),
        pictures=has_pictures(edition, document.id),
        corpus_edition=edition.name,
    )
