"""A rating of an answer (/feedback) and a message to the office (/contact). Texts are mailed, never
stored.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.exc import SQLAlchemyError

from prompts import say
from service import AnswerIds, log
from service.people import FeedbackReason, FeedbackRequest, FeedbackStore
from service.records import FieldError, ProblemError
from service.web import Outbox, deps, mail
from service.web.http import API, FIELD_TEXTS, route_arguments

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
    "feedback", "interface", *MAIL_PROBLEMS, "unsupported-media-type", "not-stored"
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
    language: deps.LanguageDep,
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
        raise _field_problem("answer_id", "unknown_answer", language)
    if body.text:
        if not settings.mails:
            raise _field_problem("text", "text_without_mail", language)
        await outbox.require_quota(request.scope)
        rating = "hilfreich"
        if not body.helpful:
            reason = say(f"staff.rating_{body.reason}") if body.reason else say("http.no_reason")
            rating = say("http.not_helpful", reason=reason)
        await outbox.send(mail.feedback_mail(body.answer_id, rating, edition, body.text, settings))
    await deps.run_in_thread(
        request, partial(_store_rating, FeedbackStore(database), body, edition)
    )
    if not body.helpful:
        wrong = body.reason is FeedbackReason.WRONG
        await deps.run_in_thread(request, partial(keeper.note_rating, body.answer_id, wrong=wrong))
    return Response(status_code=204)


def _field_problem(field: str, text: str, language: str) -> ProblemError:
    """Return the problem invalid-input with a message on one field; `text` is a key of
    FIELD_TEXTS.
    """
    return ProblemError(
        "invalid-input", errors=[FieldError(field=field, message=FIELD_TEXTS[text][language])]
    )


def _store_rating(store: FeedbackStore, body: FeedbackRequest, edition: str) -> None:
    """Store a rating with the day; raises the problem not-stored if the database cannot be used."""
    try:
        store.store_rating(body, edition, date.today())
    except SQLAlchemyError as error:
        log.warning(say("http.rating_not_kept"), type(error).__name__)
        raise ProblemError("not-stored", headers={"Retry-After": "60"}) from None


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
