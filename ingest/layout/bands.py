"""Open text: bands of lines in which a gutter runs through, as columns of prose or as rows of a table."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.layout.blocks import Block, Segment, box_of
from ingest.stream import Cell

_GUTTER = 7.0  # points of a gap between columns, at least
_PROSE_LINES, _PROSE_FILL, _PROSE_LETTERS = 5, 0.7, 25  # of a column of prose: lines, share of its width, characters
_ALIGNED = 0.6  # share of the entries in the first column that begin beside another's, from which it is a table
_ROW_GAP = 1.25  # line distances from which a new row begins


def cut_into_bands(lines: Sequence[list[Segment]], tables: Iterator[int], edges: Sequence[float]) -> list[Block]:
    """Cut lines into bands in which a gutter runs through, and these into columns or rows of cells."""
    blocks: list[Block] = []
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


def _plain_blocks(lines: Sequence[list[Segment]], edges: Sequence[float]) -> list[Block]:
    """Return lines without columns, a block for each stretch between level edges."""
    stretches: list[list[list[Segment]]] = []
    for line in lines:
        apart = bool(stretches) and any(stretches[-1][-1][0].baseline < edge <= line[0].baseline for edge in edges)
        if stretches and not apart:
            stretches[-1].append(line)
        else:
            stretches.append([line])
    return [Block(box_of(stretch), stretch) for stretch in stretches]


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
) -> list[Block]:
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
        return [Block(box_of(column), column) for column in columns if column]
    table = next(tables)
    blocks = []
    for row, members in enumerate(_table_rows(cut, edges)):
        for number in range(len(columns)):
            cell_lines = [list(parts[number]) for parts in members if parts[number]]
            if cell_lines:
                blocks.append(Block(box_of(cell_lines), cell_lines, Cell(table, row, number)))
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
