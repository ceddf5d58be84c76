"""Two runs of the same cases: which were won and lost, and whether that is more than chance."""

from __future__ import annotations

from dataclasses import dataclass

from evals.metrics.intervals import Estimate, Part, difference
from evals.metrics.measures import MEASURES
from evals.metrics.significance import mcnemar
from evals.runs.run import Run, common

SIGNIFICANT = 0.05
Pair = tuple[Part, Part]


@dataclass(frozen=True)
class Comparison:
    """`won` and `lost` are ids of cases that became or ceased to be fully right; `p_value` is McNemar's.

    `differences` are after minus before, over the cases of both runs that a measure asks something of in both.
    """

    before: Run
    after: Run
    cases: int
    won: tuple[str, ...]
    lost: tuple[str, ...]
    changed: tuple[str, ...]
    p_value: float
    differences: dict[str, Estimate]

    @property
    def significant(self) -> bool:
        """True where winning and losing differ by more than chance (p < 0.05)."""
        return self.p_value < SIGNIFICANT


def compared(before: Run, after: Run) -> Comparison:
    """Compare two runs over the cases that are the same in both."""
    pairs = common(before.judgements, after.judgements)
    won = tuple(new.case.id for old, new in pairs if new.fully and not old.fully)
    lost = tuple(new.case.id for old, new in pairs if old.fully and not new.fully)
    changed = tuple(new.case.id for old, new in pairs if old.asked.answer.answer != new.asked.answer.answer)
    differences = {}
    for measure in MEASURES:
        both = _both([(old.parts.get(measure.name), new.parts.get(measure.name)) for old, new in pairs])
        found = difference([one[0] for one in both], [one[1] for one in both])
        if found is not None:
            differences[measure.name] = found
    return Comparison(before, after, len(pairs), won, lost, changed, mcnemar(len(won), len(lost)), differences)


def _both(parts: list[tuple[Part | None, Part | None]]) -> list[Pair]:
    return [(old, new) for old, new in parts if old is not None and new is not None]
