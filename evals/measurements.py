"""The measurements of a run: every measure over all cases, by group of corpora, by set, by kind of
question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from pydantic import BaseModel

from evals.case_files import Case
from evals.metrics.measures import MEASURES
from evals.metrics.scoring import Judgement, Ratio

ALL = "all"
_Z = 1.959964  # two-sided quantile of the normal distribution for 95 %


@dataclass(frozen=True)
class ScoredCase:
    """A case of a run: the name of its file (`set`), its corpus and group, the judgement, the
    answer as JSON.
    """

    set: str
    corpus: str
    group: str
    judgement: Judgement
    answer: Mapping[str, Any]

    @property
    def case(self) -> Case:
        """The case that was asked."""
        return self.judgement.case


class MeasureValue(BaseModel):
    """A measure over `n` cases with its 95 % interval: the ratio of `held` (numerator) to `asked`
    (denominator).
    """

    value: float
    low: float
    high: float
    n: int
    held: float
    asked: float


Values = dict[str, MeasureValue]


class Latency(BaseModel):
    """Milliseconds per answer, measured by the caller."""

    median: float
    p95: float


class Measurements(BaseModel):
    """All measurements of a run; `types` by group ("all" for all cases) and kind of question."""

    cases: int
    all: Values
    groups: dict[str, Values]
    sets: dict[str, Values]
    types: dict[str, dict[str, Values]]
    latency: Latency


def compute_measurements(rows: Sequence[ScoredCase]) -> Measurements:
    """Return the measurements of these cases, for all of them, by group of corpora, by file
    (`set`), and by kind of question in all and in each group. Raises ValueError without cases.
    """
    if not rows:
        raise ValueError("no cases, no figures")
    groups = _values_by(rows, lambda row: row.group)
    types = {}
    for name in (ALL, *groups):
        rows_of_group = [row for row in rows if name in (ALL, row.group)]
        types[name] = dict(sorted(_values_by(rows_of_group, lambda row: row.case.type).items()))
    times = np.percentile([row.judgement.answered_case.milliseconds for row in rows], [50, 95])
    return Measurements(
        cases=len(rows),
        all=compute_measures(row.judgement for row in rows),
        groups=groups,
        sets=_values_by(rows, lambda row: row.set),
        types=types,
        latency=Latency(median=times[0], p95=times[1]),
    )


def compute_measures(judgements: Iterable[Judgement]) -> Values:
    """Return every measure that applies to some case, with its value over all cases to which it
    applies.
    """
    ratios = [judgement.ratios for judgement in judgements]
    results = {}
    for measure in MEASURES:
        value = estimate([case[measure.name] for case in ratios if measure.name in case])
        if value is not None:
            results[measure.name] = value
    return results


def estimate(ratios: Sequence[Ratio]) -> MeasureValue | None:
    """Return the ratio of summed numerators to summed denominators with its interval; None if
    nothing is measured.

    A ratio is one case's (numerator, denominator): (1, 1) for a case that is right, (2, 3) where
    two of its three citations are. The interval is Wilson's (1927) over cases.
    """
    held, asked = sum(ratio[0] for ratio in ratios), sum(ratio[1] for ratio in ratios)
    if not asked:
        return None
    low, high = _wilson_interval(held / asked, len(ratios))
    return MeasureValue(
        value=held / asked, low=low, high=high, n=len(ratios), held=held, asked=asked
    )


def _wilson_interval(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of n cases, from 0 to 1.

    The formula is written out, since the share need not be a whole number of cases: it may be 2.5
    of 10.
    """
    center = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    spread = _Z / (1 + _Z**2 / n) * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    low, high = max(center - spread, 0.0), min(center + spread, 1.0)
    return round(low, 9), round(high, 9)  # without what floats leave: 1e-17 is no share


def count_cases(values: Values) -> int:
    """Return the number of cases, without those of open expectation."""
    return values["misled"].n if "misled" in values else 0


def format_values(values: Values, names: Iterable[str]) -> str:
    """Return measures in one line: "75 cases, misled 12 of 75, direct 31 of 60". Measures without a
    value are left out.
    """
    parts = [f"{count_cases(values)} cases"]
    for name in names:
        value = values.get(name)
        if value:
            parts.append(f"{name} {value.held:.0f} of {value.asked:.0f}")
    return ", ".join(parts)


def _values_by(rows: Sequence[ScoredCase], key: Callable[[ScoredCase], str]) -> dict[str, Values]:
    """Return the measures of the rows with each key, in the order in which the keys first occur."""
    judgements = defaultdict[str, list[Judgement]](list)
    for row in rows:
        judgements[key(row)].append(row.judgement)
    return {name: compute_measures(of_key) for name, of_key in judgements.items()}
