"""PDF files as layouts: read by PDFium, after a repair by pypdf where PDFium cannot open them."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, count, pairwise
from typing import Any

import pypdfium2
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdfium2 import raw

from ingest.errors import Reason, Rejected
from ingest.layout.block_order import order_blocks
from ingest.layout.cells import Block, PageCell, group_lines, make_blocks
from ingest.layout.characters import (
    is_bullet,
    join_spaced_letters,
    measure_bold,
    replace_ticks,
    split_bullet,
)
from ingest.layout.forms import read_form_values
from ingest.layout.furniture import drop_furniture
from ingest.layout.hidden_text import HiddenTexts, find_hidden_texts
from ingest.layout.lights import light_of_colour
from ingest.layout.notes import place_notes
from ingest.layout.paragraphs import open_paragraphs
from ingest.layout.pdf_objects import DrawnPage, PageNotExaminable
from ingest.layout.pdf_words import PrintedWord, read_words
from ingest.layout.runs import RunRole, TextRun
from ingest.layout.scanned_pages import LEAST_LETTERS, PictureReader
from ingest.layout.segments import Segment, text_box
from ingest.layout.strikes import read_strikeouts, strike_words
from ingest.layout.typed_remarks import RemarkReader
from ingest.layout.walls import Walls, make_walls, read_drawing
from ingest.layout.word_roles import find_line_numbers, find_water_marks, join_initials
from ingest.limits import ReadingLimits
from ingest.stream import Cell, Layout, Line, Style, clean_characters, count_letters
from prompts import say

_MOST_BOOKMARKS = 5_000
_MAX_DEPTH = 20
# PDFium gives one word in parts where its style changes
_WORD_GAP = 0.12  # of the type size: words no further apart are one word
# what pypdf raises for files that it cannot read
_BROKEN = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    RecursionError,
    OSError,
)


def read_pdf(
    content: bytes,
    limits: ReadingLimits,
    progress: Callable[[float], None] | None = None,
    report_scans: Callable[[int, int], None] | None = None,
) -> Layout:
    """Return the layout of a PDF; `progress` is called with the share done, from 0 to 1.

    `report_scans` is called with the number of pages, and with the number of pages read from their
    picture so far: once at first, and then before each such page. Raises Rejected for files that
    are broken or encrypted, have too many pages, or have no text on most pages.
    """
    document = _open_document(content)
    try:
        limits.check(Reason.TOO_MANY_PAGES, len(document))
        document.init_forms()
        report = partial(report_scans or (lambda *_: None), len(document))
        report(0)
        remarks = RemarkReader(partial(_open_document, content))
        reader = _PdfReader(document, PictureReader(limits.scans, report), remarks)
        layout = reader.read(progress)
        remarks.close()
    except pypdfium2.PdfiumError as error:
        raise Rejected(say("layout.damaged", name="PDF")) from error
    finally:
        document.close()
    layout = drop_furniture(layout)
    lines = place_notes(open_paragraphs(layout.lines))
    return replace(layout, lines=lines, warnings=_require_text(layout))


def page_size(content: bytes, number: int) -> tuple[float, float] | None:
    """Return width and height, in points, of a page (from 1) as displayed; None for no such page.

    Raises Rejected as `read_pdf` does.
    """
    document = _open_document(content)
    size = None
    if number <= len(document):
        size = document[number - 1].get_size()
    document.close()
    return size


def _open_document(content: bytes) -> Any:
    """Open a file with PDFium. A file that PDFium cannot open is repaired by pypdf first; one with
    a password is not tried again. Raises Rejected if the file is encrypted, has no pages or cannot
    be repaired.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
            raise Rejected(say("layout.encrypted", name="PDF"), Reason.ENCRYPTED) from error
        document = _open_repaired(content)
    if not len(document):
        document.close()
        raise Rejected(say("layout.no_pages"), Reason.NO_TEXT)
    return document


def _open_repaired(content: bytes) -> Any:
    """Open a broken file after pypdf has rewritten it. Raises Rejected if it is encrypted, or
    cannot be read even so. The log of pypdf, which would report each fault that it repairs, is
    silent meanwhile.
    """
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Rejected(say("layout.encrypted", name="PDF"), Reason.ENCRYPTED)
        repaired = io.BytesIO()
        PdfWriter(clone_from=reader).write(repaired)
        return pypdfium2.PdfDocument(repaired.getvalue())
    except (*_BROKEN, pypdfium2.PdfiumError) as error:
        raise Rejected(say("layout.damaged", name="PDF")) from error
    finally:
        logger.setLevel(level)


