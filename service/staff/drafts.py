"""The staff page's addresses for drafts: look through, correct, publish, discard, and go back to the edition before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from service.deps import AuditDep, ClientLeft, SettingsDep, StudioDep
from service.front_values import READ
from service.http.clients import waiting_key
from service.http.problems import ProblemError
from service.http.responses import csv_response
from service.pages import labels
from service.pages.items import MAX_QUOTE
from service.pictures.jobs import Job, PageId
from service.review.paper import Paper
from service.review.view import NOT_PDF, PaperView, paper_view
from service.routes.originals import CLIENT_LEFT, PngResponse, picture_of
from service.staff.draft_rendering import draft_page
from service.staff.roles import EditorDep, PublisherDep, Role
from service.staff.uploads import PATH, DeskDep, job_path, working
from service.uploads.desk import Desk, Draft
from service.uploads.orders import Order, PlanFamilyRow, PlanForm, PlanRefused
from vectorstore.errors import NotPublishable, StoreError

router = APIRouter(prefix=PATH, include_in_schema=False)
MOST_ROWS = 400
WIDTH = 640  # pixels of a picture: what is printed can be read
PUBLISH, DROP, BACK = "/publish", "/drop", "/rollback"
SLOW = (f"{PATH}{PUBLISH}", f"{PATH}{DROP}", f"{PATH}{BACK}")
SLOW_SECONDS = 120.0
_NO_PAGE = "Auf welcher Seite das steht, ist nicht bekannt; daher kein Bild."


@dataclass(frozen=True, slots=True)
class PaperForms:
    """A paper to look through with what its forms hold, and what was wrong with what somebody sent."""

    view: PaperView
    front: Mapping[str, str]
    plan: PlanForm
    corrected: bool
    wrong: tuple[str, ...] = ()


def draft_path(name: str) -> str:
    """Return the address of a draft."""
    return f"{PATH}/drafts/{quote(name, safe='')}"


@router.get("/drafts/{name}")
async def draft(name: str, person: EditorDep, desk: DeskDep) -> HTMLResponse:
    """Show everything that people decide on before a draft is published."""
    return await _page(desk, name, person.role)


@router.get("/drafts/{name}/diff.csv")
async def differences(name: str, person: EditorDep, desk: DeskDep) -> Response:
    """Send what a draft changes as CSV."""
    found = await working(partial(_found, desk, name))
    return csv_response(found.diff.as_csv(), f"unterschiede-{found.name}")


@router.get("/drafts/{name}/pages/{document_id}/{n}.png")
async def page_picture(
    name: str,
    document_id: str,
    n: Annotated[int, Path(ge=1, le=100_000)],
    request: Request,
    person: EditorDep,
    desk: DeskDep,
    studio: StudioDep,
    settings: SettingsDep,
    quoted: Annotated[str, Query(alias="quote", max_length=MAX_QUOTE)] = "",
) -> Response:
    """Send a picture of a page of a draft's document, with the heading of the example marked."""
    try:
        digest, path = await working(partial(desk.original, name, document_id))
    except NotPublishable:
        raise ProblemError("not-found") from None
    if path.suffix != ".pdf":
        raise ProblemError("no-picture")
    page, wanted = PageId(digest, document_id, n), Job(str(path), n, WIDTH, quoted.strip())
    drawing = studio.picture(page, wanted, waiting_key(request.scope, settings.proxy_networks()))
    try:
        return PngResponse(await picture_of(request, drawing), headers={"Cache-Control": "private, max-age=600"})
    except ClientLeft:
        return Response(status_code=CLIENT_LEFT)


@router.post("/drafts/{name}/front")
async def front(name: str, request: Request, person: EditorDep, desk: DeskDep, audit: AuditDep) -> Response:
    """Confirm or correct what a document is, and have it read again with that."""
    found, form = await working(partial(_found, desk, name)), await request.form()
    paper = found.paper(_text(form, "document"))
    given = {part: _text(form, part) for part in labels.FRONT}
    unread = [labels.FRONT[part] for part, text in given.items() if text and READ[part](text) is None]
    if unread:
        wrong = tuple(f"{one}: Das ist nicht zu verstehen." for one in unread)
        return await _page(desk, name, person.role, paper.document.id, wrong, given)
    answers = {part: text for part, text in given.items() if text}
    order = Order(person.name, base=name, only=(paper.document.id,), answers={paper.document.id: answers})
    return await _read_again(desk, order, partial(audit.note, person.name, person.role.word, "draft-front"))


@router.post("/drafts/{name}/plan")
async def plan(name: str, request: Request, person: EditorDep, desk: DeskDep, audit: AuditDep) -> Response:
    """Correct how a document is read, or take corrections back, and have it read again."""
    found, form = await working(partial(_found, desk, name)), await request.form(max_fields=4 * MOST_ROWS)
    paper = found.paper(_text(form, "document"))
    forget = bool(_text(form, "forget"))
    if forget:
        desk.reader.forget_plan(paper.document.id)
    else:
        try:
            desk.reader.keep_plan(paper.document, _plan_of(form))
        except PlanRefused as error:
            return await _page(desk, name, person.role, paper.document.id, tuple(str(error).splitlines()))
    only = (paper.document.id,)
    order = Order(person.name, base=name, only=only, unplanned=only if forget else ())
    return await _read_again(desk, order, partial(audit.note, person.name, person.role.word, "draft-plan"))


