"""Running headers, footers, page numbers and legends, recognised by repetition alone."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from ingest.layout.lines import Line, RawDocument
from ingest.plan.numbers import printed_number

_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(r"^\s*(?:\d+\.)+\d*\s|^\s*[IVX]+\.\s")
_PAGE_NUMBER = re.compile(
    r"^\W*+(?:(?:seite|page|s\.)\W*+)?(\d{1,4})(?:(?:\W*+(?:von|of)|[^\w/]*+/)\W*+\d{1,4})?\W*+$", re.I
)
_ENDED = re.compile(r"[.:;!?…]['\"“”»)]*$")
_MARGIN = 0.15  # share of the page's height, at top and bottom, where headers and footers may stand
_SHARE = 0.25  # of the pages that must show the same line at the same height
LEAST_PAGES = 3  # that must show the same, numbers aside, before anything is called furniture
_SAME_ROW = 3.0  # points between the base lines of one row
_FOOT = re.compile(r"\b(?:Seite|Page|S\.)\W*\d|\d\s*(?:/|von|of|\|)\s*\d", re.I)
_CUTTING = 0.02  # share of its places where a repeated line cuts a sentence: what labels do by chance, furniture often
_REST = 25  # characters behind what cuts a sentence: values of labels begin small too, but are short


def mark_furniture(raw: RawDocument) -> None:
    """Set `noise` on furniture and fill in printed page labels found in it."""
    if raw.positioned:
        _mark_positioned(raw)
    else:
        if raw.page_count:
            _mark_page_edges(raw)
        else:
            _mark_repeated(raw)
    _read_labels(raw)
    if raw.page_count:
        _set_aside_what_is_rare(raw)
    if raw.positioned:
        _mark_line_numbers(raw)


def _set_aside_what_is_rare(raw: RawDocument) -> None:
    """Take the mark from what stands on fewer pages: standing small at the edge makes an aside, not furniture."""
    pages: dict[str, set[int]] = defaultdict(set)
    for line in raw.lines:
        pages[_key(line.text)].add(line.page)
    for line in raw.lines:
        if line.noise and not line.doubled and len(pages[_key(line.text)]) < LEAST_PAGES:
            line.noise, line.aside = False, True


def _key(text: str) -> str:
    return _DIGITS.sub("#", " ".join(text.split()))


def _mark_positioned(raw: RawDocument) -> None:
    """Mark what repeats at the outer edge of the pages, row by row from the edge until a row is the page's own.

    A label that stands at one height on every page has its title or its value beside or above it and is never reached.
    """
    body = _body_band(raw)
    shared = _Repetition(raw)
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in raw.lines:
        if not (line.doubled or line.aside):
            pages[line.page].append(line)
    for page, lines in pages.items():
        height, rows = raw.height_of(page), _rows(lines)
        top = [row for row in rows if row[0].y >= (1 - _MARGIN) * height]
        bottom = [row for row in reversed(rows) if row[0].y <= _MARGIN * height]
        for line in (one for edge in (top, bottom) for one in _outer(edge, shared, body)):
            line.noise = True
    for line in raw.lines:
        line.noise = line.noise or (
            _is_page_number(line) and shared.follows_pages(line) and not _numbers_item(line, shared)
        )


def _rows(lines: list[Line]) -> list[list[Line]]:
    """Return the rows of a page from the top: what stands side by side, small type a little above or below large."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: -one.y):
        if rows and rows[-1][0].y - line.y <= _SAME_ROW:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _outer(edge: list[list[Line]], shared: _Repetition, body: tuple[float, float, float]) -> Iterator[Line]:
    """Yield the lines of the rows from the edge inwards that repeat."""
    for row in edge:
        repeated = [line for line in row if _may_be_furniture(line, len(row), shared, body)]
        outside = not any(body[0] <= line.y <= body[1] for line in row)
        whole = len(repeated) == len(row)
        yield from (line for line in repeated if whole or outside or line.size < 0.92 * body[2])
        if not (whole or (outside and repeated)):
            return


def _may_be_furniture(line: Line, cells: int, shared: _Repetition, body: tuple[float, float, float]) -> bool:
    if line.text.endswith(":") or cells > 3 or _numbers_item(line, shared):
        return False
    within = body[0] <= line.y <= body[1]
    among_text = within and abs(line.size - body[2]) < 0.3  # repeated sentences may meet at one height by chance
    small = not within and (line.size < 0.9 * body[2] or _is_page_number(line))
    return small or shared.repeats(line, among_text)


