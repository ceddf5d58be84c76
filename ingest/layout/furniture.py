"""Running headers, footers, page numbers and line numbers, recognised by repetition alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.layout.lines import Line, RawDocument
from ingest.plan.numbers import printed_number

LEAST_PAGES = 3  # that must show the same, numbers aside, before anything is called furniture
EDGE = 0.15  # share of the page's height, at top and bottom, where headers and footers may stand
SAME_ROW = 3.0  # points between the base lines of one row
_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(r"^\s*(?:\d+\.)+\d*\s|^\s*[IVX]+\.\s")
_PAGE_NUMBER = re.compile(
    r"^\W*+(?:(?:seite|page|s\.)\W*+)?(\d{1,4})(?:(?:\W*+(?:von|of)|[^\w/]*+/)\W*+\d{1,4})?\W*+$", re.I
)
_FOOT = re.compile(r"\b(?:Seite|Page|S\.)\W*\d|\d\s*(?:/|von|of|\|)\s*\d", re.I)
_ENDED = re.compile(r"[.:;!?…]['\"“”»)]*$")
_SHARE, _SHARE_IN_TEXT = 0.25, 0.6  # of the pages that must show the same line at the same height
_CELLS = 3  # of a row at a page's edge; more are a table's
_SLOT = 4  # points of height that count as the same, with those beside
_FOLLOWS = 0.7  # share of the prints of a line whose number is that of the page
_EDGE_LINES = 3  # of a page without heights, at its top and bottom
_LONGEST = 90  # characters of a line that repeats in a text without pages
_REST = 25  # characters behind what cuts a sentence: values of labels begin small too, but are short
_LINE_NUMBERS = 20  # of a column


def mark_furniture(raw: RawDocument) -> None:
    """Set `noise` on furniture and fill in printed page labels found in it."""
    if raw.positioned:
        _mark_rows(raw)
    elif raw.page_count:
        _mark_first_and_last(raw)
    else:
        _mark_what_cuts(raw)
    _read_labels(raw)
    if raw.page_count:
        _set_aside_what_is_rare(raw)
    if raw.positioned:
        _mark_line_numbers(raw)


def tells_page(line: Line) -> bool:
    """Tell whether a line holds the number of its page as head and foot lines do: "12", "Bericht | Seite 3 von 40"."""
    return _is_page_number(line) or _FOOT.search(line.text) is not None


def _is_page_number(line: Line) -> bool:
    return _PAGE_NUMBER.match(line.text) is not None


def _key(text: str) -> str:
    return _DIGITS.sub("#", " ".join(text.split()))


class _Repetition:
    """Where else a line stands at the same height, numbers aside, and whether its numbers are those of the pages."""

    def __init__(self, raw: RawDocument) -> None:
        self._lines: dict[tuple[str, int], list[Line]] = defaultdict(list)
        for line in raw.lines:
            if not line.doubled:
                self._lines[_key(line.text), round(line.y / _SLOT)].append(line)
        self._pages = raw.page_count

    def _near(self, line: Line) -> list[Line]:
        key, slot = _key(line.text), round(line.y / _SLOT)
        return [one for near in (slot - 1, slot, slot + 1) for one in self._lines.get((key, near), ())]

    def repeats(self, line: Line, in_text: bool) -> bool:
        """Whether the line stands on enough pages to be furniture; sentences may meet at one height by chance."""
        least = 2 if self._pages < 4 else max(LEAST_PAGES, round(_SHARE * self._pages))
        if in_text:
            least = max(4, round(_SHARE_IN_TEXT * self._pages))
        return len({one.page for one in self._near(line)}) >= least

    def follows_pages(self, line: Line) -> bool:
        """Whether the line is a page number that is true wherever it stands, on three pages and more."""
        near = self._near(line) if _is_page_number(line) else []
        if len({one.page for one in near}) < max(LEAST_PAGES, 0.1 * self._pages):
            return False
        columns = zip(*([int(number) for number in _DIGITS.findall(one.text)] for one in near), strict=True)
        offsets = (Counter(number - one.page for number, one in zip(column, near, strict=True)) for column in columns)
        return any(counts.most_common(1)[0][1] >= max(2, _FOLLOWS * len(near)) for counts in offsets)

    def numbers_item(self, line: Line) -> bool:
        """Whether a line is nothing but a number of more than digits, another one on each page: that of a sheet."""
        number = printed_number(line.text)
        if number is None or number.rest or number.total or number.shape == "{n}/{n}":
            return False
        near = self._near(line)
        differs = len({one.page for one in near}) >= LEAST_PAGES and len({one.text for one in near}) > 0.5 * len(near)
        return differs and (bool(number.code) or len(number.parts) > 1)


def _mark_rows(raw: RawDocument) -> None:
    """Mark what repeats at the outer edge of the pages, row by row from the edge until a row is the page's own.

    A label that stands at one height on every page has its title or its value beside or above it and is never reached.
    """
    shared = _Repetition(raw)
    low, high, size = _body_band(raw)
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in raw.lines:
        if not (line.doubled or line.aside):
            pages[line.page].append(line)

    def repeats(line: Line, cells: int) -> bool:
        if line.text.endswith(":") or cells > _CELLS or shared.numbers_item(line):
            return False
        if not low <= line.y <= high:
            return line.size < 0.9 * size or _is_page_number(line) or shared.repeats(line, False)
        return shared.repeats(line, abs(line.size - size) < 0.3)

    def outer(edge: Sequence[list[Line]]) -> Iterator[Line]:
        for row in edge:
            repeated = [line for line in row if repeats(line, len(row))]
            outside = not any(low <= line.y <= high for line in row)
            whole = len(repeated) == len(row)
            yield from (line for line in repeated if whole or outside or line.size < 0.92 * size)
            if not (whole or (outside and repeated)):
                return

    for page, lines in pages.items():
        height, rows = raw.height_of(page), _rows(lines)
        top = [row for row in rows if row[0].y >= (1 - EDGE) * height]
        bottom = [row for row in reversed(rows) if row[0].y <= EDGE * height]
        for line in (*outer(top), *outer(bottom)):
            line.noise = True
    for line in raw.lines:
        line.noise = line.noise or (shared.follows_pages(line) and not shared.numbers_item(line))


def _rows(lines: list[Line]) -> list[list[Line]]:
    """Return the rows of a page from the top: what stands side by side, small type a little above or below large."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: -one.y):
        if rows and rows[-1][0].y - line.y <= SAME_ROW:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _body_band(raw: RawDocument) -> tuple[float, float, float]:
    """Return lowest and highest line (points) set in the most common size, and that size."""
    sizes: Counter[float] = Counter()
    for line in raw.lines:
        sizes[round(line.size, 1)] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    heights = [line.y for line in raw.lines if abs(line.size - size) < 0.3 and not _is_page_number(line)]
    return min(heights, default=0.0) - 1, max(heights, default=raw.height) + 1, size


