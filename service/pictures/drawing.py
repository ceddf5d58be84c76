"""A page of a PDF as a picture with a quote marked, by PDFium: `python -m service.pictures.drawing SECONDS MEGABYTES`.

The process reads one order as JSON, writes the PNG and ends with 0, or says by its exit code why there is none. What a
file may hold has no limit but those of this process, so nothing else calls `page_picture` for others.
"""

from __future__ import annotations

import io
import json
import math
import os
import sys
from contextlib import closing, suppress
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from pypdfium2 import raw

from service.pages.highlight import spans_of
from service.pictures import NO_PICTURE, TOO_MUCH, NoPicture

MAX_PIXELS = 8_000_000  # of one picture; a larger page is drawn smaller
MAX_SEARCH = 20_000_000  # characters of a page times characters of a quote: no quote prolongs a drawing
MEGABYTE = 1_048_576
NICENESS = 5  # a third of the processor where a question wants it too
YELLOW, EDGE = (255, 228, 92), (150, 98, 0)
PADDING = 3  # pixels around marked letters
NARROWEST = 0.6  # share of a page's width that is cut out: beside a short quote its line is seen too


def page_picture(path: Path, number: int, width: int, quote: str = "", crop: int | None = None) -> bytes:
    """Return page `number` (from 1) as PNG, `width` pixels wide; `quote` is marked where it stands once.

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
            marks = _marks(page, bitmap, quote) if quote else None
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise NoPicture(type(error).__name__) from error
    place = marks.getbbox() if marks else None
    if marks and place:
        picture = _marked(picture, marks)
    if crop is not None:
        if place is None:
            raise NoPicture("no certain place")
        picture = picture.crop(_around(place, picture, round(crop * scale)))
    png = io.BytesIO()
    picture.save(png, "PNG")
    return png.getvalue()


def _scale(page: pypdfium2.PdfPage, width: int) -> float:
    """Return pixels per point, less where the page would have too many."""
    points_wide, points_high = page.get_size()
    if not (points_wide > 0 and points_high > 0):
        raise NoPicture("an empty page")
    wanted = (width - 0.01) / points_wide  # PDFium's sizes are rounded up
    return float(min(wanted, math.sqrt(MAX_PIXELS / (points_wide * points_high))))


def _marks(page: pypdfium2.PdfPage, bitmap: pypdfium2.PdfBitmap, quote: str) -> Image.Image:
    """Return a mask of the quote's lines on the bitmap; it is empty where their place is not certain."""
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
        (one, two), (three, four) = converter.to_bitmap(left, top), converter.to_bitmap(right, bottom)
        box = (min(one, three), min(two, four), max(one, three), max(two, four))
        if box[0] < mask.width and box[1] < mask.height and box[2] > 0 and box[3] > 0:
            drawn.rectangle((box[0] - PADDING, box[1] - PADDING, box[2] + PADDING, box[3] + PADDING), fill=255)
    return mask


def _marked(picture: Image.Image, marks: Image.Image) -> Image.Image:
    """Mark like a text marker: the print stays black, its ground turns yellow, with a darker edge."""
    yellow = ImageChops.multiply(picture, Image.new("RGB", picture.size, YELLOW))
    edge = ImageChops.subtract(marks, marks.filter(ImageFilter.MinFilter(3)))
    picture = Image.composite(yellow, picture, marks)
    picture.paste(EDGE, mask=edge)
    return picture


def _around(place: tuple[int, int, int, int], picture: Image.Image, margin: int) -> tuple[int, int, int, int]:
    """Return what is cut out: a column's width at least; from its upper edge half as high as the picture at most."""
    least = round(picture.width * NARROWEST)
    left, right = max(place[0] - margin, 0), min(place[2] + margin, picture.width)
    if right - left < least:
        left = min(max((left + right - least) // 2, 0), picture.width - least)
        right = left + least
    top = max(place[1] - margin, 0)
    return left, top, right, min(place[3] + margin, picture.height, top + picture.height // 2)


def main(seconds: int, megabytes: int) -> int:
    """Draw what the input orders; return the exit code."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints goes nowhere
    order = json.load(sys.stdin)
    _confine(seconds, megabytes)
    try:
        png = page_picture(Path(order.pop("path")), **order)
    except NoPicture:
        return NO_PICTURE
    except MemoryError:
        return TOO_MUCH
    output.write(png)
    output.flush()
    return 0


def _confine(seconds: int, megabytes: int) -> None:
    """Allow this process so much time at work and `megabytes` more than it has now (known under Linux only); no file,
    no core dump; the first to go where the machine's memory ends."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    try:
        import resource
    except ImportError:  # not a Unix
        return
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CPU: seconds}
    with suppress(OSError):
        size = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        limits[resource.RLIMIT_AS] = size + megabytes * MEGABYTE
    for kind, most in limits.items():
        hard = resource.getrlimit(kind)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, hard))  # the signal at the soft limit tells that it was time


if __name__ == "__main__":
    os._exit(main(int(sys.argv[1]), int(sys.argv[2])))
