"""Pages as PDFium draws them: what lies where, and pictures of a page with some of its text left out.

Objects are told in the order in which they are drawn, those of forms included. PDFium is not made for threads: one
page at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from ctypes import byref, c_float, c_uint, c_ulong
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
from pypdfium2 import raw

from ingest.layout.visible.drawn import IDENTITY, Box, Drawn, Kind, Matrix, Mode, moved, times

Pixels = npt.NDArray[np.uint8]  # rows from the top, columns, blue-green-red and one that is not used
Shades = npt.NDArray[np.uint8]  # rows from the top, columns
MAX_OBJECTS = 60_000  # of one page; a drawing of more is not looked through
_MAX_READ = 60_000_000  # texts to be read, times objects of the page: 2 seconds
_MAX_DEPTH = 30  # of forms within forms
_PAPER, _CONTRAST = 0xFFFFFFFF, 0xFFFF00FF  # no text of a real paper is drawn in this magenta
_LAYER = "OC\0".encode("utf-16-le")  # the mark of optional content
_MAX_CLIPS, _MAX_CLIP_POINTS = 4, 6


class NotDrawn(Exception):
    """PDFium cannot open the file or the page, or the page has more objects than are looked through."""


class Drawing:
    """A PDF file opened by PDFium; use it in a `with`."""

    def __init__(self, content: bytes) -> None:
        """Open the file; raises NotDrawn."""
        try:
            self._document = pypdfium2.PdfDocument(content)
        except (pypdfium2.PdfiumError, OSError, ValueError) as error:
            raise NotDrawn from error

    def __enter__(self) -> Drawing:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._document.close()

    @contextmanager
    def page(self, number: int, unit: float = 1.0) -> Iterator[DrawnPage]:
        """Open page `number` (from 0), whose points are `unit` of a usual one; raises NotDrawn."""
        try:
            page = self._document[number]
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise NotDrawn from error
        try:
            yield DrawnPage(page, unit)
        finally:
            page.close()


@dataclass(slots=True)
class DrawnPage:
    """One page: `frame` is what of it is shown, `objects` are those drawn, in order."""

    page: Any
    unit: float
    frame: Box = field(init=False)
    objects: list[Drawn] = field(init=False)

    def __post_init__(self) -> None:
        left, bottom, right, top = self.page.get_bbox()
        if not (right > left and top > bottom):
            raise NotDrawn
        self.frame = (left, bottom, right, top)
        self.objects = list(self._walk())

    def pixels(self, scale: float, region: Box, without: Collection[Drawn] = ()) -> Pixels:
        """Draw what lies in `region` at `scale` pixels per point, leaving some objects out."""
        return self._rendered(scale, region, without, _PAPER)

    def glyphs(self, scale: float, region: Box, of: Collection[Drawn]) -> npt.NDArray[np.float32]:
        """Return how much of each pixel (0 to 1) some texts alone would ink, whatever their colour.

        Their colours and modes are lost by this: ask for pixels before.
        """
        for text in of:
            raw.FPDFPageObj_SetFillColor(text.handle, 0, 0, 0, 255)
            raw.FPDFPageObj_SetStrokeColor(text.handle, 0, 0, 0, 255)
            if text.mode in (Mode.INVISIBLE, Mode.CLIP):
                raw.FPDFTextObj_SetTextRenderMode(text.handle, Mode.FILL)
        chosen = set(of)
        alone = self._rendered(scale, region, [one for one in self.objects if one not in chosen], _CONTRAST)
        bare = self._rendered(scale, region, self.objects, _CONTRAST)
        return difference(alone, bare).astype(np.float32) / 255.0

    def texts(self, of: Collection[Drawn]) -> list[str]:
        """Return the characters of some texts; raises NotDrawn for too many: for each all are gone through."""
        if len(of) * len(self.objects) > _MAX_READ:
            raise NotDrawn
        page = self.page.get_textpage()
        try:
            return [_characters(text.handle, page) for text in of]
        finally:
            page.close()

    def to_pixels(self, box: Box, scale: float, region: Box) -> tuple[int, int, int, int]:
        """Return left, top, right, bottom of a box in the pixels of `region`; right and bottom lie outside."""
        x0, y0, x1, y1 = self._turned(box)
        left, top = self._turned(region)[:2]
        edges = ((x0 - left) * scale, (y0 - top) * scale, (x1 - left) * scale, (y1 - top) * scale)
        return max(int(edges[0]), 0), max(int(edges[1]), 0), max(int(edges[2]) + 1, 0), max(int(edges[3]) + 1, 0)

    def _turned(self, box: Box) -> Box:
        """Return left, top, right, bottom in points from the upper left corner of the page as it is shown."""
        left, bottom, right, top = self.frame
        match self.page.get_rotation():
            case 90:
                return box[1] - bottom, box[0] - left, box[3] - bottom, box[2] - left
            case 180:
                return right - box[2], box[1] - bottom, right - box[0], box[3] - bottom
            case 270:
                return top - box[3], right - box[2], top - box[1], right - box[0]
        return box[0] - left, top - box[3], box[2] - left, top - box[1]

    def _rendered(self, scale: float, region: Box, without: Collection[Drawn], paper: int) -> Pixels:
        left, top, right, bottom = self._turned(region)
        width, height = max(round((right - left) * scale), 1), max(round((bottom - top) * scale), 1)
        pixels: Pixels = np.empty((height, width, 4), np.uint8)
        bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGRx, pixels.ctypes.data, width * 4)
        whole = [round(side * scale) for side in self.page.get_size()]
        try:
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, paper)
            self._show(without, False)
            start = (-round(left * scale), -round(top * scale))
            raw.FPDF_RenderPageBitmap(bitmap, self.page.raw, *start, max(whole[0], 1), max(whole[1], 1), 0, 0)
        finally:
            self._show(without, True)
            raw.FPDFBitmap_Destroy(bitmap)
        return pixels

    @staticmethod
    def _show(objects: Collection[Drawn], active: bool) -> None:
        for one in objects:
            raw.FPDFPageObj_SetIsActive(one.handle, active)

    def _walk(self) -> Iterator[Drawn]:
        for number, drawn in enumerate(self._inside(self.page.raw, IDENTITY, True, 0)):
            if number >= MAX_OBJECTS:
                raise NotDrawn
            yield drawn

    def _inside(self, holder: Any, matrix: Matrix, steady: bool, depth: int) -> Iterator[Drawn]:
        """Yield the objects of the page (depth 0) or of a form, whose `matrix` leads to the page."""
        count = (raw.FPDFFormObj_CountObjects if depth else raw.FPDFPage_CountObjects)(holder)
        get = raw.FPDFFormObj_GetObject if depth else raw.FPDFPage_GetObject
        for index in range(max(count, 0)):
            handle = get(holder, index)
            kind = raw.FPDFPageObj_GetType(handle)
            if kind == Kind.FORM:
                if depth < _MAX_DEPTH:
                    inner = times(_matrix(handle), matrix)
                    yield from self._inside(handle, inner, steady and _steady(handle, None), depth + 1)
            elif kind in (Kind.TEXT, Kind.PATH, Kind.IMAGE, Kind.SHADING):
                yield self._drawn(handle, Kind(kind), matrix, steady)

    def _drawn(self, handle: Any, kind: Kind, matrix: Matrix, steady: bool) -> Drawn:
        bounds = _bounds(handle)
        drawn = Drawn(handle, kind, moved(bounds, matrix))
        if kind is Kind.TEXT:
            size = c_float()
            raw.FPDFTextObj_GetFontSize(handle, byref(size))
            a, b, c, d, _, _ = times(_matrix(handle), matrix)
            drawn.em = abs(size.value) * min((c * c + d * d) ** 0.5, 4 * (a * a + b * b) ** 0.5) * self.unit
            drawn.mode = raw.FPDFTextObj_GetTextRenderMode(handle)
            drawn.ink = bounds[2] > bounds[0] and bounds[3] > bounds[1]
            drawn.colour, drawn.alpha = _colour(handle)
            drawn.steady = steady and _steady(handle, bounds)
        return drawn


def difference(one: Pixels, other: Pixels) -> Shades:
    """Return per pixel the largest difference of any colour, 0 to 255."""
    found = np.zeros(one.shape[:2], np.uint8)
    places = np.flatnonzero(one.view(np.uint32).ravel() != other.view(np.uint32).ravel())
    left, right = (pixels.reshape(-1, 4)[places, :3].astype(np.int16) for pixels in (one, other))
    found.reshape(-1)[places] = np.abs(left - right).max(axis=1, initial=0)
    return found


def _characters(handle: Any, page: Any) -> str:
    length = raw.FPDFTextObj_GetText(handle, page.raw, None, 0)
    units = (raw.FPDF_WCHAR * (length // 2 + 1))()
    raw.FPDFTextObj_GetText(handle, page.raw, units, length)
    return bytes(units)[: max(length - 2, 0)].decode("utf-16-le", "replace")


def _bounds(handle: Any) -> Box:
    sides = [c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(handle, *map(byref, sides))
    return sides[0].value, sides[1].value, sides[2].value, sides[3].value


def _matrix(handle: Any) -> Matrix:
    found = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(handle, byref(found))
    return found.a, found.b, found.c, found.d, found.e, found.f


def _colour(handle: Any) -> tuple[tuple[int, int, int], int]:
    parts = [c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(handle, *map(byref, parts)):
        return (255, 255, 255), 255
    return (parts[0].value, parts[1].value, parts[2].value), parts[3].value


def _steady(handle: Any, bounds: Box | None) -> bool:
    """Whether an object is painted without transparency, layer or a clip that could cut it."""
    return not raw.FPDFPageObj_HasTransparency(handle) and not _layered(handle) and _unclipped(handle, bounds)


def _layered(handle: Any) -> bool:
    name, length = (raw.FPDF_WCHAR * 3)(), c_ulong()
    for index in range(raw.FPDFPageObj_CountMarks(handle)):
        mark = raw.FPDFPageObj_GetMark(handle, index)
        if raw.FPDFPageObjMark_GetName(mark, name, 6, byref(length)) and bytes(name) == _LAYER:
            return True
    return False


def _unclipped(handle: Any, bounds: Box | None) -> bool:
    """Whether every clip is a plain rectangle around the object; of a form (no bounds) any clip is in doubt."""
    clip = raw.FPDFPageObj_GetClipPath(handle)
    count = raw.FPDFClipPath_CountPaths(clip) if clip else -1
    if count <= 0 or bounds is None:
        return count <= 0
    return count <= _MAX_CLIPS and all(_around(clip, index, bounds) for index in range(count))


def _around(clip: Any, index: int, bounds: Box) -> bool:
    count = raw.FPDFClipPath_CountPathSegments(clip, index)
    if not 4 <= count <= _MAX_CLIP_POINTS:
        return False
    points = [_point(raw.FPDFClipPath_GetPathSegment(clip, index, number)) for number in range(count)]
    xs, ys = {round(x, 1) for x, _ in points}, {round(y, 1) for _, y in points}
    if len(xs) != 2 or len(ys) != 2:
        return False
    return min(xs) <= bounds[0] and min(ys) <= bounds[1] and bounds[2] <= max(xs) and bounds[3] <= max(ys)


def _point(segment: Any) -> tuple[float, float]:
    x, y = c_float(), c_float()
    raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
    return x.value, y.value
