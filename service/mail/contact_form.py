"""The contact form as it comes in: multipart/form-data, held in memory only, every wrong field told at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from service.http.limits import sized
from service.http.problems import FIELD_TEXTS, ProblemError
from service.models import MAX_QUESTION, FieldError
from service.settings import MAIL_ADDRESS

MEDIA_TYPES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
SIGNATURES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
MAX_FILE_NAME = 80
MAX_MESSAGE = 4000
MAX_ATTACHMENT = 5_000_000  # bytes
LONGEST = {"email": 254, "phone": 40, "name": 200, "message": MAX_MESSAGE, "question": MAX_QUESTION}
MAX_FIELDS = 100  # those that the form does not know are ignored
FORM_BYTES = 65536  # what the fields and the frame of the form may take beside the attachment
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

    def told(field: str, text: str, **values: object) -> None:
        errors.append(FieldError(field=field, message=FIELD_TEXTS[text][language].format(**values)))

    fields = {name: _text(form.get(name)) for name in LONGEST}
    _check(fields, told)
    upload, attachment = form.get("attachment"), None
    if isinstance(upload, UploadFile) and (upload.filename or upload.size):
        if (upload.size or 0) > MAX_ATTACHMENT:
            raise too_large(MAX_ATTACHMENT)
        attachment = _attachment(upload.filename or "", upload.content_type or "", await upload.read())
        if attachment is None:
            told("attachment", "attachment_type")
    if errors:
        raise ProblemError("invalid-input", errors=errors)
    return ContactMessage(**fields, attachment=attachment)


def _text(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return text.encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n")


def _check(fields: dict[str, str], told: Callable[..., None]) -> None:
    for name, most in LONGEST.items():
        if len(fields[name]) > most:
            told(name, "string_too_long", max_length=most)
        fields[name] = fields[name].strip()
    fields["message"] = _CONTROL.sub("", fields["message"]).strip()
    if not fields["message"]:
        told("message", "missing")
    if not fields["email"] and not fields["phone"]:
        told("email", "email_or_phone")
    if fields["email"] and not (MAIL_ADDRESS.fullmatch(fields["email"]) and "." in fields["email"].partition("@")[2]):
        told("email", "mail_address")
    if fields["phone"] and not _PHONE.fullmatch(fields["phone"]):
        told("phone", "phone_number")
    for name in ("name", "question"):
        if _CONTROL.search(fields[name]) or "\n" in fields[name]:
            told(name, "one_line")


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
