"""/staff/documents and /staff/items: the papers, the text of one with its outline, everything known about a record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from prompts import say
from service.completeness import Completeness
from service.deps import ServedDep, StudioDep
from service.http.problems import ProblemError
from service.pages.highlight import find_quote
from service.pages.items import item_values
from service.pages.labels import DOCUMENT_KINDS, FRONT, MADE_BY, document_status, shown_date
from service.people.corrections import form_values
from service.records import document_view, records_of
from service.routes.originals import MAX_QUOTE, original_url
from service.staff.addresses import STAFF
from service.staff.rendering import staff_page
from service.staff.roles import ReaderDep, Role, require_staff
from service.staff.words import most_binding_first
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, FrontFact, Item, ItemKind, Page

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class TextSection:
    """The text from one item's beginning to the next; `item` is None before the first. `depth` is 0 to 3.

    Its blocks are paragraphs, and the pages that begin between them. `repeated` tells that the heading also stands in
    the blocks: a table's row does not begin with it.
    """

    item: Item | None
    heading: str
    depth: int
    blocks: list[str | Page]
    repeated: bool = False


def text_sections(catalogue: Catalogue, document: Document) -> list[TextSection]:
    """Cut a document's whole text at the beginnings of its items."""
    items = sorted(catalogue.items_of(document.id), key=lambda item: (item.start, item.order))
    starts = [*(item.start for item in items), len(document.text)]
    sections = [_section(document, item, *span) for item, *span in zip(items, starts, starts[1:], strict=False)]
    lead = TextSection(None, "", 0, list(_blocks(document, 0, starts[0])))
    return [lead, *sections] if document.text[: starts[0]].strip() else sections


def _section(document: Document, item: Item, start: int, end: int) -> TextSection:
    depth = min(len(item.path), DEEPEST)
    span = find_quote(document.text[start:end], item.heading) if item.heading else None
    if span is None or document.text[start : start + span[0]].strip():
        return TextSection(item, item.heading or item.title, depth, list(_blocks(document, start, end)), repeated=True)
    begin = start + span[1]
    marks = [page for page in document.pages if start <= page.start < begin]
    heading = " ".join(document.text[start:begin].split())
    return TextSection(item, heading, depth, [*marks, *_blocks(document, begin, end)])


def _blocks(document: Document, start: int, end: int) -> Iterator[str | Page]:
    place = start
    for page in (one for one in document.pages if start <= one.start < end):
        yield from _paragraphs(document.text[place : page.start])
        yield page
        place = page.start
    yield from _paragraphs(document.text[place:end])


def _paragraphs(text: str) -> Iterator[str]:
    return (one.strip("\n") for one in re.split(r"\n\s*\n", text) if one.strip())


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
    """Show a document's text with its outline, what it is by which proof, and how completely it was read."""
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
        text=text_sections(catalogue, one),
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
