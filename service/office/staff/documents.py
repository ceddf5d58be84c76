"""/staff/documents and /staff/items: the list of documents, one document with its items, one
item.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from service import TypedQuote
from service.office.staff.paths import STAFF
from service.office.staff.rendering import staff_page
from service.office.staff.roles import require_staff
from service.records import Completeness, ProblemError, document_view, labels, records_of
from service.web import RendererDep, ServedDep
from service.web.pages import item_values
from service.web.routes import original_url
from vectorstore.records import ItemKind

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)


@router.get("/documents")
def show_documents(served: ServedDep) -> HTMLResponse:
    """Show the documents with date and status, the most binding first, and the files not read.

    Such files were rejected, with a reason, or left aside when the edition was made.
    """
    catalogue = served.edition.catalogue
    return staff_page(
        "staff_documents.html",
        served,
        "documents",
        documents=[
            document_view(catalogue, document)
            for document in labels.most_binding_first(catalogue.documents.values())
        ],
        report=served.edition.report,
    )


@router.get("/documents/{document_id}")
def show_document(document_id: str, served: ServedDep) -> HTMLResponse:
    """Show a document's metadata with their evidence, how completely it was read, and its items in
    reading order; to editors the way to its draft.
    """
    catalogue = served.edition.catalogue
    document = catalogue.documents.get(document_id)
    if document is None:
        raise ProblemError("not-found")
    return staff_page(
        "staff_document.html",
        served,
        "documents",
        asked=len(document.proposed),
        document=document_view(catalogue, document),
        front=document.front,
        words=labels.metadata_words(document),
        notices=Completeness.of([document], ItemKind).notices(),
        struck=document.struck,
        items=catalogue.items_of(document_id),
        original=original_url(served.edition, document_id),
    )


@router.get("/items/{document_id}/{key}")
def show_item(
    document_id: str,
    key: str,
    served: ServedDep,
    renderer: RendererDep,
    quote: TypedQuote = "",
) -> HTMLResponse:
    """Show everything known about an item, to editors also the way to its draft; the passage
    `quote` is highlighted if the item has it verbatim.
    """
    values = item_values(served.edition, document_id, key, quote.strip(), renderer)
    return staff_page(
        "staff_item.html",
        served,
        "catalogue",
        **values,
        record=records_of([values["item"]], served.edition.catalogue)[0],
    )
