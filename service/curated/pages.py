"""The staff page of curated answers: the list with states, one answer with its versions, the form with its check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from service.curated import words
from service.curated.desk import Desk, Refused
from service.curated.models import MOST_OWNER, MOST_QUESTION, MOST_TEXT, State, Wrong
from service.curated.store import CuratedStore, Outdated, Unknown
from service.curated.tables import table
from service.curated.typed import Typed
from service.deps import AuditDep, DatabaseDep, ServedDep
from service.edition_holder import Served
from service.http.problems import ProblemError
from service.http.responses import csv_response
from service.staff.addresses import STAFF
from service.staff.rendering import staff_page
from service.staff.roles import EditorDep, ReaderDep, Role, StaffPerson

CURATED = f"{STAFF}/curated"
router = APIRouter(prefix=CURATED, include_in_schema=False)
_LIMITS = {"most_question": MOST_QUESTION, "most_text": MOST_TEXT, "most_owner": MOST_OWNER}
_OUTDATED = "Jemand hat diese Antwort inzwischen geändert. Ihr Text steht noch hier; gespeichert ist er nicht."
Made = TypeVar("Made")


def typed_in(
    question: Annotated[str, Form()] = "",
    wordings: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    citations: Annotated[str, Form()] = "",
    owner: Annotated[str, Form()] = "",
    valid_until: Annotated[str, Form()] = "",
) -> Typed:
    """Return the form's fields as they were typed."""
    return Typed(question, wordings, text, citations, owner, valid_until)


TypedDep = Annotated[Typed, Depends(typed_in)]


@router.get("")
def listed(served: ServedDep, database: DatabaseDep, audit: AuditDep, person: ReaderDep) -> HTMLResponse:
    """Show all curated answers with their states, those that need somebody first."""
    standings = _tried(_desk(served, database, audit, person).standings)
    counts = {state: sum(one is state for _, one in standings) for state in State}
    return _page("staff_curated.html", served, person, standings=standings, counts=counts)


@router.get(".csv")
def csv(served: ServedDep, database: DatabaseDep, audit: AuditDep, person: ReaderDep) -> Response:
    """Send all that are not removed as CSV, in the form that the command line imports."""
    standings = _tried(_desk(served, database, audit, person).standings)
    return csv_response(table(one.version for one, _ in standings), "gepruefte-antworten")


@router.get("/new")
def new(
    served: ServedDep,
    person: EditorDep,
    question: str = "",
    cite: Annotated[list[str] | None, Query(max_length=20)] = None,
) -> HTMLResponse:
    """Show an empty form, with the question and the citations that the address names."""
    typed = Typed(" ".join(question.split())[:MOST_QUESTION], citations="\n".join(cite or ()))
    return _form(served, person, typed)


@router.post("/new")
def add(
    served: ServedDep,
    database: DatabaseDep,
    audit: AuditDep,
    person: EditorDep,
    typed: TypedDep,
    action: Annotated[str, Form()] = "save",
) -> Response:
    """Keep a new answer, or only say what the edition bears out of it."""
    desk = _desk(served, database, audit, person)
    if action == "check":
        return _checked(served, person, desk, typed)
    try:
        return _to(_tried(lambda: desk.add(typed)).entry)
    except Refused as refused:
        return _form(served, person, typed, wrong=refused.wrong, status=422)


@router.get("/{entry}")
def show(entry: str, served: ServedDep, database: DatabaseDep, audit: AuditDep, person: ReaderDep) -> HTMLResponse:
    """Show an answer, what is not borne out and why, and its versions."""
    desk = _desk(served, database, audit, person)
    one = _tried(lambda: desk.standing(entry))
    state = one.state(served.answers.curated.today)
    return _page(
        "staff_curated_entry.html", served, person, one=one, state=state, versions=_tried(lambda: desk.history(entry))
    )


