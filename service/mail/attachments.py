"""What may be attached to a message: a PDF or a picture, known by its first bytes and not only by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass

MEDIA_TYPES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
SIGNATURES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message; `name` is safe to save."""

    name: str
    media_type: str
    content: bytes


def attachment_of(name: str, declared: str, content: bytes) -> Attachment | None:
    """Return a file as an attachment, None where it is of no allowed type or not what it says it is."""
    media_type = sniffed_type(content)
    if media_type is None or declared.partition(";")[0].strip().lower() != media_type:
        return None
    return Attachment(safe_name(name, MEDIA_TYPES[media_type]), media_type, content)


def sniffed_type(content: bytes) -> str | None:
    """Return the media type that a file's first bytes show, None for one that is not allowed."""
    return next((kind for signature, kind in SIGNATURES.items() if content.startswith(signature)), None)


def safe_name(name: str, suffix: str) -> str:
    """Return a file's name without folders, control characters and other suffixes."""
    last = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r"[^\w -]+", "_", last.rpartition(".")[0] or last).strip(" _-")
    return f"{stem[:MAX_NAME].strip() or 'anhang'}.{suffix}"
