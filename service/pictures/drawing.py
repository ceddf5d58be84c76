"""A page of a PDF as a picture with a quote marked, by PDFium.

What a file may contain has no limit but those of the process that draws: others call `service.pictures.draw_page`.
"""

from __future__ import annotations

import io
import math
from contextlib import closing
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from pypdfium2 import raw

from service.pages.highlight import spans_of
from service.pictures import NoPicture

MAX_PIXELS = 8_000_000  # of one picture; a larger page is drawn smaller
MAX_SEARCH = 20_000_000  # characters of a page times characters of a quote: no quote prolongs a drawing
YELLOW, EDGE = (255, 228, 92), (150, 98, 0)
PADDING = 3  # pixels around marked letters
NARROWEST = 0.6  # share of a page's width that is cut out: beside a short quote its line is seen too


def page_picture(
    path: Path, number: int, width: int, quote: str = "", crop: int | None = None, rows: str = ""
) -> bytes:  # fmt: skip
    """Page `number` (from 1) as PNG, `width` pixels wide; `quote` is marked where it stands once.

    It is looked for in `rows` where the text of the page was read from its picture.

    With `crop` only its place is returned, with so many points around it and at most half a page high; without a
    certain place there is none. Raises NoPicture; MemoryError where that is out.
    """
    try:
        with closing(pypdfium2.PdfDocument(path)) as document:
            if number > len(document):
                raise NoPicture("no such page")
            page = document[number - 1]
            scale = _scale(page, width)
            bitmap = page.render(scale=scale, rev_byteorder=True)
            picture = bitmap.to_pil().convert("RGB")
            marks = _marks(page, bitmap, quote) if quote and not rows else None
            if quote and rows:
                marks = _scan_marks(rows, picture.size, scale, quote)
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise NoPicture(type(error).__name__) from error
    place = marks.getbbox() if marks else None
    if marks and place:
        picture = _mark(picture, marks)
    if crop is not None:
        if place is None:
            raise NoPicture("no certain place")
        picture = picture.crop(_around(place, picture, round(crop * scale)))
    png = io.BytesIO()
    picture.save(png, "PNG")
    return png.getvalue()


def _scale(page: pypdfium2.PdfPage, width: int) -> float:
    """Pixels per point, less where the page would have too many."""
    points_wide, points_high = page.get_size()
    if not (points_wide > 0 and points_high > 0):
        raise NoPicture("an empty page")
    needed = (width - 0.01) / points_wide  # PDFium's sizes are rounded up
    return float(min(needed, math.sqrt(MAX_PIXELS / (points_wide * points_high))))


def _marks(page: pypdfium2.PdfPage, bitmap: pypdfium2.PdfBitmap, quote: str) -> Image.Image:
    """A mask of the quote's lines on the bitmap; it is empty where their place is not certain."""
    mask = Image.new("L", (bitmap.width, bitmap.height))
    text = page.get_textpage()
    length = text.count_chars()
    if not 0 < length * len(quote) <= MAX_SEARCH:
        return mask
    places = spans_of("".join(chr(raw.FPDFText_GetUnicode(text, index)) for index in range(length)), quote)
    if len(places) != 1:
        return mask
    (start, end), drawn, converter = places[0], ImageDraw.Draw(mask), bitmap.get_posconv(page)
    for index in range(text.count_rects(start, end - start)):
        left, bottom, right, top = text.get_rect(index)
        (x, y), (x2, y2) = converter.to_bitmap(left, top), converter.to_bitmap(right, bottom)
        box = (min(x, x2), min(y, y2), max(x, x2), max(y, y2))
        if box[0] < mask.width and box[1] < mask.height and box[2] > 0 and box[3] > 0:
            drawn.rectangle((box[0] - PADDING, box[1] - PADDING, box[2] + PADDING, box[3] + PADDING), fill=255)
    return mask


def _scan_marks(rows: str, size: tuple[int, int], scale: float, quote: str) -> Image.Image:
    """A mask of the quote's words on a page that was read from its picture; empty where their place is not certain."""
    mask = Image.new("L", size)
    words = [(word, tuple(map(float, box))) for word, *box in (row.split("\t") for row in rows.splitlines())]
    text = " ".join(word for word, _ in words)
    places = spans_of(text, quote) if len(text) * len(quote) <= MAX_SEARCH else []
    if len(places) != 1:
        return mask
    drawn, owners = ImageDraw.Draw(mask), [place for place, (word, _) in enumerate(words) for _ in f"{word} "]
    before = None
    for place in dict.fromkeys(owners[slice(*places[0])]):
        left, top, right, bottom = (scale * edge for edge in words[place][1])
        if before is not None and before[0] < left and before[1] < bottom and top < before[2]:
            left = before[0]  # the space between words of a line is marked too
        drawn.rectangle((left - PADDING, top - PADDING, right + PADDING, bottom + PADDING), fill=255)
        before = (right, top, bottom)
    return mask


def _mark(picture: Image.Image, marks: Image.Image) -> Image.Image:
    """Mark like a text marker: the print stays black, its ground turns yellow, with a darker edge."""
    yellow = ImageChops.multiply(picture, Image.new("RGB", picture.size, YELLOW))
    edge = ImageChops.subtract(marks, marks.filter(ImageFilter.MinFilter(3)))
    picture = Image.composite(yellow, picture, marks)
    picture.paste(EDGE, mask=edge)
    return picture


def _around(place: tuple[int, int, int, int], picture: Image.Image, margin: int) -> tuple[int, int, int, int]:
    """What is cut out: a column's width at least; from its upper edge half as high as the picture at most."""
    least = round(picture.width * NARROWEST)
    left, right = max(place[0] - margin, 0), min(place[2] + margin, picture.width)
    if right - left < least:
        left = min(max((left + right - least) // 2, 0), picture.width - least)
        right = left + least
    top = max(place[1] - margin, 0)
    return left, top, right, min(place[3] + margin, picture.height, top + picture.height // 2)
