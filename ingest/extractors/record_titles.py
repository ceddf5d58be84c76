"""Where the title of a record stands: behind its number or label, beside it or below; and how far it goes."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence

from ingest.extractors.paper import LONGEST_TITLE, Paper, Sheet
from ingest.layout.lines import Line, squash
from ingest.plan.numbers import Printed, printed_number, same_ref

_ENDED = re.compile(r"[.!?;,:]$")
_BRACKET = re.compile(r"(?:(?<!\s)\s++)?\([^()]{2,60}\)$")
_REMARK = re.compile(r"^\([^()]*\)\s*:?$")  # "Maßnahme 14 (ohne Finanzbedarf):" before its title
_REFERENCES = re.compile(r"(?:[\s,;(]+[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,5}-\d{1,3}(?:\.\d{1,3})*\)?)++[\s,;]*$")
_PARTED = 0.7  # of the texts behind numbers that one sign parts into title and text
_MOST_ENDINGS = 0.75  # share of titles that end with a bracket which is then no part of them
_BEGUN = 0.5  # share of the records of a plain text whose title one label follows at once
_COLUMN = 60  # lines of a column that stand between a title and its number right of it
_MORE = 3  # lines that a title goes on at most
_STEP = 1.55  # sizes between the lines of one title at most
_INDENT = 90  # points that a further line of a title may be indented
_FULL_LINE = 45  # characters of a line of plain text that the next may go on


class Titles:
    """Finds titles among the lines of a paper."""

    def __init__(self, paper: Paper) -> None:
        self._paper, self._lines = paper, paper.lines

    def of_number(self, index: int, number: Printed) -> tuple[str, list[int]]:
        """Return title and heading lines of a record whose number stands at a line; "" where it has none."""
        remark = self._paper.is_label(number.rest) or _REMARK.match(number.rest)
        return self.behind(index, "" if remark else number.rest)

    def behind(self, index: int, rest: str) -> tuple[str, list[int]]:
        """Return the title behind a number or label at a line, `rest` on the same line, and the lines of both."""
        place = index if rest else self._place(index)
        if place is None:
            return "", [index]
        lines = self.going_on(place)
        parts = [rest or self._lines[place].text, *(self._lines[i].text for i in lines[1:])]
        return joined(parts), list(dict.fromkeys([index, *lines]))

    def going_on(self, place: int) -> list[int]:
        """Return the lines of a title that begins at a line."""
        lines = [place]
        while len(lines) <= _MORE and place + 1 < len(self._lines) and self.continues(place, place + 1):
            place += 1
            lines.append(place)
        return lines

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
        return flush and close and (open_ended or above.bold or self._paper.is_set_off(previous))

    def finish(self, sheets: Sequence[Sheet]) -> None:
        """Add lines to titles that go on up to the label that follows others, and cut what belongs to none."""
        hits = self._paper.hits
        following = Counter(hit.label for one in sheets if (hit := hits.get(max(one.heading) + 1)))
        label, count = following.most_common(1)[0] if following else ("", 0)
        for sheet in sheets:
            more = self._as_listed(sheet)
            if not more and not self._paper.positioned and count >= _BEGUN * len(sheets):
                more = self._up_to(label, sheet)
            if more:
                colon = ":" if self._lines[max(sheet.heading)].text.rstrip().endswith(":") else ""
                sheet.title = joined([sheet.title + colon, *(self._lines[i].text for i in more)])
                sheet.heading.extend(more)
        endings = recurring_endings([sheet.title for sheet in sheets])
        for sheet in sheets:
            title = sheet.title = without_ending(_REFERENCES.sub("", sheet.title), endings)
            told = self._paper.listed.get(same_ref(sheet.ref), "") if sheet.ref else ""
            if told and len(told) < len(title) and squash(title).casefold().startswith(squash(told).casefold()):
                sheet.title = told

    def _as_listed(self, sheet: Sheet) -> list[int]:
        """Return the lines below a title with which it becomes the one that the contents list; none where none do."""
        listed = squash(self._paper.listed.get(same_ref(sheet.ref), "")).casefold()
        text, lines = sheet.title, list[int]()
        for index in self._below(sheet):
            if not listed.startswith(squash(text).casefold()) or index in self._paper.hits or self._lines[index].noise:
                return []
            text = joined([text, self._lines[index].text])
            lines.append(index)
            if squash(text).casefold() == listed:
                return lines
        return []

    def _up_to(self, label: str, sheet: Sheet) -> list[int]:
        """Return the few lines between a title and a label, none where they are more than the rest of a title."""
        below = self._below(sheet)
        first = next((index for index in below if index in self._paper.hits), None)
        if first is None or self._paper.hits[first].label != label:
            return []
        lines = range(below.start, first)
        return [] if any(self._lines[index].noise for index in lines) else list(lines)

    def _below(self, sheet: Sheet) -> range:
        first = max(sheet.heading) + 1
        return range(first, min(first + _MORE, len(self._lines)))

    def _place(self, index: int) -> int | None:
        """Return the line of a title that does not stand on its number's line: right of it, left of it, else below."""
        beside = self._beside(index)
        while beside is not None and beside - 1 > index and self.continues(beside - 1, beside):
            beside -= 1  # the number stands beside a further line of its title
        beside = self._left(index) if beside is None else beside
        return beside if beside is not None else self._below_number(index)

    def _beside(self, index: int) -> int | None:
        """Return the line right of a number on its row."""
        if not self._paper.positioned:
            return None
        line = self._lines[index]
        for other in range(index + 1, min(index + 4, len(self._lines))):
            one = self._lines[other]
            speaks = other not in self._paper.hits and len(one.text) > 2 and not self._paper.is_label(one.text)
            if _same_row(one, line) and one.x > line.x and speaks and printed_number(one.text) is None:
                return other
        return None

    def _left(self, index: int) -> int | None:
        """Return the line left of a number on its row that is set off: the number stands in a column of its own."""
        line = self._lines[index]
        if not self._paper.positioned:
            return None
        for other in range(index - 1, max(-1, index - _COLUMN), -1):
            one = self._lines[other]
            free = not one.noise and other not in self._paper.hits and self._paper.is_set_off(other)
            if _same_row(one, line) and one.x < line.x and free:
                return other
        return None

    def _below_number(self, index: int) -> int | None:
        """Return the first line below a number that is no label: set off where the number is, title-like."""
        for other in range(index + 1, min(index + 5, len(self._lines))):
            one = self._lines[other]
            if one.noise or other in self._paper.hits or self._paper.is_label(one.text):
                continue
            if self._paper.positioned and one.page != self._lines[index].page:
                return None
            number = printed_number(one.text)
            if number is None or number.rest:
                return None if one.bullet else other
        return None


