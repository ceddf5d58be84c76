"""What a page of a PDF shows, as PDFium tells it: words with box and style, and the rules and box edges between them.

All coordinates are points from the top left corner of the page, turned so that most of its text runs to the right.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from ctypes import CFUNCTYPE, byref, c_double, c_float, c_int, c_uint, c_void_p, cast, create_string_buffer
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from pypdfium2 import raw

from ingest.layout.drawing import Drawn, DrawnPage, Kind
from ingest.stream import Box, Style, clean_characters, count_invisible

_BOLD = ("bold", "black", "heavy", "semib", "demi", "medium")
_STROKED = 2  # render mode of text that is filled and outlined: fake bold
_RULE = 3.0  # points up to which a filled box is a rule
_SHORTEST = 5.0  # points of a rule that may part cells
_WHITE = 250  # of 255: a fill from which it is not seen on paper
_INSET = 8.0  # points between a side of shading and the rule that it belongs to
_BOX_CORNERS = (4, 5)  # points of the outline of a box, open or closed
_MOST_FILLS = 800  # filled boxes of a page that are compared with each other
_MOST_POINTS, _MOST_EDGES = 400, 6_000  # of one path, and of a page, beyond which it is a drawing
# the same function with a plain number as its result: it is called for every character
_object_of = CFUNCTYPE(c_void_p, c_void_p, c_int)(cast(raw.FPDFText_GetTextObject, c_void_p).value or 0)
_TURN = 8  # degrees by which a direction may be off


class Word(NamedTuple):
    """Characters without white space between them: text, box, baseline, style, quarter turns against the page."""

    text: str
    box: Box
    baseline: float
    style: Style
    turn: int


class Edge(NamedTuple):
    """A straight line that is drawn: at `place` across, from `start` to `end` along, in points."""

    place: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageContent:
    """Words in drawing order, edges upright and level, and width and height of a page in points."""

    words: tuple[Word, ...]
    upright: tuple[Edge, ...]
    level: tuple[Edge, ...]
    width: float
    height: float
    invisible: int  # characters without shape that were dropped


class _Turn:
    """Turns points of a page so that text of `quarter` turns runs from left to right, from the top left corner."""

    def __init__(self, frame: tuple[float, float, float, float], quarter: int) -> None:
        self._frame, self.quarter = frame, quarter

    def point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self._frame
        if self.quarter == 0:
            return x - left, top - y
        if self.quarter == 1:
            return y - bottom, x - left
        if self.quarter == 2:
            return right - x, y - bottom
        return top - y, right - x

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        first, second = self.point(left, bottom), self.point(right, top)
        xs, ys = sorted((first[0], second[0])), sorted((first[1], second[1]))
        return Box(xs[0], ys[0], xs[1], ys[1])

    @property
    def size(self) -> tuple[float, float]:
        left, bottom, right, top = self._frame
        sides = right - left, top - bottom
        return sides if self.quarter % 2 == 0 else (sides[1], sides[0])


class _Characters:
    """The characters of one page, asked of PDFium one call at a time."""

    def __init__(self, page: Any, hidden: Collection[int]) -> None:
        self._text = page.get_textpage()
        self._handle, self._hidden = self._text.raw, hidden
        self._styles: dict[int, tuple[Style, int]] = {}

    def close(self) -> None:
        self._text.close()

    def runs(self) -> Iterator[tuple[str, int, int, int]]:
        """Yield each word with the numbers of its first and last character and the address of its text object."""
        handle, first, last, owner = self._handle, 0, 0, 0
        address = cast(handle, c_void_p)
        pending: list[str] = []
        high = 0
        for index in range(raw.FPDFText_CountChars(handle)):
            code = raw.FPDFText_GetUnicode(handle, index)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000 and high:
                code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
            char = "-" if code == 2 else chr(code) if 0 < code < 0xD800 or code >= 0xE000 else ""
            blank = not char or char.isspace() or char == "\xad"
            source = 0 if blank else _object_of(address, index) or 0
            if pending and (blank or source != owner):
                yield "".join(pending), first, last, owner
                pending = []
            if blank or source in self._hidden:
                continue
            if not pending:
                first, owner = index, source
            pending.append(char)
            last = index
        if pending:
            yield "".join(pending), first, last, owner

    def box(self, index: int) -> tuple[float, float, float, float]:
        """Return left, bottom, right, top of a character with the height of its font."""
        rect = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(self._handle, index, byref(rect))
        return rect.left, rect.bottom, rect.right, rect.top

    def origin(self, index: int) -> tuple[float, float]:
        x, y = c_double(), c_double()
        raw.FPDFText_GetCharOrigin(self._handle, index, byref(x), byref(y))
        return x.value, y.value

    def style(self, index: int, owner: int) -> tuple[Style, int]:
        """Return the style of a character, and the quarter turns of its direction."""
        if owner not in self._styles:
            self._styles[owner] = self._read_style(index)
        return self._styles[owner]

    def _read_style(self, index: int) -> tuple[Style, int]:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self._handle, index, byref(matrix))
        size = raw.FPDFText_GetFontSize(self._handle, index) * math.hypot(matrix.c, matrix.d)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        turn = round(angle / 90) % 4 if min(angle % 90, 90 - angle % 90) <= _TURN else -1
        name, flags = create_string_buffer(128), c_int()
        raw.FPDFText_GetFontInfo(self._handle, index, name, 128, byref(flags))
        font = name.value.decode("utf-8", "replace").lower()
        heavy = any(word in font for word in _BOLD)
        item = raw.FPDFText_GetTextObject(self._handle, index)
        heavy = heavy or (bool(item) and raw.FPDFTextObj_GetTextRenderMode(item) == _STROKED)
        red, green, blue, alpha = (c_uint() for _ in range(4))
        raw.FPDFText_GetFillColor(self._handle, index, byref(red), byref(green), byref(blue), byref(alpha))
        colour = (red.value << 16) | (green.value << 8) | blue.value
        return Style(round(abs(size), 1), heavy, colour), turn


def address_of(item: Drawn) -> int:
    """Return the address of a drawn object, by which characters name the text object that they are of."""
    return cast(item.handle.raw, c_void_p).value or 0


def read_content(page: Any, drawn: DrawnPage | None, hidden: Collection[int] = ()) -> PageContent:
    """Return what a page shows; `hidden` are addresses of text objects to leave out, `drawn` its objects if known."""
    frame = drawn.frame if drawn is not None else page.get_bbox()
    characters = _Characters(page, hidden)
    try:
        found = [
            (
                text,
                characters.box(first),
                characters.box(last),
                characters.origin(first),
                *characters.style(first, owner),
            )
            for text, first, last, owner in characters.runs()
        ]
    finally:
        characters.close()
    votes: Counter[int] = Counter()
    for text, *_, turn in found:
        votes[turn] += len(text)
    main = max((turn for turn in votes if turn >= 0), key=lambda turn: votes[turn], default=0)
    turned = _Turn(frame, main)
    words = []
    invisible = 0
    for text, first, last, origin, style, turn in found:
        plain = clean_characters(text)
        invisible += count_invisible(text)
        if plain and plain.strip():
            first_box, last_box = turned.box(*first), turned.box(*last)
            box = Box(
                min(first_box.left, last_box.left), min(first_box.top, last_box.top),
                max(first_box.right, last_box.right), max(first_box.bottom, last_box.bottom),
            )  # fmt: skip
            words.append(Word(plain, box, turned.point(*origin)[1], style, (turn - main) % 4 if turn >= 0 else -1))
    upright, level = _edges(drawn, turned)
    width, height = turned.size
    return PageContent(tuple(words), tuple(upright), tuple(level), width, height, invisible)


def _edges(drawn: DrawnPage | None, turned: _Turn) -> tuple[list[Edge], list[Edge]]:
    """Return the upright and level lines of a page: rules, and sides of filled boxes that no rule accompanies."""
    rules: list[Box] = []
    fills: list[tuple[Box, int]] = []
    for item in drawn.objects if drawn is not None else ():
        if item.kind is Kind.PATH and len(rules) + len(fills) <= _MOST_EDGES:
            _collect(item, turned, rules, fills)
    upright, level = _sorted_edges(rules)
    sides = _sorted_edges(side for box, colour in fills for side in _sides(box, colour, fills))
    upright += [edge for edge in sides[0] if not _accompanied(edge, upright)]
    level += [edge for edge in sides[1] if not _accompanied(edge, level)]
    return _merge_edges(upright), _merge_edges(level)


def _sorted_edges(boxes: Iterable[Box]) -> tuple[list[Edge], list[Edge]]:
    """Return thin boxes as upright and level edges; what is too short parts nothing."""
    upright, level = [], []
    for left, top, right, bottom in boxes:
        if right - left <= _RULE and bottom - top >= _SHORTEST:
            upright.append(Edge((left + right) / 2, top, bottom))
        elif bottom - top <= _RULE and right - left >= _SHORTEST:
            level.append(Edge((top + bottom) / 2, left, right))
    return upright, level


def _sides(box: Box, colour: int, fills: Sequence[tuple[Box, int]]) -> Iterator[Box]:
    """Yield the sides of a filled box at which its colour ends: shading goes on in the next box of its colour."""
    left, top, right, bottom = box
    same = [other for other, its in fills if its == colour and other is not box] if len(fills) <= _MOST_FILLS else []
    beside = [other for other in same if other.top <= top + _RULE and bottom - _RULE <= other.bottom]
    stacked = [other for other in same if other.left <= left + _RULE and right - _RULE <= other.right]
    if not any(abs(other.right - left) <= _RULE for other in beside):
        yield Box(left, top, left, bottom)
    if not any(abs(other.left - right) <= _RULE for other in beside):
        yield Box(right, top, right, bottom)
    if not any(abs(other.bottom - top) <= _RULE for other in stacked):
        yield Box(left, top, right, top)
    if not any(abs(other.top - bottom) <= _RULE for other in stacked):
        yield Box(left, bottom, right, bottom)


def _accompanied(edge: Edge, rules: Sequence[Edge]) -> bool:
    """True if a rule runs along an edge: a cell's shading often ends a little inside its rules."""
    return any(
        abs(rule.place - edge.place) <= _INSET and min(rule.end, edge.end) - max(rule.start, edge.start) > 0
        for rule in rules
    )


