"""/staff/documents and /staff/items: the papers, one with its entries in order, everything known about a record."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from prompts import say
from service.completeness import Completeness
from service.deps import ServedDep, StudioDep
from service.http.problems import ProblemError
from service.pages.items import item_values
from service.pages.labels import DOCUMENT_KINDS, FRONT, MADE_BY, document_status, shown_date
from service.people.pages import form_values
from service.records import document_view, records_of
from service.routes.originals import MAX_QUOTE, original_url
from service.staff.addresses import STAFF
from service.staff.rendering import staff_page
from service.staff.roles import ReaderDep, Role, require_staff
from service.staff.words import most_binding_first
from vectorstore.records import Document, FrontFact, ItemKind

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)


@router.get("/documents")
def documents(served: ServedDep) -> HTMLResponse:
    """Show what is in, from when, how binding, and which files were not read."""
    catalogue, report = served.edition.catalogue, served.edition.report
    rejected = [one for one in report.get("files", ()) if one.get("state") == "rejected"]
    return staff_page(
        "staff_documents.html",
        served,
        "documents",
        documents=[document_view(catalogue, one) for one in most_binding_first(catalogue.documents.values())],
        rejected=[(PurePath(str(one["file"])).name, one.get("reason") or "") for one in rejected],
        left=[PurePath(str(name)).name for name in report.get("left", ())],
    )


@router.get("/documents/{document_id}")
def document(document_id: str, served: ServedDep) -> HTMLResponse:
    """Show what a document is by which proof, how completely it was read, and its entries in reading order."""
    catalogue = served.edition.catalogue
    one = catalogue.documents.get(document_id)
    if one is None:
        raise ProblemError("not-found")
    return staff_page(
        "staff_document.html",
        served,
        "documents",
        document=document_view(catalogue, one),
        front=[(FRONT[part.field], _front_value(one, part), MADE_BY[part.by], part) for part in one.front],
        notices=Completeness.of([one], ItemKind).notices(),
        items=catalogue.items_of(document_id),
        original=original_url(served.edition, document_id),
    )


@router.get("/items/{document_id}/{key}")
def item(
    document_id: str,
    key: str,
    served: ServedDep,
    studio: StudioDep,
    person: ReaderDep,
    quote: Annotated[str, Query(max_length=MAX_QUOTE)] = "",
) -> HTMLResponse:
    """Show everything known about an item, with the passage `quote` highlighted where it stands verbatim."""
    values = item_values(served.edition, document_id, key, quote.strip(), studio)
    catalogue = served.edition.catalogue
    return staff_page(
        "staff_item.html",
        served,
        "catalogue",
        **values,
        **form_values(),
        may_edit=person.role >= Role.EDITOR,
        read_item=catalogue.as_read.item(document_id, key) or values["item"],
        record=records_of([values["item"]], catalogue)[0],
    )


def _front_value(document: Document, part: FrontFact) -> str:
    values = {
        "title": document.title,
        "publisher": document.publisher,
        "kind": DOCUMENT_KINDS[document.kind],
        "status": document_status(document.status) if document.status else "",
        "as_of": shown_date(document.as_of) if document.as_of else "",
    }
    return values[part.field] or say("staff.unknown")
