"""The staff page of decisions: open questions, hints, decisions with person and day, the form of a
decision; and the form that corrects a record.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from prompts import say
from service import Role, TypedText, is_too_long, wording
from service.office.staff.paths import STAFF, redirect_target
from service.office.staff.rendering import staff_page
from service.office.staff.roles import FOR_EDITORS, EditorDep, ReaderDep
from service.office.uploads import split_lines
from service.people import (
    DECISION_KIND_WORDS,
    HINT_PARTS,
    HINTS_SHOWN,
    KINDS_FOR_QUESTIONS,
    LONGEST_FIELDS,
    OPEN_REASON_WORDS,
    Author,
    DecidedMeanwhile,
    DecidedQuestions,
    Decision,
    DecisionKind,
    InvalidDecision,
    OpenReason,
    PeopleStore,
    cases_jsonl,
    decision_row,
    decisions_csv,
    parse_decision,
)
from service.records import Answer, AnswerMode, ProblemError, slice_page
from service.web import AuditDep, OpenEdition, RowNumber, ServedDep, state_dependency
from service.web.http import csv_response
from vectorstore.language import collapse_spaces
from vectorstore.records import (
    Catalogue,
    CorrectableField,
    CorrectionState,
    Document,
    Item,
    current_value,
)

PATH = f"{STAFF}/decisions"
PAGE_SIZE = 50  # open questions of a page
MOST_FOUND = 5  # items beside the form of a decision
READER_KINDS = (DecisionKind.VALUE, DecisionKind.TEXT)  # decisions that readers see too
router = APIRouter(include_in_schema=False)


def who_of(person: EditorDep, audit: AuditDep) -> Author:
    """Return the person who makes a change, with the audit log; needs the role of an editor."""
    return Author(person.name, person.role, audit)


def decisions_over(served: OpenEdition) -> DecidedQuestions:
    """Return the decisions on questions over the served edition."""
    decided = served.answers.decided
    assert isinstance(decided, DecidedQuestions)
    return decided


async def typed_fields(request: Request) -> dict[str, str]:
    """Return the text fields of a form, including empty ones, which FastAPI would leave out.

    An empty field has a meaning: it removes a value.
    """
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


PeopleDep = Annotated[PeopleStore, state_dependency("people")]
WhoDep = Annotated[Author, Depends(who_of)]
TypedDep = Annotated[dict[str, str], Depends(typed_fields)]


@router.get(PATH)
def show_decisions(
    served: ServedDep,
    people: PeopleDep,
    person: ReaderDep,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    decided: RowNumber | None = None,
) -> HTMLResponse:
    """Show open questions, hints and all decisions; for the one with the id `decided` also what
    citizens now get for its wordings.

    Readers see only the decisions of READER_KINDS, no open questions and no hints.
    """
    may_edit = person.role >= Role.EDITOR
    decisions = shown = people.decisions.all()
    questions, hints, hints_waiting = [], [], 0
    if may_edit:
        questions, hints = people.open_questions(), people.hints.all(HINTS_SHOWN)
        hints_waiting = people.hints.count()
    else:
        shown = [decision for decision in decisions if decision.kind in READER_KINDS]
    return staff_page(
        "staff_decisions.html",
        served,
        "decisions",
        may_edit=may_edit,
        page=page,
        on=people.settings.keep_questions,
        days=people.settings.keep_questions_days,
        reasons=OPEN_REASON_WORDS,
        counts=Counter(rows[0].reason for rows in questions),
        total=len(questions),
        pages=max(1, ceil(len(questions) / PAGE_SIZE)),
        questions=slice_page(questions, page, PAGE_SIZE),
        hints=hints,
        hints_waiting=hints_waiting,
        hint_parts=HINT_PARTS,
        kinds=DECISION_KIND_WORDS,
        catalogue=served.edition.catalogue,
        decisions=shown,
        decided=decided,
        answers=[
            (wording, answer, _is_applied(decision, answer))
            for decision in shown
            if decision.id == decided
            for wording, answer in _answer_wordings(served, decision)
        ],
        problems=_problems(served, decisions, people.decisions.today()),
    )


@router.get(f"{PATH}/new", dependencies=[FOR_EDITORS])
def show_form(
    served: ServedDep,
    people: PeopleDep,
    question: TypedText = "",
    replaced: RowNumber | None = None,
) -> HTMLResponse:
    """Show the form of a decision.

    The form is filled from the decision with the id `replaced`. If there is none, it has `question`
    as wording.
    """
    typed = {"wordings": collapse_spaces(question)}
    for decision in people.decisions.all():
        if decision.id == replaced:
            typed = {**decision_row(decision, "\n"), "replaced": str(replaced)}
    return _decision_form(served, typed)


@router.post(f"{PATH}/new")
def decide(
    served: ServedDep,
    people: PeopleDep,
    who: WhoDep,
    typed: TypedDep,
    replaced: Annotated[RowNumber | None, Form()] = None,
) -> Response:
    """Store the decision that was typed, and redirect to it; if it is invalid, show the form with
    its problems.

    The form may also name an item that was chosen among those beside it: it becomes the first item.
    `replaced` is the id of the decision that the new one replaces, if there is one. If it was
    replaced meanwhile, the form says so and replaces nothing any more.
    """
    items = f"{typed.get('item', '')}\n{typed.get('items', '')}"
    try:
        decision = parse_decision({**typed, "items": items, "person": "", "date": ""}, "\n")
        stored = people.decide(decision, decisions_over(served), who, replaced or 0)
    except DecidedMeanwhile as error:
        return _decision_form(served, {**typed, "replaced": ""}, str(error))
    except InvalidDecision as error:
        return _decision_form(served, typed, str(error))
    return _redirect_to(f"entscheidung-{stored.id}", stored.id)


@router.post(f"{PATH}/{{number}}/undo")
def undo(
    number: RowNumber,
    people: PeopleDep,
    who: WhoDep,
    back: Annotated[str, Form(max_length=2000)] = "",
) -> RedirectResponse:
    """Undo a decision, and redirect to the staff page `back`.

    Without `back`, it leads to the decision in the list. Raises the problem not-found if there
    is no standing decision with this number.
    """
    if not people.undo(number, who):
        raise ProblemError("not-found")
    if back:
        return RedirectResponse(redirect_target(back), 303)
    return _redirect_to(f"entscheidung-{number}", number)


@router.post(f"{PATH}/questions/delete")
def delete_questions(
    people: PeopleDep,
    who: WhoDep,
    rows: Annotated[tuple[str, ...], Form(max_length=PAGE_SIZE)] = (),
    reason: Annotated[OpenReason | None, Form()] = None,
) -> RedirectResponse:
    """Delete all rows of the chosen open questions, each named by the id of its first row, or of
    all that are open for a reason.
    """
    chosen = [
        wording
        for wording in people.open_questions()
        if wording[0].id in rows or wording[0].reason is reason
    ]
    if not chosen:
        raise ProblemError("not-found")
    people.questions.delete([row.id for row in chain.from_iterable(chosen)])
    who.note("question deleted", str(len(chosen)))
    return _redirect_to("offen")


@router.post(f"{STAFF}/hints/done")
def settle_hints(
    people: PeopleDep,
    who: WhoDep,
    numbers: Annotated[tuple[RowNumber, ...], Form(max_length=HINTS_SHOWN)] = (),
) -> RedirectResponse:
    """Delete the chosen hints, which were dealt with."""
    for hint in people.hints.settle(numbers):
        who.note("hint done", f"{hint.document_id} {hint.key}")
    return _redirect_to("hinweise")


@router.get(f"{PATH}.csv", dependencies=[FOR_EDITORS])
def send_decisions(people: PeopleDep) -> Response:
    """Send the standing decisions as CSV, as the command line imports it."""
    return csv_response(decisions_csv(people.decisions.published()), "entscheidungen")


@router.get(f"{PATH}/cases.jsonl", dependencies=[FOR_EDITORS])
def send_cases(people: PeopleDep) -> Response:
    """Send decisions on questions, and open questions that were rated down, as evaluation cases."""
    headers = {"Content-Disposition": 'attachment; filename="faelle.jsonl"'}
    questions = chain.from_iterable(people.open_questions())
    text = cases_jsonl(people.decisions.standing(), questions)
    return Response(text, media_type="application/x-ndjson", headers=headers)


def unfit_states(decisions: Iterable[Decision], catalogue: Catalogue) -> dict[int, CorrectionState]:
    """Return why corrections do not apply to a catalogue: their states by the ids of their
    decisions.

    Corrections whose value the catalogue has are left out. So are those that were not to be applied
    to this catalogue, such as one whose last day is over.
    """
    states = (
        (decision.id, catalogue.corrections.get(decision.correction)) for decision in decisions
    )
    return {
        number: state for number, state in states if state is not None and not state.is_in_effect
    }


def record_form(
    document: Document, item: Item, typed: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the values of the form that corrects a record: the typed ones, else the current ones,
    by field.

    Beside them are the lines at which the record can be split.
    """
    values: dict[str, str] = {field.value: current_value(item, field) for field in CorrectableField}
    values |= {
        "date": "\n".join(map(wording.format_moment, item.dates)),
        "reason": "",
        "until": "",
        **(typed or {}),
    }
    return {"values": values, "lines": split_lines(document, item)}


