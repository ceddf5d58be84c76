"""Pages as PDFium draws them: objects with place and paint, and pictures of a page with some of its texts left out.

Objects are in drawing order, those of forms included. Boxes are left, bottom, right, top in points of the page as its
content knows them. PDFium is not made for threads: one page at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from ctypes import byref, c_float, c_uint, c_ulong, c_void_p, create_string_buffer
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pypdfium2 import raw

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
Pixels = npt.NDArray[np.uint8]  # rows from the top, columns, blue-green-red and one that is not used
Shades = npt.NDArray[np.uint8]  # rows from the top, columns
MAX_OBJECTS = 60_000  # of one page; a drawing of more is not looked through
_MAX_READ = 60_000_000  # texts to be read, times objects of the page: 2 seconds
_MAX_DEPTH = 30  # of forms within forms
_UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_PAPER, _CONTRAST = (255, 255, 255, 255), (255, 0, 255, 255)  # no text of a real document is drawn in this magenta
_LAYER = "OC\0".encode("utf-16-le")  # the mark of optional content
_MAX_CLIPS, _CLIP_POINTS = 4, range(4, 7)
_BOLD_WEIGHT, _BOLD_NAMES = 600, (b"bold", b"black", b"heavy", b"semib", b"demi")


class NotDrawn(Exception):
    """PDFium cannot open the page, or the page has more objects than are looked through."""


class Kind(IntEnum):
    """What an object is, by PDFium's numbers."""

    TEXT = 1
    PATH = 2
    IMAGE = 3
    SHADING = 4
    FORM = 5


class Mode(IntEnum):
    """How text is painted, as far as it matters here, by the numbers of the format."""

    FILL = 0
    STROKED = 2
    INVISIBLE = 3
    CLIP = 7


@dataclass(slots=True, eq=False)
class Drawn:
    """An object of a page: text, path, picture or shading, the `order`-th that is drawn."""

    handle: Any
    kind: Kind
    order: int
    box: Box
    matrix: Matrix  # from the object's own points to those of the page
    em: float = 0.0  # size of a text in points: height of the font as drawn
    mode: int = Mode.FILL
    colour: tuple[int, int, int] = (0, 0, 0)
    alpha: int = 255
    bold: bool = False
    ink: bool = True  # the box of a text has an extent up and down
    steady: bool = True  # nothing but its own colour says how a text is painted: no transparency, layer or clip


class _Around(NamedTuple):
    """What a form adds to its objects: the matrix that leads to the page, and whether they are painted plainly."""

    matrix: Matrix = _UNMOVED
    steady: bool = True