def _collect(item: Drawn, turned: _Turn, rules: list[Box], fills: list[tuple[Box, int]]) -> None:
    """Add the straight pieces of a stroked path, and a filled box, as a rule where it is thin."""
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(item.handle, byref(fill), byref(stroke))
    colour = _colour(item.handle, raw.FPDFPageObj_GetFillColor) if fill.value else None
    stroked = bool(stroke.value) and _colour(item.handle, raw.FPDFPageObj_GetStrokeColor) is not None
    whole = turned.box(*item.box)
    if whole.right - whole.left <= _RULE or whole.bottom - whole.top <= _RULE:
        if stroked or colour is not None:
            rules.append(whole)
        return
    count = raw.FPDFPath_CountSegments(item.handle) if stroked or colour is not None else _MOST_POINTS + 1
    if count > _MOST_POINTS:
        return
    for outline in _outlines(item, count):
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        box = turned.box(min(xs), min(ys), max(xs), max(ys))
        if min(box.right - box.left, box.bottom - box.top) <= _RULE:
            rules.append(box)
        elif stroked:
            rules += [
                turned.box(min(x, next_x), min(y, next_y), max(x, next_x), max(y, next_y))
                for (x, y), (next_x, next_y) in pairwise(outline)
                if abs(x - next_x) <= _RULE / 3 or abs(y - next_y) <= _RULE / 3
            ]
        elif colour is not None and len(outline) in _BOX_CORNERS:
            fills.append((box, colour))


