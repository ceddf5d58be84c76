"""A rating of an answer (/feedback) and a message to the office (/contact). Texts are mailed, never
stored.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from prompts import say
from service import AnswerIds
from service.people import FeedbackReason, FeedbackRequest, FeedbackStore, QuestionKeeper
from service.records import ProblemError
from service.web import Outbox, deps, mail
from service.web.http import API, route_arguments

PATH = f"{API}/contact"
SECONDS = 120.0  # time limit of a request: an attachment may come over a slow connection
BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": mail.ContactForm.model_json_schema(),
            "encoding": {"attachment": {"contentType": ", ".join(mail.MEDIA_TYPES)}},
        }
    },
}
router = APIRouter()
OutboxDep = Annotated[Outbox, deps.state_dependency("outbox")]
AnswerIdsDep = Annotated[AnswerIds, deps.state_dependency("answer_ids")]
MAIL_PROBLEMS = ("foreign-site", "too-many-mails", "mail-refused")
FEEDBACK_OPTIONS = route_arguments(
    "feedback", "interface", *MAIL_PROBLEMS, "unsupported-media-type", "database-away"
)
CONTACT_OPTIONS = route_arguments(
    "contact",
    "interface",
    *MAIL_PROBLEMS,
    "no-contact-form",
    "attachment-too-large",
    "not-multipart",
) | {"openapi_extra": {"requestBody": BODY}}
NO_CONTENT: dict[str, Any] = {"status_code": 204, "response_class": Response}


@router.post(
    f"{API}/feedback", dependencies=[Depends(deps.require_json)], **NO_CONTENT, **FEEDBACK_OPTIONS
)
async def feedback(
    body: FeedbackRequest,
    request: Request,
    served: deps.ServedDep,
    settings: deps.SettingsDep,
    database: deps.DatabaseDep,
    keeper: deps.KeeperDep,
    ids: AnswerIdsDep,
    outbox: OutboxDep,
) -> Response:
    """Keep a rating, and mail the text that goes with it.

    Only answers that this service issued can be rated. The mail is sent first: if it is refused,
    nothing is kept, and the person may try again. After a bad rating the answer's question may
    become an open one.
    """
    edition = served.edition.name
    if not ids.is_issued(body.answer_id):
        raise _field_fault("answer_id", "unknown_answer")
    if body.text:
        if not settings.mails:
            raise _field_fault("text", "text_without_mail")
        await outbox.require_quota(request.scope)
        rating = "hilfreich"
        if not body.helpful:
            reason = say(f"staff.rating_{body.reason}") if body.reason else say("http.no_reason")
            rating = say("http.not_helpful", reason=reason)
        await outbox.send(mail.feedback_mail(body.answer_id, rating, edition, body.text, settings))
    store = partial(_store_rating, FeedbackStore(database), keeper, body, edition)
    await deps.run_in_thread(request, store)
    return Response(status_code=204)


def _field_fault(field: str, kind: str) -> RequestValidationError:
    """Return the error of one field; `kind` is a key of the texts of fields."""
    return RequestValidationError([{"loc": ("body", field), "type": kind}])


def _store_rating(
    store: FeedbackStore, keeper: QuestionKeeper, body: FeedbackRequest, edition: str
) -> None:
    """Store a rating with the day; after a bad one, note its question as an open one."""
    store.store_rating(body, edition, date.today())
    if not body.helpful:
        keeper.note_rating(body.answer_id, wrong=body.reason is FeedbackReason.WRONG)


@router.post(PATH, **NO_CONTENT, **CONTACT_OPTIONS)
async def contact(request: Request, settings: deps.SettingsDep, outbox: OutboxDep) -> Response:
    """Send a message to the office; raises the problem no-contact-form if no mail is set up.

    The form is read before the message counts towards the quota: a faulty one costs nothing.
    """
    if not settings.mails:
        raise ProblemError("no-contact-form")
    message = await mail.read_contact(request)
    await outbox.require_quota(request.scope)
    await outbox.send(mail.contact_mail(message, settings))
    return Response(status_code=204)