class DrawnPage:
    """One page, not turned: `frame` is the part that is shown, `objects` are those drawn, in order.

    Raises NotDrawn for a page without extent or with more objects than are looked through.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        page.set_rotation(0)
        left, bottom, right, top = page.get_bbox()
        if not (right > left and top > bottom):
            raise NotDrawn
        self.frame: Box = (left, bottom, right, top)
        self._fonts: dict[int, bool] = {}
        self._count = 0
        self.objects = list(self._traverse(page, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, _Around(), 1))
        self.texts = [drawn for drawn in self.objects if drawn.kind is Kind.TEXT]

    def pixels(self, scale: float, without: Collection[Drawn] = (), document: tuple[int, ...] = _PAPER) -> Pixels:
        """Draw the page at `scale` pixels per point, leaving some objects out."""
        for drawn in without:
            raw.FPDFPageObj_SetIsActive(drawn.handle, False)
        try:
            picture = self.page.render(
                scale=scale, fill_color=document, prefer_bgrx=True, draw_annots=False, may_draw_forms=False
            )
            return np.ascontiguousarray(picture.to_numpy())
        finally:
            for drawn in without:
                raw.FPDFPageObj_SetIsActive(drawn.handle, True)

    def glyphs(self, scale: float, of: Collection[Drawn]) -> npt.NDArray[np.float32]:
        """Return how much of each pixel (0 to 1) some texts alone would ink, whatever their colour.

        Their colours and modes are lost by this: ask for pixels before.
        """
        for text in of:
            raw.FPDFPageObj_SetFillColor(text.handle, 0, 0, 0, 255)
            raw.FPDFPageObj_SetStrokeColor(text.handle, 0, 0, 0, 255)
            if text.mode in (Mode.INVISIBLE, Mode.CLIP):
                raw.FPDFTextObj_SetTextRenderMode(text.handle, Mode.FILL)
        alone = self.pixels(scale, [drawn for drawn in self.objects if drawn not in of], _CONTRAST)
        return difference(alone, self.pixels(scale, self.objects, _CONTRAST)).astype(np.float32) / 255.0

    def count_pixels(self) -> int:
        """Return how many pixels the pictures of the page have as they are in the file."""
        width, height, pixels = c_uint(), c_uint(), 0
        for picture in (drawn for drawn in self.objects if drawn.kind is Kind.IMAGE):
            if raw.FPDFImageObj_GetImagePixelSize(picture.handle, byref(width), byref(height)):
                pixels += width.value * height.value
        return pixels

    def cut(self, text: Drawn, scale: float, out_of: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the part of a picture that shows the box of a text."""
        left, top = (text.box[0] - self.frame[0]) * scale, (self.frame[3] - text.box[3]) * scale
        right, bottom = (text.box[2] - self.frame[0]) * scale, (self.frame[3] - text.box[1]) * scale
        return out_of[max(int(top), 0) : max(int(bottom) + 1, 0), max(int(left), 0) : max(int(right) + 1, 0)]

    def read_texts(self, of: Collection[Drawn]) -> list[str]:
        """Return the characters of some texts; raises NotDrawn for too many: for each all are gone through."""
        if len(of) * len(self.objects) > _MAX_READ:
            raise NotDrawn
        page = self.page.get_textpage()
        try:
            return [_read_text(text.handle, page) for text in of]
        finally:
            page.close()

    def _traverse(self, owner: Any, count: Any, get: Any, around: _Around, depth: int) -> Iterator[Drawn]:
        """Yield the objects of the page or of a form and, in their place, those of the forms in it."""
        for number in range(count(owner)):
            handle = get(owner, number)
            kind = raw.FPDFPageObj_GetType(handle)
            self._count += 1
            if self._count > MAX_OBJECTS:
                raise NotDrawn
            if kind == Kind.FORM and depth < _MAX_DEPTH:
                inner = _Around(_multiply(_matrix(handle), around.matrix), around.steady and _is_steady(handle, None))
                yield from self._traverse(
                    handle, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, inner, depth + 1
                )
            elif kind in (Kind.TEXT, Kind.PATH, Kind.IMAGE, Kind.SHADING):
                yield self._read_drawing(handle, Kind(kind), around)

    def _read_drawing(self, handle: Any, kind: Kind, around: _Around) -> Drawn:
        bounds = _bounds(handle)
        own = _matrix(handle) if kind in (Kind.TEXT, Kind.PATH) else _UNMOVED
        matrix = own if around.matrix is _UNMOVED else _multiply(own, around.matrix)
        box = bounds if around.matrix is _UNMOVED else _move_box(bounds, around.matrix)
        drawn = Drawn(handle, kind, self._count, box, matrix)
        if kind is Kind.TEXT:
            a, b, c, d, _, _ = matrix
            size = c_float()
            raw.FPDFTextObj_GetFontSize(handle, byref(size))
            drawn.em = abs(size.value) * min((c * c + d * d) ** 0.5, 4 * (a * a + b * b) ** 0.5)
            drawn.mode = raw.FPDFTextObj_GetTextRenderMode(handle)
            drawn.ink = bounds[2] > bounds[0] and bounds[3] > bounds[1]
            drawn.colour, drawn.alpha = fill_colour(handle)
            drawn.bold = drawn.mode == Mode.STROKED or self._is_bold(raw.FPDFTextObj_GetFont(handle))
            drawn.steady = around.steady and _is_steady(handle, bounds)
        return drawn

    def _is_bold(self, font: Any) -> bool:
        address = address_of(font)
        if address not in self._fonts:
            name = create_string_buffer(128)
            raw.FPDFFont_GetBaseFontName(font, name, 128)
            named = any(word in name.value.lower() for word in _BOLD_NAMES)
            self._fonts[address] = named or raw.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
        return self._fonts[address]


