"""Sheets and numbered headings: finds the records of a plan among the lines, and the headings above them.

A record begins where a number of a family stands before its title (of the places that print a number the one that most
labels follow), behind a label for titles, or, where a paper prints no numbers, where a line set like the other titles
stands before the first label of the next round of labels.
"""

from __future__ import annotations

import re
import statistics
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from ingest.extractors.paper import Paper, Sheet, SheetLayout, Titles, before, joined, parting
from ingest.layout.lines import RawDocument, Style, squash
from ingest.plan.form import Place, PlanFamily, PlanLabel, ReadingPlan
from ingest.plan.labels import LabelHit
from ingest.plan.numbers import Printed, counted, matches, printed_number, same_ref
from ingest.plan.words import TELLING
from vectorstore.records import ItemKind

_DECIMAL = re.compile(r"\d+(?:\.\d+)+")
_ENDED = re.compile(r"[.!?;,:]$")
_MORE_NUMBERS = re.compile(r"^(?:[,;/&]|und\b|bis\b|sowie\b)")
_NO_RECORDS = (ItemKind.THEME, ItemKind.SECTION)
_LONGEST_HEADING = 160  # characters of a heading above records
_LONGEST_PLAIN = 120  # characters of a heading or title in plain text
# Numbered records
_FARTHEST = 400  # lines behind a number that may be of its record
_NEAR = 25  # of them whose letters count as text behind it
_LEAST = 0.34  # of the usual strength that the place of a record has
_STRONG = 0.7  # of the strength of another place, from which one is as good
_STRENGTH = 6  # two labels: what a further record of the same number has at least
_USUAL_STYLE = 2.0  # what a place gains that is set like most records
_LABELS_NEAR = 12  # lines between the labels of a record's number and title
# Records without numbers
_FEWEST = 3  # headings of one style that may be records
_HEADED = 0.6  # of them that have a label that only records have
_USUAL = 0.6  # of the gaps that have a line in the style of titles
_SEVERAL = 1.6  # times as often as is usual, from which a label stands several times on a sheet
_OFTEN = 0.4  # share of the labels' median count from which a label belongs to the rounds
_FULL = 0.4  # share of the labels of a usual round that a round has at least
_BORDER = 0.5  # of its places that the first label of a round has behind something set off

_Place = tuple[int, Printed]


def find_sheets(raw: RawDocument, plan: ReadingPlan) -> SheetLayout:
    """Return the records that a plan describes; none where it describes none on sheets or under headings."""
    return SheetSearch(raw, plan.labels).layout(plan.families)


