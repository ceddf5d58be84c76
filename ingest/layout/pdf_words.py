"""The words of a PDF page with box, baseline, style and turn.

The page is turned so that most of its letters are upright; coordinates are in points from its top
left corner then. Calls of PDFium for single characters are slow, so these are made only where words
begin or end and styles change.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from pypdfium2 import raw

from ingest.layout.glyphs import FirstPrints, get_box, get_origin, join_dots
from ingest.layout.pdf_objects import (
    IDENTITY,
    Bounds,
    DrawnPage,
    Matrix,
    PageObject,
    address_of,
    move_box,
    transform_point,
)
from ingest.layout.runs import RAISED_DIGITS, RunRole, TextRun, is_note_mark, raise_exponent
from ingest.layout.tags import NO_TAG, Tag, read_tags
from ingest.stream import Box, Style, find_invisible

# of the type size: how far letters reach above and below their baseline
_ASCENT = 0.8
_DESCENT = 0.2
# a word ends with a line-end hyphen
_WORD = re.compile(r"[^\s\x00\x02\ufffe]*[\x02\ufffe]|[^\s\x00\x02\ufffe]+")
_LINE_HYPHEN = {0xFFFE: "-", 0x02: "-"}  # what PDFium gives for a hyphen at the end of a line
_PICTOGRAM = re.compile("[^\\0-\\uffff]")  # and other characters of two codes in UTF-16
_OFF_LINE = 0.7  # of the type size: letters further from a baseline are on another line
_FAINT = 128  # opacity up to which letters are faint, of 255
# of the type size: the marks of notes, and how much higher they are
_SMALL = 0.85
_LEAST_RISE = 0.12
_MOST_RISE = 0.7
_RAISABLE = re.compile(r"[-−–]?[\d⁰¹²³⁴-⁹]")  # what may be a mark of a note, or an exponent
# times the size of the text: an initial. The smallest are two lines high, 2 x 1.2 less the space
# above the letters.
INITIAL = 1.8
# stands for the text object of letters where it is not known
_UNKNOWN = PageObject(
    None, raw.FPDF_PAGEOBJ_TEXT, 0, (0.0, 0.0, 0.0, 0.0), IDENTITY, type_size=10.0
)


class PrintedWord(NamedTuple):
    """A word as printed.

    `turn` counts quarter turns clockwise against the page. `pieces` are the parts of the word by
    style. `struck` is true if it is struck out, `slanted` if it is turned by no whole quarter,
    `faint` if paint shows through it, `typed` if it is the value of a form. `tag` is its tag in the
    file. `mark` is the mark of a note behind the word, `note` the mark of the note that
    begins with it. `position` is its place in the order of the file.
    """

    text: str
    box: Box
    baseline: float
    style: Style
    turn: int
    pieces: tuple[tuple[str, Style], ...]
    struck: bool = False
    slanted: bool = False
    faint: bool = False
    tag: Tag = NO_TAG
    mark: str = ""
    note: str = ""
    typed: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class PageWords:
    """The visible words of a page, and its runs that are no body text. The `frame` moves points of
    the PDF to the page as it is read, on which most letters are turned by `turn` quarters.
    """

    words: tuple[PrintedWord, ...]
    frame: Matrix
    runs: tuple[TextRun, ...]
    turn: int


class _Piece(NamedTuple):
    """Characters of one text object: index of the first in the page's text, the text, and the
    object, `_UNKNOWN` if it is not known.
    """

    start: int
    text: str
    drawn: PageObject


def read_words(
    page: Any, drawn: DrawnPage | None, hidden: Collection[PageObject], turn: int | None = None
) -> PageWords:
    """Return the words of a page; characters of the `hidden` texts are runs instead. `turn` tells
    by how many quarters its letters are turned, if that is known.
    """
    text_page = page.get_textpage()
    try:
        return _WordReader(text_page.raw, page, drawn, hidden).read(turn)
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
        self._bounds = page.get_bbox()
        self._drawn: Mapping[int, PageObject] = {}
        if drawn is not None:
            self._bounds = drawn.frame
            self._drawn = {address_of(text.handle): text for text in drawn.texts}
        self._hidden = hidden
        self._tags = read_tags(page)
        self._marks: dict[int, str] = {}  # of notes, by the start of the piece that they are behind
        self._notes: dict[int, str] = {}  # their marks, by the start of their texts
        self._runs: list[TextRun] = []
        self._first_prints = FirstPrints(text_page, self._drawn.values())

    def read(self, turn: int | None) -> PageWords:
        """Return the words, in the frame in which most of their letters, or those turned by `turn`,
        are upright. So a page of turned tables is read as if it were turned upright.
        """
        text = join_dots(self._text_page, _read_characters(self._text_page))
        words: list[list[_Piece]] = []
        for match in _WORD.finditer(text):
            words += self._split_word(match.start(), match[0])
        words = self._without_note_marks(words)
        letters: Counter[int] = Counter()
        for piece in chain.from_iterable(words):
            letters[piece.drawn.turn] += len(piece.text)
        main_turn = turn
        if main_turn is None:
            main_turn = max(letters, key=letters.__getitem__, default=0)
        frame = _make_frame(self._bounds, -main_turn % 4)
        printed = tuple(self._make_word(pieces, frame, main_turn) for pieces in words)
        return PageWords(printed, frame, (*self._runs, *find_invisible(text)), main_turn)

    def _split_word(self, start: int, text: str) -> Iterator[list[_Piece]]:
        """Yield the visible pieces of each word in a run of characters without blanks. `start` is
        the index of the first character. PDFium gives no blank between some texts, so a piece that
        is turned otherwise, on another line or in another cell begins another word.
        """
        word: list[_Piece] = []
        for piece in self._visible_pieces(start, text):
            if word and self._is_separate(word[-1], piece):
                yield word
                word = []
            word.append(piece)
        if word:
            yield word

    def _visible_pieces(self, start: int, run: str) -> Iterator[_Piece]:
        """Yield the visible pieces of a run of characters. Hidden pieces are stored as runs.
        Letters that are printed twice are read once. Pieces of unknown objects cannot be judged,
        and count as visible.
        """
        for piece in self._split_by_object(start, run):
            if piece.drawn is _UNKNOWN:
                yield piece
            elif piece.drawn in self._hidden:
                self._runs.append(TextRun(piece.text, RunRole.HIDDEN))
            else:
                for index, text in self._first_prints.split(piece.start, piece.text, piece.drawn):
                    yield from _split_raised(_Piece(index, text, piece.drawn))

    def _without_note_marks(self, words: list[list[_Piece]]) -> list[list[_Piece]]:
        """Return words without the small raised digits that mark notes. The marks are stored: as
        runs, and with the word that each is behind or the note that it begins. Other raised digits
        behind a digit become an exponent.

        The first and last piece have no neighbour: None stands for it.
        """
        pieces = [None, *chain.from_iterable(words), None]
        replaced: dict[int, str] = {}  # by the start of a piece: its text, "" for a mark
        context = ""  # the piece before the last
        for before, piece, behind in zip(pieces, pieces[1:], pieces[2:], strict=False):
            if piece is not None and _RAISABLE.match(piece.text):
                text = self._read_raised(context, before, piece, behind)
                if text != piece.text:
                    replaced[piece.start] = text
                if not text:
                    self._runs.append(TextRun(piece.text, RunRole.NOTE_MARK))
            context = before.text if before else ""
        if not replaced:
            return words
        for word in words:
            texts = [replaced.get(piece.start, piece.text) for piece in word]
            changed = [piece._replace(text=text) for piece, text in zip(word, texts, strict=True)]
            word[:] = [piece for piece in changed if piece.text]
        return list(filter(None, words))

    def _read_raised(
        self, context: str, before: _Piece | None, piece: _Piece, behind: _Piece | None
    ) -> str:
        """Return the text of a piece that may be raised: "" if it is the mark of a note. `before`
        and `behind` are the pieces next to it, `context` is the text before these.

        A mark behind a word ("Ziel¹") is stored for this word; a mark before a text begins the
        note, and is stored for this text. The mark is stored in plain digits without a bracket, so
        that "¹" and "1)" are the same. An exponent ("km²", "2 x 10³") is none, and neither is the
        numerator of a fraction.
        """
        digits = unicodedata.normalize("NFKC", piece.text).strip(")")
        if before is not None and self._is_raised(piece, before, before, piece):
            is_fraction = behind is not None and behind.text[0] in "/⁄"
            if is_fraction or not is_note_mark(f"{context} {before.text}", piece.text):
                return raise_exponent(before.text, piece.text)
            self._marks[before.start] = digits
            return ""
        if behind is None or not self._is_raised(piece, behind, piece, behind):
            return piece.text
        if not is_note_mark("", piece.text):
            return piece.text
        self._notes[behind.start] = digits
        return ""

    def _is_raised(self, mark: _Piece, text: _Piece, first: _Piece, second: _Piece) -> bool:
        """True if a mark is raised against a text, and directly beside it. Of both, `first` is the
        left and `second` the right one.

        A usual digit must be smaller than the text and stand above its line. A raised character
        ("²") has its shape already, so it must be on the same line. Turned marks are not looked
        for.
        """
        size = _style_of(text.drawn).size
        page = self._text_page
        rise = get_origin(page, mark.start)[1] - get_origin(page, text.start)[1]
        if RAISED_DIGITS.fullmatch(mark.text):
            is_raised = abs(rise) < _LEAST_RISE * size
        else:
            is_small = _style_of(mark.drawn).size <= _SMALL * size
            is_raised = is_small and _LEAST_RISE * size <= rise <= _MOST_RISE * size
        if mark.drawn.turn or not is_raised:
            return False
        end = get_box(page, _last_index(first))[2]
        return bool(abs(get_origin(page, second.start)[0] - end) <= size / 2)

    def _is_separate(self, first: _Piece, second: _Piece) -> bool:
        """True if two pieces are not parts of one word: they are turned differently, they are in
        different cells by the tags of the file, or the second does not follow the first on its
        line. Beside an initial, which is several lines high, it does so only on the same baseline.
        """
        turn = first.drawn.turn
        is_in_cell = self._tag_of(first).cell == self._tag_of(second).cell
        if turn != second.drawn.turn or not is_in_cell:
            return True
        x, y = get_origin(self._text_page, first.start)
        u, v = get_origin(self._text_page, second.start)
        across, up = u - x, v - y  # from the first piece to the second
        along = (across, -up, -across, up)[turn]  # along the line, by quarter turns
        off_line = (up, across)[turn % 2]
        size, next_size = _style_of(first.drawn).size, _style_of(second.drawn).size
        most_off_line = _OFF_LINE * max(size, next_size)
        if size >= INITIAL * next_size and second.text[0].isalpha():
            most_off_line = _LEAST_RISE * next_size
        return along < 0 or abs(off_line) > most_off_line

    def _split_by_object(self, start: int, text: str) -> Iterator[_Piece]:
        """Yield the pieces of a run of characters, one for each text object. Only if the ends of a
        run are of two objects, the characters between are looked up, because each call of PDFium is
        slow.
        """
        end = start + len(text)
        begin, current = start, self._object_address(start)
        if current != self._object_address(end - 1):
            for index in range(start + 1, end):
                address = self._object_address(index)
                if address != current:
                    part = text[begin - start : index - start]
                    yield self._make_piece(begin, part, current)
                    begin, current = index, address
        yield self._make_piece(begin, text[begin - start :], current)

    def _make_piece(self, start: int, text: str, address: int) -> _Piece:
        return _Piece(start, text, self._drawn.get(address, _UNKNOWN))

    def _object_address(self, index: int) -> int:
        return address_of(raw.FPDFText_GetTextObject(self._text_page, index))

    def _make_word(self, pieces: list[_Piece], frame: Matrix, main_turn: int) -> PrintedWord:
        """Return the word of some pieces on a page whose letters are turned by `main_turn`. It has
        the style of the longest piece.

        The box of an upright word reaches from where its first letter begins to the right edge of
        its last; its height follows from the type size. The box of a turned word is that around its
        first and last letter. Its baseline is the bottom of the box.
        """
        parts = tuple(
            (piece.text.translate(_LINE_HYPHEN), _style_of(piece.drawn)) for piece in pieces
        )
        text = "".join(part for part, _ in parts)
        _, style = max(parts, key=lambda part: len(part[0]))
        turn = (pieces[0].drawn.turn - main_turn) % 4
        box = Box(*move_box(get_box(self._text_page, _last_index(pieces[-1])), frame))
        if turn:
            first_box = move_box(get_box(self._text_page, pieces[0].start), frame)
            box = Box(*map(min, first_box[:2], box[:2]), *map(max, first_box[2:], box[2:]))
            word = PrintedWord(text, box, box.bottom, style, turn, parts)
        else:
            start = get_origin(self._text_page, pieces[0].start)
            left, baseline = transform_point(*start, frame)
            word = make_word(text, left, box.right, baseline, style)
        return word._replace(
            pieces=parts,
            slanted=pieces[0].drawn.slanted,
            faint=pieces[0].drawn.alpha <= _FAINT,
            tag=self._tag_of(pieces[0]),
            mark="".join(self._marks.get(piece.start, "") for piece in pieces),
            note=self._notes.get(pieces[0].start, ""),
        )

    def _tag_of(self, piece: _Piece) -> Tag:
        return self._tags.get(piece.drawn.content_id, NO_TAG)


def _make_frame(bounds: Bounds, turn: int) -> Matrix:
    """Return the matrix from points of the PDF (y upwards) to points from the top left corner of
    the visible area (`bounds`), which is turned by `turn` quarters clockwise. `by_turn` holds the
    matrices for no, one, two and three quarters.
    """
    left, bottom, right, top = bounds
    by_turn = (
        (1.0, 0.0, 0.0, -1.0, -left, top),
        (0.0, 1.0, 1.0, 0.0, -bottom, -left),
        (-1.0, 0.0, 0.0, 1.0, right, -bottom),
        (0.0, -1.0, -1.0, 0.0, top, right),
    )
    return by_turn[turn]


def _split_raised(piece: _Piece) -> Iterator[_Piece]:
    """Yield the parts of a piece that are raised digits ("²"), and those that are not: a raised
    digit may be the mark of a note, though it is drawn with its word. Text in ASCII has none.
    """
    if piece.text.isascii():
        yield piece
        return
    start = piece.start
    for part in RAISED_DIGITS.split(piece.text):
        if part:
            yield _Piece(start, part, piece.drawn)
        start += len(part)


def _last_index(piece: _Piece) -> int:
    return piece.start + len(piece.text) - 1


def make_word(text: str, left: float, right: float, baseline: float, style: Style) -> PrintedWord:
    """Return an upright word in one style; its height follows from the type size."""
    top, bottom = baseline - _ASCENT * style.size, baseline + _DESCENT * style.size
    return PrintedWord(
        text, Box(left, top, max(right, left + 0.1), bottom), baseline, style, 0, ((text, style),)
    )


def _read_characters(text_page: Any) -> str:
    """Return the text of a page, in which each character has the same index as in PDFium, which
    counts a pictogram twice: behind it a soft hyphen, which is no text, is put. Usually the whole
    text is read at once. Where that does not give one character for each index, the characters are
    asked for one by one.
    """
    count = max(raw.FPDFText_CountChars(text_page), 0)
    buffer = (raw.FPDF_WCHAR * (count + 1))()
    if raw.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", errors="replace")
        text = _PICTOGRAM.sub("\\g<0>\u00ad", text)
        if len(text) == count:
            return text
    return "".join(chr(raw.FPDFText_GetUnicode(text_page, index)) for index in range(count))


def _style_of(drawn: PageObject) -> Style:
    red, green, blue = drawn.colour
    return Style(round(2 * drawn.type_size) / 2 or 0.5, drawn.bold, red << 16 | green << 8 | blue)
