"""GET /documents: the documents of the edition."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.csv_export import documents_csv
from service.deps import PageQueryDep, ServedDep
from service.http.openapi import also, problems
from service.http.responses import csv_response, json_response
from service.models import DocumentList
from service.records import document_list
from service.routes import API

router = APIRouter(prefix=API, tags=["Datensätze"])


@router.get(
    "/documents",
    summary="Dokumente",
    description="Die eingelesenen Dokumente mit der Zahl ihrer Einträge.",
    response_model=DocumentList,
    responses={**problems(), 200: also("text/csv")},
)
def documents(query: PageQueryDep, request: Request, served: ServedDep) -> Response:
    """List the documents with the numbers of their records."""
    as_csv = query.as_csv(request.headers.get("accept", ""))
    edition = served.edition
    found = document_list(edition.catalogue, edition.name, query.page or 1, query.size(everything=as_csv))
    return csv_response(documents_csv(found.items), "dokumente") if as_csv else json_response(found)
