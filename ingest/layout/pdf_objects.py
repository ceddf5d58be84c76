"""PDF pages as PDFium draws them: their objects with box and paint, and renderings without some of
the texts.

Objects are in drawing order, those of forms included. Boxes are left, bottom, right, top in PDF
coordinates: points of the unturned page, y upwards. PDFium is not thread-safe: one page at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from ctypes import byref, c_float, c_uint, c_ulong, c_void_p, create_string_buffer
from dataclasses import dataclass
from itertools import product
from math import atan2, pi
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pypdfium2 import raw

Bounds = tuple[float, float, float, float]  # left, bottom, right, top
Matrix = tuple[float, float, float, float, float, float]
Pixels = npt.NDArray[np.uint8]  # rows from the top, columns; blue, green, red
MAX_OBJECTS = 60_000  # of one page; pages of more are not examined
_MAX_COMPARISONS = 60_000_000  # texts to be read times objects of the page; takes 2 seconds
_MAX_DEPTH = 30  # of forms within forms
# of the objects that are drawn
_KINDS = (
    raw.FPDF_PAGEOBJ_TEXT,
    raw.FPDF_PAGEOBJ_PATH,
    raw.FPDF_PAGEOBJ_IMAGE,
    raw.FPDF_PAGEOBJ_SHADING,
)
# modes of text; those above the invisible one clip
FILL = raw.FPDF_TEXTRENDERMODE_FILL
INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_LAYER_MARK = "OC\0".encode("utf-16-le")  # name of the mark of optional content (layers)
_SLANT = 0.1  # of a quarter turn, from which letters are slanted
_BOLD_WEIGHT = 600
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"semib", b"demi")


class PageNotExaminable(Exception):
    """The page has no area, or more objects than are examined."""


@dataclass(slots=True, eq=False)
class PageObject:
    """An object of a page: text, path, image or shading; the `order`-th that is drawn."""

    handle: Any
    kind: int  # by PDFium's numbers, as the `mode`
    order: int
    box: Bounds
    matrix: Matrix  # from the object's coordinates to those of the page
    type_size: float = 0.0  # type size of a text in points, as drawn
    mode: int = FILL
    colour: tuple[int, int, int] = (0, 0, 0)
    alpha: int = 255  # opacity of a text, 0 to 255
    bold: bool = False
    turn: int = 0  # by how many quarters clockwise the letters of a text are turned
    slanted: bool = False  # its letters are turned by no whole quarter
    content_id: int = -1  # of the page's marked content that a text is in; -1 for none
    is_painted_plainly: bool = True  # the text is painted plainly: no transparency, layer or clip


class _FormContext(NamedTuple):
    """What a form sets for its objects: their matrix to the page, and whether they are painted
    plainly.
    """

    matrix: Matrix = IDENTITY
    is_plain: bool = True


class DrawnPage:
    """One page, its rotation removed: the visible area (`frame`) and the drawn objects: all, texts,
    `drawings` (all others), and the images among these. Raises PageNotExaminable.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        page.set_rotation(0)
        left, bottom, right, top = page.get_bbox()
        if not (right > left and top > bottom):
            raise PageNotExaminable
        self.frame: Bounds = (left, bottom, right, top)
        self._bold_by_font: dict[int, bool] = {}
        self._count = 0
        self.objects = list(
            self._traverse(
                page, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, _FormContext(), 1
            )
        )
        self.texts = [drawn for drawn in self.objects if drawn.kind == raw.FPDF_PAGEOBJ_TEXT]
        self.drawings = [drawn for drawn in self.objects if drawn.kind != raw.FPDF_PAGEOBJ_TEXT]
        self.images = [drawn for drawn in self.objects if drawn.kind == raw.FPDF_PAGEOBJ_IMAGE]

    def render(self, scale: float, without: Collection[PageObject] = ()) -> Pixels:
        """Render the page at `scale` pixels per point, `without` some objects, which are only
        switched off meanwhile. Annotations and the values of forms are not drawn.
        """
        for drawn in without:
            raw.FPDFPageObj_SetIsActive(drawn.handle, False)
        try:
            picture = self.page.render(
                scale=scale,
                draw_annots=False,
                may_draw_forms=False,
            )
            return np.asarray(picture.to_numpy(), np.uint8)
        finally:
            for drawn in without:
                raw.FPDFPageObj_SetIsActive(drawn.handle, True)

    def count_pixels(self) -> int:
        """Return how many pixels the images of the page have in the file, all together."""
        width, height, pixels = c_uint(), c_uint(), 0
        for image in self.images:
            if raw.FPDFImageObj_GetImagePixelSize(image.handle, byref(width), byref(height)):
                pixels += width.value * height.value
        return pixels

    def crop(self, text: PageObject, scale: float, picture: Pixels) -> Pixels:
        """Return the part of a rendering of the page, at `scale` pixels per point, that shows the
        box of a text. It begins at the top left corner of the visible area, while boxes have y
        upwards.
        """
        left, top = (text.box[0] - self.frame[0]) * scale, (self.frame[3] - text.box[3]) * scale
        right, bottom = (text.box[2] - self.frame[0]) * scale, (self.frame[3] - text.box[1]) * scale
        return picture[
            max(int(top), 0) : max(int(bottom) + 1, 0), max(int(left), 0) : max(int(right) + 1, 0)
        ]

    def read_texts(self, of: Collection[PageObject]) -> list[str]:
        """Return the characters of some texts. PDFium goes through the page for each text, which
        takes long for many; raises PageNotExaminable if there are too many.
        """
        if len(of) * len(self.objects) > _MAX_COMPARISONS:
            raise PageNotExaminable
        page = self.page.get_textpage()
        try:
            return [read_string(raw.FPDFTextObj_GetText, text.handle, page) for text in of]
        finally:
            page.close()

    def _traverse(
        self, owner: Any, count: Any, get: Any, context: _FormContext, depth: int
    ) -> Iterator[PageObject]:
        """Yield the objects of a page or form (`owner`) in the order in which they are drawn; the
        objects of a form come in its place.

        `count` and `get` are the functions of PDFium that count the objects and return one by its
        number. `context` is what the forms around set, `depth` is 1 for the page and one more in
        each form. Forms nested too deeply are left out. Raises PageNotExaminable for too many
        objects.
        """
        for number in range(count(owner)):
            handle = get(owner, number)
            kind = raw.FPDFPageObj_GetType(handle)
            self._count += 1
            if self._count > MAX_OBJECTS:
                raise PageNotExaminable
            if kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                is_plain = context.is_plain and _is_painted_plainly(handle)
                inner = _FormContext(_multiply(_read_matrix(handle), context.matrix), is_plain)
                yield from self._traverse(
                    handle,
                    raw.FPDFFormObj_CountObjects,
                    raw.FPDFFormObj_GetObject,
                    inner,
                    depth + 1,
                )
            elif kind in _KINDS:
                yield self._read_object(handle, kind, context)

    def _read_object(self, handle: Any, kind: int, context: _FormContext) -> PageObject:
        """Return an object with its place on the page, a text also with its size and paint. PDFium
        gives the place of an object in a form within this form, so it is moved to the page. Only
        texts outside forms get the id of their marked content, as forms have ids of their own.
        """
        box = read_bounds(handle)
        matrix = IDENTITY
        if kind in (raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH):
            matrix = _read_matrix(handle)
        is_in_form = context.matrix is not IDENTITY  # each form sets a new one
        if is_in_form:
            matrix, box = _multiply(matrix, context.matrix), move_box(box, context.matrix)
        drawn = PageObject(handle, kind, self._count, box, matrix)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            self._read_text_paint(drawn)
            drawn.is_painted_plainly = context.is_plain and _is_painted_plainly(handle)
            if not is_in_form:
                drawn.content_id = raw.FPDFPageObj_GetMarkedContentID(handle)
        return drawn

    def _read_text_paint(self, drawn: PageObject) -> None:
        """Set size, turn and paint of a text.

        The size as drawn is the height of the letters, by how the matrix scales them across the
        line. It is at most four times what their width gives, so that extremely narrow letters
        count as small. A text that is filled and stroked is bold: programs make bold letters so if
        they have no bold font.
        """
        handle = drawn.handle
        a, b, c, d, _, _ = drawn.matrix  # a and b scale the letters along the line, c and d across
        size = c_float()
        raw.FPDFTextObj_GetFontSize(handle, byref(size))
        scale = min((c * c + d * d) ** 0.5, 4 * (a * a + b * b) ** 0.5)
        drawn.type_size = abs(size.value) * scale
        quarters = -atan2(b, a) / (pi / 2)
        drawn.turn = round(quarters) % 4
        drawn.slanted = abs(quarters - round(quarters)) > _SLANT
        drawn.mode = raw.FPDFTextObj_GetTextRenderMode(handle)
        drawn.colour, drawn.alpha = fill_colour(handle)
        is_bold = self._is_bold(raw.FPDFTextObj_GetFont(handle))
        drawn.bold = is_bold or drawn.mode == raw.FPDF_TEXTRENDERMODE_FILL_STROKE

    def _is_bold(self, font: Any) -> bool:
        """True if the name or weight of a font says that it is bold. The answer is stored for each
        font, as a page has many texts in few fonts.
        """
        address = address_of(font)
        if address not in self._bold_by_font:
            name = create_string_buffer(128)
            raw.FPDFFont_GetBaseFontName(font, name, 128)
            named = any(word in name.value.lower() for word in _BOLD_NAMES)
            self._bold_by_font[address] = named or raw.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
        return self._bold_by_font[address]


