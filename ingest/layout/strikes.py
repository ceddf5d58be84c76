"""Words of a PDF page that are struck out: by rules drawn through them, or by remarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ctypes import byref
from typing import Any

from pypdfium2 import raw

from ingest.layout.pdf_objects import Matrix, move_box, read_remarks
from ingest.layout.pdf_words import PrintedWord
from ingest.layout.walls import Wall
from ingest.stream import Box

# of the type size above the baseline: where a rule strikes out
_LOWEST = 0.1
_HIGHEST = 0.5
_COVERED = 0.6  # share of a word's width


def strike_words(
    words: Sequence[PrintedWord], rules: Sequence[Wall]
) -> tuple[tuple[PrintedWord, ...], list[Wall]]:
    """Return the words, with `struck` set where a rule is drawn through them, and all other rules,
    which may be walls.

    A rule that reaches beyond the words that it crosses is part of a drawing or table, and strikes
    nothing. A word at the end of a rule is struck only if most of its width is covered. Turned
    words are never struck.
    """
    struck: set[PrintedWord] = set()
    remaining: list[Wall] = []
    upright = [word for word in words if not word.turn]
    for rule in rules:
        crossed = [word for word in upright if _crosses(rule, word)]
        if crossed and _is_as_long(rule, crossed):
            struck.update(word for word in crossed if _overlap(rule, word) >= _COVERED)
        else:
            remaining.append(rule)
    return tuple(word._replace(struck=word in struck) for word in words), remaining


def _crosses(rule: Wall, word: PrintedWord) -> bool:
    height = (word.baseline - rule.at) / word.style.size
    return _LOWEST <= height <= _HIGHEST and _overlap(rule, word) > 0


def _overlap(rule: Wall, word: PrintedWord) -> float:
    """Return the share of a word's width that a rule covers."""
    width = min(rule.end, word.box.right) - max(rule.start, word.box.left)
    return width / (word.box.right - word.box.left)


def _is_as_long(rule: Wall, crossed: Sequence[PrintedWord]) -> bool:
    """True if a rule reaches no further than the words that it crosses. At each end it may reach
    beyond them by their type size.
    """
    size = max(word.style.size for word in crossed)
    left, right = min(w.box.left for w in crossed), max(w.box.right for w in crossed)
    return left - size <= rule.start and rule.end <= right + size


def read_strikeouts(page: Any, frame: Matrix) -> Iterator[Wall]:
    """Yield a rule for each line of text that a remark strikes out, as programs for reviews do. The
    remark gives four corners for each line; the rule is in the middle of their height, where a
    drawn one would be. `frame` moves points of the PDF to the page as it is read.
    """
    corners = raw.FS_QUADPOINTSF()
    for remark in read_remarks(page):
        is_shown = not raw.FPDFAnnot_GetFlags(remark) & raw.FPDF_ANNOT_FLAG_HIDDEN
        if raw.FPDFAnnot_GetSubtype(remark) == raw.FPDF_ANNOT_STRIKEOUT and is_shown:
            for index in range(raw.FPDFAnnot_CountAttachmentPoints(remark)):
                raw.FPDFAnnot_GetAttachmentPoints(remark, index, byref(corners))
                # files list the corners in two orders; in both the first and the last are at
                # different heights
                xs, ys = (corners.x1, corners.x2, corners.x3, corners.x4), (corners.y1, corners.y4)
                box = Box(*move_box((min(xs), min(ys), max(xs), max(ys)), frame))
                yield Wall((box.top + box.bottom) / 2, box.left, box.right)
