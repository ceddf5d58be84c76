"""The staff page's addresses for drafts: look a document through, correct it, publish, discard, and go back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from anyio import to_thread
from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from prompts import say
from service import labels
from service.changes import count_records, differences
from service.deps import SettingsDep, StudioDep
from service.front_values import READ
from service.http.problems import ProblemError
from service.people.decisions import Decision, InvalidDecision, corrections_of
from service.people.pages import PeopleDep, TypedDep, WhoDep, record_form
from service.people.people import People, Who
from service.pictures import PictureOrder
from service.routes.originals import MAX_QUOTE, picture_of
from service.staff.roles import EditorDep, PublisherDep, Role, StaffPerson
from service.staff.uploads import PATH, DeskDep, job_path, upload_page
from service.uploads.desk import Desk, Draft
from service.uploads.orders import Order
from service.uploads.paper import TAKEN_KINDS, Paper, decided_families, doubts, questions, stays_open, verdicts
from vectorstore.errors import NotPublishable, StoreError
from vectorstore.records import BY_STAFF, Item

router = APIRouter(prefix=PATH, include_in_schema=False)
WIDTH = 640  # pixels of a picture: what is printed can be read
PUBLISH, DROP, BACK = "/publish", "/drop", "/rollback"
SLOW = tuple(f"{PATH}{path}" for path in (PUBLISH, DROP, BACK))
SLOW_SECONDS = 120.0
Text = Annotated[str, Form()]


class Front(BaseModel):
    """What a document is, as somebody typed it."""

    document: str = ""
    title: str = ""
    publisher: str = ""
    kind: str = ""
    status: str = ""
    as_of: str = ""


def draft_path(name: str, document_id: str = "") -> str:
    """Return the address of a draft, or of one of its documents."""
    return f"{PATH}/drafts/{quote(name, safe='')}" + (f"?{urlencode({'document': document_id})}" if document_id else "")


@router.get("/drafts/{name}")
def show_draft(name: str, person: EditorDep, desk: DeskDep, people: PeopleDep, document: str = "") -> HTMLResponse:
    """Show everything that people decide on before a draft is published, one document at a time."""
    return _page(desk, people, _find(desk, people, name), person, document)


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
        _, path = await to_thread.run_sync(desk.original, name, document_id)
    except NotPublishable:
        raise ProblemError("not-found") from None
    if path.suffix != ".pdf":
        raise ProblemError("no-picture")
    job = PictureOrder(str(path), n, WIDTH, quoted.strip())
    return await picture_of(request, studio, job, {"Cache-Control": "private, max-age=600"})


@router.post("/drafts/{name}/front")
def confirm_front(
    name: str, person: EditorDep, desk: DeskDep, people: PeopleDep, who: WhoDep, typed: Annotated[Front, Form()]
) -> Response:
    """Confirm or correct what a document is, and have it read again with that."""
    found = _find(desk, people, name)
    document = found.paper(typed.document or "-").document.id
    given = {part: " ".join(getattr(typed, part).split()) for part in labels.FRONT}
    wrong = {
        part: say("review.date" if part == "as_of" else "review.value")
        for part, text in given.items()
        if text and READ[part](text) is None
    }
    if wrong:
        return _page(desk, people, found, person, document, wrong, given)
    answers = {part: text for part, text in given.items() if text}
    order = Order(person.name, base=name, only=(document,), answers={document: answers})
    return _read_again(desk, order, who, "draft-front")


@router.post("/drafts/{name}/model")
def read_by_model(
    name: str, person: EditorDep, desk: DeskDep, people: PeopleDep, who: WhoDep, document: Text,
    questions: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """Have the language model read a document, where one is set for that."""
    paper = _find(desk, people, name).paper(document or "-")
    if not desk.reader.price(paper):
        raise ProblemError("not-found")
    order = Order(person.name, base=name, only=(paper.document.id,), model=True, questions=questions)
    return _read_again(desk, order, who, "papers read")


@router.post("/drafts/{name}/family")
def set_family(
    name: str, person: EditorDep, desk: DeskDep, people: PeopleDep, who: WhoDep, document: Text, label: Text = "",
    kind: Text = "",
) -> Response:  # fmt: skip
    """Set what a family of numbers is, "" for what reading finds, and have the document read again with that."""
    paper = _find(desk, people, name).paper(document or "-")
    try:
        desk.reader.choose(paper.document.id, label, kind or None)
    except ValueError:
        return _failed(say("review.unknown_choice"))
    return _read_again(desk, Order(person.name, base=name, only=(paper.document.id,)), who, "family-set")


@router.post("/drafts/{name}/items")
def take_items(
    name: str, person: EditorDep, desk: DeskDep, people: PeopleDep, who: WhoDep, document: Text,
    places: Annotated[tuple[int, ...], Form()] = (), kind: Text = "", release: Text = "",
) -> Response:  # fmt: skip
    """Take rows and sections as items of a kind, or `release` one that was taken; the document is read again."""
    paper = _find(desk, people, name).paper(document or "-")
    if release:
        desk.reader.release(paper.document.id, release)
    else:
        try:
            desk.reader.take(paper.parsed, places, kind)
        except ValueError:
            return _failed(say("review.nothing_taken"))
    order = Order(person.name, base=name, only=(paper.document.id,))
    return _read_again(desk, order, who, "item-released" if release else "items-taken")


@router.post("/fields")
def correct_record(desk: DeskDep, people: PeopleDep, who: WhoDep, typed: TypedDep) -> Response:
    """Store what somebody typed of a record as decisions; `name`, `document` and `key` say which one it is."""
    name, document = typed.get("name", ""), typed.get("document", "")
    parsed = _find(desk, people, name).paper(document or "-").parsed
    item = next((item for item in parsed.items if item.key == typed.get("key")), None)
    if item is None:
        raise ProblemError("not-found")
    try:
        own = parsed.document.text[item.start + len(item.heading) : item.end]
        people.correct(item, own, {"reason": say("review.edited"), **typed}, who)
    except InvalidDecision as error:
        return _failed(str(error))
    return RedirectResponse(f"{draft_path(name, document)}#eintraege", 303)


@router.post(PUBLISH)
def publish(
    person: PublisherDep, desk: DeskDep, who: WhoDep, name: Text, digest: Text, anyway: Annotated[bool, Form()] = False
) -> Response:
    """Publish the draft that was looked through."""
    return _done("published", partial(desk.publish, name, digest, anyway=anyway), who, "publish", name)


@router.post(DROP)
def drop(desk: DeskDep, who: WhoDep, name: Text) -> Response:
    """Discard a draft."""
    return _done("dropped", partial(desk.reader.drop, name), who, "draft-drop", name)


@router.post(BACK)
def roll_back(person: PublisherDep, desk: DeskDep, who: WhoDep) -> Response:
    """Publish the edition before again."""
    return _done("back", lambda: desk.store.roll_back(), who, "rollback")


def _done(what: str, work: Callable[[], str | None], who: Who, action: str, subject: str = "") -> Response:
    try:
        made = work()
    except StoreError as error:
        return _failed(str(error))
    who.note(action, subject or str(made))
    return RedirectResponse(f"{PATH}?done={what}", 303)


def _page(
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
    shown = _shown(desk, people, found, paper) if paper is not None else {}
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
    document, name = paper.document, paper.document.id
    before = paper.before is not None
    changes = [change for change in found.diff if before and change.state.id == name]
    decisions = people.decisions.of_fields(name)
    rows = [_row(found.name, paper, item, decisions) for item in paper.shown]
    keys, states = {item.key for item in paper.shown}, found.catalogue.corrections
    return {
        "verdicts": verdicts(paper),
        "families": decided_families(paper),
        "doubts": list(doubts(paper, count_records(changes)["gone"])),
        "rows": rows,
        "asked": [(row, question) for row in rows for question in row["questions"]],
        "unsure": [labels.FRONT[part] for part in document.unconfirmed],
        "taken": [(one, _taken(paper, one)) for one in paper.taken],
        "taken_kinds": TAKEN_KINDS,
        "missed": {kind: _by_page(places) for kind, places in paper.missed.items()},
        "front": {
            "title": document.title,
            "publisher": document.publisher,
            "kind": str(document.kind),
            "status": str(document.status or ""),
            "as_of": labels.shown_date(document.as_of) if document.as_of else "",
        },
        "changed": [each[1:] for each in differences(changes)],
        "decided": [one for one in decisions if one.items[0][1] not in keys],
        "unfit": {one.id: state for one in decisions if (state := states.get(one.correction)) and not state.fits},
        "price": desk.reader.price(paper),
        "told": next((one.message for one in desk.jobs.all() if one.edition == found.name and one.message), ""),
    }


def _row(name: str, paper: Paper, item: Item, decisions: Sequence[Decision]) -> dict[str, Any]:
    """A record as it was read beside the picture of its page ("" for none), and what can be done about it."""
    picture = ""
    if paper.has_pictures and item.page is not None:
        heading = urlencode({"quote": item.heading[:MAX_QUOTE]})
        picture = f"{draft_path(name)}/pages/{quote(item.document_id, safe='')}/{item.page}.png?{heading}"
    asked = {"questions": questions(item), "conflicts": stays_open(item), "form": record_form(paper.document, item)}
    decided = [one for one in decisions if one.items[0][1] == item.key]
    return {"item": item, "picture": picture, "is_taken": item.read_by == BY_STAFF, "decided": decided, **asked}


def _by_page(places: Sequence[Mapping[str, Any]]) -> list[tuple[int | None, list[Mapping[str, Any]]]]:
    return [(page, list(group)) for page, group in groupby(places, itemgetter("page"))]


def _taken(paper: Paper, name: str) -> str:
    """Say that a row or section was taken as an item, and whether it still is one."""
    names = {one.title for one in paper.records} | {f"{one.ref} {one.title}" for one in paper.records}
    return say("review.taken" if name in names else "review.taken_gone", name=name)


def _find(desk: Desk, people: People, name: str) -> Draft:
    decisions = people.decisions
    try:
        return desk.draft(name, corrections_of(decisions.of_fields(), decisions.today()))
    except NotPublishable:
        raise ProblemError("no-draft") from None


def _read_again(desk: Desk, order: Order, who: Who, action: str) -> Response:
    job = desk.jobs.start(desk.jobs.make_room(), order)
    who.note(action, f"{order.base} {', '.join(order.only)}")
    return RedirectResponse(job_path(job), 303)


def _failed(sentence: str) -> HTMLResponse:
    return upload_page("staff_draft_failed.html", 409, sentence=sentence)