def _same_row(one: Line, line: Line) -> bool:
    return one.page == line.page and abs(one.y - line.y) <= max(3.0, 0.5 * line.size)


def joined(parts: Sequence[str]) -> str:
    """Return the lines of a title as one, words broken at line ends whole again."""
    text = parts[0]
    for part in parts[1:]:
        text = text[:-1] + part if text.endswith("-") and part[:1].islower() else f"{text} {part}"
    return " ".join(text.split()).strip(" :|–—")


def parting(texts: Sequence[str]) -> str:
    """Return what parts title and text in most of the texts that follow numbers, "" where nothing does."""
    found: dict[str, float] = {}
    for mark in (": ", ". ", " – ", " (", "; ", " → ", " ➔ "):
        inside = [text.index(mark) for text in texts if mark in text[:LONGEST_TITLE]]
        if inside and len(inside) >= _PARTED * len(texts):
            found[mark] = statistics.mean(inside)
    return min(found, key=lambda mark: found[mark], default="")


def before(text: str, mark: str) -> str:
    """Return what stands before a sign that parts title and text, the whole text without one."""
    return text.split(mark, 1)[0].removesuffix(mark.strip()) if mark else text


def recurring_endings(titles: Sequence[str]) -> frozenset[str]:
    """Return what most titles end with and is none of theirs: a bracket, or one of a handful of words that recur."""
    if len(titles) < 4:
        return frozenset()
    brackets = [match[0] for title in titles if (match := _BRACKET.search(title))]
    if len(brackets) >= _MOST_ENDINGS * len(titles):
        return frozenset(brackets)
    last = Counter(title.rsplit(" ", 1)[-1] for title in titles if " " in title)
    common = {word for word, count in last.items() if count >= 2}
    few = len(common) <= max(3, len(titles) // 6)
    covered = sum(last[word] for word in common) >= 0.8 * len(titles)
    return frozenset(f" {word}" for word in common) if few and covered else frozenset()


def without_ending(title: str, endings: frozenset[str]) -> str:
    """Return a title without the longest of some endings."""
    ending = next((one for one in sorted(endings, key=len, reverse=True) if title.endswith(one)), "")
    return title[: len(title) - len(ending)].strip(" :|–—-") if ending else title
