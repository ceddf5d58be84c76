"""The stored original of a document, and how it is served."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from service.edition_holder import OpenEdition
from service.problems import ProblemError
from service.routes import API

PDF = "application/pdf"


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
    """Return a file's media type; everything that is no PDF is plain text, whatever it holds."""
    if path.suffix == ".pdf":
        return PDF
    return f"text/plain; charset={_charset(path.read_bytes())}"


def _charset(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        content.decode()
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"
