"""/staff/documents, /staff/items, /staff/changes: the papers, one with its entries in order, everything known about a
record; and what changed between two papers, as a page and as CSV.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from prompts import say
from service.changes import WORDS, Comparison, compare, pairs, row_of
from service.completeness import Completeness
from service.csv_export import table_csv
from service.deps import ServedDep, StudioDep, in_thread
from service.edition_holder import Served
from service.http.problems import ProblemError
from service.http.responses import csv_response
from service.labels import (
    DOCUMENT_KINDS,
    FRONT,
    MADE_BY,
    corrected_line,
    document_status,
    most_binding_first,
    shown,
    shown_date,
)
from service.pages.items import item_values
from service.people.decisions import InvalidDecision
from service.people.pages import PeopleDep, TypedDep, WhoDep, record_form
from service.people.people import People
from service.pictures.studio import Studio
from service.records import document_view, records_of
from service.routes.originals import MAX_QUOTE, original_url
from service.staff.addresses import STAFF, staff_item
from service.staff.rendering import staff_page
from service.staff.roles import EditorDep, ReaderDep, Role, StaffPerson, require_staff
from vectorstore.catalogue import Catalogue
from vectorstore.changes import Change, ChangeKind
from vectorstore.questions import ItemKey
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
    people: PeopleDep,
    person: ReaderDep,
    quote: Annotated[str, Query(max_length=MAX_QUOTE)] = "",
) -> HTMLResponse:
    """Show everything known about an item, with the passage `quote` highlighted where it stands verbatim."""
    return _item_page(served, studio, people, person, (document_id, key), quote)


@router.post("/items/{document_id}/{key}", response_model=None)
def correct_item(
    document_id: str, key: str, served: ServedDep, studio: StudioDep, people: PeopleDep, person: EditorDep, who: WhoDep,
    typed: TypedDep,
) -> HTMLResponse | RedirectResponse:  # fmt: skip
    """Store what somebody typed of an item as decisions; what cannot be one is told on the page."""
    catalogue, place = served.edition.catalogue, (document_id, key)
    if (found := catalogue.item(*place)) is None:
        raise ProblemError("not-found")
    own = catalogue.documents[document_id].text[found.start + len(found.heading) : found.end]
    try:
        people.correct(found, own, typed, who)
    except InvalidDecision as error:
        return _item_page(served, studio, people, person, place, typed=typed, problem=str(error))
    return RedirectResponse(f"{staff_item(*place)}#korrigieren", 303)


def _item_page(
    served: Served, studio: Studio, people: People, person: StaffPerson, place: ItemKey, quote: str = "",
    typed: Mapping[str, str] | None = None, problem: str = "",
) -> HTMLResponse:  # fmt: skip
    values, catalogue = item_values(served.edition, *place, quote.strip(), studio), served.edition.catalogue
    document, states = catalogue.documents[place[0]], catalogue.corrections
    decided = [one for one in people.decisions.of_fields(place[0]) if one.items[0] == place]
    return staff_page(
        "staff_item.html", served, "catalogue", 422 if problem else 200, **values, problem=problem, decided=decided,
        unfit={one.id: state for one in decided if (state := states.get(one.correction)) and not state.fits},
        form=record_form(document, values["item"], typed), may_edit=person.role >= Role.EDITOR,
        record=records_of([values["item"]], catalogue)[0],
    )  # fmt: skip


def _front_value(document: Document, part: FrontFact) -> str:
    values = {
        "title": document.title,
        "publisher": document.publisher,
        "kind": DOCUMENT_KINDS[document.kind],
        "status": document_status(document.status) if document.status else "",
        "as_of": shown_date(document.as_of) if document.as_of else "",
    }
    return values[part.field] or say("staff.unknown")


SHOWN = tuple(kind for kind in ChangeKind if kind is not ChangeKind.UNCHANGED)
KINDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)
COLUMNS = ("change", "ref", "title", "status", "ref_before", "title_before", "status_before", "corrected")


@router.get("/changes")
async def changes(request: Request, served: ServedDep, old: str = "", new: str = "") -> HTMLResponse:
    """Show what changed from the paper `old` to the paper `new`; without them from the last but one to the last."""
    catalogue = served.edition.catalogue
    chosen, fault = _chosen(catalogue, old, new)
    found = await in_thread(request, partial(compare, catalogue, *chosen)) if chosen else None
    return staff_page(
        "staff_changes.html",
        served,
        "changes",
        422 if fault else 200,
        fault=fault,
        old=found.old.id if found else old,
        new=found.new.id if found else new,
        documents=list(catalogue.documents.values()),
        comparison=found,
        kinds=SHOWN,
        kind_words=WORDS,
        counted=_counted(found) if found else "",
        notices=Completeness.of([found.old, found.new], KINDS).notices() if found else [],
    )


@router.get("/changes.csv")
async def changes_file(request: Request, served: ServedDep, old: str = "", new: str = "") -> Response:
    """Send all records of both papers with what became of each."""
    catalogue = served.edition.catalogue
    chosen, _ = _chosen(catalogue, old, new)
    if chosen is None:
        raise ProblemError("not-found")
    found = await in_thread(request, partial(compare, catalogue, *chosen))
    heads = {one: say(f"staff.column_{one}") for one in COLUMNS}
    rows = ({heads[one]: row[one] for one in COLUMNS} for row in map(_row, found.changes))
    return csv_response(table_csv([*heads.values()], rows), "aenderungen")


def _row(change: Change) -> dict[str, Any]:
    row = row_of(change)
    statuses = {name: shown(row[name]) for name in ("status", "status_before")}
    corrected = [corrected_line(one) for one in (change.new.corrected if change.new else ())]
    former = [corrected_line(one) for one in (change.old.corrected if change.old else ())]
    corrected += [say("staff.before", line=line) for line in former]
    return {**row, **statuses, "corrected": "\n".join(corrected)}


def _counted(comparison: Comparison) -> str:
    """How many records each kind has: "3 neu, 1 umgesetzt, 40 unverändert"."""
    counts = comparison.counts
    return ", ".join(f"{counts[kind]} {WORDS[kind]}" for kind in ChangeKind if counts[kind])


def _chosen(catalogue: Catalogue, old: str, new: str) -> tuple[tuple[Document, Document] | None, str]:
    """Return the two papers, the last ones where none are named; else None, and what is wrong with the choice."""
    if not old and not new:
        return next(iter(pairs(catalogue)), None), ""
    first, second = catalogue.documents.get(old), catalogue.documents.get(new)
    if not old or not new:
        return None, say("staff.choose_both")
    if old == new:
        return None, say("staff.choose_two")
    return ((first, second), "") if first and second else (None, say("staff.choose_again"))
