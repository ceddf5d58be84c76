"""The order of the blocks of a page: as the file draws them, but never upward in one column."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import TopologicalSorter
from heapq import heappop, heappush

from ingest.layout.cells import Block
from ingest.layout.segments import bounding_box, text_box
from ingest.stream import Box

_OVERLAP = 0.5  # of the narrower block's width, from which two blocks are in one column
_TOLERANCE = 2.0  # points by which a block may reach into the one above it
_MOST = 600  # blocks of a page; more are left as they are


def order_blocks(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of a page in reading order.

    Files mostly draw a page in reading order already, so blocks stay in the order of the file. Only
    a block that is above another block of its column comes before it. If there are more than
    `_MOST` blocks, all stay as they are, because each pair of blocks is compared.
    """
    if len(blocks) > _MOST:
        return list(blocks)
    boxes = list(map(_box_of, blocks))
    sorter = TopologicalSorter[int]()
    for later, box in enumerate(boxes):
        sorter.add(later)
        for sooner in range(later):
            if _is_above(box, boxes[sooner]):
                sorter.add(sooner, later)
            elif _is_above(boxes[sooner], box):
                sorter.add(later, sooner)
    sorter.prepare()
    # the blocks of which all above are ordered; the first of the file is next
    ready: list[int] = []
    ordered: list[Block] = []
    while sorter.is_active():
        for index in sorter.get_ready():
            heappush(ready, index)
        index = heappop(ready)
        ordered.append(blocks[index])
        sorter.done(index)
    return ordered


def _box_of(block: Block) -> Box:
    return bounding_box(text_box(cell.segments) for cell in block)


def _is_above(box: Box, other: Box) -> bool:
    """True if a block is wholly above another one in its column.

    The block may reach into the other by `_TOLERANCE`. Two blocks are in one column if they overlap
    by more than half the width of the narrower one.
    """
    if box.bottom > other.top + _TOLERANCE or box.top >= other.top:
        return False
    overlap = min(box.right, other.right) - max(box.left, other.left)
    return overlap > _OVERLAP * min(box.right - box.left, other.right - other.left)