class SheetSearch:
    """Looks for records among the lines of one document by its labels."""

    def __init__(self, raw: RawDocument, labels: Sequence[PlanLabel]) -> None:
        self._paper = Paper(raw, labels)
        self._titles = Titles(self._paper)

    @property
    def hits(self) -> Mapping[int, LabelHit]:
        """All labels by line."""
        return self._paper.hits

    def layout(self, families: Sequence[PlanFamily]) -> SheetLayout:
        """Return the records of the families in reading order, and the headings above them.

        Families without numbers are looked for only where no others are found.
        """
        records = [family for family in families if family.kind not in _NO_RECORDS]
        sheets = [sheet for family in records for sheet in self._labelled(family)]
        for family in records:
            if not sheets and not family.label and family.place in (Place.SHEETS, Place.HEADINGS):
                sheets = self._before_rounds(family) if family.place is Place.SHEETS else self._headed(family)
        themes = [family for family in families if family.kind is ItemKind.THEME and family.label]
        return self._bounded(sheets, themes)

    def _labelled(self, family: PlanFamily) -> list[Sheet]:
        """Return the records that numbers or labels for titles tell."""
        if family.place is Place.LABELS:
            return self._behind_labels(family)
        if not family.label:
            return []
        return self._behind_bullets(family) if family.place is Place.BULLETS else self._in_lines(family)

    def _bounded(self, found: Iterable[Sheet], themes: Sequence[PlanFamily]) -> SheetLayout:
        """Return the layout: every sheet ends where the next one or a heading above it begins."""
        sheets: list[Sheet] = []
        for sheet in sorted(found, key=lambda one: one.start):
            if not (sheets and sheet.start in sheets[-1].heading):
                sheets.append(sheet)
        paper = self._paper
        if not sheets:
            return SheetLayout(listed=paper.listed, shapes=paper.shapes)
        headings = set(self._headings(sheets, themes))
        borders = sorted([*(sheet.start for sheet in sheets), *headings, len(paper.lines)])
        for sheet in sheets:
            sheet.end = borders[bisect_right(borders, max(sheet.heading))]
            sheet.set_off = paper.is_set_off(sheet.start) or self._opens_briefly(sheet.start)
            sheet.labels = {i: paper.hits[i] for i in range(sheet.start, sheet.end) if i in paper.hits}
        starts = [sheet.start for sheet in sheets]
        begun = Counter(bisect_right(starts, first) for _, first in _rounds(paper))
        surplus = sum(count - 1 for place, count in begun.items() if place > 0 and count > 1)
        return SheetLayout(sheets, headings, paper.listed, paper.shapes, surplus)

    # Headings above records

    def _headings(self, sheets: Sequence[Sheet], themes: Sequence[PlanFamily]) -> Iterator[int]:
        """Yield the lines that stand above records: themes by their numbers, and what is set larger than titles."""
        title = Counter(self._paper.style(sheet.start) for sheet in sheets).most_common(1)[0][0]
        taken = {i for sheet in sheets for i in sheet.heading}
        numbers = [counted(sheet.ref) for sheet in sheets if _DECIMAL.fullmatch(sheet.ref)]
        above = {number[:depth] for number in numbers for depth in range(2, len(number))}
        for index, line in enumerate(self._paper.lines):
            if self._paper.is_out(index) or index in taken or line.bullet or line.aside:
                continue
            free = index not in self._paper.hits and len(line.text) <= _LONGEST_HEADING
            larger = free and self._paper.is_larger(self._paper.style(index), title)
            if larger or self._is_theme(index, themes, above):
                yield index

    def _is_theme(self, index: int, themes: Sequence[PlanFamily], above: Collection[tuple[int, ...]]) -> bool:
        """Tell whether a line is a heading with the number of a theme, or with one that records' numbers begin with."""
        line = self._paper.lines[index]
        number = printed_number(line.text)
        if number is None or not number.rest:
            return False
        begun = number.parts in above and _DECIMAL.fullmatch(number.ref) and not number.word
        if not begun and not any(matches(family.label, number) for family in themes):
            return False
        set_off = line.level or line.bold or line.size > self._paper.body.size + 0.4
        return bool(set_off) or (self._opens_briefly(index) and not _ENDED.search(line.text))

    def _opens_briefly(self, index: int) -> bool:
        """Tell whether a short line of plain text begins a paragraph."""
        line = self._paper.lines[index]
        return not self._paper.positioned and line.opens and len(line.text) < _LONGEST_PLAIN

    # Records with numbers, or with labelled titles

    def _in_lines(self, family: PlanFamily) -> list[Sheet]:
        """Return the records whose numbers stand before titles."""
        places = [(i, number) for i, number in self._paper.numbers if matches(family.label, number)]
        places = [(i, number) for i, number in places if not self._is_reference(i, number)]
        found = [(number, *self._titles.of_number(i, number)) for i, number in self._chosen(places)]
        sheets = [_sheet(family, _ref(family, one), title, sorted(lines)) for one, title, lines in found if title]
        self._titles.finish(sheets)
        return sheets

    def _behind_bullets(self, family: PlanFamily) -> list[Sheet]:
        """Return the records whose numbers stand behind bullets; one sign parts title and text."""
        places = [(i, number) for i, number in self._paper.dashed if matches(family.label, number) and number.rest]
        mark = parting([number.rest for _, number in places])
        return [_sheet(family, _ref(family, one), joined([before(one.rest, mark)]), [i]) for i, one in places]

    def _behind_labels(self, family: PlanFamily) -> list[Sheet]:
        """Return the records whose title stands behind a label, and their number behind another near by."""
        hits = self._paper.hits
        named = Counter(hit.label for i, hit in hits.items() if self._paper.field_at(i) == "title")
        label = named.most_common(1)[0][0] if named else None
        places = sorted(i for i, hit in hits.items() if hit.label == label)
        ends = [0, *places, len(self._paper.lines)]
        sheets: list[Sheet] = []
        for index, above, below in zip(places, ends, ends[2:], strict=False):
            title, heading = self._titles.behind(index, hits[index].rest)
            if title:
                sheets.append(_sheet(family, self._number_near(index, above, below), title, heading))
        self._titles.finish(sheets)
        return sheets

    def _number_near(self, index: int, above: int, below: int) -> str:
        """Return the number behind the label for it that is nearest to a title, "" where none is near by."""
        hits, lines = self._paper.hits, self._paper.lines
        near = [i for i in hits if above < i < below and self._paper.field_at(i) == "ref"]
        nearest = min(near, key=lambda i: abs(i - index), default=None)
        if nearest is None or abs(nearest - index) > _LABELS_NEAR:
            return ""
        number = printed_number(hits[nearest].rest or lines[min(nearest + 1, len(lines) - 1)].text)
        return number.ref if number is not None and not number.rest else ""

    def _is_reference(self, index: int, number: Printed) -> bool:
        """Tell whether a number begins a list of numbers or stands inside running text."""
        rest, line = number.rest, self._paper.lines[index]
        if _MORE_NUMBERS.match(rest) or (line.text.startswith(("(", "[")) and not self._paper.is_set_off(index)):
            return True
        following = printed_number(rest) if rest else None
        if following is not None and following.form == number.form:
            return True
        return rest[:1].islower() and not line.bold and (self._paper.positioned or not line.opens or bool(number.word))

    def _strengths(self, places: Sequence[_Place]) -> dict[int, float]:
        """Return how much of a record stands behind each place: labels, and a little for text and weight."""
        starts = [i for i, _ in places]
        ends = [*starts[1:], len(self._paper.lines)]
        return {i: self._strength(i, min(end, i + _FARTHEST)) for i, end in zip(starts, ends, strict=False)}

    def _strength(self, index: int, end: int) -> float:
        lines, line = self._paper.lines, self._paper.lines[index]
        labels = self._paper.labels_between(index + 1, end)
        letters = sum(len(one.text) for one in lines[index + 1 : min(end, index + _NEAR)])
        weight = (line.bold or line.size > self._paper.body.size + 0.4) + 2 * (line.level > 0)
        return 3 * min(labels, 12) + min(letters, 400) / 400 + 0.8 * weight

    def _chosen(self, places: list[_Place]) -> list[_Place]:
        """Return the place of each record; a number may begin several records where numbers begin anew."""
        strength = self._strengths(places)
        if not strength:
            return []
        typical = statistics.median(sorted(strength.values(), reverse=True)[: max(3, len(strength) // 2)])
        least = _LEAST * min(max(strength.values()), typical)
        styles = Counter(self._paper.style(i) for i, value in strength.items() if value >= _STRONG * typical)
        usual = styles.most_common(1)[0][0] if styles else self._paper.body
        by_ref: dict[str, list[_Place]] = defaultdict(list)
        for place, number in places:
            by_ref[f"{number.word}|{same_ref(number.ref)}"].append((place, number))
        chosen: list[_Place] = []
        for candidates in by_ref.values():
            candidates.sort(key=lambda one: -strength[one[0]] - _USUAL_STYLE * (self._paper.style(one[0]) == usual))
            top = candidates[0]
            alike = not usual.is_set_off(self._paper.body) or self._paper.is_set_off(top[0])
            if not (strength[top[0]] >= least and alike) and not self._is_listed(*top):
                continue
            seen = {self._plain_title(*top)}
            chosen.append(top)
            for index, number in candidates[1:]:
                title, strong = self._plain_title(index, number), max(_STRONG * strength[top[0]], _STRENGTH)
                new = bool(title) and not any(title.startswith(one) or one.startswith(title) for one in seen)
                if strength[index] >= strong and new and self._paper.style(index) == usual:
                    seen.add(title)
                    chosen.append((index, number))
        return sorted(chosen, key=lambda one: one[0])

    def _is_listed(self, index: int, number: Printed) -> bool:
        """Tell whether the contents list a number with the title that it stands before: a second witness."""
        listed = self._paper.listed.get(same_ref(number.ref), "")
        return bool(listed) and squash(listed).casefold() == self._plain_title(index, number)

    def _plain_title(self, index: int, number: Printed) -> str:
        return squash(self._titles.of_number(index, number)[0]).casefold()

    # Records without numbers

    def _before_rounds(self, family: PlanFamily) -> list[Sheet]:
        """Return the records that stand before rounds of labels."""
        gaps = _rounds(self._paper)
        style = self._title_style(gaps)
        found = [heading for gap in gaps if (heading := self._heading_in(*gap, style))]
        sheets = [self._headed_by(family, heading) for heading in found]
        self._titles.finish(sheets)
        return sheets

    def _headed(self, family: PlanFamily) -> list[Sheet]:
        """Return the records that are headings of one style, most of them with a label that only records have."""
        styles: dict[Style, list[int]] = defaultdict(list)
        for index in range(len(self._paper.lines)):
            if self._paper.is_set_off(index) and self._paper.may_be_title(index):
                styles[self._paper.style(index)].append(index)
        telling = [i for i in self._paper.hits if self._paper.field_at(i) in TELLING]
        most, best = 0, list[int]()
        for style, places in styles.items():
            above = [i for other, found in styles.items() if self._paper.is_larger(other, style) for i in found]
            ends = sorted([*places, *above, len(self._paper.lines)])
            told = [i for i in places if any(i < hit < ends[bisect_right(ends, i)] for hit in telling)]
            if len(places) >= _FEWEST and len(told) >= _HEADED * len(places) and len(told) > most:
                most, best = len(told), [i for i in places if told[0] <= i <= told[-1]]
        return [self._headed_by(family, [i]) for i in best]

    def _headed_by(self, family: PlanFamily, heading: list[int]) -> Sheet:
        return _sheet(family, "", joined([self._paper.lines[i].text for i in heading]), heading)

    def _title_style(self, gaps: Sequence[tuple[int, int]]) -> Style | None:
        """Return the style in which most gaps have a line and that is rarest elsewhere; None in plain text."""
        votes: Counter[Style] = Counter()
        for start, first in gaps:
            votes.update({self._paper.style(i) for i in range(start + 1, first) if self._paper.may_be_title(i)})
        usual = [s for s, count in votes.items() if s != self._paper.body and count >= _USUAL * len(gaps)]
        return max(usual, key=lambda one: (one.level > 0, one.size, one.bold, votes[one]), default=None)

    def _heading_in(self, start: int, end: int, style: Style | None) -> list[int]:
        """Return the lines of the title in a gap: the last run set as titles are, else the best of plain text."""
        possible = [i for i in range(start + 1, end) if self._paper.may_be_title(i)]
        fitting = [i for i in possible if self._paper.style(i) == style] if style else self._in_plain_text(possible)
        if not fitting:
            return []
        begin = fitting[-1]
        while begin - 1 in fitting and self._titles.continues(begin - 1, begin):
            begin -= 1
        return [i for i in self._titles.going_on(begin) if i < end]

    def _in_plain_text(self, possible: Sequence[int]) -> list[int]:
        """Return the line that the contents list, else the last short one that begins a paragraph."""
        lines = self._paper.lines
        listed = {squash(text).casefold() for text in self._paper.contents.values()}
        named = [i for i in possible if squash(lines[i].text).casefold() in listed]
        opening = [i for i in possible if lines[i].opens and len(lines[i].text) < _LONGEST_PLAIN]
        return named[-1:] or opening[-1:]


def _sheet(family: PlanFamily, ref: str, title: str, heading: list[int]) -> Sheet:
    return Sheet(ref, title, family.kind, family.label, heading, min(heading))


def _ref(family: PlanFamily, number: Printed) -> str:
    """Return the ref; of a running number out of a total that every record prints only the number."""
    return number.ref.split("/")[0].strip() if family.label.endswith("{n}/{n}") else number.ref


def _rounds(paper: Paper) -> list[tuple[int, int]]:
    """Return the gaps before each round of labels: (the last label before it, the first label of it)."""
    order = _usual_order(paper)
    found: list[list[int]] = []
    for index in sorted(paper.hits):
        place = order.get(paper.hits[index].label)
        if place is None:
            continue
        if not found or place <= order[paper.hits[found[-1][-1]].label]:
            found.append([])
        found[-1].append(index)
    full = max(2, _FULL * statistics.median(len(one) for one in found)) if found else 0
    ends = [-1, *(one[-1] for one in found)]
    return [(end, one[0]) for end, one in zip(ends, found, strict=False) if len(one) >= full]


def _usual_order(paper: Paper) -> dict[str, int]:
    """Return the place of each label in a round: as in the longest of the runs without repetition."""
    counts = Counter(hit.label for hit in paper.hits.values())
    usual = statistics.median(counts.values()) if counts else 0
    runs: list[list[str]] = []
    for label in (hit.label for _, hit in sorted(paper.hits.items())):
        if _OFTEN * usual <= counts[label] < _SEVERAL * usual:  # labels that stand about once on a sheet
            if not runs or label in runs[-1]:
                runs.append([])
            runs[-1].append(label)
    if not runs:
        return {}
    start = _first_label(paper, counts) or Counter(one[0] for one in runs).most_common(1)[0][0]
    longest = max(runs, key=len)
    turned = longest.index(start) if start in longest else 0
    return {label: place for place, label in enumerate([*longest[turned:], *longest[:turned]])}


def _first_label(paper: Paper, counts: Counter[str]) -> str | None:
    """Return the label that most often stands behind something set off or on a new page; None where none does."""
    borders: Counter[str] = Counter()
    for above, index in pairwise([-1, *sorted(paper.hits)]):
        parted = above < 0 or paper.lines[above].page != paper.lines[index].page
        titled = any(paper.is_set_off(i) and paper.may_be_title(i) for i in range(above + 1, index))
        borders[paper.hits[index].label] += parted + titled
    label, count = borders.most_common(1)[0] if borders else ("", 0)
    return label if count and count >= _BORDER * counts[label] else None
