"""Walls of a PDF page: drawn rules and the edges of boxes, upright (vertical) or level
(horizontal); no underlines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ctypes import byref, c_float, c_int
from itertools import pairwise
from typing import NamedTuple

from pypdfium2 import raw

from ingest.layout.pdf_objects import (
    Matrix,
    PageObject,
    fill_colour,
    stroke_opacity,
    transform_point,
)
from ingest.layout.pdf_words import PrintedWord
from ingest.stream import Box, split_where

# Without walls 48 of 309 records and 77 of 210 units were lost (docs/decisions/005-reading.md).
_MAX_RULE = 3.0  # points: a box no thicker is a rule
_SAME_EDGE = 2.0  # points up to which two edges are one
_WIDEST_BLANK = 2.0  # of the type size: words further apart are not of one line of text
_MIN_LENGTH = 10.0  # points: shorter edges belong to drawings and letters
# paths of a page, points of a path; a path of more is a drawing
_MOST_PATHS = 3_000
_MOST_POINTS = 60
_WHITE = (255, 255, 255)
_SAME_COLOUR = 12  # of 255, the difference up to which two colours are one


class Wall(NamedTuple):
    """An edge in points: `at` is the x of an upright wall or the y of a level one; `start` to `end`
    its extent.
    """

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


Edge = tuple[Wall, bool]  # an edge, and whether it is level


class Drawing(NamedTuple):
    """What is drawn on a page: thin boxes and stroked edges, upright and level, and fills."""

    upright: list[Wall]
    level: list[Wall]
    fills: list[_Fill]


def read_drawing(objects: Iterable[PageObject], frame: Matrix) -> Drawing:
    """Return the edges and fills of the paths of a page.

    A thin box is a rule, however it is painted. A stroked box, also with round corners, counts as
    its four sides; another stroked path as its straight edges. Only areas thicker than a rule are
    fills. Paths that paint nothing, and those after the first `_MOST_PATHS`, are left out.
    """
    paths = [drawn for drawn in objects if drawn.kind == raw.FPDF_PAGEOBJ_PATH][:_MOST_PATHS]
    edges, fills = list[Edge](), list[_Fill]()
    for path in paths:
        box, path_edges, is_filled, is_stroked = _read_path(path, frame)
        if box is None or not (is_filled or is_stroked):
            continue
        width, height = box.right - box.left, box.bottom - box.top
        if height <= _MAX_RULE < width:
            edges.append((Wall((box.top + box.bottom) / 2, box.left, box.right), True))
        elif width <= _MAX_RULE < height:
            edges.append((Wall((box.left + box.right) / 2, box.top, box.bottom), False))
        elif is_stroked and _is_box(box, path_edges):
            edges += _box_edges(box)
        elif is_stroked:
            edges += path_edges
        if is_filled and min(width, height) > _MAX_RULE:
            fills.append(_Fill(box, fill_colour(path.handle)[0]))
    return Drawing(*_split_by_direction(edges), fills)


def make_walls(drawing: Drawing, words: Sequence[PrintedWord]) -> Walls:
    """Return the walls of a page: drawn rules, and the edges of filled areas. A level one just
    below some of the `words` is an underline, and no wall.
    """
    upright, level = _split_by_direction(_find_fill_edges(drawing.fills))
    rules = _merge_walls([*drawing.level, *level])
    return Walls(
        tuple(_merge_walls([*drawing.upright, *upright])),
        tuple(wall for wall in rules if not _is_underline(wall, words)),
    )


def _read_path(path: PageObject, frame: Matrix) -> tuple[Box | None, list[Edge], bool, bool]:
    """Return the box of a path, its straight edges, whether it is filled, and whether it is
    stroked. What is wholly transparent counts as neither.

    Only upright and level lines count as edges; their ends may be up to one point off. The box is
    None for a path without points; `_read_points` gives none for a drawing of very many.
    """
    mode, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(path.handle, byref(mode), byref(stroke))
    is_filled = mode.value != 0 and fill_colour(path.handle)[1] > 0
    is_stroked = stroke.value != 0 and stroke_opacity(path.handle) > 0
    points = list(_read_points(path, frame))
    if not points:
        return None, [], False, False
    xs, ys = [x for x, _, _ in points], [y for _, y, _ in points]
    edges = []
    for (x, y, _), (u, v, kind) in pairwise(points):
        if kind == raw.FPDF_SEGMENT_LINETO and abs(x - u) < 1.0 <= abs(y - v):
            edges.append((Wall((x + u) / 2, min(y, v), max(y, v)), False))
        elif kind == raw.FPDF_SEGMENT_LINETO and abs(y - v) < 1.0 <= abs(x - u):
            edges.append((Wall((y + v) / 2, min(x, u), max(x, u)), True))
    return Box(min(xs), min(ys), max(xs), max(ys)), edges, is_filled, is_stroked


def _read_points(path: PageObject, frame: Matrix) -> Iterator[tuple[float, float, int]]:
    """Yield the points of a path on the page, each as x, y and its kind (how PDFium gets to it: by
    a move, a line or a curve). Where a shape is closed, its first point comes again, as the end of
    a line. A path of more than `_MOST_POINTS` is a drawing, and has none.
    """
    count = raw.FPDFPath_CountSegments(path.handle)
    if count > _MOST_POINTS:
        return
    x, y = c_float(), c_float()
    start = None
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(path.handle, number)
        raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        kind = raw.FPDFPathSegment_GetType(segment)
        point = transform_point(*transform_point(x.value, y.value, path.matrix), frame)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        yield *point, kind
        if start is not None and raw.FPDFPathSegment_GetClose(segment):
            yield *start, raw.FPDF_SEGMENT_LINETO


def _is_box(box: Box, edges: Sequence[Edge]) -> bool:
    """True if straight edges are on at least three sides of a box. The corners may be round, so the
    edges need not reach them. A path may leave out its fourth side.
    """
    reached = 0
    for side, is_level in _box_edges(box):
        reached += any(is_level == other and abs(wall.at - side.at) < 1.0 for wall, other in edges)
    return reached >= 3


def _split_by_direction(edges: Iterable[Edge]) -> tuple[list[Wall], list[Wall]]:
    """Return the upright and the level ones of some edges."""
    upright, level = list[Wall](), list[Wall]()
    for wall, is_level in edges:
        if is_level:
            level.append(wall)
        else:
            upright.append(wall)
    return upright, level


def _box_edges(box: Box) -> Iterator[Edge]:
    yield Wall(box.top, box.left, box.right), True
    yield Wall(box.bottom, box.left, box.right), True
    yield Wall(box.left, box.top, box.bottom), False
    yield Wall(box.right, box.top, box.bottom), False


def _find_fill_edges(fills: Sequence[_Fill]) -> Iterator[Edge]:
    """Yield the edges of fills where the colour changes.

    A fill in the colour of its background cannot be seen, and has no edges. Where two fills of one
    colour touch, as in cells of one row, there is no edge between them.
    """
    backgrounds = [_background_of(fill, fills[:number]) for number, fill in enumerate(fills)]
    visible = [
        fill
        for fill, below in zip(fills, backgrounds, strict=True)
        if not _is_same_colour(fill.colour, below)
    ]
    for fill in visible:
        others = [
            other.box
            for other in visible
            if other is not fill and _is_same_colour(other.colour, fill.colour)
        ]
        for wall, is_level in _box_edges(fill.box):
            if not any(_continues_in(wall, is_level, other) for other in others):
                yield wall, is_level


def _background_of(fill: _Fill, before: Sequence[_Fill]) -> tuple[int, int, int]:
    """Return the colour behind a fill: the colour of the last of the fills drawn `before` that
    covers its middle, white if none does.
    """
    box = fill.box
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    colours = (
        other.colour
        for other in reversed(before)
        if other.box.left <= x <= other.box.right and other.box.top <= y <= other.box.bottom
    )
    return next(colours, _WHITE)


def _is_same_colour(first: tuple[int, int, int], second: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= _SAME_COLOUR for a, b in zip(first, second, strict=True))


def _continues_in(wall: Wall, is_level: bool, box: Box) -> bool:
    """True if the edge (`wall`) of a fill lies all along an edge of another fill (`box`). Both have
    the same colour, so the edge between them cannot be seen.
    """
    for edge, is_edge_level in _box_edges(box):
        is_at_edge = is_edge_level == is_level and abs(wall.at - edge.at) <= _SAME_EDGE
        reaches_far = wall.start < edge.start - _SAME_EDGE or wall.end > edge.end + _SAME_EDGE
        if is_at_edge and not reaches_far:
            return True
    return False


def _merge_walls(walls: Iterable[Wall]) -> list[Wall]:
    """Return walls of one direction, merged where they touch on nearly the same line. A dotted
    rule, or one that is drawn cell by cell, becomes one wall so. Walls that are short even then are
    left out.
    """
    merged: list[Wall] = []
    for on_line in split_where(
        sorted(walls), lambda on_line, wall: wall.at - on_line[0].at > _SAME_EDGE
    ):
        at, parts = on_line[0].at, list[Wall]()
        for wall in sorted(on_line, key=lambda wall: wall.start):
            if parts and wall.start <= parts[-1].end + _SAME_EDGE:
                parts[-1] = Wall(at, parts[-1].start, max(parts[-1].end, wall.end))
            else:
                parts.append(Wall(at, wall.start, wall.end))
        merged += (wall for wall in parts if wall.end - wall.start >= _MIN_LENGTH)
    return merged


def _is_underline(wall: Wall, words: Sequence[PrintedWord]) -> bool:
    """True if a level rule is just below words of one line of text, and no longer than these words.

    A rule below words that are far apart belongs to a table: the words fill its cells. "Just below"
    is up to a third of the type size below the baseline, or a little above it. At each end the rule
    may reach a little beyond the words.
    """
    above = [
        word
        for word in words
        if -0.15 * word.style.size <= wall.at - word.baseline <= 0.35 * word.style.size
        and word.box.left < wall.end
        and wall.start < word.box.right
    ]
    if not above:
        return False
    above.sort(key=lambda word: word.box.left)
    right = above[0].box.right
    for word in above:
        if word.box.left - right > _WIDEST_BLANK * word.style.size:
            return False
        right = max(right, word.box.right)
    beyond = 2 * _SAME_EDGE
    return above[0].box.left - beyond <= wall.start and wall.end <= right + beyond
