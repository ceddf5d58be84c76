"""The lines of a document for the simple reader: what is prominent, what begins a paragraph, how wide text is."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from ingest.readers.numbers import Printed, printed_number
from ingest.stream import NO_BOX, Line, Style, body_style

_LONGEST_HEAD = 220  # characters of a head
_FULL = 0.8  # share of the letters that are in lines no longer than full ones
_SHORT = 0.75  # of the usual width of full lines: a line that is not wrapped


class DocumentLines:
    """All lines of a document; `apart` are those of contents and tables, which are neither heads nor labels."""

    def __init__(self, lines: Sequence[Line], distinct: frozenset[int]) -> None:
        self.lines, self.apart = lines, distinct
        own = [line for place, line in enumerate(lines) if place not in distinct]
        self.body: Style = body_style(own or lines)
        self.styled = len({(line.style.size, line.style.bold, line.style.level) for line in own}) > 1
        lengths = sorted(len(line.text) for line in own)
        letters = list(accumulate(lengths))
        self.width = lengths[bisect_left(letters, _FULL * letters[-1])] if lengths else 0
        regions = Counter((line.region, line.page) for line in lines)
        self._alone = {
            place for place, line in enumerate(lines)
            if line.cell is not None and regions[line.region, line.page] == 1
        }  # fmt: skip

    def __len__(self) -> int:
        return len(self.lines)

    def text(self, place: int) -> str:
        """Return the text of a line."""
        return self.lines[place].text

    def is_prominent(self, place: int) -> bool:
        """True if a line is set off from the body: by level, size or weight."""
        return place < len(self.lines) and self.lines[place].style.is_heavier(self.body)

    def is_set_off(self, place: int) -> bool:
        """True if a line is prominent, of another colour than the body, or alone in its cell."""
        return self.is_styled(place) or place in self._alone

    def is_styled(self, place: int) -> bool:
        """True if a line is prominent or of another colour than the body."""
        return self.is_prominent(place) or self.lines[place].style.colour != self.colour

    @cached_property
    def colour(self) -> int:
        """The colour of most letters."""
        letters: Counter[int] = Counter()
        for line in self.lines:
            letters[line.style.colour] += len(line.text)
        return letters.most_common(1)[0][0] if letters else 0

    def same_region(self, place: int, other: int) -> bool:
        """True if two lines are in one part of a page."""
        if not (0 <= place < len(self.lines) and 0 <= other < len(self.lines)):
            return False
        line, second = self.lines[place], self.lines[other]
        return (line.region, line.page) == (second.region, second.page)

    def look(self, place: int) -> tuple[object, ...]:
        """Return size, weight, colour and column of a line, by which lines of one role are alike."""
        line = self.lines[place]
        return line.style.size, line.style.bold, line.style.colour, line.cell.column if line.cell else -1

    def opens(self, place: int) -> bool:
        """True if a line begins a paragraph or a cell."""
        line = self.lines[place]
        return line.opens or place == 0 or self.lines[place - 1].region != line.region

    def is_short(self, place: int) -> bool:
        """True if a line ends before the width to which text is wrapped."""
        line = self.lines[place]
        return len(line.text) < _SHORT * self.width or line.box != NO_BOX

    def is_head_like(self, place: int) -> bool:
        """True if a line may be a head: short, no list point, no sentence."""
        line = self.lines[place]
        text = line.text
        if place in self.apart or line.bullet or len(text) > _LONGEST_HEAD or not any(map(str.isalpha, text)):
            return False
        if self.is_set_off(place):
            return not text.endswith((",", ";"))
        return self.opens(place) and self.is_short(place)

    def number(self, place: int) -> Printed | None:
        """Return the number with which a line begins."""
        return printed_number(self.lines[place].text)

    def run_on(self, place: int, most: int = 6) -> list[int]:
        """Return a line with those in which its text goes on: of the same look and paragraph."""
        first = self.lines[place]
        results = [place]
        for following in range(place + 1, min(place + most, len(self.lines))):
            line = self.lines[following]
            same = (line.region, line.page, line.style.bold, line.style.level) == (
                first.region, first.page, first.style.bold, first.style.level,
            )  # fmt: skip
            if line.opens or line.bullet or not same or abs(line.style.size - first.style.size) > 0.6:
                break
            results.append(following)
        return results

    def cell_lines(self, place: int, most: int = 6) -> list[int]:
        """Return the lines of the cell of a line, none where it is in no cell or the cell has many."""
        line = self.lines[place]
        if line.cell is None:
            return []
        around = range(max(0, place - most), min(place + most + 1, len(self.lines)))
        results = [n for n in around if self.lines[n].cell == line.cell and self.lines[n].page == line.page]
        return results if len(results) <= most and not any(self.lines[n].bullet for n in results) else []

    def pages(self, places: Sequence[int]) -> Iterator[int]:
        """Yield the pages of lines."""
        return (self.lines[place].page for place in places)
