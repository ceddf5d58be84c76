"""Which pages are read from their picture, and what is read there as words of the layout.

Words that it hardly recognises, and numbers, dates and item numbers of which the program is not sure are replaced by a
mark before anything is made of a page, so that nobody counts or quotes them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from statistics import median
from typing import Any, NamedTuple

from ingest.layout.drawing import DrawnPage
from ingest.layout.segments import around
from ingest.layout.tesseract import PictureToken, find_program, read_picture
from ingest.layout.words import PrintedWord, place_word
from ingest.stream import Style, clean_characters
from prompts import say
from vectorstore.quantities import located

LEAST_LETTERS = 12  # of a page that counts as having text
_READABLE, _LEAST_WORDS = 0.6, 20  # share of words that are like words from which a page is text, of so many or more
_MOST_IMAGE = 100_000_000  # pixels in the pictures of a page that is drawn for this: each takes a byte or more
_SURE, _LEGIBLE = 90.0, 30.0  # confidence from which a number is accepted, and a word
_CLEAR = 60.0  # confidence of one word of a line from which the line is text, and of what is not like a word
_SAME_SIZE = 0.13  # of the size: letters whose sizes differ by less are of one size, a picture tells them no better
_DEPTH, _FLAT, _HEIGHT = 0.21, 0.52, 0.73  # of the size: below the baseline, up to flat letters, up to tall ones
_DEEP, _TALL = re.compile(r"[gjpqyQ,;()\[\]{}|/§]"), re.compile(r"[^acemnorsuvwxzgpqy.,;:–-]")
_NUMBERING = re.compile(r"\(?(?:[IVXLC]{1,5}|[A-Za-z])[.)]|[IVX]{2,5}")
_FIGURE = re.compile(r"[-–+±]?\d[\d.,:/–-]*[^\W\d_]{0,3}²?")
_WORD = re.compile(r"[^\W\d_]{1,3}|(?=.*[aeiouyäöü])[^\W\d_]+(?:[-–/.'’:*&][^\W\d_]+)*", re.IGNORECASE)
_SIGNS = frozenset("-–—+&/=%€§•☐☒☑")
_SHORT = 3  # letters of a word that is none where it is hardly recognised
_EDGES = "()[]{}<>\"'„“”‚‘’»«›‹.,;:!?*…·•§&+=/|–—_~€%-"


class ScannedPage(NamedTuple):
    """What was read from the picture of a page: its words, and a row for each with its box (see `records.Scan`)."""

    words: tuple[PrintedWord, ...]
    rows: str


class PictureReader:
    """Reads pages of one document from their pictures, `most` at most; `ask` is told before each how many they are.

    Letters of about one size get one size over all pages.
    """

    def __init__(self, most: int, ask: Callable[[int], None]) -> None:
        self._most, self._ask = most, ask
        self._read = 0
        self._sizes: Counter[float] = Counter()

    def read(self, page: Any, turn: int, words: Sequence[PrintedWord], drawn: DrawnPage | None) -> ScannedPage | None:
        """Return what the picture of a page shows as it is looked at, turned by so many degrees.

        None for a page that has readable text, and where the picture is not read or gives no better words.
        """
        before = [word.text for word in words]
        if drawn is None or not drawn.objects or self._read >= self._most or is_readable(before):
            return None
        program = find_program() if drawn.count_pixels() <= _MOST_IMAGE else None
        if program is None:
            return None
        self._read += 1
        self._ask(self._read)
        page.set_rotation(turn)
        lines = [text for line in read_picture(page, program) if (text := drop_drawings(line))]
        page.set_rotation(0)
        results = [token.text for line in lines for token in line]
        if readable_share(results) <= readable_share(before):
            return None
        lines = [mark_doubtful(line) for line in lines]
        return ScannedPage(tuple(self._make_words(lines)), "\n".join(_row(token) for line in lines for token in line))

    def _make_words(self, lines: Sequence[Sequence[PictureToken]]) -> Iterator[PrintedWord]:
        """Yield the words of lines, each set on its line's baseline in its line's size."""
        measures = [_measure(line) for line in lines]
        letters = [sum(len(token.text) for token in line) for line in lines]
        sizes = dict[int, float]()
        for place in sorted(range(len(lines)), key=letters.__getitem__, reverse=True):
            sizes[place] = self._common_size(measures[place][0])
            self._sizes[sizes[place]] += letters[place]
        for place, line in enumerate(lines):
            style = Style(sizes[place])
            for token in line:
                yield place_word(token.text, token.box.left, token.box.right, measures[place][1], style)

    def _common_size(self, size: float) -> float:
        known = [other for other in self._sizes if abs(other - size) <= _SAME_SIZE * other]
        return max(known, key=self._sizes.__getitem__, default=round(2 * size) / 2 or 0.5)


def is_readable(words: Sequence[str]) -> bool:
    """True for words of a page that are text that people read."""
    share = readable_share(words)
    return share >= _READABLE or (share > 0.0 and len(words) < _LEAST_WORDS)


def readable_share(words: Iterable[str]) -> float:
    """Return the share of words that are like words or numbers, signs aside; 0 without text to speak of."""
    bare = [text for word in words if (text := word.strip(_EDGES))]
    if sum(map(str.isalpha, "".join(bare))) < LEAST_LETTERS:
        return 0.0
    return sum(map(_is_wordlike, bare)) / len(bare)


def _is_wordlike(text: str) -> bool:
    return bool(_WORD.fullmatch(text) or _FIGURE.fullmatch(text))


def drop_drawings(line: Sequence[PictureToken]) -> list[PictureToken]:
    """Return the words of a line without what was made of lines and symbols; nothing where no word is clear."""
    words = [token for token in line if not _is_drawn(token)]
    return words if any(map(_is_clear, words)) else []


def _is_drawn(token: PictureToken) -> bool:
    """True for strokes, brackets and the like, and for short texts that are hardly recognised."""
    if token.confidence >= _CLEAR:
        return token.text not in _SIGNS and not token.text.strip(_EDGES)
    return _is_illegible(token) and sum(map(str.isalnum, token.text)) < _SHORT


def _is_illegible(token: PictureToken) -> bool:
    """True for a word that is hardly recognised, or recognised badly as something that is like no word."""
    is_word = _is_wordlike(token.text.strip(_EDGES))
    return token.confidence < (_LEGIBLE if is_word else _CLEAR) and token.text not in _SIGNS


def _is_clear(token: PictureToken) -> bool:
    text = token.text.strip(_EDGES)
    if is_number(text):
        return token.confidence >= _SURE
    return token.confidence >= _CLEAR and len(text) >= _SHORT and _WORD.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """True for what has a digit, and for the letters and Roman numerals that number items."""
    return any(map(str.isdigit, text)) or _NUMBERING.fullmatch(text) is not None


def mark_doubtful(line: Sequence[PictureToken]) -> list[PictureToken]:
    """Return a line with marks in place of illegible words and of numbers and dates that are not sure as a whole."""
    doubtful = {place for place, token in enumerate(line) if _is_illegible(token)}
    for figure in _figures(line):
        if any(line[place].confidence < _SURE for place in figure):
            doubtful.update(place for place in figure if line[place].confidence < _SURE or is_number(line[place].text))
    marked = list[PictureToken]()
    for is_doubtful, places in groupby(range(len(line)), key=doubtful.__contains__):
        tokens = [line[place] for place in places]
        marked += [_mark(tokens)] if is_doubtful else tokens
    return marked


def _figures(line: Sequence[PictureToken]) -> Iterator[list[int]]:
    """Yield the places of the words that are one figure: numbers side by side, a number with its unit, a date."""
    for is_figure, places in groupby(range(len(line)), key=lambda place: is_number(line[place].text)):
        if is_figure:
            yield list(places)
    owners = [place for place, token in enumerate(line) for _ in f"{token.text} "]
    for result in located(" ".join(token.text for token in line)):
        yield sorted(set(owners[result.start : result.end]))


def _mark(tokens: Sequence[PictureToken]) -> PictureToken:
    box = around(token.box for token in tokens)
    return PictureToken(say("reading.illegible"), box, min(token.confidence for token in tokens))


def _measure(line: Sequence[PictureToken]) -> tuple[float, float]:
    """Return size and baseline of a line, from which of its words have letters that are tall or reach below."""
    shapes = [(token.box, bool(_TALL.search(token.text)), bool(_DEEP.search(token.text))) for token in line]
    heights = ((_HEIGHT if is_tall else _FLAT) + is_deep * _DEPTH for _, is_tall, is_deep in shapes)
    size = median((box.bottom - box.top) / height for (box, _, _), height in zip(shapes, heights, strict=True))
    return size, median(box.bottom - is_deep * _DEPTH * size for box, _, is_deep in shapes)


def _row(token: PictureToken) -> str:
    return "\t".join((clean_characters(token.text), *(f"{edge:.1f}" for edge in token.box)))
