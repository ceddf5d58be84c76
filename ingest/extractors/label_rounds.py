"""Rounds of labels: each record without a number has its labels in the usual order, and the next begins anew."""

from __future__ import annotations

import statistics
from collections import Counter
from itertools import pairwise

from ingest.extractors.labelled_lines import LabelledLines

_SEVERAL = 1.6  # times as often as is usual, from which a label stands several times on a sheet
_USUAL = 0.4  # share of the labels' median count from which a label belongs to the rounds
_FULL = 0.4  # share of the labels of a usual round that a round has at least
_FIRST = 0.5  # of its places that the first label of a round has behind something set off


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
            if not _USUAL * usual <= self._counts[hit.label] < _SEVERAL * usual:
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
        return label if count and count >= _FIRST * self._counts[label] else None

    def _is_title_between(self, before: int, index: int) -> bool:
        paper = self._paper
        return any(paper.is_set_off(i) and paper.may_be_title(i) for i in range(before + 1, index))
