"""Mails to the office, stored nowhere: the contact form as it comes in, and what goes out at once by SMTP.

What people wrote stands in the body; the only header they touch is Reply-To.
"""

from __future__ import annotations

import logging
import math
import re
import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import Scope

from prompts import say
from service.http.limits import sized
from service.http.problems import FIELD_TEXTS, ProblemError
from service.http.quota import Quota
from service.models import MAX_QUESTION, FieldError
from service.settings import MAIL_ADDRESS, Settings

MEDIA_TYPES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
SIGNATURES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
MAX_FILE_NAME = 80
MAX_MESSAGE = 4000
MAX_ATTACHMENT = 5_000_000  # bytes
LONGEST = {"email": 254, "phone": 40, "name": 200, "message": MAX_MESSAGE, "question": MAX_QUESTION}
MAX_FIELDS = 100  # those that the form does not know are ignored
FORM_BYTES = 65536  # what the fields and the frame of the form may take beside the attachment
MAILS_OF_ONE = (5, 60.0), (20, 3600.0)  # of one client: so many in so many seconds
WORKERS = 4
SMTP_SECONDS = 10.0
TLS_PORT = 465  # where the connection is encrypted from its first byte
MAILS = (100, 3600.0)  # of all, in an hour
log = logging.getLogger("strategielotse")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{2,}[0-9()/.-]")
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029"
_CONTROL = re.compile(f"[{_CONTROLS}]")
_LINE = rf"^\s*[^\n{_CONTROLS}]*\s*$"
_WAYS = {"email": MAIL_ADDRESS.pattern.replace(".)*", ".)+"), "phone": _PHONE.pattern}
GIVEN = {name: rf"^\s*{pattern}\s*$" for name, pattern in _WAYS.items()}  # one of them, and the other may be blank
PATTERNS = {"name": _LINE, "question": _LINE, "message": rf"[^\s{_CONTROLS}]"}
PATTERNS |= {name: rf"^\s*({pattern})?\s*$" for name, pattern in _WAYS.items()}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message; `name` is safe to save."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ContactMessage:
    """What a person wants to tell the office; "" where nothing was given, and email or phone is given."""

    email: str
    phone: str
    name: str
    message: str
    question: str
    attachment: Attachment | None = None


async def read_contact(request: Request, language: str) -> ContactMessage:
    """Read and check the form; raises the problems not-multipart, invalid-input and attachment-too-large."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise ProblemError("not-multipart")
    parser = MultiPartParser(
        request.headers, request.stream(), max_files=1, max_fields=MAX_FIELDS, max_part_size=FORM_BYTES
    )
    parser.spool_max_size = MAX_ATTACHMENT + FORM_BYTES  # never onto the disk
    try:
        form = await parser.parse()
    except (MultiPartException, UnicodeError) as error:
        raise ProblemError("invalid-input") from error
    try:
        return await _checked(form, language)
    finally:
        await form.close()


def too_large(most: int) -> ProblemError:
    """Return the problem of an attachment with more than `most` bytes."""
    return ProblemError("attachment-too-large", values={"most": sized(most)})


async def _checked(form: FormData, language: str) -> ContactMessage:
    errors: list[FieldError] = []

    def add_fault(field: str, text: str, **values: object) -> None:
        errors.append(FieldError(field=field, message=FIELD_TEXTS[text][language].format(**values)))

    fields = {name: _text(form.get(name)) for name in LONGEST}
    _check(fields, add_fault)
    upload, attachment = form.get("attachment"), None
    if isinstance(upload, UploadFile) and (upload.filename or upload.size):
        if (upload.size or 0) > MAX_ATTACHMENT:
            raise too_large(MAX_ATTACHMENT)
        attachment = _attachment(upload.filename or "", upload.content_type or "", await upload.read())
        if attachment is None:
            add_fault("attachment", "attachment_type")
    if errors:
        raise ProblemError("invalid-input", errors=errors)
    return ContactMessage(**fields, attachment=attachment)


def _text(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return text.encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n")


def _check(fields: dict[str, str], reported: Callable[..., None]) -> None:
    for name, most in LONGEST.items():
        if len(fields[name]) > most:
            reported(name, "string_too_long", max_length=most)
        fields[name] = fields[name].strip()
    fields["message"] = _CONTROL.sub("", fields["message"]).strip()
    if not fields["message"]:
        reported("message", "missing")
    if not fields["email"] and not fields["phone"]:
        reported("email", "email_or_phone")
    if fields["email"] and not (MAIL_ADDRESS.fullmatch(fields["email"]) and "." in fields["email"].partition("@")[2]):
        reported("email", "mail_address")
    if fields["phone"] and not _PHONE.fullmatch(fields["phone"]):
        reported("phone", "phone_number")
    for name in ("name", "question"):
        if _CONTROL.search(fields[name]) or "\n" in fields[name]:
            reported(name, "one_line")


def _attachment(name: str, declared: str, content: bytes) -> Attachment | None:
    """A file as an attachment, None where it is of no allowed type or not what it says it is."""
    kind = next((kind for signature, kind in SIGNATURES.items() if content.startswith(signature)), None)
    if kind is None or declared.partition(";")[0].strip().lower() != kind:
        return None
    return Attachment(safe_name(name, MEDIA_TYPES[kind]), kind, content)


def safe_name(name: str, suffix: str) -> str:
    """Return a file's name without folders, control characters and other suffixes."""
    last = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r"[^\w -]+", "_", last.rpartition(".")[0] or last).strip(" _-")
    return f"{stem[:MAX_FILE_NAME].strip() or 'anhang'}.{suffix}"


