"""The words of a PDF page with box, baseline, style and turn.

The page is turned so that most of its letters are upright; coordinates are in points from its top
left corner then. Calls of PDFium for single characters are slow, so these are made only where words
begin or end and styles change.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from ctypes import byref, c_double
from dataclasses import dataclass
from typing import Any, NamedTuple

from pypdfium2 import raw

from ingest.layout.pdf_objects import DrawnPage, PageObject, address_of
from ingest.layout.runs import RunRole, TextRun
from ingest.stream import Box, Style, find_invisible

_ASCENT, _DESCENT = (
    0.8,
    0.2,
)  # of the type size: how far letters reach above and below their baseline
_WORD = re.compile(
    r"[^\s\x00\x02\ufffe]*[\x02\ufffe]|[^\s\x00\x02\ufffe]+"
)  # a word ends with a line-end hyphen
_LINE_HYPHEN = {0xFFFE: "-", 0x02: "-"}  # what PDFium gives for a hyphen at the end of a line
_OFF_LINE = 0.7  # of the type size: letters further from a baseline are on another line
_DEFAULT_SIZE = 10.0  # points, for letters whose text object is not known


class PrintedWord(NamedTuple):
    """A printed word; `turn` counts quarter turns clockwise against the page, `pieces` are its
    parts by style.
    """

    text: str
    box: Box
    baseline: float
    style: Style
    turn: int
    pieces: tuple[tuple[str, Style], ...]


@dataclass(frozen=True, slots=True)
class WordFrame:
    """The visible area of a page in PDF points, and by how many quarters clockwise it is turned for
    reading.
    """

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the turned page, in points."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turn % 2 else (width, height)

    def to_page_point(self, x: float, y: float) -> tuple[float, float]:
        """Convert a point from PDF coordinates (y upwards) to x and y from the top left corner of
        the turned page.
        """
        across, down = x - self.left, self.top - y
        width, height = self.right - self.left, self.top - self.bottom
        by_turn = (
            (across, down),
            (height - down, across),
            (width - across, height - down),
            (down, width - across),
        )
        return by_turn[self.turn]

    def to_page_box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Convert a box from PDF coordinates to one from the top left corner of the turned page."""
        (x, y), (u, v) = self.to_page_point(left, bottom), self.to_page_point(right, top)
        return Box(min(x, u), min(y, v), max(x, u), max(y, v))


@dataclass(frozen=True, slots=True)
class PageWords:
    """The visible words of a page, its frame, and its runs that are no body text."""

    words: tuple[PrintedWord, ...]
    frame: WordFrame
    runs: tuple[TextRun, ...]


class _Piece(NamedTuple):
    """Characters of one text object: index of the first in the page's text, the text, and the
    object if known.
    """

    start: int
    text: str
    drawn: PageObject | None


def read_words(page: Any, drawn: DrawnPage | None, hidden: Collection[PageObject]) -> PageWords:
    """Return the words of a page; characters of the `hidden` texts are runs instead."""
    text_page = page.get_textpage()
    try:
        return _WordReader(text_page.raw, page, drawn, hidden).read()
    finally:
        text_page.close()


