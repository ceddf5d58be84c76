"""The lines of a paper with what a plan makes of them: labels, numbers before texts, titles, what the contents list."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from ingest.layout.contents_lines import contents_lines
from ingest.layout.lines import Line, RawDocument, Style, body_style, split_dash, squash
from ingest.plan.form import PlanLabel
from ingest.plan.labels import LabelFinder, LabelHit
from ingest.plan.numbers import Printed, number_behind, printed_number, same_ref
from vectorstore.records import ItemKind

LONGEST_TITLE = 220  # characters
_BEHIND_LABEL = 25  # characters behind a label's words within which its colon stands
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


@dataclass(slots=True)
class Sheet:
    """One record among the lines: where it begins and ends, the lines of its heading, and its labels by line."""

    ref: str
    title: str
    kind: ItemKind
    family: str
    heading: list[int]
    start: int = 0
    end: int = 0
    labels: dict[int, LabelHit] = field(default_factory=dict)
    set_off: bool = False


@dataclass(slots=True)
class SheetLayout:
    """What was found of a plan: records in reading order, and the lines that are headings above them.

    `listed` are the titles that the contents give to numbers, `shapes` the shapes of these numbers.
    `surplus` counts rounds of labels that begin on a sheet behind its first one: records whose heading was not found.
    """

    sheets: list[Sheet] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    listed: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)
    surplus: int = 0


class Paper:
    """Lines with their labels by line, their numbers (in lines, behind bullets), and the titles listed by number."""

    def __init__(self, raw: RawDocument, labels: Sequence[PlanLabel]) -> None:
        self._finder = LabelFinder(labels)
        self._meant = {one.label: one.field for one in labels}
        self.lines, self.positioned = raw.lines, raw.positioned
        self.contents = contents_lines(raw.lines)
        self.body = body_style(raw.lines)
        self.hits: dict[int, LabelHit] = {}
        self.numbers: list[tuple[int, Printed]] = []
        self.dashed: list[tuple[int, Printed]] = []
        for index in range(len(raw.lines)):
            if not self.is_out(index):
                self._take(index)
        self._names = {hit.label.casefold() for hit in self.hits.values()}
        self._counts = [0, *accumulate(index in self.hits for index in range(len(raw.lines)))]
        listed = [one for text in self.contents.values() if (one := printed_number(text)) is not None and one.rest]
        self.listed = {same_ref(one.ref): one.rest for one in reversed(listed)}
        self.shapes = {same_ref(one.ref): one.label for one in reversed(listed)}

    def _take(self, index: int) -> None:
        """Note the label of a line and the number that it begins with."""
        line = self.lines[index]
        hit = self._finder.on(line)
        if hit is not None:
            self.hits[index] = hit
            if self._meant.get(hit.label) == "ref":
                return  # what stands behind a label for numbers begins nothing
        dashed = split_dash(line.text)
        number = printed_number(line.text if dashed is None else dashed)
        if number is None and dashed is None and (line.bold or line.level):
            number = number_behind(line.text)
        if number is not None:
            (self.dashed if line.bullet or dashed is not None else self.numbers).append((index, number))

    def is_out(self, index: int) -> bool:
        """Tell whether a line is furniture, of a table, or of the contents."""
        line = self.lines[index]
        return line.noise or line.tabled or index in self.contents

    def field_at(self, index: int) -> str | None:
        """Return the field that the label of a line means."""
        return self._meant.get(self.hits[index].label)

    def labels_between(self, start: int, end: int) -> int:
        """Count the labels from a line up to another."""
        return self._counts[end] - self._counts[start]

    def style(self, index: int) -> Style:
        """Return how a line is set."""
        return Style.of(self.lines[index])

    def is_set_off(self, index: int) -> bool:
        """Tell whether a line is set as headings are."""
        return self.style(index).is_set_off(self.body)

    def is_larger(self, style: Style, title: Style) -> bool:
        """Tell whether a style stands above that of titles."""
        if style.level:
            return not title.level or style.level < title.level
        return self.positioned and style.is_larger_than(max(title.size, self.body.size))

    def is_label(self, text: str) -> bool:
        """Tell whether a text is a label or begins with one and a colon."""
        start = text.casefold()
        plain = start.strip(" :")
        return any(
            plain == name or (start.startswith(name) and ":" in text[: len(name) + _BEHIND_LABEL])
            for name in self._names
        )

    def may_be_title(self, index: int) -> bool:
        """Tell whether a line could be a title by its text."""
        line = self.lines[index]
        if self.is_out(index) or line.bullet or index in self.hits or split_dash(line.text) is not None:
            return False
        text = line.text.strip()
        opens = text[:1].isupper() or text[:1] in '„"“»0123456789'
        return 3 < len(text) <= LONGEST_TITLE and opens and text[-1] not in ".;,"


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
        title = joined(parts)
        runs_in = self._lines[lines[-1]].lead > 0  # into its text: "Jobticket. Der Kreis ..."
        return title.rstrip(".") if runs_in else title, list(dict.fromkeys([index, *lines]))

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
            goes_on = not self._paper.positioned and count >= _BEGUN * len(sheets)
            if more := self._up_to(label, sheet) if goes_on else []:
                colon = ":" if self._lines[max(sheet.heading)].text.rstrip().endswith(":") else ""
                sheet.title = joined([sheet.title + colon, *(self._lines[i].text for i in more)])
                sheet.heading.extend(more)
        endings = recurring_endings([sheet.title for sheet in sheets])
        for sheet in sheets:
            title = sheet.title = without_ending(_REFERENCES.sub("", sheet.title), endings)
            told = self._paper.listed.get(same_ref(sheet.ref), "") if sheet.ref else ""
            if told and len(told) < len(title) and squash(title).casefold().startswith(squash(told).casefold()):
                sheet.title = told

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
