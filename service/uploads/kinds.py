"""What a file is by its content, and a safe name for it: what the sender calls it is only a title for people."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from zipfile import BadZipFile, ZipFile

PDF, DOCX, HTML, TEXT = ".pdf", ".docx", ".html", ".txt"
TEXTS = (".txt", ".md", ".markdown")
PAGES = (".html", ".htm")
ACCEPTED = (PDF, DOCX, *PAGES, *TEXTS)
LONGEST_NAME = 100
NO_KIND = "Das ist keine PDF-, Word- (DOCX-), HTML-, Text- oder Markdown-Datei."
_HEAD = 4096
_MARKUP = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL)
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


def safe_name(given: str) -> str:
    """Return the stem of a sender's file name as it can be stored anywhere: no folders, controls or odd characters."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", given))[-1]
    stem = last[: -len(suffix)] if (suffix := Path(last).suffix) else last
    plain = "".join(char if char.isalnum() or char in " ._-" else "-" for char in stem)
    plain = re.sub(r"[\s-]*-[\s-]*", "-", " ".join(plain.split())).strip(" .-_")[:LONGEST_NAME].strip(" .-_")
    return "dokument" if not plain or plain.casefold() in _RESERVED else plain


def suffix_of(path: Path, given: str) -> str | None:
    """Return the ending that a stored file's content earns it, None for what cannot be a document.

    A PDF, a Word file or a page is known by its content whatever it is called; plain text has to be called so as well.
    """
    named = Path(given).suffix.lower()
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK"):
        return DOCX if _is_word(path) else None
    if b"\0" in head or not head.strip():
        return None
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return HTML
    return named if named in (*TEXTS, *PAGES) else None


def _is_word(path: Path) -> bool:
    try:
        with ZipFile(path) as archive:
            return "word/document.xml" in archive.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return False
