"""Marks places in a picture like a text marker: the print stays black, its ground turns yellow, with a darker edge."""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image, ImageChops, ImageDraw

Box = tuple[int, int, int, int]
YELLOW = (255, 228, 92)
EDGE = (150, 98, 0)
NARROWEST = 0.6  # share of a page's width: beside a short quote its line is seen too
PADDING = 3  # pixels around the letters


def mark(picture: Image.Image, boxes: Iterable[Box]) -> None:
    """Mark boxes (left, top, right, bottom in pixels) in an RGB picture, in place; what lies outside is left out."""
    drawn = ImageDraw.Draw(picture)
    for box in lines_of(boxes):
        grown = _within(picture, box)
        if grown[0] >= grown[2] or grown[1] >= grown[3]:
            continue
        ground = picture.crop(grown)
        picture.paste(ImageChops.multiply(ground, Image.new("RGB", ground.size, YELLOW)), grown)
        drawn.rectangle((grown[0], grown[1], grown[2] - 1, grown[3] - 1), outline=EDGE, width=1)


def around(picture: Image.Image, boxes: Iterable[Box], margin: int) -> Image.Image:
    """Return the part of a picture that holds the boxes, with `margin` pixels around them; not narrower than a column
    of text and, counted from its upper edge, at most half as high as the picture.

    Raises ValueError where none of the boxes lies within the picture.
    """
    inside = [box for box in boxes if box[0] < picture.width and box[1] < picture.height and box[2] > 0 and box[3] > 0]
    if not inside:
        raise ValueError("nothing to crop")
    left, right = min(box[0] for box in inside) - margin, max(box[2] for box in inside) + margin
    lacking = max(round(picture.width * NARROWEST) - (right - left), 0)
    left = min(max(left - lacking // 2, 0), max(picture.width - (right - left) - lacking, 0))
    top = max(min(box[1] for box in inside) - margin, 0)
    bottom = min(max(box[3] for box in inside) + margin, picture.height, top + picture.height // 2)
    return picture.crop((left, top, min(max(right, left + round(picture.width * NARROWEST)), picture.width), bottom))


def lines_of(boxes: Iterable[Box]) -> list[Box]:
    """Join boxes that stand side by side in one line, close together."""
    lines: list[Box] = []
    for box in boxes:
        last = lines[-1] if lines else None
        if last and _beside(last, box):
            box = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
            lines.pop()
        lines.append(box)
    return lines


def _beside(left: Box, right: Box) -> bool:
    height = min(left[3] - left[1], right[3] - right[1])
    overlap = min(left[3], right[3]) - max(left[1], right[1])
    return overlap > height / 2 and -height <= right[0] - left[2] <= 2 * max(height, 1)


def _within(picture: Image.Image, box: Box) -> Box:
    left, top, right, bottom = box
    return (
        max(left - PADDING, 0),
        max(top - PADDING, 0),
        min(right + PADDING, picture.width),
        min(bottom + PADDING, picture.height),
    )
