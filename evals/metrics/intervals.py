"""95 % intervals of shares and means by the bootstrap over cases, and of the difference between two runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
SEED = 20261120
LEVEL = 0.95
Part = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or mean over `n` cases with the bounds of its interval."""

    value: float
    low: float
    high: float
    n: int


def estimate(parts: Sequence[Part], seed: int = SEED, *, share: bool = True) -> Estimate | None:
    """The ratio of summed numerators to summed denominators with its interval; None where nothing is measured.

    A part is one case's (numerator, denominator): (1, 1) for a case that is right, (2, 3) where two of its three
    citations are. Percentile bootstrap over cases (Efron 1979), resampled 2000 times from a fixed seed. Where all cases
    hold all or all hold nothing, resampling knows no spread: a `share` gets the exact bounds of Clopper and Pearson
    (1934).
    """
    if not parts or not sum(part[1] for part in parts):
        return None
    values = np.asarray(parts, dtype=np.float64)
    value = float(values[:, 0].sum() / values[:, 1].sum())
    if share and _unanimous(values):
        rest = ((1 - LEVEL) / 2) ** (1 / len(values))
        return Estimate(value, rest, 1.0, len(values)) if value else Estimate(value, 0.0, 1 - rest, len(values))
    low, high = _bounds(_resampled(values, seed))
    return Estimate(value, low, high, len(values))


def difference(before: Sequence[Part], after: Sequence[Part], seed: int = SEED) -> Estimate | None:
    """The change of a ratio between two runs of the same cases, in pairs, with its interval; None for nothing."""
    if len(before) != len(after):
        raise ValueError("a paired difference needs the same cases in both runs")
    first, second = estimate(before), estimate(after)
    if first is None or second is None:
        return None
    drawn = _draws(len(before), seed)
    old, new = (np.asarray(parts, dtype=np.float64) for parts in (before, after))
    low, high = _bounds(_ratios(new, drawn) - _ratios(old, drawn))
    return Estimate(second.value - first.value, low, high, len(before))


def _unanimous(values: NDArray[np.float64]) -> bool:
    """True where every case holds all or every case holds nothing of what it is asked."""
    return bool((values[:, 0] == 0).all() or (values[:, 0] == values[:, 1]).all())


def _draws(n: int, seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(0, n, size=(RESAMPLES, n))


def _resampled(values: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    return _ratios(values, _draws(len(values), seed))


def _ratios(values: NDArray[np.float64], drawn: NDArray[np.int64]) -> NDArray[np.float64]:
    above, below = values[:, 0][drawn].sum(axis=1), values[:, 1][drawn].sum(axis=1)
    ratios: NDArray[np.float64] = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
    return ratios


def _bounds(drawn: NDArray[np.float64]) -> tuple[float, float]:
    edge = 100 * (1 - LEVEL) / 2
    low, high = np.nanpercentile(drawn, [edge, 100 - edge])
    return float(low), float(high)
