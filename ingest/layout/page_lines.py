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

from ingest.layout.lines import Line, bold_lead

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


CELL_GAP = 1.6  # sizes between two runs of one height from which they are two lines
_SAME_HEIGHT = 0.45  # sizes by which runs of one line may differ in height
_NO_BLANK = 0.2  # sizes up to which a gap behind a single letter parts no words
_DOUBLE = 1.0  # points between a text and its second print
_TOUCHING, _ADJOINING = 0.12, 0.35  # sizes between runs that part no words, and that part no cells
_BACK = 1.0  # points that a run may begin before the line's start
_LETTER = re.compile(r"(?:^|[\s(„])[^\W\d_]$")


def lines_of(runs: Iterable[Run | None], page: int) -> list[Line]:
    """Return the lines of a page from its runs in drawing order, None where the library ends a line.

    What is printed a second time becomes lines that are `doubled`, at the end; what is turned and stands beside all
    other text is an aside.
    """
    printed: list[Run | None] = []
    doubles: list[Run | None] = []
    seen: dict[tuple[str, float, float], Run] = {}
    for one in runs:
        if one is not None and _printed_before(one, seen):
            doubles.append(one)
        else:
            printed.append(one)
    groups = list(_groups(printed))
    lines = [_line(group, page) for group in groups]
    _set_aside_margins(lines, [not group[0].angle for group in groups])
    second = [_line(group, page) for group in _groups(doubles)]
    for line in second:
        line.noise = line.doubled = True
    return [*lines, *second]


def _set_aside_margins(lines: Sequence[Line], upright: Sequence[bool]) -> None:
    """Make asides of turned lines that stand left or right of all upright ones."""
    left = min((line.x for line, is_upright in zip(lines, upright, strict=True) if is_upright), default=0.0)
    right = max((line.right for line, is_upright in zip(lines, upright, strict=True) if is_upright), default=0.0)
    for line, is_upright in zip(lines, upright, strict=True):
        line.aside = not is_upright and not left <= line.x <= right


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
    size = max(one.size, first.size)
    if one.angle or first.angle:
        near = CELL_GAP * size
        return one.angle == first.angle and abs(one.x - last.right) <= near and abs(one.y - last.top) <= near
    if not one.text.strip():
        return True
    near = first.x - _BACK <= one.x <= right + CELL_GAP * size
    return near and abs(one.y - first.y) <= _SAME_HEIGHT * size


def _line(group: Sequence[Run], page: int) -> Line:
    first = group[0]
    line = Line(first.text, page, first.x, first.y, first.size, first.bold, right=max(first.x, first.right))
    last = first
    for one in group[1:]:
        if first.angle:
            gap = abs(one.x - last.right) + abs(one.y - last.top)
            one.spaced, last = gap > _NO_BLANK * one.size, one
        _append(line, one)
    line.lead = bold_lead((one.text, one.bold) for one in group)
    return line


def _append(line: Line, one: Run) -> None:
    """Add a run to its line, with a blank between where there is one."""
    if not one.text.strip():
        line.text += one.text
        return
    if not any(map(str.isalnum, line.text)):  # so far only a bullet: the words count
        line.x, line.size, line.bold = one.x, one.size, one.bold
    text = one.text
    if _is_split_letter(line, one):
        line.text = line.text.rstrip()
        text = text.lstrip()
    elif one.spaced and not line.text.endswith(" "):
        text = " " + text
    line.text += text
    line.right = max(line.right, one.right)


def _is_split_letter(line: Line, one: Run) -> bool:
    """Whether a single letter and what follows are one word that only kerning has parted ("W er?")."""
    before = line.text.rstrip()
    if not (one.spaced or before != line.text) or not one.text.strip()[:1].islower():
        return False
    gap = one.x - line.right
    return _LETTER.search(before) is not None and before[-1:].isupper() and gap < _NO_BLANK * one.size


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
    bands: list[tuple[list[Line], list[Line], list[Line]]] = [([], [], [])]
    for line in sorted(upright, key=lambda line: -line.y):
        left, right, _ = bands[-1]
        if _side(line, start) == 0:
            bands.append(([], [], [line]))
        else:
            (left if _side(line, start) < 0 else right).append(line)
    ordered = [line for left, right, full in bands for line in (*full, *left, *right)]
    return ordered + [line for line in lines if line.doubled or line.aside]


def _side(line: Line, start: float) -> int:
    """Return -1 for lines left of the second column's start, 1 for its own, 0 for those over both."""
    if line.x >= start - _EDGE:
        return 1
    return -1 if line.right <= start - _EDGE else 0


def _second_column(lines: Sequence[Line]) -> float | None:
    """Return where the second of two mixed columns of prose begins, None where there are none."""
    starts = Counter(round(line.x) for line in lines)
    frequent = [x for x, count in starts.most_common(6) if count >= _LEAST]
    for x in sorted(frequent)[1:]:
        sides = [(line, _side(line, x)) for line in lines]
        left, right = ([line for line, side in sides if side == which] for which in (-1, 1))
        switches = sum(a[1] * b[1] == -1 for a, b in pairwise(sides))
        mixed = min(len(left), len(right)) >= _LEAST and switches >= 1.2 * min(len(left), len(right))
        if mixed and all(_is_prose(column) for column in (left, right)):
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
