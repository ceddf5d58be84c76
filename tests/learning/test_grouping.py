"""Questions are joined while they are alike enough, in the same way whatever their order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from service.learning.grouping import grouped
from service.learning.store import Kept, Reason


def kept(question: str, times: int = 1, reason: Reason = Reason.UNANSWERED) -> Kept:
    return Kept(id=question, question=question, day=date(2026, 11, 22), reason=reason, times=times)


def by_letters(texts: Sequence[str]) -> NDArray[np.float32]:
    sets = [set(one) for one in texts]
    return np.array([[len(one & other) / len(one | other) for other in sets] for one in sets], dtype=np.float32)


def test_groups_are_joined_counted_and_sorted() -> None:
    rows = [kept("abc"), kept("abd", 3), kept("xyz", 2, Reason.UNSURE), kept("xyw"), kept("q")]
    for order in (rows, rows[::-1]):
        groups, left = grouped(order, by_letters, enough=0.4)
        assert [one.wordings for one in groups] == [("abd", "abc"), ("xyz", "xyw"), ("q",)]
        assert ([one.times for one in groups], left) == ([4, 3, 1], 0)
    assert groups[1].reasons == {Reason.UNANSWERED: 1, Reason.UNSURE: 2}


def test_the_mean_decides_and_not_the_nearest() -> None:
    likeness = np.array([[1, 0.9, 0.0], [0.9, 1, 0.9], [0.0, 0.9, 1]], dtype=np.float32)
    groups, _ = grouped([kept("a"), kept("b"), kept("c")], lambda texts: likeness, enough=0.5)
    assert [one.wordings for one in groups] == [("a", "b"), ("c",)]


def test_the_same_wording_in_other_case_is_one() -> None:
    groups, _ = grouped([kept("Kita"), kept("kita")], lambda texts: np.eye(len(texts), dtype=np.float32))
    assert len(groups) == 1


def test_nothing_gives_no_group() -> None:
    assert grouped([], by_letters) == ([], 0)
