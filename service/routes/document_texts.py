"""GET /documents/{id}/text and /documents/{id}/report: a document's text, and what ingestion said of it."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from service.deps import ServedDep
from service.document_reports import document_report
from service.document_texts import document_text
from service.http.openapi import problems
from service.http.problems import ProblemError
from service.http.responses import json_response
from service.interface_models import DocumentReport, DocumentText
from service.routes import API

router = APIRouter(prefix=API, tags=["Dokumente"])


@router.get(
    "/documents/{document_id}/text",
    summary="Der Text eines Dokuments",
    description="Der bereinigte Text mit Seiten und Gliederung; alle Stellen sind Zeichen ab Textanfang.",
    response_model=DocumentText,
    responses=problems("not-found"),
)
def text(document_id: str, served: ServedDep) -> Response:
    """Return a document's text with its outline."""
    edition = served.edition
    found = edition.catalogue.documents.get(document_id)
    if found is None:
        raise ProblemError("not-found")
    return json_response(document_text(edition, found))


@router.get(
    "/documents/{document_id}/report",
    summary="Was beim Einlesen eines Dokuments herauskam",
    description="Zustand, Hinweise, Anzahl der Einträge und Dauer.",
    response_model=DocumentReport,
    responses=problems("not-found"),
)
def report(document_id: str, served: ServedDep) -> Response:
    """Return a document's part of the ingestion report."""
    found = served.edition.catalogue.documents.get(document_id)
    if found is None:
        raise ProblemError("not-found")
    return json_response(document_report(served.edition, found))
