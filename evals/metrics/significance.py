"""Whether two runs of the same cases differ by more than chance."""

from __future__ import annotations

from scipy.stats import binomtest


def mcnemar(won: int, lost: int) -> float:
    """The exact two-sided p-value of McNemar's test (1947): `won` and `lost` count the cases that changed sides.

    1.0 where nothing changed.
    """
    if won + lost == 0:
        return 1.0
    return float(binomtest(won, won + lost, 0.5).pvalue)
