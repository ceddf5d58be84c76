"""The one-to-one assignment beside SciPy's: the same sum always, the same pairs without ties."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.optimize import linear_sum_assignment

from vectorstore.records import assign_pairs

SHAPES = array_shapes(min_dims=2, max_dims=2, max_side=8)


@given(arrays(float, SHAPES, elements=st.sampled_from([0.0, 0.0, 45.0, 78.0, 98.0, 120.0])))
def test_the_sum_is_the_largest_and_no_pair_without_a_score_is_given(scores: np.ndarray) -> None:
    pairs = assign_pairs(scores)
    best = scores[linear_sum_assignment(scores, maximize=True)].sum()
    assert sum(scores[pair] for pair in pairs) == best
    assert all(scores[pair] > 0 for pair in pairs)
    for line in zip(*pairs, strict=True):
        assert len(set(line)) == len(line), "each row and column is taken once"


@given(st.integers(0, 10_000), SHAPES)
def test_without_ties_the_pairs_are_the_only_best_ones(seed: int, shape: tuple[int, ...]) -> None:
    drawn = np.random.default_rng(seed).random(shape) * 100
    scores = np.where(drawn > 60, drawn, 0)
    rows, columns = linear_sum_assignment(scores, maximize=True)
    expected = {(row, column) for row, column in zip(rows, columns, strict=True)}
    assert set(assign_pairs(scores)) == {pair for pair in expected if scores[pair] > 0}


@given(st.integers(1, 8))
def test_what_is_alike_is_paired_in_order(size: int) -> None:
    pairs = assign_pairs(np.full((size, size), 100.0))
    assert pairs == [(number, number) for number in range(size)]


def test_nothing_to_assign_gives_no_pairs() -> None:
    assert assign_pairs(np.zeros((0, 3))) == [] == assign_pairs(np.zeros((3, 2)))
