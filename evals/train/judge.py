"""Training of the judge: whether a found entry is a right one whose passage holds the facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from service.answering.finding.fitting import fitting
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from evals.train.cases import Example, matrix
from evals.train.reader import calibration_error
from service.answering.context import FEATURES

NAME = "judge.json"
STRENGTH = 0.5  # C of the regression: of .05 to 1 the best on papers left out
MISLED = 0.12  # share of all questions that may be answered wrongly, of papers left out
CLAIMED = 0.5  # no answer is claimed that is likelier wrong than right
THRESHOLDS = tuple(round(0.01 * step, 2) for step in range(101))
TOLD = 5  # every so many of them is told
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """What comes of answering from this probability on: right of the answerable questions, wrong of all, 0 to 1."""

    threshold: float
    direct: float
    misled: float


@dataclass(frozen=True, slots=True)
class Trained:
    """The weights, and what they are worth on papers left out: area under the curve, calibration, what comes of it."""

    weights: dict[str, float]
    intercept: float
    answers: float
    cases: int
    area: float
    calibration: float
    curve: tuple[Point, ...]

    @property
    def told(self) -> tuple[Point, ...]:
        """The points of the curve that are told, the chosen one among them."""
        return tuple(one for n, one in enumerate(self.curve) if n % TOLD == 0 or one.threshold == self.answers)

    @property
    def content(self) -> str:
        """The weights as a file."""
        told = {"weights": self.weights, "intercept": self.intercept, "answers": self.answers}
        return json.dumps(told) + "\n"


def train(examples: Sequence[Example]) -> Trained:
    """Learn from the first entries of the examples for which it fits, judge with each paper left out."""
    examples = [replace(one, entries=one.entries if first_fits(one) else ()) for one in examples]
    told: dict[int, list[float]] = {}
    for paper in sorted({one.paper for one in examples}):
        model = fitted([one for one in examples if one.paper != paper])
        told |= {id(one): shares for one, shares in judged([one for one in examples if one.paper == paper], model)}
    shares = [told[id(one)] for one in examples]
    first = [(found[0], one.entries[0].holds) for one, found in zip(examples, shares, strict=True) if found]
    curve = tuple(point(threshold, examples, shares) for threshold in THRESHOLDS)
    model = fitted(examples)
    return Trained(
        {name: round(float(weight), 3) for name, weight in zip(FEATURES, model.coef_[0], strict=True)},
        round(float(model.intercept_[0]), 3),
        max(CLAIMED, next(one.threshold for one in curve if one.misled <= MISLED)),
        len(examples),
        float(roc_auc_score([holds for _, holds in first], [share for share, _ in first])),
        calibration_error(first),
        curve,
    )


def first_fits(example: Example) -> bool:
    """Whether the first entry is shown at all."""
    return bool(fitting([entry.found for entry in example.entries[:1]], example.spoken))


def fitted(examples: Sequence[Example]) -> LogisticRegression:
    """The regression over the first entries of the examples."""
    entries = [entry for one in examples for entry in one.entries[:1]]
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    return model.fit(matrix([one.features for one in entries], FEATURES), [one.holds for one in entries])


def judged(examples: Sequence[Example], model: LogisticRegression) -> Iterator[tuple[Example, list[float]]]:
    """Each example with the probabilities of its entries."""
    for one in examples:
        rows = matrix([entry.features for entry in one.entries], FEATURES)
        yield one, model.predict_proba(rows)[:, 1].tolist() if len(rows) else []


def point(threshold: float, examples: Sequence[Example], shares: Sequence[Sequence[float]]) -> Point:
    """What comes of answering with the first entry where its probability is at least this."""
    claimed = [one for one, found in zip(examples, shares, strict=True) if found and found[0] >= threshold]
    right = sum(one.entries[0].holds for one in claimed)
    answerable = sum(one.answerable for one in examples)
    return Point(threshold, right / max(1, answerable), (len(claimed) - right) / max(1, len(examples)))