def _mark_first_and_last(raw: RawDocument) -> None:
    """Text with form feeds: mark what repeats of the first and last three lines of pages."""
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in raw.lines:
        pages[line.page].append(line)
    shared = _Repetition(raw)
    edges = [(lines[:_EDGE_LINES], lines[: -_EDGE_LINES - 1 : -1]) for lines in pages.values()]
    counts = Counter(key for head, foot in edges for key in {_key(line.text) for line in (*head, *foot)})
    for ends in edges:
        marked: set[str] = set()
        for line_end in ends:
            for line in line_end:
                key = _key(line.text)
                share = 0.8 if ": " in line.text else 0.5  # a label with its value repeats by chance
                often = counts[key] >= max(LEAST_PAGES, share * raw.page_count)
                own = _NUMBERED.match(line.text) or line.text.endswith(":") or shared.numbers_item(line)
                if own or key in marked or not (often or shared.follows_pages(line)):
                    break  # the title of a paper may stand below its running head
                line.noise = True
                marked.add(key)


def _mark_what_cuts(raw: RawDocument) -> None:
    """Text without pages: mark short lines that repeat and, alone or with others that do, cut a sentence somewhere."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(raw.lines):
        if len(line.text) <= _LONGEST and not (line.bullet or line.cells or _NUMBERED.match(line.text)):
            places[_key(line.text)].append(place)
    repeated = [there for there in places.values() if len(there) >= LEAST_PAGES]
    among = {place for there in repeated for place in there}
    cutting: set[int] = set()
    begun: Line | None = None
    between: list[int] = []
    for place, line in enumerate(raw.lines):
        if place in among:
            between.append(place)
            continue
        if between and begun is not None and _goes_on(begun, line):
            cutting.update(between)
        begun, between = line, []
    for there in repeated:
        if cutting.intersection(there) and not _ENDED.search(raw.lines[there[0]].text):
            for place in there:
                raw.lines[place].noise = True


def _goes_on(above: Line, below: Line) -> bool:
    """Whether a sentence goes on from one line of a text to the next."""
    if above.cells or below.cells or above.bullet or below.bullet or _NUMBERED.match(above.text):
        return False
    return len(above.text) > _REST <= len(below.text) and not _ENDED.search(above.text) and below.text[:1].islower()


def _read_labels(raw: RawDocument) -> None:
    """Take printed page numbers from the furniture where the file names none."""
    if any(raw.labels):
        return
    printed: dict[int, int] = {}
    for line in raw.lines:
        if line.noise and (match := _PAGE_NUMBER.match(line.text)):
            printed.setdefault(line.page, int(match[1]))
    offsets = Counter(number - page for page, number in printed.items())
    if offsets and raw.page_count:
        offset, count = offsets.most_common(1)[0]
        if count >= max(2, 0.5 * len(printed)) or raw.page_count == 1:
            raw.labels = [str(page + offset) if page + offset > 0 else "" for page in range(raw.page_count)]


def _set_aside_what_is_rare(raw: RawDocument) -> None:
    """Take the mark from what stands on fewer pages: standing small at the edge makes an aside, not furniture."""
    pages: dict[str, set[int]] = defaultdict(set)
    for line in raw.lines:
        pages[_key(line.text)].add(line.page)
    for line in raw.lines:
        if line.noise and not line.doubled and len(pages[_key(line.text)]) < LEAST_PAGES:
            line.noise, line.aside = False, True


def _mark_line_numbers(raw: RawDocument) -> None:
    """Mark numbers printed beside the lines: a column of digits left or right of all text, each or each fifth line."""
    digits = [line for line in raw.lines if line.text.isdigit() and not (line.noise or line.aside)]
    for x, count in Counter(round(line.x / 3) for line in digits).items():
        column = [line for line in digits if abs(round(line.x / 3) - x) <= 1]
        values = [int(line.text) for line in column]
        rising = sum(below in (above + 1, above + 5) for above, below in pairwise(values))
        if count >= _LINE_NUMBERS and rising > 0.8 * len(values) and _is_beside(column, raw):
            for line in column:
                line.noise = True


def _is_beside(column: list[Line], raw: RawDocument) -> bool:
    """Whether no other text of these pages stands above or below a column: it is a margin's, not a table's."""
    pages = {line.page for line in column}
    left, right = min(line.x for line in column), max(line.right or line.x for line in column)
    others = [line for line in raw.lines if line.page in pages and not (line.text.isdigit() or line.noise)]
    crossing = sum(line.x <= right and (line.right or line.x) >= left for line in others)
    return crossing <= 0.02 * len(column)