class _WordReader:
    """Reads the words of a text page of PDFium; `drawn` is None for a page whose objects could not
    be examined.
    """

    def __init__(
        self, text_page: Any, page: Any, drawn: DrawnPage | None, hidden: Collection[PageObject]
    ) -> None:
        self._text_page = text_page
        self._bounds = drawn.frame if drawn is not None else page.get_bbox()
        self._drawn: Mapping[int, PageObject] = (
            {address_of(text.handle): text for text in drawn.texts} if drawn else {}
        )
        self._hidden_addresses = {address_of(text.handle) for text in hidden}
        self._runs: list[TextRun] = []

    def read(self) -> PageWords:
        """Return the words, in the frame in which most of their letters are upright."""
        text = _read_characters(self._text_page)
        words = [
            pieces
            for match in _WORD.finditer(text)
            for pieces in self._split_word(match.start(), match[0])
        ]
        letters: Counter[int] = Counter()
        for pieces in words:
            for piece in pieces:
                letters[_turn_of(piece.drawn)] += len(piece.text)
        main_turn = letters.most_common(1)[0][0] if letters else 0
        left, bottom, right, top = self._bounds
        frame = WordFrame(left, bottom, right, top, -main_turn % 4)
        printed = tuple(self._make_word(pieces, frame) for pieces in words)
        return PageWords(printed, frame, (*self._runs, *find_invisible(text)))

    def _split_word(self, start: int, text: str) -> Iterator[list[_Piece]]:
        """Yield the visible pieces of each word in a run of characters; another turn or line begins
        another word.
        """
        word: list[_Piece] = []
        for piece in self._split_by_object(start, text):
            if piece.drawn is not None and address_of(piece.drawn.handle) in self._hidden_addresses:
                self._runs.append(TextRun(piece.text, RunRole.HIDDEN))
            elif word and self._is_separate(word[-1], piece):
                yield word
                word = [piece]
            else:
                word.append(piece)
        if word:
            yield word

    def _is_separate(self, first: _Piece, second: _Piece) -> bool:
        """True if two pieces are turned differently, or are not one after the other on one line."""
        turn = _turn_of(first.drawn)
        if turn != _turn_of(second.drawn):
            return True
        (x, y), (u, v) = self._baseline_start(first.start), self._baseline_start(second.start)
        # from the first piece to the second: along the line, and off it; for 0, 1, 2 and 3 quarter
        # turns
        along, down = ((u - x, v - y), (y - v, u - x), (x - u, y - v), (v - y, x - u))[turn]
        return along < 0 or abs(down) > _OFF_LINE * max(
            _style_of(first.drawn).size, _style_of(second.drawn).size
        )

    def _split_by_object(self, start: int, text: str) -> Iterator[_Piece]:
        """Yield the pieces of a run of characters by text object; if both ends are of one object,
        it is one piece.
        """
        first_object, last_object = (
            self._object_address(start),
            self._object_address(start + len(text) - 1),
        )
        if first_object == last_object:
            yield _Piece(start, text, self._drawn.get(first_object))
            return
        begin, current = start, first_object
        for index in range(start + 1, start + len(text) + 1):
            address = self._object_address(index) if index < start + len(text) else -1
            if address != current:
                yield _Piece(begin, text[begin - start : index - start], self._drawn.get(current))
                begin, current = index, address

    def _object_address(self, index: int) -> int:
        return address_of(raw.FPDFText_GetTextObject(self._text_page, index))

    def _make_word(self, pieces: list[_Piece], frame: WordFrame) -> PrintedWord:
        """Return the word of some pieces; its style is that of the longest, its box from the first
        to the last.
        """
        parts = tuple(
            (piece.text.translate(_LINE_HYPHEN), _style_of(piece.drawn)) for piece in pieces
        )
        text = "".join(part for part, _ in parts)
        style = max(parts, key=lambda part: len(part[0]))[1]
        turn = (_turn_of(pieces[0].drawn) + frame.turn) % 4
        x, y = self._baseline_start(pieces[0].start)
        last_index = pieces[-1].start + len(pieces[-1].text) - 1
        box = frame.to_page_box(*self._box_of(last_index))
        if turn:
            first_box = frame.to_page_box(*self._box_of(pieces[0].start))
            full_box = Box(*map(min, first_box[:2], box[:2]), *map(max, first_box[2:], box[2:]))
            return PrintedWord(text, full_box, full_box.bottom, style, turn, parts)
        left, baseline = frame.to_page_point(x, y)
        return make_word(text, left, box.right, baseline, style)._replace(pieces=parts)

    def _baseline_start(self, index: int) -> tuple[float, float]:
        x, y = c_double(), c_double()
        raw.FPDFText_GetCharOrigin(self._text_page, index, byref(x), byref(y))
        return x.value, y.value

    def _box_of(self, index: int) -> tuple[float, float, float, float]:
        left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
        raw.FPDFText_GetCharBox(
            self._text_page, index, byref(left), byref(right), byref(bottom), byref(top)
        )
        return left.value, bottom.value, right.value, top.value


def make_word(text: str, left: float, right: float, baseline: float, style: Style) -> PrintedWord:
    """Return an upright word in one style; its height follows from the type size."""
    top, bottom = baseline - _ASCENT * style.size, baseline + _DESCENT * style.size
    return PrintedWord(
        text, Box(left, top, max(right, left + 0.1), bottom), baseline, style, 0, ((text, style),)
    )


def _read_characters(text_page: Any) -> str:
    """Return the text of a page in which each character is at its index in PDFium."""
    count = max(raw.FPDFText_CountChars(text_page), 0)
    buffer = (raw.FPDF_WCHAR * (count + 1))()
    if raw.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", errors="replace")
        if len(text) == count:
            return text
    return "".join(chr(raw.FPDFText_GetUnicode(text_page, index)) for index in range(count))


def _turn_of(drawn: PageObject | None) -> int:
    """Return by how many quarters clockwise the letters of a text are turned."""
    if drawn is None:
        return 0
    a, b, _, _, _, _ = drawn.matrix
    return round(-math.atan2(b, a) / (math.pi / 2)) % 4


def _style_of(drawn: PageObject | None) -> Style:
    if drawn is None:
        return Style(_DEFAULT_SIZE)
    red, green, blue = drawn.colour
    return Style(round(2 * drawn.type_size) / 2 or 0.5, drawn.bold, red << 16 | green << 8 | blue)
