"""Intervals, paired differences and significance: known values, bounds, and independence of order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics.intervals import difference, estimate
from evals.metrics.significance import mcnemar

OUTCOMES = st.lists(st.booleans(), min_size=1, max_size=60)


def parts(outcomes: list[bool]) -> list[tuple[float, float]]:
    return [(float(one), 1.0) for one in outcomes]


def test_nothing_measured_has_no_estimate() -> None:
    assert estimate([]) is None
    assert estimate([(0.0, 0.0)]) is None


def test_a_ratio_of_sums_by_hand() -> None:
    found = estimate([(1.0, 2.0), (3.0, 4.0), (0.0, 2.0)])
    assert found is not None
    assert (found.value, found.n) == (0.5, 3)
    assert found.low < 0.5 < found.high


def test_the_interval_of_a_half_is_the_binomial_one() -> None:
    found = estimate(parts([True, False] * 50))
    assert found is not None
    assert found.value == 0.5
    assert found.low == pytest.approx(0.40, abs=0.02)
    assert found.high == pytest.approx(0.60, abs=0.02)


def test_unanimous_cases_have_the_exact_bounds() -> None:
    """Clopper and Pearson: ten of ten is at least 0.6915, none of ten at most 0.3085."""
    right, wrong = estimate(parts([True] * 10)), estimate(parts([False] * 10))
    assert right is not None and wrong is not None
    assert (right.low, right.high) == (pytest.approx(0.6915, abs=1e-4), 1.0)
    assert (wrong.low, wrong.high) == (0.0, pytest.approx(0.3085, abs=1e-4))


def test_more_cases_narrow_the_interval() -> None:
    few, many = estimate(parts([True, True, False] * 10)), estimate(parts([True, True, False] * 100))
    assert few is not None and many is not None
    assert many.high - many.low < (few.high - few.low) / 2


@settings(max_examples=50)
@given(OUTCOMES)
def test_bounds_hold_the_value(outcomes: list[bool]) -> None:
    found = estimate(parts(outcomes))
    assert found is not None
    assert 0.0 <= found.low <= found.value <= found.high <= 1.0
    assert found.value == pytest.approx(sum(outcomes) / len(outcomes))
    assert estimate(parts(outcomes)) == found, "the seed is fixed"


def test_a_paired_difference_knows_that_the_same_cases_are_hard() -> None:
    before = parts([True, False] * 50)
    after = [(1.0, 1.0) if place % 10 == 1 else one for place, one in enumerate(before)]
    found = difference(before, after)
    assert found is not None
    assert found.value == pytest.approx(0.1)
    assert 0.0 < found.low < 0.1 < found.high < 0.2, "unpaired, the interval would reach below zero"


def test_no_change_is_no_difference() -> None:
    found = difference(parts([True, False, True]), parts([True, False, True]))
    assert found is not None and (found.value, found.low, found.high) == (0.0, 0.0, 0.0)
    assert difference([], []) is None
    with pytest.raises(ValueError, match="same cases"):
        difference(parts([True]), parts([True, False]))


@pytest.mark.parametrize(
    ("won", "lost", "p"),
    [(0, 0, 1.0), (5, 5, 1.0), (1, 0, 1.0), (6, 0, 0.03125), (0, 6, 0.03125), (10, 2, 0.03857421875)],
)
def test_mcnemar_by_hand(won: int, lost: int, p: float) -> None:
    assert mcnemar(won, lost) == pytest.approx(p)


@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_knows_no_direction(won: int, lost: int) -> None:
    assert mcnemar(won, lost) == pytest.approx(mcnemar(lost, won))
    assert 0.0 < mcnemar(won, lost) <= 1.0
