"""The words of a page with box, baseline, style and turn: bulk text, PDFium asked for more only where a style changes.

The page is turned so that most of its letters are upright; places are in points from its top left corner then.
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

from ingest.layout.drawing import Drawn, DrawnPage, address_of
from ingest.stream import Box, Style, count_invisible

_ASCENT, _DESCENT = 0.8, 0.2  # of the size: how far letters reach above and below their baseline
_WORD = re.compile(r"[^\s\x00\x02\ufffe]*[\x02\ufffe]|[^\s\x00\x02\ufffe]+")  # a hyphen ends what its line ends
_LINE_HYPHEN = {0xFFFE: "-", 0x02: "-"}  # what PDFium gives for a hyphen at the end of a line
_OFF_LINE = 0.7  # of the size: how far from a baseline letters are on another line
_PLAIN_SIZE = 10.0  # of letters of which nothing is known


class PrintedWord(NamedTuple):
    """A printed word; `turn` counts quarters clockwise against the page, `pieces` are its parts by style."""

    text: str
    box: Box
    baseline: float
    style: Style
    turn: int
    pieces: tuple[tuple[str, Style], ...]


@dataclass(frozen=True, slots=True)
class WordFrame:
    """What of a page is shown, and how many quarters it is turned clockwise so that most letters are upright."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as the page is read."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turn % 2 else (width, height)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the page's content is, from the top left corner of the page as it is read."""
        across, down = x - self.left, self.top - y
        width, height = self.right - self.left, self.top - self.bottom
        turned = ((across, down), (height - down, across), (width - across, height - down), (down, width - across))
        return turned[self.turn]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a box as the page is read."""
        (x, y), (u, v) = self.place(left, bottom), self.place(right, top)
        return Box(min(x, u), min(y, v), max(x, u), max(y, v))


@dataclass(frozen=True, slots=True)
class PageWords:
    """The visible words of a page, the page's frame, and how many characters are hidden or have no shape."""

    words: tuple[PrintedWord, ...]
    frame: WordFrame
    hidden: int
    invisible: int


class _Piece(NamedTuple):
    """Letters of one text object: their first character, the text, and the object, None where it is not known."""

    start: int
    text: str
    drawn: Drawn | None


def read_words(page: Any, drawn: DrawnPage | None, hidden: Collection[Drawn]) -> PageWords:
    """Return the words of a page without those of hidden texts."""
    text_page = page.get_textpage()
    try:
        return _WordReader(text_page.raw, page, drawn, hidden).read()
    finally:
        text_page.close()


