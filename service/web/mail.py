"""Mails to the office: the contact form as it is received, and mails that are sent at once by SMTP
and never stored.

Users' texts are in the body; the only header with user input is Reply-To.
"""

from __future__ import annotations

import math
import re
import smtplib
import ssl
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from functools import partial
from typing import Annotated, Any, LiteralString

from anyio import CapacityLimiter, to_thread
from fastapi.exceptions import RequestValidationError
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import Scope

from prompts import say
from service import MAIL_PATTERN, MAX_QUESTION, Settings, log
from service.records import ProblemError
from service.web.http import Quota, format_size, media_type_of

MEDIA_TYPES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
MAX_FILE_NAME = 80
MAX_ATTACHMENT = 5_000_000  # bytes
MAX_FIELDS = 100  # unknown ones are ignored
FORM_BYTES = 65536  # most bytes of the multipart form without the attachment
MAILS_OF_CLIENT = (5, 60.0), (20, 3600.0)  # limits of one client: number, seconds
WORKERS = 4
SMTP_SECONDS = 10.0
TLS_PORT = 465  # implicit TLS: the connection is encrypted from its first byte
MAILS = (100, 3600.0)  # limit of all clients together: number, seconds
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029"  # control characters but tab and line end
_LINE = rf"[^\n{_CONTROLS}]*"
_PHONE = r"\+?[0-9][0-9 ()/.-]{2,}[0-9()/.-]"  # "+49 (0)2921 30-0"
# the domain needs a dot here, so that "eva@localhost" is no address
_MAIL = MAIL_PATTERN.pattern.replace(".)*", ".)+")
_WAYS = {"email": _MAIL, "phone": _PHONE}  # to answer, of which one is required
# by field: its pattern, and the kind of error of a text that does not match
_FORMS: dict[str | None, tuple[str, LiteralString]] = {
    "phone": (_PHONE, "phone_number"),
    "email": (_MAIL, "mail_address"),
    "name": (_LINE, "one_line"),
    "question": (_LINE, "one_line"),
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message; `name` is safe to save."""

    name: str
    media_type: str
    content: bytes


def too_large() -> ProblemError:
    """Return the problem of an attachment with more than `MAX_ATTACHMENT` bytes."""
    return ProblemError("attachment-too-large", values={"most": format_size(MAX_ATTACHMENT)})


def _read_attachment(upload: object) -> Attachment | None:
    """Return an uploaded file as an attachment; raises the problem attachment-too-large.

    An empty file field, which browsers send if no file was chosen, is none. The type of a file is
    told from its first bytes. It is refused if this type is not allowed, or is another than the
    client declared. Its name gets the ending of its type.
    """
    if not isinstance(upload, UploadFile) or not (upload.filename or upload.size):
        return None
    if (upload.size or 0) > MAX_ATTACHMENT:
        raise too_large()
    content, declared = upload.file.read(), media_type_of(upload.content_type or "")
    for signature, media_type in SIGNATURES.items():
        if content.startswith(signature) and declared == media_type:
            name = safe_name(upload.filename or "", MEDIA_TYPES[media_type])
            return Attachment(name, media_type, content)
    raise PydanticCustomError("attachment_type", "another type")


def _field(most: int, pattern: str) -> Any:
    """Return a field for a text of at most `most` characters, "" by default; the pattern is for the
    description of the form.
    """
    return Field("", max_length=most, json_schema_extra={"pattern": rf"^\s*({pattern})?\s*$"})


class ContactForm(BaseModel):
    """A filled contact form; empty fields are "", and email or phone is given."""

    model_config = ConfigDict(
        str_strip_whitespace=True,
        validate_default=True,
        json_schema_extra={
            "description": say("http.contact_needed"),
            "anyOf": [
                {"required": [way], "properties": {way: {"pattern": rf"^\s*{pattern}\s*$"}}}
                for way, pattern in _WAYS.items()
            ],
        },
    )

    message: str = Field(max_length=4000, json_schema_extra={"pattern": rf"[^\s{_CONTROLS}]"})
    phone: str = _field(40, _PHONE)
    email: str = _field(254, _MAIL)
    name: str = _field(200, _LINE)
    question: str = _field(MAX_QUESTION, _LINE)
    attachment: Annotated[
        Attachment | None,
        BeforeValidator(_read_attachment),
        WithJsonSchema(
            {"type": "string", "format": "binary", "description": say("http.attachment")}
        ),
    ] = None

    @field_validator("message")
    @classmethod
    def remove_controls(cls, text: str) -> str:
        """Return the message without control characters; refuse one of which nothing is left."""
        cleaned = re.sub(f"[{_CONTROLS}]", "", text).strip()
        if not cleaned:
            raise PydanticCustomError("missing", "blank")
        return cleaned

    @field_validator(*_WAYS, "name", "question")
    @classmethod
    def require_form(cls, text: str, info: ValidationInfo) -> str:
        """Refuse a text that does not match the pattern of its field, such as a name of two lines;
        an empty one passes.
        """
        pattern, kind = _FORMS[info.field_name]
        if text and not re.fullmatch(pattern, text):
            raise PydanticCustomError(kind, "another form")
        return text

    @field_validator("email")
    @classmethod
    def require_way(cls, email: str, info: ValidationInfo) -> str:
        """Refuse an empty address if there is no telephone number; a wrong number is not in
        `info`, and told already.
        """
        if not email and info.data.get("phone") == "":
            raise PydanticCustomError("email_or_phone", "no way to answer")
        return email


async def read_contact(request: Request) -> ContactForm:
    """Read and check the form; raises RequestValidationError and the problems not-multipart,
    invalid-input and attachment-too-large.

    The parser would write a large file to the disk. Its limit is set so high that an attachment
    stays in memory.
    """
    if media_type_of(request.headers.get("content-type", "")) != "multipart/form-data":
        raise ProblemError("not-multipart")
    parser = MultiPartParser(
        request.headers,
        request.stream(),
        max_files=1,
        max_fields=MAX_FIELDS,
        max_part_size=FORM_BYTES,
    )
    parser.spool_max_size = MAX_ATTACHMENT + FORM_BYTES  # uploads stay in memory, never on disk
    try:
        form = await parser.parse()
    except (MultiPartException, UnicodeError) as error:
        raise ProblemError("invalid-input") from error
    try:
        message = form.get("message")
        fields = dict(form)
        if isinstance(message, str):  # browsers send each end of a line as two characters
            fields["message"] = message.replace("\r\n", "\n")
        return ContactForm.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None
    finally:
        await form.close()


def safe_name(name: str, suffix: str) -> str:
    """Return a file name without folders, special characters and its ending, with `suffix` instead.

    "Bilder/Weg (1).JPEG" with "jpg" becomes "Weg _1.jpg". A name of which nothing is left becomes
    "anhang".
    """
    last = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r"[^\w -]+", "_", last.rpartition(".")[0] or last).strip(" _-")
    return f"{stem[:MAX_FILE_NAME].strip() or 'anhang'}.{suffix}"


class Outbox:
    """Sends mails through the SMTP server of the settings, within the quota."""

    def __init__(self, settings: Settings, quota: Quota) -> None:
        self._settings, self._quota = settings, quota
        self._workers = CapacityLimiter(WORKERS)
        self._reported_until = 0.0

    async def require_quota(self, scope: Scope) -> None:
        """Count a mail of a client; raises the problem too-many-mails if a limit is reached.

        There is a limit for all together and, if the settings limit requests, one for each client
        and network. That it is reached is logged at most once a minute.
        """
        wait = await to_thread.run_sync(self._quota.wait, scope)
        if wait:
            if time.monotonic() > self._reported_until:
                self._reported_until = time.monotonic() + 60
                log.warning(say("mail.too_many"))
            raise ProblemError("too-many-mails", headers={"Retry-After": str(math.ceil(wait))})

    async def send(self, mail: EmailMessage) -> None:
        """Send a mail in a worker thread; raises the problem mail-refused if the server is
        unreachable or refuses.
        """
        deliver = partial(_deliver, mail, self._settings)
        await to_thread.run_sync(deliver, abandon_on_cancel=True, limiter=self._workers)


def _deliver(mail: EmailMessage, settings: Settings) -> None:
    """Send a mail to the SMTP server; raises the problem mail-refused if that fails."""
    try:
        with _connect(settings) as server:
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password.get_secret_value())
            server.send_message(mail, settings.mail_from, [settings.mail_to or ""])
    except (smtplib.SMTPException, OSError) as error:
        # the message may contain the sender's address
        log.warning(say("mail.refused"), type(error).__name__)
        raise ProblemError("mail-refused", headers={"Retry-After": "60"}) from None


def _connect(settings: Settings) -> smtplib.SMTP:
    """Connect to the SMTP server; raises SMTPException, OSError.

    At port 465 the connection is encrypted from its first byte. At another port it is encrypted by
    STARTTLS, unless the settings switch this off. If STARTTLS fails, the connection is closed:
    nothing is sent unencrypted.
    """
    host = settings.mail_host or ""
    port = settings.mail_port
    name = domain_of(settings)
    if port == TLS_PORT:
        return smtplib.SMTP_SSL(
            host, port, name, timeout=SMTP_SECONDS, context=ssl.create_default_context()
        )
    server = smtplib.SMTP(host, port, name, timeout=SMTP_SECONDS)
    try:
        if settings.mail_starttls:
            server.starttls(context=ssl.create_default_context())
    except BaseException:
        server.close()
        raise
    return server


def contact_mail(contact: ContactForm, settings: Settings) -> EmailMessage:
    """Return the mail of a contact form; Reply-To is the person's address, if given."""
    contact_data = {"Name": contact.name, "E-Mail": contact.email, "Telefon": contact.phone}
    lines = [f"{label}: {value}" for label, value in contact_data.items() if value]
    parts = ["\n".join(lines), contact.message]
    if contact.question:
        parts.insert(1, f"Gestellte Frage: {contact.question}")
    mail = _make_mail(say("mail.contact_subject"), "\n\n".join(parts), settings)
    if contact.email:
        mail["Reply-To"] = contact.email
    if contact.attachment:
        kind, _, subkind = contact.attachment.media_type.partition("/")
        mail.add_attachment(
            contact.attachment.content, kind, subkind, filename=contact.attachment.name
        )
    return mail


def feedback_mail(
    answer_id: str, rating: str, edition: str, text: str, settings: Settings
) -> EmailMessage:
    """Return the mail with a rating and its free text."""
    body = f"Bewertung: {rating}\nAntwort: {answer_id}\nAusgabe: {edition}\n\n{text}"
    return _make_mail(say("mail.feedback_subject"), body, settings)


def _make_mail(subject: str, body: str, settings: Settings) -> EmailMessage:
    """Return a mail from the sender to the office of the settings, with the service's name in its
    subject.

    If the public address is configured, the text ends with a line that names it.
    """
    mail = EmailMessage()
    mail["Subject"] = f"{settings.name}: {subject}"
    mail["From"] = settings.mail_from
    mail["To"] = settings.mail_to
    mail["Date"] = localtime()
    mail["Message-ID"] = make_msgid(domain=domain_of(settings))
    if settings.public_url:
        body += say("mail.sent_by", public_url=settings.public_url)
    mail.set_content(f"{body}\n")
    return mail


def domain_of(settings: Settings) -> str:
    """Return the domain of the sender's address, "localhost" without one.

    It is used for HELO and message ids, where otherwise the machine's host name would be disclosed.
    """
    return (settings.mail_from or "").partition("@")[2] or "localhost"
