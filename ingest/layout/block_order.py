"""The order of the blocks of a page: as the file draws them, but never upward in one column."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import groupby

from ingest.layout.cells import PageCell
from ingest.layout.segments import bounding_box
from ingest.stream import Box

_OVERLAP = 0.5  # of the narrower block's width, from which two blocks are in one column
_TOLERANCE = 2.0  # points by which a block may reach into the one above it
_MOST = 600  # blocks of a page; more are left as they are


def order_blocks(cells: Sequence[PageCell]) -> list[PageCell]:
    """Return the cells of a page with its blocks in reading order; a table is one block.

    Blocks stay in the order in which the file draws them, but a block that stands above another
    block of its column comes before it. If there are too many blocks, all stay as they are.
    """
    blocks = [list(group) for _, group in groupby(cells, key=_block_of)]
    if len(blocks) > _MOST:
        return list(cells)
    boxes = list(map(_box_of, blocks))
    below: list[list[int]] = [[] for _ in blocks]  # the blocks that come after each
    above_count = [0] * len(blocks)
    for later, box in enumerate(boxes):
        for sooner in range(later):
            if _is_above(box, boxes[sooner]):
                below[later].append(sooner)
                above_count[sooner] += 1
            elif _is_above(boxes[sooner], box):
                below[sooner].append(later)
                above_count[later] += 1
    ready = [index for index, count in enumerate(above_count) if not count]
    heapify(ready)
    ordered: list[PageCell] = []
    while ready:
        index = heappop(ready)
        ordered += blocks[index]
        for following in below[index]:
            above_count[following] -= 1
            if not above_count[following]:
                heappush(ready, following)
    return ordered


def _block_of(cell: PageCell) -> object:
    """Return the number of a cell's table, else the cell."""
    if cell.table_position is not None:
        return cell.table_number
    return id(cell)


def _box_of(block: Sequence[PageCell]) -> Box:
    return bounding_box(cell.letters for cell in block)


def _is_above(box: Box, other: Box) -> bool:
    """True if a block is wholly above another one in its column."""
    if box.bottom > other.top + _TOLERANCE or box.top >= other.top:
        return False
    overlap = min(box.right, other.right) - max(box.left, other.left)
    return overlap > _OVERLAP * min(box.right - box.left, other.right - other.left)
