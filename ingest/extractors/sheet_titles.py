"""Where the title of a record stands: behind its number or label, beside it or below; and how far it goes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from ingest.extractors.labelled_lines import LONGEST_TITLE, LabelledLines
from ingest.extractors.sheet_layout import Sheet
from ingest.extractors.title_text import joined, recurring_endings, without_ending, without_references
from ingest.layout.lines import Line, squash
from ingest.plan.numbers import Printed, printed_number, same_ref

_ENDED = re.compile(r"[.!?;,:]$")
_BEGUN = 0.5  # share of the records of a plain text whose title one label follows at once
_COLUMN = 60  # lines of a column that stand between a title and its number right of it
_MORE = 3  # lines that a title goes on at most
_STEP = 1.55  # sizes between the lines of one title at most
_INDENT = 90  # points that a further line of a title may be indented
_FULL_LINE = 45  # characters of a line of plain text that the next may go on


class SheetTitles:
    """Finds titles among the lines of a paper."""

    def __init__(self, paper: LabelledLines) -> None:
        self._paper, self._lines = paper, paper.lines

    def of_number(self, index: int, number: Printed) -> tuple[str, list[int]]:
        """Return title and heading lines of a record whose number stands at a line; "" where it has none."""
        rest = number.rest if not self._paper.is_label(number.rest) else ""
        return self.behind(index, rest)

    def behind(self, index: int, rest: str) -> tuple[str, list[int]]:
        """Return the title behind a number or label at a line, `rest` on the same line, and the lines of both."""
        place = index if rest else self._place(index)
        if place is None:
            return "", [index]
        parts, heading = [rest or self._lines[place].text], list(dict.fromkeys([index, place]))
        for following in range(place + 1, min(place + 1 + _MORE, len(self._lines))):
            if not self.continues(following - 1, following):
                break
            parts.append(self._lines[following].text)
            heading.append(following)
        return joined(parts), heading

    def complete(self, sheets: Sequence[Sheet]) -> None:
        """Add lines to titles that go on: as the contents have them, or up to the label that follows other titles."""
        for sheet in sheets:
            self._extend(sheet, self._as_listed(sheet))
        if self._paper.positioned:
            return
        hits = self._paper.hits
        following = Counter(hit.label for one in sheets if (hit := hits.get(max(one.heading) + 1)))
        label, count = following.most_common(1)[0] if following else ("", 0)
        if count >= _BEGUN * len(sheets):
            for sheet in sheets:
                self._extend(sheet, self._up_to(label, sheet))

    def trim(self, sheets: Sequence[Sheet]) -> None:
        """Cut from titles what belongs to none: references to other records, and what the paper's lists leave out."""
        endings = recurring_endings([sheet.title for sheet in sheets])
        for sheet in sheets:
            title = sheet.title = without_ending(without_references(sheet.title), endings)
            told = self._paper.listed.get(same_ref(sheet.ref), "") if sheet.ref else ""
            begins = squash(title).casefold().startswith(squash(told).casefold())
            if told and len(told) < len(title) and begins:
                sheet.title = told

    def continues(self, previous: int, index: int) -> bool:
        """Tell whether a line continues a title: set alike, just below, flush with it, and no label or number."""
        above, line = self._lines[previous], self._lines[index]
        if self._paper.is_out(index) or line.bullet or index in self._paper.hits or line.page != above.page:
            return False
        if self._paper.style(index) != self._paper.style(previous) or printed_number(line.text) is not None:
            return False
        open_ended = not _ENDED.search(above.text)
        if not self._paper.positioned:
            return not line.opens and not line.level and open_ended and len(above.text) > _FULL_LINE
        flush = abs(line.x - above.x) < 3 or 0 < line.x - above.x < _INDENT
        close = 0 < above.y - line.y <= _STEP * above.size
        return flush and close and (above.bold or self._is_large(above) or open_ended)

    def _is_large(self, line: Line) -> bool:
        return line.size > self._paper.body.size + 0.4

    def _extend(self, sheet: Sheet, lines: Sequence[int]) -> None:
        if lines:
            colon = ":" if self._lines[max(sheet.heading)].text.rstrip().endswith(":") else ""
            sheet.title = joined([sheet.title + colon, *(self._lines[i].text for i in lines)])
            sheet.heading.extend(lines)

    def _as_listed(self, sheet: Sheet) -> list[int]:
        """Return the lines below a title with which it becomes the one that the contents list; none where none do."""
        listed = squash(self._paper.listed.get(same_ref(sheet.ref), "")).casefold()
        text, lines = sheet.title, list[int]()
        for index in self._below(sheet, _MORE):
            if not listed.startswith(squash(text).casefold()) or index in self._paper.hits or self._lines[index].noise:
                return []
            text = joined([text, self._lines[index].text])
            lines.append(index)
            if squash(text).casefold() == listed:
                return lines
        return []

    def _up_to(self, label: str, sheet: Sheet) -> list[int]:
        """Return the few lines between a title and a label, none where they are more than the rest of a title."""
        below = self._below(sheet, _MORE)
        for index in below:
            hit = self._paper.hits.get(index)
            if hit is not None:
                return list(range(below.start, index)) if hit.label == label else []
            if not self._is_rest(self._lines[index]):
                return []
        return []

    def _below(self, sheet: Sheet, count: int) -> range:
        first = max(sheet.heading) + 1
        return range(first, min(first + count, len(self._lines)))

    @staticmethod
    def _is_rest(line: Line) -> bool:
        """Tell whether a line of plain text may be the rest of a title."""
        if line.noise or line.bullet or line.tabled or line.level > 0 or printed_number(line.text) is not None:
            return False
        return not _ENDED.search(line.text) and len(line.text) <= LONGEST_TITLE

    def _place(self, index: int) -> int | None:
        """Return the line of a title that does not stand on its number's line: right of it, left of it, else below."""
        beside = self._beside(index)
        while beside is not None and beside - 1 > index and self.continues(beside - 1, beside):
            beside -= 1  # the number stands beside a further line of its title
        if beside is None:
            beside = self._left(index)
        return beside if beside is not None else self._below_number(index)

    def _beside(self, index: int) -> int | None:
        """Return the line right of a number on its row."""
        if not self._paper.positioned:
            return None
        line = self._lines[index]
        near = (i for i in range(index + 1, min(index + 8, len(self._lines))) if not self._lines[i].noise)
        for other in islice(near, 3):
            one = self._lines[other]
            speaks = other not in self._paper.hits and len(one.text) > 2 and not self._paper.is_label(one.text)
            if _same_row(one, line) and one.x > line.x and speaks and printed_number(one.text) is None:
                return other
        return None

    def _left(self, index: int) -> int | None:
        """Return the line left of a number on its row that is set off: the number stands in a column of its own."""
        line = self._lines[index]
        if not self._paper.positioned or line.noise:
            return None
        for other in range(index - 1, max(-1, index - _COLUMN), -1):
            one = self._lines[other]
            if one.page != line.page:
                return None
            free = not one.noise and other not in self._paper.hits
            if _same_row(one, line) and one.x < line.x and free and self._paper.is_set_off(other):
                return other if len(one.text) <= LONGEST_TITLE and not self._paper.is_label(one.text) else None
        return None

    def _below_number(self, index: int) -> int | None:
        """Return the first line below a number that is no label: set off where the number is, title-like."""
        line = self._lines[index]
        for other in range(index + 1, min(index + 5, len(self._lines))):
            one = self._lines[other]
            if one.noise or other in self._paper.hits or self._paper.is_label(one.text):
                continue
            if other in self._paper.contents or (self._paper.positioned and one.page != line.page):
                return None
            number = printed_number(one.text)
            if number is None or number.rest:
                return other if len(one.text) <= LONGEST_TITLE and not one.bullet else None
        return None


def _same_row(one: Line, line: Line) -> bool:
    return one.page == line.page and abs(one.y - line.y) <= max(3.0, 0.5 * line.size)
