"""The page on which people decide: open questions, marks of citizens, what was decided by whom, trial, publishing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from service.deps import AuditDep, RowNumber, ServedDep, in_thread
from service.edition_holder import Served
from service.http.problems import ProblemError
from service.http.responses import csv_response
from service.models import Answer
from service.people.changes import changes_of
from service.people.decisions_csv import day_of, item_of, table
from service.people.form import MOST_OWNER, MOST_TEXT, OUTCOMES, PUBLISHED, Decision, Outcome, Wrong, distinct
from service.people.marks import PARTS, SHOWN
from service.people.open_questions import REASONS, kept_lines
from service.people.people import OpenQuestion, People, Who, fates_of
from service.people.trial import case_lines, read_trial
from service.staff.addresses import STAFF
from service.staff.rendering import staff_page
from service.staff.roles import EditorDep, PublisherDep, ReaderDep, Role, StaffPerson
from vectorstore.amending.form import PART_WORDS, STATE_WORDS
from vectorstore.errors import StoreError

PATH = f"{STAFF}/decisions"
PAGE_SIZE, MOST_FOUND = 10, 3
router = APIRouter(include_in_schema=False)


def people_of(request: Request) -> People:
    """Return what people say, of this application."""
    people: People = request.app.state.people
    return people


PeopleDep = Annotated[People, Depends(people_of)]


@dataclass(frozen=True, slots=True)
class Seen:
    """An open question with what answers it today, the first entries that were found, and decisions like it."""

    one: OpenQuestion
    answer: Answer
    found: tuple[Any, ...]
    alike: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """A decision on a question as it is typed; wordings and items stand on a line each."""

    outcome: Outcome = Outcome.TEXT
    wordings: str = ""
    items: str = ""
    value: str = ""
    owner: str = ""
    valid_until: str = ""
    reason: str = ""

    @classmethod
    def of(cls, one: Decision) -> Typed:
        """A decision as it may be typed."""
        until = one.valid_until.isoformat() if one.valid_until else ""
        said = "\n".join(one.wordings), "\n".join(map(";".join, one.items))
        return cls(one.outcome, *said, one.value, one.owner, until, one.reason)

    @property
    def decision(self) -> Decision:
        """What was typed; raises Wrong where it cannot be read."""
        with_items = self.outcome in (Outcome.ENTRY, Outcome.TEXT)
        paragraphs = (" ".join(line.split()) for line in self.value.splitlines())
        text = self.outcome is Outcome.TEXT
        return Decision(
            outcome=self.outcome,
            wordings=distinct(self.wordings.splitlines()),
            items=tuple(item_of(line) for line in self.items.splitlines() if line.strip()) if with_items else (),
            value="\n".join(filter(None, paragraphs)) if text else "",
            owner=" ".join(self.owner.split()) if text else "",
            valid_until=day_of(self.valid_until) if text else None,
            reason=" ".join(self.reason.split()),
        )


def typed_in(
    outcome: Annotated[Outcome, Form()] = Outcome.TEXT,
    wordings: Annotated[str, Form()] = "",
    items: Annotated[str, Form()] = "",
    value: Annotated[str, Form()] = "",
    owner: Annotated[str, Form()] = "",
    valid_until: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Typed:
    """Return the form's fields as they were typed."""
    return Typed(outcome, wordings, items, value, owner, valid_until, reason)


TypedDep = Annotated[Typed, Depends(typed_in)]


