"""Letters of a PDF page that PDFium gives in pieces or twice: dots drawn apart from their letter,
and letters printed twice at a hair's breadth, which readers see as one bold letter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from ctypes import byref, c_double
from itertools import pairwise
from math import floor
from typing import Any

from pypdfium2 import raw

from ingest.layout.pdf_objects import PageObject

_HAIR = 0.12  # of the type size: letters closer together than this are one; an "l" is 0.2 wide
_ROW = 4.0  # points: texts whose baselines are closer are compared
_CROSSING = 0.3  # of the type size by which a text reaches into another one on its line
# a letter twice in a row
_PAIR = re.compile(r"(\S)\1")
_DOTS = re.compile("([aouAOU])( ?)[\u0308\u00a8]( ?)(?=[^\\W\\d_])")  # the blanks are PDFium's own
_GAP = 0.15  # of the type size: letters no further apart are of one word


class FirstPrints:
    """Tells the first printing of a letter from later ones on the same spot."""

    def __init__(self, text_page: Any, texts: Iterable[PageObject]) -> None:
        self._text_page = text_page
        self._crossing = set(map(id, _find_crossing(texts)))
        self._prints: dict[tuple[str, int], list[tuple[float, float, PageObject]]] = {}

    def split(self, start: int, text: str, drawn: PageObject) -> list[tuple[int, str]]:
        """Return the pieces of a text that are printed for the first time, each with the index of
        its first character on the page.

        `start` is the index of the text, `drawn` the object that draws it. To look up each letter
        takes time, so a text is returned whole unless some texts on its line reach into each other,
        or it has its own letters twice.
        """
        if id(drawn) not in self._crossing and not self._is_doubled(start, text, drawn):
            return [(start, text)]
        pieces: list[tuple[int, str]] = []
        follows = False
        for index, char in enumerate(text, start):
            if self._is_repeated(index, char, drawn):
                follows = False
            elif follows:
                pieces[-1] = pieces[-1][0], pieces[-1][1] + char
            else:
                pieces.append((index, char))
                follows = True
        return pieces

    def _is_doubled(self, start: int, text: str, drawn: PageObject) -> bool:
        """True if a text has each letter twice at a hair's breadth ("ZZiieell"). Only the first two
        equal letters in a row are looked at: in "Mittel" they are a letter's width apart.
        """
        pair = _PAIR.search(text)
        if pair is None:
            return False
        (x, y), (u, v) = (get_origin(self._text_page, start + pair.start() + n) for n in (0, 1))
        return 0 < max(abs(x - u), abs(y - v)) <= _HAIR * drawn.type_size

    def _is_repeated(self, index: int, char: str, drawn: PageObject) -> bool:
        """True if the same letter is printed on the same spot already. The first print becomes bold
        by this, as readers see it so. Otherwise the print is stored.

        Prints are stored by letter and row, rows being as high as the type size; the rows above and
        below are looked up too. Letters of one text on exactly one spot are no repetition but a
        ligature, such as "tt".
        """
        x, y = get_origin(self._text_page, index)
        size = max(drawn.type_size, 1.0)
        row = round(y / size)
        for neighbour in (row - 1, row, row + 1):
            for u, v, first in self._prints.get((char, neighbour), ()):
                is_ligature = (u, v) == (x, y) and first is drawn
                if max(abs(x - u), abs(y - v)) <= _HAIR * size and not is_ligature:
                    first.bold = True
                    return True
        self._prints.setdefault((char, row), []).append((x, y, drawn))
        return False


def _find_crossing(texts: Iterable[PageObject]) -> list[PageObject]:
    """Return the texts on lines where one text reaches far into another.

    Each text is put into two rows that overlap by half, so that texts at nearly the same height
    share a row. Two neighbours with the same box become bold here, because PDFium does not
    give the letters of the second one.
    """
    rows: dict[int, list[PageObject]] = defaultdict(list)
    for text in texts:
        baseline = text.matrix[5]
        row = floor(2 * baseline / _ROW)
        rows[row].append(text)
        rows[row + 1].append(text)
    crossing: list[PageObject] = []
    for row_texts in rows.values():
        row_texts.sort(key=lambda text: text.box[0])
        for first, second in pairwise(row_texts):
            if second.box[0] < first.box[2] - _CROSSING * first.type_size:
                crossing += row_texts
                if _is_same_print(first, second):
                    first.bold = second.bold = True
    return crossing


def _is_same_print(first: PageObject, second: PageObject) -> bool:
    """True if two texts have the same box but for a hair."""
    shifts = (abs(a - b) for a, b in zip(first.box, second.box, strict=True))
    return max(shifts) <= _HAIR * first.type_size


def join_dots(text_page: Any, text: str) -> str:
    """Return the text of a page with the dots of umlauts joined to their letters: "a" and "¨" to
    "a" with combining dots, which becomes "ä" when characters are cleaned.

    Each character stays at its index, by which PDFium is asked for its place. So a blank that
    PDFium put in only because of the dots becomes a soft hyphen, which is no text. Nothing is
    joined if the next letter is too far away to be of the same word.
    """

    def join(match: re.Match[str]) -> str:
        letter, before, behind = match.groups()
        if not _is_one_word(text_page, match.start(), match.end()):
            return match[0]
        return letter + "\u0308" + "\u00ad" * len(before + behind)

    return _DOTS.sub(join, text)


def _is_one_word(text_page: Any, letter: int, following: int) -> bool:
    """True if the character at index `following` directly follows the letter at another index."""
    _, _, right, _ = get_box(text_page, letter)
    size = raw.FPDFText_GetFontSize(text_page, letter)
    return bool(get_box(text_page, following)[0] - right <= _GAP * size)


def get_origin(text_page: Any, index: int) -> tuple[float, float]:
    """Return where a character begins on its baseline, in PDF coordinates."""
    x, y = c_double(), c_double()
    raw.FPDFText_GetCharOrigin(text_page, index, byref(x), byref(y))
    return x.value, y.value


def get_box(text_page: Any, index: int) -> tuple[float, float, float, float]:
    """Return the box of a character: left, bottom, right, top in PDF coordinates."""
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    raw.FPDFText_GetCharBox(text_page, index, byref(left), byref(right), byref(bottom), byref(top))
    return left.value, bottom.value, right.value, top.value
