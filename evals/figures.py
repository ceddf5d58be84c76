"""What a run comes to: every measure over all cases, by group of papers, by set, by kind of question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from pydantic import BaseModel

from evals.cases import Case
from evals.metrics.judging import Judgement, Ratio
from evals.metrics.measures import MEASURES

ALL = "all"
_Z = 1.959964  # of the normal distribution, both sides together .05


@dataclass(frozen=True)
class FigureRow:
    """A case of a run: its file's name, its papers and their group, the judgement, the answer as it was sent."""

    set: str
    corpus: str
    group: str
    judgement: Judgement
    answer: Mapping[str, Any]

    @property
    def case(self) -> Case:
        """The case that was asked."""
        return self.judgement.case


class FigureValue(BaseModel):
    """A measure over `n` cases with its 95 % interval; `held` of `asked` are what it is the ratio of."""

    value: float
    low: float
    high: float
    n: int
    held: float
    asked: float


Values = dict[str, FigureValue]


class Latency(BaseModel):
    """Milliseconds per answer as the asker saw them."""

    median: float
    p95: float
    longest: float


class Measurements(BaseModel):
    """All figures of a run; `types` by group of papers ("all" for all)."""

    cases: int
    all: Values
    groups: dict[str, Values]
    sets: dict[str, Values]
    types: dict[str, dict[str, Values]]
    latency: Latency


def figures_of(rows: Sequence[FigureRow]) -> Measurements:
    """The figures of these cases; raises ValueError where there are none."""
    if not rows:
        raise ValueError("no cases, no figures")
    groups = _split(rows, lambda row: row.group)
    together = {ALL: list(rows), **groups}
    times = np.percentile([row.judgement.asked.milliseconds for row in rows], [50, 95, 100])
    return Measurements(
        cases=len(rows),
        all=values_of(row.judgement for row in rows),
        groups=_values(groups),
        sets=_values(_split(rows, lambda row: row.set)),
        types={name: _values(_split(own, lambda row: row.case.type), ordered=True) for name, own in together.items()},
        latency=Latency(median=times[0], p95=times[1], longest=times[2]),
    )


def values_of(judgements: Iterable[Judgement]) -> Values:
    """Every measure that some case asks for; measures none asks for are left out."""
    ratios = [judgement.ratios for judgement in judgements]
    results = {
        measure.name: estimate([own[measure.name] for own in ratios if measure.name in own]) for measure in MEASURES
    }
    return {name: value for name, value in results.items() if value is not None}


def estimate(ratios: Sequence[Ratio]) -> FigureValue | None:
    """The ratio of summed numerators to summed denominators with its interval; None where nothing is measured.

    A ratio is one case's (numerator, denominator): (1, 1) for a case that is right, (2, 3) where two of its three
    citations are. The interval is Wilson's (1927) over cases.
    """
    reached, asked = sum(ratio[0] for ratio in ratios), sum(ratio[1] for ratio in ratios)
    if not asked:
        return None
    low, high = _wilson(reached / asked, len(ratios))
    return FigureValue(value=reached / asked, low=low, high=high, n=len(ratios), held=reached, asked=asked)


def _wilson(share: float, n: int) -> tuple[float, float]:
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    spread = _Z / (1 + _Z**2 / n) * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return max(middle - spread, 0.0), min(middle + spread, 1.0)


def count_cases(values: Values) -> int:
    """How many cases figures are of, without open ones."""
    return values["misled"].n if "misled" in values else 0


def format_values(values: Values, names: Iterable[str]) -> str:
    """Figures in one line: "75 cases, misled 12 of 75, direct 31 of 60"."""
    shares = [f"{name} {value.held:.0f} of {value.asked:.0f}" for name in names if (value := values.get(name))]
    return ", ".join([f"{count_cases(values)} cases", *shares])


def _split(rows: Sequence[FigureRow], key: Callable[[FigureRow], str]) -> dict[str, list[FigureRow]]:
    return {name: [row for row in rows if key(row) == name] for name in dict.fromkeys(map(key, rows))}


def _values(groups: Mapping[str, Sequence[FigureRow]], *, ordered: bool = False) -> dict[str, Values]:
    names = sorted(groups) if ordered else list(groups)
    return {name: values_of(row.judgement for row in groups[name]) for name in names}


def ratios_without(rows: Iterable[FigureRow], measure: str, left_out: frozenset[str]) -> list[Ratio]:
    """A measure's ratios, cases that are left out aside."""
    results = (row.judgement.ratios.get(measure) for row in rows if row.case.id not in left_out)
    return [ratio for ratio in results if ratio is not None]
