"""The staff page's addresses for drafts: look a document through, correct it, publish, discard, and go back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from prompts import say
from service.deps import AuditDep, ClientLeft, SettingsDep, StudioDep
from service.edition_diff import DOCUMENT_WORDS, GONE, RECORD_WORDS
from service.front_values import READ
from service.http.clients import waiting_key
from service.http.middleware import CLIENT_LEFT
from service.http.problems import ProblemError
from service.http.responses import csv_response
from service.pages import labels
from service.people.form import Decision, Wrong, of_correction
from service.people.pages import PeopleDep
from service.people.people import People, Who, previewed
from service.pictures.studio import Job
from service.review.paper import Paper, conflicts, doubts, passages, verdicts
from service.routes.originals import MAX_QUOTE, PngResponse, picture_of
from service.staff.roles import EditorDep, PublisherDep, Role, StaffPerson
from service.staff.uploads import PATH, DeskDep, job_path, upload_page, working
from service.uploads.desk import Desk, Draft
from service.uploads.orders import Order
from vectorstore.amending.form import PART_WORDS, Correction, Part
from vectorstore.errors import NotPublishable, StoreError
from vectorstore.records import Item, ItemKind

router = APIRouter(prefix=PATH, include_in_schema=False)
WIDTH = 640  # pixels of a picture: what is printed can be read
PUBLISH, DROP, BACK, RECORD, UNDO = "/publish", "/drop", "/rollback", "/record", "/undo"
SLOW = tuple(f"{PATH}{one}" for one in (PUBLISH, DROP, BACK, RECORD, UNDO))
SLOW_SECONDS = 120.0
_LONGEST_TITLE = 160  # characters of the title that a second record gets


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it was read beside the picture of its page ("" for none), and what can be done about it."""

    item: Item
    picture: str
    is_record: bool
    passages: list[str]
    conflicts: list[str]


def draft_path(name: str, document_id: str = "") -> str:
    """Return the address of a draft, or of one of its documents."""
    return f"{PATH}/drafts/{quote(name, safe='')}" + (f"?{urlencode({'document': document_id})}" if document_id else "")


@router.get("/drafts/{name}")
async def draft(name: str, person: EditorDep, desk: DeskDep, people: PeopleDep, document: str = "") -> HTMLResponse:
    """Show everything that people decide on before a draft is published, one document at a time."""
    found = await working(partial(_found, desk, name))
    return await _page(desk, people, found, person, document)


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
    """Send a picture of a page of a draft's document, with the heading of the record marked."""
    try:
        _, path = await working(partial(desk.original, name, document_id))
    except NotPublishable:
        raise ProblemError("not-found") from None
    if path.suffix != ".pdf":
        raise ProblemError("no-picture")
    job = Job(str(path), n, WIDTH, quoted.strip())
    drawing = studio.picture(job, waiting_key(request.scope, settings.proxy_networks()))
    try:
        return PngResponse(await picture_of(request, drawing), headers={"Cache-Control": "private, max-age=600"})
    except ClientLeft:
        return Response(status_code=CLIENT_LEFT)


@router.post("/drafts/{name}/front")
async def front(
    name: str, request: Request, person: EditorDep, desk: DeskDep, people: PeopleDep, audit: AuditDep
) -> Response:
    """Confirm or correct what a document is, and have it read again with that."""
    found, form = await working(partial(_found, desk, name)), await request.form()
    texts = {part: " ".join(text.split()) for part, text in form.items() if isinstance(text, str)}
    paper = found.paper(texts.get("document") or "-")
    given = {part: texts.get(part, "") for part in labels.FRONT}
    wrong = {
        part: say("review.date" if part == "as_of" else "review.value")
        for part, text in given.items()
        if text and READ[part](text) is None
    }
    if wrong:
        return await _page(desk, people, found, person, paper.document.id, wrong, given)
    answers = {part: text for part, text in given.items() if text}
    order = Order(person.name, base=name, only=(paper.document.id,), answers={paper.document.id: answers})
    return await _read_again(desk, order, partial(audit.note, person.name, person.role.word, "draft-front"))


@router.post("/drafts/{name}/model")
async def model(
    name: str, person: EditorDep, desk: DeskDep, audit: AuditDep, document: Annotated[str, Form()]
) -> Response:
    """Have the language model read a document, where one is set for that."""
    found = await working(partial(_found, desk, name))
    paper = found.paper(document or "-")
    if not await working(partial(desk.reader.price, paper)):
        raise ProblemError("not-found")
    order = Order(person.name, base=name, only=(paper.document.id,), model=True)
    return await _read_again(desk, order, partial(audit.note, person.name, person.role.word, "papers read"))


