"""POST /contact: a message to the office, by mail at once; nothing of it is stored or logged."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from prompts import say
from service.deps import SettingsDep
from service.http.accepting import preferred_language
from service.http.openapi import problems
from service.http.problems import ProblemError
from service.mail.contact_form import GIVEN, LONGEST, MAX_ATTACHMENT, MEDIA_TYPES, PATTERNS, read_contact
from service.mail.messages import contact_mail
from service.mail.outbox import Outbox
from service.routes import API

PATH = f"{API}/contact"
SECONDS = 120.0  # an attachment over a slow line takes its time
router = APIRouter(tags=["Oberfläche"])
FIELDS: dict[str, Any] = {
    name: {"type": "string", "maxLength": most, "pattern": PATTERNS[name]} for name, most in LONGEST.items()
}
FILE = {"type": "string", "format": "binary", "description": say("http.attachment")}
FORM = {
    "type": "object",
    "required": ["message"],
    "properties": {**FIELDS, "attachment": FILE},
    "anyOf": [{"required": [way], "properties": {way: {"pattern": pattern}}} for way, pattern in GIVEN.items()],
    "description": say("http.contact_needed"),
}
BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": FORM,
            "encoding": {"attachment": {"contentType": ", ".join(MEDIA_TYPES)}},
        }
    },
}


@router.post(
    PATH,
    summary="Eine Nachricht senden",
    description=say("http.contact"),
    status_code=204,
    response_class=Response,
    responses=problems(
        "foreign-site", "no-contact-form", "attachment-too-large", "not-multipart", "too-many-mails", "mail-refused"
    ),
    openapi_extra={"requestBody": BODY},
)
async def contact(request: Request, settings: SettingsDep) -> Response:
    """Send a message to the office."""
    if not settings.mails:
        raise ProblemError("no-contact-form")
    outbox: Outbox = request.app.state.outbox
    outbox.require_turn(request.scope)
    language = preferred_language(request.headers.get("accept-language", ""))
    message = await read_contact(request, MAX_ATTACHMENT, language)
    await outbox.send(contact_mail(message, settings))
    return Response(status_code=204)
