"""Training of the sentence chooser: of a right entry's sentences one that holds a fact is to weigh most."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from service.answering.finding.sentences import FEATURES

from evals.train.cases import Example, matrix

NAME = "sentences.json"
STRENGTH = 1.0  # how much weights are held at where they start
START: Mapping[str, float] = {"label": 2.0}  # hardly a case with facts asks by the label of a field
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trained:
    """The weights; of `cases` with papers left out the share whose best sentence holds `some` or `all` facts."""

    weights: dict[str, float]
    cases: int
    some: float
    all: float

    @property
    def content(self) -> str:
        """The weights as a file."""
        return json.dumps({"weights": self.weights}) + "\n"


def train(examples: Sequence[Example]) -> Trained:
    """Learn from all examples with facts, judge with each paper left out."""
    learned = [one for one in examples if one.sentences and any(map(any, one.sentences.says))]
    told = []
    for paper in sorted({one.paper for one in learned}):
        weights = fitted([one for one in learned if one.paper != paper])
        told += [_told(one, weights) for one in learned if one.paper == paper]
    weights = fitted(learned)
    some, whole = np.mean(told, axis=0).tolist()
    named = {name: round(float(weight), 3) for name, weight in zip(FEATURES, weights, strict=True)}
    return Trained(named, len(learned), some, whole)


def fitted(examples: Sequence[Example]) -> Numbers:
    """The weights with which sentences that hold facts are likeliest among those of their entry."""
    start = np.array([START.get(name, 0.0) for name in FEATURES])
    data = [(matrix(one.sentences.features, FEATURES), _holds(one)) for one in examples if one.sentences]

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        total = STRENGTH * float((weights - start) @ (weights - start)) / 2
        slope = STRENGTH * (weights - start)
        for rows, holds in data:
            powers = np.exp(rows @ weights - (rows @ weights).max())
            right = np.where(holds, powers, 0.0)
            total -= float(np.log(right.sum() / powers.sum()))
            slope -= rows.T @ (right / right.sum() - powers / powers.sum())
        return total, slope

    found: Numbers = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found


def _holds(example: Example) -> NDArray[np.bool_]:
    held: NDArray[np.bool_] = np.any(example.sentences.says if example.sentences else [], axis=0)
    return held


def _told(example: Example, weights: Numbers) -> tuple[bool, bool]:
    """Whether the best sentence holds some fact, and all of them."""
    assert example.sentences
    best = int(np.argmax(matrix(example.sentences.features, FEATURES) @ weights))
    held = [fact[best] for fact in example.sentences.says]
    return any(held), all(held)
