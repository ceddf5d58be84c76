"""PDF files: PDFium gives words, places and pictures, pypdf repairs what PDFium cannot open."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

import pypdfium2
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdfium2 import raw

from ingest.errors import Reason, Rejected
from ingest.layout.characters import is_bullet, join_spaced_letters, measure_bold_lead, replace_ticks, split_bullet
from ingest.layout.drawing import DrawnPage, Kind, NotDrawn, drawn_page
from ingest.layout.hidden import Parts, hidden_parts
from ingest.layout.page_furniture import drop_furniture, open_paragraphs
from ingest.layout.regions import PlacedLine, place_lines
from ingest.layout.segments import Word, address_of, join_words, read_content
from ingest.limits import ReadingLimits
from ingest.stream import Cell, Layout, Line, Style, clean_characters, count_letters
from prompts import say

_MIN_LETTERS = 12  # of a page that counts as having text
_MOST_BOOKMARKS, _DEEPEST = 5_000, 20
_BULLET_GAP = 26.0  # points between a bullet and its text, at most
_BROKEN = (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError)


def read_pdf(
    content: bytes,
    limits: ReadingLimits,
    progress: Callable[[float], None] | None = None,
    count: Callable[[int], None] | None = None,
) -> Layout:
    """Read all pages of a PDF's bytes; `progress` gets the share done, from 0 to 1, `count` the number of pages.

    Raises Rejected for files that are broken, encrypted, have too many pages, or hold no text to speak of.
    """
    document = _open(content)
    try:
        limits.check_pages(len(document))
        if count:
            count(len(document))
        layout = _read_pages(document, progress)
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


def _read_pages(document: Any, progress: Callable[[float], None] | None) -> Layout:
    lines: list[Line] = []
    shown: Counter[str] = Counter()
    hidden: Counter[int] = Counter()
    recognised: list[int] = []
    unchecked: list[int] = []
    regions = tables = rows = 0
    for number in range(len(document)):
        page = _PageReader(document, number)
        placed = page.read()
        shown.update(page.shown)
        hidden[number] += page.hidden
        recognised += [number] if page.is_recognised else []
        unchecked += [number] if page.is_unchecked else []
        lines += _make_lines(placed, number, regions, tables, rows)
        regions += 1 + max((line.region for line in placed), default=0)
        tables += 1 + max((line.cell.table for line in placed if line.cell), default=0)
        rows += 1 + max((line.cell.row for line in placed if line.cell), default=0)
        if progress:
            progress((number + 1) / len(document))
    return Layout(
        tuple(lines),
        page_count=len(document),
        labels=_page_labels(document),
        bookmarks=tuple(_bookmarks(document))[:_MOST_BOOKMARKS],
        shown=dict(shown),
        hidden={page: count for page, count in hidden.items() if count},
        recognised=tuple(recognised),
        unchecked=tuple(unchecked),
    )


class _PageReader:
    """Reads one page; what is not visible is left out and counted."""

    def __init__(self, document: Any, number: int) -> None:
        self._document, self._number = document, number
        self.shown: Counter[str] = Counter()
        self.hidden = 0
        self.is_recognised = self.is_unchecked = False

    def read(self) -> list[PlacedLine]:
        """Return the visible lines of the page, in reading order."""
        try:
            with drawn_page(self._document, self._number) as drawn:
                return self._visible_lines(drawn, drawn.page)
        except NotDrawn:
            self.is_unchecked = True
        page = self._document[self._number]
        try:
            return self._visible_lines(None, page)
        finally:
            page.close()

    def _visible_lines(self, drawn: DrawnPage | None, page: Any) -> list[PlacedLine]:
        parts = self._hidden_parts(drawn)
        texts = [item for item in drawn.objects if item.kind is Kind.TEXT] if drawn is not None else []
        gone = {address_of(texts[place]) for place in parts.hidden}
        content = read_content(page, drawn, gone)
        if gone:
            everything = read_content(page, drawn)
            self.hidden = max(0, _count(everything.words) - _count(content.words))
        self.is_recognised = bool(parts.recognised)
        text = " ".join(word.text for word in content.words)
        self.hidden += content.invisible
        self.shown.update(count_letters(text))
        return place_lines(content)

    def _hidden_parts(self, drawn: DrawnPage | None) -> Parts:
        if drawn is None:
            return Parts(0)
        try:
            return hidden_parts(drawn)
        except NotDrawn:
            self.is_unchecked = True
            return Parts(0)


def _count(words: tuple[Word, ...]) -> int:
    return sum(len(word.text) for word in words)


def _make_lines(placed: list[PlacedLine], page: int, regions: int, tables: int, rows: int) -> Iterator[Line]:
    """Yield the lines of a page as lines of the document; a bullet alone on its line marks the next one."""
    marked: PlacedLine | None = None
    for line in placed:
        text = replace_ticks(join_words(line.words))
        if is_bullet(text):
            marked = line
            continue
        bullet, text = split_bullet(clean_characters(text))
        bullet = bullet or (marked is not None and _leads(marked, line))
        marked = None
        text = join_spaced_letters(text)
        if not text or not text.isprintable():
            continue
        cell = line.cell
        yield Line(
            text,
            page,
            _line_style(line.words),
            line.box,
            Cell(tables + cell.table, rows + cell.row, cell.column) if cell is not None else None,
            regions + line.region,
            bullet=bullet,
            lead=measure_bold_lead(text, ((word.text, word.style.bold) for word in line.words)),
        )


def _line_style(words: tuple[Word, ...]) -> Style:
    """Return the style of most letters of a line."""
    letters: Counter[Style] = Counter()
    for style, members in groupby(words, key=lambda word: word.style):
        letters[style] += sum(sum(map(str.isalnum, word.text)) for word in members)
    return letters.most_common(1)[0][0]


def _leads(mark: PlacedLine, line: PlacedLine) -> bool:
    """True if a mark set apart is the bullet of a line, not a mark in the column of a table."""
    beside = abs(mark.words[0].baseline - line.words[0].baseline) <= 0.6 * max(line.words[0].style.size, 1.0)
    return beside and 0 < line.box.left - mark.box.left <= _BULLET_GAP


def _page_labels(document: Any) -> tuple[str, ...]:
    """Return the page numbers that the file names, "" for each where it names none."""
    labels = tuple(document.get_page_label(number) or "" for number in range(len(document)))
    return labels if any(labels) else ("",) * len(document)


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
    empty = [number + 1 for number, count in enumerate(letters) if count < _MIN_LETTERS]
    if 2 * len(empty) > layout.page_count:
        raise Rejected(say("layout.pages_without_text", empty=len(empty), pages=layout.page_count), Reason.NO_TEXT)
    return (say("reading.without_text", pages=", ".join(map(str, empty))),) if empty else ()
