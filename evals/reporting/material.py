"""What a report is made of: the run, the comparison with the one before, and the gate with its outcome."""

from __future__ import annotations

from dataclasses import dataclass

from evals.metrics.measures import BY_NAME
from evals.reporting.german import number, percent
from evals.runs.comparison import Comparison, compared
from evals.runs.gate import Limits, Shortfall
from evals.runs.run import Run


@dataclass(frozen=True, slots=True)
class Bound:
    """The value that the gate asks a measure to reach or not to exceed."""

    measure: str
    value: float
    broken: bool

    def __str__(self) -> str:
        measure = BY_NAME[self.measure]
        value = percent(self.value) if measure.share else number(self.value)
        return f"{'mindestens' if measure.more_is_better else 'höchstens'} {value}"


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a report tells; `short` is None without a gate, `limits` where only its outcome is known."""

    run: Run
    comparison: Comparison | None = None
    short: tuple[Shortfall, ...] | None = None
    limits: Limits | None = None

    def bound(self, measure: str) -> Bound | None:
        """What the gate asks of a measure, None where it asks nothing."""
        broken = [one.limit for one in self.short or () if one.measure == measure]
        strictest = (max if BY_NAME[measure].more_is_better else min)(broken, default=None)
        value = self.limits.floor(measure) if self.limits else strictest
        return None if value is None else Bound(measure, value, bool(broken))


def material(
    run: Run, before: Run | None = None, short: tuple[Shortfall, ...] | None = None, limits: Limits | None = None
) -> Material:
    """The material of a report."""
    return Material(run, compared(before, run) if before else None, short, limits)
