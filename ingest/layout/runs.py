"""Runs of letters as a page shows them, with their place as the page is looked at; lines are made of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Matrix = Sequence[float]  # a, b, c, d, e, f as in PDF
_STRAIGHT = 4.0  # degrees by which a direction may be off


@dataclass(slots=True)
class Run:
    """Letters shown at once. `x`, `y` are the start and `right` the end of its base line, in points, y upwards.

    `angle` is the direction of the line in whole degrees (0 to 359), 0 where it runs from left to right; `spaced` says
    that the reader's library sees a blank before it..
    """

    text: str
    x: float
    y: float
    right: float
    top: float
    size: float
    bold: bool
    angle: int = 0
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as its file describes it: box (left, bottom, right, top) and how many points one of its units is."""

    left: float
    bottom: float
    right: float
    top: float
    unit: float = 1.0


def run(text: str, place: Matrix, size: float, advance: tuple[float, float], bold: bool, spaced: bool) -> Run:
    """Return the run that is shown at `place` (text to page), beginning and ending `advance` from there."""
    a, b, c, d, e, f = place
    start, end = advance
    return Run(
        text,
        e + a * start,
        f + b * start,
        e + a * end,
        f + b * end,
        size * math.hypot(c, d),
        bold,
        round(math.degrees(math.atan2(b, a))) % 360,
        spaced,
    )


def upright(runs: Iterable[Run], sheet: Sheet) -> int:
    """Turn all runs so that most letters run from left to right; return the angle by which the page was turned.

    Also where a page is turned by its own entry: what most letters do is how it is looked at.
    """
    runs = list(runs)
    counts: Counter[int] = Counter()
    for one in runs:
        counts[_quarter(one.angle)] += len(one.text.strip())
    turned = counts.most_common(1)[0][0] if counts else 0
    for one in runs:
        one.x, one.y = _turned(one.x, one.y, turned, sheet)
        one.right, one.top = _turned(one.right, one.top, turned, sheet)
        one.angle = (one.angle - turned) % 360
        if min(one.angle, 360 - one.angle) <= _STRAIGHT:
            one.angle = 0
        one.size *= sheet.unit
    return turned


def _quarter(angle: int) -> int:
    return round(angle / 90) * 90 % 360


def _turned(x: float, y: float, angle: int, sheet: Sheet) -> tuple[float, float]:
    left, bottom, right, top = sheet.left, sheet.bottom, sheet.right, sheet.top
    match angle:
        case 90:
            x, y = y - bottom, right - x
        case 180:
            x, y = right - x, top - y
        case 270:
            x, y = top - y, x - left
        case _:
            x, y = x - left, y - bottom
    return x * sheet.unit, y * sheet.unit


def height(sheet: Sheet, turned: int) -> float:
    """Return the height of the page as it is looked at, in points."""
    size = sheet.top - sheet.bottom if turned in (0, 180) else sheet.right - sheet.left
    return size * sheet.unit
