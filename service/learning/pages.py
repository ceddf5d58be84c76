"""The pages of learning: groups of kept questions, one group with its decision, decisions, trial and publication.

Only editors see them: what people asked is not for everybody, even where the rest of the staff page is.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from service.deps import AuditDep, RowNumber, ServedDep, SettingsDep, in_thread
from service.edition_holder import Served
from service.http.problems import ProblemError
from service.learning import words
from service.learning.cases import case_lines, open_cases, set_open_case
from service.learning.choosing import ChoiceError
from service.learning.deciding import decide, remove_wording, set_case, undo
from service.learning.decisions import Decision
from service.learning.forms import DecisionForm, overview_of, unticked
from service.learning.kinds import Kind
from service.learning.learning import Learning
from service.learning.page_parts import (
    PATH,
    LearningDep,
    deciding,
    decisions_page,
    group_of,
    group_page,
    shown,
    to,
)
from service.learning.publishing import NotPublished, digest_of, pending, publish
from service.learning.trial import Trial, read_trial
from service.learning.turns import Progress
from service.learning.wordings import Wording
from service.staff.addresses import STAFF
from service.staff.roles import EditorDep, PublisherDep
from vectorstore.errors import StoreError

PAGE_SIZE = 15
router = APIRouter(prefix=PATH, include_in_schema=False)


FormDep = Annotated[DecisionForm, Form()]


@router.get("")
async def groups(
    request: Request,
    served: ServedDep,
    settings: SettingsDep,
    learning: LearningDep,
    person: EditorDep,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Show the open questions by meaning, the most often asked first."""
    found, left = await in_thread(request, partial(learning.groups, served))
    listed = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    made = await in_thread(request, learning.decisions.all)
    views = await in_thread(request, partial(overview_of, listed, served, made))
    cases = await in_thread(request, partial(open_cases, learning.texts))
    return shown(
        "groups",
        served,
        on=settings.keep_questions,
        days=settings.keep_questions_days,
        below=settings.keep_questions_below,
        views=views,
        cases=cases,
        total=len(found),
        times=sum(one.times for one in found),
        left=left,
        page=page,
        pages=max(1, -(-len(found) // PAGE_SIZE)),
    )


@router.get("/questions/{kept}")
async def group(
    kept: str, request: Request, served: ServedDep, learning: LearningDep, person: EditorDep
) -> HTMLResponse:
    """Show one group with what was found, and the form of its decision."""
    return await group_page(request, served, learning, await group_of(kept, request, served, learning))


@router.post("/questions/{kept}/decide")
async def decided(
    kept: str,
    request: Request,
    served: ServedDep,
    learning: LearningDep,
    person: EditorDep,
    audit: AuditDep,
    form: FormDep,
) -> Response:
    """Keep a decision on a group, or show what is wrong with it."""
    one = await group_of(kept, request, served, learning)
    members = [row for row in one.members if row.id in form.member]
    if not members:
        wrong = {"member": "Bitte wählen Sie mindestens eine Frage, für die das gilt."}
        return await group_page(request, served, learning, one, form, wrong)
    choice = form.choice(sum(row.times for row in members))
    if form.kind is Kind.ITEM_QUESTION and (other := unticked(form, one)):
        wrong = {"also": f"„{other}“ gehört nicht dazu, wie Sie oben sagen; bitte streichen Sie es auch hier."}
        return await group_page(request, served, learning, one, form, wrong)
    ids = [row.id for row in members]
    work = partial(decide, learning, served.edition, choice, ids, deciding(person, audit))
    try:
        made = await in_thread(request, work)
    except ChoiceError as error:
        return await group_page(request, served, learning, one, form, error.wrong)
    if words.is_curated(made):
        return to(f"{STAFF}/curated/new?{urlencode({'question': made.wording})}")
    return to(f"{PATH}/decisions#entscheidung-{made.id}")


@router.post("/questions/{kept}/case")
async def made_open_case(
    kept: str,
    request: Request,
    learning: LearningDep,
    person: EditorDep,
    audit: AuditDep,
    wanted: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """Make a case of a kept question before anybody says what is right, or no more."""
    one = next((row for row in await in_thread(request, learning.kept.open) if row.id == kept), None)
    if one is None:
        raise ProblemError("not-found")
    await in_thread(request, partial(set_open_case, learning.texts, one, wanted=wanted))
    told = f"{kept} {'yes' if wanted else 'no'}"
    await in_thread(request, partial(audit.note, person.name, person.role.word, "learning.case", told))
    return to(PATH)


@router.post("/questions/{kept}/delete")
async def deleted(
    kept: str, request: Request, learning: LearningDep, person: EditorDep, audit: AuditDep
) -> RedirectResponse:
    """Delete one kept question for good."""
    gone = await in_thread(request, partial(learning.kept.delete, [kept]))
    if not gone:
        raise ProblemError("not-found")
    await in_thread(request, partial(audit.note, person.name, person.role.word, "learning.delete", kept))
    return to(PATH)


@router.get("/questions.jsonl")
async def exported(request: Request, learning: LearningDep, person: EditorDep, audit: AuditDep) -> Response:
    """Send every kept question."""
    rows = await in_thread(request, learning.kept.all)
    await in_thread(request, partial(audit.note, person.name, person.role.word, "learning.export", str(len(rows))))
    return _file(words.kept_lines(rows), "fragen.jsonl")


@router.get("/decisions")
async def decisions(request: Request, served: ServedDep, learning: LearningDep, person: EditorDep) -> HTMLResponse:
    """Show what was decided, newest first."""
    return await decisions_page(request, served, learning)


@router.post("/decisions/{number}/undo")
async def undone(
    number: RowNumber, request: Request, learning: LearningDep, person: EditorDep, audit: AuditDep
) -> RedirectResponse:
    """Take a decision back."""
    if not await in_thread(request, partial(undo, learning, number, deciding(person, audit))):
        raise ProblemError("not-found")
    return to(f"{PATH}/decisions#entscheidung-{number}")


@router.post("/decisions/{number}/case")
async def made_case(
    number: RowNumber,
    request: Request,
    learning: LearningDep,
    person: EditorDep,
    audit: AuditDep,
    as_case: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """Make a case of a decision, or no more."""
    work = partial(set_case, learning, number, deciding(person, audit), as_case=as_case)
    if not await in_thread(request, work):
        raise ProblemError("not-found")
    return to(f"{PATH}/decisions#entscheidung-{number}")


@router.get("/cases.jsonl")
async def cases(request: Request, learning: LearningDep, person: EditorDep) -> Response:
    """Send the cases of decisions, in the form of docs/cases.md."""
    return _file(case_lines(await in_thread(request, learning.decisions.all)), "faelle.jsonl")


@router.get("/trial")
async def trial(request: Request, served: ServedDep, learning: LearningDep, person: EditorDep) -> HTMLResponse:
    """Show what would change, how far a trial is, and what the last one found."""
    return await _trial_page(request, served, learning)


@router.get("/trial.json")
async def trial_progress(request: Request, learning: LearningDep, person: EditorDep) -> JSONResponse:
    """Send how far the trial is, for the page that waits for it."""
    return JSONResponse(asdict(await _progress(request, learning)))


@router.post("/trial")
async def started(
    request: Request, served: ServedDep, learning: LearningDep, person: EditorDep, audit: AuditDep
) -> Response:
    """Begin a trial; one that runs goes on, wherever it does."""
    try:
        began = await in_thread(request, learning.runner.start)
    except StoreError as error:
        return await _trial_page(request, served, learning, str(error))
    if began:
        await in_thread(request, partial(audit.note, person.name, person.role.word, "learning.try", ""))
    return to(f"{PATH}/trial")


@router.post("/trial/without")
async def started_without(
    request: Request, served: ServedDep, learning: LearningDep, person: EditorDep, audit: AuditDep
) -> Response:
    """Take back the decisions or wordings by which cases got worse, and try the others."""
    values = await in_thread(request, partial(_trial_values, served, learning))
    if not values["to_blame"] or (await _progress(request, learning)).running:
        return await _trial_page(request, served, learning, "Dazu gibt es keinen Versuch, der noch gilt.")
    for made, wording in values["to_blame"]:
        who = deciding(person, audit)
        back = (
            partial(remove_wording, learning, made.id, wording.id, who)
            if wording
            else partial(undo, learning, made.id, who)
        )
        await in_thread(request, back)
    return await started(request, served, learning, person, audit)


@router.post("/publish")
async def published(
    request: Request,
    served: ServedDep,
    learning: LearningDep,
    person: PublisherDep,
    audit: AuditDep,
    even_if_worse: Annotated[bool, Form()] = False,
) -> Response:
    """Make live what was tried."""
    try:
        done = await in_thread(request, partial(publish, learning, even_if_worse=even_if_worse))
    except (NotPublished, StoreError) as error:
        return await _trial_page(request, served, learning, str(error))
    action = "learning.publish-worse" if even_if_worse else "learning.publish"
    await in_thread(request, partial(audit.note, person.name, person.role.word, action, done.name))
    return to(f"{PATH}/trial")


async def _trial_page(request: Request, served: Served, learning: Learning, failed: str = "") -> HTMLResponse:
    values = await in_thread(request, partial(_trial_values, served, learning))
    progress = await _progress(request, learning)
    return shown(
        "trial", served, 409 if failed else 200, progress=progress, able=learning.runner.able, failed=failed, **values
    )


async def _progress(request: Request, learning: Learning) -> Progress:
    return await in_thread(request, lambda: learning.runner.progress)


def _trial_values(served: Served, learning: Learning) -> dict[str, Any]:
    all_ = learning.decisions.all()
    changes = pending(all_, served.edition)
    last = read_trial(learning.texts)
    current = last is not None and last.digest == digest_of(changes, served.edition.name, all_)
    return {
        "changes": changes,
        "decisions": all_,
        "last": last,
        "current": current,
        "to_blame": _to_blame(last, all_) if last and current else [],
        "waiting": [one for one in learning.kept.open() if last and current and one.id in last.waiting],
        "live": [one for one in all_ if one.live],
    }


def _to_blame(last: Trial, decisions: list[Decision]) -> list[tuple[Decision, Wording | None]]:
    """The decisions that stand and by which cases got worse, each with the wording that does where it is one alone."""
    by_number = {one.id: one for one in decisions if one.stands}
    causes = [(by_number[one.decision], one.wording) for one in last.to_blame if one.decision in by_number]
    return [(made, next((one for one in made.further if one.id == number), None)) for made, number in causes]


def _file(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="application/x-ndjson", headers=headers)