class _WordReader:
    def __init__(self, text_page: Any, page: Any, drawn: DrawnPage | None, hidden: Collection[Drawn]) -> None:
        self._page = text_page
        self._bounds = drawn.frame if drawn is not None else page.get_bbox()
        self._drawn: Mapping[int, Drawn] = {address_of(text.handle): text for text in drawn.texts} if drawn else {}
        self._gone = {address_of(text.handle) for text in hidden}
        self._hidden = 0

    def read(self) -> PageWords:
        text = _characters(self._page)
        words = [pieces for match in _WORD.finditer(text) for pieces in self._split(match.start(), match[0])]
        letters: Counter[int] = Counter()
        for pieces in words:
            for piece in pieces:
                letters[_turn(piece.drawn)] += len(piece.text)
        upright = letters.most_common(1)[0][0] if letters else 0
        left, bottom, right, top = self._bounds
        frame = WordFrame(left, bottom, right, top, -upright % 4)
        read = tuple(self._word(pieces, frame) for pieces in words)
        return PageWords(read, frame, self._hidden, count_invisible(text))

    def _split(self, start: int, text: str) -> Iterator[list[_Piece]]:
        """Yield the visible pieces of a word, those of another turn or line as a word of their own."""
        word: list[_Piece] = []
        for piece in self._pieces(start, text):
            if piece.drawn is not None and address_of(piece.drawn.handle) in self._gone:
                self._hidden += len(piece.text)
            elif word and self._is_elsewhere(word[-1], piece):
                yield word
                word = [piece]
            else:
                word.append(piece)
        if word:
            yield word

    def _is_elsewhere(self, first: _Piece, second: _Piece) -> bool:
        """True if two pieces are turned differently, or upright and on different lines."""
        turn = _turn(first.drawn)
        if turn != _turn(second.drawn):
            return True
        (x, y), (u, v) = self._origin(first.start), self._origin(second.start)
        along, down = ((u - x, v - y), (y - v, u - x), (x - u, y - v), (v - y, x - u))[turn]
        return along < 0 or abs(down) > _OFF_LINE * max(_style(first.drawn).size, _style(second.drawn).size)

    def _pieces(self, start: int, text: str) -> Iterator[_Piece]:
        first, last = self._object(start), self._object(start + len(text) - 1)
        if first == last:
            yield _Piece(start, text, self._drawn.get(first))
            return
        begun, before = start, first
        for place in range(start + 1, start + len(text) + 1):
            address = self._object(place) if place < start + len(text) else -1
            if address != before:
                yield _Piece(begun, text[begun - start : place - start], self._drawn.get(before))
                begun, before = place, address

    def _object(self, place: int) -> int:
        return address_of(raw.FPDFText_GetTextObject(self._page, place))

    def _word(self, pieces: list[_Piece], frame: WordFrame) -> PrintedWord:
        styled = tuple((_letters(piece.text), _style(piece.drawn)) for piece in pieces)
        text = "".join(part for part, _ in styled)
        style = max(styled, key=lambda part: len(part[0]))[1]
        turn = (_turn(pieces[0].drawn) + frame.turn) % 4
        x, y = self._origin(pieces[0].start)
        last = pieces[-1].start + len(pieces[-1].text) - 1
        box = frame.box(*self._box(last))
        if turn:
            first = frame.box(*self._box(pieces[0].start))
            whole = Box(*map(min, first[:2], box[:2]), *map(max, first[2:], box[2:]))
            return PrintedWord(text, whole, whole.bottom, style, turn, styled)
        left, baseline = frame.place(x, y)
        return place_word(text, left, box.right, baseline, style)._replace(pieces=styled)

    def _origin(self, place: int) -> tuple[float, float]:
        x, y = c_double(), c_double()
        raw.FPDFText_GetCharOrigin(self._page, place, byref(x), byref(y))
        return x.value, y.value

    def _box(self, place: int) -> tuple[float, float, float, float]:
        left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
        raw.FPDFText_GetCharBox(self._page, place, byref(left), byref(right), byref(bottom), byref(top))
        return left.value, bottom.value, right.value, top.value


def place_word(text: str, left: float, right: float, baseline: float, style: Style) -> PrintedWord:
    """Return an upright word in one style."""
    top, bottom = baseline - _ASCENT * style.size, baseline + _DESCENT * style.size
    return PrintedWord(text, Box(left, top, max(right, left + 0.1), bottom), baseline, style, 0, ((text, style),))


def _characters(page: Any) -> str:
    """Return the characters of a page, each at the place by which PDFium knows it."""
    count = max(raw.FPDFText_CountChars(page), 0)
    buffer = (raw.FPDF_WCHAR * (count + 1))()
    if raw.FPDFText_GetText(page, 0, count, buffer) == count + 1:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", errors="replace")
        if len(text) == count:
            return text
    return "".join(chr(raw.FPDFText_GetUnicode(page, place)) for place in range(count))


def _letters(text: str) -> str:
    return text.translate(_LINE_HYPHEN)


def _turn(drawn: Drawn | None) -> int:
    """Return how many quarters clockwise the letters of a text are turned."""
    if drawn is None:
        return 0
    a, b, _, _, _, _ = drawn.matrix
    return round(-math.atan2(b, a) / (math.pi / 2)) % 4


def _style(drawn: Drawn | None) -> Style:
    if drawn is None:
        return Style(_PLAIN_SIZE)
    red, green, blue = drawn.colour
    return Style(round(2 * drawn.em) / 2 or 0.5, drawn.bold, red << 16 | green << 8 | blue)
