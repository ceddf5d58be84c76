"""Lines with positions from a PDF, in one pass of pypdf's text extraction; a second one where text is hidden."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import pypdf._page
from pypdf import PageObject, PdfReader
from pypdf._text_extraction import mult
from pypdf._text_extraction._text_extractor import TextExtraction
from pypdf.errors import PyPdfError

from ingest.errors import Reason, Rejected
from ingest.layout.drawing import Drawing, NotDrawn
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
from ingest.layout.page_lines import Run, Sheet, by_columns, height, lines_of, run, upright
from ingest.limits import ReadingLimits
from ingest.notices import without_text
from prompts import say

_BOLD = ("bold", "black", "heavy", "semibold", "medium")
_BULLET_GAP = 26.0  # points between a bullet and its text, at most
_MIN_LETTERS = 12  # of a page that counts as having text
_SHOWING = {b"Tj": 1, b"TJ": 1, b"'": 1, b'"': 3}  # operators that show text, with their number of operands
_MAX_BOOKMARKS, _MAX_LEVEL = 5_000, 20
_MAX_FORMS = 4_000  # drawn in one page, nested ones included; pypdf stops at 5,000, PDFium at none
_logger = logging.getLogger("pypdf")


@dataclass(frozen=True, slots=True)
class _PageText:
    """The lines of a page, the number of its invisible characters, all its letters and its height in points."""

    lines: list[Line]
    invisible: int
    letters: Counter[str]
    height: float


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


class _PageRuns:
    """Collects the runs of letters of a page, in the order in which they are drawn, None where a line ends.

    pypdf hands it finished pieces of text; `_Extraction` tells it before of which runs they are made.
    """

    def __init__(self) -> None:
        self.runs: list[Run | None] = []
        self.pieces: list[str] = []
        self.bold = False  # of the font of the next run
        self._fonts: dict[int, bool] = {}
        self._told = False

    def __call__(self, text: str, cm: list[float], tm: list[float], font: dict[str, Any] | None, size: float) -> None:
        """Take one piece of text; a line feed in it ends the line."""
        if not text:
            return
        body = text.rstrip("\n")
        self.pieces.append(body)
        if body.strip() and not self._told:  # a pypdf that is built otherwise: the place is known, the width is not
            self.runs.append(run(body, mult(tm, cm), size, (0.0, 0.5 * size * len(body)), self.is_bold(font), False))
        if len(body) < len(text):
            self.runs.append(None)
        self._told = False

    def tell(self, text: str, before: str, place: list[float], size: float, advance: tuple[float, float]) -> None:
        """Take one run that will be part of the next piece; `before` is what the piece holds so far."""
        last = before or "".join(self.pieces[-1:])
        self.runs.append(run(text, place, size, advance, self.bold, last.endswith(" ")))
        self._told = True

    def is_bold(self, font: dict[str, Any] | None) -> bool:
        """Whether a font is bold by its name."""
        if font is None:
            return False
        known = self._fonts.get(id(font))
        if known is None:
            name = str(font.get("/BaseFont", "")).lower()
            known = self._fonts[id(font)] = any(word in name for word in _BOLD)
        return known


class _Extraction(TextExtraction):
    """pypdf's own extraction, telling its visitor where each run of letters begins and ends."""

    def _handle_tj_operation(self, operands: list[Any]) -> float:
        collector = self.visitor_text
        if not isinstance(collector, _PageRuns):
            return super()._handle_tj_operation(operands)
        before, begun = self.text, self._actual_str_size["str_widths"]
        result = super()._handle_tj_operation(operands)
        shown = self.text[len(before) :] if self.text.startswith(before) else self.text
        if shown and isinstance(operands[0], bytes):  # a str is a blank that pypdf has made
            scale = self.char_scale / 1000
            advance = (begun * scale, self._actual_str_size["str_widths"] * scale)
            place = mult(self.tm_matrix, self.cm_matrix)
            collector.bold = collector.is_bold(self.font_resource)
            collector.tell(shown, before, place, self.font_size, advance)
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
        raw = _collect(reader, content, progress)
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise Rejected(say("layout.damaged", name="PDF")) from error
    finally:
        _logger.setLevel(level)
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


def _collect(reader: PdfReader, content: bytes, progress: Callable[[float], None] | None) -> RawDocument:
    raw = RawDocument([], page_count=len(reader.pages))
    named = "/PageLabels" in (reader.root_object or {})
    raw.labels = list(reader.page_labels) if named else [""] * raw.page_count
    raw.bookmarks = list(_bookmarks(reader, reader.outline, 1))[:_MAX_BOOKMARKS]
    with _drawing(content) as drawing:
        for number, page in enumerate(reader.pages):
            raw.lines.extend(_visible_lines(page, number, drawing, raw))
            raw.height = max(raw.heights)
            if progress:
                progress((number + 1) / raw.page_count)
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


def _drawing(content: bytes) -> Drawing | nullcontext[None]:
    try:
        return Drawing(content)
    except NotDrawn:
        return nullcontext()


def _visible_lines(page: PageObject, number: int, drawing: Drawing | None, raw: RawDocument) -> list[Line]:
    """Return the lines that are to be seen or recognise a picture; `raw` is told of the others."""
    shown = _ShownTexts()
    read = _page_lines(page, number, shown)
    if read.lines:
        parts = _parts(page, number, drawing, shown)
        if parts is None:
            raw.unchecked.append(number)
        elif parts.hidden:
            left = _page_lines(page, number, _ShownTexts(parts.hidden))
            if hidden := _characters(read.lines) - _characters(left.lines):
                raw.hidden[number] += hidden
                read = left
        if parts and parts.recognised:
            raw.recognised.append(number)
    if read.invisible:
        raw.hidden[number] += read.invisible
    raw.shown.update(read.letters)
    raw.heights.append(read.height)
    return read.lines


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


def _page_lines(page: PageObject, number: int, shown: _ShownTexts) -> _PageText:
    """Read a page without the texts that are left out."""
    collector = _PageRuns()
    page.extract_text(visitor_text=collector, visitor_operand_before=shown.visit)
    sheet = _sheet(page)
    turned = upright((one for one in collector.runs if one), sheet)
    lines = lines_of(collector.runs, number)
    invisible = sum(count_invisible(line.text) for line in lines)
    return _PageText(by_columns(_cleaned(lines)), invisible, letters("".join(collector.pieces)), height(sheet, turned))


def _sheet(page: PageObject) -> Sheet:
    box = page.mediabox
    return Sheet(float(box.left), float(box.bottom), float(box.right), float(box.top), float(page.user_unit))


def _cleaned(lines: list[Line]) -> list[Line]:
    """Return the lines without bullets and empty ones, each told whether a bullet leads it."""
    kept: list[Line] = []
    for line in lines:
        line.text = ticked(line.text)
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if is_bullet(line.text) and following is not None and _leads(line, following):
            following.bullet = True
            continue
        bullet, text = (False, line.text.strip()) if is_bullet(line.text) else split_bullet(clean_characters(line.text))
        line.bullet, line.text = line.bullet or bullet, letter_spaced(text)
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
            say("layout.pages_without_text", empty=len(empty), pages=raw.page_count),
            Reason.NO_TEXT,
        )
    if empty:
        raw.warnings.append(without_text(empty))
