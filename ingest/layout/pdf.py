"""Lines with positions from a PDF, in one pass of pypdf's text extraction; a second one where text is hidden."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Collection, Iterator
from typing import Any

import pypdf._page
from pypdf import PageObject, PdfReader
from pypdf._text_extraction import mult
from pypdf._text_extraction._text_extractor import TextExtraction
from pypdf.errors import PyPdfError

from ingest.errors import Reason, Rejected
from ingest.layout.drawing import NotDrawn, drawn_page, opened
from ingest.layout.hidden import Parts, hidden_parts
from ingest.layout.lines import (
    Line,
    RawDocument,
    clean_characters,
    count_invisible,
    is_bullet,
    letter_spaced,
    letters,
    split_bullet,
    squash,
    ticked,
)
from ingest.layout.runs import Run, by_columns, lines_of, upright
from ingest.limits import ReadingLimits
from prompts import say

_BOLD = ("bold", "black", "heavy", "medium")
_BULLET_GAP = 26.0  # points between a bullet and its text, at most
_MIN_LETTERS = 12  # of a page that counts as having text
_SHOWING = {b"Tj": 1, b"TJ": 1, b"'": 1, b'"': 3}  # operators that show text, with their number of operands
_MAX_BOOKMARKS, _MAX_LEVEL = 5_000, 20
_MAX_FORMS = 4_000  # drawn in one page, nested ones included; pypdf stops at 5,000, PDFium at none
_logger = logging.getLogger("pypdf")


class _PageText:
    """Collects the runs of letters of a page, in the order in which they are drawn, None where a line ends.

    `count` is the number of texts that the page's content shows, forms included: PDFium makes one object of each, in
    the same order (a test compares both on every file there is), so that those of some numbers can be left out.
    """

    def __init__(self, without: Collection[int] = ()) -> None:
        self.runs: list[Run | None] = []
        self.pieces: list[str] = []
        self.count = self.forms = 0
        self._without = without
        self._fonts: dict[int, bool] = {}

    def visit(self, operator: bytes, operands: list[Any], cm: list[float], tm: list[float]) -> None:
        """See an operator before it is carried out; a text to be left out is emptied, its place is kept."""
        self.forms += operator == b"Do"
        expected = _SHOWING.get(operator)
        if expected is None or len(operands) < expected:
            return
        del operands[:-expected]  # what is drawn are the last
        shown = operands[-1] if isinstance(operands[-1], list) else operands[-1:]
        if not any(isinstance(part, (str, bytes)) and part for part in shown):
            return
        if self.count in self._without:
            operands[-1] = [] if operator == b"TJ" else b""
        self.count += 1

    def __call__(self, text: str, cm: list[float], tm: list[float], font: dict[str, Any] | None, size: float) -> None:
        """Take one finished piece of text, whose runs were told before; a line feed in it ends the line."""
        if text:
            self.pieces.append(text.rstrip("\n"))
        if text.endswith("\n"):
            self.runs.append(None)

    def tell(self, text: str, before: str, extraction: TextExtraction, begun: float, ended: float) -> None:
        """Take one run that will be part of the next piece; `before` is what the piece holds so far."""
        scale = extraction.char_scale / 1000
        last = before or "".join(self.pieces[-1:])
        place = mult(extraction.tm_matrix, extraction.cm_matrix)
        bold, spaced = self._is_bold(extraction.font_resource), last.endswith(" ")
        ends = (begun * scale, ended * scale)
        self.runs.append(Run.at(text, place, extraction.font_size, ends, bold=bold, spaced=spaced))

    def _is_bold(self, font: dict[str, Any] | None) -> bool:
        """Whether a font is bold by its name."""
        known = self._fonts.get(id(font))
        if known is None:
            name = str((font or {}).get("/BaseFont", "")).lower()
            known = self._fonts[id(font)] = any(word in name for word in _BOLD)
        return known


class _Extraction(TextExtraction):
    """pypdf's own extraction, telling its visitor where each run of letters begins and ends."""

    def _handle_tj_operation(self, operands: list[Any]) -> float:
        collector = self.visitor_text
        if not isinstance(collector, _PageText):
            return super()._handle_tj_operation(operands)
        before, begun = self.text, self._actual_str_size["str_widths"]
        result = super()._handle_tj_operation(operands)
        shown = self.text[len(before) :] if self.text.startswith(before) else self.text
        if shown and isinstance(operands[0], bytes):  # a str is a blank that pypdf has made
            collector.tell(shown, before, self, begun, self._actual_str_size["str_widths"])
        return result


# pypdf has no other place where it could be asked how wide a text is; a test watches that it is asked here.
pypdf._page.TextExtraction = _Extraction  # type: ignore[attr-defined]


