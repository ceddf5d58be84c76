"""PDF files: PDFium gives text, places and pictures, pypdf repairs what PDFium cannot open."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby, pairwise
from math import isfinite
from typing import Any

import pypdfium2
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdfium2 import raw

from ingest.errors import Reason, Rejected
from ingest.layout.cells import PlacedCell, place_cells
from ingest.layout.characters import is_bullet, join_spaced_letters, measure_bold_lead, replace_ticks, split_bullet
from ingest.layout.drawing import DrawnPage, NotDrawn
from ingest.layout.furniture import drop_furniture
from ingest.layout.hidden import PageParts, hidden_parts
from ingest.layout.paragraphs import open_paragraphs
from ingest.layout.scans import LEAST_LETTERS, PictureReader
from ingest.layout.segments import Segment, around
from ingest.layout.walls import Walls, find_walls
from ingest.layout.words import PrintedWord, read_words
from ingest.limits import ReadingLimits
from ingest.stream import Cell, Layout, Line, Style, clean_characters, count_letters
from prompts import say

_MOST_BOOKMARKS, _DEEPEST = 5_000, 20
_TOUCHING = 0.12  # of the size: words no further apart are one
_WIDE = 2.0  # of the size: texts that are further apart are lines of their own
_JUSTIFIED = 4  # parts of an open line with wide gaps, from which it is one that fills its width
_SAME_LINE = 0.4  # of the size, between baselines in a cell that are one line
_BROKEN = (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError)


def read_pdf(
    content: bytes,
    limits: ReadingLimits,
    progress: Callable[[float], None] | None = None,
    count: Callable[[int, int], None] | None = None,
) -> Layout:
    """Return the layout of a PDF; `progress` gets the share done, from 0 to 1, `count` the number of pages.

    It also gets how many pages are read from their picture, before each of them.
    Raises Rejected for files that are broken, encrypted, have too many pages, or hold no text to speak of.
    """
    document = _open(content)
    try:
        limits.check_pages(len(document))
        tell = partial(count or (lambda pages, scans: None), len(document))
        tell(0)
        layout = _Reader(document, PictureReader(limits.scans, tell)).read(progress)
    except pypdfium2.PdfiumError as error:
        raise Rejected(say("layout.damaged", name="PDF")) from error
    finally:
        document.close()
    layout = drop_furniture(layout)
    return replace(layout, lines=open_paragraphs(layout.lines), warnings=_require_text(layout))


def _open(content: bytes) -> Any:
    """Open a file by PDFium, once more as pypdf repairs it where PDFium cannot."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "assword" in str(error):
            raise Rejected(say("layout.encrypted", name="PDF"), Reason.ENCRYPTED) from error
        document = _open_repaired(content)
    if not len(document):
        document.close()
        raise Rejected(say("layout.no_pages"), Reason.NO_TEXT)
    return document


def _open_repaired(content: bytes) -> Any:
    """Open what pypdf makes of a broken file; raises Rejected where it cannot read it either."""
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


