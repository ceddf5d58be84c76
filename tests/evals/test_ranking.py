"""Ranking metrics: hand-computed values, bounds, and what order may and may not change."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.ranking import first_right, hit_at, ndcg_at, reciprocal_rank

RELEVANT = st.lists(st.booleans(), max_size=12)
FOUND = st.lists(st.one_of(st.none(), st.integers(0, 4)), max_size=12)


@pytest.mark.parametrize(
    ("relevant", "place", "reciprocal"),
    [
        ([], None, 0.0),
        ([False, False], None, 0.0),
        ([True], 1, 1.0),
        ([False, True, True], 2, 0.5),
        ([False] * 3 + [True], 4, 0.25),
    ],
)
def test_first_right_and_its_reciprocal(relevant: list[bool], place: int | None, reciprocal: float) -> None:
    assert first_right(relevant) == place
    assert reciprocal_rank(relevant) == reciprocal


def test_hits_look_no_further_than_asked() -> None:
    relevant = [False, False, False, True, False]
    assert [hit_at(relevant, k) for k in (1, 3, 4, 5, 50)] == [False, False, True, True, True]
    assert not hit_at([], 3)


def test_ndcg_by_hand() -> None:
    assert ndcg_at([0], 1) == 1.0
    assert ndcg_at([None, 0], 1) == pytest.approx(1 / math.log2(3))
    assert ndcg_at([None, 0, None, 1], 2) == pytest.approx(
        (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    )
    assert ndcg_at([], 3) == 0.0


def test_ndcg_counts_an_item_once_and_only_the_first_ten() -> None:
    assert ndcg_at([0, 0, 0], 1) == 1.0
    assert ndcg_at([0, 0, 0], 2) == pytest.approx(1 / (1 + 1 / math.log2(3)))
    assert ndcg_at([None] * 10 + [0], 1) == 0.0
    assert ndcg_at(list(range(12)), 12) == 1.0, "more wanted than places: the ideal is ten"


@given(RELEVANT, st.integers(1, 12))
def test_bounds_and_growth(relevant: list[bool], k: int) -> None:
    assert 0.0 <= reciprocal_rank(relevant) <= 1.0
    assert hit_at(relevant, k) <= hit_at(relevant, k + 1)
    assert hit_at(relevant, k) == (reciprocal_rank(relevant) >= 1 / k)


@given(FOUND)
def test_ndcg_is_bounded_and_best_in_front(found: list[int | None]) -> None:
    value = ndcg_at(found, 5)
    best = sorted({one for one in found if one is not None})
    assert 0.0 <= value <= ndcg_at([*best, None], 5) <= 1.0 + 1e-12


@given(FOUND, st.permutations(range(5)))
def test_which_wanted_item_it_is_does_not_matter(found: list[int | None], names: list[int]) -> None:
    renamed = [None if one is None else names[one] for one in found]
    assert ndcg_at(found, 5) == pytest.approx(ndcg_at(renamed, 5))