def read_pdf(content: bytes, limits: ReadingLimits, progress: Callable[[float], None] | None = None) -> RawDocument:
    """Read all pages of a PDF's bytes; `progress` gets the share done.

    Raises Rejected for files that are broken, encrypted, or hold no text to speak of.
    """
    level = _logger.level
    _logger.setLevel(logging.CRITICAL)
    try:
        reader = _open(content, limits)
        raw = _begun(reader)
        with opened(content) as drawing:
            for number, page in enumerate(reader.pages):
                raw.lines.extend(_visible_lines(page, number, drawing, raw))
                if progress:
                    progress((number + 1) / raw.page_count)
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise Rejected(say("layout.damaged", name="PDF")) from error
    finally:
        _logger.setLevel(level)
    raw.height = max(raw.heights)
    _require_text(raw)
    return raw


def _open(content: bytes, limits: ReadingLimits) -> PdfReader:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Rejected(say("layout.encrypted", name="PDF"), Reason.ENCRYPTED)
    if not len(reader.pages):
        raise Rejected(say("layout.no_pages"), Reason.NO_TEXT)
    limits.check_pages(len(reader.pages))
    return reader


def _begun(reader: PdfReader) -> RawDocument:
    raw = RawDocument([], page_count=len(reader.pages))
    named = "/PageLabels" in (reader.root_object or {})
    raw.labels = list(reader.page_labels) if named else [""] * raw.page_count
    raw.bookmarks = list(_bookmarks(reader, reader.outline, 1))[:_MAX_BOOKMARKS]
    return raw


def _bookmarks(reader: PdfReader, entries: list[Any], level: int) -> Iterator[tuple[int, str, int]]:
    """Yield level, title and page (from 0) of the file's own outline; what points nowhere is left out."""
    for entry in entries if level <= _MAX_LEVEL else ():
        if isinstance(entry, list):
            yield from _bookmarks(reader, entry, level + 1)
            continue
        page = reader.get_destination_page_number(entry)
        title = clean_characters(" ".join(str(entry.title or "").split()))
        if page is not None and page >= 0 and title:
            yield level, title, page


def _visible_lines(page: PageObject, number: int, drawing: Any, raw: RawDocument) -> list[Line]:
    """Return the lines that are to be seen or recognise a picture; `raw` is told of the others."""
    text = _extracted(page)
    lines, height = _lines(text, page, number)
    parts = _parts(page, number, drawing, text) if lines else Parts(0)
    if parts is None:
        raw.unchecked.append(number)
    elif parts.hidden:
        fewer = _extracted(page, parts.hidden)
        left, _ = _lines(fewer, page, number)
        if hidden := sum(len(squash(line.text)) for line in lines) - sum(len(squash(line.text)) for line in left):
            raw.hidden[number] += hidden
            text, lines = fewer, left
    if parts and parts.recognised:
        raw.recognised.append(number)
    shown = "".join(text.pieces)
    if invisible := count_invisible(shown):
        raw.hidden[number] += invisible
    raw.shown.update(letters(shown))
    raw.heights.append(height)
    return lines


def _extracted(page: PageObject, without: Collection[int] = ()) -> _PageText:
    text = _PageText(without)
    page.extract_text(visitor_text=text, visitor_operand_before=text.visit)
    return text


def _lines(text: _PageText, page: PageObject, number: int) -> tuple[list[Line], float]:
    """Return the lines of a page, and how high it is in points."""
    box = page.mediabox
    sides = float(box.left), float(box.bottom), float(box.right), float(box.top)
    height = upright([one for one in text.runs if one], sides, float(page.user_unit))
    return by_columns(_cleaned(lines_of(text.runs, number))), height


def _parts(page: PageObject, number: int, drawing: Any, text: _PageText) -> Parts | None:
    """Return which texts of a page are hidden, None where reading and drawing do not see the same texts."""
    if drawing is None or text.forms > _MAX_FORMS:
        return None
    try:
        with drawn_page(drawing, number, float(page.user_unit)) as drawn:
            parts = hidden_parts(drawn)
    except NotDrawn:
        return None
    return parts if parts.texts == text.count else None


def _cleaned(lines: list[Line]) -> list[Line]:
    """Return the lines without bullets and empty ones, each told whether a bullet leads it."""
    kept: list[Line] = []
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        line.text = ticked(line.text)
        lone = is_bullet(line.text)
        if lone and following is not None and _leads(line, following):
            following.bullet = True
            continue
        bullet, text = (False, line.text.strip()) if lone else split_bullet(clean_characters(line.text))
        line.bullet, line.text = line.bullet or bullet, letter_spaced(text)
        if line.text and line.text.isprintable():
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
        raise Rejected(say("layout.pages_without_text", empty=len(empty), pages=raw.page_count), Reason.NO_TEXT)
    if empty:
        raw.warnings.append(say("reading.without_text", pages=", ".join(map(str, empty))))
