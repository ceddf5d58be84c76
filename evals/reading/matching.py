"""Records that were told, each held against at most one known record, as many right as there can be.

A record is right where number, title and page are. What is left is matched by title or by number alone, so that each
of the three can be counted for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from evals.metrics.statements import plain, plain_ref
from evals.reading.catalogue import KnownRecord
from vectorstore.records import Item

_RIGHT, _TITLE, _NUMBER, _PAGE = 1000.0, 10.0, 5.0, 1.0  # a right record outweighs all that is nearly right


@dataclass(frozen=True, slots=True)
class Match:
    """What a told record has in common with a known one; None where the paper prints no number, or has no pages."""

    title: bool
    number: bool | None
    page: bool | None

    @property
    def right(self) -> bool:
        """Whether it is the record, at its place."""
        return self.title and self.number is not False and self.page is not False

    @property
    def close(self) -> bool:
        """Whether it is meant to be the record: it has its title, or its number on its page."""
        return self.title or (self.number is True and self.page is not False)

    @property
    def weight(self) -> float:
        """How much the match counts when records are matched; 0.0 of none."""
        if not (self.title or self.number):
            return 0.0
        return _RIGHT * self.right + _TITLE * self.title + _NUMBER * bool(self.number) + _PAGE * bool(self.page)


@dataclass(frozen=True, slots=True)
class Pair:
    """A known record and the told one that is held against it."""

    known: KnownRecord
    item: Item
    match: Match


def pairs(known: Sequence[KnownRecord], items: Sequence[Item], *, paged: bool) -> list[Pair]:
    """Return the best assignment, one told record for one known record; `paged` says whether pages are judged."""
    if not known or not items:
        return []
    titles = [plain(item.title) for item in items]
    refs = [plain_ref(item.ref) for item in items]
    found = []
    for one in known:
        known_titles, known_refs = set(map(plain, one.titles)), set(map(plain_ref, one.refs))
        found.append(
            [
                Match(
                    title=title in known_titles,
                    number=ref in known_refs if known_refs else None,
                    page=item.page in one.pages if paged and one.pages else None,
                )
                for title, ref, item in zip(titles, refs, items, strict=True)
            ]
        )
    rows, columns = linear_sum_assignment(np.array([[-one.weight for one in row] for row in found]))
    return [
        Pair(known[row], items[column], found[row][column])
        for row, column in zip(rows, columns, strict=True)
        if found[row][column].weight
    ]
