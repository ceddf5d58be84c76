"""Draws a PDF page with a quote marked, by PDFium and PIL.

A file may make PDFium use any amount of time and memory, so this runs only in a limited process
(`draw_page`).
"""

from __future__ import annotations

import io
import math
from contextlib import closing

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from pypdfium2 import raw

from service.web.pictures.highlight import find_parts
from service.web.pictures.requests import NoPicture, PictureRequest

MAX_PIXELS = 8_000_000  # of one picture; a larger page is drawn smaller
# characters of a page times characters of a quote; limits the time of the search
MAX_SEARCH = 20_000_000
YELLOW = (255, 228, 92)
EDGE = (150, 98, 0)
PADDING = 3  # pixels around marked letters
# least share of the page's width in a crop, so that around a short quote its line is visible
NARROWEST = 0.6


def page_picture(request: PictureRequest) -> bytes:
    """Return the requested picture as PNG; raises NoPicture, MemoryError.

    The place of the quote is a mask as large as the picture. It is computed from the recognized
    words of a scanned page, else from the text in the PDF. If it is empty, a whole page is drawn
    without a mark, but a crop is refused: its place would be a guess.
    """
    try:
        with closing(pypdfium2.PdfDocument(request.path)) as document:
            if request.number > len(document):
                raise NoPicture("no such page")
            page = document[request.number - 1]
            scale = _scale(page, request.width)
            bitmap = page.render(scale=scale, rev_byteorder=True)
            picture, mask = bitmap.to_pil().convert("RGB"), None
            if request.quote and request.rows:
                mask = _scan_mask(request.rows, picture.size, scale, request.quote)
            elif request.quote:
                mask = _text_mask(page, bitmap, request.quote)
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise NoPicture(type(error).__name__) from error
    box = mask.getbbox() if mask else None
    if mask and box:
        picture = _highlight(picture, mask)
    if request.crop is not None:
        if box is None:
            raise NoPicture("no certain place")
        picture = picture.crop(_crop_box(box, picture, round(request.crop * scale)))
    png = io.BytesIO()
    picture.save(png, "PNG")
    return png.getvalue()


def _scale(page: pypdfium2.PdfPage, width: int) -> float:
    """Return how many pixels a point (1/72 inch) has in a picture of this width.

    It is less if the picture would have more than `MAX_PIXELS`. Raises NoPicture if the page is
    empty.
    """
    points_wide, points_high = page.get_size()
    if not (points_wide > 0 and points_high > 0):
        raise NoPicture("an empty page")
    scale = (width - 0.01) / points_wide  # PDFium rounds sizes up
    return float(min(scale, math.sqrt(MAX_PIXELS / (points_wide * points_high))))


def _text_mask(page: pypdfium2.PdfPage, bitmap: pypdfium2.PdfBitmap, quote: str) -> Image.Image:
    """Return a mask (255: marked) of the lines that have the quote on a page.

    The mask is empty if the text of the page has neither the quote nor a paragraph of it exactly
    once, or if it is too long to be searched. PDFium's boxes have their origin at the bottom and in
    points; they are converted to pixels, and those outside of the picture are left out.
    """
    mask = Image.new("L", (bitmap.width, bitmap.height))
    text = page.get_textpage()
    length = text.count_chars()
    if not 0 < length * len(quote) <= MAX_SEARCH:
        return mask
    printed = "".join(chr(raw.FPDFText_GetUnicode(text, index)) for index in range(length))
    draw, converter = ImageDraw.Draw(mask), bitmap.get_posconv(page)
    for start, end in find_parts(printed, quote):
        for index in range(text.count_rects(start, end - start)):
            left, bottom, right, top = text.get_rect(index)
            (x, y), (x2, y2) = converter.to_bitmap(left, top), converter.to_bitmap(right, bottom)
            box = (min(x, x2), min(y, y2), max(x, x2), max(y, y2))
            if box[0] < mask.width and box[1] < mask.height and box[2] > 0 and box[3] > 0:
                padded = (box[0] - PADDING, box[1] - PADDING, box[2] + PADDING, box[3] + PADDING)
                draw.rectangle(padded, fill=255)
    return mask


def _scan_mask(rows: str, size: tuple[int, int], scale: float, quote: str) -> Image.Image:
    """Return a mask (255: marked) of the words of the quote on a scanned page.

    A line of `rows` is a word and its box (left, top, right, bottom in points), separated by tabs.
    The mask is empty if the words have neither the quote nor a paragraph of it exactly once, or are
    too many to be searched. The space between two words of a line is marked too, so that the mark
    looks like one.
    """
    mask = Image.new("L", size)
    words, boxes = [], []
    word_at: list[int] = []  # offset in the text of all words → word
    for index, row in enumerate(rows.splitlines()):
        word, *box = row.split("\t")
        words.append(word)
        boxes.append(tuple(map(float, box)))
        word_at += [index] * len(f"{word} ")
    text = " ".join(words)
    spans = find_parts(text, quote) if len(text) * len(quote) <= MAX_SEARCH else []
    marked_words: dict[int, None] = {}  # their indices, each once, in order
    for start, end in spans:
        marked_words.update(dict.fromkeys(word_at[start:end]))
    draw = ImageDraw.Draw(mask)
    previous = None  # right edge, top and bottom of the word before
    for index in marked_words:
        left, top, right, bottom = (scale * edge for edge in boxes[index])
        if previous is not None:
            right_before, top_before, bottom_before = previous
            if right_before < left and top_before < bottom and top < bottom_before:
                left = right_before  # the space between words of a line is marked too
        draw.rectangle((left - PADDING, top - PADDING, right + PADDING, bottom + PADDING), fill=255)
        previous = (right, top, bottom)
    return mask


def _highlight(picture: Image.Image, mask: Image.Image) -> Image.Image:
    """Highlight the masked area like a text marker: black print on yellow, with a darker edge.

    Multiplied with yellow, white becomes yellow and black stays black. The edge is what the mask
    loses if it is made a pixel smaller.
    """
    yellow = ImageChops.multiply(picture, Image.new("RGB", picture.size, YELLOW))
    edge = ImageChops.subtract(mask, mask.filter(ImageFilter.MinFilter(3)))
    picture = Image.composite(yellow, picture, mask)
    picture.paste(EDGE, mask=edge)
    return picture


def _crop_box(
    box: tuple[int, int, int, int], picture: Image.Image, margin: int
) -> tuple[int, int, int, int]:
    """Return a box of the picture with `margin` pixels around it: left, top, right, bottom.

    It is at least as wide as the share `NARROWEST` of the picture, so that a short quote is seen in
    its line; at the picture's sides it is moved inwards. It is at most half as high as the picture:
    what is too high is cut at the bottom.
    """
    least_width = round(picture.width * NARROWEST)
    left, right = max(box[0] - margin, 0), min(box[2] + margin, picture.width)
    if right - left < least_width:
        left = min(max((left + right - least_width) // 2, 0), picture.width - least_width)
        right = left + least_width
    top = max(box[1] - margin, 0)
    return left, top, right, min(box[3] + margin, picture.height, top + picture.height // 2)
