"""Gutters: strips free of text between columns, and the rows of tables without rules, both made
into walls.

Where the lines on both sides of a gutter fill their columns, these are columns of prose; else they
are the columns of a table, which gets level walls between its rows too.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from ingest.layout.segments import Segment, make_segment
from ingest.layout.walls import Wall, Walls
from ingest.stream import split_where

_MIN_LINES = 3  # lines that begin at the right edge of a gutter
_MIN_WIDTH = 0.7  # of the type size: width of a gutter, about
_ALIGNED = 2.0  # points by which left edges of one column differ at most
_FULL_WIDTH, _PROSE_LINES, _PROSE_WORDS = (
    0.6,
    4,
    4.0,
)  # of prose: share of the column filled, lines, words a line
_ROW_DISTANCE = 1.3  # of the usual line distance, from which a row begins
_MAX_LINE_DISTANCE = 1.45  # of the type size: what is taken as the usual line distance at most
_MAX_ROW_LINES = 5  # lines a break on average, up to which breaks alone separate rows


class Gutter(NamedTuple):
    """A strip without text between two columns, in points; `is_prose` where both columns are
    running text.
    """

    left: float
    right: float
    top: float
    bottom: float
    is_prose: bool

    @property
    def middle(self) -> float:
        """The x of its wall."""
        return (self.left + self.right) / 2


def find_gutters(segments: Sequence[Segment]) -> list[Gutter]:
    """Return the gutters between the segments of one area between upright walls."""
    if len(segments) < 2 * _MIN_LINES:
        return []
    in_order = sorted(segments, key=lambda segment: segment.box.top)
    edges = _shared_left_edges(in_order)
    return _drop_overlaps([gutter for edge in edges for gutter in _find_gutters_at(in_order, edge)])


def _shared_left_edges(segments: Sequence[Segment]) -> list[float]:
    """Return the left edges that at least `_MIN_LINES` segments share, except the leftmost."""
    edges = sorted(segment.box.left for segment in segments)
    groups = split_where(edges, lambda group, edge: edge - group[0] > _ALIGNED)
    return [group[0] for group in groups[1:] if len(group) >= _MIN_LINES]


def _find_gutters_at(segments: Sequence[Segment], edge: float) -> Iterator[Gutter]:
    """Yield the gutters to the left of a shared left edge, one for each run of lines that does not
    cross it.
    """
    run: list[Segment] = []
    for segment in segments:
        if (
            segment.box.left < edge - _ALIGNED
            and segment.box.right > edge - _MIN_WIDTH * segment.size
        ):
            yield from _make_gutters(run, edge)
            run = []
        else:
            run.append(segment)
    yield from _make_gutters(run, edge)


def _make_gutters(run: Sequence[Segment], edge: float) -> Iterator[Gutter]:
    """Yield the gutter at a left edge that no segment of a run crosses; none if too few are on both
    its sides.

    At the heights where both sides have text, `_MIN_LINES` segments begin at the edge and two are
    left of it.
    """
    left = [segment for segment in run if segment.box.left < edge - _ALIGNED]
    right = [segment for segment in run if segment.box.left >= edge - _ALIGNED]
    if not left or not right:
        return
    top = max(min(s.box.top for s in left), min(s.box.top for s in right))
    bottom = min(max(s.box.bottom for s in left), max(s.box.bottom for s in right))
    starts = [
        s
        for s in right
        if s.box.left <= edge + _ALIGNED and s.box.bottom > top and s.box.top < bottom
    ]
    beside = [s for s in left if s.box.bottom > top and s.box.top < bottom]
    if bottom <= top or len(starts) < _MIN_LINES or len(beside) < 2:
        return
    left_end = max(s.box.right for s in beside)
    first_top = min(s.box.top for s in (*starts, *beside))
    last_bottom = max(s.box.bottom for s in (*starts, *beside))
    yield Gutter(left_end, edge, first_top, last_bottom, _is_prose(beside) and _is_prose(starts))


def _is_prose(column: Sequence[Segment]) -> bool:
    """True if most lines of a column fill its width with several words."""
    if len(column) < _PROSE_LINES:
        return False
    width = max(s.box.right for s in column) - min(s.box.left for s in column)
    words = median(len(s.words) for s in column)
    return (
        median(s.box.right - s.box.left for s in column) >= _FULL_WIDTH * width
        and words >= _PROSE_WORDS
    )


def _drop_overlaps(gutters: Sequence[Gutter]) -> list[Gutter]:
    """Return gutters without those that overlap a taller one."""
    distinct: list[Gutter] = []
    for gutter in sorted(gutters, key=lambda gutter: gutter.top - gutter.bottom):
        is_overlapping = any(
            gutter.left < other.right
            and other.left < gutter.right
            and gutter.top < other.bottom
            and other.top < gutter.bottom
            for other in distinct
        )
        if not is_overlapping:
            distinct.append(gutter)
    return distinct


def make_gutter_walls(
    gutters: Sequence[Gutter], segments: Sequence[Segment], known_level: Sequence[Wall]
) -> Walls:
    """Return an upright wall for each gutter, and level walls at its ends and between the rows of
    its table.
    """
    upright = [Wall(gutter.middle, gutter.top - 1, gutter.bottom + 1) for gutter in gutters]
    left, right = min(s.box.left for s in segments) - 1, max(s.box.right for s in segments) + 1
    level_walls = [
        Wall(y, left, right) for gutter in gutters for y in (gutter.top - 0.5, gutter.bottom + 0.5)
    ]
    in_tables = sorted(
        (gutter for gutter in gutters if not gutter.is_prose), key=lambda gutter: gutter.top
    )
    # gutters whose heights overlap are between the columns of one table
    for table in split_where(
        in_tables, lambda table, gutter: gutter.top >= max(other.bottom for other in table)
    ):
        top, bottom = min(g.top for g in table), max(g.bottom for g in table)
        rows = [s for s in segments if top - 1 <= s.box.top and s.box.bottom <= bottom + 1]
        level_walls += [Wall(y, left, right) for y in _row_starts(rows, table, known_level)]
    return Walls(tuple(upright), tuple(level_walls))


def _row_starts(
    segments: Sequence[Segment], gutters: Sequence[Gutter], known_level: Sequence[Wall]
) -> Iterator[float]:
    """Yield the y between rows of a table; nothing if two known walls or more separate its lines.

    A row begins where all columns have a break. If breaks are rare and no column is prose, it also
    begins with each line of the first column.
    """
    lines = [list(line) for _, line in groupby(segments, key=lambda s: round(s.baseline))]
    tops = [min(s.box.top for s in line) for line in lines]
    bottoms = [max(s.box.bottom for s in line) for line in lines]
    gaps = zip(bottoms, tops[1:], strict=False)
    walled_gaps = sum(
        any(bottom - 2 <= wall.at <= top + 2 for wall in known_level) for bottom, top in gaps
    )
    if len(lines) < 2 or walled_gaps >= 2:
        return
    middles = sorted(gutter.middle for gutter in gutters)
    columns = [
        [s for s in segments if bisect(middles, s.box.left) == index]
        for index in range(len(middles) + 1)
    ]
    columns = [_merge_lines(column) for column in columns if column]
    has_break = [all(_has_break_at(column, top) for column in columns) for top in tops[1:]]
    has_prose = any(_is_prose(column) for column in columns)
    breaks_suffice = has_prose or _MAX_ROW_LINES * sum(has_break) >= len(has_break)
    for number, line in enumerate(lines[1:]):
        starts_first_column = any(bisect(middles, s.box.left) == 0 for s in line)
        if has_break[number] or (starts_first_column and not breaks_suffice):
            yield (bottoms[number] + tops[number + 1]) / 2


def _merge_lines(column: Sequence[Segment]) -> list[Segment]:
    """Return a column with the segments of each line merged into one."""
    lines = groupby(sorted(column, key=lambda s: s.baseline), key=lambda s: round(s.baseline))
    return [make_segment([word for s in line for word in s.words]) for _, line in lines]


def _has_break_at(column: Sequence[Segment], top: float) -> bool:
    """True if the lines above and below `top` are too far apart for one paragraph, or one of them
    is missing.
    """
    above = max((s.baseline for s in column if s.box.top < top - 1), default=None)
    below = min((s.baseline for s in column if s.box.top >= top - 1), default=None)
    if above is None or below is None:
        return True
    gaps = sorted(second.baseline - first.baseline for first, second in pairwise(column))
    usual_gap = min(
        gaps[len(gaps) // 4], _MAX_LINE_DISTANCE * column[0].size
    )  # most gaps are within rows
    return below - above > _ROW_DISTANCE * usual_gap