def address_of(handle: Any) -> int:
    """Return the address of an object of PDFium, which identifies it; 0 for none."""
    if not handle:
        return 0
    return c_void_p.from_buffer(handle).value or 0  # five times as fast as a cast


def fill_colour(handle: Any) -> tuple[tuple[int, int, int], int]:
    """Return the fill colour (red, green, blue) and its opacity, each 0 to 255."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint(255)
    raw.FPDFPageObj_GetFillColor(handle, byref(red), byref(green), byref(blue), byref(alpha))
    return (red.value, green.value, blue.value), alpha.value


def stroke_opacity(handle: Any) -> int:
    """Return the opacity of the strokes of an object, 0 to 255."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint(255)
    raw.FPDFPageObj_GetStrokeColor(handle, byref(red), byref(green), byref(blue), byref(alpha))
    return alpha.value


def transform_point(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    """Return a point transformed by a matrix."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def move_box(box: Bounds, matrix: Matrix) -> Bounds:
    """Return the smallest box around a box transformed by a matrix."""
    corners = product(box[::2], box[1::2])
    xs, ys = zip(*(transform_point(x, y, matrix) for x, y in corners), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _multiply(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that applies the first and then the second."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _read_matrix(handle: Any) -> Matrix:
    result = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(handle, byref(result))
    return result.a, result.b, result.c, result.d, result.e, result.f


def read_bounds(handle: Any) -> Bounds:
    """Return the box of an object, before any form moves it."""
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(handle, byref(left), byref(bottom), byref(right), byref(top))
    return left.value, bottom.value, right.value, top.value


def read_string(read: Any, *arguments: Any) -> str:
    """Return the string that a function of PDFium (`read`) writes into a buffer. It is called
    twice: first without a buffer, for the size in bytes. The last two bytes are a zero, which ends
    the string.
    """
    size = read(*arguments, None, 0)
    buffer = (raw.FPDF_WCHAR * (size // 2 + 1))()
    read(*arguments, buffer, size)
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", errors="ignore")


def read_remarks(page: Any) -> Iterator[Any]:
    """Yield the annotations of a page, each open only until the next one is asked for."""
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        remark = raw.FPDFPage_GetAnnot(page, number)
        yield remark
        raw.FPDFPage_CloseAnnot(remark)


def _is_painted_plainly(handle: Any) -> bool:
    """True if an object is painted without transparency, layer or clip, any of which may hide
    it.
    """
    if raw.FPDFPageObj_HasTransparency(handle):
        return False
    # six bytes: the name "OC" and its zero; longer names are not written
    name, length = (raw.FPDF_WCHAR * 3)(), c_ulong()
    for index in range(raw.FPDFPageObj_CountMarks(handle)):
        mark = raw.FPDFPageObj_GetMark(handle, index)
        if raw.FPDFPageObjMark_GetName(mark, name, 6, byref(length)) and bytes(name) == _LAYER_MARK:
            return False
    clip = raw.FPDFPageObj_GetClipPath(handle)
    return not clip or raw.FPDFClipPath_CountPaths(clip) <= 0
