"""Sheets and numbered headings: finds the records of a plan among the lines and puts every label before its text.

A record begins where a number of a family stands before its title, or, where a paper prints no numbers, where a line
set like the other titles stands before the first label of the next round of labels. Of several places that print one
number the sheet is the one that most labels follow; the others are contents, overviews and references.
"""

from __future__ import annotations

import re
import statistics
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice

from ingest.layout.lines import Line, RawDocument, split_dash, squash
from ingest.plan.form import Place, PlanFamily, PlanLabel, ReadingPlan
from ingest.plan.labels import LabelFinder, LabelHit
from ingest.plan.numbers import Printed, number_behind, printed_number, same_ref
from vectorstore.records import ItemKind

_ENDED = re.compile(r"[.!?;,:]$")
_LONGEST_TITLE = 220
_BEGUN = 0.5  # share of the records of a plain text whose title one label follows at once
_SEVERAL = 1.6  # times as often as is usual, from which a label stands several times on a sheet
_USUAL = 0.4  # share of the labels' median count from which a label belongs to the rounds
_MOST_ENDINGS = 0.75  # share of titles that end with a bracket which is then no part of them
_BRACKET = re.compile(r"(?:(?<!\s)\s++)?\([^()]{2,60}\)$")
_LEADERS = re.compile(r"(?<![.·_…])(?<![.·_…]\s)(?:[.·_…]\s?){4,}+\s*+\d{0,3}+\s*$")
_PARTED = 0.7  # of the texts behind numbers that one sign parts into title and text
TELLING = frozenset(("responsible", "partners", "period", "cost", "funding", "priority", "status", "state", "steps"))
_FEWEST = 3  # headings of one style that may be records
_HEADED = 0.6  # of them that have a label that only records have
_COLUMN = 60  # lines of a column that stand between a title and its number right of it
_NEAR = 12  # lines between the labels of a record's number and title
_PAGE_BEHIND = re.compile(r"\s(\d{1,3})$")


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is set; all zero in plain text."""

    bold: bool
    size: float
    level: int

    @classmethod
    def of(cls, line: Line) -> Style:
        """The style of a line."""
        return cls(line.bold, round(line.size, 1), line.level)


@dataclass(slots=True)
class Sheet:
    """One record among the lines: where it begins and ends, the lines of its heading, and its labels by line."""

    ref: str
    title: str
    kind: ItemKind
    family: str
    start: int
    end: int = 0
    heading: list[int] = field(default_factory=list)
    labels: dict[int, LabelHit] = field(default_factory=dict)
    theme: int | None = None
    set_off: bool = False


@dataclass(slots=True)
class SheetLayout:
    """What was found of a plan: records in reading order, and the lines that are headings above them.

    `listed` are the titles that the contents give to numbers, `shapes` the shapes of these numbers, `hits` all labels.
    `surplus` counts rounds of labels that begin on a sheet behind its first one: records whose heading was not found.
    """

    sheets: list[Sheet] = field(default_factory=list)
    headings: dict[int, str] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    shapes: dict[str, str] = field(default_factory=dict)
    hits: Mapping[int, LabelHit] = field(default_factory=dict)
    surplus: int = 0


def find_sheets(raw: RawDocument, plan: ReadingPlan) -> SheetLayout:
    """Return the records that a plan describes; none where it describes none on sheets or under headings."""
    return SheetSearch(raw, plan.labels).layout(plan.families)


def contents_lines(lines: Sequence[Line]) -> dict[int, str]:
    """Return the lines of tables of contents with the title that each lists: leaders, or page numbers that rise."""
    found: dict[int, str] = {}
    run: list[int] = []
    last = 0
    for index, line in enumerate(lines):
        if line.noise:
            continue
        if _LEADERS.search(line.text):
            found[index] = _LEADERS.sub("", line.text).strip()
            continue
        page = _PAGE_BEHIND.search(line.text)
        if page and len(line.text) < 200 and last <= int(page[1]) <= 400 and not line.tabled:
            run.append(index)
            last = int(page[1])
            continue
        found.update(_listed(run, lines))
        run, last = [], 0
    found.update(_listed(run, lines))
    return found


def _listed(run: Sequence[int], lines: Sequence[Line]) -> dict[int, str]:
    if len(run) < 4:
        return {}
    return {i: _PAGE_BEHIND.sub("", lines[i].text).strip() for i in run}


def _is_out(line: Line, index: int, contents: Mapping[int, str]) -> bool:
    return line.noise or line.tabled or index in contents


class SheetSearch:
    """Looks for records among the lines of one document by its labels."""

    def __init__(self, raw: RawDocument, labels: Sequence[PlanLabel]) -> None:
        finder = LabelFinder(labels)
        self._meant = {one.label: one.field for one in labels}
        self.lines = raw.lines
        self.positioned = raw.positioned
        self.contents = contents_lines(raw.lines)
        self.hits: dict[int, LabelHit] = {}
        self._numbers: list[tuple[int, Printed]] = []
        self._dashed: list[tuple[int, Printed]] = []
        for index, line in enumerate(raw.lines):
            if _is_out(line, index, self.contents):
                continue
            hit = finder.on(line)
            if hit is not None:
                self.hits[index] = hit
            dashed = split_dash(line.text)
            if hit is not None and self._meant.get(hit.label) == "ref":
                continue  # what stands behind a label for numbers begins nothing
            number = printed_number(line.text if dashed is None else dashed)
            if number is None and dashed is None and (line.bold or line.level):
                number = number_behind(line.text)
            if number is not None:
                (self._dashed if line.bullet or dashed is not None else self._numbers).append((index, number))
        self.body = _body_style(raw.lines)
        self._labels = {hit.label for hit in self.hits.values()}
        self._counts = [0, *accumulate(index in self.hits for index in range(len(raw.lines)))]
        self.listed = self._titles_listed()

    def layout(self, families: Sequence[PlanFamily]) -> SheetLayout:
        """Return the records of the families, and the headings above them."""
        records = [one for one in families if one.kind is not ItemKind.THEME and one.kind is not ItemKind.SECTION]
        sheets: list[Sheet] = []
        for family in records:
            if family.place in (Place.SHEETS, Place.HEADINGS) and family.label:
                sheets.extend(self.numbered(family))
            if family.place is Place.BULLETS and family.label:
                sheets.extend(self.dashed(family))
            if family.place is Place.LABELS:
                sheets.extend(self.named(family))
        for family in records:
            if family.place is Place.SHEETS and not family.label and not sheets:
                sheets.extend(self.unnumbered(family))
            if family.place is Place.HEADINGS and not family.label and not sheets:
                sheets.extend(self.headed(family))
        themes = [family for family in families if family.kind is ItemKind.THEME and family.label]
        return self.bounded(sheets, themes)

    def numbered(self, family: PlanFamily) -> list[Sheet]:
        """Return the records of a family with numbers."""
        places = [(i, number) for i, number in self._numbers if matches(family, number)]
        places = self._drop_references(places)
        if not places:
            return []
        places = self._drop_bare(places)
        strength = self._strengths([i for i, _ in places])
        chosen = self._chosen(places, strength)
        sheets = []
        for i, number in chosen:
            title, heading = self._title(i, number)
            if title:
                ref, start = self._ref(family, number), min(heading)
                sheets.append(Sheet(ref, title, family.kind, family.label, start, heading=sorted(heading)))
        self._complete(sheets)
        return self._trimmed(sheets)

    def _complete(self, sheets: Sequence[Sheet]) -> None:
        """Add lines to titles that go on: as the contents have them, or up to the label that follows other titles."""
        for sheet in sheets:
            self._extend(sheet, self._as_listed(sheet))
        if self.positioned:
            return
        following = Counter(hit.label for one in sheets if (hit := self.hits.get(max(one.heading) + 1)))
        label, count = following.most_common(1)[0] if following else ("", 0)
        if count >= _BEGUN * len(sheets):
            for sheet in sheets:
                self._extend(sheet, self._up_to(label, sheet))

    def _extend(self, sheet: Sheet, lines: Sequence[int]) -> None:
        if lines:
            colon = ":" if self.lines[max(sheet.heading)].text.rstrip().endswith(":") else ""
            sheet.title = _joined([sheet.title + colon, *(self.lines[i].text for i in lines)])
            sheet.heading.extend(lines)

    def _as_listed(self, sheet: Sheet) -> list[int]:
        """Return the lines below a title with which it becomes the one that the contents list; none where none do."""
        listed = squash(self.listed.get(same_ref(sheet.ref), "")).casefold()
        text, lines = sheet.title, list[int]()
        for index in range(max(sheet.heading) + 1, min(max(sheet.heading) + 4, len(self.lines))):
            if not listed.startswith(squash(text).casefold()) or index in self.hits or self.lines[index].noise:
                return []
            text = _joined([text, self.lines[index].text])
            lines.append(index)
            if squash(text).casefold() == listed:
                return lines
        return []

    def _up_to(self, label: str, sheet: Sheet) -> list[int]:
        """Return the few lines between a title and a label, none where they are more than the rest of a title."""
        first = max(sheet.heading) + 1
        for index in range(first, min(first + 3, len(self.lines))):
            if index in self.hits:
                return list(range(first, index)) if self.hits[index].label == label else []
            line = self.lines[index]
            spare = line.noise or line.bullet or line.tabled or line.level > 0 or printed_number(line.text) is not None
            if spare or _ENDED.search(line.text) or len(line.text) > _LONGEST_TITLE:
                return []
        return []

    def dashed(self, family: PlanFamily) -> list[Sheet]:
        """Return the records of a family whose numbers stand behind bullets; one sign parts title and text."""
        places = [(i, number) for i, number in self._dashed if matches(family, number) and number.rest]
        mark = parting([number.rest for _, number in places])
        sheets = []
        for i, number in places:
            title = before(number.rest, mark)
            sheets.append(Sheet(self._ref(family, number), title, family.kind, family.label, i, heading=[i]))
        return sheets

    def unnumbered(self, family: PlanFamily) -> list[Sheet]:
        """Return the records that stand without numbers before rounds of labels."""
        cycles = self._cycles()
        title_style = self._title_style(cycles)
        sheets = []
        for gap in cycles:
            heading = self._heading_in(gap, title_style)
            if heading:
                title = _joined([self.lines[i].text for i in heading])
                sheets.append(Sheet("", title, family.kind, family.label, heading[0], heading=heading))
        return self._trimmed(sheets)

    def headed(self, family: PlanFamily) -> list[Sheet]:
        """Return the records that are headings of one style, most of them with a label that only records have."""
        styles: dict[Style, list[int]] = defaultdict(list)
        for index in range(len(self.lines)):
            style = Style.of(self.lines[index])
            if self._set_off(style) and self._may_be_title(index):
                styles[style].append(index)
        telling = [i for i, hit in self.hits.items() if self._meant.get(hit.label) in TELLING]
        most, best = 0, list[int]()
        for style, places in styles.items():
            above = [i for other, found in styles.items() if self._is_larger(other, style) for i in found]
            ends = sorted([*places, *above, len(self.lines)])
            told = [i for i in places if any(i < hit < ends[bisect_right(ends, i)] for hit in telling)]
            if len(places) >= _FEWEST and len(told) >= _HEADED * len(places) and len(told) > most:
                most, best = len(told), [i for i in places if told[0] <= i <= told[-1]]
        return [Sheet("", self.lines[i].text.strip(), family.kind, family.label, i, heading=[i]) for i in best]

    def named(self, family: PlanFamily) -> list[Sheet]:
        """Return the records whose title stands behind a label of its own, and their number behind another."""
        titles = self._titles_named()
        numbers = [i for i, hit in self.hits.items() if self._meant.get(hit.label) == "ref"]
        before = self._labels_before(titles)
        sheets: list[Sheet] = []
        ends = [0, *titles, len(self.lines)]
        for place, index in enumerate(titles, start=1):
            text, heading = self._behind(index)
            number = printed_number(text)
            ref = ""
            if number is not None and number.rest:
                ref, text = number.ref, number.rest
            near = [i for i in numbers if ends[place - 1] < i < ends[place + 1] and abs(i - index) <= _NEAR]
            if near and not ref:
                ref = self._number_behind(min(near, key=lambda i: abs(i - index)))
            start = self._start_before(index, before)
            if text and not (sheets and start <= max(sheets[-1].heading)):
                sheets.append(Sheet(ref, text, family.kind, family.label, start, heading=heading))
        return self._trimmed(sheets)

    def _titles_named(self) -> list[int]:
        """Return the lines of the label that most often names titles."""
        counts = Counter(hit.label for hit in self.hits.values() if self._meant.get(hit.label) == "title")
        most = counts.most_common(1)[0][0] if counts else None
        return sorted(i for i, hit in self.hits.items() if hit.label == most)

    def _behind(self, index: int) -> tuple[str, list[int]]:
        """Return the text behind a label, and the lines of both."""
        heading, parts = [index], [self.hits[index].rest] if self.hits[index].rest else []
        previous = index
        if not parts:
            found = self._place_of_title(index)
            if found is None:
                return "", heading
            parts, previous = [self.lines[found].text], found
            heading.append(found)
        for following in range(previous + 1, min(previous + 4, len(self.lines))):
            if not self._continues(previous, following):
                break
            parts.append(self.lines[following].text)
            heading.append(following)
            previous = following
        return _joined(parts), heading

    def _number_behind(self, index: int) -> str:
        """Return the number behind a label, "" where what stands there is none."""
        text = self.hits[index].rest
        if not text:
            line = self.lines[index]
            others = [self.lines[i] for i in range(index + 1, min(index + 4, len(self.lines))) if i not in self.hits]
            beside = [one for one in others if self.positioned and abs(one.y - line.y) <= 3 and one.x > line.x]
            text = next((one.text for one in [*beside, *others] if not one.noise), "")
        number = printed_number(text)
        return number.ref if number is not None and not number.rest else ""

    def _labels_before(self, titles: Sequence[int]) -> set[str]:
        """Return the labels that stand before the first title: each record begins with them."""
        if not titles:
            return set()
        first = titles[0]
        return {self.hits[i].label for i in range(max(0, first - _NEAR), first) if i in self.hits}

    def _start_before(self, index: int, before: set[str]) -> int:
        """Return where the record of a title begins: with the labels that stand before it."""
        start = index
        for place in range(index - 1, max(-1, index - _NEAR), -1):
            if place in self.hits and self.hits[place].label not in before:
                break
            if place in self.hits:
                start = place
        return start

    def bounded(self, sheets: list[Sheet], themes: Sequence[PlanFamily]) -> SheetLayout:
        """Return the layout: every sheet ends where the next one or a heading above it begins."""
        sheets.sort(key=lambda sheet: sheet.start)
        kept: list[Sheet] = []
        for sheet in sheets:
            if not (kept and sheet.start in kept[-1].heading):
                kept.append(sheet)
        layout = SheetLayout(kept, {}, self.listed, self.shapes, self.hits)
        if not kept:
            return layout
        taken = {i for sheet in kept for i in sheet.heading}
        layout.headings = self._headings(kept, themes, taken)
        borders = sorted([*(sheet.start for sheet in kept), *layout.headings, len(self.lines)])
        last_theme: int | None = None
        order = sorted(layout.headings)
        for sheet in kept:
            sheet.end = next(border for border in borders if border > max(sheet.heading))
            last_theme = next((i for i in reversed(order) if i < sheet.start), None)
            sheet.theme = last_theme
            line = self.lines[sheet.start]
            sheet.set_off = self._set_off(Style.of(line)) or (
                not self.positioned and line.opens and len(line.text) < 120
            )
            sheet.labels = {i: self.hits[i] for i in range(sheet.start, sheet.end) if i in self.hits}
        layout.surplus = self._surplus(kept)
        return layout

    def _surplus(self, sheets: Sequence[Sheet]) -> int:
        """Return how many rounds of labels begin on a sheet that has one already."""
        starts = [sheet.start for sheet in sheets]
        rounds = Counter(bisect_right(starts, first) for _, first in self._cycles())
        return sum(count - 1 for place, count in rounds.items() if place > 0 and count > 1)

    def _drop_references(self, places: list[tuple[int, Printed]]) -> list[tuple[int, Printed]]:
        """Leave out numbers that begin a list of numbers or stand inside running text."""
        return [(i, n) for i, n in places if not self._is_reference(i, n)]

    def _drop_bare(self, places: list[tuple[int, Printed]]) -> list[tuple[int, Printed]]:
        """Leave out numbers alone on a line that are set unlike the others: references to records elsewhere."""
        if not places:
            return places
        strength = self._strengths([i for i, _ in places])
        styles: Counter[Style] = Counter()
        for i, _ in places:
            styles[Style.of(self.lines[i])] += round(strength[i])
        usual = styles.most_common(1)[0][0]
        known = {same_ref(n.ref) for i, n in places if Style.of(self.lines[i]) == usual}
        return [(i, n) for i, n in places if n.rest or Style.of(self.lines[i]) == usual or same_ref(n.ref) not in known]

    def _is_reference(self, index: int, number: Printed) -> bool:
        rest = number.rest
        if re.match(r"^(?:[,;/&]|und\b|bis\b|sowie\b)", rest):
            return True
        if self.lines[index].text.startswith(("(", "[")) and not self._set_off(Style.of(self.lines[index])):
            return True
        following = printed_number(re.sub(r"^[,;]\s*", "", rest)) if rest else None
        if following is not None and following.form == number.form and not following.rest:
            return True
        return bool(rest) and rest[0].islower() and not self.lines[index].bold

    def _strengths(self, places: Sequence[int]) -> dict[int, float]:
        """Return how much of a record stands behind each place: labels, and a little for text and weight."""
        result = {}
        ends = [*places[1:], len(self.lines)]
        for place, end in zip(places, ends, strict=True):
            stop = min(end, place + 400)
            labels = self._counts[stop] - self._counts[place + 1]
            letters = sum(len(self.lines[i].text) for i in range(place + 1, min(stop, place + 25)))
            line = self.lines[place]
            weight = (line.bold or line.size > self.body.size + 0.4) + 2 * (line.level > 0)
            result[place] = 3 * min(labels, 12) + min(letters, 400) / 400 + 0.8 * weight
        return result

    def _chosen(self, places: list[tuple[int, Printed]], strength: Mapping[int, float]) -> list[tuple[int, Printed]]:
        """Return the place of each record; a number may begin several records where numbers begin anew."""
        best = max(strength.values())
        typical = statistics.median(sorted(strength.values(), reverse=True)[: max(3, len(strength) // 2)])
        least = 0.34 * min(best, typical)
        by_ref: dict[str, list[tuple[int, Printed]]] = defaultdict(list)
        for place, number in places:
            by_ref[f"{number.word}|{same_ref(number.ref)}"].append((place, number))
        style = Counter(Style.of(self.lines[i]) for i, _ in places if strength[i] >= 0.7 * typical)
        usual = style.most_common(1)[0][0] if style else None
        chosen: list[tuple[int, Printed]] = []
        for candidates in by_ref.values():
            ranked = sorted(
                candidates,
                key=lambda one: strength[one[0]] + 2.0 * (Style.of(self.lines[one[0]]) == usual),
                reverse=True,
            )
            top = ranked[0]
            alike = usual is None or not self._set_off(usual) or self._set_off(Style.of(self.lines[top[0]]))
            if (strength[top[0]] < least or not alike) and not self._is_listed(*top):
                continue
            chosen.append(top)
            seen = {squash(self._title(*top)[0]).casefold()}
            for other in ranked[1:]:
                title = squash(self._title(*other)[0]).casefold()
                strong = strength[other[0]] >= 0.7 * strength[top[0]] and strength[other[0]] >= 6
                new = bool(title) and not any(title.startswith(one) or one.startswith(title) for one in seen)
                if strong and new and Style.of(self.lines[other[0]]) == usual:
                    seen.add(title)
                    chosen.append(other)
        return sorted(chosen)

    def _is_listed(self, index: int, number: Printed) -> bool:
        """Tell whether the contents list a number with the title that it stands before: a second witness."""
        listed = self.listed.get(same_ref(number.ref), "")
        return bool(listed) and squash(listed).casefold() == squash(self._title(index, number)[0]).casefold()

    def _set_off(self, style: Style) -> bool:
        """Tell whether a style differs from that of the text as headings do."""
        return style.level > 0 or style.size > self.body.size + 0.4 or (style.bold and not self.body.bold)

    def _title(self, index: int, number: Printed) -> tuple[str, list[int]]:
        """Return title and heading lines of a record whose number stands at a line."""
        heading = [index]
        parts: list[str] = []
        if number.rest and not self._is_label(number.rest):
            parts.append(number.rest)
            previous = index
        else:
            found = self._place_of_title(index)
            if found is None:
                return "", heading
            previous = found
            parts.append(self.lines[previous].text)
            heading.append(previous)
        for following in range(previous + 1, min(previous + 4, len(self.lines))):
            if not self._continues(previous, following):
                break
            parts.append(self.lines[following].text)
            heading.append(following)
            previous = following
        return _joined(parts), heading

    def _place_of_title(self, index: int) -> int | None:
        """Return the line of a title that does not stand on the number's line: right of it, else below."""
        beside = self._title_beside(index)
        while beside is not None and beside - 1 > index and self._continues(beside - 1, beside):
            beside -= 1  # the number stands beside a further line of its title
        if beside is None:
            beside = self._title_left(index)
        return beside if beside is not None else self._title_below(index)

    def _title_left(self, index: int) -> int | None:
        """Return the line left of a number on its row that is set off: the number stands in a column of its own."""
        line = self.lines[index]
        if not self.positioned or self.lines[index].noise:
            return None
        for other in range(index - 1, max(-1, index - _COLUMN), -1):
            one = self.lines[other]
            if one.page != line.page:
                return None
            same_row = abs(one.y - line.y) <= max(3.0, 0.5 * line.size) and one.x < line.x
            if same_row and not one.noise and other not in self.hits and self._set_off(Style.of(one)):
                return other if len(one.text) <= _LONGEST_TITLE and not self._is_label(one.text) else None
        return None

    def _is_label(self, text: str) -> bool:
        """Tell whether a text is a label or begins with one and a colon."""
        start = text.casefold()
        for label in self._labels:
            name = label.casefold()
            if start.strip(" :") == name or (start.startswith(name) and ":" in text[: len(name) + 25]):
                return True
        return False

    def _title_beside(self, index: int) -> int | None:
        """Return the line right of a number on its row."""
        line = self.lines[index]
        if not self.positioned:
            return None
        near = (i for i in range(index + 1, min(index + 8, len(self.lines))) if not self.lines[i].noise)
        for other in islice(near, 3):
            one = self.lines[other]
            same_row = one.page == line.page and abs(one.y - line.y) <= max(3.0, 0.5 * line.size) and one.x > line.x
            speaks = other not in self.hits and len(one.text) > 2 and not self._is_label(one.text)
            if same_row and speaks and printed_number(one.text) is None:
                return other
        return None

    def _title_below(self, index: int) -> int | None:
        """Return the first line below a number that is no label: set off where the number is, title-like."""
        line = self.lines[index]
        for other in range(index + 1, min(index + 5, len(self.lines))):
            one = self.lines[other]
            if one.noise or other in self.hits or self._is_label(one.text):
                continue
            if other in self.contents or (self.positioned and one.page != line.page):
                return None
            number = printed_number(one.text)
            if number is not None and not number.rest:
                continue
            return other if len(one.text) <= _LONGEST_TITLE and not one.bullet else None
        return None

    def _continues(self, previous: int, index: int) -> bool:
        """Tell whether a line continues a title: set alike, just below, flush with it, and no label or number."""
        above, line = self.lines[previous], self.lines[index]
        if line.noise or line.bullet or line.tabled or index in self.hits or index in self.contents:
            return False
        if line.page != above.page or Style.of(line) != Style.of(above) or printed_number(line.text) is not None:
            return False
        if self.positioned:
            flush = abs(line.x - above.x) < 3 or (line.x > above.x and line.x - above.x < 90 and above is not line)
            close = 0 < above.y - line.y <= 1.55 * above.size
            return (
                flush and close and (above.bold or above.size > self.body.size + 0.4 or not _ENDED.search(above.text))
            )
        return not line.opens and not line.level and not _ENDED.search(above.text) and len(above.text) > 45

    def _ref(self, family: PlanFamily, number: Printed) -> str:
        """Return the ref; of a running number out of a total that every record prints only the number."""
        return number.ref.split("/")[0].strip() if family.label.endswith("{n}/{n}") else number.ref

    def _trimmed(self, sheets: list[Sheet]) -> list[Sheet]:
        """Cut from titles what belongs to none: references to other records, and what the paper's lists leave out."""
        endings = _recurring_endings([sheet.title for sheet in sheets])
        for sheet in sheets:
            sheet.title = _without_ending(_without_references(sheet.title), endings)
            told = self.listed.get(same_ref(sheet.ref)) if sheet.ref else None
            if (
                told
                and len(told) < len(sheet.title)
                and squash(sheet.title).casefold().startswith(squash(told).casefold())
            ):
                sheet.title = told
        return sheets

    def _titles_listed(self) -> dict[str, str]:
        """Return the titles that the contents list, by number."""
        found: dict[str, str] = {}
        self.shapes: dict[str, str] = {}
        for text in self.contents.values():
            number = printed_number(text)
            if number is not None and number.rest:
                found.setdefault(same_ref(number.ref), number.rest)
                self.shapes.setdefault(same_ref(number.ref), number.label)
        return found

    def _cycles(self) -> list[tuple[int, int]]:
        """Return the gaps before each round of labels: (the last label before it, the first label of it)."""
        order = self._usual_order()
        rounds: list[list[int]] = []
        for index in sorted(self.hits):
            place = order.get(self.hits[index].label)
            if place is None:
                continue
            if not rounds or place <= order[self.hits[rounds[-1][-1]].label]:
                rounds.append([])
            rounds[-1].append(index)
        typical = statistics.median(len(one) for one in rounds) if rounds else 0
        ends = [-1, *(one[-1] for one in rounds)]
        full = max(2, 0.4 * typical)
        return [(end, one[0]) for end, one in zip(ends, rounds, strict=False) if len(one) >= full]

    def _usual_order(self) -> dict[str, int]:
        """Return the place of each label in a round: as in the longest of those that begin as most do."""
        rounds: list[list[str]] = []
        counts = Counter(hit.label for hit in self.hits.values())
        usual = statistics.median(counts.values()) if counts else 0
        for index in sorted(self.hits):
            label = self.hits[index].label
            if not _USUAL * usual <= counts[label] < _SEVERAL * usual:
                continue
            if not rounds or label in rounds[-1]:
                rounds.append([])
            rounds[-1].append(label)
        if not rounds:
            return {}
        start = self._first_label() or Counter(one[0] for one in rounds).most_common(1)[0][0]
        longest = max(rounds, key=len)
        turned = longest.index(start) if start in longest else 0
        return {label: place for place, label in enumerate([*longest[turned:], *longest[:turned]])}

    def _first_label(self) -> str | None:
        """Return the label that most often stands behind something set off or on a new page; None where none does."""
        borders: Counter[str] = Counter()
        places = sorted(self.hits)
        for before, index in zip([-1, *places], places, strict=False):
            between = [i for i in range(before + 1, index) if self._may_be_title(i)]
            parted = before < 0 or self.lines[before].page != self.lines[index].page
            borders[self.hits[index].label] += parted + any(self._set_off(Style.of(self.lines[i])) for i in between)
        counts = Counter(hit.label for hit in self.hits.values())
        label, count = borders.most_common(1)[0] if borders else ("", 0)
        return label if count >= 0.5 * counts[label] and count else None

    def _title_style(self, gaps: Sequence[tuple[int, int]]) -> Style | None:
        """Return the style in which most gaps have a line and that is rarest elsewhere; None in plain text."""
        votes: Counter[Style] = Counter()
        for start, first in gaps:
            styles = {Style.of(self.lines[i]) for i in range(start + 1, first) if self._may_be_title(i)}
            votes.update(styles)
        usual = {style: count for style, count in votes.items() if style != self.body and count >= 0.6 * len(gaps)}
        if not usual:
            return None
        return max(usual, key=lambda style: (style.level > 0, style.size, style.bold, usual[style]))

    def _may_be_title(self, index: int) -> bool:
        line = self.lines[index]
        if (
            _is_out(line, index, self.contents)
            or line.bullet
            or index in self.hits
            or split_dash(line.text) is not None
        ):
            return False
        text = line.text.strip()
        return (
            3 < len(text) <= _LONGEST_TITLE
            and (text[0].isupper() or text[0] in '„"“»0123456789')
            and text[-1] not in ".;,"
        )

    def _heading_in(self, gap: tuple[int, int], style: Style | None) -> list[int]:
        """Return the lines of the title in a gap: the last run set as titles are, else the best of plain text."""
        start, first = gap
        possible = [i for i in range(start + 1, first) if self._may_be_title(i)]
        fitting = [i for i in possible if style is None or Style.of(self.lines[i]) == style]
        if style is None:
            listed = {squash(text).casefold() for text in self.contents.values()}
            named = [i for i in fitting if squash(self.lines[i].text).casefold() in listed]
            opening = [i for i in fitting if self.lines[i].opens and len(self.lines[i].text) < 110]
            fitting = named[-1:] or opening[-1:]
        if not fitting:
            return []
        begin = fitting[-1]
        while begin - 1 in fitting and self._continues(begin - 1, begin):
            begin -= 1
        heading = [begin]
        for following in range(begin + 1, first):
            if not self._continues(heading[-1], following):
                break
            heading.append(following)
        return heading

    def _headings(self, sheets: Sequence[Sheet], themes: Sequence[PlanFamily], taken: set[int]) -> dict[int, str]:
        """Return the lines that stand above records: themes by their numbers, and what is set larger than titles."""
        styles = Counter(Style.of(self.lines[sheet.start]) for sheet in sheets)
        title = styles.most_common(1)[0][0]
        found: dict[int, str] = {}
        for index, line in enumerate(self.lines):
            if _is_out(line, index, self.contents) or index in taken or line.bullet or line.aside:
                continue
            number = printed_number(line.text)
            numbered = number is not None and any(matches(family, number) for family in themes)
            larger = self._is_larger(Style.of(line), title) and index not in self.hits and len(line.text) <= 160
            if (numbered and self._stands_out(index, title)) or larger:
                found[index] = line.text
        return found

    def _stands_out(self, index: int, title: Style) -> bool:
        line = self.lines[index]
        if line.level or line.bold or line.size > self.body.size + 0.4:
            return True
        return not self.positioned and line.opens and len(line.text) < 120 and not _ENDED.search(line.text)

    def _is_larger(self, style: Style, title: Style) -> bool:
        if style.level:
            return not title.level or style.level < title.level
        return self.positioned and style.size > max(title.size, self.body.size) + 0.4


