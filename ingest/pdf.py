"""Lines with positions from a PDF, in one pass of pypdf's text extraction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from ingest.errors import Rejected
from ingest.lines import Line, RawDocument, clean_characters, is_bullet, split_bullet

_BOLD = ("bold", "black", "heavy", "semibold", "medium")
_BULLET_GAP = 26.0  # points between a bullet and its text, at most
_MIN_LETTERS = 12  # of a page that counts as having text
_logger = logging.getLogger("pypdf")


class _PageLines:
    """Collects the pieces that pypdf hands over into lines; a jump in height or a wide gap starts a new one."""

    def __init__(self, page: int) -> None:
        self.lines: list[Line] = []
        self._page = page
        self._open = False
        self._end = 0.0
        self._fonts: dict[int, bool] = {}

    def visit(self, text: str, cm: list[float], tm: list[float], font: dict[str, Any] | None, size: float) -> None:
        """Take one piece of text; a line feed in it ends the line."""
        if not text:
            return
        body = text.rstrip("\n")
        if body:
            self._add(body, cm[4] + tm[4], cm[5] + tm[5], size * (abs(tm[3]) or abs(tm[0]) or 1.0), self._is_bold(font))
        if len(body) < len(text):
            self._open = False

    def _is_bold(self, font: dict[str, Any] | None) -> bool:
        if font is None:
            return False
        known = self._fonts.get(id(font))
        if known is None:
            name = str(font.get("/BaseFont", "")).lower()
            known = self._fonts[id(font)] = any(word in name for word in _BOLD)
        return known

    def _add(self, text: str, x: float, y: float, size: float, bold: bool) -> None:
        if self._open:
            last = self.lines[-1]
            same_row = abs(y - last.y) <= 0.45 * max(size, last.size)
            if same_row and last.x - 1 <= x <= self._end + 2.5 * size:
                if text.strip() and not any(map(str.isalnum, last.text)):  # so far only a bullet: the words count
                    last.x, last.size, last.bold = x, size, bold
                last.text += text
                self._end = max(self._end, x + 0.5 * size * len(text))
                return
        self.lines.append(Line(text, self._page, x, y, size, bold))
        self._open, self._end = True, x + 0.5 * size * len(text)


def read_pdf(path: Path, progress: Callable[[float], None] | None = None) -> RawDocument:
    """Read all pages; `progress` gets the share done.

    Raises Rejected for files that are broken, encrypted, or hold no text to speak of.
    """
    level = _logger.level
    _logger.setLevel(logging.CRITICAL)
    try:
        reader = _open(path)
        raw = _collect(reader, progress)
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise Rejected("Die PDF-Datei ist beschädigt und lässt sich nicht lesen.") from error
    finally:
        _logger.setLevel(level)
    _require_text(raw)
    return raw


def _open(path: Path) -> PdfReader:
    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Rejected("Die PDF-Datei ist mit einem Kennwort verschlüsselt.")
    if not len(reader.pages):
        raise Rejected("Die PDF-Datei hat keine Seiten.")
    return reader


def _collect(reader: PdfReader, progress: Callable[[float], None] | None) -> RawDocument:
    raw = RawDocument([], page_count=len(reader.pages))
    named = "/PageLabels" in (reader.root_object or {})
    raw.labels = list(reader.page_labels) if named else [""] * raw.page_count
    for number, page in enumerate(reader.pages):
        raw.height = max(raw.height, float(page.mediabox.height))
        raw.lines.extend(_page_lines(page, number))
        if progress:
            progress((number + 1) / raw.page_count)
    return raw


def _page_lines(page: PageObject, number: int) -> list[Line]:
    collector = _PageLines(number)
    page.extract_text(visitor_text=collector.visit)
    kept: list[Line] = []
    lines = collector.lines
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if is_bullet(line.text) and following is not None and _leads(line, following):
            following.bullet = True
            continue
        bullet, text = (False, line.text.strip()) if is_bullet(line.text) else split_bullet(clean_characters(line.text))
        line.bullet, line.text = line.bullet or bullet, text
        if line.text.isprintable() and line.text:
            kept.append(line)
    return kept


def _leads(mark: Line, line: Line) -> bool:
    """Whether a mark set as a line of its own is the bullet of the next line, not a mark in a table's column."""
    return abs(mark.y - line.y) <= 0.6 * line.size and 0 < line.x - mark.x <= _BULLET_GAP


def _require_text(raw: RawDocument) -> None:
    letters = [0] * raw.page_count
    for line in raw.lines:
        letters[line.page] += sum(map(str.isalpha, line.text))
    empty = [number + 1 for number, count in enumerate(letters) if count < _MIN_LETTERS]
    if 2 * len(empty) > raw.page_count:
        raise Rejected(
            f"{len(empty)} von {raw.page_count} Seiten enthalten keinen lesbaren Text "
            "(vermutlich ein Scan oder Bild; bitte mit Texterkennung neu speichern)."
        )
    if empty:
        raw.warnings.append("Seiten ohne lesbaren Text: " + ", ".join(map(str, empty)))
