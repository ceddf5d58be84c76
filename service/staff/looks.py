"""What records of a document look like: answers to the questions on a draft's and a document's
page.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from prompts import say
from service.deps import ServedDep
from service.http.problems import ProblemError
from service.people.pages import WhoDep
from service.staff.documents import document_page
from service.staff.drafts import DRAFT, DraftDep, ReviewedDep, failure_page, start_reading
from service.staff.paths import STAFF, staff_document_path
from service.staff.record_questions import LookDep, decide_look
from service.staff.roles import EditorDep, require_staff
from service.staff.uploads import PATH, DraftServiceDep

router = APIRouter(dependencies=[Depends(require_staff)], include_in_schema=False)


@router.post(PATH + DRAFT + "/look")
def answer_in_draft(
    draft: DraftDep, reviewed: ReviewedDep, drafts: DraftServiceDep, who: WhoDep, look: LookDep
) -> Response:
    """Answer whether titles that look alike are records, and start reading the document again."""
    try:
        decide_look(drafts, reviewed.document.id, look)
    except ValueError:
        return failure_page(say("review.decided_meanwhile"))
    return start_reading(drafts, draft, reviewed, who, "look-set")


@router.post(STAFF + "/documents/{document_id}/look")
def answer_on_document(
    document_id: str,
    served: ServedDep,
    drafts: DraftServiceDep,
    person: EditorDep,
    who: WhoDep,
    look: LookDep,
) -> Response:
    """Answer whether titles that look alike are records; it holds at the next reading."""
    if document_id not in served.edition.catalogue.documents:
        raise ProblemError("not-found")
    try:
        decide_look(drafts, document_id, look)
    except ValueError:
        problem = say("review.decided_meanwhile")
        return document_page(document_id, served, person, drafts, problem=problem)
    who.note("look-set", document_id)
    return RedirectResponse(f"{staff_document_path(document_id)}?done=true", 303)