def _problems(served: OpenEdition, decisions: Sequence[Decision], today: date) -> dict[int, str]:
    """Return why standing decisions do not apply: a sentence by the id of the decision.

    If a decision is over and has another problem too, the sentence says only that it is over.
    """
    standing = [decision for decision in decisions if decision.is_standing]
    on_fields = (decision for decision in standing if decision.kind is DecisionKind.VALUE)
    unfit = unfit_states(on_fields, served.edition.catalogue)
    on_questions = decisions_over(served).checked
    problems = {
        checked.decision.id: " ".join(checked.problems)
        for checked in on_questions
        if checked.problems
    }
    problems |= {number: say(f"corrections.{state}") for number, state in unfit.items()}
    return problems | {
        decision.id: say("people.is_over") for decision in standing if not decision.is_valid(today)
    }


def _decision_form(served: OpenEdition, typed: Mapping[str, str], wrong: str = "") -> HTMLResponse:
    """Render the form of a decision with the values `typed`; `wrong` says what is wrong with them
    (422).

    Beside the form are the current answer to the first wording, and items that may fit it: first
    those that this answer cites, then those that search finds. A wording that is too long is not
    answered.
    """
    answer, fitting = None, []
    first_wording = typed.get("wordings", "").strip().partition("\n")[0].strip()
    if first_wording and not is_too_long(first_wording):
        answer = served.answers.answer_without_model(first_wording)
        keys = [(citation.document_id, citation.key) for citation in answer.citations]
        hits = served.answers.tools().retriever.search(first_wording, limit=MOST_FOUND)
        keys += [(hit.item.document_id, hit.item.key) for hit in hits]
        items = (served.edition.catalogue.item(*key) for key in dict.fromkeys(keys))
        fitting = [item for item in items if item is not None][:MOST_FOUND]
    return staff_page(
        "staff_decision_form.html",
        served,
        "decisions",
        422 if wrong else 200,
        wrong=wrong,
        answer=answer,
        found=fitting,
        typed=defaultdict(str, typed),
        kinds={kind: DECISION_KIND_WORDS[kind] for kind in KINDS_FOR_QUESTIONS},
        catalogue=served.edition.catalogue,
        longest=LONGEST_FIELDS,
    )


def _answer_wordings(served: OpenEdition, decision: Decision) -> Iterator[tuple[str, Answer]]:
    """Yield each wording of a decision with its current answer."""
    for question in decision.wordings:
        if not is_too_long(question):
            yield question, served.answers.answer_without_model(question)


def _is_applied(decision: Decision, answer: Answer) -> bool:
    """True if an answer is the decided text, or cites the decided item."""
    if decision.kind is DecisionKind.TEXT:
        return answer.mode is AnswerMode.CURATED
    cited = {(citation.document_id, citation.key) for citation in answer.citations}
    return cited.issuperset(decision.items)


def _redirect_to(anchor: str, decided: int = 0) -> RedirectResponse:
    query = f"?decided={decided}" if decided else ""
    return RedirectResponse(f"{PATH}{query}#{anchor}", 303)
