"""Which texts of a page are in doubt: anything but dark letters of a usual size on bare paper.

Looks at what PDFium tells of the objects and draws nothing: ordinary pages are done with here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingest.layout.visible.boxes import MAX_PAIRS, boxes_of, overlapping, touched
from ingest.layout.visible.drawing import DrawnPage
from ingest.layout.visible.drawn import Box, Drawn, Kind, Mode

_MIN_EM = 3.0  # points; smaller print is not to be read
_DARK = 150.0  # luminance up to which letters stand out from white paper


def doubtful_texts(page: DrawnPage, texts: Sequence[Drawn]) -> list[Drawn]:
    """Return the texts that may not be to be seen; of the others it is certain that they are."""
    if not texts:
        return []
    others = [one for one in page.objects if one.kind is not Kind.TEXT]
    doubt = np.array([_odd(one, page.frame) for one in texts])
    if len(texts) * (len(others) + len(texts)) > MAX_PAIRS:
        doubt[:] = True
    else:
        boxes = boxes_of(texts)
        doubt |= touched(boxes, boxes_of(others)) | overlapping(boxes).any(axis=1)
    blank = _blank(page, texts)
    return [one for one, odd in zip(texts, doubt, strict=True) if (odd or not one.ink) and id(one) not in blank]


def is_tiny(page: DrawnPage, text: Drawn) -> bool:
    """Whether letters are too small to be read; those of Type 3 fonts may be larger than their size says."""
    thickness = min(text.box[3] - text.box[1], text.box[2] - text.box[0]) * page.unit
    return text.em < _MIN_EM and thickness < _MIN_EM


def _odd(text: Drawn, frame: Box) -> bool:
    red, green, blue = text.colour
    inside = frame[0] <= text.box[0] and frame[1] <= text.box[1] and text.box[2] <= frame[2] and text.box[3] <= frame[3]
    plain = text.steady and text.mode == Mode.FILL and text.alpha == 255 and inside and text.em >= _MIN_EM
    return not plain or 0.299 * red + 0.587 * green + 0.114 * blue > _DARK


def _blank(page: DrawnPage, texts: Sequence[Drawn]) -> set[int]:
    """Return the texts without outlines that are spaces; those of a font without outlines are not."""
    flat = [one for one in texts if not one.ink]
    if all(one.box[2] <= one.box[0] for one in flat) and len(flat) <= 3 * (len(texts) - len(flat)):
        return {id(one) for one in flat}  # single spaces between words, as word processors set them
    return {id(one) for one, said in zip(flat, page.texts(flat), strict=True) if not said.strip()}
