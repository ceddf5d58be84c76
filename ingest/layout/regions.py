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

from ingest.layout.segments import Edge, PageContent, Word
from ingest.stream import Box, Cell

_SAME_LINE = 0.35  # of the size by which baselines of one line may differ
_GAP = 1.1  # sizes between two words from which they may be in two columns
_TOUCH = 4.0  # points between edges that meet
_REACH = 30.0  # points from its left end within which a segment looks up and down
_WIDE = 0.5  # share of the width of all text from which a level edge parts what is above from what is below
_GUTTER = 7.0  # points of a gap between columns, at least
_PROSE_LINES, _PROSE_FILL, _PROSE_LETTERS = 5, 0.7, 25  # of a column of prose: lines, share of its width, characters
_ALIGNED = 0.6  # share of the entries in the first column that begin beside another's, from which it is a table
_ROW_GAP = 1.25  # line distances from which a new row begins


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


@dataclass(slots=True)
class _Block:
    """What is read in one piece: lines of segments, and the cell that they are in."""

    box: Box
    lines: list[list[Segment]]
    cell: Cell | None = None


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
    for number, block in enumerate(_ordered(blocks)):
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


def _lines_in(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Return segments line by line from the top, each line from the left."""
    lines: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda part: (part.baseline, part.left)):
        if lines and abs(lines[-1][0].baseline - segment.baseline) <= _SAME_LINE * min(lines[-1][0].size, segment.size):
            lines[-1].append(segment)
        else:
            lines.append([segment])
    return [sorted(line, key=lambda part: part.left) for line in lines]


# Cells of a drawn grid


def _grid_blocks(regions: Sequence[_Region], tables: Iterator[int]) -> list[_Block]:
    """Return the cells of each drawn grid; a box that touches no other is no table."""
    blocks: list[_Block] = []
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


def _inner_blocks(region: _Region, tables: Iterator[int], cell: Cell | None = None) -> list[_Block]:
    """Return what one cell contains: its lines, or the columns of a table that is set in it."""
    inner = _bands(_lines_in(region.segments), tables, ())
    if cell is not None and (len(inner) == 1 or all(block.cell is None for block in inner)):
        return [_Block(Box(*region.walls), [line for block in inner for line in block.lines], cell)]
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


def _open_blocks(regions: Sequence[_Region], tables: Iterator[int]) -> list[_Block]:
    """Return the blocks of what lies in no closed cell, regions between the same side walls together."""
    stacks: dict[tuple[int, int], list[_Region]] = defaultdict(list)
    for region in regions:
        stacks[round(region.walls[0] / 3), round(region.walls[2] / 3)].append(region)
    blocks: list[_Block] = []
    for members in stacks.values():
        lines = _lines_in(segment for region in members for segment in region.segments)
        edges = sorted({round(region.walls[1], 1) for region in members if region.walls[1] > 0})
        blocks += _bands(lines, tables, edges)
    return blocks


def _bands(lines: Sequence[list[Segment]], tables: Iterator[int], edges: Sequence[float]) -> list[_Block]:
    """Cut lines into bands in which a gutter runs through, and these into columns or rows of cells."""
    blocks: list[_Block] = []
    place = 0
    while place < len(lines):
        end, gutters = _band_end(lines, place)
        if end - place >= 2 and gutters:
            blocks += _cut_band(lines[place:end], gutters, tables, edges)
            place = end
            continue
        following = place + 1
        while following < len(lines) and not _opens_band(lines, following):
            following += 1
        blocks += _plain_blocks(lines[place:following], edges)
        place = following
    return blocks


def _opens_band(lines: Sequence[list[Segment]], place: int) -> bool:
    end, gutters = _band_end(lines, place)
    return end - place >= 2 and bool(gutters)


def _plain_blocks(lines: Sequence[list[Segment]], edges: Sequence[float]) -> list[_Block]:
    """Return lines without columns, a block for each stretch between level edges."""
    stretches: list[list[list[Segment]]] = []
    for line in lines:
        apart = bool(stretches) and any(stretches[-1][-1][0].baseline < edge <= line[0].baseline for edge in edges)
        if stretches and not apart:
            stretches[-1].append(line)
        else:
            stretches.append([line])
    return [_Block(_box_of(stretch), stretch) for stretch in stretches]


def _gaps(line: Sequence[Segment]) -> list[tuple[float, float]]:
    """Return the gaps of a line, those before its first and behind its last segment too."""
    ends = [-1e6, *(part.right for part in line)]
    starts = [*(part.left for part in line), 1e6]
    return [(end, start) for end, start in zip(ends, starts, strict=True) if start - end >= _GUTTER]


def _band_end(lines: Sequence[list[Segment]], start: int) -> tuple[int, list[tuple[float, float]]]:
    """Return where a band that begins at a line ends, and its gutters: gaps that all its lines share."""
    if len(lines[start]) < 2:
        return start + 1, []
    shared = [gap for gap in _gaps(lines[start]) if gap[0] > -1e6 and gap[1] < 1e6]
    end, usual = start + 1, 0.0
    while end < len(lines):
        distance = lines[end][0].baseline - lines[end - 1][0].baseline
        size = max(lines[end][0].size, 1.0)
        if distance > 6 * size or (usual and distance > 4 * usual):
            break
        both = [
            (max(first[0], second[0]), min(first[1], second[1])) for first in shared for second in _gaps(lines[end])
        ]
        left = [gap for gap in both if gap[1] - gap[0] >= _GUTTER]
        if not left:
            break
        shared, end, usual = left, end + 1, usual or distance
    while end > start + 1 and len(lines[end - 1]) < 2 and not _beside_gutters(lines[end - 1], shared):
        end -= 1
    return end, [gap for gap in shared if _parts_two(lines[start:end], gap)]


def _beside_gutters(line: Sequence[Segment], gutters: Sequence[tuple[float, float]]) -> bool:
    """True if a line of one segment ends before a gutter or begins behind one close by, as a cell's lines do."""
    return any(abs(line[0].left - gap[1]) <= 3 for gap in gutters) or any(
        line[0].right <= gap[0] + 1 and line[0].right > gap[0] - 150 for gap in gutters
    )


def _parts_two(lines: Sequence[Sequence[Segment]], gap: tuple[float, float]) -> bool:
    """True if at least two lines have text on both sides of a gap."""
    both = sum(line[0].left < gap[0] + 1 and line[-1].right > gap[1] - 1 for line in lines)
    return both >= 2


def _cut_band(
    lines: Sequence[list[Segment]],
    gutters: Sequence[tuple[float, float]],
    tables: Iterator[int],
    edges: Sequence[float],
) -> list[_Block]:
    """Return a band as columns of prose, one after the other, or as the cells of a table."""
    borders = [(gap[0] + gap[1]) / 2 for gap in sorted(gutters)]
    columns: list[list[list[Segment]]] = [[] for _ in range(len(borders) + 1)]
    cut: list[list[list[Segment]]] = []
    for line in lines:
        parts: list[list[Segment]] = [[] for _ in columns]
        for segment in line:
            parts[sum(segment.left > border for border in borders)].append(segment)
        cut.append(parts)
        for column, part in zip(columns, parts, strict=True):
            if part:
                column.append(part)
    if all(_is_prose(column) for column in columns) or not _is_aligned(cut):
        return [_Block(_box_of(column), column) for column in columns if column]
    table = next(tables)
    blocks = []
    for row, members in enumerate(_table_rows(cut, edges)):
        for number in range(len(columns)):
            cell_lines = [list(parts[number]) for parts in members if parts[number]]
            if cell_lines:
                blocks.append(_Block(_box_of(cell_lines), cell_lines, Cell(table, row, number)))
    return blocks


def _is_prose(column: Sequence[Sequence[Segment]]) -> bool:
    """True if a column is running text: many lines that fill its width."""
    if len(column) < _PROSE_LINES:
        return False
    left, right = min(line[0].left for line in column), max(line[-1].right for line in column)
    fill = statistics.median((line[-1].right - line[0].left) / max(right - left, 1.0) for line in column)
    letters = statistics.median(sum(len(word.text) + 1 for part in line for word in part.words) for line in column)
    return fill >= _PROSE_FILL and letters >= _PROSE_LETTERS


def _is_aligned(cut: Sequence[Sequence[Sequence[Segment]]]) -> bool:
    """True if what begins in the first column mostly has something beside it."""
    first = [parts for place, parts in enumerate(cut) if parts[0] and (place == 0 or not cut[place - 1][0])]
    beside = [parts for parts in first if any(parts[1:])]
    return len(beside) >= _ALIGNED * len(first) if first else False


def _table_rows(
    cut: Sequence[Sequence[Sequence[Segment]]], edges: Sequence[float]
) -> list[list[Sequence[Sequence[Segment]]]]:
    """Group the lines of a table into rows: at level edges, at larger distances, where the first column begins anew."""
    bases = [next(part[0].baseline for part in parts if part) for parts in cut]
    inside = [edge for edge in edges if bases[0] < edge < bases[-1]]
    distances = [below - above for above, below in pairwise(bases)]
    usual = min(distances, default=0.0)
    lone = sum(bool(parts[0]) and any(parts[1:]) for parts in cut) >= 0.8 * len(cut)
    rows: list[list[Sequence[Sequence[Segment]]]] = []
    for place, parts in enumerate(cut):
        if not rows:
            begins = True
        elif len(inside) >= 2:
            begins = any(bases[place - 1] < edge <= bases[place] for edge in inside)
        else:
            apart = distances[place - 1] > _ROW_GAP * usual
            filled = sum(map(bool, parts)) * 2 > len(parts)
            begins = bool(parts[0]) and (apart or lone or not cut[place - 1][0] or (filled and len(parts) > 2))
        if begins:
            rows.append([parts])
        else:
            rows[-1].append(parts)
    return rows


def _box_of(lines: Iterable[Sequence[Segment]]) -> Box:
    parts = [segment for line in lines for segment in line]
    return Box(
        min(part.left for part in parts), min(part.top for part in parts),
        max(part.right for part in parts), max(part.bottom for part in parts),
    )  # fmt: skip


# Reading order


def _ordered(blocks: Sequence[_Block]) -> list[_Block]:
    """Return blocks in reading order: cut across where nothing is in the way, else from the left to the right."""
    if len(blocks) < 2:
        return list(blocks)
    down = _parted(blocks, 1)
    if len(down) > 1:
        return [block for part in down for block in (_ordered(part) if len(part) < len(blocks) else part)]
    across = _parted(blocks, 0)
    if len(across) > 1:
        return [block for part in across for block in _ordered(part)]
    return sorted(blocks, key=lambda block: (round(block.box.top / 4), block.box.left))


def _parted(blocks: Sequence[_Block], side: int) -> list[list[_Block]]:
    """Part blocks where a straight cut meets none: across the page for side 1, down it for side 0."""
    parts: list[list[_Block]] = []
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
