"""GET /documents/{id}/text: a document's text with its outline."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from service.deps import ServedDep
from service.document_texts import document_text
from service.interface_models import DocumentText
from service.openapi import problems
from service.problems import ProblemError
from service.responses import json_response
from service.routes import API

router = APIRouter(prefix=API, tags=["Dokumente"])


@router.get(
    "/documents/{document_id}/text",
    summary="Der Text eines Dokuments",
    description="Der bereinigte Text mit Seiten und Gliederung; alle Stellen sind Zeichen ab Textanfang.",
    response_model=DocumentText,
    responses=problems(404),
)
def text(document_id: str, served: ServedDep) -> Response:
    """Return a document's text with its outline."""
    edition = served.edition
    found = edition.catalogue.documents.get(document_id)
    if found is None:
        raise ProblemError("not-found")
    return json_response(document_text(edition.catalogue, edition.name, found))
