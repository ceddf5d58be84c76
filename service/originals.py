"""The stored original of a document, and how it is served, whole or in ranges of bytes (RFC 9110, 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from service.edition_holder import OpenEdition
from service.http.problems import ProblemError
from service.routes import API

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES = {".pdf": PDF, ".docx": DOCX}
_ACTIVE = {".html", ".htm"}  # what a browser would carry out
_INERT = {"Content-Security-Policy": "sandbox; default-src 'none'"}
_RANGES = re.compile(r"\s*bytes\s*=\s*(?P<parts>(?:\d+-\d*|-\d+)(?:\s*,\s*(?:\d+-\d*|-\d+))*)\s*", re.IGNORECASE)
MOST_DIGITS = 18


class OriginalFile(FileResponse):
    """A file of which ranges may be asked for; a Range header that cannot be read, or asks for too much, is ignored."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file (ASGI)."""
        asked = ranges_of(Headers(scope=scope).get("range", ""))
        size = Path(self.path).stat().st_size
        if not asked or not all(_is_there(one, size) for one in asked):
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() != b"range"]}
        await super().__call__(scope, receive, send)


def ranges_of(header: str) -> list[tuple[str, str]]:
    """Return the first and last byte of every range that a header asks for, "" where left out; none if malformed."""
    match = _RANGES.fullmatch(header)
    parts = [part.strip().partition("-") for part in match["parts"].split(",")] if match else []
    pairs = [(first, last) for first, _, last in parts]
    if any(max(len(first), len(last)) > MOST_DIGITS or (first and last and int(last) < int(first))
           for first, last in pairs):  # fmt: skip
        return []
    return pairs


def require_range(header: str, size: int) -> None:
    """Raise the problem no-such-range (416) where a header asks only for bytes that a file of `size` does not have."""
    asked = ranges_of(header)
    if asked and not any(_is_there(one, size) for one in asked):
        raise ProblemError("no-such-range", headers={"Content-Range": f"bytes */{size}"})


def _is_there(asked: tuple[str, str], size: int) -> bool:
    first, last = asked
    return int(first) < size if first else int(last) > 0 and size > 0


def original_of(edition: OpenEdition, document_id: str) -> Path:
    """Return a document's original; raises the problems not-found and no-original."""
    if document_id not in edition.catalogue.documents:
        raise ProblemError("not-found")
    path = edition.originals.get(document_id)
    if path is None:
        raise ProblemError("no-original")
    return path


def original_url(edition: OpenEdition, document_id: str) -> str | None:
    """Return the address of a document's original, None where none is kept."""
    if document_id not in edition.originals:
        return None
    return f"{API}/documents/{quote(document_id, safe='')}/original"


def has_pictures(edition: OpenEdition, document_id: str) -> bool:
    """Tell whether a document's pages can be shown as pictures."""
    path = edition.originals.get(document_id)
    return path is not None and media_type_of(path) == PDF


def media_type_of(path: Path) -> str:
    """Return a file's media type; what is neither PDF nor Word file is plain text, whatever it holds: web pages too."""
    return _TYPES.get(path.suffix) or f"text/plain; charset={_charset(path.read_bytes())}"


@dataclass(frozen=True, slots=True)
class Serving:
    """How an original goes out: under which name, shown in the browser or only saved, with which further headers."""

    filename: str
    disposition: Literal["inline", "attachment"]
    headers: Mapping[str, str]


def serving_of(path: Path, document_id: str) -> Serving:
    """Return how a document's original is served.

    Web pages and Word files are saved, never opened on this service's pages, and a web page gets the ending of a text:
    what opens it then shows its source and runs nothing of it.
    """
    if path.suffix in _ACTIVE or path.suffix == ".docx":
        ending = f"{path.suffix}.txt" if path.suffix in _ACTIVE else path.suffix
        return Serving(f"{document_id}{ending}", "attachment", _INERT)
    return Serving(f"{document_id}{path.suffix}", "inline", {})


def _charset(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        content.decode()
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"
