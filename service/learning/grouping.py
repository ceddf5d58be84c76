"""Kept questions by meaning: words and embedding say how alike two are, groups are joined while they are alike enough.

Average linkage over distinct wordings; the same questions give the same groups whatever their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.learning.store import Kept, Reason

Alike = Callable[[Sequence[str]], NDArray[np.float32]]
ENOUGH = 0.225  # see docs/learning.md
MOST = 800  # distinct wordings that are grouped; the most often asked ones


@dataclass(frozen=True, slots=True)
class Group:
    """Kept questions of one meaning, the most often asked first."""

    members: tuple[Kept, ...]

    @property
    def id(self) -> str:
        """The id of its first question: the group is found by any of its members."""
        return self.members[0].id

    @property
    def wording(self) -> str:
        """The wording that stands for all."""
        return self.members[0].question

    @property
    def times(self) -> int:
        """How often it was asked."""
        return sum(one.times for one in self.members)

    @property
    def wordings(self) -> tuple[str, ...]:
        """Its different wordings."""
        return tuple(dict.fromkeys(one.question for one in self.members))

    @property
    def reasons(self) -> dict[Reason, int]:
        """How often it was kept for which reason."""
        counted: dict[Reason, int] = defaultdict(int)
        for one in self.members:
            counted[one.reason] += one.times
        return {reason: counted[reason] for reason in Reason if reason in counted}


def grouped(questions: Sequence[Kept], alike: Alike, enough: float = ENOUGH) -> tuple[list[Group], int]:
    """Groups, the most often asked first, and the number of rarer wordings that are left out of a flood."""
    by_wording: dict[str, list[Kept]] = defaultdict(list)
    for one in sorted(questions, key=lambda one: (one.question.casefold(), one.day, one.id)):
        by_wording[one.question.casefold()].append(one)
    often = sorted(by_wording.values(), key=lambda rows: (-_times(rows), rows[0].question.casefold()))
    taken = often[:MOST]
    clusters = _joined(alike([rows[0].question for rows in taken]), enough) if taken else []
    groups = [_group([one for place in cluster for one in taken[place]]) for cluster in clusters]
    return sorted(groups, key=lambda one: (-one.times, one.wording.casefold())), len(often) - len(taken)


def _group(rows: list[Kept]) -> Group:
    counts: dict[str, int] = defaultdict(int)
    for one in rows:
        counts[one.question.casefold()] += one.times
    order = sorted(
        rows, key=lambda one: (one.followup, -counts[one.question.casefold()], len(one.question), one.question, one.id)
    )
    return Group(tuple(order))


def _times(rows: Sequence[Kept]) -> int:
    return sum(one.times for one in rows)


def _joined(likeness: NDArray[np.float32], enough: float) -> list[list[int]]:
    """Rows of a symmetric matrix in groups: the two likest groups are joined while their mean likeness is enough."""
    size = len(likeness)
    sums = likeness.astype(np.float64)
    np.fill_diagonal(sums, -np.inf)
    counts = np.ones(size)
    groups: list[list[int] | None] = [[one] for one in range(size)]
    means = sums.copy()
    while size > 1:
        first, second = divmod(int(np.argmax(means)), len(means))
        if not means[first, second] >= enough:
            break
        first, second = min(first, second), max(first, second)
        _merge(groups, first, second)
        sums[first] += sums[second]
        sums[:, first] = sums[first]
        sums[first, first] = -np.inf
        sums[second], sums[:, second] = -np.inf, -np.inf
        counts[first] += counts[second]
        means[second], means[:, second] = -np.inf, -np.inf
        means[first] = sums[first] / (counts[first] * counts)
        means[:, first] = means[first]
        size -= 1
    return [one for one in groups if one is not None]


def _merge(groups: list[list[int] | None], first: int, second: int) -> None:
    one, other = groups[first], groups[second]
    assert one is not None and other is not None
    groups[first], groups[second] = sorted(one + other), None
