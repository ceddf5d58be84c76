"""The walls of a page: rules, and the edges of boxes that differ from what is under them; upright and level ones.

Underlines are none, nor are edges between two fills of one colour.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from ctypes import byref, c_float, c_int
from typing import Any, NamedTuple

from pypdfium2 import raw

from ingest.layout.drawing import Drawn, Kind, Matrix, fill_colour, move
from ingest.layout.words import PrintedWord, WordFrame
from ingest.stream import Box

_THIN = 3.0  # points up to which a box is a rule
_TOUCH = 2.0  # points between edges that are one
_SHORTEST = 10.0  # points of a wall; shorter edges belong to drawings and letters
_MOST_PATHS, _MOST_POINTS = 3_000, 60  # of a page, and of a path; more are a drawing
_LINE, _MOVE = 0, 2  # kinds of a path's parts, by PDFium's numbers
_WHITE = (255, 255, 255)
_SAME_COLOUR = 12  # of 255, the difference up to which two colours are one


class Wall(NamedTuple):
    """An edge: its place across (x of an upright one, y of a level one), and from where to where it goes."""

    at: float
    start: float
    end: float


class Walls(NamedTuple):
    """The upright and the level walls of a page."""

    upright: tuple[Wall, ...] = ()
    level: tuple[Wall, ...] = ()


class _Fill(NamedTuple):
    box: Box
    colour: tuple[int, int, int]


def find_walls(objects: Iterable[Drawn], frame: WordFrame, words: Sequence[PrintedWord]) -> Walls:
    """Return the walls of a page; the `words` tell which rules are underlines."""
    paths = [drawn for drawn in objects if drawn.kind is Kind.PATH][:_MOST_PATHS]
    upright, level = list[Wall](), list[Wall]()
    fills: list[_Fill] = []
    for path in paths:
        box, lines, is_filled, is_stroked = _read_path(path, frame)
        if box is None or not (is_filled or is_stroked):
            continue
        width, height = box.right - box.left, box.bottom - box.top
        if height <= _THIN < width:
            level.append(Wall((box.top + box.bottom) / 2, box.left, box.right))
        elif width <= _THIN < height:
            upright.append(Wall((box.left + box.right) / 2, box.top, box.bottom))
        elif is_stroked:
            for wall, is_level in _box_edges(box) if _is_box(box, lines) else lines:
                (level if is_level else upright).append(wall)
        if is_filled and min(width, height) > _THIN:
            fills.append(_Fill(box, fill_colour(path.handle)[0]))
    _add_fills(fills, frame, upright, level)
    level = [wall for wall in _join(level) if not _is_underline(wall, words)]
    return Walls(tuple(_join(upright)), tuple(level))


def _read_path(path: Drawn, frame: WordFrame) -> tuple[Box | None, list[tuple[Wall, bool]], bool, bool]:
    """Return the box of a path, its straight edges (True for level ones), and whether it is filled and stroked."""
    mode, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(path.handle, byref(mode), byref(stroke))
    points = list(_points(path.handle, path.matrix, frame))
    if not points or path.alpha == 0:
        return None, [], False, False
    xs, ys = [x for x, _, _ in points], [y for _, y, _ in points]
    lines = []
    for (x, y, _), (u, v, kind) in itertools.pairwise(points):
        if kind == _LINE and abs(x - u) < 1.0 <= abs(y - v):
            lines.append((Wall((x + u) / 2, min(y, v), max(y, v)), False))
        elif kind == _LINE and abs(y - v) < 1.0 <= abs(x - u):
            lines.append((Wall((y + v) / 2, min(x, u), max(x, u)), True))
    return Box(min(xs), min(ys), max(xs), max(ys)), lines, mode.value != 0, stroke.value != 0


def _points(handle: Any, matrix: Matrix, frame: WordFrame) -> Iterator[tuple[float, float, int]]:
    count = raw.FPDFPath_CountSegments(handle)
    x, y = c_float(), c_float()
    begun = None
    for number in range(count if count <= _MOST_POINTS else 0):
        part = raw.FPDFPath_GetPathSegment(handle, number)
        raw.FPDFPathSegment_GetPoint(part, byref(x), byref(y))
        kind = raw.FPDFPathSegment_GetType(part)
        point = frame.place(*move(x.value, y.value, matrix))
        if kind == _MOVE:
            begun = point
        yield *point, kind
        if begun is not None and raw.FPDFPathSegment_GetClose(part):
            yield *begun, _LINE


def _is_box(box: Box, lines: Sequence[tuple[Wall, bool]]) -> bool:
    """True if straight edges are on at least three sides of a box, whose corners may be round."""
    sides = {
        (is_level, place) for wall, is_level in lines
        for place in ((box.top, box.bottom) if is_level else (box.left, box.right)) if abs(wall.at - place) < 1.0
    }  # fmt: skip
    return len(sides) >= 3


def _box_edges(box: Box) -> Iterator[tuple[Wall, bool]]:
    yield Wall(box.top, box.left, box.right), True
    yield Wall(box.bottom, box.left, box.right), True
    yield Wall(box.left, box.top, box.bottom), False
    yield Wall(box.right, box.top, box.bottom), False


def _add_fills(fills: Sequence[_Fill], frame: WordFrame, upright: list[Wall], level: list[Wall]) -> None:
    """Add the edges of fills that are seen: of another colour than what is under them and than what they touch."""
    seen = [fill for place, fill in enumerate(fills) if not _is_same(fill.colour, _under(fill, fills[:place]))]
    width, height = frame.size
    for fill in seen:
        box = fill.box
        if box.right - box.left > 0.97 * width and box.bottom - box.top > 0.97 * height:
            continue
        touching = [other.box for other in seen if other is not fill and _is_same(other.colour, fill.colour)]
        for wall, is_level in _box_edges(box):
            inner = any(_is_continued(wall, is_level, box, other) for other in touching)
            if not inner:
                (level if is_level else upright).append(wall)


def _under(fill: _Fill, before: Sequence[_Fill]) -> tuple[int, int, int]:
    """Return the colour of what is under the middle of a fill."""
    box = fill.box
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    around = (
        other.colour for other in reversed(before)
        if other.box.left <= x <= other.box.right and other.box.top <= y <= other.box.bottom
    )  # fmt: skip
    return next(around, _WHITE)


def _is_same(first: tuple[int, int, int], second: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= _SAME_COLOUR for a, b in zip(first, second, strict=True))


def _is_continued(wall: Wall, is_level: bool, box: Box, other: Box) -> bool:
    """True if a fill of the same colour goes on behind an edge of a box."""
    if is_level:
        closest = min(abs(wall.at - other.top), abs(wall.at - other.bottom)) <= _TOUCH
        return closest and other.left - _TOUCH <= box.left and box.right <= other.right + _TOUCH
    closest = min(abs(wall.at - other.left), abs(wall.at - other.right)) <= _TOUCH
    return closest and other.top - _TOUCH <= box.top and box.bottom <= other.bottom + _TOUCH


def _join(walls: Iterable[Wall]) -> list[Wall]:
    """Return walls, those that are nearly at one place and touch as one, without short ones."""
    columns: list[list[Wall]] = []
    for wall in sorted(walls):
        if columns and wall.at - columns[-1][0].at <= _TOUCH:
            columns[-1].append(wall)
        else:
            columns.append([wall])
    combined: list[Wall] = []
    for column in columns:
        at = column[0].at
        parts: list[Wall] = []
        for wall in sorted(column, key=lambda wall: wall.start):
            if parts and wall.start <= parts[-1].end + _TOUCH:
                parts[-1] = Wall(at, parts[-1].start, max(parts[-1].end, wall.end))
            else:
                parts.append(Wall(at, wall.start, wall.end))
        combined += (wall for wall in parts if wall.end - wall.start >= _SHORTEST)
    return combined


def _is_underline(wall: Wall, words: Sequence[PrintedWord]) -> bool:
    """True if a level rule begins and ends with words just above it."""
    own = [
        word.box for word in words
        if -0.15 * word.style.size <= wall.at - word.baseline <= 0.35 * word.style.size
        and word.box.left < wall.end and wall.start < word.box.right
    ]  # fmt: skip
    if not own:
        return False
    left, right = min(box.left for box in own), max(box.right for box in own)
    return left - _TOUCH <= wall.start + _TOUCH and wall.end <= right + 2 * _TOUCH
