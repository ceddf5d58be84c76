"""The page on which people decide: open questions, marks of citizens, decisions by whom, trial, publishing; and the
decision on a field that is made at its record's page, with a preview first, in the words that people write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from prompts import reworded, say
from service.deps import AuditDep, RowNumber, ServedDep
from service.edition_holder import Served
from service.http.problems import ProblemError
from service.http.responses import csv_response
from service.pages.labels import STATUSES, status_names
from service.people.decisions import (
    LONGEST,
    MOST_OWNER,
    MOST_TEXT,
    OUTCOMES,
    PUBLISHED,
    Decision,
    Outcome,
    Wrong,
    of_correction,
    wrong_in,
)
from service.people.decisions_csv import COLUMNS, decision_of, table, written
from service.people.marks import PARTS, SHOWN
from service.people.open_questions import REASONS, Kept, kept_lines
from service.people.people import People, Preview, Who, previewed
from service.people.trial import case_lines, changes_of, read_trial
from service.record_filters import fold
from service.staff.addresses import STAFF
from service.staff.rendering import staff_page
from service.staff.roles import EditorDep, PublisherDep, ReaderDep, Role, StaffPerson
from vectorstore.amending.applying import corrected
from vectorstore.amending.form import SINGLE, Correction, Part
from vectorstore.errors import StoreError
from vectorstore.records import Item, ItemStatus

PATH = f"{STAFF}/decisions"
PAGE_SIZE, MOST_FOUND = 10, 3
router = APIRouter(include_in_schema=False)


def people_of(request: Request) -> People:
    """Return what people say, of this application."""
    people: People = request.app.state.people
    return people


def editing(person: EditorDep, audit: AuditDep) -> Who:
    """Return who decides."""
    return Who(person.name, person.role.word, audit)


PeopleDep = Annotated[People, Depends(people_of)]
WhoDep = Annotated[Who, Depends(editing)]


class Typed(BaseModel):
    """A decision on a question as it is typed, `instead_of` another one; wordings and items stand on a line each."""

    outcome: str = Outcome.TEXT.value
    wordings: str = ""
    items: str = ""
    value: str = ""
    owner: str = ""
    valid_until: str = ""
    reason: str = ""
    instead_of: Annotated[int, Field(ge=0, lt=2**31)] = 0

    @property
    def decision(self) -> Decision:
        """What was typed; raises Wrong where it cannot be read."""
        return decision_of(self.model_dump(include=set(COLUMNS) - {"instead_of"}), "\n")


@router.get(PATH)
def listed(
    served: ServedDep, people: PeopleDep, person: ReaderDep, page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> HTMLResponse:
    """Show everything that is open and that was decided."""
    return _listed(served, people, person, page)


@router.post(f"{PATH}/questions/{{kept}}")
def decided(
    kept: str, served: ServedDep, people: PeopleDep, person: EditorDep, who: WhoDep,
    outcome: Annotated[Outcome, Form()] = Outcome.GAP,
    item: Annotated[str, Form(max_length=500)] = "",
) -> Response:  # fmt: skip
    """Decide on an open question by one click."""
    rows = _open(people, kept)
    question, members = rows[0].question, [row.id for row in rows]
    try:
        people.decide(Typed(outcome=outcome.value, wordings=question, items=item).decision, served, who, members)
    except Wrong as error:
        return _listed(served, people, person, problem=str(error))
    return _to()


@router.post(f"{PATH}/questions/{{kept}}/delete")
def deleted(kept: str, people: PeopleDep, who: WhoDep) -> RedirectResponse:
    """Delete an open question for good."""
    people.kept.delete([row.id for row in _open(people, kept)])
    who.note("question deleted", kept)
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
    if other is not None:
        return _form(served, Typed.model_validate(written(other, "\n") | {"instead_of": other.id}))
    return _form(served, Typed(wordings=" ".join(question.split())[:500], items="\n".join(cite or ())))


@router.post(f"{PATH}/new")
def add(served: ServedDep, people: PeopleDep, who: WhoDep, typed: Annotated[Typed, Form()]) -> Response:
    """Keep what was typed; the list says what the edition bears out of it."""
    try:
        one = typed.decision
        same = {said.casefold() for said in one.wordings}
        members = [row.id for row in people.kept.open() if row.question.casefold() in same]
        made = people.decide(one, served, who, members, typed.instead_of)
    except Wrong as error:
        return _form(served, typed, str(error))
    return _to(f"entscheidung-{made.id}")


@router.post(f"{PATH}/{{number}}/undo")
def undone(number: RowNumber, people: PeopleDep, who: WhoDep) -> RedirectResponse:
    """Take a decision back."""
    if not people.undo(number, who):
        raise ProblemError("not-found")
    return _to()


@router.post(f"{STAFF}/hints/done")
def marks_done(
    people: PeopleDep, who: WhoDep, numbers: Annotated[tuple[RowNumber, ...], Form(max_length=SHOWN)] = ()
) -> RedirectResponse:
    """Delete marks that were dealt with, all that were chosen at once."""
    for gone in people.marks.done(numbers):
        who.note("hint done", f"{gone.document_id} {gone.key}")
    return _to("hinweise")


@router.post(f"{PATH}/trial")
def tried(served: ServedDep, people: PeopleDep, person: EditorDep, who: WhoDep) -> Response:
    """Begin a trial; what runs goes on, wherever it does."""
    try:
        if people.runner.try_out():
            who.note("decisions try", "")
    except StoreError as error:
        return _listed(served, people, person, problem=str(error))
    return _to("veroeffentlichen")


@router.post(f"{PATH}/publish")
def published(
    served: ServedDep, people: PeopleDep, person: PublisherDep, who: WhoDep,
    even_if_worse: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """Begin to publish what was tried."""
    done = partial(who.note, "decisions publish-worse" if even_if_worse else "decisions publish")
    try:
        people.runner.publish(done, even_if_worse=even_if_worse)
    except StoreError as error:
        return _listed(served, people, person, problem=str(error))
    return _to("veroeffentlichen")


@router.get(f"{PATH}/trial.json")
def progress(people: PeopleDep, person: EditorDep) -> JSONResponse:
    """Send how far it is, for the page that waits for it."""
    return JSONResponse(asdict(people.runner.progress))


@router.get(f"{PATH}.csv")
def decisions_csv(people: PeopleDep, person: EditorDep) -> Response:
    """Send the decisions that stand, in the form that the command line imports."""
    return csv_response(table(people.decisions.all()), "entscheidungen")


@router.get(f"{PATH}/cases.jsonl")
def cases(people: PeopleDep, person: EditorDep) -> Response:
    """Send what was decided on questions, and open ones that were no help, as cases."""
    return _lines(case_lines(people.decisions.all(), people.kept.open()), "faelle.jsonl")


@router.get(f"{PATH}/questions.jsonl")
def questions(people: PeopleDep, who: WhoDep) -> Response:
    """Send every kept question."""
    rows = people.kept.all()
    who.note("questions exported", str(len(rows)))
    return _lines(kept_lines(rows), "fragen.jsonl")


def _listed(served: Served, people: People, person: StaffPerson, page: int = 1, problem: str = "") -> HTMLResponse:
    values = _values(served, people, page, editor=person.role >= Role.EDITOR)
    values |= {"problem": problem, "page": page, "may_publish": person.role >= Role.PUBLISHER}
    return staff_page("staff_decisions.html", served, "decisions", 409 if problem else 200, **values)


def _values(served: Served, people: People, page: int, *, editor: bool) -> dict[str, Any]:
    all_, catalogue = people.decisions.all(), served.edition.catalogue
    open_ = people.open_questions() if editor else []
    changes = changes_of(all_, served.edition)
    last = read_trial(people.texts) if editor else None
    standings, _ = served.answers.decided.known()
    today = people.decisions.today()
    _, fates = corrected(catalogue.parsed(), [one.correction for one in all_ if one.stands and not one.of_question])
    by_correction = {one.correction: one for one in fates}
    return {
        "on": people.settings.keep_questions, "days": people.settings.keep_questions_days, "reasons": REASONS,
        "total": len(open_), "pages": max(1, -(-len(open_) // PAGE_SIZE)), "may_edit": editor,
        "open": [_seen(rows, served) for rows in open_[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]],
        "marks": people.marks.all(SHOWN) if editor else [], "marks_waiting": people.marks.count() if editor else 0,
        "mark_parts": PARTS, "decisions": all_ if editor else [one for one in all_ if not one.of_question or one.value],
        "outcomes": OUTCOMES, "at_once": [one for one in Outcome if one not in PUBLISHED],
        "correction_words": reworded("de/corrections"),
        "fates": {one.id: by_correction[one.correction] for one in all_ if one.stands and not one.of_question},
        "silent": {one.decision.id: one for one in standings if not one.holds(today)},
        "changes": changes, "progress": people.runner.progress, "able": people.attempt is not None,
        "last": last, "current": last is not None and last.digest == changes.digest, "catalogue": catalogue,
    }  # fmt: skip


def _seen(rows: Sequence[Kept], served: Served) -> dict[str, Any]:
    """An open question as it is answered now: what is cited and near first."""
    question = rows[0].question
    answer = served.answers.tried(question)
    keys = [(said.document_id, said.key) for said in answer.citations]
    keys += [(said.document_id, said.key) for said in answer.nearest]
    found = [item for key in dict.fromkeys(keys) if (item := served.edition.catalogue.item(*key)) is not None][
        :MOST_FOUND
    ]
    return {"rows": rows, "answer": answer, "found": found}


def _open(people: People, kept: str) -> list[Kept]:
    """The rows of an open question, by the id of any; raises the problem not-found."""
    found = next((rows for rows in people.open_questions() if any(row.id == kept for row in rows)), None)
    if found is None:
        raise ProblemError("not-found")
    return found


def _form(served: Served, typed: Typed, wrong: str = "") -> HTMLResponse:
    values = {"typed": typed, "wrong": wrong, "outcomes": OUTCOMES, "most_text": MOST_TEXT, "most_owner": MOST_OWNER}
    return staff_page("staff_decision_form.html", served, "decisions", 422 if wrong else 200, **values)


def _to(place: str = "entschieden") -> RedirectResponse:
    return RedirectResponse(f"{PATH}#{place}", 303)


def _lines(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="application/x-ndjson", headers=headers)


OFFERED = (
    Part.TITLE, Part.STATUS, Part.UNIT, Part.PARTNERS, Part.DATE, Part.PERIOD, Part.COST, Part.PRIORITY, Part.TEXT,
    Part.RECORD, Part.SPLIT,
)  # fmt: skip
Words = Annotated[str, Field(max_length=2 * LONGEST)]
_DAY = re.compile(r"(?:(?:(?P<day>\d{1,2})\.\s?)?(?P<month>\d{1,2})[./]\s?)(?P<year>\d{4})")
_STATUSES = {fold(name): one.value for one in ItemStatus for name in status_names(one)}


class TypedField(BaseModel):
    """A correction as it is typed; kept once it was looked at and `confirmed`."""

    part: Part
    value: Words = ""
    instead_of: Words = ""
    reason: Words = ""
    confirmed: bool = False


@router.post(f"{STAFF}/items/{{document_id}}/{{key}}/correction", response_model=None)
def correct(
    document_id: str, key: str, served: ServedDep, people: PeopleDep, who: WhoDep, typed: Annotated[TypedField, Form()]
) -> HTMLResponse | RedirectResponse:
    """Show what a correction would do; keep it once that was confirmed."""
    catalogue = served.edition.catalogue
    item = catalogue.item(document_id, key)
    if item is None:
        raise ProblemError("not-found")
    said, read, reason = (_unix(text) for text in (typed.value, typed.instead_of, typed.reason))
    new = Correction(document_id, key, typed.part, as_kept(typed.part, said), as_kept(typed.part, read), reason)
    if not read and (before := _value_of(item, typed.part)):
        new = replace(new, instead_of=before)
    preview = Preview(None, None, misread(new) or " ".join(wrong_in(of_correction(new))))
    if not preview.problem:
        preview = previewed(catalogue, people.decisions.fields(), new)
    if typed.confirmed and not preview.problem:
        people.correct(of_correction(new), who)
        return RedirectResponse(f"{PATH}#entschieden", 303)
    return staff_page(
        "staff_correction.html", served, "decisions", 422 if preview.problem else 200,
        new=new, item=item, preview=preview, problem=preview.problem, **form_values(),
    )  # fmt: skip


def _value_of(item: Item, part: Part) -> str:
    """The value that a correction replaces, "" where a record may have several: then one more is added."""
    name = SINGLE.get(Part.TITLE if part is Part.RECORD else part)
    return str(getattr(item, name) or "") if name else ""


def form_values() -> dict[str, Any]:
    """Return what the form of a correction offers."""
    return {"offered": {part: reworded("de/corrections")[part] for part in OFFERED}, "longest": LONGEST}


def as_kept(part: Part, text: str) -> str:
    """Return a value as it is kept: "in Bearbeitung" is "in_progress", "1.5.2026" "2026-05-01", others stay."""
    if part is Part.STATUS:
        return _STATUSES.get(fold(text), text)
    if part is Part.DATE and (found := _DAY.fullmatch(text)):
        return "-".join(filter(None, (found["year"], found["month"].zfill(2), found["day"] and found["day"].zfill(2))))
    return text


def misread(new: Correction) -> str:
    """Say in German what a status may be where the new one is none; "" elsewhere."""
    if new.part is Part.STATUS and new.value and new.value not in STATUSES:
        return say("people.no_status", value=new.value, values=", ".join(STATUSES.values()))
    return ""


def _unix(text: str) -> str:
    """A text of a form with the line ends of documents."""
    return text.replace("\r\n", "\n").strip()