def _outlines(item: Drawn, count: int) -> Iterator[list[tuple[float, float]]]:
    """Yield the corners of each outline of a path, on the page; curves are left out."""
    x, y = c_float(), c_float()
    corners: list[tuple[float, float]] = []
    matrix = item.matrix
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(item.handle, number)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        point = matrix.on_point(x.value, y.value)
        if kind == raw.FPDF_SEGMENT_LINETO:
            corners.append(point)
        else:
            if len(corners) > 1:
                yield corners
            corners = [point]
        if raw.FPDFPathSegment_GetClose(segment) and len(corners) > 1:
            yield [*corners, corners[0]]
            corners = [corners[0]]
    if len(corners) > 1:
        yield corners


def _colour(handle: Any, ask: Any) -> int | None:
    """Return the colour 0xRRGGBB that a path is painted in, None where it is not seen on white paper."""
    parts = [c_uint(255) for _ in range(4)]
    ask(handle, *map(byref, parts))
    red, green, blue, alpha = (part.value for part in parts)
    return None if alpha < 8 or min(red, green, blue) >= _WHITE else (red << 16) | (green << 8) | blue


def _merge_edges(edges: Iterable[Edge]) -> list[Edge]:
    """Join edges that lie on one line and touch: a table's rule is often drawn cell by cell."""
    lines: list[tuple[float, list[Edge]]] = []
    for edge in sorted(edges):
        if lines and edge.place - lines[-1][0] <= _RULE:
            lines[-1][1].append(edge)
        else:
            lines.append((edge.place, [edge]))
    merged: list[Edge] = []
    for _, members in lines:
        place = sum(edge.place for edge in members) / len(members)
        start, end = -1.0, -1.0
        for edge in sorted(members, key=lambda member: member.start):
            if end >= 0 and edge.start <= end + _RULE:
                end = max(end, edge.end)
                continue
            if end > start >= 0:
                merged.append(Edge(place, start, end))
            start, end = max(edge.start, 0.0), edge.end
        if end > start >= 0:
            merged.append(Edge(place, start, end))
    return merged


def join_words(words: Sequence[Word]) -> str:
    """Return the text of words that stand on one line; words that touch are one."""
    parts: list[str] = []
    for place, word in enumerate(words):
        if place:
            before = words[place - 1]
            gap = word.box.left - before.box.right
            if gap > 0.12 * max(word.style.size, before.style.size, 1.0):
                parts.append(" ")
        parts.append(word.text)
    return "".join(parts)
