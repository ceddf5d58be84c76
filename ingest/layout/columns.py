"""Columns of prose that a file draws line by line across the page, read one after the other."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ingest.layout.lines import Line

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
