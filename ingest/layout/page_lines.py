"""Lines of one page, made of the runs of letters that it shows.

Runs that stand beside each other are one line; a wide gap, another height or a line feed of the reader's library
starts a new one. Blanks that are none, letters printed twice and letters that run up or down a margin are found here,
because only here it is known where each run stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from math import inf

from ingest.layout.lines import Line, bold_lead
from ingest.layout.runs import Run

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
