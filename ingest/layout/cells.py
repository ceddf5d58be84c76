"""Cells of a PDF page: segments whose nearest walls on all four sides are the same are one cell.

Cells that share walls are the rows and columns of a table. Reading order is that of the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from math import inf, isfinite
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.layout.pdf_words import PrintedWord
from ingest.layout.segments import Segment, make_segments, text_box
from ingest.layout.unruled_tables import split_tables
from ingest.layout.walls import Wall, Walls
from ingest.stream import Box, Cell, split_where

_SAME_WALL = 7.0  # points up to which two walls are one: a rule and the edge of a fill
_OVERLAP = 1.0  # points up to which an overlap of two boxes is none
_OTHER_SIZE = 1.5  # ratio of type sizes from which two words are of different texts
_OTHER_GAP = 0.7  # of the smaller type size: likewise where a large number is beside a title
_LINE_GAP = 2.0  # of the type size: segments further apart are separate lines
_JUSTIFIED_PARTS = 4  # segments of a line, from which wide gaps come from justified text

Array = npt.NDArray[Any]
# coordinates of the walls left, top, right, bottom; infinite without a wall
Sides = tuple[float, float, float, float]


_NO_SIDES: Sides = (-inf, -inf, inf, inf)


class PageCell(NamedTuple):
    """The segments within the same four walls. `row` and `column` are its place in its table, -1
    outside tables. In a table with walls the `box` reaches to these, and to the letters on a side
    without a wall; elsewhere it always reaches to the letters.
    """

    segments: tuple[Segment, ...]
    sides: Sides
    box: Box
    row: int = -1
    column: int = -1


Block = list[PageCell]  # the cells of a table, row by row, or one cell of text


def make_blocks(words: Sequence[PrintedWord], walls: Walls) -> list[Block]:
    """Return the tables and texts of a page in the order of the file.

    Words that the file tags as parts of tables are put into cells by these tags, all other words by
    walls. Cells outside tables (`row` -1) that lie between the same left and right walls are taken
    together as an area, in which tables without rules are looked for.
    """
    in_file = [word._replace(position=position) for position, word in enumerate(words)]
    blocks = _make_tagged_tables(in_file)
    untagged = [word for word in in_file if word.tag.cell is None]
    areas: dict[tuple[float, float], list[PageCell]] = defaultdict(list)
    for group in _make_walled_groups(untagged, walls):
        if group[0].row >= 0:
            blocks.append(group)
            continue
        for cell in group:
            areas[cell.sides[0], cell.sides[2]].append(cell)
    for area in areas.values():
        blocks += _split_area(area)
    return sorted(blocks, key=_position_of)


def _split_area(area: Sequence[PageCell]) -> Iterator[Block]:
    """Yield the blocks of the cells (`area`) between the same left and right walls: each table
    without rules, and each part of the text around these tables.

    An area may have several cells, as level walls part it. The position of a segment is unique on
    the page, so `bands` tells from which cell it came.
    """
    bands: dict[int, int] = {}  # position of a segment → number of its cell
    for number, cell in enumerate(area):
        bands |= {segment.position: number for segment in cell.segments}
    in_file = sorted(segments_of(area), key=_position_in_file)
    for parts in split_tables(in_file, bands):
        cells: list[PageCell] = []
        for part in parts:
            for number, group in groupby(part.segments, lambda segment: bands[segment.position]):
                inside = tuple(group)
                cell = area[number]._replace(segments=inside)
                if part.place is None:
                    yield from ([piece] for piece in _split_at_jumps(cell))
                else:
                    row, column = part.place
                    cells.append(cell._replace(box=text_box(inside), row=row, column=column))
        if cells:
            yield cells


def segments_of(cells: Sequence[PageCell]) -> Iterator[Segment]:
    """Yield the segments of some cells."""
    return chain.from_iterable(cell.segments for cell in cells)


def _position_in_file(segment: Segment) -> int:
    return segment.position


def _position_of(block: Block) -> int:
    return min(map(_position_in_file, segments_of(block)))


def _split_at_jumps(cell: PageCell) -> Iterator[PageCell]:
    """Yield the parts of a cell, split where the file goes on beside or wholly above the last line:
    there it draws another text, such as the next column.
    """

    def jumps(part: list[tuple[Box, Sequence[Segment]]], line: tuple[Box, Any]) -> bool:
        previous, box = part[-1][0], line[0]
        is_beside = box.left >= previous.right or box.right <= previous.left
        return is_beside or box.bottom <= previous.top

    lines = [(text_box(line), line) for line in group_lines(cell)]
    for part in split_where(lines, jumps):
        segments = tuple(chain.from_iterable(line for _, line in part))
        yield cell._replace(segments=segments, box=text_box(segments))


def group_lines(cell: PageCell) -> Iterator[Sequence[Segment]]:
    """Yield the lines of a cell in the order of the file, each as its segments from left to right.

    A wide gap ends a line. It does not after a number that begins the line ("1.1 Ziele"), nor in
    justified text, where a line is many segments of fewer than two words on average. Justified text
    is expected only in cells without walls left and right: inside walls such a line is rather a row
    of short entries. Where type sizes differ much, as between a large number and the title beside
    it, a small gap ends the line.
    """

    def is_another_row(row: list[Segment], segment: Segment) -> bool:
        return not segment.is_on_line_of(row[-1]) or segment.box.left < row[-1].box.left

    def is_separate(line: list[Segment], segment: Segment) -> bool:
        gap = segment.box.left - line[-1].box.right
        small, large = sorted((segment.size, line[-1].size))
        if large > _OTHER_SIZE * small:
            return gap > _OTHER_GAP * small
        is_after_number = len(line) == 1 and line[0].is_number  # of an item that the line begins
        return gap > _LINE_GAP * segment.size and not is_after_number

    is_open = not (isfinite(cell.sides[0]) or isfinite(cell.sides[2]))
    in_file = sorted(cell.segments, key=_position_in_file)
    for row in split_where(in_file, is_another_row):
        words = sum(len(segment.words) for segment in row)
        is_justified = len(row) >= _JUSTIFIED_PARTS and words < 2 * len(row)
        if is_open and is_justified:
            yield row
        else:
            yield from split_where(row, is_separate)


def _make_tagged_tables(words: Sequence[PrintedWord]) -> list[Block]:
    """Return the cells of each table that the file tags, by rows and columns. They have no walls,
    because the tags alone decide.
    """
    words_by_cell: dict[Cell, list[PrintedWord]] = defaultdict(list)
    for word in words:
        if word.tag.cell is not None:
            words_by_cell[word.tag.cell].append(word)
    tables: dict[int, Block] = defaultdict(list)
    for place in sorted(words_by_cell):
        table, row, column = place
        segments = tuple(make_segments(words_by_cell[place], ()))
        tables[table].append(PageCell(segments, _NO_SIDES, text_box(segments), row, column))
    return list(tables.values())


def _make_walled_groups(words: Sequence[PrintedWord], walls: Walls) -> Iterator[list[PageCell]]:
    """Yield the cells between walls in groups, in no order. The cells of a table are one group,
    with rows and columns; all other cells have `row` -1, and which of them are in a group means
    nothing.
    """
    segments = make_segments(words, walls.upright)
    if not segments:
        return
    by_sides: dict[Sides, list[Segment]] = defaultdict(list)
    for segment, sides in zip(segments, _find_sides(segments, walls), strict=True):
        by_sides[sides].append(segment)
    cells: list[PageCell] = []
    for sides, group in _merge_overlapping(list(by_sides.items())):
        cells += _make_cells(group, sides)
    yield from _group_by_tables(cells)


def _merge_overlapping(
    groups: Sequence[tuple[Sides, list[Segment]]],
) -> list[tuple[Sides, list[Segment]]]:
    """Return the groups of segments, each with its walls, after merging the groups that overlap.

    A group with walls on all sides is not merged. Others are: a rule below a part of a column gives
    the words above it another wall, but it does not divide the column. The merged group gets the
    outermost walls of its parts, and no wall on a side where one part has none (infinity is
    outermost).
    """
    boxes = np.array([text_box(group) for _, group in groups])
    sides = np.array([group_sides for group_sides, _ in groups])
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    overlaps = (high - low > _SAME_WALL).all(axis=2)
    is_enclosed = np.isfinite(sides).all(axis=1)
    overlaps &= ~is_enclosed[:, None] & ~is_enclosed[None, :]
    merged: list[tuple[Sides, list[Segment]]] = []
    for numbers in _connected_groups(overlaps):
        segments = list(chain.from_iterable(groups[number][1] for number in numbers))
        left, top = sides[numbers, :2].min(axis=0).tolist()
        right, bottom = sides[numbers, 2:].max(axis=0).tolist()
        merged.append(((left, top, right, bottom), segments))
    return merged


def _make_cells(segments: Sequence[Segment], sides: Sides) -> Iterator[PageCell]:
    """Yield the cells of the segments within the same walls (`sides`): one for all upright
    segments, and one for each turned segment, which is not read together with the others. The box
    of a cell reaches to its letters on each side without a wall.
    """
    upright = [segment for segment in segments if not segment.words[0].turn]
    turned = [[segment] for segment in segments if segment.words[0].turn]
    for group in filter(None, (upright, *turned)):
        box = np.where(np.isfinite(sides), sides, text_box(group))
        yield PageCell(tuple(group), sides, Box(*box.tolist()))


# Nearest walls


def _find_sides(segments: Sequence[Segment], walls: Walls) -> list[Sides]:
    """Return the coordinates of the nearest walls around the middle of each segment."""
    boxes = np.array([segment.box for segment in segments])
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    left, right = _nearest_walls(walls.upright, across, down)
    top, bottom = _nearest_walls(walls.level, down, across)
    return list(zip(left.tolist(), top.tolist(), right.tolist(), bottom.tolist(), strict=True))


def _nearest_walls(walls: Sequence[Wall], across: Array, alongside: Array) -> tuple[Array, Array]:
    """Return the positions of the nearest walls before and after each of n points, as two arrays.

    `across` and `alongside` are the coordinates of the points across and along the walls. Where
    there is no wall, the position is minus or plus infinity.
    """
    if not walls:
        return np.full(len(across), -np.inf), np.full(len(across), np.inf)
    position, start, end = (np.array(values)[None, :] for values in zip(*walls, strict=True))
    spans = (start <= alongside[:, None]) & (alongside[:, None] <= end)
    before = np.where(spans & (position < across[:, None]), position, -np.inf).max(axis=1)
    after = np.where(spans & (position >= across[:, None]), position, np.inf).min(axis=1)
    return before, after


# Tables


def _group_by_tables(cells: Sequence[PageCell]) -> Iterator[list[PageCell]]:
    """Yield the cells in groups of linked cells; the cells of tables get their places, and are in
    the order of these.

    Cells are linked if they are beside each other or stacked in one column. A group of linked cells
    is a table if it has both kinds of links.
    """
    sides = np.array([cell.sides for cell in cells])
    boxes = np.array([cell.box for cell in cells])
    beside = _share_wall(sides, boxes, 0) | _share_row(sides)
    stacked = _share_wall(sides, boxes, 1) & _share_column(sides)
    for group in _connected_groups(beside | stacked):
        linked = [cells[number] for number in group]
        if beside[group].any() and stacked[group].any():
            rows, columns = _rank(boxes[group, 1]), _rank(boxes[group, 0])
            places = zip(linked, rows, columns, strict=True)
            linked = [cell._replace(row=row, column=column) for cell, row, column in places]
        yield sorted(linked, key=lambda cell: (cell.row, cell.column))


def _share_wall(sides: Array, boxes: Array, side: int) -> Array:
    """Return a matrix, shape (n, n): whether the second cell is behind the first, at the same wall.

    `sides` are the walls and `boxes` the edges of n cells, shape (n, 4): left, top, right, bottom.
    For `side` 0 the wall is the right one of the first cell and the left one of the second; for
    `side` 1 it is the lower one of the first and the upper one of the second. Both cells must also
    overlap along the wall.
    """
    along = 1 - side
    shared = _are_same_wall(sides[:, side + 2], sides[:, side])
    starts, ends = boxes[:, along], boxes[:, along + 2]
    begins_before_end = starts[None, :] < ends[:, None] - _OVERLAP
    return shared & begins_before_end & begins_before_end.T


def _share_row(sides: Array) -> Array:
    """Return a matrix: whether a cell has the same upper and lower walls as another cell to its
    left. An empty cell may be between them, so that they need not share a wall.
    """
    same_walls = _are_same_wall(sides[:, 1], sides[:, 1]) & _are_same_wall(sides[:, 3], sides[:, 3])
    return same_walls & (sides[:, None, 0] > sides[None, :, 0])


def _share_column(sides: Array) -> Array:
    """Return a matrix: whether two cells can be in one column, because both have walls left and
    right, or because these walls are the same. In the first case the walls may differ, as a merged
    cell is wider than those below it. Text with a mere rule above or below has no such walls, and
    is no column of a table.
    """
    walled = np.isfinite(sides[:, 0]) & np.isfinite(sides[:, 2])
    same_left, same_right = (_are_same_wall(sides[:, side], sides[:, side]) for side in (0, 2))
    return np.asarray((walled[:, None] & walled[None, :]) | (same_left & same_right))


def _are_same_wall(first: Array, second: Array) -> Array:
    """Return a matrix: whether two walls are at the same coordinate. Missing walls are infinite,
    and are never the same: infinity less infinity is no number, and compares as false.
    """
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(first[:, None] - second[None, :]) <= _SAME_WALL)


def _connected_groups(links: Array) -> list[list[int]]:
    """Return the connected components of a graph, as sorted numbers of nodes. `links` is the matrix
    of which nodes are linked. A node without links is a component of its own.
    """
    parents = list(range(len(links)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    for number, other in np.argwhere(links).tolist():
        parents[root(other)] = root(number)
    in_order = sorted(range(len(links)), key=root)
    return sorted(list(group) for _, group in groupby(in_order, key=root))


def _rank(values: Array) -> list[int]:
    """Return the rank of each value, from 0. A value that is at most `_SAME_WALL` above the next
    lower value has the same rank.
    """
    order = np.argsort(values, kind="stable")
    steps = np.diff(values[order], prepend=values[order[:1]]) > _SAME_WALL
    ranks = np.empty(len(values), dtype=int)
    ranks[order] = np.cumsum(steps)
    return ranks.tolist()