class _Reader:
    """Reads the pages of a document; what is not visible is left out and counted."""

    def __init__(self, document: Any, pictures: PictureReader) -> None:
        self._document, self._pictures = document, pictures
        self._lines: list[Line] = []
        self._shown: Counter[str] = Counter()
        self._hidden: Counter[int] = Counter()
        self._recognised: list[int] = []
        self._unchecked: list[int] = []
        self._scans: dict[int, str] = {}
        self._regions = self._tables = self._rows = 0

    def read(self, progress: Callable[[float], None] | None) -> Layout:
        """Return the layout with all that the pages print."""
        for number in range(len(self._document)):
            cells = self._read_page(number)
            self._lines += self._make_lines(cells, number)
            if progress:
                progress((number + 1) / len(self._document))
        labels = tuple(self._document.get_page_label(number) or "" for number in range(len(self._document)))
        return Layout(
            tuple(self._lines),
            page_count=len(self._document),
            labels=labels,
            bookmarks=tuple(_bookmarks(self._document))[:_MOST_BOOKMARKS],
            shown=dict(self._shown),
            hidden={page: count for page, count in self._hidden.items() if count},
            recognised=tuple(self._recognised),
            unchecked=tuple(self._unchecked),
            scans=self._scans,
        )

    def _read_page(self, number: int) -> list[PlacedCell]:
        page = self._document[number]
        try:
            turn = page.get_rotation()
            drawn, parts = self._look_through(page, number)
            hidden = [drawn.texts[place] for place in parts.hidden] if drawn is not None else []
            result = read_words(page, drawn, hidden)
            self._hidden[number] += result.hidden + result.invisible
            words, walls = result.words, Walls()
            if (scanned := self._pictures.read(page, turn, words, drawn)) is not None:
                words, self._scans[number] = scanned
            elif drawn is not None:
                self._recognised += [number] * bool(parts.recognised)
                walls = find_walls(drawn.objects, result.frame, words)
            self._shown.update(count_letters(" ".join(word.text for word in words)))
            return place_cells(words, walls)
        finally:
            page.close()

    def _look_through(self, page: Any, number: int) -> tuple[DrawnPage | None, PageParts]:
        drawn = None
        try:
            drawn = DrawnPage(page)
            return drawn, hidden_parts(drawn)
        except NotDrawn:
            self._unchecked.append(number)
            return drawn, PageParts(0)

    def _make_lines(self, cells: Sequence[PlacedCell], page: int) -> Iterator[Line]:
        """Yield the lines of a page; a bullet alone on its line marks the next one."""
        for region, cell in enumerate(cells, self._regions):
            place = None
            if cell.place is not None:
                table, row, column = cell.place
                place = Cell(self._tables + table, self._rows + row, column)
            marked = False
            for segments in visual_lines(cell):
                words = [word for segment in segments for word in segment.words]
                text = replace_ticks(join_words(words))
                if is_bullet(text):
                    marked = True
                    continue
                bullet, text = split_bullet(clean_characters(text))
                text = join_spaced_letters(text)
                if text and text.isprintable():
                    lead = measure_bold_lead(
                        text, ((part, style.bold) for word in words for part, style in word.pieces)
                    )
                    box = around(segment.box for segment in segments)
                    yield Line(text, page, _style(words), box, place, region, bullet=bullet or marked, lead=lead)
                marked = False
        places = [cell.place for cell in cells if cell.place is not None]
        self._regions += len(cells) + 1
        self._tables += 1 + max((table for table, _, _ in places), default=0)
        self._rows += 1 + max((row for _, row, _ in places), default=0)


def visual_lines(cell: PlacedCell) -> Iterator[list[Segment]]:
    """Yield the segments of a cell that are on one line, from left to right; those wide apart within walls alone."""
    rows: list[list[Segment]] = []
    for segment in sorted(cell.segments, key=lambda segment: segment.baseline):
        if rows and segment.baseline - rows[-1][-1].baseline <= _SAME_LINE * min(segment.size, rows[-1][-1].size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    is_open = not (isfinite(cell.sides[0]) or isfinite(cell.sides[2]))
    for row in rows:
        line: list[Segment] = []
        is_justified = is_open and len(row) >= _JUSTIFIED
        for segment in sorted(row, key=lambda segment: segment.box.left):
            gap = segment.box.left - line[-1].box.right if line else 0.0
            if gap > _WIDE * segment.size and not is_justified and not _is_number(line):
                yield line
                line = []
            line.append(segment)
        yield line


def _is_number(line: Sequence[Segment]) -> bool:
    """True for a number alone, which belongs to the text behind it."""
    return len(line) == 1 and len(line[0].words) == 1 and line[0].words[0].text[:1].isdigit()


def join_words(words: Sequence[PrintedWord]) -> str:
    """Return the text of words on one line; words that touch are one."""
    parts = [words[0].text]
    for before, word in pairwise(words):
        distinct = word.box.left - before.box.right > _TOUCHING * max(word.style.size, before.style.size)
        parts.append(" " * (distinct or word.turn > 0) + word.text)
    return "".join(parts)


def _style(words: Sequence[PrintedWord]) -> Style:
    """Return the style of most letters of a line."""
    letters: Counter[Style] = Counter()
    pieces = [piece for word in words for piece in word.pieces]
    for style, members in groupby(pieces, key=lambda piece: piece[1]):
        letters[style] += sum(sum(map(str.isalnum, text)) for text, _ in members)
    return letters.most_common(1)[0][0]


def _bookmarks(document: Any) -> Iterator[tuple[int, str, int]]:
    """Yield level from 1, title and page from 0 of the file's own outline; what points nowhere is left out."""
    for bookmark in document.get_toc(max_depth=_DEEPEST):
        target = bookmark.get_dest()
        page = target.get_index() if target is not None else None
        title = clean_characters(" ".join(bookmark.get_title().split()))
        if page is not None and page >= 0 and title:
            yield bookmark.level + 1, title, page


def _require_text(layout: Layout) -> tuple[str, ...]:
    letters = [0] * layout.page_count
    for line in (*layout.lines, *layout.furniture):
        letters[line.page] += sum(map(str.isalpha, line.text))
    empty = [number + 1 for number, count in enumerate(letters) if count < LEAST_LETTERS]
    if 2 * len(empty) > layout.page_count:
        raise Rejected(say("layout.pages_without_text", empty=len(empty), pages=layout.page_count), Reason.NO_TEXT)
    return (say("reading.without_text", pages=", ".join(map(str, empty))),) if empty else ()