@router.get(PATH)
async def listed(
    request: Request,
    served: ServedDep,
    people: PeopleDep,
    person: ReaderDep,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Show everything that is open and that was decided."""
    return await _listed(request, served, people, person, page)


@router.post(f"{PATH}/questions/{{kept}}")
async def decided(
    kept: str,
    request: Request,
    served: ServedDep,
    people: PeopleDep,
    person: EditorDep,
    audit: AuditDep,
    outcome: Annotated[Outcome | None, Form()] = None,
    item: Annotated[str, Form(max_length=500)] = "",
    decision: Annotated[int, Form()] = 0,
) -> Response:
    """Decide on an open question by one click, or have a decision that stands hold for it too."""
    one = await in_thread(request, partial(_open, people, kept))
    members, who = [row.id for row in one.rows], _who(person, audit)
    try:
        if decision:
            await in_thread(request, partial(people.extend, decision, [one.question], served, who, members))
        else:
            typed = Typed(outcome or Outcome.GAP, one.question, item).decision
            await in_thread(request, partial(people.decide, typed, served, who, members))
    except Wrong as error:
        return await _listed(request, served, people, person, problem=str(error))
    return _to()


@router.post(f"{PATH}/questions/{{kept}}/delete")
async def deleted(
    kept: str, request: Request, people: PeopleDep, person: EditorDep, audit: AuditDep
) -> RedirectResponse:
    """Delete an open question for good."""
    one = await in_thread(request, partial(_open, people, kept))
    await in_thread(request, partial(people.kept.delete, [row.id for row in one.rows]))
    await in_thread(request, partial(_who(person, audit).note, "question deleted", kept))
    return _to()


@router.get(f"{PATH}/new")
def new(
    served: ServedDep,
    people: PeopleDep,
    person: EditorDep,
    question: str = "",
    cite: Annotated[list[str] | None, Query(max_length=20)] = None,
    instead_of: Annotated[int, Query(ge=0, lt=2**31)] = 0,
) -> HTMLResponse:
    """Show the form of a decision on a question: empty, with what the address names, or with another decision."""
    other = people.decisions.one(instead_of) if instead_of else None
    typed = Typed.of(other) if other else Typed(wordings=" ".join(question.split())[:500], items="\n".join(cite or ()))
    return _form(served, typed, instead_of)


@router.post(f"{PATH}/new")
async def add(
    request: Request,
    served: ServedDep,
    people: PeopleDep,
    person: EditorDep,
    audit: AuditDep,
    typed: TypedDep,
    instead_of: Annotated[int, Form(ge=0, lt=2**31)] = 0,
    action: Annotated[str, Form()] = "save",
) -> Response:
    """Keep what was typed, or only say what the edition bears out of it."""
    try:
        one = typed.decision
        if action == "check":
            made = await in_thread(request, partial(people.checked, one, served, instead_of))
            return _form(served, typed, instead_of, check=served.answers.decided.check(made))
        same = {said.casefold() for said in one.wordings}
        open_ = await in_thread(request, people.kept.open)
        members = [row.id for row in open_ if row.question.casefold() in same]
        await in_thread(request, partial(people.decide, one, served, _who(person, audit), members, instead_of))
    except Wrong as error:
        return _form(served, typed, instead_of, wrong=str(error))
    return _to()


@router.post(f"{PATH}/{{number}}/undo")
async def undone(
    number: RowNumber, request: Request, people: PeopleDep, person: EditorDep, audit: AuditDep
) -> RedirectResponse:
    """Take a decision back."""
    if not await in_thread(request, partial(people.undo, number, _who(person, audit))):
        raise ProblemError("not-found")
    return _to()


@router.post(f"{STAFF}/hints/done")
async def marks_done(
    request: Request,
    people: PeopleDep,
    person: EditorDep,
    audit: AuditDep,
    numbers: Annotated[tuple[RowNumber, ...], Form(max_length=SHOWN)] = (),
) -> RedirectResponse:
    """Delete marks that were dealt with, all that were chosen at once."""
    for gone in await in_thread(request, partial(people.marks.done, numbers)):
        await in_thread(request, partial(_who(person, audit).note, "hint done", f"{gone.document_id} {gone.key}"))
    return _to("hinweise")


@router.post(f"{PATH}/trial")
async def tried(request: Request, served: ServedDep, people: PeopleDep, person: EditorDep, audit: AuditDep) -> Response:
    """Begin a trial; what runs goes on, wherever it does."""
    return await _begun(request, served, people, person, audit, "try")


@router.post(f"{PATH}/publish")
async def published(
    request: Request,
    served: ServedDep,
    people: PeopleDep,
    person: PublisherDep,
    audit: AuditDep,
    even_if_worse: Annotated[bool, Form()] = False,
) -> Response:
    """Begin to publish what was tried."""
    return await _begun(request, served, people, person, audit, "publish-worse" if even_if_worse else "publish")


@router.get(f"{PATH}/trial.json")
async def progress(request: Request, people: PeopleDep, person: EditorDep) -> JSONResponse:
    """Send how far it is, for the page that waits for it."""
    return JSONResponse(asdict(await in_thread(request, lambda: people.runner.progress)))


@router.get(f"{PATH}.csv")
def decisions_csv(people: PeopleDep, person: EditorDep) -> Response:
    """Send the decisions that stand, in the form that the command line imports."""
    return csv_response(table(people.decisions.all()), "entscheidungen")


@router.get(f"{PATH}/cases.jsonl")
def cases(people: PeopleDep, person: EditorDep) -> Response:
    """Send what was decided on questions, and open ones that were no help, as cases."""
    return _lines(case_lines(people.decisions.all(), people.kept.open()), "faelle.jsonl")


@router.get(f"{PATH}/questions.jsonl")
def questions(people: PeopleDep, person: EditorDep, audit: AuditDep) -> Response:
    """Send every kept question."""
    rows = people.kept.all()
    _who(person, audit).note("questions exported", str(len(rows)))
    return _lines(kept_lines(rows), "fragen.jsonl")


_MOVED = {
    "/curated.csv": ".csv",
    "/corrections.csv": ".csv",
    "/curated/new": "/new",
    "/learning/cases.jsonl": "/cases.jsonl",
    "/learning/questions.jsonl": "/questions.jsonl",
}


@router.get(f"{STAFF}/learning")
@router.get(f"{STAFF}/learning/{{rest:path}}")
@router.get(f"{STAFF}/curated")
@router.get(f"{STAFF}/curated.csv")
@router.get(f"{STAFF}/curated/{{rest:path}}")
@router.get(f"{STAFF}/corrections")
@router.get(f"{STAFF}/corrections.csv")
def moved(request: Request, person: ReaderDep) -> RedirectResponse:
    """Lead from where earlier versions had pages of their own."""
    place = PATH + _MOVED.get(request.url.path.removeprefix(STAFF), "")
    return RedirectResponse(f"{place}?{request.url.query}" if request.url.query else place, 308)


async def _begun(
    request: Request, served: Served, people: People, person: StaffPerson, audit: AuditDep, action: str
) -> Response:
    who, runner = _who(person, audit), people.runner
    done = partial(who.note, f"decisions {action}")
    begin = partial(runner.publish, done, even_if_worse=action == "publish-worse")
    try:
        began = await in_thread(request, runner.try_out if action == "try" else begin)
    except StoreError as error:
        return await _listed(request, served, people, person, problem=str(error))
    if began and action == "try":
        await in_thread(request, partial(who.note, "decisions try", ""))
    return _to("veroeffentlichen")


async def _listed(
    request: Request, served: Served, people: People, person: StaffPerson, page: int = 1, problem: str = ""
) -> HTMLResponse:
    try:
        values = await in_thread(request, partial(_values, served, people, person, page))
    except SQLAlchemyError as error:
        raise ProblemError("decisions-unavailable") from error
    return staff_page(
        "staff_decisions.html", served, "decisions", 409 if problem else 200, problem=problem, page=page,
        may_edit=person.role >= Role.EDITOR, may_publish=person.role >= Role.PUBLISHER, **values,
    )  # fmt: skip


def _values(served: Served, people: People, person: StaffPerson, page: int) -> dict[str, Any]:
    all_, catalogue = people.decisions.all(), served.edition.catalogue
    editor = person.role >= Role.EDITOR
    open_ = people.open_questions() if editor else []
    changes = changes_of(all_, served.edition)
    last = read_trial(people.texts) if editor else None
    standings, _ = served.answers.decided.known()
    today = people.decisions.today()
    return {
        "on": people.settings.keep_questions, "days": people.settings.keep_questions_days,
        "total": len(open_), "pages": max(1, -(-len(open_) // PAGE_SIZE)), "reasons": REASONS,
        "open": [_seen(one, served) for one in open_[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]],
        "marks": people.marks.all(SHOWN) if editor else [], "marks_waiting": people.marks.count() if editor else 0,
        "mark_parts": PARTS, "decisions": all_ if editor else [one for one in all_ if not one.of_question or one.value],
        "outcomes": OUTCOMES, "at_once": [one for one in Outcome if one not in PUBLISHED], "parts": PART_WORDS,
        "fates": fates_of(catalogue, people.fields()), "states": STATE_WORDS,
        "silent": {one.decision.id: one for one in standings if not one.holds(today)},
        "changes": changes, "progress": people.runner.progress, "able": people.attempt is not None,
        "last": last, "current": last is not None and last.digest == changes.digest,
        "catalogue": catalogue,
    }  # fmt: skip


def _seen(one: OpenQuestion, served: Served) -> Seen:
    """An open question as it is answered now: what is cited and near first."""
    answer = served.answers.tried(one.question)
    keys = [(said.document_id, said.key) for said in answer.citations]
    keys += [(said.document_id, said.key) for said in answer.nearest]
    items = (served.edition.catalogue.item(*key) for key in dict.fromkeys(keys))
    found = tuple(item for item in items if item is not None)[:MOST_FOUND]
    return Seen(one, answer, found, tuple(served.answers.decided.alike(one.question)))


def _open(people: People, kept: str) -> OpenQuestion:
    found = next((one for one in people.open_questions() if any(row.id == kept for row in one.rows)), None)
    if found is None:
        raise ProblemError("not-found")
    return found


def _form(served: Served, typed: Typed, instead_of: int, wrong: str = "", check: object = None) -> HTMLResponse:
    most = {"most_text": MOST_TEXT, "most_owner": MOST_OWNER}
    values = {"typed": typed, "instead_of": instead_of, "wrong": wrong, "check": check, "outcomes": OUTCOMES, **most}
    return staff_page("staff_decision_form.html", served, "decisions", 422 if wrong else 200, **values)


def _who(person: StaffPerson, audit: AuditDep) -> Who:
    return Who(person.name, person.role.word, audit)


def _to(place: str = "entschieden") -> RedirectResponse:
    return RedirectResponse(f"{PATH}#{place}", 303)


def _lines(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="application/x-ndjson", headers=headers)
