"""Lists of records and single ones: /items, /projects, /goals, /items/{document_id}/{key}."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.csv_export import records_csv
from service.deps import ItemQueryDep, ServedDep
from service.http.openapi import also, problems
from service.http.problems import ProblemError
from service.http.responses import csv_response, json_response
from service.models import ItemDetail, RecordList
from service.records import all_records, item_detail, record_list
from service.routes import API
from vectorstore.records import ItemKind

router = APIRouter(prefix=API, tags=["Datensätze"])
LISTED: Any = {"response_model": RecordList, "responses": {**problems(), 200: also("text/csv")}}
KINDS = {"projects": (ItemKind.PROJECT,), "goals": (ItemKind.GOAL,)}


@router.get(
    "/items",
    summary="Einträge",
    description="Einträge aller Arten oder einer; das Archiv nur mit `status=archived`.",
    **LISTED,
)
@router.get("/projects", summary="Projekte", description="Alle Projekte, die zu den Filtern passen.", **LISTED)
@router.get("/goals", summary="Ziele", description="Alle Ziele, die zu den Filtern passen.", **LISTED)
def items(query: ItemQueryDep, request: Request, served: ServedDep) -> Response:
    """List records of all kinds or of one, which `kind` or the path says; `status=archived` gives the archive."""
    kinds = KINDS.get(request.url.path.rpartition("/")[2], query.kinds)
    as_csv = query.as_csv(request.headers.get("accept", ""))
    catalogue, filters, size = served.edition.catalogue, query.filters(kinds), query.size(everything=as_csv)
    found = served.answers.tools(filters.documents).select(filters)
    if as_csv and size is None:
        return csv_response(records_csv(all_records(found, catalogue)), "eintraege")
    listed = record_list(found, catalogue, served.edition.name, query.page or 1, size)
    return csv_response(records_csv(listed.items), "eintraege") if as_csv else json_response(listed)


@router.get(
    "/items/{document_id}/{key}",
    summary="Ein Eintrag",
    description="Ein Eintrag mit seinen Textstellen und Nachbarn.",
    response_model=ItemDetail,
    responses=problems("not-found"),
)
def item(document_id: str, key: str, served: ServedDep) -> Response:
    """Return one record with its passages and neighbours."""
    catalogue = served.edition.catalogue
    found = catalogue.item(document_id, key)
    if found is None:
        raise ProblemError("not-found")
    return json_response(item_detail(catalogue, served.edition.name, found))
