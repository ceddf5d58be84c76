"""The staff page's addresses: topics, catalogue, items, documents. Open data have a file of their own."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from service.answering.tools.lookups import looked_up
from service.completeness import Completeness
from service.deps import HolderDep, ServedDep, StudioDep, in_thread
from service.edition_holder import EditionHolder
from service.http.problems import ProblemError
from service.models import MAX_QUESTION, LookupResult
from service.originals import original_url
from service.pages.items import MAX_QUOTE, item_values
from service.people.corrections import form_values
from service.records import document_view, records_of
from service.staff.access import require_staff
from service.staff.addresses import STAFF
from service.staff.catalogue import catalogue_view, chosen
from service.staff.document_front import front_parts
from service.staff.document_text import text_sections
from service.staff.queries import FILTERS, MOMENTS, SORTS, CatalogueQueryDep
from service.staff.rendering import staff_page
from service.staff.reports import reported
from service.staff.roles import ReaderDep, Role
from service.staff.topics import coverage, example_topics, literally
from service.staff.words import most_binding_first
from vectorstore.records import ItemKind

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)


@router.get("")
@router.get("/topics")
async def topics(request: Request, served: ServedDep, holder: HolderDep, q: str = "") -> HTMLResponse:
    """Show which goals and projects cover the topic `q`."""
    topic = " ".join(q.split())
    too_long = len(topic) > MAX_QUESTION
    result = None
    if topic and not too_long:
        result = await in_thread(request, partial(_lookup, holder, topic))
    catalogue = served.edition.catalogue
    return staff_page(
        "staff_topics.html",
        served,
        "topics",
        422 if too_long else 200,
        topic=topic,
        too_long=too_long,
        max_topic=MAX_QUESTION,
        result=result,
        coverage=coverage(result, served.answers.tools()) if result else None,
        examples=example_topics(catalogue.in_force),
        literal=literally(served.answers.tools(), topic),
        documents=catalogue.documents,
    )


@router.get("/catalogue")
def catalogue(query: CatalogueQueryDep, served: ServedDep) -> HTMLResponse:
    """Show the records that pass the filters, with counts for every filter value."""
    return staff_page(
        "staff_catalogue.html",
        served,
        "catalogue",
        query=query,
        view=catalogue_view(chosen(served, query), query),
        documents=served.edition.catalogue.documents,
        sorts=SORTS,
        moments=MOMENTS,
        moments_set=any(getattr(query, name) for name in MOMENTS),
        filter_words=FILTERS,
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
    editing: dict[str, Any] = {
        "may_edit": person.role >= Role.EDITOR,
        "read_item": catalogue.as_read.item(document_id, key) or values["item"],
        **form_values(),
    }
    return staff_page(
        "staff_item.html",
        served,
        "catalogue",
        **values,
        **editing,
        record=records_of([values["item"]], catalogue)[0],
        documents=catalogue.documents,
    )


@router.get("/documents")
def documents(served: ServedDep) -> HTMLResponse:
    """Show what is in, from when, how binding, and what the ingestion reported."""
    records = served.edition.catalogue
    return staff_page(
        "staff_documents.html",
        served,
        "documents",
        documents=[document_view(records, one) for one in most_binding_first(records.documents.values())],
        report=reported(served.edition.report),
    )


@router.get("/documents/{document_id}")
def document(document_id: str, served: ServedDep) -> HTMLResponse:
    """Show a document's text with its outline, and what the ingestion reported about it."""
    records = served.edition.catalogue
    one = records.documents.get(document_id)
    if one is None:
        raise ProblemError("not-found")
    return staff_page(
        "staff_document.html",
        served,
        "documents",
        document=document_view(records, one),
        front=front_parts(one),
        notices=Completeness.of([one], ItemKind).notices(),
        file=reported(served.edition.report).files.get(document_id),
        text=text_sections(records, one),
        original=original_url(served.edition, document_id),
    )


def _lookup(holder: EditionHolder, topic: str) -> LookupResult:
    with holder.lease() as served:
        return looked_up(served.answers.tools(), topic)