@router.get("/{entry}/edit")
def edit(entry: str, served: ServedDep, database: DatabaseDep, audit: AuditDep, person: EditorDep) -> HTMLResponse:
    """Show the form with an answer's newest version."""
    newest = _tried(lambda: _desk(served, database, audit, person).newest(entry))
    return _form(served, person, Typed.of(newest.answer), entry=entry, base=newest.number)


@router.post("/{entry}/edit")
def change(
    entry: str,
    served: ServedDep,
    database: DatabaseDep,
    audit: AuditDep,
    person: EditorDep,
    typed: TypedDep,
    base: Annotated[int, Form()] = 0,
    action: Annotated[str, Form()] = "save",
) -> Response:
    """Keep a changed answer, or only say what the edition bears out of it."""
    desk = _desk(served, database, audit, person)
    if action == "check":
        return _checked(served, person, desk, typed, entry, base)
    try:
        return _to(_tried(lambda: desk.edit(entry, typed, base)).entry)
    except Refused as refused:
        return _form(served, person, typed, entry=entry, base=base, wrong=refused.wrong, status=422)
    except Outdated:
        newest = _tried(lambda: desk.newest(entry)).number
        return _form(served, person, typed, entry=entry, base=newest, wrong=[Wrong("", _OUTDATED)], status=409)


@router.post("/{entry}/remove")
def remove(entry: str, served: ServedDep, database: DatabaseDep, audit: AuditDep, person: EditorDep) -> Response:
    """Take an answer out."""
    desk = _desk(served, database, audit, person)
    return _to(_tried(lambda: desk.remove(entry)).entry)


@router.post("/{entry}/restore")
def restore(
    entry: str,
    served: ServedDep,
    database: DatabaseDep,
    audit: AuditDep,
    person: EditorDep,
    version: Annotated[int | None, Form()] = None,
) -> Response:
    """Put an answer in again, or an earlier version of it."""
    desk = _desk(served, database, audit, person)
    return _to(_tried(lambda: desk.restore(entry, version)).entry)


def _desk(served: Served, database: DatabaseDep, audit: AuditDep, person: StaffPerson) -> Desk:
    return Desk(CuratedStore(database), audit, served.answers.curated, person.name, person.role.word)


def _tried(work: Callable[[], Made]) -> Made:
    """What work gives; an answer that is not there is a page that is not, and so is a database that fails."""
    try:
        return work()
    except Unknown:
        raise ProblemError("not-found") from None
    except SQLAlchemyError as error:
        raise ProblemError("curated-unavailable") from error


def _checked(
    served: Served, person: StaffPerson, desk: Desk, typed: Typed, entry: str = "", base: int = 0
) -> HTMLResponse:
    """The form with what the edition says to what was typed; nothing is kept."""
    try:
        check = served.answers.curated.check(desk.answer(typed))
    except Refused as refused:
        return _form(served, person, typed, entry=entry, base=base, wrong=refused.wrong, status=422)
    return _form(served, person, typed, entry=entry, base=base, check=check)


def _form(
    served: Served,
    person: StaffPerson,
    typed: Typed,
    status: int = 200,
    wrong: list[Wrong] | None = None,
    **values: object,
) -> HTMLResponse:
    shown = {"entry": "", "base": 0, "check": None, **values}
    return _page("staff_curated_form.html", served, person, status, typed=typed, wrong=wrong or [], **_LIMITS, **shown)


def _page(template: str, served: Served, person: StaffPerson, status: int = 200, **values: object) -> HTMLResponse:
    documents = served.edition.catalogue.documents
    known = {"documents": documents, "item_of": served.edition.catalogue.item, "State": State}
    may_edit = person.role >= Role.EDITOR
    states, actions = words.STATES, words.ACTIONS
    return staff_page(
        template, served, "curated", status, may_edit=may_edit, states=states, actions=actions, **known, **values
    )


def _to(entry: str) -> RedirectResponse:
    return RedirectResponse(f"{CURATED}/{entry}", 303)