class _PdfReader:
    """Reads the pages of a document; hidden characters are left out and counted."""

    def __init__(self, document: Any, pictures: PictureReader, remarks: RemarkReader) -> None:
        self._document, self._pictures, self._remarks = document, pictures, remarks
        self._lines: list[Line] = []
        self._shown: Counter[str] = Counter()
        self._runs: list[TextRun] = []
        self._recognised: list[int] = []
        self._unchecked: list[int] = []
        self._scans: dict[int, str] = {}
        self._margins: set[int] = set()  # places of line numbers
        self._regions, self._tables = count(), count()

    def read(self, progress: Callable[[float], None] | None) -> Layout:
        """Return the layout of all pages, with furniture still among the lines."""
        for number in range(len(self._document)):
            self._lines += self._make_lines(self._read_page(number), number)
            if progress:
                progress((number + 1) / len(self._document))
        return Layout(
            tuple(self._lines),
            page_count=len(self._document),
            labels=tuple(
                self._document.get_page_label(number) or "" for number in range(len(self._document))
            ),
            bookmarks=tuple(_read_bookmarks(self._document))[:_MOST_BOOKMARKS],
            shown=dict(self._shown),
            runs=tuple(self._runs),
            recognised=tuple(self._recognised),
            unchecked=tuple(self._unchecked),
            scans=self._scans,
        )

    def _read_page(self, number: int) -> list[Block]:
        """Return the blocks of a page in reading order, and store its runs: hidden text, marks of
        notes, values of forms.

        A page without readable text is read from its picture; its walls are not read then. On other
        pages rules that strike out words are taken out of the drawing, so that they are no walls.
        Values of forms are added after that: they are placed on the lines of printed words, and
        nothing strikes them out. Struck words stay among the blocks, but are not counted as shown.
        """
        page = self._document[number]
        try:
            rotation = page.get_rotation()  # in degrees; examining the page removes it
            drawn, parts = self._examine_page(page, number)
            result = read_words(page, drawn, parts.hidden)
            words, walls = result.words, Walls()
            scanned = self._pictures.read(page, rotation, words, drawn)
            if scanned is not None:
                # the page as shown, of which the picture is, for remarks and values of forms
                result = read_words(page, drawn, parts.hidden, -rotation // 90 % 4)
                words, self._scans[number] = scanned
            result = self._remarks.add(page, number, replace(result, words=words))
            self._runs += (run._replace(page=number) for run in result.runs)
            words = self._take_apart(result.words, number)
            if scanned is None and drawn is not None:
                if parts.recognised:
                    self._recognised.append(number)
                drawing = read_drawing(drawn.objects, result.frame)
                rules = [*drawing.level, *read_strikeouts(page, result.frame)]
                words, level = strike_words(words, rules)
                walls = make_walls(drawing._replace(level=level), words)
            values, unseen = read_form_values(page, result.frame, words)
            self._runs += (TextRun(value, RunRole.HIDDEN, number) for value in unseen)
            if values:
                typed = " ".join(word.text for word in values)
                self._runs.append(TextRun(typed, RunRole.FORM_VALUE, number))
            words = (*words, *values)
            shown = [word.text for word in words if not word.struck]
            self._shown.update(count_letters(" ".join(shown)))
            return order_blocks(make_blocks(words, walls))
        finally:
            page.close()

    def _take_apart(self, words: Sequence[PrintedWord], page: int) -> tuple[PrintedWord, ...]:
        """Return the words of a page without water marks and line numbers, which become runs, and
        with its initials in their words.
        """
        marks = find_water_marks(words)
        numbers = find_line_numbers(words, self._margins)
        for found, role in ((marks, RunRole.WATER_MARK), (numbers, RunRole.FURNITURE)):
            if found:
                self._runs.append(TextRun(" ".join(word.text for word in found), role, page))
        taken = {*marks, *numbers}
        return tuple(join_initials([word for word in words if word not in taken]))

    def _examine_page(self, page: Any, number: int) -> tuple[DrawnPage | None, HiddenTexts]:
        """Return the drawn objects of a page, and its hidden texts. The objects are None if the
        page has too many of them or no area. If only the hidden texts could not be found, there are
        objects but no hidden texts. In both cases the page is stored in `_unchecked`, for a
        warning.
        """
        drawn = None
        try:
            drawn = DrawnPage(page)
            return drawn, find_hidden_texts(drawn)
        except PageNotExaminable:
            self._unchecked.append(number)
            return drawn, HiddenTexts()

    def _make_lines(self, blocks: Sequence[Block], page: int) -> Iterator[Line]:
        """Yield the lines of a page. A block of mere text takes a table number too, but only cells
        with a row (from 0) get a place in a table.
        """
        for block in blocks:
            table = next(self._tables)
            for cell in block:
                place = None
                if cell.row >= 0:
                    place = Cell(table, cell.row, cell.column)
                yield from self._make_cell_lines(cell, place, page)

    def _make_cell_lines(self, cell: PageCell, place: Cell | None, page: int) -> Iterator[Line]:
        """Yield the lines of a cell, all in one region, without words that are struck out and
        without codes that stand for no sign.

        A bullet alone on its line belongs to the next line. But alone in a cell of a table
        (`place`) a dot may be a traffic light: it becomes the sign of its colour, if this is red,
        yellow or green.
        """
        region = next(self._regions)
        after_bullet = False
        lines = list(group_lines(cell))
        for segments in lines:
            words = self._take_struck(segments, page)
            if not words:
                continue
            text = replace_ticks(join_words(words))
            is_alone_in_cell = place is not None and len(lines) == 1
            if is_bullet(text) and is_alone_in_cell:  # a coloured dot may be a light
                text = light_of_colour(_main_style(words).colour) or text
            if is_bullet(text):
                after_bullet = True
                continue
            bullet, text = split_bullet(clean_characters(text))
            text = "".join(filter(str.isprintable, join_spaced_letters(text))).strip()
            if text:
                pieces = chain.from_iterable(word.pieces for word in words)
                # the style tells whether all is bold
                _, lead = measure_bold(text, ((part, style.bold) for part, style in pieces))
                yield Line(
                    text,
                    page,
                    _main_style(words),
                    text_box(segments),
                    place,
                    region,
                    bullet=bullet or after_bullet,
                    lead=lead,
                    marks=tuple(word.mark for word in words if word.mark),
                    note=words[0].note,
                )
            after_bullet = False

    def _take_struck(self, segments: Sequence[Segment], page: int) -> list[PrintedWord]:
        """Return the words of a line that are not struck out; store the other words as a run."""
        words = list(chain.from_iterable(segment.words for segment in segments))
        struck = [word for word in words if word.struck]
        if not struck:
            return words
        self._runs.append(TextRun(join_words(struck), RunRole.STRUCK, page))
        return [word for word in words if not word.struck]


def join_words(words: Sequence[PrintedWord]) -> str:
    """Return the text of the words of one line. There is no blank between words that touch, which
    PDFium gives apart where the style changes within a word. Turned words always have a blank
    before them.
    """
    parts = [words[0].text]
    for previous, word in pairwise(words):
        gap = word.box.left - previous.box.right
        if word.turn or gap > _WORD_GAP * max(word.style.size, previous.style.size):
            parts.append(" ")
        parts.append(word.text)
    return "".join(parts)


def _main_style(words: Sequence[PrintedWord]) -> Style:
    """Return the style of most letters and digits of a line. If the file tags these as a heading,
    the style has the level of it.
    """
    letters: Counter[tuple[Style, int]] = Counter()
    for word in words:
        for text, style in word.pieces:
            letters[style, word.tag.level] += sum(map(str.isalnum, text))
    style, level = letters.most_common(1)[0][0]
    if level:
        return replace(style, level=level)
    return style


def _read_bookmarks(document: Any) -> Iterator[tuple[int, str, int]]:
    """Yield the bookmarks of the file, each as level (from 1), title and page (from 0). Bookmarks
    without a page are left out.
    """
    for bookmark in document.get_toc(max_depth=_MAX_DEPTH):
        target = bookmark.get_dest()
        if target is None:
            continue
        page = target.get_index()
        title = clean_characters(" ".join(bookmark.get_title().split()))
        if page is not None and page >= 0 and title:
            yield bookmark.level + 1, title, page


def _require_text(layout: Layout) -> tuple[str, ...]:
    """Return a warning that lists the pages without text, nothing if all have text. Raises Rejected
    if most pages have none. A page with less than `LEAST_LETTERS` letters has no text; headers and
    footers count too.
    """
    letter_counts = [0] * layout.page_count
    for line in (*layout.lines, *layout.furniture):
        letter_counts[line.page] += sum(map(str.isalpha, line.text))
    empty = [number + 1 for number, count in enumerate(letter_counts) if count < LEAST_LETTERS]
    if 2 * len(empty) > layout.page_count:
        raise Rejected(
            say("layout.pages_without_text", empty=len(empty), pages=layout.page_count),
            Reason.NO_TEXT,
        )
    if empty:
        return (say("reading.without_text", pages=", ".join(map(str, empty))),)
    return ()
