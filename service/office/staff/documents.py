"""/staff/documents and /staff/items: the list of documents, one document with its items, one item
with its form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from prompts import say
from service import Role, TypedQuote
from service.office.staff.paths import STAFF, staff_document_path, staff_item_path
from service.office.staff.people_pages import PeopleDep, TypedDep, WhoDep, record_form, unfit_states
from service.office.staff.record_questions import look_values
from service.office.staff.relations import Chosen, decide, relations_of
from service.office.staff.rendering import staff_page
from service.office.staff.roles import ReaderDep, require_staff
from service.office.staff.uploads import DraftServiceDep
from service.office.uploads import DraftService
from service.people import InvalidDecision, PeopleStore
from service.records import Completeness, ProblemError, document_view, labels, records_of
from service.web import OpenEdition, RendererDep, ServedDep
from service.web.pages import item_values
from service.web.pictures import PageRenderer
from service.web.routes import original_url, picture_url
from vectorstore.records import Document, ItemAddress, ItemKind, MetadataFact

router = APIRouter(prefix=STAFF, dependencies=[Depends(require_staff)], include_in_schema=False)


@router.get("/documents")
def show_documents(served: ServedDep) -> HTMLResponse:
    """Show the documents with date and status, the most binding first, and the files not read.

    Such files were rejected, with a reason, or left aside when the edition was made.
    """
    catalogue, report = served.edition.catalogue, served.edition.report
    rejected = [file for file in report.get("files", ()) if file.get("state") == "rejected"]
    return staff_page(
        "staff_documents.html",
        served,
        "documents",
        documents=[
            document_view(catalogue, document)
            for document in labels.most_binding_first(catalogue.documents.values())
        ],
        rejected=[
            (PurePath(str(file["file"])).name, file.get("reason") or "") for file in rejected
        ],
        left=[PurePath(str(name)).name for name in report.get("left", ())],
    )


@router.get("/documents/{document_id}")
def show_document(
    document_id: str, served: ServedDep, person: ReaderDep, request: Request, done: bool = False
) -> HTMLResponse:
    """Show a document's metadata with their evidence, how completely it was read, and its items in
    reading order.

    `done` is set after a decision was stored: the page then confirms it.
    """
    return document_page(document_id, served, person.role, request.app.state.drafts, done=done)


@router.post("/documents/{document_id}/relation")
def decide_relation(
    document_id: str,
    served: ServedDep,
    drafts: DraftServiceDep,
    who: WhoDep,
    other: Annotated[str, Form()],
    kind: Annotated[str, Form()],
    chosen: Chosen,
    before: Chosen,
) -> Response:
    """Decide which of two documents counts.

    `before` is what the page showed as decided: if it is no longer so, somebody else decided
    meanwhile, and the page says so (409).
    """
    if not {document_id, other} <= served.edition.catalogue.documents.keys():
        raise ProblemError("not-found")
    change = partial(decide, drafts, document_id, other, kind, chosen, before)
    note = partial(who.note, "relation-set", f"{document_id} {other}")
    return change_or_show(change, note, document_id, served, who.role, drafts)


def change_or_show(
    change: Callable[[], None],
    note: Callable[[], None],
    document_id: str,
    served: OpenEdition,
    role: Role,
    drafts: DraftService,
) -> Response:
    """Change how a document is read, and redirect to the page of the document.

    `change` makes the change, `note` writes it to the audit log. If `change` raises ValueError,
    somebody else decided meanwhile: then the page is shown with a message that says so.
    """
    try:
        change()
    except ValueError:
        problem = say("review.decided_meanwhile")
        return document_page(document_id, served, role, drafts, problem=problem)
    note()
    return RedirectResponse(f"{staff_document_path(document_id)}?done=true", 303)


def document_page(
    document_id: str,
    served: OpenEdition,
    role: Role,
    drafts: DraftService | None,
    *,
    problem: str = "",
    done: bool = False,
) -> HTMLResponse:
    """Render the page of a document.

    `problem` is a sentence why nothing was changed; the status is 409 then. `done` shows that a
    decision was stored. `drafts` is None in an application that reads no documents: then there is
    nothing to decide on its page.
    """
    catalogue = served.edition.catalogue
    document = catalogue.documents.get(document_id)
    if document is None:
        raise ProblemError("not-found")
    pairs = drafts.reader.relations() if drafts else {}
    looks = drafts.reader.looks(document_id) if drafts else ()
    items = catalogue.items_of(document_id)
    return staff_page(
        "staff_document.html",
        served,
        "documents",
        409 if problem else 200,
        problem=problem,
        done=say("review.decided") if done else "",
        related=list(relations_of(document, catalogue.documents, pairs)),
        **look_values(document, looks, items),
        picture_of=partial(picture_url, served.edition, document_id),
        may_decide=drafts is not None and role >= Role.EDITOR,
        document=document_view(catalogue, document),
        front=[
            (
                labels.METADATA_PARTS[fact.field],
                _metadata_value(document, fact),
                labels.MADE_BY[fact.by],
                fact,
            )
            for fact in document.front
        ],
        notices=Completeness.of([document], ItemKind).notices(),
        struck=document.struck,
        items=items,
        original=original_url(served.edition, document_id),
    )


@router.get("/items/{document_id}/{key}")
def show_item(
    document_id: str,
    key: str,
    served: ServedDep,
    renderer: RendererDep,
    people: PeopleDep,
    person: ReaderDep,
    quote: TypedQuote = "",
) -> HTMLResponse:
    """Show everything known about an item; the passage `quote` is highlighted if the item has it
    verbatim.
    """
    return _item_page(served, renderer, people, person.role, (document_id, key), quote)


@router.post("/items/{document_id}/{key}")
def correct_item(
    document_id: str,
    key: str,
    served: ServedDep,
    renderer: RendererDep,
    people: PeopleDep,
    who: WhoDep,
    typed: TypedDep,
) -> Response:
    """Store the fields that a person typed for an item as decisions, and redirect to its page.

    If a field is invalid, nothing is stored and the page says what is wrong (422).
    """
    catalogue, item_key = served.edition.catalogue, (document_id, key)
    item = catalogue.item(*item_key)
    if item is None:
        raise ProblemError("not-found")
    try:
        people.correct(item, catalogue.documents[document_id], typed, who)
    except InvalidDecision as error:
        return _item_page(
            served, renderer, people, who.role, item_key, typed=typed, problem=str(error)
        )
    return RedirectResponse(f"{staff_item_path(*item_key)}#korrigieren", 303)


def _item_page(
    served: OpenEdition,
    renderer: PageRenderer,
    people: PeopleStore,
    role: Role,
    item_key: ItemAddress,
    quote: str = "",
    typed: Mapping[str, str] | None = None,
    problem: str = "",
) -> HTMLResponse:
    """Render the staff page of an item.

    After an invalid input, `problem` says what is wrong and `typed` are the values to show in the
    form again (422).
    """
    values = item_values(served.edition, *item_key, quote.strip(), renderer)
    catalogue = served.edition.catalogue
    item = values["item"]
    decisions = people.decisions.on_fields(item_key[0], item_key[1])
    return staff_page(
        "staff_item.html",
        served,
        "catalogue",
        422 if problem else 200,
        **values,
        problem=problem,
        decided=decisions,
        unfit=unfit_states(decisions, catalogue),
        form=record_form(catalogue.documents[item_key[0]], item, typed),
        may_edit=role >= Role.EDITOR,
        record=records_of([item], catalogue)[0],
    )


def _metadata_value(document: Document, fact: MetadataFact) -> str:
    """Return in German words the value of the metadata field that a fact is evidence for.

    A kind or status is its German word, a field without a value "nicht bekannt".
    """
    values = {
        "title": document.title,
        "publisher": document.publisher,
        "kind": labels.DOCUMENT_KINDS[document.kind],
        "status": labels.document_status(document.status) if document.status else "",
        "as_of": labels.format_date(document.as_of) if document.as_of else "",
    }
    return values[fact.field] or say("staff.unknown")
