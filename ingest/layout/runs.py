"""Lines of one page, made of the runs of letters that it shows, columns of prose one after the other.

Runs that stand beside each other are one line; a wide gap, another height or a line feed of the reader's library
starts a new one. Blanks that are none, letters printed twice and letters that run up or down a margin are found here,
because only here it is known where each run stands.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Self

from ingest.layout.lines import Line, bold_lead

Box = tuple[float, float, float, float]  # left, bottom, right, top
CELL_GAP = 1.6  # sizes between two runs of one height from which they are two lines
_STRAIGHT = 4.0  # degrees by which a direction may be off
_SAME_HEIGHT = 0.45  # sizes by which runs of one line may differ in height
_NO_BLANK = 0.2  # sizes up to which a gap behind a single letter parts no words
_DOUBLE = 1.0  # points between a text and its second print
_TOUCHING, _ADJOINING = 0.12, 0.35  # sizes between runs that part no words, and that part no cells
_BACK = 1.0  # points that a run may begin before the line's start
_LETTER = re.compile(r"(?:^|[\s(„])[^\W\d_]$")


@dataclass(slots=True)
class Run:
    """Letters shown at once. `x`, `y` are the start and `right`, `top` the end of its base line, in points, y upwards.

    `angle` is the direction of the line in whole degrees (0 to 359), 0 where it runs from left to right; `spaced` says
    that the reader's library sees a blank before it.
    """

    text: str
    x: float
    y: float
    right: float
    top: float
    size: float
    bold: bool
    angle: int
    spaced: bool

    @classmethod
    def at(
        cls, text: str, place: Sequence[float], size: float, ends: tuple[float, float], *, bold: bool, spaced: bool
    ) -> Self:
        """Return the run shown at `place` (a matrix: text to page), which begins and ends so far from there."""
        a, b, c, d, e, f = place
        start, end = ends
        angle = round(math.degrees(math.atan2(b, a))) % 360
        high = size * math.hypot(c, d)
        return cls(text, e + a * start, f + b * start, e + a * end, f + b * end, high, bold, angle, spaced)


def upright(runs: Sequence[Run], box: Box, unit: float) -> float:
    """Turn all runs so that most letters run from left to right; return how high the page is then, in points.

    Also where a page is turned by its own entry: what most letters do is how it is looked at.
    """
    counts: Counter[int] = Counter()
    for one in runs:
        counts[round(one.angle / 90) * 90 % 360] += len(one.text.strip())
    turned = counts.most_common(1)[0][0] if counts else 0
    left, bottom, right, top = box
    corners = {0: (left, bottom), 90: (right, bottom), 180: (right, top), 270: (left, top)}
    corner, turn = complex(*corners[turned]), unit * (-1j) ** (turned // 90)
    for one in runs:
        start, end = (complex(one.x, one.y) - corner) * turn, (complex(one.right, one.top) - corner) * turn
        one.x, one.y, one.right, one.top = start.real, start.imag, end.real, end.imag
        one.size *= unit
        one.angle = (one.angle - turned) % 360
        if min(one.angle, 360 - one.angle) <= _STRAIGHT:
            one.angle = 0
    return unit * (top - bottom if turned in (0, 180) else right - left)


def lines_of(runs: Iterable[Run | None], page: int) -> list[Line]:
    """Return the lines of a page from its runs in drawing order, None where the library ends a line.

    What is printed a second time becomes lines that are `doubled`, at the end; what is turned and stands beside all
    other text is an aside.
    """
    printed: list[Run | None] = []
    doubles: list[Run | None] = []
    seen: dict[tuple[str, float, float], Run] = {}
    for one in runs:
        (doubles if one is not None and _printed_before(one, seen) else printed).append(one)
    groups = list(_groups(printed))
    lines = [_line(group, page) for group in groups]
    level = [line for line, group in zip(lines, groups, strict=True) if not group[0].angle]
    left, right = min((line.x for line in level), default=0.0), max((line.right for line in level), default=0.0)
    for line, group in zip(lines, groups, strict=True):
        line.aside = group[0].angle != 0 and not left <= line.x <= right
    second = [_line(group, page) for group in _groups(doubles)]
    for line in second:
        line.noise = line.doubled = True
    return [*lines, *second]


def _printed_before(one: Run, seen: dict[tuple[str, float, float], Run]) -> bool:
    """Whether the same letters were printed less than a point beside; notes them by their square point if not."""
    text = one.text.strip()
    if not text:
        return False
    column, row = one.x // _DOUBLE, one.y // _DOUBLE
    for near in ((text, column + right, row + up) for right in (0, -1, 1) for up in (0, -1, 1)):
        other = seen.get(near)
        if other and abs(other.x - one.x) < _DOUBLE and abs(other.y - one.y) < _DOUBLE:
            return True
    seen[text, column, row] = one
    return False


def _groups(runs: Iterable[Run | None]) -> Iterator[list[Run]]:
    """Yield the runs that follow each other on one line, None ending it."""
    group: list[Run] = []
    right = -inf
    ended = False
    for one in runs:
        if one is None:
            ended = True
            continue
        if group and (_adjoins(group[-1], one) if ended and not one.angle else _goes_on(group, right, one)):
            one.spaced = one.spaced or (ended and one.x - group[-1].right > _TOUCHING * one.size)
            group.append(one)
        else:
            if group:
                yield group
            group, right = [one], -inf
        right = max(right, one.right)
        ended = False
    if group:
        yield group


def _adjoins(last: Run, one: Run) -> bool:
    """Whether a run goes on where the last one ended although the library ends the line between them."""
    gap, size = one.x - last.right, max(one.size, last.size)
    return not last.angle and abs(one.y - last.y) <= 0.1 * size and -0.1 * size <= gap <= _ADJOINING * size


def _goes_on(group: Sequence[Run], right: float, one: Run) -> bool:
    """Whether a run goes on a line whose runs reach to `right`."""
    first, last = group[0], group[-1]
    gap = CELL_GAP * max(one.size, first.size)
    if one.angle or first.angle:
        return one.angle == first.angle and abs(one.x - last.right) <= gap and abs(one.y - last.top) <= gap
    if not one.text.strip():
        return True
    near = first.x - _BACK <= one.x <= right + gap
    return near and abs(one.y - first.y) <= _SAME_HEIGHT * max(one.size, first.size)


def _line(group: Sequence[Run], page: int) -> Line:
    first = group[0]
    line = Line(first.text, page, first.x, first.y, first.size, first.bold, right=max(first.x, first.right))
    for last, one in pairwise(group):
        if first.angle:
            one.spaced = abs(one.x - last.right) + abs(one.y - last.top) > _NO_BLANK * one.size
        _append(line, one)
    line.lead = bold_lead((one.text, one.bold) for one in group)
    return line


def _append(line: Line, one: Run) -> None:
    """Add a run to its line, with a blank between where there is one."""
    text = one.text
    if not text.strip():
        line.text += text
        return
    if not any(map(str.isalnum, line.text)):  # so far only a bullet: the words count
        line.x, line.size, line.bold = one.x, one.size, one.bold
    if _is_split_letter(line, one):
        line.text, text = line.text.rstrip(), text.lstrip()
    elif one.spaced and not line.text.endswith(" "):
        text = " " + text
    line.text += text
    line.right = max(line.right, one.right)


def _is_split_letter(line: Line, one: Run) -> bool:
    """Whether a single capital and what follows are one word that only kerning has parted ("W er?")."""
    before = line.text.rstrip()
    if not (one.spaced or before != line.text) or not one.text.strip()[:1].islower():
        return False
    return bool(_LETTER.search(before)) and before[-1:].isupper() and one.x - line.right < _NO_BLANK * one.size


# Columns

_LEAST = 6  # lines of a column
_FILLED = 0.6  # of a column's width that its lines fill
_LETTERS = 20  # of a line of prose, in the middle
_RUN_ON = 0.25  # share of lines that go on in the next line of their column
_ENDED = re.compile(r"[.:!?…]['\"“”»)]*$")
_EDGE = 3.0  # points by which lines of a column may begin beside each other


def by_columns(lines: list[Line]) -> list[Line]:
    """Return the lines of one page with columns of prose one after the other, where the file draws them mixed.

    Lines over the whole width end the columns above them. Rows of tables and sheets, whose labels do not fill a
    column, and columns that are drawn one after the other stay as they are.
    """
    upright = [line for line in lines if not (line.doubled or line.aside)]
    start = _second_column(upright)
    if start is None:
        return lines
    ordered: list[Line] = []
    right: list[Line] = []
    for line in sorted(upright, key=lambda line: -line.y):
        side = _side(line, start)
        if side == 0:
            ordered, right = [*ordered, *right], []
        (right if side > 0 else ordered).append(line)
    return [*ordered, *right, *(line for line in lines if line.doubled or line.aside)]


def _side(line: Line, start: float) -> int:
    """Return -1 for lines left of the second column's start, 1 for its own, 0 for those over both."""
    if line.x >= start - _EDGE:
        return 1
    return -1 if line.right <= start - _EDGE else 0


def _second_column(lines: Sequence[Line]) -> float | None:
    """Return where the second of two mixed columns of prose begins, None where there are none."""
    starts = Counter(round(line.x) for line in lines)
    frequent = sorted(x for x, count in starts.most_common(6) if count >= _LEAST)
    for x in frequent[1:]:
        sides = [_side(line, x) for line in lines]
        left, right = ([line for line, side in zip(lines, sides, strict=True) if side == which] for which in (-1, 1))
        least = min(len(left), len(right))
        switches = sum(one * other == -1 for one, other in pairwise(sides))
        if least >= _LEAST and switches >= 1.2 * least and _is_prose(left) and _is_prose(right):
            return float(x)
    return None


def _is_prose(column: list[Line]) -> bool:
    """Whether lines fill their column and run on from one to the next."""
    ordered = sorted(column, key=lambda line: -line.y)
    width = max(line.right for line in ordered) - min(line.x for line in ordered)
    filled = statistics.median(line.right - line.x for line in ordered) >= _FILLED * width
    long = statistics.median(len(line.text) for line in ordered) >= _LETTERS
    runs = sum(below.text[:1].islower() and not _ENDED.search(above.text) for above, below in pairwise(ordered))
    return filled and long and runs >= _RUN_ON * len(ordered)
