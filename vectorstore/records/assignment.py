"""One-to-one assignment of the rows of a matrix to its columns, with the largest sum of scores."""

from __future__ import annotations

import numpy as np
from lap import lapjvr
from numpy.typing import NDArray

# Far less than any two scores differ: it decides between equal sums only.
_SAME_ORDER = 1e-6


def assign_pairs(scores: NDArray[np.floating]) -> list[tuple[int, int]]:
    """Return pairs of row and column, each row and column in at most one pair.

    The pairs have positive scores, with the largest sum. Of several assignments with the same sum,
    the one that keeps the order best is taken: the first row with the first column, the last row
    with the last column.
    """
    if not scores.size:
        return []
    rows, columns = (np.linspace(0, 1, size) for size in scores.shape)
    distance = (rows[:, None] - columns) ** 2
    preferred = scores + np.where(scores > 0, _SAME_ORDER * (1 - distance), 0)
    costs = preferred.max() - preferred
    pairs = zip(*lapjvr(costs, extend_cost=True, return_cost=False), strict=True)
    return [(int(row), int(column)) for row, column in pairs if scores[row, column] > 0]