@router.post(PUBLISH)
async def publish(
    person: PublisherDep,
    desk: DeskDep,
    audit: AuditDep,
    name: Annotated[str, Form()],
    digest: Annotated[str, Form()],
    anyway: Annotated[bool, Form()] = False,
) -> Response:
    """Publish the draft that was looked through."""
    try:
        await working(partial(desk.publish, name, digest, anyway=anyway))
    except StoreError as error:
        return _failed(str(error))
    audit.note(person.name, person.role.word, "publish", name)
    return RedirectResponse(f"{PATH}?done=published", 303)


@router.post(DROP)
async def drop(person: EditorDep, desk: DeskDep, audit: AuditDep, name: Annotated[str, Form()]) -> Response:
    """Discard a draft."""
    try:
        await working(partial(desk.reader.drop, name))
    except StoreError as error:
        return _failed(str(error))
    audit.note(person.name, person.role.word, "draft-drop", name)
    return RedirectResponse(f"{PATH}?done=dropped", 303)


@router.post(BACK)
async def roll_back(person: PublisherDep, desk: DeskDep, audit: AuditDep) -> Response:
    """Publish the edition before again."""
    try:
        name = await working(lambda: desk.store.roll_back())
    except StoreError as error:
        return _failed(str(error))
    audit.note(person.name, person.role.word, "rollback", name)
    return RedirectResponse(f"{PATH}?done=back", 303)


async def _page(
    desk: Desk,
    name: str,
    role: Role,
    wrong_in: str = "",
    wrong: tuple[str, ...] = (),
    given: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Show a draft; what somebody sent for the document `wrong_in` stays in its form."""
    found = await working(partial(_found, desk, name))
    forms = []
    for paper in found.papers:
        told = wrong if paper.document.id == wrong_in else ()
        values = given if told and given is not None else _front_of(paper)
        plan_form, corrected = desk.reader.plan_of(paper.document), desk.reader.is_corrected(paper.document)
        forms.append(PaperForms(paper_view(paper, _addresses(name, paper)), values, plan_form, corrected, told))
    return draft_page(
        "staff_draft.html",
        422 if wrong else 200,
        draft=found,
        path=draft_path(name),
        papers=forms,
        choices=desk.reader.choices(),
        rejected=[one for one in found.report.get("files", ()) if one["state"] == "rejected"],
        can_publish=role >= Role.PUBLISHER,
    )


def _found(desk: Desk, name: str) -> Draft:
    try:
        return desk.draft(name)
    except NotPublishable:
        raise ProblemError("no-draft") from None


async def _read_again(desk: Desk, order: Order, note: Callable[[str], None]) -> Response:
    folder = await working(desk.jobs.make_room)
    job = await working(partial(desk.jobs.start, folder, order))
    note(f"{order.base} {', '.join(order.only)}")
    return RedirectResponse(job_path(job), 303)


def _addresses(name: str, paper: Paper) -> dict[str, tuple[str, str]]:
    """Return where the pages of a paper's examples are drawn, or why they are not."""
    pictured = paper.document.file_name.lower().endswith(".pdf")
    base = f"{draft_path(name)}/pages/{quote(paper.document.id, safe='')}"
    found = {}
    for item in paper.examples():
        why = NOT_PDF if not pictured else _NO_PAGE if item.page is None else ""
        heading = urlencode({"quote": item.heading[:MAX_QUOTE]})
        found[item.key] = ("", why) if why else (f"{base}/{item.page}.png?{heading}", "")
    return found


def _front_of(paper: Paper) -> dict[str, str]:
    """Return what the form for a document's front matter begins with."""
    document = paper.document
    return {
        "title": document.title,
        "publisher": document.publisher,
        "kind": str(document.kind),
        "status": str(document.status or ""),
        "as_of": labels.shown_date(document.as_of) if document.as_of else "",
    }


def _plan_of(form: FormData) -> PlanForm:
    """Return the plan that a form says; rows without a name are left out."""
    columns = {name: [str(one).strip() for one in form.getlist(name)] for name in form}
    families = zip(*(columns.get(f"family-{one}", []) for one in ("label", "kind", "place")), strict=False)
    named = zip(columns.get("label-name", []), columns.get("label-field", []), strict=False)
    words = zip(columns.get("status-word", []), columns.get("status-is", []), strict=False)
    return PlanForm(
        tuple(PlanFamilyRow(*row) for row in families if row[1]),
        tuple((name, meant) for name, meant in named if name),
        tuple((word, meant) for word, meant in words if word),
        whole=bool(form.get("whole")),
    )


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return " ".join(value.split()) if isinstance(value, str) else ""


def _failed(sentence: str) -> HTMLResponse:
    return draft_page("staff_draft_failed.html", 409, sentence=sentence)
