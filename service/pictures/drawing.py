"""A page of a PDF as a picture, by PDFium: one at a time, for PDFium is not made for threads.

What a file may hold has no limit here: only a worker, which has some, calls this for others.
"""

from __future__ import annotations

import io
import math
from contextlib import closing
from pathlib import Path

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from service.pictures.jobs import NoPicture
from service.pictures.marking import Box, around, mark
from service.pictures.places import find_place

MAX_PIXELS = 8_000_000  # of one picture; a larger page is drawn smaller
MAX_SEARCH = 20_000_000  # characters of a page times characters of a quote: a second at worst, which no quote prolongs


def page_picture(
    path: Path,
    number: int,
    width: int,
    quote: str = "",
    crop: int | None = None,
) -> bytes:
    """Return page `number` (from 1) as PNG, `width` pixels wide; `quote` is marked where it stands once.

    With `crop` only its place is returned, with so many points around it and at most half a page high; without a
    certain place there is none. Raises NoPicture; MemoryError where that is out.
    """
    picture, boxes, scale = _drawn(path, number, width, quote)
    mark(picture, boxes)
    if crop is not None:
        picture = _cropped(picture, boxes, round(crop * scale))
    png = io.BytesIO()
    picture.save(png, "PNG")
    return png.getvalue()


def _cropped(picture: Image.Image, boxes: list[Box], margin: int) -> Image.Image:
    try:
        return around(picture, boxes, margin)
    except ValueError as error:
        raise NoPicture("no certain place") from error


def _drawn(path: Path, number: int, width: int, quote: str) -> tuple[Image.Image, list[Box], float]:
    """Draw a page; return it with the boxes of the quote, and how many pixels a point has."""
    try:
        with closing(pypdfium2.PdfDocument(path)) as document:
            if number > len(document):
                raise NoPicture("no such page")
            page = document[number - 1]
            scale = _scale(page, width)
            bitmap = page.render(scale=scale, rev_byteorder=True)
            return bitmap.to_pil().convert("RGB"), _boxes(page, bitmap, quote) if quote else [], scale
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise NoPicture(type(error).__name__) from error


def _scale(page: pypdfium2.PdfPage, width: int) -> float:
    """Return pixels per point, less where the page would have too many."""
    points_wide, points_high = page.get_size()
    if not (points_wide > 0 and points_high > 0):
        raise NoPicture("an empty page")
    wanted = (width - 0.01) / points_wide  # PDFium's sizes are rounded up
    return float(min(wanted, math.sqrt(MAX_PIXELS / (points_wide * points_high))))


def _boxes(page: pypdfium2.PdfPage, bitmap: pypdfium2.PdfBitmap, quote: str) -> list[Box]:
    """Return where the quote stands on the bitmap, in reading order; nothing where that is not certain."""
    text = page.get_textpage()
    length = text.count_chars()
    if not 0 < length * len(quote) <= MAX_SEARCH:
        return []
    characters = "".join(chr(raw.FPDFText_GetUnicode(text, index)) for index in range(length))
    place = find_place(characters, quote)
    if place is None:
        return []
    converter = bitmap.get_posconv(page)
    boxes = []
    for index in range(text.count_rects(place[0], place[1] - place[0])):
        left, bottom, right, top = text.get_rect(index)
        (one, two), (three, four) = converter.to_bitmap(left, top), converter.to_bitmap(right, bottom)
        boxes.append((min(one, three), min(two, four), max(one, three), max(two, four)))
    return boxes