def address_of(handle: Any) -> int:
    """Return what tells the same object of PDFium again, 0 of none."""
    return c_void_p.from_buffer(handle).value or 0 if handle else 0  # a cast takes five times as long


def fill_colour(handle: Any) -> tuple[tuple[int, int, int], int]:
    """Return red, green and blue, and how opaque they are, each 0 to 255."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint(255)
    raw.FPDFPageObj_GetFillColor(handle, byref(red), byref(green), byref(blue), byref(alpha))
    return (red.value, green.value, blue.value), alpha.value


def difference(first: Pixels, second: Pixels) -> Shades:
    """Return per pixel the largest difference of any colour, 0 to 255."""
    result = np.zeros(first.shape[:2], np.uint8)
    places = np.flatnonzero(first.view(np.uint32).ravel() != second.view(np.uint32).ravel())
    left, right = (pixels.reshape(-1, 4)[places, :3].astype(np.int16) for pixels in (first, second))
    result.reshape(-1)[places] = np.abs(left - right).max(axis=1, initial=0)
    return result


def move(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    """Return where a matrix moves a point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _move_box(box: Box, matrix: Matrix) -> Box:
    xs, ys = zip(*(move(x, y, matrix) for x in box[::2] for y in box[1::2]), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _multiply(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that moves as the first and then as the second."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _matrix(handle: Any) -> Matrix:
    result = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(handle, byref(result))
    return result.a, result.b, result.c, result.d, result.e, result.f


def _bounds(handle: Any) -> Box:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(handle, byref(left), byref(bottom), byref(right), byref(top))
    return left.value, bottom.value, right.value, top.value


def _read_text(handle: Any, page: Any) -> str:
    size = raw.FPDFTextObj_GetText(handle, page, None, 0)
    buffer = (raw.FPDF_WCHAR * (size // 2 + 1))()
    raw.FPDFTextObj_GetText(handle, page, buffer, size)
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", errors="ignore")


def _is_steady(handle: Any, bounds: Box | None) -> bool:
    """True if an object is painted without transparency, layer or a clip that could cut it: any clip of a form may."""
    if raw.FPDFPageObj_HasTransparency(handle):
        return False
    name, length = (raw.FPDF_WCHAR * 3)(), c_ulong()
    for index in range(raw.FPDFPageObj_CountMarks(handle)):
        mark = raw.FPDFPageObj_GetMark(handle, index)
        if raw.FPDFPageObjMark_GetName(mark, name, 6, byref(length)) and bytes(name) == _LAYER:
            return False
    clip = raw.FPDFPageObj_GetClipPath(handle)
    count = raw.FPDFClipPath_CountPaths(clip) if clip else 0
    if count <= 0 or bounds is None:
        return bool(count <= 0)
    return count <= _MAX_CLIPS and all(_is_around(clip, index, bounds) for index in range(count))


def _is_around(clip: Any, index: int, bounds: Box) -> bool:
    """True if a clip is a plain rectangle around the bounds of an object."""
    count = raw.FPDFClipPath_CountPathSegments(clip, index)
    x, y, xs, ys = c_float(), c_float(), set(), set()
    for number in range(count if count in _CLIP_POINTS else 0):
        raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, index, number), byref(x), byref(y))
        xs.add(round(x.value, 1))
        ys.add(round(y.value, 1))
    if len(xs) != 2 or len(ys) != 2:
        return False
    return min(xs) <= bounds[0] and min(ys) <= bounds[1] and bounds[2] <= max(xs) and bounds[3] <= max(ys)
