"""Page furniture: running headers and footers, page numbers and line numbers, found by repetition alone.

Lines are dropped from the outer edge of a page inward, as long as they repeat over pages. A running head that changes
with the chapter keeps its first print, because it may be the only heading there is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.readers.lexicon import is_term
from ingest.readers.numbers import printed_number
from ingest.stream import NO_BOX, Layout, Line, squash

_LEAST = 3  # pages that must show the same
_OFTEN = 0.3  # share of the pages from which a header belongs to the whole document
_SLOT = 5.0  # points by which the same line may stand higher or lower
_TOP, _BOTTOM = 0.16, 0.86  # shares of the page's height between which nothing is furniture
_LABEL = 40  # characters of a label, which repeats on every sheet and is no header
_EDGE_LINES = 3  # of a page without heights, at its top and bottom
_CELLS = 3  # of a row from which it is a table's
_SHARED = 0.7  # share of the prints whose number is that of the page
_RISING = 0.8  # share of the numbers in a margin that count on
_COLUMN = 12  # numbers in a margin of one page that number its lines
_DIGITS = re.compile(r"[0-9]+")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:(?:seite|page|s\.)\W*)?(\d{1,4})(?:(?:\W*(?:von|of)|[^\w/]*/)\W*\d{1,4})?\W*$", re.IGNORECASE
)


def drop_furniture(layout: Layout) -> Layout:
    """Return the layout with headers, footers, page and line numbers moved from its lines to its furniture."""
    if not layout.page_count:
        return layout
    lines = layout.lines
    numbers = _find_line_numbers(lines)
    remaining = [place for place in range(len(lines)) if place not in numbers]
    pages: dict[int, list[int]] = defaultdict(list)
    for place in remaining:
        pages[lines[place].page].append(place)
    repetition = _Repetition(lines, remaining, layout.page_count)
    dropped = set(numbers)
    for places in pages.values():
        rows = _rows(lines, places)
        for edge, is_top in ((rows, True), (rows[::-1], False)):
            for row in edge if lines[places[0]].box != NO_BOX else edge[:_EDGE_LINES]:
                if row[0] in dropped or not repetition.is_furniture(row, is_top):
                    break
                dropped.update(row)
    dropped |= {place for place in remaining if repetition.counts_pages(place)}
    furniture = tuple(lines[place] for place in sorted(dropped))
    retained = tuple(line for place, line in enumerate(lines) if place not in dropped)
    labels = layout.labels if any(layout.labels) else _printed_labels(furniture, layout.page_count) or layout.labels
    return replace(layout, lines=retained, furniture=(*layout.furniture, *furniture), labels=labels)


def _rows(lines: Sequence[Line], places: Sequence[int]) -> list[list[int]]:
    """Return the lines of one page as rows from the top: what stands side by side is one row."""
    if lines[places[0]].box == NO_BOX:
        return [[place] for place in places]
    rows: list[list[int]] = []
    for place in sorted(places, key=lambda place: lines[place].box.top):
        if rows and lines[place].box.top < (lines[rows[-1][0]].box.top + lines[rows[-1][0]].box.bottom) / 2:
            rows[-1].append(place)
        else:
            rows.append([place])
    return rows


class _Repetition:
    """Where else a line is printed at the same height, and whether its numbers are those of the pages."""

    def __init__(self, lines: Sequence[Line], places: Sequence[int], page_count: int) -> None:
        self._lines, self._page_count = lines, page_count
        self._height = max((line.box.bottom for line in lines), default=0.0)
        self._pages: dict[tuple[str, int], set[int]] = defaultdict(set)
        self._shapes: dict[tuple[str, int], list[int]] = defaultdict(list)
        for place in places:
            line = lines[place]
            for slot in self._slots(line):
                self._pages[squash(line.text), slot].add(line.page)
                self._shapes[_shape(line.text), slot].append(place)

    def _slots(self, line: Line) -> set[int]:
        place = line.box.bottom / _SLOT
        return {round(place - 0.25), round(place + 0.25)} if line.box != NO_BOX else {0}

    def is_furniture(self, row: Sequence[int], is_top: bool) -> bool:
        """True if all of a row at the edge of a page repeats."""
        first = self._lines[row[0]]
        if first.box != NO_BOX:
            inside = first.box.bottom > _TOP * self._height if is_top else first.box.top < _BOTTOM * self._height
            if inside or sum(self._lines[place].cell is not None for place in row) >= _CELLS:
                return False
        return all(self._repeats(place) for place in row)

    def _repeats(self, place: int) -> bool:
        line = self._lines[place]
        if line.text.rstrip().endswith(":") or (len(line.text) <= _LABEL and is_term(line.text)):
            return False
        pages = set().union(*(self._pages[squash(line.text), slot] for slot in self._slots(line)))
        if len(pages) >= max(_LEAST, _OFTEN * self._page_count) or (self._page_count == 2 and len(pages) == 2):
            return True
        continued = bool(pages & {line.page - 1, line.page - 2}) and len(pages) > 1
        return continued or self.counts_pages(place)

    def counts_pages(self, place: int) -> bool:
        """True if the numbers of a line are those of the pages wherever it is printed."""
        line = self._lines[place]
        if not any(map(str.isdigit, line.text)) or _numbers_record(line.text):
            return False
        shape = _shape(line.text)
        closest = {other for slot in self._slots(line) for other in self._shapes[shape, slot]}
        if len({self._lines[other].page for other in closest}) < max(_LEAST, 0.1 * self._page_count):
            return False
        rows = [[int(number) % 10**9 for number in _DIGITS.findall(self._lines[other].text)] for other in closest]
        pages = [self._lines[other].page for other in closest]
        own = [int(number) % 10**9 for number in _DIGITS.findall(line.text)]
        for column, number in zip(zip(*rows, strict=True), own, strict=True):
            offsets = Counter(number - page for number, page in zip(column, pages, strict=True))
            if line.box == NO_BOX and offsets.most_common(1)[0][0] != number - line.page:
                continue  # a number of something else, on a page without positions
            if offsets.most_common(1)[0][1] >= max(_LEAST, _SHARED * len(closest)) and len(set(column)) >= _LEAST:
                return _PAGE_NUMBER.match(line.text) is not None or self._is_outside(line)
        return False

    def _is_outside(self, line: Line) -> bool:
        if line.box == NO_BOX:
            return False
        return line.box.bottom <= _TOP * self._height or line.box.top >= _BOTTOM * self._height


def _shape(text: str) -> str:
    return _DIGITS.sub("#", " ".join(text.split()))


def _numbers_record(text: str) -> bool:
    """True for a number of letters and digits, or of several parts, and nothing else: "Ü-01", "3.2.1"."""
    number = printed_number(text)
    return number is not None and not number.rest and (bool(number.code) or len(number.parts) > 1) and not number.total


def _find_line_numbers(lines: Sequence[Line]) -> set[int]:
    """Return the lines that are numbers in a margin, counting the lines of the page or every fifth of them."""
    columns: Mapping[tuple[int, int], list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line.text.isdigit() and line.box != NO_BOX:
            columns[line.page, round(line.box.right / 4)].append(place)
    results: set[int] = set()
    for (page, _), places in columns.items():
        values = [int(lines[place].text[:9]) for place in places]
        rising = sum(below - above in (1, 5) for above, below in pairwise(values))
        if len(places) < _COLUMN or rising < _RISING * (len(values) - 1):
            continue
        left, right = (pick(lines[place].box[side] for place in places) for pick, side in ((min, 0), (max, 2)))
        own = set(places)
        remaining = [line for place, line in enumerate(lines) if line.page == page and place not in own]
        if sum(line.box.left < right and line.box.right > left for line in remaining) <= 2:
            results.update(places)
    return results


def _printed_labels(furniture: Sequence[Line], page_count: int) -> tuple[str, ...]:
    """Return the printed page numbers that the furniture shows; empty where it shows none."""
    printed: dict[int, int] = {}
    for line in furniture:
        if match := _PAGE_NUMBER.match(line.text):
            printed.setdefault(line.page, int(match[1]))
    offsets = Counter(number - page for page, number in printed.items())
    if not offsets:
        return ()
    offset, count = offsets.most_common(1)[0]
    if count < max(2, 0.5 * len(printed)) and page_count > 1:
        return ()
    return tuple(str(page + offset) if page + offset > 0 else "" for page in range(page_count))
