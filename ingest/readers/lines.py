"""The lines of a document for the simple reader: which are prominent, begin a paragraph or end
early.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate

from ingest.readers.numbers import PrintedNumber, parse_number
from ingest.readers.titles import join_title
from ingest.stream import NO_BOX, Line, Style, body_style

# the width of text is the length of a line up to which lines contain this share of all letters
_FULL = 0.8
_LETTER_WIDTH = 0.52  # average width of a letter, as a share of the font size
_PARAGRAPH = 6  # most lines of a paragraph that may be a heading
_SHORT = 0.75  # share of the width of text below which a line is not wrapped


class DocumentLines:
    """All lines of a document, addressed by index. `excluded` are the indices of lines of the table
    of contents, of tables and of notes; these lines are neither heads nor labels. `body` is the
    style of most text, `styled` is true if there is more than one style, `width` is in characters.
    """

    def __init__(self, lines: Sequence[Line], excluded: frozenset[int]) -> None:
        """Measure the text: its usual style and colour, its width, and the right edge of each
        region.

        The width is not that of the longest line, which may be an exception: lines up to this
        length contain most letters (`_FULL`). Tables, contents and notes (`excluded`) do not count
        for style and width.
        """
        self.lines, self.excluded = lines, excluded
        text_lines = [line for index, line in enumerate(lines) if index not in excluded]
        self.body: Style = body_style(text_lines or lines)
        styles = [line.style for line in text_lines]
        self.styled = len({(style.size, style.bold, style.level) for style in styles}) > 1
        lengths = sorted(len(line.text) for line in text_lines)
        letters_up_to = list(accumulate(lengths))  # in lines no longer than each of the lengths
        self.width = 0
        if lengths:
            self.width = lengths[bisect_left(letters_up_to, _FULL * letters_up_to[-1])]
        colours: Counter[int] = Counter()
        for line in lines:
            colours[line.style.colour] += len(line.text)
        self._usual_colour = max(colours, key=colours.__getitem__, default=0)
        self._last_columns: dict[tuple[int, int], int] = defaultdict(int)  # by table and row
        for line in lines:
            if line.cell is not None:
                row, column = line.cell[:2], line.cell.column
                self._last_columns[row] = max(self._last_columns[row], column)
        self._right_edges: dict[object, float] = defaultdict(float)
        for line in lines:
            place = self._place_of(line)
            self._right_edges[place] = max(self._right_edges[place], line.box.right)
        self._line_counts = Counter((line.region, line.page) for line in lines)

    def __len__(self) -> int:
        return len(self.lines)

    def text(self, index: int) -> str:
        """Return the text of a line."""
        return self.lines[index].text

    def is_prominent(self, index: int) -> bool:
        """True if a line differs from the body in heading level, size or weight."""
        return self.lines[index].style.is_heavier(self.body)

    def is_set_off(self, index: int) -> bool:
        """True if a line is prominent, of another colour than the body, or alone in its cell."""
        line = self.lines[index]
        is_alone = line.cell is not None and self._line_counts[line.region, line.page] == 1
        return is_alone or self.is_styled(index)

    def is_styled(self, index: int) -> bool:
        """True if a line is prominent or of another colour than the body."""
        return self.is_prominent(index) or self.lines[index].style.colour != self._usual_colour

    def same_region(self, index: int, other: int) -> bool:
        """True if two lines are in the same region of the same page."""
        line, other_line = self.lines[index], self.lines[other]
        return (line.region, line.page) == (other_line.region, other_line.page)

    def has_space(self, line: Line, text: str, *, beyond: float = 0.0) -> bool:
        """True if the first word of a text would fit at the end of a line, and `beyond` points
        more. Then the line ends early, and the text below it begins something new. The width of the
        word is estimated from the size of the letters.
        """
        first_word, _, _ = text.partition(" ")
        width = _LETTER_WIDTH * line.style.size * (1 + len(first_word))
        return line.box.right + width + beyond < self._right_edges[self._place_of(line)]

    def split_list(self, indices: Sequence[int], start: int = 0) -> str:
        """Return a text of these lines with each item of a list on a line of its own; it begins at
        character `start` of the first. All other lines are joined, and so are words that a line end
        breaks.

        An item begins with a capital letter. It also has a bullet, or begins a cell or, in files
        without positions, a paragraph; or the line above has space left for its first word: text
        that goes on would have filled it.
        """
        printed = ""
        for index in indices:
            line = self.lines[index]
            text = line.text[start:].strip(" :")
            start = 0  # the lines below have no label before the value
            above = self.lines[max(index - 1, 0)]
            is_paragraph = line.opens and line.cell is not None and line.box == NO_BOX
            begins_item = line.bullet or is_paragraph or above.cell != line.cell
            has_space = self.has_space(above, text, beyond=above.style.size)
            if printed and (begins_item or has_space) and text[:1].isupper():
                printed += f"\n{text}"
            elif printed:
                printed = join_title((printed, text))
            else:
                printed = text
        return printed.strip()

    def _place_of(self, line: Line) -> object:
        """Return what has one right edge: the cells below each other in rows of a table with the
        same last column, or the region of the line.
        """
        if line.cell is None:
            return line.region
        table, row, column = line.cell
        return table, column, self._last_columns[table, row]

    def begins_paragraph(self, index: int) -> bool:
        """True if a line begins a paragraph or a cell."""
        line = self.lines[index]
        return line.opens or self.lines[index - 1].region != line.region

    def ends_paragraph(self, index: int) -> bool:
        """True if the line after this one begins a paragraph or a cell, or there is none."""
        return index + 1 >= len(self.lines) or self.begins_paragraph(index + 1)

    def is_short(self, index: int) -> bool:
        """True if a line ends well before the width of text."""
        return len(self.lines[index].text) < _SHORT * self.width

    def number(self, index: int) -> PrintedNumber | None:
        """Return the number with which a line begins, None without one."""
        return parse_number(self.lines[index].text)

    def paragraph_lines(self, index: int) -> list[int]:
        """Return the indices of a line and of the lines that continue its paragraph in the same
        region. They are `_PARAGRAPH` lines at most, as many as a heading may have.
        """
        continued = [index]
        for following in range(index + 1, min(index + _PARAGRAPH, len(self.lines))):
            if self.lines[following].opens or not self.same_region(index, following):
                break
            continued.append(following)
        return continued
