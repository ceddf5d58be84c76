"""Segments: the words of a line as far as no wide gap or wall is between them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ingest.layout.characters import is_list_mark
from ingest.layout.walls import Wall
from ingest.layout.words import PrintedWord
from ingest.stream import Box

_WIDE = 0.7  # of the size: a gap between words that may be one between columns
_BULLET_GAP = 3.0  # of the size, at most between a list mark and its text
_SAME_LINE = 0.3  # of the size, between baselines of one line


class Segment(NamedTuple):
    """Words beside each other on one baseline."""

    words: tuple[PrintedWord, ...]
    box: Box
    baseline: float

    @property
    def size(self) -> float:
        """The size of its largest letters, in points."""
        return max(word.style.size for word in self.words)


def make_segments(words: Iterable[PrintedWord], upright: Sequence[Wall]) -> list[Segment]:
    """Return the segments of a page from top to bottom; turned words are segments of their own."""
    level = [word for word in words if not word.turn]
    segments = [make_segment(part) for row in _rows(level) for part in _parts(row, upright)]
    segments += _turned(word for word in words if word.turn)
    return sorted(segments, key=lambda segment: (segment.baseline, segment.box.left))


def make_segment(words: Sequence[PrintedWord]) -> Segment:
    """Return the segment of some words."""
    return Segment(
        tuple(words), around(word.box for word in words), max(words, key=lambda word: len(word.text)).baseline
    )


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around others."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _rows(words: Iterable[PrintedWord]) -> Iterator[list[PrintedWord]]:
    """Yield the words on one baseline, from left to right."""
    row: list[PrintedWord] = []
    for word in sorted(words, key=lambda word: word.baseline):
        if row and word.baseline - row[-1].baseline > _SAME_LINE * max(word.style.size, row[-1].style.size):
            yield sorted(row, key=lambda word: word.box.left)
            row = []
        row.append(word)
    if row:
        yield sorted(row, key=lambda word: word.box.left)


def _parts(row: Sequence[PrintedWord], upright: Sequence[Wall]) -> Iterator[list[PrintedWord]]:
    part = [row[0]]
    for before, word in itertools.pairwise(row):
        gap, size = word.box.left - before.box.right, max(word.style.size, before.style.size)
        marked = len(part) == 1 and is_list_mark(before.text) and gap <= _BULLET_GAP * size
        if (gap > _WIDE * size and not marked) or _is_walled(before, word, upright):
            yield part
            part = []
        part.append(word)
    yield part


def _is_walled(before: PrintedWord, word: PrintedWord, upright: Sequence[Wall]) -> bool:
    """True if a wall is between two words."""
    left, right = (before.box.left + before.box.right) / 2, (word.box.left + word.box.right) / 2
    middle = (word.box.top + word.box.bottom) / 2
    return any(left < wall.at < right and wall.start <= middle <= wall.end for wall in upright)


def _turned(words: Iterable[PrintedWord]) -> Iterator[Segment]:
    """Yield the segments of turned words: those that follow one another in a column."""
    part: list[PrintedWord] = []
    for word in words:
        if part and not _follows(part[-1], word):
            yield make_segment(part)
            part = []
        part.append(word)
    if part:
        yield make_segment(part)


def _follows(before: PrintedWord, word: PrintedWord) -> bool:
    size = max(word.style.size, before.style.size)
    across = min(word.box.right, before.box.right) - max(word.box.left, before.box.left)
    distinct = max(word.box.top, before.box.top) - min(word.box.bottom, before.box.bottom)
    return word.turn == before.turn and across > 0.3 * size and distinct <= size
