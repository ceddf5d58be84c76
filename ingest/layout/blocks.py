"""Blocks of a page: words on one baseline as segments, segments as lines, blocks in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.layout.segments import Word
from ingest.stream import Box, Cell

_SAME_LINE = 0.35  # of the size by which baselines of one line may differ


@dataclass(slots=True)
class Segment:
    """Words on one baseline without a wide gap."""

    words: list[Word]

    @property
    def left(self) -> float:
        """Left edge, in points."""
        return self.words[0].box.left

    @property
    def right(self) -> float:
        """Right edge, in points."""
        return self.words[-1].box.right

    @property
    def top(self) -> float:
        """Upper edge, in points."""
        return min(word.box.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Lower edge, in points."""
        return max(word.box.bottom for word in self.words)

    @property
    def baseline(self) -> float:
        """Baseline of the largest word, in points from the top."""
        return max(self.words, key=lambda word: word.style.size).baseline

    @property
    def size(self) -> float:
        """Size of the largest type, in points."""
        return max(word.style.size for word in self.words)


@dataclass(slots=True)
class Block:
    """What is read in one piece: lines of segments, and the cell that they are in."""

    box: Box
    lines: list[list[Segment]]
    cell: Cell | None = None


def lines_in(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Return segments line by line from the top, each line from the left."""
    lines: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda part: (part.baseline, part.left)):
        if lines and abs(lines[-1][0].baseline - segment.baseline) <= _SAME_LINE * min(lines[-1][0].size, segment.size):
            lines[-1].append(segment)
        else:
            lines.append([segment])
    return [sorted(line, key=lambda part: part.left) for line in lines]


def box_of(lines: Iterable[Sequence[Segment]]) -> Box:
    """Return the rectangle around some lines."""
    parts = [segment for line in lines for segment in line]
    return Box(
        min(part.left for part in parts), min(part.top for part in parts),
        max(part.right for part in parts), max(part.bottom for part in parts),
    )  # fmt: skip


def in_reading_order(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks in reading order: cut across where nothing is in the way, else from the left to the right."""
    if len(blocks) < 2:
        return list(blocks)
    down = _parted(blocks, 1)
    if len(down) > 1:
        return [block for part in down for block in (in_reading_order(part) if len(part) < len(blocks) else part)]
    across = _parted(blocks, 0)
    if len(across) > 1:
        return [block for part in across for block in in_reading_order(part)]
    return sorted(blocks, key=lambda block: (round(block.box.top / 4), block.box.left))


def _parted(blocks: Sequence[Block], side: int) -> list[list[Block]]:
    """Part blocks where a straight cut meets none: across the page for side 1, down it for side 0."""
    parts: list[list[Block]] = []
    reach = 0.0
    for block in sorted(blocks, key=lambda one: one.box[side]):
        start, end = block.box[side], block.box[side + 2]
        slack = min(2.0, (end - start) / 4)
        if parts and start + slack < reach:
            parts[-1].append(block)
            reach = max(reach, end - slack)
        else:
            parts.append([block])
            reach = end - slack
    return parts
