"""Page furniture (running headers and footers, page numbers), found by repetition alone.

Lines are dropped from the outer edge of a page inward, as long as they repeat over pages. The first
print of a running head that changes with the chapter stays a line, because it may be the only
heading there is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.kinds import kind_of_word
from ingest.readers.lexicon import is_field_word
from ingest.readers.numbers import parse_number
from ingest.stream import NO_BOX, Layout, Line, body_style, split_where
from vectorstore.language import collapse_spaces, remove_spaces

_MIN_PAGES = 3  # pages that a line must be on to be furniture
_HEADER_SHARE = 0.3  # share of the pages from which a line is a header of the whole document
_SLOT_HEIGHT = 5.0  # points by which the height of a repeated line may differ
# shares of the page's height between which nothing is furniture
_TOP = 0.16
_BOTTOM = 0.86
_EDGE_LINES = 3  # at top and bottom of a page without positions
_TABLE_CELLS = 3  # of a row from which it belongs to a table
_COUNTING_SHARE = 0.5  # share of the pages with such a line on which its number grows with them
# Most that a page number is larger than the text: 1.1 times in the pages of 60 papers.
_LARGEST = 1.2
_DIGITS = re.compile(r"[0-9]+")
_PAGE_NUMBER = re.compile(  # "12", "- 12 -", "Seite 12 von 40", "12/40"; not "12 Ziele"
    r"^\W*(?P<word>(?:seite|page|s\.)\W*)?(?P<number>\d{1,4})(?:(?:\W*(?:von|of)|[^\w/]*/)\W*\d{1,4})?\W*$",
    re.IGNORECASE,
)


def drop_furniture(layout: Layout) -> Layout:
    """Return the layout with headers, footers and page numbers moved from its lines to its
    furniture.

    On each page rows are dropped from the top and from the bottom, up to the first row that is no
    furniture (without positions at most `_EDGE_LINES`). Lines that count pages are dropped also
    beyond this row. If the file gives its pages no labels, the printed page
    numbers become their labels.
    """
    if not layout.page_count:
        return layout
    lines = layout.lines
    pages: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        pages[line.page].append(index)
    repetition = _Repetition(lines, layout.page_count)
    dropped = set[int]()
    for indices in pages.values():
        rows = _group_rows(lines, indices)
        # rows at each edge that may be furniture
        most = _EDGE_LINES if lines[indices[0]].box == NO_BOX else len(rows)
        for edge in (rows[:most], rows[::-1][:most]):
            for row in edge:
                if row[0] in dropped or not repetition.is_furniture(row):
                    break
                dropped.update(row)
    dropped.update(filter(repetition.counts_pages, range(len(lines))))
    furniture = tuple(lines[index] for index in sorted(dropped))
    body_lines = tuple(line for index, line in enumerate(lines) if index not in dropped)
    labels = layout.labels
    if not any(labels):
        labels = _printed_labels(furniture, layout.page_count) or labels
    furniture = (*layout.furniture, *furniture)
    return replace(layout, lines=body_lines, furniture=furniture, labels=labels)


def _group_rows(lines: Sequence[Line], indices: Sequence[int]) -> list[list[int]]:
    """Return the indices of one page's lines in rows from the top. Lines side by side are one row:
    a row ends before the line that begins below the middle of the row's first line. Without
    positions (`NO_BOX`) each line is a row, in the order of the file.
    """
    if lines[indices[0]].box == NO_BOX:
        return [[index] for index in indices]
    from_top = sorted(indices, key=lambda index: lines[index].box.top)
    middles = {index: (lines[index].box.top + lines[index].box.bottom) / 2 for index in indices}
    return split_where(from_top, lambda row, index: lines[index].box.top >= middles[row[0]])


class _Repetition:
    """Where the lines of a document repeat at the same height, and which of their numbers count
    pages.
    """

    def __init__(self, lines: Sequence[Line], page_count: int) -> None:
        self._lines, self._page_count = lines, page_count
        self._height = max((line.box.bottom for line in lines), default=0.0)
        self._largest = _LARGEST * body_style(lines).size
        # text and slot → pages with it
        self._pages: dict[tuple[str, int], set[int]] = defaultdict(set)
        # text with masked digits, slot → indices
        self._shapes: dict[tuple[str, int], list[int]] = defaultdict(list)
        for index, line in enumerate(lines):
            for slot in self._slots(line):
                self._pages[remove_spaces(line.text), slot].add(line.page)
                self._shapes[mask_digits(line.text), slot].append(index)

    def _slots(self, line: Line) -> set[int]:
        """Return the one or two slots that a line is near. A slot is a height on the page, in steps
        of `_SLOT_HEIGHT`.

        The same header is not printed at exactly the same height on each page. As slots overlap,
        lines at nearly the same height have at least one in common. Lines without positions are all
        in slot 0.
        """
        height = line.box.bottom / _SLOT_HEIGHT
        if line.box != NO_BOX:
            return {round(height - 0.25), round(height + 0.25)}
        return {0}

    def is_furniture(self, row: Sequence[int]) -> bool:
        """True if all lines of a row are repeated on other pages, or count pages.

        On pages with positions the row must be near the top or bottom, so that body text that
        repeats by chance stays. Nor may it be a row of a table (`_TABLE_CELLS` or more cells),
        because the heads of tables repeat too.
        """
        first = self._lines[row[0]]
        is_table = sum(self._lines[index].cell is not None for index in row) >= _TABLE_CELLS
        if first.box != NO_BOX and (is_table or not self._is_at_edge(first)):
            return False
        return all(self._is_repeated(index) for index in row)

    def _is_repeated(self, index: int) -> bool:
        """True if a line is on many pages, or on one of the two pages before, or if it counts or
        names pages.

        It may be two pages before because left and right pages have headers of their own. Of a line
        on few pages only those before count: the first print of a running head may be the only
        heading of its chapter. The label of a field ("Beschreibung", or a colon at its end) never
        counts.
        """
        line = self._lines[index]
        page_number = _PAGE_NUMBER.match(line.text)
        if page_number and page_number["word"]:  # "Seite 12 von 40" is nothing else
            return True
        if is_field_word(line.text) or line.text.rstrip().endswith(":"):
            return False
        pages = set().union(
            *(self._pages[remove_spaces(line.text), slot] for slot in self._slots(line))
        )
        min_pages = max(_MIN_PAGES, _HEADER_SHARE * self._page_count)
        if self._page_count == 2:
            min_pages = 2
        is_continued = not pages.isdisjoint((line.page - 1, line.page - 2))
        return len(pages) >= min_pages or is_continued or self.counts_pages(index)

    def counts_pages(self, index: int) -> bool:
        """True if a line has a number that counts pages ("Seite 7 von 20").

        It is compared with the lines that have the same words at the same height. These must be on
        several pages, and on most of these the number less the page must be the same. The line must
        also be nothing but a page number, or be at the edge of its page: a number in running text
        may grow with the pages by chance. A large number counts records, one to a page.
        """
        line = self._lines[index]
        is_large = self._largest < line.style.size
        if is_large or not any(map(str.isdigit, line.text)) or _is_record_number(line.text):
            return False
        shape = mask_digits(line.text)
        indices = set().union(*(self._shapes[shape, slot] for slot in self._slots(line)))
        similar = [self._lines[other] for other in indices]
        pages = [other.page for other in similar]
        if len(set(pages)) < max(_MIN_PAGES, 0.1 * self._page_count):
            return False
        rows = [_numbers_in(other) for other in (line, *similar)]
        # the same number of all similar lines, the line's own first
        for number, *column in zip(*rows, strict=True):
            printed = set(zip(column, pages, strict=True))  # a table may print a number many times
            offsets = Counter(value - page for value, page in printed)
            offset, count = offsets.most_common(1)[0]
            if line.box == NO_BOX and offset != number - line.page:
                continue  # without positions, lines with other numbers may share the words
            if count >= max(_MIN_PAGES, _COUNTING_SHARE * len(set(pages))):
                return _PAGE_NUMBER.match(line.text) is not None or self._is_at_edge(line)
        return False

    def _is_at_edge(self, line: Line) -> bool:
        is_inside = _TOP * self._height < line.box.bottom and line.box.top < _BOTTOM * self._height
        return line.box != NO_BOX and not is_inside


def _numbers_in(line: Line) -> list[int]:
    # no more than nine digits, as a longer number is none of a page and may be very long
    return [int(number[-9:]) for number in _DIGITS.findall(line.text)]


def mask_digits(text: str) -> str:
    """Return a text without the value of its numbers, which count pages in the foot of a page."""
    return _DIGITS.sub("#", collapse_spaces(text))


def _is_record_number(text: str) -> bool:
    """True for nothing but a number with letters, of several parts or behind a word for a kind of
    records: "Ü-01", "3.2.1", "Maßnahme 7". Such a number counts records or sections, one of which
    may be on each page.
    """
    number = parse_number(text)
    if number is None or number.text_after or number.total:
        return False
    return bool(number.code or number.depth > 1 or kind_of_word(number.word))


def _printed_labels(furniture: Sequence[Line], page_count: int) -> tuple[str, ...]:
    """Return a label for each page, from the page numbers that are printed in the furniture.

    The most frequent difference between printed number and page gives all labels, also on pages
    without a printed number. Pages before number 1, such as a cover, get "". The result is empty if
    no number is printed, or, if there are several pages, if fewer than half of the numbers, or only
    one, agree.
    """
    printed: dict[int, int] = {}
    for line in furniture:
        match = _PAGE_NUMBER.match(line.text)
        if match:
            printed.setdefault(line.page, int(match["number"]))
    offsets = Counter(number - page for page, number in printed.items())
    if not offsets:
        return ()
    offset, count = offsets.most_common(1)[0]
    if count < max(2, 0.5 * len(printed)) and page_count > 1:
        return ()
    labels = [""] * max(0, min(1 - offset, page_count))
    labels += map(str, range(len(labels) + offset, page_count + offset))
    return tuple(labels)
