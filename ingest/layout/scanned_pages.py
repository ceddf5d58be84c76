"""Pages without readable text, read from their picture by text recognition (OCR, see
`tesseract.py`).

Words that are hardly recognised, and numbers, dates and item numbers of low confidence are replaced
by a mark before anything else reads the page, so that they are neither counted nor quoted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby
from statistics import median
from typing import Any, NamedTuple

from ingest.layout.pdf_objects import DrawnPage
from ingest.layout.pdf_words import PrintedWord, make_word
from ingest.layout.segments import bounding_box
from ingest.layout.tesseract import PictureToken, find_program, read_picture
from ingest.stream import Style, clean_characters
from prompts import say
from vectorstore.language import locate_quantities

LEAST_LETTERS = 12  # letters from which a page has text
# share of wordlike words from which text is readable; of fewer words any share. Pages of eleven
# documents have .74 and more (docs/decisions/020-scanned-pages.md).
_READABLE_SHARE = 0.6
_MIN_WORDS = 20
# in the images of a page that is rendered for this: each takes a byte or more
_MAX_PIXELS = 100_000_000
# confidence (0 to 100) from which a number, and a word is accepted
_SURE_NUMBER = 90.0
_LEGIBLE_WORD = 30.0
# confidence from which a word makes its line text, and an unwordlike text is accepted
_CLEAR_WORD = 60.0
_SAME_SIZE = 0.13  # of the size: smaller differences between lines are errors of measurement
# of the size: descenders, heights of flat and of tall letters
_DESCENT = 0.21
_FLAT = 0.52
_TALL = 0.73
_DESCENDERS = re.compile(r"[gjpqyQ,;()\[\]{}|/§]")
_ASCENDERS = re.compile(r"[^acemnorsuvwxzgpqy.,;:–-]")
_NUMBERING = re.compile(r"\(?(?:[IVXLC]{1,5}|[A-Za-z])[.)]|[IVX]{2,5}")  # "a)", "IV.", "XII"
_NUMBER = re.compile(r"[-–+±]?\d[\d.,:/–-]*[^\W\d_]{0,3}²?")  # "12", "3,5", "-12.000", "10m²"
_WORD = re.compile(
    r"[^\W\d_]{1,3}|(?=.*[aeiouyäöü])[^\W\d_]+(?:[-–/.'’:*&][^\W\d_]+)*", re.IGNORECASE
)
# texts that are legible although they have no letter or digit
_SIGNS = frozenset("-–—+&/=%€§•☐☒☑")
_MIN_LETTERS = 3  # shorter texts of low confidence come from drawings
# what may be printed directly before and behind a word or number
_EDGE_SIGNS = "()[]{}<>\"'„“”‚‘’»«›‹.,;:!?*…·•§&+=/|–—_~€%-"


class ScannedPage(NamedTuple):
    """What was read from the picture of a page: its words, and a row of text for each (see
    `records.Scan`).
    """

    words: tuple[PrintedWord, ...]
    rows: str


class PictureReader:
    """Reads pages of a document from pictures, `most` pages at most. Before each page `report` is
    called with the number of pages read so, this page included.
    """

    def __init__(self, most: int, report: Callable[[int], None]) -> None:
        self._most, self._report, self._count = most, report, 0
        self._letters_by_size: Counter[float] = Counter()

    def read(
        self, page: Any, rotation: int, words: Sequence[PrintedWord], drawn: DrawnPage | None
    ) -> ScannedPage | None:
        """Return what is read from the picture of a page. Return None if it is not read, or if this
        is no better than the `words` of the file.

        The page is shown at `rotation` degrees, which it gets back while its picture is made;
        `drawn` are its objects, None if they were not examined. A page is not read then, nor if
        nothing is drawn on it, its words are readable, the limit is reached, Tesseract is missing,
        or its images are too large to render.
        """
        printed = [word.text for word in words]
        if drawn is None or not drawn.objects or self._count >= self._most or is_readable(printed):
            return None
        program = find_program()
        if program is None or drawn.count_pixels() > _MAX_PIXELS:
            return None
        self._count += 1
        self._report(self._count)
        page.set_rotation(rotation)
        lines = list(filter(None, map(drop_drawings, read_picture(page, program))))
        page.set_rotation(0)
        recognised = [token.text for token in chain.from_iterable(lines)]
        if readable_share(recognised) <= readable_share(printed):
            return None
        lines = [mark_doubtful(line) for line in lines]
        rows = map(_row_of, chain.from_iterable(lines))
        return ScannedPage(tuple(self._make_words(lines)), "\n".join(rows))

    def _make_words(self, lines: Sequence[Sequence[PictureToken]]) -> Iterator[PrintedWord]:
        """Yield the words of lines, each on its line's baseline and in its line's size.

        Measured sizes vary from line to line, so they are rounded to sizes that the document has
        already. Long lines come first, as their sizes are measured best.
        """
        measured, baselines = zip(*map(_measure_line, lines), strict=True)
        lengths = list(map(_count_characters, lines))
        sizes = dict[int, float]()
        for index in sorted(range(len(lines)), key=lengths.__getitem__, reverse=True):
            sizes[index] = self._round_to_known_size(measured[index])
            self._letters_by_size[sizes[index]] += lengths[index]
        for index, line in enumerate(lines):
            style = Style(sizes[index])
            for token in line:
                left, _, right, _ = token.box
                yield make_word(token.text, left, right, baselines[index], style)

    def _round_to_known_size(self, size: float) -> float:
        """Return a size rounded to a size of the document, so that lines of one style have one
        size. Of the known sizes close to it the one with most letters is taken. If no known size is
        close, it is rounded to half points.
        """
        known = [
            other for other in self._letters_by_size if abs(other - size) <= _SAME_SIZE * other
        ]
        return max(known, key=self._letters_by_size.__getitem__, default=round(2 * size) / 2 or 0.5)


def _count_characters(line: Sequence[PictureToken]) -> int:
    return sum(len(token.text) for token in line)


def _row_of(token: PictureToken) -> str:
    """Return a recognised word as a row of `records.Scan`."""
    edges = [f"{edge:.1f}" for edge in token.box]
    return "\t".join((clean_characters(token.text), *edges))


def is_readable(words: Sequence[str]) -> bool:
    """True if the words of a page are readable text."""
    share = readable_share(words)
    return share >= _READABLE_SHARE or (share > 0.0 and len(words) < _MIN_WORDS)


def readable_share(words: Iterable[str]) -> float:
    """Return the share of texts that look like words or numbers among the words of a page, from 0
    to 1. Punctuation at the edges and mere signs are left aside. The share is 0 below
    `LEAST_LETTERS` letters: such a page has hardly any text.
    """
    texts = list(filter(None, (word.strip(_EDGE_SIGNS) for word in words)))
    if sum(map(str.isalpha, "".join(texts))) < LEAST_LETTERS:
        return 0.0
    return sum(map(_is_wordlike, texts)) / len(texts)


def _is_wordlike(text: str) -> bool:
    return bool(_WORD.fullmatch(text) or _NUMBER.fullmatch(text))


def drop_drawings(line: Sequence[PictureToken]) -> list[PictureToken]:
    """Return the words of a line without texts that were misread from lines and symbols. The result
    is empty if no word of the line is clear: then all of the line comes from a picture.
    """
    words = [token for token in line if not _is_from_drawing(token)]
    if any(map(_is_clear, words)):
        return words
    return []


def _is_from_drawing(token: PictureToken) -> bool:
    """True for a text that is probably misread from a drawing. If its confidence is high, this
    holds only for mere punctuation ("|", "("), except known signs (`_SIGNS`). If it is low, it
    holds for an illegible text of less than three letters and digits.
    """
    if token.confidence >= _CLEAR_WORD:
        return token.text not in _SIGNS and not token.text.strip(_EDGE_SIGNS)
    return _is_illegible(token) and sum(map(str.isalnum, token.text)) < _MIN_LETTERS


def _is_illegible(token: PictureToken) -> bool:
    """True for a text whose confidence is too low. A text that does not look like a word or number
    needs a higher one (`_CLEAR_WORD`) than a word. Known signs ("%", "€") are always legible.
    """
    if token.text in _SIGNS:
        return False
    if _is_wordlike(token.text.strip(_EDGE_SIGNS)):
        return token.confidence < _LEGIBLE_WORD
    return token.confidence < _CLEAR_WORD


def _is_clear(token: PictureToken) -> bool:
    """True for a number or word that is surely text. A number needs a higher confidence than a
    word, because a misread number still looks like a number. A word must have `_MIN_LETTERS`
    letters.
    """
    text = token.text.strip(_EDGE_SIGNS)
    if is_number(text):
        return token.confidence >= _SURE_NUMBER
    is_long = len(text) >= _MIN_LETTERS
    return token.confidence >= _CLEAR_WORD and is_long and _WORD.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """True for text with a digit, and for letters and Roman numerals that number items: "a)",
    "IV".
    """
    return any(map(str.isdigit, text)) or _NUMBERING.fullmatch(text) is not None


def mark_doubtful(line: Sequence[PictureToken]) -> list[PictureToken]:
    """Return a line with one mark in place of each run of doubtful words: illegible words, and
    numbers and dates of low confidence.

    If one word of a number, quantity or date is doubtful, all its numbers are: of "12 000" with an
    unsure "12", "000" must not stay.
    """
    doubtful = {index for index, token in enumerate(line) if _is_illegible(token)}
    for group in _find_number_groups(line):
        uncertain = {index for index in group if line[index].confidence < _SURE_NUMBER}
        if uncertain:  # words of a date that are no numbers stay if they are certain
            doubtful |= uncertain.union(index for index in group if is_number(line[index].text))
    marked = list[PictureToken]()
    for is_doubtful, indices in groupby(range(len(line)), key=doubtful.__contains__):
        tokens = [line[index] for index in indices]
        if is_doubtful:
            box = bounding_box(token.box for token in tokens)
            confidence = min(token.confidence for token in tokens)
            tokens = [PictureToken(say("reading.illegible"), box, confidence)]
        marked += tokens
    return marked


def _find_number_groups(line: Sequence[PictureToken]) -> Iterator[list[int]]:
    """Yield the indices of words that belong together as a number, quantity or date: "12 000", "5
    Mio. Euro", "3. Mai 2025". First come the runs of numbers, then the quantities found in the text
    of the line; a word may be in several groups.
    """
    numbers = groupby(range(len(line)), key=lambda index: is_number(line[index].text))
    yield from (list(indices) for are_numbers, indices in numbers if are_numbers)
    token_of_character: list[int] = []
    for index, token in enumerate(line):
        token_of_character += [index] * (len(token.text) + 1)  # with the blank behind it
    for quantity in locate_quantities(" ".join(token.text for token in line)):
        yield sorted(set(token_of_character[quantity.start : quantity.end]))


def _measure_line(line: Sequence[PictureToken]) -> tuple[float, float]:
    """Return type size and baseline of a line in points, estimated from the boxes and letter shapes
    of its words.

    How high a box is tells the size only with the letters: "an" is flat, "Bad" is tall, and "p"
    reaches below the baseline. The median of all words of the line is taken, as single boxes are
    often wrong.
    """
    sizes, depths = [], []
    for token in line:
        depth = _DESCENT * bool(_DESCENDERS.search(token.text))
        height = _TALL if _ASCENDERS.search(token.text) else _FLAT
        sizes.append((token.box.bottom - token.box.top) / (height + depth))
        depths.append(depth)
    size = median(sizes)
    edges = zip(line, depths, strict=True)
    return size, median(token.box.bottom - depth * size for token, depth in edges)
