"""Cells: a segment looks to its nearest wall on four sides, and the same four walls are one cell.

Cells that share walls beside each other are rows of a table. Cells are read in the order in which the page can be cut:
first across, else downwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import isfinite
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from ingest.layout.gutters import find_gutters, gutter_walls
from ingest.layout.segments import Segment, around, make_segments
from ingest.layout.walls import Wall, Walls
from ingest.layout.words import PrintedWord
from ingest.stream import Box

_DOUBLE = 7.0  # points between walls that are one: a rule and the edge of a fill
_OVERLAP = 1.0  # points that boxes may reach into each other where the page is cut
_DEEPEST = 60  # cuts within cuts
_NOT = -1.0e6  # the place of no wall

Flags = npt.NDArray[Any]
Key = TypeVar("Key")
Sides = tuple[float, float, float, float]  # left, top, right, bottom; infinite where no wall is


class PlacedCell(NamedTuple):
    """What is within the same four walls: segments, the walls, and its place in a table: table, row and column.

    Its `box` goes from wall to wall, from letter to letter where no wall is.
    """

    segments: tuple[Segment, ...]
    sides: Sides
    box: Box
    place: tuple[int, int, int] | None = None


def place_cells(words: Sequence[PrintedWord], walls: Walls) -> list[PlacedCell]:
    """Return the cells of a page in reading order."""
    segments = make_segments(words, walls.upright)
    if not segments:
        return []
    upright, level = list(walls.upright), list(walls.level)
    sides = _sides(segments, Walls(tuple(upright), tuple(level)))
    for _, lane in _group_segments(segments, [(side[0], side[2]) for side in sides]):
        gutters = find_gutters(lane)
        if gutters:
            further = gutter_walls(gutters, lane, level)
            upright += further.upright
            level += further.level
    sides = _sides(segments, Walls(tuple(upright), tuple(level)))
    cells = [cell for key, own in _group_segments(segments, sides) for cell in _cells(own, key)]
    places = _table_places(cells)
    cells = [cell._replace(place=place) for cell, place in zip(cells, places, strict=True)]
    return [cells[number] for number in _reading_order([cell.box for cell in cells], list(range(len(cells))), 0)]


def _group_segments(segments: Sequence[Segment], keys: Sequence[Key]) -> list[tuple[Key, list[Segment]]]:
    groups: dict[Key, list[Segment]] = defaultdict(list)
    for segment, key in zip(segments, keys, strict=True):
        groups[key].append(segment)
    return list(groups.items())


def _cells(segments: Sequence[Segment], sides: Sides) -> Iterator[PlacedCell]:
    """Yield the cell of some segments, with each turned one as a cell of its own."""
    upright = [segment for segment in segments if not segment.words[0].turn]
    turned = [[segment] for segment in segments if segment.words[0].turn]
    for own in filter(None, (upright, *turned)):
        text = around(segment.box for segment in own)
        box = Box(*(wall if isfinite(wall) else edge for wall, edge in zip(sides, text, strict=True)))
        yield PlacedCell(tuple(own), sides, box)


# Walls around segments


def _sides(segments: Sequence[Segment], walls: Walls) -> list[Sides]:
    """Return the places of the nearest walls around each segment."""
    boxes = np.array([segment.box for segment in segments])
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    left, right = _closest(walls.upright, across, down)
    top, bottom = _closest(walls.level, down, across)
    return list(zip(left.tolist(), top.tolist(), right.tolist(), bottom.tolist(), strict=True))


def _closest(
    walls: Sequence[Wall], along: npt.NDArray[np.float64], beside: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the nearest walls before and behind points; `beside` must be between a wall's start and end."""
    count = len(along)
    if not walls:
        return np.full(count, -np.inf), np.full(count, np.inf)
    at, start, end = (np.array(part)[None, :] for part in zip(*walls, strict=True))
    reach = (start <= beside[:, None]) & (beside[:, None] <= end)
    before = np.where(reach & (at < along[:, None]), at, -np.inf).max(axis=1)
    behind = np.where(reach & (at >= along[:, None]), at, np.inf).min(axis=1)
    return before, behind


# Tables