class Outbox:
    """Sends mails through the settings' server, as far as the quota goes."""

    def __init__(self, settings: Settings, quota: Quota) -> None:
        self._settings, self._quota = settings, quota
        self._workers = CapacityLimiter(WORKERS)
        self._reported_until = 0.0

    async def require_turn(self, scope: Scope) -> None:
        """Raise the problem too-many-mails for a client that has sent too many, or where all have."""
        if wait := await to_thread.run_sync(self._quota.wait, scope):
            if time.monotonic() > self._reported_until:
                self._reported_until = time.monotonic() + 60
                log.warning(say("mail.too_many"))
            raise ProblemError("too-many-mails", headers={"Retry-After": str(math.ceil(wait))})

    async def send(self, mail: EmailMessage) -> None:
        """Hand a mail over; raises the problem mail-refused where the server does not take it."""
        deliver = partial(_deliver, mail, self._settings)
        await to_thread.run_sync(deliver, abandon_on_cancel=True, limiter=self._workers)


def _deliver(mail: EmailMessage, settings: Settings) -> None:
    try:
        with _connected(settings) as server:
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password.get_secret_value())
            server.send_message(mail, settings.mail_from, [settings.mail_to or ""])
    except (smtplib.SMTPException, OSError) as error:
        log.warning(say("mail.refused"), type(error).__name__)  # its message may name the sender
        raise ProblemError("mail-refused", headers={"Retry-After": "60"}) from None


def _connected(settings: Settings) -> smtplib.SMTP:
    host, port, name = settings.mail_host or "", settings.mail_port, domain_of(settings)
    if port == TLS_PORT:
        return smtplib.SMTP_SSL(host, port, name, timeout=SMTP_SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, name, timeout=SMTP_SECONDS)
    try:
        if settings.mail_starttls:
            server.starttls(context=ssl.create_default_context())
    except BaseException:
        server.close()
        raise
    return server


def contact_mail(contact: ContactMessage, settings: Settings) -> EmailMessage:
    """Return the mail of a filled contact form; an answer to it goes to the person, where an address is given."""
    given = {"Name": contact.name, "E-Mail": contact.email, "Telefon": contact.phone}
    lines = [f"{label}: {value}" for label, value in given.items() if value]
    parts = ["\n".join(lines), contact.message]
    if contact.question:
        parts.insert(1, f"Gestellte Frage: {contact.question}")
    mail = _mail(say("mail.contact_subject"), "\n\n".join(parts), settings)
    if contact.email:
        mail["Reply-To"] = contact.email
    if contact.attachment:
        kind, _, subkind = contact.attachment.media_type.partition("/")
        mail.add_attachment(contact.attachment.content, kind, subkind, filename=contact.attachment.name)
    return mail


def feedback_mail(answer_id: str, rating: str, edition: str, text: str, settings: Settings) -> EmailMessage:
    """Return the mail of a rating's free text."""
    body = f"Bewertung: {rating}\nAntwort: {answer_id}\nAusgabe: {edition}\n\n{text}"
    return _mail(say("mail.feedback_subject"), body, settings)


def _mail(subject: str, body: str, settings: Settings) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = f"{settings.name}: {subject}"
    mail["From"] = settings.mail_from
    mail["To"] = settings.mail_to
    mail["Date"] = localtime()
    mail["Message-ID"] = make_msgid(domain=domain_of(settings))
    sent = say("mail.sent_by", public_url=settings.public_url) if settings.public_url else ""
    mail.set_content(f"{body}{sent}\n")
    return mail


def domain_of(settings: Settings) -> str:
    """Return the domain of the sender, by which we present ourselves: the machine's own name stays unsaid."""
    return (settings.mail_from or "").partition("@")[2] or "localhost"
