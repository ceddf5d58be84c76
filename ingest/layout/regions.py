"""Where on a page text belongs together: cells between walls, columns between gutters, rows of tables.

Words on one baseline are segments, cut at wide gaps and at upright edges. A segment looks to its nearest wall on four
sides; segments with the same four walls are in one region. Open text is cut at gutters that run through several lines.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise

from ingest.layout.bands import cut_into_bands
from ingest.layout.blocks import Block, Segment, in_reading_order, lines_in
from ingest.layout.segments import Edge, PageContent, Word
from ingest.stream import Box, Cell

_SAME_LINE = 0.35  # of the size by which baselines of one line may differ
_GAP = 1.1  # sizes between two words from which they may be in two columns
_TOUCH = 4.0  # points between edges that meet
_REACH = 30.0  # points from its left end within which a segment looks up and down
_WIDE = 0.5  # share of the width of all text from which a level edge parts what is above from what is below


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """One line of a region in reading order: its words, the region's number on the page, its cell if in a table."""

    words: tuple[Word, ...]
    region: int
    cell: Cell | None

    @property
    def box(self) -> Box:
        """The rectangle around the words."""
        boxes = [word.box for word in self.words]
        return Box(
            min(box.left for box in boxes), min(box.top for box in boxes),
            max(box.right for box in boxes), max(box.bottom for box in boxes),
        )  # fmt: skip


@dataclass(slots=True)
class _Region:
    """Segments between the same four walls."""

    walls: tuple[float, float, float, float]  # left, top, right, bottom
    grid: int | None  # number of the connected edges that close it, None where a side is open
    segments: list[Segment] = field(default_factory=list)

    @property
    def box(self) -> Box:
        return Box(
            min(part.left for part in self.segments), min(part.top for part in self.segments),
            max(part.right for part in self.segments), max(part.bottom for part in self.segments),
        )  # fmt: skip


def place_lines(content: PageContent) -> list[PlacedLine]:
    """Return the lines of a page in reading order."""
    straight = [word for word in content.words if word.turn == 0]
    level = _parting_levels(content, straight)
    rows = _rows_of(straight)
    segments = [segment for row in rows for segment in _cut(row, content.upright)]
    regions = _regions(segments, content, level)
    tables = count()
    blocks = _grid_blocks([region for region in regions if region.grid is not None], tables)
    blocks += _open_blocks([region for region in regions if region.grid is None], tables)
    placed: list[PlacedLine] = []
    for number, block in enumerate(in_reading_order(blocks)):
        for line in block.lines:
            words = tuple(word for segment in line for word in segment.words)
            placed.append(PlacedLine(words, number, block.cell))
    return placed + _turned_lines(content, len(blocks))


