"""Gutters: what parts columns where no wall is drawn, and the rows of tables without rules, as further walls.

A gutter is a strip free of text. Where the lines on both sides fill their columns it parts prose, which
is read column by column; else it parts the columns of a table, which gets level walls between its rows too.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from ingest.layout.segments import Segment, make_segment
from ingest.layout.walls import Wall, Walls

_LEAST = 3  # lines that begin at a gutter
_GAP = 0.7  # of the size: how wide a gutter is at least
_ALIGNED = 2.0  # points between left edges of one column
_FULL, _PROSE_LINES, _PROSE_WORDS = 0.6, 4, 4.0  # of a column's width, lines, and words a line, of prose
_APART, _WIDEST = 1.3, 1.45  # of the usual distance of lines, from which a row begins; and of the size, at most usual
_SPACED = 5  # lines for each row, up to which distances part rows


class Gutter(NamedTuple):
    """A free strip between two columns; `is_prose` where both are read from top to bottom."""

    left: float
    right: float
    top: float
    bottom: float
    is_prose: bool

    @property
    def middle(self) -> float:
        """Where its wall is."""
        return (self.left + self.right) / 2


def find_gutters(segments: Sequence[Segment]) -> list[Gutter]:
    """Return the gutters between segments that are within the same upright walls."""
    if len(segments) < 2 * _LEAST:
        return []
    in_order = sorted(segments, key=lambda segment: segment.box.top)
    results: list[Gutter] = []
    for place in _column_starts(in_order):
        results += _runs(in_order, place)
    return _without_overlaps(results)


def _column_starts(segments: Sequence[Segment]) -> list[float]:
    """Return left edges that several segments share which have others to their left."""
    edges = sorted(segment.box.left for segment in segments)
    groups: list[list[float]] = []
    for edge in edges:
        if groups and edge - groups[-1][0] <= _ALIGNED:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return [group[0] for group in groups[1:] if len(group) >= _LEAST]


def _runs(segments: Sequence[Segment], place: float) -> Iterator[Gutter]:
    """Yield the gutters that end at a left edge: runs of segments of which none crosses it."""
    run: list[Segment] = []
    for segment in segments:
        if segment.box.left < place - _ALIGNED and segment.box.right > place - _GAP * segment.size:
            yield from _gutter(run, place)
            run = []
        else:
            run.append(segment)
    yield from _gutter(run, place)


def _gutter(run: Sequence[Segment], place: float) -> Iterator[Gutter]:
    left = [segment for segment in run if segment.box.left < place - _ALIGNED]
    right = [segment for segment in run if segment.box.left >= place - _ALIGNED]
    if not left or not right:
        return
    top = max(min(s.box.top for s in left), min(s.box.top for s in right))
    bottom = min(max(s.box.bottom for s in left), max(s.box.bottom for s in right))
    starts = [s for s in right if s.box.left <= place + _ALIGNED and s.box.bottom > top and s.box.top < bottom]
    beside = [s for s in left if s.box.bottom > top and s.box.top < bottom]
    if bottom <= top or len(starts) < _LEAST or len(beside) < 2:
        return
    edge = max(s.box.right for s in beside)
    first = min(s.box.top for s in (*starts, *beside))
    last = max(s.box.bottom for s in (*starts, *beside))
    yield Gutter(edge, place, first, last, _is_prose(beside) and _is_prose(starts))


def _is_prose(column: Sequence[Segment]) -> bool:
    """True if most lines of a column fill it."""
    if len(column) < _PROSE_LINES:
        return False
    width = max(s.box.right for s in column) - min(s.box.left for s in column)
    words = median(len(s.words) for s in column)
    return median(s.box.right - s.box.left for s in column) >= _FULL * width and words >= _PROSE_WORDS


def _without_overlaps(gutters: Sequence[Gutter]) -> list[Gutter]:
    """Return gutters without those that lie over a higher one."""
    retained: list[Gutter] = []
    for gutter in sorted(gutters, key=lambda gutter: gutter.top - gutter.bottom):
        crossing = any(
            gutter.left < other.right and other.left < gutter.right
            and gutter.top < other.bottom and other.top < gutter.bottom for other in retained
        )  # fmt: skip
        if not crossing:
            retained.append(gutter)
    return retained


def gutter_walls(gutters: Sequence[Gutter], segments: Sequence[Segment], level: Sequence[Wall]) -> Walls:
    """Return gutters as upright walls, and the level walls that end them and part the rows of tables."""
    upright = [Wall(gutter.middle, gutter.top - 1, gutter.bottom + 1) for gutter in gutters]
    left, right = min(s.box.left for s in segments) - 1, max(s.box.right for s in segments) + 1
    ends = [Wall(place, left, right) for gutter in gutters for place in (gutter.top - 0.5, gutter.bottom + 0.5)]
    for table in _tables([gutter for gutter in gutters if not gutter.is_prose]):
        top, bottom = min(g.top for g in table), max(g.bottom for g in table)
        rows = [s for s in segments if top - 1 <= s.box.top and s.box.bottom <= bottom + 1]
        ends += [Wall(place, left, right) for place in _row_starts(rows, table, level)]
    return Walls(tuple(upright), tuple(ends))


def _tables(gutters: Sequence[Gutter]) -> Iterator[list[Gutter]]:
    """Yield gutters beside each other."""
    table: list[Gutter] = []
    for gutter in sorted(gutters, key=lambda gutter: gutter.top):
        if table and gutter.top >= max(other.bottom for other in table):
            yield table
            table = []
        table.append(gutter)
    if table:
        yield table


def _row_starts(segments: Sequence[Segment], gutters: Sequence[Gutter], level: Sequence[Wall]) -> Iterator[float]:
    """Yield where the rows of a table begin: where no column goes on, else where the first one has a line.

    Where rules part the rows nothing is yielded, and nothing within a column of prose.
    """
    lines = [list(line) for _, line in groupby(segments, key=lambda s: round(s.baseline))]
    tops = [min(s.box.top for s in line) for line in lines]
    bottoms = [max(s.box.bottom for s in line) for line in lines]
    ruled = sum(any(b - 2 <= wall.at <= t + 2 for wall in level) for b, t in zip(bottoms, tops[1:], strict=False))
    if len(lines) < 2 or ruled >= 2:
        return
    middles = sorted(gutter.middle for gutter in gutters)
    columns = [[s for s in segments if bisect(middles, s.box.left) == place] for place in range(len(middles) + 1)]
    columns = [_merge_lines(column) for column in columns if column]
    wide = [all(_breaks(column, top) for column in columns) for top in tops[1:]]
    has_prose = any(_is_prose(column) for column in columns)
    by_distance = _SPACED * sum(wide) >= len(wide) or has_prose
    for number, line in enumerate(lines[1:]):
        begins = any(bisect(middles, s.box.left) == 0 for s in line)
        if wide[number] or (begins and not by_distance):
            yield (bottoms[number] + tops[number + 1]) / 2


def _merge_lines(column: Sequence[Segment]) -> list[Segment]:
    """Return the lines of a column, one segment for each."""
    lines = groupby(sorted(column, key=lambda s: s.baseline), key=lambda s: round(s.baseline))
    return [make_segment([word for s in line for word in s.words]) for _, line in lines]


def _breaks(column: Sequence[Segment], top: float) -> bool:
    """True if no paragraph of a column goes on over a height."""
    above = max((s.baseline for s in column if s.box.top < top - 1), default=None)
    below = min((s.baseline for s in column if s.box.top >= top - 1), default=None)
    if above is None or below is None:
        return True
    gaps = sorted(second.baseline - first.baseline for first, second in pairwise(column))
    return below - above > _APART * min(gaps[len(gaps) // 4], _WIDEST * column[0].size)
