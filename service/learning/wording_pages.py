"""What staff does with further wordings on pages: sees what leads to an entry, puts more to a decision, removes one."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from service.deps import AuditDep, RowNumber, ServedDep, in_thread
from service.http.problems import ProblemError
from service.learning import words
from service.learning.choosing import ChoiceError, missing
from service.learning.deciding import extend, join, remove_wording
from service.learning.forms import MOST_ALSO_LENGTH, entry_of
from service.learning.further import lines_of
from service.learning.page_parts import PATH, LearningDep, deciding, decisions_page, group_of, group_page, to
from service.staff.rendering import fragment
from service.staff.roles import EditorDep

router = APIRouter(prefix=PATH, include_in_schema=False)


@router.get("/entry")
async def entry(
    request: Request,
    served: ServedDep,
    learning: LearningDep,
    person: EditorDep,
    document: Annotated[str, Query(max_length=200)] = "",
    number: Annotated[str, Query(max_length=200)] = "",
) -> HTMLResponse:
    """Show which questions lead to an entry already: a part of the form, for its script."""
    made = await in_thread(request, learning.decisions.all)
    found = await in_thread(request, partial(entry_of, document, number, served, made))
    catalogue = served.edition.catalogue
    absent = missing(document, number, catalogue) if found is None and document and number.strip() else ""
    values = {"entry": found, "absent": absent, "documents": catalogue.documents, "learning": words}
    return fragment("staff_learning_entry.html", **values)


@router.post("/questions/{kept}/join")
async def joined(
    kept: str,
    request: Request,
    served: ServedDep,
    learning: LearningDep,
    person: EditorDep,
    audit: AuditDep,
    decision: Annotated[int, Form()],
    member: Annotated[list[str], Form(max_length=2000)],
) -> Response:
    """Have a decision hold for the questions of a group too."""
    one = await group_of(kept, request, served, learning)
    members = [row for row in one.members if row.id in member]
    work = partial(join, learning, served.edition, decision, members, deciding(person, audit))
    try:
        await in_thread(request, work)
    except ChoiceError as error:
        return await group_page(request, served, learning, one, wrong=error.wrong)
    return to(f"{PATH}/decisions#entscheidung-{decision}")


@router.post("/decisions/{number}/wordings")
async def extended(
    number: RowNumber,
    request: Request,
    served: ServedDep,
    learning: LearningDep,
    person: EditorDep,
    audit: AuditDep,
    also: Annotated[str, Form(max_length=MOST_ALSO_LENGTH)] = "",
) -> Response:
    """Put further wordings to a decision, or show what is wrong with them."""
    work = partial(extend, learning, served.edition, number, lines_of(also), deciding(person, audit))
    try:
        await in_thread(request, work)
    except ChoiceError as error:
        return await decisions_page(request, served, learning, {number: str(error)}, also)
    return to(f"{PATH}/decisions#entscheidung-{number}")


@router.post("/decisions/{number}/wordings/{wording}/remove")
async def removed(
    number: RowNumber,
    wording: RowNumber,
    request: Request,
    learning: LearningDep,
    person: EditorDep,
    audit: AuditDep,
) -> Response:
    """Remove one further wording."""
    if not await in_thread(request, partial(remove_wording, learning, number, wording, deciding(person, audit))):
        raise ProblemError("not-found")
    return to(f"{PATH}/decisions#entscheidung-{number}")