def _turned_lines(content: PageContent, region: int) -> list[PlacedLine]:
    """Return what runs up, down or aslant on the page, a line for each run of words as it is drawn."""
    lines: list[list[Word]] = []
    for word in content.words:
        if word.turn == 0:
            continue
        last = lines[-1][-1] if lines else None
        if last is not None and last.turn == word.turn and _adjoins(last, word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [PlacedLine(tuple(line), region + place, None) for place, line in enumerate(lines)]


def _adjoins(word: Word, following: Word) -> bool:
    """True if a turned word goes on in the next one, in the direction in which it is turned."""
    size = max(word.style.size, 1.0)
    across = abs((word.box.left + word.box.right) - (following.box.left + following.box.right)) / 2
    along = min(abs(word.box.top - following.box.bottom), abs(following.box.top - word.box.bottom))
    return across <= size / 2 and along <= size


def _rows_of(words: Sequence[Word]) -> list[list[Word]]:
    """Group words by baseline, from the top; letters set high or low belong to the line that they are in."""
    rows: list[list[Word]] = []
    bases: list[tuple[float, float]] = []  # baseline and size of each row
    small: list[Word] = []
    usual = statistics.median(word.style.size for word in words) if words else 0.0
    for word in sorted(words, key=lambda one: (one.baseline, one.box.left)):
        if word.style.size < 0.75 * usual:
            small.append(word)
            continue
        place = _row_for(word, bases)
        if place is None:
            rows.append([word])
            bases.append((word.baseline, word.style.size))
        else:
            rows[place].append(word)
    own: list[tuple[float, float]] = []
    small_rows: list[list[Word]] = []
    for word in small:
        middle = (word.box.top + word.box.bottom) / 2
        near = [
            place for place, (base, size) in enumerate(bases)
            if base - size <= middle <= base + 0.3 * size and _touches(word, rows[place])
        ]  # fmt: skip
        if near:
            rows[near[0]].append(word)
            continue
        place = _row_for(word, own)
        if place is None:
            small_rows.append([word])
            own.append((word.baseline, word.style.size))
        else:
            small_rows[place].append(word)
    return [sorted(row, key=lambda word: word.box.left) for row in (*rows, *small_rows)]


def _row_for(word: Word, bases: Sequence[tuple[float, float]]) -> int | None:
    """Return the number of the row that a word is on, looking from the last one up."""
    for place in range(len(bases) - 1, max(-1, len(bases) - 12), -1):
        base, size = bases[place]
        if abs(base - word.baseline) <= _SAME_LINE * min(max(size, 1.0), max(word.style.size, 1.0)):
            return place
    return None


def _touches(word: Word, row: Sequence[Word]) -> bool:
    """True if a word stands right beside another one of a row."""
    return any(
        abs(word.box.left - other.box.right) <= 0.35 * other.style.size
        or abs(other.box.left - word.box.right) <= 0.35 * other.style.size
        for other in row
        if other.style.size > word.style.size
    )


def _cut(row: Sequence[Word], upright: Sequence[Edge]) -> list[Segment]:
    """Cut a row of words at wide gaps, and where an upright edge lies between two words."""
    segments = [Segment([row[0]])]
    for before, word in pairwise(row):
        middle = (word.box.top + word.box.bottom) / 2
        gap = word.box.left - before.box.right
        parted = gap > _GAP * min(before.style.size, word.style.size) or any(
            before.box.right - 2 <= edge.place <= word.box.left + 2 and edge.start <= middle <= edge.end
            for edge in upright
            if gap > -1
        )
        if parted:
            segments.append(Segment([word]))
        else:
            segments[-1].words.append(word)
    return segments


def _parting_levels(content: PageContent, words: Sequence[Word]) -> list[Edge]:
    """Return the level edges that part text: those that meet an upright one or are wide, underlines left out."""
    if not words:
        return []
    left, right = min(word.box.left for word in words), max(word.box.right for word in words)
    kept = []
    for edge in content.level:
        meets = any(
            upright.start - _TOUCH <= edge.place <= upright.end + _TOUCH
            and (edge.start - _TOUCH <= upright.place <= edge.end + _TOUCH)
            for upright in content.upright
        )
        wide = edge.end - edge.start >= _WIDE * (right - left)
        if (meets or wide) and not (not meets and _is_underline(edge, words)):
            kept.append(edge)
    return kept


def _is_underline(edge: Edge, words: Sequence[Word]) -> bool:
    """True if an edge runs under words from the first to the last of them, and no further."""
    above = [
        word for word in words
        if -1.5 <= edge.place - word.baseline <= 4.0 and word.box.right > edge.start and word.box.left < edge.end
    ]  # fmt: skip
    if not above:
        return False
    left, right = min(word.box.left for word in above), max(word.box.right for word in above)
    return edge.start >= left - 4 and edge.end <= right + 4


def _regions(segments: Iterable[Segment], content: PageContent, level: Sequence[Edge]) -> list[_Region]:
    """Group segments by their nearest walls on four sides."""
    grids = _connect(content.upright, level)
    found: dict[tuple[int, int, int, int], _Region] = {}
    for segment in segments:
        middle = (segment.top + segment.bottom) / 2
        look = segment.left + min((segment.right - segment.left) / 2, _REACH)
        beside = [edge for edge in content.upright if edge.start - 1 <= middle <= edge.end + 1]
        along = [edge for edge in level if edge.start - 1 <= look <= edge.end + 1]
        left = max((edge for edge in beside if edge.place <= segment.left + 2.5), default=None)
        right = min((edge for edge in beside if edge.place >= segment.right - 2.5), default=None)
        top = max((edge for edge in along if edge.place <= middle), default=None)
        bottom = min((edge for edge in along if edge.place > middle), default=None)
        walls = (
            left.place if left else 0.0, top.place if top else 0.0,
            right.place if right else content.width, bottom.place if bottom else content.height,
        )  # fmt: skip
        closed = left is not None and right is not None and top is not None and bottom is not None
        key = (round(walls[0] / 3), round(walls[1] / 3), round(walls[2] / 3), round(walls[3] / 3))
        found.setdefault(key, _Region(walls, grids[top] if closed and top else None)).segments.append(segment)
    return list(found.values())


def _connect(upright: Sequence[Edge], level: Sequence[Edge]) -> dict[Edge, int]:
    """Number level edges by the grid that they are in: edges that meet, directly or over others."""
    groups = list(range(len(level)))

    def root(place: int) -> int:
        while groups[place] != place:
            place = groups[place] = groups[groups[place]]
        return place

    for edge in upright:
        met = [
            place for place, other in enumerate(level)
            if edge.start - _TOUCH <= other.place <= edge.end + _TOUCH
            and other.start - _TOUCH <= edge.place <= other.end + _TOUCH
        ]  # fmt: skip
        for place in met[1:]:
            groups[root(place)] = root(met[0])
    return {edge: root(place) for place, edge in enumerate(level)}


# Cells of a drawn grid


def _grid_blocks(regions: Sequence[_Region], tables: Iterator[int]) -> list[Block]:
    """Return the cells of each drawn grid; a box that touches no other is no table."""
    blocks: list[Block] = []
    grids: dict[int, list[_Region]] = defaultdict(list)
    for region in regions:
        grids[region.grid or 0].append(region)
    for members in grids.values():
        if len(members) == 1:
            blocks += _inner_blocks(members[0], tables)
            continue
        table = next(tables)
        tops, lefts = _steps(region.walls[1] for region in members), _steps(region.walls[0] for region in members)
        for region in members:
            cell = Cell(table, _step(region.walls[1], tops), _step(region.walls[0], lefts))
            blocks += _inner_blocks(region, tables, cell)
    return blocks


def _inner_blocks(region: _Region, tables: Iterator[int], cell: Cell | None = None) -> list[Block]:
    """Return what one cell contains: its lines, or the columns of a table that is set in it."""
    inner = cut_into_bands(lines_in(region.segments), tables, ())
    if cell is not None and (len(inner) == 1 or all(block.cell is None for block in inner)):
        return [Block(Box(*region.walls), [line for block in inner for line in block.lines], cell)]
    return inner


def _steps(places: Iterable[float]) -> list[float]:
    """Return the distinct places, those within a few points as one."""
    steps: list[float] = []
    for place in sorted(places):
        if not steps or place - steps[-1] > _TOUCH:
            steps.append(place)
    return steps


def _step(place: float, steps: Sequence[float]) -> int:
    return max(number for number, step in enumerate(steps) if step <= place + 0.01)


# Open text: columns and tables without a drawn grid


def _open_blocks(regions: Sequence[_Region], tables: Iterator[int]) -> list[Block]:
    """Return the blocks of what lies in no closed cell, regions between the same side walls together."""
    stacks: dict[tuple[int, int], list[_Region]] = defaultdict(list)
    for region in regions:
        stacks[round(region.walls[0] / 3), round(region.walls[2] / 3)].append(region)
    blocks: list[Block] = []
    for members in stacks.values():
        lines = lines_in(segment for region in members for segment in region.segments)
        edges = sorted({round(region.walls[1], 1) for region in members if region.walls[1] > 0})
        blocks += cut_into_bands(lines, tables, edges)
    return blocks
