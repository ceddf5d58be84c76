"""Pages as PDFium draws them: what lies where, and pictures of a page with some of its text left out.

Objects are told in the order in which they are drawn, those of forms included. Boxes are left, bottom, right, top in
points of the page as its content knows them. PDFium is not made for threads: one page at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from ctypes import byref, c_float, c_uint, c_ulong
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
from pypdfium2 import raw

Box = tuple[float, float, float, float]
Pixels = npt.NDArray[np.uint8]  # rows from the top, columns, blue-green-red and one that is not used
Shades = npt.NDArray[np.uint8]  # rows from the top, columns
MAX_OBJECTS = 60_000  # of one page; a drawing of more is not looked through
_MAX_READ = 60_000_000  # texts to be read, times objects of the page: 2 seconds
_MAX_DEPTH = 30  # of forms within forms
_PAPER, _CONTRAST = (255, 255, 255, 255), (255, 0, 255, 255)  # no text of a real paper is drawn in this magenta
_LAYER = "OC\0".encode("utf-16-le")  # the mark of optional content
_MAX_CLIPS, _CLIP_POINTS = 4, range(4, 7)


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
    INVISIBLE = 3
    CLIP = 7


@dataclass(slots=True, eq=False)
class Drawn:
    """An object of a page that is drawn, the `order`-th of it: text, path, picture or shading."""

    handle: Any
    kind: Kind
    order: int
    box: Box
    em: float = 0.0  # size of a text in points: height of the font as drawn
    mode: int = Mode.FILL
    colour: tuple[int, int, int] = (0, 0, 0)
    alpha: int = 255
    ink: bool = True  # the box of a text has an extent up and down
    steady: bool = True  # nothing but its own colour says how a text is painted: no transparency, layer or clip
    matrix: Any = None  # from the object's own points to those of the page


@contextmanager
def opened(content: bytes | Path) -> Iterator[Any]:
    """Open a PDF file; None where PDFium cannot."""
    try:
        document = pypdfium2.PdfDocument(content)
    except (pypdfium2.PdfiumError, OSError, ValueError):
        yield None
        return
    try:
        yield document
    finally:
        document.close()


@contextmanager
def drawn_page(document: Any, number: int, unit: float = 1.0) -> Iterator[DrawnPage]:
    """Open page `number` (from 0), whose points are `unit` of a usual one; raises NotDrawn."""
    try:
        page = document[number]
        try:
            yield DrawnPage(page, unit)
        finally:
            page.close()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise NotDrawn from error


class DrawnPage:
    """One page, not turned: `frame` is what of it is shown, `objects` are those drawn, in order."""

    def __init__(self, page: Any, unit: float) -> None:
        self.page, self.unit = page, unit
        page.set_rotation(0)
        left, bottom, right, top = page.get_bbox()
        if not (right > left and top > bottom):
            raise NotDrawn
        self.frame: Box = (left, bottom, right, top)
        self.objects = list(self._walk())

    def pixels(self, scale: float, without: Collection[Drawn] = (), paper: tuple[int, ...] = _PAPER) -> Pixels:
        """Draw the page at `scale` pixels per point, leaving some objects out."""
        for one in without:
            raw.FPDFPageObj_SetIsActive(one.handle, False)
        try:
            drawn = self.page.render(
                scale=scale, fill_color=paper, prefer_bgrx=True, draw_annots=False, may_draw_forms=False
            )
            return np.ascontiguousarray(drawn.to_numpy())
        finally:
            for one in without:
                raw.FPDFPageObj_SetIsActive(one.handle, True)

    def glyphs(self, scale: float, of: Collection[Drawn]) -> npt.NDArray[np.float32]:
        """Return how much of each pixel (0 to 1) some texts alone would ink, whatever their colour.

        Their colours and modes are lost by this: ask for pixels before.
        """
        for text in of:
            raw.FPDFPageObj_SetFillColor(text.handle, 0, 0, 0, 255)
            raw.FPDFPageObj_SetStrokeColor(text.handle, 0, 0, 0, 255)
            if text.mode in (Mode.INVISIBLE, Mode.CLIP):
                raw.FPDFTextObj_SetTextRenderMode(text.handle, Mode.FILL)
        alone = self.pixels(scale, [one for one in self.objects if one not in of], _CONTRAST)
        return difference(alone, self.pixels(scale, self.objects, _CONTRAST)).astype(np.float32) / 255.0

    def cut(self, text: Drawn, scale: float, out_of: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the part of a picture that shows the box of a text."""
        left, top = (text.box[0] - self.frame[0]) * scale, (self.frame[3] - text.box[3]) * scale
        right, bottom = (text.box[2] - self.frame[0]) * scale, (self.frame[3] - text.box[1]) * scale
        return out_of[max(int(top), 0) : max(int(bottom) + 1, 0), max(int(left), 0) : max(int(right) + 1, 0)]

    def texts(self, of: Collection[Drawn]) -> list[str]:
        """Return the characters of some texts; raises NotDrawn for too many: for each all are gone through."""
        if len(of) * len(self.objects) > _MAX_READ:
            raise NotDrawn
        page = self.page.get_textpage()
        try:
            for text in of:
                text.handle.textpage = page
            return [str(text.handle.extract()) for text in of]
        finally:
            page.close()

    def _walk(self) -> Iterator[Drawn]:
        """Yield the objects of the page and, in their place, those of its forms, whose matrices lead to the page."""
        around: dict[Any, tuple[Any, bool]] = {None: (pypdfium2.PdfMatrix(), True)}
        order = 0
        for one in self.page.get_objects(max_depth=_MAX_DEPTH):
            matrix, steady = around[one.container]
            if one.type == Kind.FORM:
                around[one] = (one.get_matrix().multiply(matrix), steady and _steady(one, None))
            elif one.type in (Kind.TEXT, Kind.PATH, Kind.IMAGE, Kind.SHADING):
                yield self._drawn(one, order, matrix, steady)
                order += 1
            if len(around) + order > MAX_OBJECTS:
                raise NotDrawn

    def _drawn(self, one: Any, order: int, matrix: Any, steady: bool) -> Drawn:
        bounds = one.get_bounds()
        drawn = Drawn(one, Kind(one.type), order, matrix.on_rect(*bounds))
        if one.type == Kind.PATH:
            drawn.matrix = one.get_matrix().multiply(matrix)
        if one.type == Kind.TEXT:
            a, b, c, d, _, _ = one.get_matrix().multiply(matrix).get()
            drawn.em = abs(one.get_font_size()) * min((c * c + d * d) ** 0.5, 4 * (a * a + b * b) ** 0.5) * self.unit
            drawn.mode = raw.FPDFTextObj_GetTextRenderMode(one)
            drawn.ink = bounds[2] > bounds[0] and bounds[3] > bounds[1]
            parts = [c_uint(255) for _ in range(4)]
            raw.FPDFPageObj_GetFillColor(one, *map(byref, parts))
            drawn.colour, drawn.alpha = (parts[0].value, parts[1].value, parts[2].value), parts[3].value
            drawn.steady = steady and _steady(one, bounds)
        return drawn


