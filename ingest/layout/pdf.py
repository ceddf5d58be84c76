"""Lines with positions from a PDF, in one pass of pypdf's text extraction; a second one where text is hidden."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import nullcontext
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from ingest.errors import Reason, Rejected
from ingest.layout.lines import (
    Line,
    RawDocument,
    clean_characters,
    count_invisible,
    is_bullet,
    letters,
    split_bullet,
    squash,
)
from ingest.layout.visible.drawing import Drawing, NotDrawn
from ingest.layout.visible.visibility import Parts, hidden_parts
from ingest.limits import ReadingLimits

_BOLD = ("bold", "black", "heavy", "semibold", "medium")
_BULLET_GAP = 26.0  # points between a bullet and its text, at most
_MIN_LETTERS = 12  # of a page that counts as having text
_SHOWING = {b"Tj": 1, b"TJ": 1, b"'": 1, b'"': 3}  # operators that show text, with their number of operands
_MAX_FORMS = 4_000  # drawn in one page, nested ones included; pypdf stops at 5,000, PDFium at none
_logger = logging.getLogger("pypdf")


class _ShownTexts:
    """Counts the texts of a page as its content shows them, forms included, and leaves out those of some numbers.

    PDFium makes one object of each, in the same order; a test compares both on every file there is.
    """

    def __init__(self, without: Collection[int] = ()) -> None:
        self.count = self.forms = 0
        self._without = without

    def visit(self, operator: bytes, operands: list[Any], cm: list[float], tm: list[float]) -> None:
        """See an operator before it is carried out; a text to be left out is emptied, its place is kept."""
        self.forms += operator == b"Do"
        expected = _SHOWING.get(operator)
        if expected is None or len(operands) < expected:
            return
        del operands[:-expected]  # what is drawn are the last
        if not _shows(operands[-1]):
            return
        if self.count in self._without:
            operands[-1] = [] if operator == b"TJ" else b""
        self.count += 1


def _shows(operand: object) -> bool:
    if isinstance(operand, list):
        return any(isinstance(part, (str, bytes)) and part for part in operand)
    return isinstance(operand, (str, bytes)) and bool(operand)


class _PageLines:
    """Collects the pieces that pypdf hands over into lines; a jump in height or a wide gap starts a new one."""

    def __init__(self, page: int) -> None:
        self.lines: list[Line] = []
        self.shown: list[str] = []
        self._page = page
        self._open = False
        self._end = 0.0
        self._fonts: dict[int, bool] = {}

    def visit(self, text: str, cm: list[float], tm: list[float], font: dict[str, Any] | None, size: float) -> None:
        """Take one piece of text; a line feed in it ends the line."""
        if not text:
            return
        body = text.rstrip("\n")
        self.shown.append(body)
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


def read_pdf(content: bytes, limits: ReadingLimits, progress: Callable[[float], None] | None = None) -> RawDocument:
    """Read all pages of a PDF's bytes; `progress` gets the share done.

    Raises Rejected for files that are broken, encrypted, or hold no text to speak of.
    """
    level = _logger.level
    _logger.setLevel(logging.CRITICAL)
    try:
        reader = _open(content, limits)
        raw = _collect(reader, content, progress)
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise Rejected("Die PDF-Datei ist beschädigt und lässt sich nicht lesen.") from error
    finally:
        _logger.setLevel(level)
    _require_text(raw)
    return raw


def _open(content: bytes, limits: ReadingLimits) -> PdfReader:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Rejected("Die PDF-Datei ist mit einem Kennwort verschlüsselt.", Reason.ENCRYPTED)
    if not len(reader.pages):
        raise Rejected("Die PDF-Datei hat keine Seiten.", Reason.NO_TEXT)
    limits.check_pages(len(reader.pages))
    return reader


def _collect(reader: PdfReader, content: bytes, progress: Callable[[float], None] | None) -> RawDocument:
    raw = RawDocument([], page_count=len(reader.pages))
    named = "/PageLabels" in (reader.root_object or {})
    raw.labels = list(reader.page_labels) if named else [""] * raw.page_count
    with _drawing(content) as drawing:
        for number, page in enumerate(reader.pages):
            raw.height = max(raw.height, float(page.mediabox.height))
            raw.lines.extend(_visible_lines(page, number, drawing, raw))
            if progress:
                progress((number + 1) / raw.page_count)
    return raw


def _drawing(content: bytes) -> Drawing | nullcontext[None]:
    try:
        return Drawing(content)
    except NotDrawn:
        return nullcontext()


def _visible_lines(page: PageObject, number: int, drawing: Drawing | None, raw: RawDocument) -> list[Line]:
    """Return the lines that are to be seen or recognise a picture; `raw` is told of the others."""
    shown = _ShownTexts()
    lines, invisible, all_letters = _page_lines(page, number, shown)
    if lines:
        parts = _parts(page, number, drawing, shown)
        if parts is None:
            raw.unchecked.append(number)
        elif parts.hidden:
            left, invisible, left_letters = _page_lines(page, number, _ShownTexts(parts.hidden))
            if hidden := _characters(lines) - _characters(left):
                raw.hidden[number] += hidden
                lines, all_letters = left, left_letters
        if parts and parts.recognised:
            raw.recognised.append(number)
    if invisible:
        raw.hidden[number] += invisible
    raw.shown.update(all_letters)
    return lines


def _parts(page: PageObject, number: int, drawing: Drawing | None, shown: _ShownTexts) -> Parts | None:
    """Return which texts of a page are hidden, None where reading and drawing do not see the same texts."""
    if drawing is None or shown.forms > _MAX_FORMS:
        return None
    try:
        with drawing.page(number, float(page.user_unit)) as drawn:
            parts = hidden_parts(drawn)
    except NotDrawn:
        return None
    return parts if parts.texts == shown.count else None


def _characters(lines: list[Line]) -> int:
    return sum(len(squash(line.text)) for line in lines)


def _page_lines(page: PageObject, number: int, shown: _ShownTexts) -> tuple[list[Line], int, Counter[str]]:
    """Return the lines of a page without the texts that are left out, its invisible characters' number, all letters."""
    collector = _PageLines(number)
    page.extract_text(visitor_text=collector.visit, visitor_operand_before=shown.visit)
    kept: list[Line] = []
    lines = collector.lines
    invisible = sum(count_invisible(line.text) for line in lines)
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if is_bullet(line.text) and following is not None and _leads(line, following):
            following.bullet = True
            continue
        bullet, text = (False, line.text.strip()) if is_bullet(line.text) else split_bullet(clean_characters(line.text))
        line.bullet, line.text = line.bullet or bullet, text
        if line.text.isprintable() and line.text:
            kept.append(line)
    return kept, invisible, letters("".join(collector.shown))


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
            "(vermutlich ein Scan oder Bild; bitte mit Texterkennung neu speichern).",
            Reason.NO_TEXT,
        )
    if empty:
        raw.warnings.append("Seiten ohne lesbaren Text: " + ", ".join(map(str, empty)))
