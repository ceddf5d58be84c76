"""Tables without rules: texts that the file draws row by row, beside each other at shared edges."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from ingest.layout.segments import Segment
from ingest.stream import split_where

_MIN_ROWS = 3  # texts beside others that begin at one edge; strips that part rows
_ALIGNED = 2.0  # points by which left edges of one column differ at most
# Of prose: share of the column that is filled, lines, words a line.
_FULL_WIDTH = 0.6
_PROSE_LINES = 4
_PROSE_WORDS = 4.0


class Part(NamedTuple):
    """Segments of one cell of a table, with its row and column, or of text outside tables."""

    segments: list[Segment]
    place: tuple[int, int] | None = None


def split_tables(segments: Sequence[Segment], bands: Mapping[int, int]) -> Iterator[list[Part]]:
    """Yield the tables among segments, and the texts between them, in the order of the file. Each
    is a list of parts: the cells of a table, or one part for a text.

    The tallest table is found first; what is before and behind it is searched in the same way.
    `bands` are the numbers of the strips between level walls, by position of the segment.
    """
    table = _find_table(segments)
    if table is None:
        yield [Part(list(segments))]
        return
    start, end, edges = table
    if start:
        yield from split_tables(segments[:start], bands)
    yield _make_parts(segments[start:end], edges, bands)
    if end < len(segments):
        yield from split_tables(segments[end:], bands)


def _starts_beside(segments: Sequence[Segment]) -> list[int]:
    """Return the indices of the segments that are to the right of the segment before them in the
    file, on its line: the file draws these two as a row.
    """
    beside = []
    for index, (first, second) in enumerate(pairwise(segments), 1):
        if second.is_on_line_of(first) and second.box.left >= first.box.right:
            beside.append(index)
    return beside


def _shared_edges(segments: Sequence[Segment]) -> list[list[float]]:
    """Return the left edges at which at least `_MIN_ROWS` segments begin beside others, each as the
    group of their lefts, which differ by `_ALIGNED` at most. Each group may be a column.
    """
    lefts = sorted(segments[index].box.left for index in _starts_beside(segments))
    groups = split_where(lefts, lambda group, left: left - group[0] > _ALIGNED)
    return [group for group in groups if len(group) >= _MIN_ROWS]


def _find_table(segments: Sequence[Segment]) -> tuple[int, int, list[float]] | None:
    """Return the tallest table among the segments: the indices of its first segment and behind its
    last, and the left edges of its columns but the first. Return None if there is no table.

    Only the edge at which most segments begin is tried as the edge of a column. A table lies within
    a run of segments that do not cross this edge. With a single edge, the texts left of it must not
    be mere numbers of lists or headings.
    """
    groups = _shared_edges(segments)
    if not groups:
        return None
    edge = max(groups, key=len)[0]
    best: tuple[int, int, list[float]] | None = None
    most = _MIN_ROWS - 1
    behind = 0  # the index behind the run
    for crosses, run in groupby(segments, lambda segment: _crosses(segment, edge - _ALIGNED, edge)):
        inside = list(run)
        first, behind = behind, behind + len(inside)
        beside = [n for n in _starts_beside(inside) if abs(inside[n].box.left - edge) <= _ALIGNED]
        if crosses or len(beside) <= most:
            continue
        start = beside[0] - 1  # the segment that the first of these is beside
        end = max(n for n, segment in enumerate(inside) if segment.box.left >= edge - _ALIGNED) + 1
        table = inside[start:end]
        edges = list(_find_edges(table))
        if edges and (len(edges) > 1 or not _are_numbers(table, edges[0])):
            most = len(beside)
            best = first + start, first + end, edges
    return best


def _find_edges(table: Sequence[Segment]) -> Iterator[float]:
    """Yield the left edges of the columns of a table but the first: the shared edges that no
    segment crosses. A column begins where the texts left of it end, as its head may begin there.
    """
    for shared, *_ in _shared_edges(table):
        rights = (segment.box.right for segment in table if segment.box.right <= shared)
        begin = min(shared - _ALIGNED, max(rights, default=shared))
        if not any(_crosses(segment, begin, shared) for segment in table):
            yield begin


def _crosses(segment: Segment, start: float, edge: float) -> bool:
    return segment.box.left < start and segment.box.right > edge


def _are_numbers(table: Sequence[Segment], edge: float) -> bool:
    """True if most texts left of an edge are numbers. Then these are the numbers of list points or
    headings, whose text begins at the edge, and no column of a table.
    """
    firsts = [segment for segment in table if segment.box.left < edge]
    return 2 * sum(segment.is_number for segment in firsts) > len(firsts)


def _make_parts(
    table: Sequence[Segment], edges: Sequence[float], bands: Mapping[int, int]
) -> list[Part]:
    """Return the cells of a table with their rows and columns; `edges` are the left edges of the
    columns but the first. If all its columns are prose, they are text set in columns, and are
    returned as such, one after the other.

    If the table has three or more bands, each band is a row. Otherwise a row begins where the file
    goes back to an earlier column. If no two segments of one column directly follow each other, the
    file draws line by line: then a row begins only at the first column.
    """
    columns = [bisect(edges, segment.box.left) for segment in table]
    by_column: dict[int, list[Segment]] = defaultdict(list)
    cells: dict[tuple[int, int], list[Segment]] = defaultdict(list)
    has_bands = len({bands[segment.position] for segment in table}) >= _MIN_ROWS
    is_across = all(first != second for first, second in pairwise(columns))
    row = last_column = 0
    previous = table[0]
    for segment, column in zip(table, columns, strict=True):
        if has_bands:
            row += bands[segment.position] != bands[previous.position]
        else:
            row += column < last_column and (column == 0 or not is_across)
        cells[row, column].append(segment)
        by_column[column].append(segment)
        previous, last_column = segment, column
    if all(map(_is_prose, by_column.values())):
        return [Part(by_column[column]) for column in sorted(by_column)]
    return [Part(segments, place) for place, segments in cells.items()]


def _is_prose(column: Sequence[Segment]) -> bool:
    """True if most lines of a column fill its width with several words, as cells of tables hardly
    do. A column of few lines is never prose.
    """
    if len(column) < _PROSE_LINES:
        return False
    width = max(s.box.right for s in column) - min(s.box.left for s in column)
    usual_width = median(s.box.right - s.box.left for s in column)
    words = median(len(s.words) for s in column)
    return usual_width >= _FULL_WIDTH * width and words >= _PROSE_WORDS
