"""The staff page's addresses for drafts: look a document through, correct it, publish, discard, and go back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from prompts import reworded, say
from service.changes import count_records, differences
from service.deps import SettingsDep, StudioDep
from service.front_values import READ
from service.http.problems import ProblemError
from service.pages import labels
from service.people.decisions import Decision, Wrong, of_correction
from service.people.editing import EditedFields, edit_fields, shown_fields
from service.people.pages import PeopleDep, WhoDep
from service.people.people import People, Who, previewed
from service.pictures.studio import Job
from service.routes.originals import MAX_QUOTE, picture_of
from service.staff.roles import EditorDep, PublisherDep, Role, StaffPerson
from service.staff.uploads import PATH, DeskDep, job_path, upload_page
from service.uploads.desk import Desk, Draft
from service.uploads.orders import Order
from service.uploads.paper import (
    TAKEN_KINDS,
    Paper,
    decided_families,
    doubts,
    passages,
    questions,
    stays_open,
    verdicts,
)
from vectorstore.amending.form import Correction, Part
from vectorstore.errors import NotPublishable, StoreError
from vectorstore.records import BY_STAFF, Item, ItemKind

router = APIRouter(prefix=PATH, include_in_schema=False)
WIDTH = 640  # pixels of a picture: what is printed can be read
PUBLISH, DROP, BACK, RECORD, FIELDS, UNDO = "/publish", "/drop", "/rollback", "/record", "/fields", "/undo"
SLOW = tuple(f"{PATH}{one}" for one in (PUBLISH, DROP, BACK, RECORD, FIELDS, UNDO))
SLOW_SECONDS = 120.0
_LONGEST_TITLE = 160  # characters of the title that a second record gets
Text = Annotated[str, Form()]
Typed = Annotated[str | None, Form()]


class Front(BaseModel):
    """What a document is, as somebody typed it."""

    document: str = ""
    title: str = ""
    publisher: str = ""
    kind: str = ""
    status: str = ""
    as_of: str = ""


def fields_form(
    title: Typed = None, status: Typed = None, unit: Typed = None, partners: Typed = None, date: Typed = None,
    period: Typed = None, cost: Typed = None, priority: Typed = None,
) -> EditedFields:  # fmt: skip
    """Return the fields of a form; what it did not have is None."""
    return EditedFields(
        title=title, status=status, unit=unit, partners=partners, date=date, period=period, cost=cost, priority=priority
    )


def draft_path(name: str, document_id: str = "") -> str:
    """Return the address of a draft, or of one of its documents."""
    return f"{PATH}/drafts/{quote(name, safe='')}" + (f"?{urlencode({'document': document_id})}" if document_id else "")


@router.get("/drafts/{name}")
def draft(name: str, person: EditorDep, desk: DeskDep, people: PeopleDep, document: str = "") -> HTMLResponse:
    """Show everything that people decide on before a draft is published, one document at a time."""
    return _page(desk, people, _found(desk, name), person, document)


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
    job = Job(str(path), n, WIDTH, quoted.strip())
    return await picture_of(request, studio, job, {"Cache-Control": "private, max-age=600"})


@router.post("/drafts/{name}/front")
def front(
    name: str, person: EditorDep, desk: DeskDep, people: PeopleDep, who: WhoDep, typed: Annotated[Front, Form()]
) -> Response:
    """Confirm or correct what a document is, and have it read again with that."""
    found = _found(desk, name)
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
def model(
    name: str, person: EditorDep, desk: DeskDep, who: WhoDep, document: Text, questions: Annotated[bool, Form()] = False
) -> Response:
    """Have the language model read a document, where one is set for that."""
    paper = _found(desk, name).paper(document or "-")
    if not desk.reader.price(paper):
        raise ProblemError("not-found")
    return _read_again(
        desk,
        Order(person.name, base=name, only=(paper.document.id,), model=True, questions=questions),
        who,
        "papers read",
    )


@router.post("/drafts/{name}/family")
def family(
    name: str, person: EditorDep, desk: DeskDep, who: WhoDep, document: Text, label: Text = "", kind: Text = ""
) -> Response:
    """Set what a family of numbers is, "" for what reading finds, and have the document read again with that."""
    paper = _found(desk, name).paper(document or "-")
    try:
        desk.reader.choose(paper.document.id, label, kind or None)
    except ValueError:
        return _failed(say("review.unknown_choice"))
    return _read_again(desk, Order(person.name, base=name, only=(paper.document.id,)), who, "family-set")


@router.post("/drafts/{name}/items")
def items(
    name: str, person: EditorDep, desk: DeskDep, who: WhoDep, document: Text,
    places: Annotated[tuple[int, ...], Form()] = (), kind: Text = "", release: Text = "",
) -> Response:  # fmt: skip
    """Take rows and sections as items of a kind, or `release` one that was taken; the document is read again."""
    paper = _found(desk, name).paper(document or "-")
    if release:
        desk.reader.release(paper.document.id, release)
    else:
        try:
            desk.reader.take(paper.parsed, places, kind)
        except ValueError:
            return _failed(say("review.nothing_taken"))
    order = Order(person.name, base=name, only=(paper.document.id,))
    return _read_again(desk, order, who, "item-released" if release else "items-taken")


@router.post(FIELDS)
def fields(
    desk: DeskDep, people: PeopleDep, who: WhoDep, name: Text, document: Text, key: Text,
    typed: Annotated[EditedFields, Depends(fields_form)], confirmed: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """Set fields of a record to what somebody typed; kept as decisions."""
    found = _found(desk, name)
    document = found.paper(document or "-").document.id
    try:
        made = edit_fields(people, found.catalogue, document, key, typed, who, confirmed=confirmed)
    except Wrong as error:
        return _failed(str(error))
    except KeyError:
        raise ProblemError("not-found") from None
    return _amended(desk, name, document, lambda: [people.undo(one.id, who) for one in made])


@router.post(RECORD)
def record(
    desk: DeskDep, people: PeopleDep, who: WhoDep, name: Text, document: Text, key: Text, passage: Text = ""
) -> Response:
    """Take a record away that is none, or have a second one begin at a passage; kept as a decision."""
    found = _found(desk, name)
    item = next((one for one in found.paper(document or "-").parsed.items if one.key == key), None)
    if item is None:
        raise ProblemError("not-found")
    new = (
        Correction(document, key, Part.SPLIT, passage[:_LONGEST_TITLE], passage, say("review.split"))
        if passage
        else Correction(document, key, Part.RECORD, "", item.title, say("review.removed"))
    )
    preview = previewed(found.catalogue, people.decisions.fields(), new)
    try:
        if preview.problem:
            raise Wrong(preview.problem)
        made = people.correct(of_correction(new), who)
    except Wrong as error:
        return _failed(str(error))
    return _amended(desk, name, document, partial(people.undo, made.id, who))


@router.post(UNDO)
def undo(
    desk: DeskDep, people: PeopleDep, who: WhoDep, name: Text, document: Text, number: Annotated[int, Form()]
) -> Response:
    """Take a decision on a record of the draft back."""
    mine = _found(desk, name).paper(document or "-").document.id
    if number not in [one.id for one in people.decisions.fields() if one.items[0][0] == mine]:
        raise ProblemError("not-found")
    people.undo(number, who)
    return _amended(desk, name, document, lambda: None)


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
    titles = {one.key: one.title for one in paper.parsed.items}
    rows: list[dict[str, Any]] = [_row(found.name, paper, one) for one in paper.shown]
    return {
        "verdicts": verdicts(paper),
        "families": decided_families(paper),
        "doubts": list(doubts(paper, count_records(changes)["gone"])),
        "rows": rows,
        "asked": [(row, one) for row in rows for one in row["questions"]],
        "unsure": [labels.FRONT[part] for part in document.unconfirmed],
        "taken": [(one, _taken(paper, one)) for one in paper.taken],
        "kinds": TAKEN_KINDS,
        "part_names": reworded("de/corrections"),
        "missed": {name: _by_page(places) for name, places in paper.missed.items()},
        "front": {
            "title": document.title,
            "publisher": document.publisher,
            "kind": str(document.kind),
            "status": str(document.status or ""),
            "as_of": labels.shown_date(document.as_of) if document.as_of else "",
        },
        "changed": list(differences(changes)),
        "decided": [(one, _decided(one, titles)) for one in people.decisions.fields() if one.items[0][0] == name],
        "price": desk.reader.price(paper),
        "told": next((one.message for one in desk.jobs.all() if one.edition == found.name and one.message), ""),
    }


def _row(name: str, paper: Paper, item: Item) -> dict[str, Any]:
    """A record as it was read beside the picture of its page ("" for none), and what can be done about it."""
    picture = ""
    if paper.has_pictures and item.page is not None:
        heading = urlencode({"quote": item.heading[:MAX_QUOTE]})
        picture = f"{draft_path(name)}/pages/{quote(item.document_id, safe='')}/{item.page}.png?{heading}"
    is_record = item.kind is not ItemKind.SECTION
    can = {"is_record": is_record, "passages": passages(paper, item) if is_record else []}
    asked = {"questions": questions(item), "conflicts": stays_open(item), "typed": shown_fields(item)}
    return {"item": item, "picture": picture, "is_taken": item.read_by == BY_STAFF, **asked, **can}


def _by_page(places: Sequence[Mapping[str, Any]]) -> list[tuple[int | None, list[Mapping[str, Any]]]]:
    return [(page, list(group)) for page, group in groupby(places, itemgetter("page"))]


def _taken(paper: Paper, name: str) -> str:
    """Say that a row or section was taken as an item, and whether it still is one."""
    names = {one.title for one in paper.records} | {f"{one.ref} {one.title}" for one in paper.records}
    return say("review.taken" if name in names else "review.taken_gone", name=name)


def _decided(one: Decision, titles: Mapping[str, str]) -> str:
    """Return a decision on a field in words."""
    before, now = (labels.shown_moment(labels.shown(text)) for text in (one.instead_of, one.value))
    told = [f"„{before}“"] if before else []
    if now and one.part != Part.SPLIT:
        told.append(say("review.settled") if now == before else say("review.now", value=now))
    elif not now and one.part != Part.RECORD:
        told.append(say("review.emptied"))
    if one.part not in (Part.RECORD, Part.TITLE) and (title := titles.get(one.items[0][1])):
        told.append(f"({title})")
    return f"{reworded('de/corrections')[one.part]}: {' '.join(told)}"


def _found(desk: Desk, name: str) -> Draft:
    try:
        return desk.draft(name)
    except NotPublishable:
        raise ProblemError("no-draft") from None


def _read_again(desk: Desk, order: Order, who: Who, action: str) -> Response:
    job = desk.jobs.start(desk.jobs.make_room(), order)
    who.note(action, f"{order.base} {', '.join(order.only)}")
    return RedirectResponse(job_path(job), 303)


def _amended(desk: Desk, name: str, document_id: str, otherwise: Callable[[], object]) -> Response:
    """Have a draft follow what was decided; where it cannot, the decision goes `otherwise`."""
    try:
        now = desk.reader.amend(name)
    except StoreError as error:
        otherwise()
        return _failed(str(error))
    return RedirectResponse(f"{draft_path(now, document_id)}#eintraege", 303)


def _failed(sentence: str) -> HTMLResponse:
    return upload_page("staff_draft_failed.html", 409, sentence=sentence)
