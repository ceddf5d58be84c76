"""The lines of a document for the simple reader: which are prominent, begin a paragraph or end early."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from ingest.readers.numbers import PrintedNumber, parse_number
from ingest.stream import NO_BOX, Line, Style, body_style

_LONGEST_HEAD = 220  # characters of a head
_FULL = 0.8  # the width of text is the length of a line up to which lines contain this share of all letters
_SHORT = 0.75  # share of the width of text below which a line is not wrapped


class DocumentLines:
    """All lines of a document, addressed by index.

    `excluded` are the indices of lines of the table of contents and of tables, which are neither heads nor labels;
    `body` is the style of most text, `styled` is true if there is more than one style, `width` is in characters.
    """

    def __init__(self, lines: Sequence[Line], apart: frozenset[int]) -> None:
        self.lines, self.excluded = lines, apart
        text_lines = [line for index, line in enumerate(lines) if index not in apart]
        self.body: Style = body_style(text_lines or lines)
        self.styled = len({(line.style.size, line.style.bold, line.style.level) for line in text_lines}) > 1
        lengths = sorted(len(line.text) for line in text_lines)
        letters = list(accumulate(lengths))
        self.width = lengths[bisect_left(letters, _FULL * letters[-1])] if lengths else 0
        regions = Counter((line.region, line.page) for line in lines)
        self._alone = {
            index for index, line in enumerate(lines)
            if line.cell is not None and regions[line.region, line.page] == 1
        }  # fmt: skip

    def __len__(self) -> int:
        return len(self.lines)

    def text(self, index: int) -> str:
        """Return the text of a line."""
        return self.lines[index].text

    def is_prominent(self, index: int) -> bool:
        """True if a line differs from the body in heading level, size or weight."""
        return index < len(self.lines) and self.lines[index].style.is_heavier(self.body)

    def is_set_off(self, index: int) -> bool:
        """True if a line is prominent, of another colour than the body, or alone in its cell."""
        return self.is_styled(index) or index in self._alone

    def is_styled(self, index: int) -> bool:
        """True if a line is prominent or of another colour than the body."""
        return self.is_prominent(index) or self.lines[index].style.colour != self.colour

    @cached_property
    def colour(self) -> int:
        """The colour of most characters."""
        letters: Counter[int] = Counter()
        for line in self.lines:
            letters[line.style.colour] += len(line.text)
        return letters.most_common(1)[0][0] if letters else 0

    def same_region(self, index: int, other: int) -> bool:
        """True if two lines are in the same region of the same page."""
        if not (0 <= index < len(self.lines) and 0 <= other < len(self.lines)):
            return False
        line, other_line = self.lines[index], self.lines[other]
        return (line.region, line.page) == (other_line.region, other_line.page)

    def look(self, index: int) -> tuple[object, ...]:
        """Return size, weight, colour and table column of a line, which lines of one role share."""
        line = self.lines[index]
        return line.style.size, line.style.bold, line.style.colour, line.cell.column if line.cell else -1

    def begins_paragraph(self, index: int) -> bool:
        """True if a line begins a paragraph or a cell."""
        line = self.lines[index]
        return line.opens or index == 0 or self.lines[index - 1].region != line.region

    def is_short(self, index: int) -> bool:
        """True if a line ends before the width to which text is wrapped; always true for lines with a box (PDF)."""
        line = self.lines[index]
        return len(line.text) < _SHORT * self.width or line.box != NO_BOX

    def is_head_like(self, index: int) -> bool:
        """True if a line may be a head: short, no list item, not wrapped or set off from the text."""
        line = self.lines[index]
        text = line.text
        if index in self.excluded or line.bullet or len(text) > _LONGEST_HEAD or not any(map(str.isalpha, text)):
            return False
        if self.is_set_off(index):
            return not text.endswith((",", ";"))
        return self.begins_paragraph(index) and self.is_short(index)

    def number(self, index: int) -> PrintedNumber | None:
        """Return the number with which a line begins, None without one."""
        return parse_number(self.lines[index].text)

    def paragraph_lines(self, index: int, most: int = 6) -> list[int]:
        """Return a line and those after it that continue its paragraph in the same style, `most` lines in all."""
        first = self.lines[index]
        continued = [index]
        for following in range(index + 1, min(index + most, len(self.lines))):
            line = self.lines[following]
            same = (line.region, line.page, line.style.bold, line.style.level) == (
                first.region, first.page, first.style.bold, first.style.level,
            )  # fmt: skip
            if line.opens or line.bullet or not same or abs(line.style.size - first.style.size) > 0.6:
                break
            continued.append(following)
        return continued

    def cell_lines(self, index: int, most: int = 6) -> list[int]:
        """Return the lines of a line's table cell; none outside cells, in cells with bullets or over `most` lines."""
        line = self.lines[index]
        if line.cell is None:
            return []
        around = range(max(0, index - most), min(index + most + 1, len(self.lines)))
        same = [i for i in around if self.lines[i].cell == line.cell and self.lines[i].page == line.page]
        return same if len(same) <= most and not any(self.lines[i].bullet for i in same) else []
