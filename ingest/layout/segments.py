"""Segments: words on one baseline without a wide gap or wall between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ingest.layout.characters import is_list_mark
from ingest.layout.pdf_words import PrintedWord
from ingest.layout.walls import Wall
from ingest.stream import Box, split_where

_COLUMN_GAP = 0.7  # of the type size: a gap between words that may separate columns
_BULLET_GAP = 3.0  # of the type size: the widest gap between a list mark and its text
_SAME_LINE = 0.3  # of the type size: the most by which baselines of words of one line differ
_SAME_ROW = 0.4  # of the smaller type size: likewise for segments


class Segment(NamedTuple):
    """Words beside each other on one baseline; `position` is that of the first in the order of the
    file.
    """

    words: tuple[PrintedWord, ...]
    box: Box
    baseline: float
    position: int

    @property
    def size(self) -> float:
        """The size of its largest letters, in points."""
        return max(word.style.size for word in self.words)

    @property
    def is_number(self) -> bool:
        """Whether it is a single word with a digit."""
        return len(self.words) == 1 and any(map(str.isdigit, self.words[0].text))

    def is_on_line_of(self, other: Segment) -> bool:
        """True if two segments are on one line of text."""
        distance = abs(self.baseline - other.baseline)
        return distance <= _SAME_ROW * min(self.size, other.size)


def make_segments(words: Iterable[PrintedWord], upright: Sequence[Wall]) -> list[Segment]:
    """Return the segments of a page in the order of the file. `upright` are the walls that part
    segments. Turned words have no common baseline with the others, so they are in segments of their
    own, in which each word follows the one before in the file.
    """
    upright_words = [word for word in words if not word.turn]
    segments: list[Segment] = []
    for row in _group_rows(upright_words):
        segments += map(make_segment, _split_row(row, upright))
    turned_words = [word for word in words if word.turn]
    turned_lines = split_where(turned_words, lambda line, word: not _follows(line[-1], word))
    segments += map(make_segment, turned_lines)
    return sorted(segments, key=lambda segment: segment.position)


def make_segment(words: Sequence[PrintedWord]) -> Segment:
    """Return the segment of some words. Its baseline is that of the longest word, as short ones may
    be raised or lowered.
    """
    longest = max(words, key=lambda word: len(word.text))
    box = bounding_box(word.box for word in words)
    position = min(word.position for word in words)
    return Segment(tuple(words), box, longest.baseline, position)


def text_box(segments: Iterable[Segment]) -> Box:
    """Return the smallest box around the letters of some segments."""
    return bounding_box(segment.box for segment in segments)


def bounding_box(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around some boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _group_rows(words: Iterable[PrintedWord]) -> Iterator[list[PrintedWord]]:
    """Yield the words of each baseline, from left to right. Baselines within `_SAME_LINE` of the
    larger type size count as one.
    """

    def is_lower(row: list[PrintedWord], word: PrintedWord) -> bool:
        return word.baseline - row[-1].baseline > _SAME_LINE * max(
            word.style.size, row[-1].style.size
        )

    for row in split_where(sorted(words, key=lambda word: word.baseline), is_lower):
        yield sorted(row, key=lambda word: word.box.left)


def _split_row(row: Sequence[PrintedWord], upright: Sequence[Wall]) -> list[list[PrintedWord]]:
    """Return the words of a row, split at wide gaps and at walls. A wide gap does not split a list
    mark from its text (up to `_BULLET_GAP`), nor a label from what is typed into the form behind
    it. A wall always splits.
    """

    def is_separate(words: list[PrintedWord], word: PrintedWord) -> bool:
        previous = words[-1]
        size = max(word.style.size, previous.style.size)
        gap = word.box.left - previous.box.right
        is_mark = len(words) == 1 and is_list_mark(previous.text)
        is_after_mark = is_mark and gap <= _BULLET_GAP * size
        is_value = word.typed and not previous.typed  # of the label before it
        is_apart = gap > _COLUMN_GAP * size and not is_after_mark and not is_value
        return is_apart or _is_walled(previous, word, upright)

    return split_where(row, is_separate)


def _is_walled(previous: PrintedWord, word: PrintedWord, upright: Sequence[Wall]) -> bool:
    """True if an upright wall is between the middles of two words. Their edges do not decide,
    because letters may reach a little over a wall.
    """
    left, right = (previous.box.left + previous.box.right) / 2, (word.box.left + word.box.right) / 2
    middle = (word.box.top + word.box.bottom) / 2
    return any(left < wall.at < right and wall.start <= middle <= wall.end for wall in upright)


def _follows(previous: PrintedWord, word: PrintedWord) -> bool:
    """True if the second of two turned words continues the line of the first: both are turned
    alike, in one column, and at most their size apart.
    """
    size = max(word.style.size, previous.style.size)
    overlap = min(word.box.right, previous.box.right) - max(word.box.left, previous.box.left)
    gap = max(word.box.top, previous.box.top) - min(word.box.bottom, previous.box.bottom)
    return word.turn == previous.turn and overlap > 0.3 * size and gap <= size