class _Repetition:
    """On how many pages a line stands at the same height, numbers aside, and what its numbers do from page to page."""

    def __init__(self, raw: RawDocument) -> None:
        self._lines: dict[tuple[str, int], list[Line]] = defaultdict(list)
        for line in raw.lines:
            if not line.doubled:
                self._lines[_key(line.text), round(line.y / 4)].append(line)
        self._pages = raw.page_count
        self._numbers: dict[tuple[str, int], list[str]] = {}
        numbered = {line.page for line in raw.lines if _PAGE_NUMBER.match(line.text) and self.follows_pages(line)}
        self._paged = len(numbered) > 0.5 * raw.page_count  # pages have a number of their own

    def repeats(self, line: Line, among_text: bool) -> bool:
        """Whether the line stands on enough pages to be furniture."""
        least = 2 if self._pages < 4 else max(3, round(_SHARE * self._pages))
        if among_text:
            least = max(4, round(0.6 * self._pages))
        near = self._near(line)
        return len({one.page for one in near}) >= least and not self.counts(line)

    def follows_pages(self, line: Line) -> bool:
        """Whether one of the line's numbers is that of the page, wherever it stands, on three pages and more."""
        pages = {one.page for one in self._near(line)}
        return len(pages) >= max(LEAST_PAGES, 0.1 * self._pages) and "page" in self._kinds(line)

    def _near(self, line: Line) -> list[Line]:
        key, slot = _key(line.text), round(line.y / 4)
        return [one for near in (slot - 1, slot, slot + 1) for one in self._lines.get((key, near), ())]

    def counts(self, line: Line) -> bool:
        """Whether a number in the line counts something else than pages: sheets, measures."""
        kinds = self._kinds(line)
        if "other" in kinds:
            return True
        return (
            "page" in kinds
            and self._paged
            and _PAGE_NUMBER.match(line.text) is None
            and _FOOT.search(line.text) is None
        )

    def differs(self, line: Line) -> bool:
        """Whether a line says something else on most pages where one like it stands, three at least."""
        near = self._near(line)
        return len({one.page for one in near}) >= LEAST_PAGES and len({one.text for one in near}) > 0.5 * len(near)

    def _kinds(self, line: Line) -> list[str]:
        """Tell of each number in the line what it does: "fixed", "page" or "other"."""
        slot = (_key(line.text), round(line.y / 4))
        if slot not in self._numbers:
            self._numbers[slot] = _number_kinds(self._near(line))
        return self._numbers[slot]


def _numbers_item(line: Line, shared: _Repetition) -> bool:
    """Whether a line is nothing but a number of more than digits, another one on each page: that of a sheet."""
    number = printed_number(line.text)
    if number is None or number.rest or number.total or number.shape == "{n}/{n}":
        return False
    return (bool(number.code) or len(number.parts) > 1) and shared.differs(line)


def _number_kinds(lines: list[Line]) -> list[str]:
    columns = zip(*([int(number) for number in _DIGITS.findall(line.text)] for line in lines), strict=True)
    pages = [line.page for line in lines]
    kinds = []
    for values in columns:
        offsets = Counter(value - page for value, page in zip(values, pages, strict=True))
        if offsets.most_common(1)[0][1] >= max(2, 0.7 * len(values)):
            kinds.append("page")
        else:
            kinds.append("fixed" if len(set(values)) <= max(1, 0.2 * len(values)) else "other")
    return kinds


def tells_page(line: Line) -> bool:
    """Tell whether a line holds the number of its page as head and foot lines do: "12", "Bericht | Seite 3 von 40"."""
    return _is_page_number(line) or _FOOT.search(line.text) is not None


def _is_page_number(line: Line) -> bool:
    return _PAGE_NUMBER.match(line.text) is not None


def _body_band(raw: RawDocument) -> tuple[float, float, float]:
    """Return lowest and highest line (points) set in the most common size, and that size."""
    sizes: Counter[float] = Counter()
    for line in raw.lines:
        sizes[round(line.size, 1)] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    heights = [line.y for line in raw.lines if abs(line.size - size) < 0.3 and not _is_page_number(line)]
    return (min(heights, default=0.0) - 1, max(heights, default=raw.height) + 1, size)


