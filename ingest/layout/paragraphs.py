"""Where paragraphs begin: at wide line distances, changes of style, list marks, and after lines
that end early.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.layout.characters import split_dash
from ingest.layout.text import is_unfinished
from ingest.stream import Line

_PARAGRAPH_DISTANCE = 1.22  # of the usual line distance: larger ones begin a paragraph
_MAX_LINE_DISTANCE = 1.45  # of the type size: the usual line distance at most
_DISTANCE_UNKNOWN = 1.3  # of the type size: the usual line distance where too few lines tell one
_USUAL_SHARE = 0.1  # of the line distances at one type size, from which a distance is a usual one
_SHORT_LINE = 0.75  # of a region's width: a shorter line that ends a sentence ends its paragraph
_MIN_RUNNING = 25  # characters: shorter lines do not continue in the next region
_SENTENCE_END = re.compile(r"[.:!?…;][\]'\"“”»)]*$")


def open_paragraphs(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of a PDF file with `opens` set where paragraphs begin.

    A dash at the beginning of a line becomes a bullet, and begins a paragraph, unless it is within
    a sentence. So it counts only if the line begins a paragraph anyway, or if the line before is a
    list point or ends a sentence.
    """
    usual = _usual_distances(lines)
    edges: dict[int, tuple[float, float]] = {}  # left and right, by region
    for line in lines:
        left, right = edges.get(line.region, (line.box.left, line.box.right))
        edges[line.region] = (min(left, line.box.left), max(right, line.box.right))
    opened: list[Line] = []
    for line in lines:
        opens = may_list = True
        if opened:
            previous = opened[-1]
            opens = _opens(previous, line, usual, edges)
            may_list = opens or previous.bullet or bool(_SENTENCE_END.search(previous.text))
        point_text = split_dash(line.text)
        if point_text is None or line.bullet or not may_list:
            opened.append(replace(line, opens=opens))
        else:
            # a bold beginning includes the dash
            lead = max(line.lead + len(point_text) - len(line.text), 0)
            opened.append(replace(line, text=point_text, lead=lead, bullet=True, opens=True))
    return tuple(opened)


def _usual_distances(lines: Sequence[Line]) -> dict[float, float]:
    """Return the usual distance of lines within paragraphs, in points, by type size.

    It is the smallest distance that is frequent at this size: lines within paragraphs are closer
    than paragraphs are. It is at most `_MAX_LINE_DISTANCE` times the type size, because a text may
    be all of short paragraphs.
    """
    counts: dict[float, Counter[float]] = defaultdict(Counter)
    for above, below in pairwise(lines):
        is_similar = above.region == below.region and above.style.size == below.style.size
        if is_similar and below.box.top > above.box.top:
            counts[below.style.size][round(below.box.bottom - above.box.bottom, 1)] += 1
    usual = {}
    for size, distances in counts.items():
        least = _USUAL_SHARE * distances.total()
        gaps = [gap for gap, count in distances.items() if count >= least]
        usual[size] = min([_MAX_LINE_DISTANCE * size, *gaps])
    return usual


def _opens(
    previous: Line,
    line: Line,
    usual: Mapping[float, float],
    edges: Mapping[int, tuple[float, float]],
) -> bool:
    """True if a line begins a paragraph; `previous` is the line before it. `usual` are line
    distances by type size, `edges` are left and right edge by region.

    A sentence may go on in another region or on another page, in the same style. It does not in
    another cell, except in a table that goes on on the next page.
    """
    changes_style = not line.style.is_like(previous.style)
    # a list mark, a note and a change of the level of headings always begin a paragraph
    if line.bullet or line.note or line.style.level != previous.style.level:
        return True
    if previous.region != line.region or previous.page != line.page or previous.cell != line.cell:
        changes_cell = previous.cell != line.cell and (
            None in (previous.cell, line.cell) or previous.page == line.page
        )
        return changes_style or changes_cell or not _continues(previous, line)
    if changes_style:
        return True
    # in one region: far below or beside the line before, or above it
    distance = line.box.bottom - previous.box.bottom
    size = line.style.size
    max_distance = _PARAGRAPH_DISTANCE * usual.get(size, _DISTANCE_UNKNOWN * size)
    is_beside = line.box.left >= previous.box.right or line.box.right <= previous.box.left
    is_far = distance > max_distance
    is_above = distance < -size
    if is_far or is_above or is_beside:
        return True
    # after a short line that ends a sentence, unless the line begins in lower case
    left, right = edges[line.region]
    is_short = previous.box.right - left < _SHORT_LINE * (right - left)
    if not is_short or line.text[:1].islower():
        return False
    return _SENTENCE_END.search(previous.text) is not None


def _continues(previous: Line, line: Line) -> bool:
    """True if a sentence goes on from the last line of a region (`previous`) to a line of the next.

    The last line must be long and must not end a sentence. The next line must begin in lower case,
    or the last must end with an unfinished phrase ("für die").
    """
    if _SENTENCE_END.search(previous.text) or len(previous.text) <= _MIN_RUNNING:
        return False
    return line.text[:1].islower() or is_unfinished(previous.text)
