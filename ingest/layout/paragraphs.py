"""Where paragraphs begin: at wide distances, changes of style, list marks and behind lines that end early."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.layout.characters import split_dash
from ingest.layout.text import is_unfinished
from ingest.stream import Line

_PARAGRAPH = 1.22  # of the usual line distance, above which a paragraph begins
_WIDEST = 1.45  # of the size, of the distance of lines within a paragraph
_USUAL = 0.1  # share of the distances of one size, from which one is that of lines of a paragraph
_SHORT = 0.75  # of a region's width: a line that ends a sentence before it ends its paragraph
_RUNNING = 25  # characters of a line that may go on in the next region
_ENDED = re.compile(r"[.:!?…;][\]'\"“”»)]*$")


def open_paragraphs(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return positioned lines, each with `opens` set where a paragraph begins, dashes as bullets.

    A sentence that a region or page cuts goes on in the next one where that begins in lower case.
    """
    usual = _usual_distances(lines)
    edges: dict[int, tuple[float, float]] = {}
    for line in lines:
        left, right = edges.get(line.region, (line.box.left, line.box.right))
        edges[line.region] = (min(left, line.box.left), max(right, line.box.right))
    opened: list[Line] = []
    for line in lines:
        before = opened[-1] if opened else None
        opens = before is None or _opens(before, line, usual, edges)
        dash = split_dash(line.text) if not line.bullet else None
        if dash is not None and (opens or before is None or before.bullet or _ENDED.search(before.text)):
            line, opens = replace(line, text=dash, bullet=True), True
        opened.append(replace(line, opens=opens))
    return tuple(opened)


def _usual_distances(lines: Sequence[Line]) -> dict[float, float]:
    """Return the distance of lines within paragraphs (points) for each size of type: the least that is usual."""
    counts: dict[float, Counter[float]] = defaultdict(Counter)
    for above, below in pairwise(lines):
        if above.region == below.region and above.style.size == below.style.size and below.box.top > above.box.top:
            counts[below.style.size][round(below.box.bottom - above.box.bottom, 1)] += 1
    usual = {}
    for size, own in counts.items():
        gaps = [gap for gap, count in own.items() if count >= _USUAL * own.total()]
        usual[size] = min([_WIDEST * size, *gaps])
    return usual


def _opens(before: Line, line: Line, usual: Mapping[float, float], edges: Mapping[int, tuple[float, float]]) -> bool:
    styled = abs(before.style.size - line.style.size) > 0.6 or before.style.bold != line.style.bold
    if line.bullet or line.style.level or before.style.level:
        return True
    if before.region != line.region or before.page != line.page or before.cell != line.cell:
        distinct = before.cell != line.cell and (before.cell is None or line.cell is None or before.page == line.page)
        return styled or distinct or not _runs_on(before, line)
    if styled:
        return True
    distance = line.box.bottom - before.box.bottom
    most = _PARAGRAPH * usual.get(line.style.size, 1.3 * line.style.size)
    beside = line.box.left >= before.box.right or line.box.right <= before.box.left
    if distance > max(most, 1.02 * line.style.size) or distance < -line.style.size or beside:
        return True
    left, right = edges[line.region]
    finished = _ENDED.search(before.text) is not None and before.box.right - left < _SHORT * (right - left)
    return finished and not line.text[:1].islower()


def _runs_on(before: Line, line: Line) -> bool:
    """True if a sentence goes on in the next region."""
    if _ENDED.search(before.text) or len(before.text) <= _RUNNING:
        return False
    return line.text[:1].islower() or is_unfinished(before.text)
