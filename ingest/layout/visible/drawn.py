"""What a page draws: texts, paths, pictures and shadings, each with its place.

Boxes are left, bottom, right, top in points of the page as its content knows them, before it is turned.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


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
    """An object of a page that is drawn: text, path, picture or shading.

    Of text: `em` is its size in points (height of the font as drawn), `ink` says whether its box has any extent up
    or down, `steady` that nothing but its own colour says how it is painted: no transparency, layer or clip.
    """

    handle: Any
    kind: Kind
    box: Box
    em: float = 0.0
    mode: int = Mode.FILL
    colour: tuple[int, int, int] = (0, 0, 0)
    alpha: int = 255
    ink: bool = True
    steady: bool = True


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that leads through `inner`, then through `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def moved(box: Box, matrix: Matrix) -> Box:
    """Return the box around a box that a matrix has moved."""
    if matrix is IDENTITY:
        return box
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