def matches(family: PlanFamily, number: Printed) -> bool:
    """Tell whether a printed number has the shape of a family; label words may be shortened, letters may differ."""
    codes = (number.code, "{letters}") if number.code else ("",)
    tails = [f"{code}{number.gap}{number.shape}" for code in codes]
    if number.shape == "{roman}" and len(number.ref) == 1:
        tails.append("{letters}")
    for tail in tails:
        if family.label == tail:
            return not number.word
        if number.word and family.label.endswith(f" {tail}"):
            word = family.label[: -len(tail) - 1].casefold()
            return "{" not in word and word.startswith(number.word.casefold().rstrip("."))
    return False


def parting(texts: Sequence[str]) -> str:
    """Return what parts title and text in most of the texts that follow numbers, "" where nothing does."""
    found: dict[str, float] = {}
    for mark in (": ", ". ", " – ", " (", "; ", " → ", " ➔ "):
        inside = [text.index(mark) for text in texts if mark in text[:_LONGEST_TITLE]]
        ended = sum(mark not in text[:_LONGEST_TITLE] and text.endswith(mark.strip()) for text in texts)
        several = len({before(text, mark) for text in texts}) > 0.5 * len(texts)
        if several and len(inside) + ended >= _PARTED * len(texts) and len(inside) >= 0.5 * _PARTED * len(texts):
            found[mark] = statistics.mean(inside)
    return min(found, key=lambda mark: found[mark], default="")


