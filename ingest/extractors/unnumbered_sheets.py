"""Records without numbers: titles before rounds of labels, and headings of one style with labels below them."""

from __future__ import annotations

import statistics
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ingest.extractors.labelled_lines import LabelledLines
from ingest.extractors.sheet_layout import Sheet
from ingest.extractors.sheet_titles import SheetTitles
from ingest.extractors.title_text import joined
from ingest.layout.lines import squash
from ingest.layout.styles import Style
from ingest.plan.form import PlanFamily
from ingest.plan.terms import TELLING

_FEWEST = 3  # headings of one style that may be records
_HEADED = 0.6  # of them that have a label that only records have
_USUAL = 0.6  # of the gaps that have a line in the style of titles
_LONGEST = 110  # characters of a title in plain text
_SEVERAL = 1.6  # times as often as is usual, from which a label stands several times on a sheet
_OFTEN = 0.4  # share of the labels' median count from which a label belongs to the rounds
_FULL = 0.4  # share of the labels of a usual round that a round has at least
_BORDER = 0.5  # of its places that the first label of a round has behind something set off

Gap = tuple[int, int]


class LabelRounds:
    """Finds the rounds of labels among the lines of a paper."""

    def __init__(self, paper: LabelledLines) -> None:
        self._paper = paper
        self._counts = Counter(hit.label for hit in paper.hits.values())

    def gaps(self) -> list[tuple[int, int]]:
        """Return the gaps before each round of labels: (the last label before it, the first label of it)."""
        hits, order = self._paper.hits, self._usual_order()
        rounds: list[list[int]] = []
        for index in sorted(hits):
            place = order.get(hits[index].label)
            if place is None:
                continue
            if not rounds or place <= order[hits[rounds[-1][-1]].label]:
                rounds.append([])
            rounds[-1].append(index)
        typical = statistics.median(len(one) for one in rounds) if rounds else 0
        ends = [-1, *(one[-1] for one in rounds)]
        full = max(2, _FULL * typical)
        return [(end, one[0]) for end, one in zip(ends, rounds, strict=False) if len(one) >= full]

    def _usual_order(self) -> dict[str, int]:
        """Return the place of each label in a round: as in the longest of those that begin as most do."""
        rounds = self._plain_rounds()
        if not rounds:
            return {}
        start = self._first_label() or Counter(one[0] for one in rounds).most_common(1)[0][0]
        longest = max(rounds, key=len)
        turned = longest.index(start) if start in longest else 0
        return {label: place for place, label in enumerate([*longest[turned:], *longest[:turned]])}

    def _plain_rounds(self) -> list[list[str]]:
        """Return the labels that stand about once on a sheet, in runs without repetition."""
        usual = statistics.median(self._counts.values()) if self._counts else 0
        rounds: list[list[str]] = []
        for _, hit in sorted(self._paper.hits.items()):
            if not _OFTEN * usual <= self._counts[hit.label] < _SEVERAL * usual:
                continue
            if not rounds or hit.label in rounds[-1]:
                rounds.append([])
            rounds[-1].append(hit.label)
        return rounds

    def _first_label(self) -> str | None:
        """Return the label that most often stands behind something set off or on a new page; None where none does."""
        hits, lines = self._paper.hits, self._paper.lines
        borders: Counter[str] = Counter()
        for before, index in pairwise([-1, *sorted(hits)]):
            parted = before < 0 or lines[before].page != lines[index].page
            borders[hits[index].label] += parted + self._is_title_between(before, index)
        label, count = borders.most_common(1)[0] if borders else ("", 0)
        return label if count and count >= _BORDER * self._counts[label] else None

    def _is_title_between(self, before: int, index: int) -> bool:
        paper = self._paper
        return any(paper.is_set_off(i) and paper.may_be_title(i) for i in range(before + 1, index))


class UnnumberedSheets:
    """Finds the records of families without numbers among the lines of a paper."""

    def __init__(self, paper: LabelledLines, titles: SheetTitles) -> None:
        self._paper, self._titles = paper, titles

    def before_rounds(self, family: PlanFamily) -> list[Sheet]:
        """Return the records that stand before rounds of labels."""
        gaps = LabelRounds(self._paper).gaps()
        style = self._title_style(gaps)
        headings = [heading for gap in gaps if (heading := self._heading_in(gap, style))]
        sheets = [self._sheet(family, heading) for heading in headings]
        self._titles.trim(sheets)
        return sheets

    def headed(self, family: PlanFamily) -> list[Sheet]:
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
        return [Sheet("", self._paper.lines[i].text.strip(), family.kind, family.label, i, heading=[i]) for i in best]

    def _sheet(self, family: PlanFamily, heading: list[int]) -> Sheet:
        title = joined([self._paper.lines[i].text for i in heading])
        return Sheet("", title, family.kind, family.label, heading[0], heading=heading)

    def _title_style(self, gaps: Sequence[Gap]) -> Style | None:
        """Return the style in which most gaps have a line and that is rarest elsewhere; None in plain text."""
        votes: Counter[Style] = Counter()
        for start, first in gaps:
            votes.update({self._paper.style(i) for i in range(start + 1, first) if self._paper.may_be_title(i)})
        usual = [s for s, count in votes.items() if s != self._paper.body and count >= _USUAL * len(gaps)]
        return max(usual, key=lambda one: (one.level > 0, one.size, one.bold, votes[one]), default=None)

    def _heading_in(self, gap: Gap, style: Style | None) -> list[int]:
        """Return the lines of the title in a gap: the last run set as titles are, else the best of plain text."""
        possible = [i for i in range(gap[0] + 1, gap[1]) if self._paper.may_be_title(i)]
        if style is None:
            fitting = self._in_plain_text(possible)
        else:
            fitting = [i for i in possible if self._paper.style(i) == style]
        if not fitting:
            return []
        begin = end = fitting[-1]
        while begin - 1 in fitting and self._titles.continues(begin - 1, begin):
            begin -= 1
        end = begin
        while end + 1 < gap[1] and self._titles.continues(end, end + 1):
            end += 1
        return list(range(begin, end + 1))

    def _in_plain_text(self, possible: Sequence[int]) -> list[int]:
        """Return the line that the contents list, else the last short one that begins a paragraph."""
        lines = self._paper.lines
        listed = {squash(text).casefold() for text in self._paper.contents.values()}
        named = [i for i in possible if squash(lines[i].text).casefold() in listed]
        opening = [i for i in possible if lines[i].opens and len(lines[i].text) < _LONGEST]
        return named[-1:] or opening[-1:]
