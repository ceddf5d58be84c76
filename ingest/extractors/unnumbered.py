"""Records without numbers: titles before rounds of labels, and headings of one style with labels below them."""

from __future__ import annotations

import statistics
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ingest.extractors.paper import Paper, Sheet
from ingest.extractors.record_titles import Titles, joined
from ingest.layout.lines import Style, squash
from ingest.plan.form import PlanFamily
from ingest.plan.words import TELLING

_FEWEST = 3  # headings of one style that may be records
_HEADED = 0.6  # of them that have a label that only records have
_USUAL = 0.6  # of the gaps that have a line in the style of titles
_LONGEST = 110  # characters of a title in plain text
_SEVERAL = 1.6  # times as often as is usual, from which a label stands several times on a sheet
_OFTEN = 0.4  # share of the labels' median count from which a label belongs to the rounds
_FULL = 0.4  # share of the labels of a usual round that a round has at least
_BORDER = 0.5  # of its places that the first label of a round has behind something set off


def rounds(paper: Paper) -> list[tuple[int, int]]:
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
    for before, index in pairwise([-1, *sorted(paper.hits)]):
        parted = before < 0 or paper.lines[before].page != paper.lines[index].page
        titled = any(paper.is_set_off(i) and paper.may_be_title(i) for i in range(before + 1, index))
        borders[paper.hits[index].label] += parted + titled
    label, count = borders.most_common(1)[0] if borders else ("", 0)
    return label if count and count >= _BORDER * counts[label] else None


class Unnumbered:
    """Finds the records of a family without numbers among the lines of a paper."""

    def __init__(self, paper: Paper, titles: Titles, family: PlanFamily) -> None:
        self._paper, self._titles, self._family = paper, titles, family

    def before_rounds(self) -> list[Sheet]:
        """Return the records that stand before rounds of labels."""
        gaps = rounds(self._paper)
        style = self._title_style(gaps)
        found = [heading for gap in gaps if (heading := self._heading_in(*gap, style))]
        sheets = [self._sheet(heading) for heading in found]
        self._titles.finish(sheets)
        return sheets

    def headed(self) -> list[Sheet]:
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
        return [self._sheet([i]) for i in best]

    def _sheet(self, heading: list[int]) -> Sheet:
        title = joined([self._paper.lines[i].text for i in heading])
        return Sheet("", title, self._family.kind, self._family.label, heading, heading[0])

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
        opening = [i for i in possible if lines[i].opens and len(lines[i].text) < _LONGEST]
        return named[-1:] or opening[-1:]