def before(text: str, mark: str) -> str:
    """Return what stands before a sign that parts title and text, the whole text without one."""
    return text.split(mark, 1)[0].removesuffix(mark.strip()) if mark else text


def _body_style(lines: Sequence[Line]) -> Style:
    letters: Counter[Style] = Counter()
    for line in lines:
        if not line.noise:
            letters[Style.of(line)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else Style(False, 0.0, 0)


def _joined(parts: Sequence[str]) -> str:
    text = parts[0]
    for part in parts[1:]:
        text = text[:-1] + part if text.endswith("-") and part[:1].islower() else f"{text} {part}"
    return " ".join(text.split()).strip(" :|–—")


def _recurring_endings(titles: Sequence[str]) -> frozenset[str]:
    """Return what most titles end with and is none of theirs: a term or a unit, one of few that recur.

    "Tauschbörse langfristig", "Baumpflanzungen (BAU)": found where three in four titles end with a bracket, or with
    one of a handful of last words that at least two titles share.
    """
    if len(titles) < 4:
        return frozenset()
    brackets = [match[0] for title in titles if (match := _BRACKET.search(title))]
    if len(brackets) >= _MOST_ENDINGS * len(titles):
        return frozenset(brackets)
    last = Counter(title.rsplit(" ", 1)[-1] for title in titles if " " in title)
    common = {word for word, count in last.items() if count >= 2}
    covered = sum(last[word] for word in common)
    few = len(common) <= max(3, len(titles) // 6)
    return frozenset(f" {word}" for word in common) if few and covered >= 0.8 * len(titles) else frozenset()


def _without_ending(title: str, endings: frozenset[str]) -> str:
    ending = next((one for one in sorted(endings, key=len, reverse=True) if title.endswith(one)), "")
    return title[: len(title) - len(ending)].strip(" :|–—-") if ending else title


def _without_references(title: str) -> str:
    """Cut numbers of records from the end of a title: "Leitziel Ü-01, K-26"."""
    pattern = re.compile(r"[\s,;(]+[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,5}[ -]?\d{1,3}(?:\.\d{1,3})*\)?(?=[\s,;]|$)[\s,;]*$")
    shorter = pattern.sub("", title)
    while shorter != title and re.search(r"[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,5}[-]\d{1,3}$", title):
        title, shorter = shorter, pattern.sub("", shorter)
    return title
