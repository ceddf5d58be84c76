"""Remarks that people type or stamp onto a PDF page, such as a decision or a corrected number:
viewers show them like print, so they are read as such. Comments that open in a window are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ctypes import byref, c_int
from typing import Any

from pypdfium2 import raw

from ingest.layout.forms import place_value, read_remark_box
from ingest.layout.pdf_objects import (
    DrawnPage,
    PageNotExaminable,
    fill_colour,
    read_bounds,
    read_remarks,
    read_string,
)
from ingest.layout.pdf_words import PageWords, PrintedWord, read_words
from ingest.layout.runs import RunRole, TextRun
from ingest.stream import Box, clean_characters

_UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_TYPED = (raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP)
_NO_STRING = 2  # bytes of an empty string
_OPAQUE = 255
_COVERING = 0.8  # share of the width and height of a remark, from which a drawing is its background
_SAME_LINE = 0.3  # of the type size


class RemarkReader:
    """Adds the remarks typed onto the pages of a document to their words.

    How a remark looks is read from a copy of its page, on which there is nothing else: PDFium drops
    letters that are printed over others. The copy of the document is opened when it is needed.
    """

    def __init__(self, open_copy: Callable[[], Any]) -> None:
        self._open_copy = open_copy
        self._copy: Any = None

    def close(self) -> None:
        """Close the copy of the document, if there is one."""
        if self._copy is not None:
            self._copy.close()

    def add(self, page: Any, number: int, printed: PageWords) -> PageWords:
        """Return the words of a page with those of its remarks, each where it is on the page.
        Printed words that a remark covers are hidden text.
        """
        typed = list[PrintedWord]()
        covers = list[Box]()
        is_drawn = False
        for remark in read_remarks(page):
            kind = raw.FPDFAnnot_GetSubtype(remark)
            if kind not in _TYPED or raw.FPDFAnnot_GetFlags(remark) & _UNSEEN:
                continue
            box = read_remark_box(remark, printed.frame)
            if _has_look(remark):
                is_drawn = True
            elif kind == raw.FPDF_ANNOT_FREETEXT:
                text = read_string(raw.FPDFAnnot_GetStringValue, remark, b"Contents")
                baselines = [word.baseline for word in printed.words]
                typed += place_value(clean_characters(text).strip(), box, 0.0, baselines)
            if _has_background(remark):
                covers.append(box)
        if is_drawn:
            typed += self._read_looks(number, printed.turn)
        if not typed and not covers:
            return printed
        covered = [word for word in printed.words if _is_inside(word, covers)]
        words = [word for word in printed.words if word not in covered]
        for word in typed:
            words.insert(_find_place(word, words), word)
        runs = printed.runs
        if covered:
            hidden = " ".join(word.text for word in covered)
            runs = (*runs, TextRun(hidden, RunRole.HIDDEN))
        return PageWords(tuple(words), printed.frame, runs, printed.turn)

    def _read_looks(self, number: int, turn: int) -> tuple[PrintedWord, ...]:
        """Return the words that the remarks of a page show; its letters are turned by `turn`.

        All but the typed and stamped remarks is taken off the copy of the page, from the last on,
        as each removal moves what follows. Then the remarks are made objects of the page, and the
        page is opened anew, because PDFium reads the objects as it opens it.
        """
        if self._copy is None:
            self._copy = self._open_copy()
        page = self._copy[number]
        for index in reversed(range(raw.FPDFPage_CountObjects(page))):
            raw.FPDFPage_RemoveObject(page, raw.FPDFPage_GetObject(page, index))
        raw.FPDFPage_GenerateContent(page)
        kinds = [raw.FPDFAnnot_GetSubtype(remark) for remark in read_remarks(page)]
        for index in reversed(range(len(kinds))):
            if kinds[index] not in _TYPED:
                raw.FPDFPage_RemoveAnnot(page, index)
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
        page.close()
        flat = self._copy[number]
        try:
            return read_words(flat, DrawnPage(flat), (), turn).words
        except PageNotExaminable:
            return ()
        finally:
            flat.close()


def _has_look(remark: Any) -> bool:
    """True if the file says what a remark looks like."""
    mode = raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL
    return bool(raw.FPDFAnnot_GetAP(remark, mode, None, 0) > _NO_STRING)


def _has_background(remark: Any) -> bool:
    """True if nothing shows through a remark: its look has a filled drawing or a picture of nearly
    its size or, without a look, it has a colour.
    """
    if not _has_look(remark):
        return bool(raw.FPDFAnnot_HasKey(remark, b"C"))
    bounds = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(remark, byref(bounds))
    width, height = bounds.right - bounds.left, bounds.top - bounds.bottom
    for index in range(raw.FPDFAnnot_GetObjectCount(remark)):
        drawn = raw.FPDFAnnot_GetObject(remark, index)
        left, bottom, right, top = read_bounds(drawn)
        is_large = right - left >= _COVERING * width and top - bottom >= _COVERING * height
        if is_large and _is_opaque(drawn):
            return True
    return False


def _is_opaque(drawn: Any) -> bool:
    """True for a picture, and for a path that is filled so that nothing shows through."""
    if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_PATH:
        return bool(raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_IMAGE)
    mode, strokes = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(drawn, byref(mode), byref(strokes))
    return mode.value != raw.FPDF_FILLMODE_NONE and fill_colour(drawn)[1] == _OPAQUE


def _is_inside(word: PrintedWord, boxes: Sequence[Box]) -> bool:
    """True if the middle of a word is in one of some boxes."""
    across = (word.box.left + word.box.right) / 2
    down = (word.box.top + word.box.bottom) / 2
    return any(box.left <= across <= box.right and box.top <= down <= box.bottom for box in boxes)


def _find_place(word: PrintedWord, words: Sequence[PrintedWord]) -> int:
    """Return the index of the first word that is below another one, or behind it on its line."""
    for index, other in enumerate(words):
        below = (other.baseline - word.baseline) / word.style.size
        is_behind = abs(below) <= _SAME_LINE and other.box.left >= word.box.left
        if below > _SAME_LINE or is_behind:
            return index
    return len(words)
