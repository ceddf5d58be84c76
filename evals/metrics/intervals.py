"""95 % intervals: Wilson's of shares of cases, the bootstrap over cases of other ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

RESAMPLES = 1000
SEED = 20261120
_Z = 1.959964  # of the normal distribution, both sides together .05
Part = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or mean over `n` cases with the bounds of its interval; it is the ratio of `held` to `asked`."""

    value: float
    low: float
    high: float
    n: int
    held: float = 0.0
    asked: float = 0.0


def estimate(parts: Sequence[Part]) -> Estimate | None:
    """The ratio of summed numerators to summed denominators with its interval; None where nothing is measured.

    A part is one case's (numerator, denominator): (1, 1) for a case that is right, (2, 3) where two of its three
    citations are. Cases that are right or wrong get Wilson's interval (1927); other ratios the percentile bootstrap
    over cases (Efron 1979) from a fixed seed.
    """
    held, asked = sum(part[0] for part in parts), sum(part[1] for part in parts)
    if not asked:
        return None
    n = len(parts)
    if all(part in ((0.0, 1.0), (1.0, 1.0)) for part in parts):
        return Estimate(held / n, *_wilson(held / n, n), n, held, asked)
    return Estimate(held / asked, *_bootstrapped(parts), n, held, asked)


def _wilson(share: float, n: int) -> tuple[float, float]:
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    spread = _Z / (1 + _Z**2 / n) * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return max(middle - spread, 0.0), min(middle + spread, 1.0)


def _bootstrapped(parts: Sequence[Part]) -> tuple[float, float]:
    values, n = np.asarray(parts, dtype=np.float64), len(parts)
    drawn = values[np.random.default_rng(SEED).integers(0, n, size=(RESAMPLES, n))].sum(axis=1)
    held, asked = drawn[:, 0], drawn[:, 1]
    ratios = np.divide(held, asked, out=np.full_like(held, np.nan), where=asked > 0)
    low, high = np.nanpercentile(ratios, [2.5, 97.5])
    return float(low), float(high)