def _table_places(cells: Sequence[PlacedCell]) -> list[tuple[int, int, int] | None]:
    """Return table, row and column of each cell; None of those that have no cell beside or none above and below."""
    sides = np.array([cell.sides for cell in cells])
    boxes = np.array([cell.box for cell in cells])
    beside = _neighbours(sides, boxes, 0) | _in_one_row(sides)
    below = _neighbours(sides, boxes, 1) & _in_one_column(sides)
    groups = _connected([np.flatnonzero(row).tolist() for row in beside | below])
    places: list[tuple[int, int, int] | None] = [None] * len(cells)
    for table, group in enumerate(groups):
        if beside[group].any() and below[group].any():
            tops, lefts = _ranks(boxes[group, 1]), _ranks(boxes[group, 0])
            for number, row, column in zip(group, tops, lefts, strict=True):
                places[number] = table, row, column
    return places


def _neighbours(sides: Flags, boxes: Flags, side: int) -> Flags:
    """Tell for each cell which others are behind its right (`side` 0) or lower (1) wall."""
    low, high = (1, 3) if side == 0 else (0, 2)
    shared = _is_close(sides[:, side + 2], sides[:, side])
    starts, ends = boxes[:, low], boxes[:, high]
    return shared & (starts[None, :] < ends[:, None] - _OVERLAP) & (starts[:, None] < ends[None, :] - _OVERLAP)


def _in_one_row(sides: Flags) -> Flags:
    same = _is_close(sides[:, 1], sides[:, 1]) & _is_close(sides[:, 3], sides[:, 3])
    return same & (sides[:, None, 0] > sides[None, :, 0])


def _in_one_column(sides: Flags) -> Flags:
    """Tell which cells have upright walls on both sides, or the same one."""
    walled = np.isfinite(sides[:, 0]) & np.isfinite(sides[:, 2])
    same = [_is_close(sides[:, side], sides[:, side]) for side in (0, 2)]
    open_sides = [
        ~np.isfinite(sides[:, None, side]) & (sides[:, None, side] == sides[None, :, side]) for side in (0, 2)
    ]
    among = (walled[:, None] & walled[None, :]) | (same[0] & (same[1] | open_sides[1])) | (same[1] & open_sides[0])
    return np.asarray(among)


def _is_close(first: Flags, second: Flags) -> Flags:
    """Tell which walls are at one place."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(first[:, None] - second[None, :]) <= _DOUBLE)


def _connected(links: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the numbers that are linked with each other, each group in order."""
    group = list(range(len(links)))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    for number, remaining in enumerate(links):
        for other in remaining:
            group[root(other)] = root(number)
    in_order = sorted(range(len(links)), key=root)
    return sorted(list(members) for _, members in groupby(in_order, key=root))


def _ranks(values: npt.NDArray[np.float64]) -> list[int]:
    """Return the rank of each value; values that are nearly equal have the same."""
    order = np.argsort(values, kind="stable")
    steps = np.diff(values[order], prepend=values[order[:1]]) > _DOUBLE
    ranks = np.empty(len(values), dtype=int)
    ranks[order] = np.cumsum(steps)
    return ranks.tolist()


# Reading order


def _reading_order(boxes: Sequence[Box], numbers: list[int], depth: int) -> list[int]:
    """Return boxes in the order in which they are read."""
    if len(numbers) < 2:
        return numbers
    for low, high in ((1, 3), (0, 2)):
        parts = _cut(boxes, numbers, low, high)
        if len(parts) > 1 and depth < _DEEPEST:
            return [number for part in parts for number in _reading_order(boxes, part, depth + 1)]
    return sorted(numbers, key=lambda number: (boxes[number].top, boxes[number].left))


def _cut(boxes: Sequence[Box], numbers: Sequence[int], low: int, high: int) -> list[list[int]]:
    """Return boxes parted where none reaches over, in one direction."""
    parts: list[list[int]] = []
    reach = _NOT
    for number in sorted(numbers, key=lambda number: boxes[number][low]):
        if boxes[number][low] >= reach - _OVERLAP or not parts:
            parts.append([])
        parts[-1].append(number)
        reach = max(reach, boxes[number][high])
    return parts