@router.post(RECORD)
async def record(
    person: EditorDep,
    desk: DeskDep,
    people: PeopleDep,
    audit: AuditDep,
    name: Annotated[str, Form()],
    document: Annotated[str, Form()],
    key: Annotated[str, Form()],
    passage: Annotated[str, Form()] = "",
) -> Response:
    """Take a record away that is none, or have a second one begin at a passage; kept as a decision."""
    found = await working(partial(_found, desk, name))
    item = next((one for one in found.paper(document or "-").parsed.items if one.key == key), None)
    if item is None:
        raise ProblemError("not-found")
    new = (
        Correction(document, key, Part.SPLIT, passage[:_LONGEST_TITLE], passage, say("review.split"))
        if passage
        else Correction(document, key, Part.RECORD, "", item.title, say("review.removed"))
    )
    preview = await working(partial(previewed, found.catalogue, people.fields(), new))
    if preview.problem:
        return _failed(preview.problem)
    who = Who(person.name, person.role.word, audit)
    try:
        made = await working(partial(people.correct, of_correction(new), who))
    except Wrong as error:
        return _failed(str(error))
    return await _amended(desk, name, document, partial(people.undo, made.id, who))


@router.post(UNDO)
async def undo(
    person: EditorDep,
    desk: DeskDep,
    people: PeopleDep,
    audit: AuditDep,
    name: Annotated[str, Form()],
    document: Annotated[str, Form()],
    number: Annotated[int, Form()],
) -> Response:
    """Take a decision on a record of the draft back."""
    found = await working(partial(_found, desk, name))
    if number not in [one.id for one in people.fields() if one.items[0][0] == found.paper(document or "-").document.id]:
        raise ProblemError("not-found")
    await working(partial(people.undo, number, Who(person.name, person.role.word, audit)))
    return await _amended(desk, name, document, lambda: None)


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
    people: People,
    found: Draft,
    person: StaffPerson,
    document_id: str,
    wrong: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Show a document of a draft; what somebody sent wrongly stays in its form, with what is wrong beside it."""
    paper = found.paper(document_id) if found.papers else None
    shown = await working(partial(_shown, desk, people, found, paper)) if paper is not None else {}
    return upload_page(
        "staff_draft.html",
        422 if wrong else 200,
        draft=found,
        path=draft_path(found.name),
        paper=paper,
        others=[(one, verdicts(one)) for one in found.papers] if len(found.papers) > 1 else [],
        rejected=[one for one in found.report.get("files", ()) if one["state"] == "rejected"],
        can_publish=person.role >= Role.PUBLISHER,
        wrong=wrong or {},
        **shown | ({"front": given} if given is not None else {}),
    )


def _shown(desk: Desk, people: People, found: Draft, paper: Paper) -> dict[str, object]:
    name = paper.document.id
    changed = [one for one in found.diff.records if one.document_id == name] if paper.before is not None else []
    told = [one for one in found.diff.documents if one.document_id == name] if paper.before is not None else []
    return {
        "verdicts": verdicts(paper),
        "doubts": list(doubts(paper, sum(one.change == GONE for one in changed))),
        "rows": [_row(found.name, paper, one) for one in paper.shown],
        "front": _front_of(paper),
        "changed": [
            *((DOCUMENT_WORDS[one.change], one) for one in told),
            *((RECORD_WORDS[one.change], one) for one in changed),
        ],
        "decided": [(one, _decided(one)) for one in people.fields() if one.items[0][0] == name],
        "price": desk.reader.price(paper),
        "told": next((one.message for one in desk.jobs.all() if one.edition == found.name and one.message), ""),
    }


def _row(name: str, paper: Paper, item: Item) -> Row:
    picture = ""
    if paper.has_pictures and item.page is not None:
        heading = urlencode({"quote": item.heading[:MAX_QUOTE]})
        picture = f"{draft_path(name)}/pages/{quote(item.document_id, safe='')}/{item.page}.png?{heading}"
    is_record = item.kind is not ItemKind.SECTION
    return Row(item, picture, is_record, passages(paper, item) if is_record else [], conflicts(item))


def _decided(one: Decision) -> str:
    """Return a decision on a field in words."""
    part = Part(one.part)
    said = f"„{one.instead_of}“" + (f" → „{one.value}“" if one.value and part is not Part.SPLIT else "")
    return f"{PART_WORDS[part]}: {said}"


def _front_of(paper: Paper) -> dict[str, str]:
    """Return what the form for a document's front matter begins with."""
    document = paper.document
    day = labels.shown_date(document.as_of) if document.as_of else ""
    kind, status = str(document.kind), str(document.status or "")
    return {"title": document.title, "publisher": document.publisher, "kind": kind, "status": status, "as_of": day}


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


async def _amended(desk: Desk, name: str, document_id: str, otherwise: Callable[[], object]) -> Response:
    """Have a draft follow what was decided; where it cannot, the decision goes `otherwise`."""
    try:
        now = await working(partial(desk.reader.amend, name))
    except StoreError as error:
        await working(otherwise)
        return _failed(str(error))
    return RedirectResponse(f"{draft_path(now, document_id)}#eintraege", 303)


def _failed(sentence: str) -> HTMLResponse:
    return upload_page("staff_draft_failed.html", 409, sentence=sentence)
