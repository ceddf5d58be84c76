"""Running headers, footers, page numbers and legends, recognised by repetition alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise

from ingest.layout.lines import Line, RawDocument

_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(r"^\s*(?:\d+\.)+\d*\s|^\s*[IVX]+\.\s")
_PAGE_NUMBER = re.compile(r"^\W*(?:seite|page|s\.)?\W*(\d{1,4})\W*(?:(?:von|of|/)\W*\d{1,4}\W*)?$", re.I)
_ENDED = re.compile(r"[.:;!?…]['\"“”»)]*$")
_MARGIN = 0.15  # share of the page's height, at top and bottom, where headers and footers may stand
_SHARE = 0.25  # of the pages that must show the same line at the same height
LEAST_PAGES = 3  # that must show the same, numbers aside, before anything is called furniture
_LEGEND = 4  # repetitions that make a legend where a file has no pages


def mark_furniture(raw: RawDocument) -> None:
    """Set `noise` on furniture and fill in printed page labels found in it."""
    if raw.positioned:
        _mark_positioned(raw)
    else:
        if raw.page_count:
            _mark_page_edges(raw)
        _mark_repeated_runs(raw)
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
    body = _body_band(raw)
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    cells: Counter[tuple[int, int]] = Counter((line.page, round(line.y)) for line in raw.lines)
    for line in raw.lines:
        seen[_key(line.text), round(line.y / 4)].add(line.page)
    least = 2 if raw.page_count < 4 else max(3, round(_SHARE * raw.page_count))
    for line in raw.lines:
        height = raw.height_of(line.page)
        edge = not _MARGIN * height < line.y < (1 - _MARGIN) * height
        if line.doubled or not edge or line.text.endswith(":") or cells[line.page, round(line.y)] > 3:
            continue
        slot = round(line.y / 4)
        pages = set().union(*(seen.get((_key(line.text), near), set()) for near in (slot - 1, slot, slot + 1)))
        within = body[0] <= line.y <= body[1]
        among_text = within and abs(line.size - body[2]) < 0.3  # repeated sentences may meet at one height by chance
        repeated = len(pages) >= (max(4, 0.6 * raw.page_count) if among_text else least)
        line.noise = repeated or (not within and (line.size < 0.9 * body[2] or _is_page_number(line)))
    _keep_what_lies_inside(raw, body)


def _keep_what_lies_inside(raw: RawDocument, body: tuple[float, float, float]) -> None:
    """Take the mark from lines among the text that text stands outside of or beside: labels and numbers of sheets.

    Sheets repeat the same labels at the same height on every page; furniture is only what nothing but furniture parts
    from the edge.
    """
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in raw.lines:
        if not line.doubled:
            pages[line.page].append(line)
    for page, lines in pages.items():
        middle = raw.height_of(page) / 2
        text = [line.y for line in lines if not line.noise and not _is_page_number(line)]
        highest, lowest = max(text, default=-1.0), min(text, default=raw.height_of(page) + 1)
        for line in lines:
            within = body[0] <= line.y <= body[1]
            inside = line.y <= highest + 2 if line.y > middle else line.y >= lowest - 2
            if line.noise and within and inside:
                line.noise = False


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
    """Mark numbers printed beside the lines: a column of digits left or right of all text."""
    digits = [line for line in raw.lines if line.text.isdigit() and not (line.noise or line.aside)]
    for x, count in Counter(round(line.x / 3) for line in digits).items():
        column = [line for line in digits if abs(round(line.x / 3) - x) <= 1]
        values = [int(line.text) for line in column]
        rising = sum(b == a + 1 or b == a + 5 for a, b in pairwise(values))
        if count >= 20 and rising > 0.8 * len(values):
            for line in column:
                line.noise = True


def _mark_page_edges(raw: RawDocument) -> None:
    """Text with form feeds: the first and last three lines of pages."""
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in raw.lines:
        pages[line.page].append(line)
    edges = [line for lines in pages.values() for line in {id(x): x for x in lines[:3] + lines[-3:]}.values()]
    counts = Counter(_key(line.text) for line in edges)
    for line in edges:
        if _NUMBERED.match(line.text) or line.text.endswith(":"):
            continue
        line.noise = line.noise or counts[_key(line.text)] >= max(3, 0.5 * raw.page_count)


def _mark_repeated_runs(raw: RawDocument) -> None:
    """Mark repeated short lines, alone or always together, that cut a sentence somewhere or form a long legend."""
    lines = [line for line in raw.lines if not line.noise]
    keys = [_key(line.text) if _may_repeat(line) else "" for line in lines]
    counts = Counter(key for key in keys if key)
    pairs = Counter(pair for pair in pairwise(keys) if all(pair))
    linked = {pair for pair, n in pairs.items() if n >= 3 and n >= 0.7 * max(counts[pair[0]], counts[pair[1]])}
    runs: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    index = 0
    while index < len(lines):
        end = index + 1
        while end < len(lines) and (keys[end - 1], keys[end]) in linked:
            end += 1
        if counts.get(keys[index], 0) >= 3:
            runs[tuple(keys[index:end])].append((index, end))
        index = end
    for key, places in runs.items():
        if _is_furniture_run(lines, key, places):
            for start, stop in places:
                for line in lines[start:stop]:
                    line.noise = True


def _may_repeat(line: Line) -> bool:
    text = line.text
    return (
        len(text) <= 90
        and not line.bullet
        and not (line.cells and len(line.cells) > 2)
        and not _NUMBERED.match(text)
        and (not _ENDED.search(text) or _PAGE_NUMBER.match(text) is not None)
    )


def _is_furniture_run(lines: list[Line], key: tuple[str, ...], places: list[tuple[int, int]]) -> bool:
    if len(places) < 3:
        return False
    if len(key) >= 3 and len(places) >= _LEGEND:
        return True
    return any(_interrupts(lines, start, stop) for start, stop in places)


def _interrupts(lines: list[Line], start: int, stop: int) -> bool:
    """Whether a sentence is cut by lines[start:stop]: open before it, going on in lower case behind it."""
    if not 0 < start < stop < len(lines):
        return False
    before, after = lines[start - 1], lines[stop]
    if before.cells or after.cells or before.bullet or after.bullet or _NUMBERED.match(before.text):
        return False
    return len(before.text) > 30 and not _ENDED.search(before.text) and after.text[:1].islower()


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
