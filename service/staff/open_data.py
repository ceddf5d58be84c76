"""Open data: the page, the records of each document as CSV and JSON, and their description after DCAT-AP.de."""

from __future__ import annotations

import json

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from service.csv_export import records_csv
from service.deps import ServedDep, SettingsDep
from service.edition_holder import Served
from service.http.problems import ProblemError
from service.http.responses import csv_response, json_response
from service.licenses import LICENSES, License
from service.models import Record
from service.records import document_view, records_of
from service.settings import Settings
from service.staff import dcat
from service.staff.access import require_staff
from service.staff.addresses import STAFF, public_url
from service.staff.rendering import staff_page
from service.staff.words import most_binding_first

router = APIRouter(prefix=f"{STAFF}/open-data", dependencies=[Depends(require_staff)], include_in_schema=False)
JSON_LD = "application/ld+json"


class OpenRecords(BaseModel):
    """All records of a document, the archive included, with what readers need to use them."""

    document_id: str
    title: str
    publisher: str
    as_of: str | None
    status: str | None
    unconfirmed: list[str]
    license: str | None
    corpus_edition: str
    records: list[Record]


@router.get("")
def open_data(request: Request, served: ServedDep, settings: SettingsDep) -> HTMLResponse:
    """Show what can be taken, under which licence, and where it is described."""
    catalogue = served.edition.catalogue
    return staff_page(
        "staff_open_data.html",
        served,
        "open_data",
        documents=[document_view(catalogue, one) for one in most_binding_first(catalogue.documents.values())],
        license=license_of(settings),
        base=public_url(request, settings),
        data_path=dcat.data_path,
        public=settings.staff_access == "public",
    )


@router.get("/catalog.jsonld")
def catalog(request: Request, served: ServedDep, settings: SettingsDep) -> Response:
    """Send the description of all data sets."""
    node = dcat.catalog(
        served.edition.catalogue,
        served.edition.name,
        public_url(request, settings),
        license_of(settings),
        public=settings.staff_access == "public",
    )
    return Response(json.dumps(node, ensure_ascii=False, indent=1), media_type=JSON_LD)


@router.get("/{document_id}.csv")
def records_as_csv(document_id: str, served: ServedDep) -> Response:
    """Send all records of a document as CSV."""
    return csv_response(records_csv(_records(served, document_id)), document_id)


@router.get("/{document_id}.json")
def records_as_json(document_id: str, served: ServedDep, settings: SettingsDep) -> Response:
    """Send all records of a document as JSON."""
    records = _records(served, document_id)
    document = served.edition.catalogue.documents[document_id]
    license_ = license_of(settings)
    return json_response(
        OpenRecords(
            document_id=document.id,
            title=document.title,
            publisher=document.publisher,
            as_of=document.as_of.isoformat() if document.as_of else None,
            status=document.status.value if document.status else None,
            unconfirmed=list(document.unconfirmed),
            license=license_.uri if license_ else None,
            corpus_edition=served.edition.name,
            records=records,
        )
    )


def license_of(settings: Settings) -> License | None:
    """Return the licence that is set, None where none is."""
    return LICENSES[settings.data_license] if settings.data_license else None


def _records(served: Served, document_id: str) -> list[Record]:
    catalogue = served.edition.catalogue
    if document_id not in catalogue.documents:
        raise ProblemError("not-found")
    return records_of(catalogue.items_of(document_id), catalogue)