def _mark_line_numbers(raw: RawDocument) -> None:
    """Mark numbers printed beside the lines: a column of digits left or right of all text, each or each fifth line."""
    digits = [line for line in raw.lines if line.text.isdigit() and not (line.noise or line.aside)]
    for x, count in Counter(round(line.x / 3) for line in digits).items():
        column = [line for line in digits if abs(round(line.x / 3) - x) <= 1]
        values = [int(line.text) for line in column]
        rising = sum(b in (a + 1, a + 5) for a, b in pairwise(values))
        if count >= 20 and rising > 0.8 * len(values) and _is_beside(column, raw):
            for line in column:
                line.noise = True


def _is_beside(column: list[Line], raw: RawDocument) -> bool:
    """Whether no other text of these pages stands above or below a column: it is a margin's, not a table's."""
    pages = {line.page for line in column}
    left, right = min(line.x for line in column), max(line.right or line.x for line in column)
    others = [line for line in raw.lines if line.page in pages and not (line.text.isdigit() or line.noise)]
    crossing = sum(line.x <= right and (line.right or line.x) >= left for line in others)
    return crossing <= 0.02 * len(column)


def _mark_page_edges(raw: RawDocument) -> None:
    """Text with form feeds: the first and last three lines of pages."""
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in raw.lines:
        pages[line.page].append(line)
    shared = _Repetition(raw)
    counts = Counter(key for lines in pages.values() for key in {_key(line.text) for line in lines[:3] + lines[-3:]})
    for lines in pages.values():
        marked: set[str] = set()
        for edge in (lines[:3], lines[:-4:-1]):
            for line in edge:
                key = _key(line.text)
                share = 0.8 if ": " in line.text else 0.5  # a label with its value repeats by chance
                often = counts[key] >= max(3, share * raw.page_count) and not shared.counts(line)
                follows = _is_page_number(line) and shared.follows_pages(line)
                if line.noise or key in marked:  # the title of a paper may stand below its running head
                    break
                if _NUMBERED.match(line.text) or line.text.endswith(":") or not (often or follows):
                    break
                if _numbers_item(line, shared):
                    break
                line.noise = True
                marked.add(key)


def _mark_repeated(raw: RawDocument) -> None:
    """Mark short lines that repeat and, alone or with others that do, cut a sentence somewhere."""
    lines = [line for line in raw.lines if not line.noise]
    places: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if _may_repeat(line):
            places[_key(line.text)].append(place)
    repeated = [there for there in places.values() if len(there) >= LEAST_PAGES]
    among = {place for there in repeated for place in there}
    own = [place for place in range(len(lines)) if place not in among]
    for there in repeated:
        if sum(_cuts(place, lines, own) for place in there) >= max(1, _CUTTING * len(there)):
            for place in there:
                lines[place].noise = True


def _may_repeat(line: Line) -> bool:
    text = line.text
    return (
        len(text) <= 90
        and not line.bullet
        and not (line.cells and len(line.cells) > 2)
        and not _NUMBERED.match(text)
        and (not _ENDED.search(text) or _PAGE_NUMBER.match(text) is not None)
    )


def _cuts(place: int, lines: list[Line], own: list[int]) -> bool:
    """Whether a repeated line cuts a sentence: of the lines of their `own` around it the one behind goes on small."""
    following = bisect(own, place)
    if not 0 < following < len(own):
        return False
    before, after = lines[own[following - 1]], lines[own[following]]
    if before.cells or after.cells or before.bullet or after.bullet or _NUMBERED.match(before.text):
        return False
    whole = len(before.text) > 30 and (len(after.text) >= _REST or _is_page_number(lines[place]))
    return whole and not _ENDED.search(before.text) and after.text[:1].islower()


def _read_labels(raw: RawDocument) -> None:
    """Take printed page numbers from the furniture where the file names none."""
    if any(raw.labels):
        return
    printed: dict[int, int] = {}
    for line in raw.lines:
        match = _PAGE_NUMBER.match(line.text) if line.noise else None
        if match:
            printed.setdefault(line.page, int(match[1]))
    offsets = Counter(number - page for page, number in printed.items())
    if offsets and raw.page_count:
        offset, count = offsets.most_common(1)[0]
        if count >= max(2, 0.5 * len(printed)) or raw.page_count == 1:
            raw.labels = [str(page + offset) if page + offset > 0 else "" for page in range(raw.page_count)]
