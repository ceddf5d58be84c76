"""The form of a register: which keys an entry has, what may stand there, and at which line something stands."""

from __future__ import annotations

import re
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vectorstore.records import DocumentKind, DocumentStatus

SUFFIXES = {".pdf", ".txt", ".md", ".markdown", ".html", ".htm", ".docx"}
FORMATS = "PDF-, Word- (DOCX-), HTML-, Text- oder Markdown-Dokument"
_SAVE_AS = {
    ".docm": "ein Word-Dokument mit Makros; bitte ohne Makros als DOCX speichern",
    ".doc": "ein Word-Dokument im Format vor 2007; bitte als DOCX speichern",
    ".odt": "ein OpenDocument-Text; bitte als DOCX oder PDF speichern",
}
REQUIRED = ("id", "title", "publisher", "kind", "status", "file")
DATES = ("as_of", "valid_until")
FRONT = ("title", "publisher", "kind", "status", "as_of")  # the parts of the front matter
TEXTS = (*REQUIRED, "language", "text", "source_url", "series", "replaces", "plan")
OPTIONAL = (*DATES, *TEXTS[len(REQUIRED) :], "sample", "unconfirmed")
QUESTIONS = "questions"  # above the entries: a table of questions for items
_CHOICES = {"kind": [one.value for one in DocumentKind], "status": [one.value for one in DocumentStatus]}
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")
_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f\"<>\\]+")


class RegisterLines:
    """The lines of a register, counted from 1."""

    def __init__(self, source: str) -> None:
        self._lines = source.split("\n")
        self._tables = [n for n, line in enumerate(self._lines, 1) if re.match(r"\s*\[\[\s*document\s*]]", line)]

    def of_table(self, index: int) -> int:
        """The line at which the entry of this number begins."""
        return self._tables[index] if index < len(self._tables) else 1

    def of_key(self, key: str, start: int) -> int:
        """The line of a key in the table that begins at `start`; that line where it is not found."""
        for number in range(start, len(self._lines) + 1):
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]", self._lines[number - 1]):
                return number
            if number > start and self._lines[number - 1].lstrip().startswith("[["):
                break
        return start


def wrong(key: str, value: Any) -> str | None:
    """Return what is wrong with the value of a key, as a sentence; None where nothing is."""
    if key not in (*REQUIRED, *OPTIONAL):
        near = get_close_matches(key, (*REQUIRED, *OPTIONAL), 1)
        meant = f"; gemeint ist wohl „{near[0]}“" if near else ""
        return f"„{printable(key)}“ ist im Register nicht vorgesehen{meant}."
    if key == "sample":
        return None if isinstance(value, bool) else "„sample“ ist true oder false."
    if key in DATES:
        is_date = isinstance(value, date) and not isinstance(value, datetime)
        return None if is_date else f"„{key}“ ist ein Datum ohne Anführungszeichen: 2026-05-01."
    if key == "unconfirmed":
        known = isinstance(value, list) and all(one in FRONT for one in value)
        return None if known else f"„unconfirmed“ ist eine Liste aus {', '.join(FRONT)}."
    if not isinstance(value, str) or not value.strip():
        return f"„{key}“ ist ein Text in Anführungszeichen."
    return _wrong_text(key, value.strip())


def _wrong_text(key: str, value: str) -> str | None:
    allowed = _CHOICES.get(key)
    if allowed is not None and value not in allowed:
        return f"„{key}“ ist eines von {', '.join(allowed)}, nicht „{printable(value)}“."
    if key in ("id", "replaces") and not _ID.match(value):
        return "Eine Kennung besteht aus Kleinbuchstaben, Ziffern und Bindestrichen."
    if key in ("file", "text") and ("\0" in value or Path(value).suffix.lower() not in SUFFIXES):
        return f"„{printable(value)}“ ist {why_not(Path(value).suffix)}."
    if key == "plan" and ("\0" in value or Path(value).suffix.lower() != ".toml"):
        return "„plan“ ist eine TOML-Datei mit einem Leseplan."
    if key == "source_url" and not _is_web_address(value):
        return "„source_url“ ist eine Adresse, die mit http:// oder https:// beginnt."
    return None


def wrong_table(value: Any) -> str | None:
    """Return what is wrong with the name of the table of questions, as a sentence; None where nothing is."""
    named = isinstance(value, str) and "\0" not in value and Path(value.strip()).suffix.lower() in (".csv", ".tsv")
    return None if named else f"„{QUESTIONS}“ ist eine CSV- oder TSV-Datei mit Fragen zu Einträgen."


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and _ADDRESS.fullmatch(value) is not None
    except ValueError:
        return False


def why_not(suffix: str) -> str:
    """Return what a file with an ending that is not read is, as the end of a sentence."""
    return _SAVE_AS.get(suffix.lower(), f"kein {FORMATS}")


def printable(name: str) -> str:
    """Return a file's name as it may be printed and stored: control characters and bytes of no encoding are "?"."""
    return "".join(char if char.isprintable() else "?" for char in name)
