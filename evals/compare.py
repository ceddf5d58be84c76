"""Two runs of the same cases: which were won and lost, and whether that is more than chance."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import binomtest

from evals.run import Run, common

SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Comparison:
    """`won` and `lost` are ids of cases that became or ceased to be as expected, `misled` and `led` those that became
    or ceased to mislead; `p_value` is McNemar's of won and lost.
    """

    before: Run
    after: Run
    cases: int
    won: tuple[str, ...]
    lost: tuple[str, ...]
    misled: tuple[str, ...]
    led: tuple[str, ...]
    p_value: float

    @property
    def significant(self) -> bool:
        """True where winning and losing differ by more than chance (p < 0.05)."""
        return self.p_value < SIGNIFICANT


def compared(before: Run, after: Run) -> Comparison:
    """Compare two runs over the cases that are the same in both."""
    pairs = common(before.judgements, after.judgements)
    won = tuple(new.case.id for old, new in pairs if new.fully and not old.fully)
    lost = tuple(new.case.id for old, new in pairs if old.fully and not new.fully)
    return Comparison(
        before,
        after,
        len(pairs),
        won,
        lost,
        tuple(new.case.id for old, new in pairs if new.misled and not old.misled),
        tuple(new.case.id for old, new in pairs if old.misled and not new.misled),
        mcnemar(len(won), len(lost)),
    )


def mcnemar(won: int, lost: int) -> float:
    """The exact two-sided p-value of McNemar's test (1947) of cases that changed sides; 1.0 where nothing changed."""
    return float(binomtest(won, won + lost, 0.5).pvalue) if won + lost else 1.0
