"""Records without numbers: titles before rounds of labels, and headings of one style with labels below them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.extractors.label_rounds import LabelRounds
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

Gap = tuple[int, int]


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