def difference(one: Pixels, other: Pixels) -> Shades:
    """Return per pixel the largest difference of any colour, 0 to 255."""
    found = np.zeros(one.shape[:2], np.uint8)
    places = np.flatnonzero(one.view(np.uint32).ravel() != other.view(np.uint32).ravel())
    left, right = (pixels.reshape(-1, 4)[places, :3].astype(np.int16) for pixels in (one, other))
    found.reshape(-1)[places] = np.abs(left - right).max(axis=1, initial=0)
    return found


def _steady(handle: Any, bounds: Box | None) -> bool:
    """Whether an object is painted without transparency, layer or a clip that could cut it: any clip of a form may."""
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
        return count <= 0
    return count <= _MAX_CLIPS and all(_around(clip, index, bounds) for index in range(count))


def _around(clip: Any, index: int, bounds: Box) -> bool:
    """Whether a clip is a plain rectangle around the bounds of an object."""
    count = raw.FPDFClipPath_CountPathSegments(clip, index)
    x, y, xs, ys = c_float(), c_float(), set(), set()
    for number in range(count if count in _CLIP_POINTS else 0):
        raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, index, number), byref(x), byref(y))
        xs.add(round(x.value, 1))
        ys.add(round(y.value, 1))
    if len(xs) != 2 or len(ys) != 2:
        return False
    return min(xs) <= bounds[0] and min(ys) <= bounds[1] and bounds[2] <= max(xs) and bounds[3] <= max(ys)
