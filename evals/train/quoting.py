"""Training of the sentence chooser: of a right item's sentences one that states a fact is to weigh most."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from evals.train.cases import Example
from service.answering.retrieval.sentences import FEATURES

NAME = "sentences.json"
STRENGTH = 1.0  # how much weights are held at where they start
START: Mapping[str, float] = {"label": 2.0}  # hardly a case with facts asks by the label of a field
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrainedQuoting:
    """The weights; of `cases` with corpora left out the share whose best sentence states `some` or `all` facts."""

    weights: dict[str, float]
    cases: int
    some: float
    all: float

    @property
    def content(self) -> str:
        """The weights as a file."""
        return json.dumps({"weights": self.weights}) + "\n"


def train(examples: Sequence[Example]) -> TrainedQuoting:
    """Learn from all examples with facts, measure with each corpus left out."""
    learned = [example for example in examples if example.sentences and any(map(any, example.sentences.stating))]
    results = []
    for corpus in sorted({item.corpus for item in learned}):
        weights = fit([item for item in learned if item.corpus != corpus])
        results += [_best(item, weights) for item in learned if item.corpus == corpus]
    some, whole = np.mean(results, axis=0).tolist()
    named = {name: round(float(weight), 3) for name, weight in zip(FEATURES, fit(learned), strict=True)}
    return TrainedQuoting(named, len(learned), some, whole)


def fit(examples: Sequence[Example]) -> Numbers:
    """The weights with which sentences that state facts are likeliest among those of their item."""
    start = np.array([START.get(name, 0.0) for name in FEATURES])
    data = [
        (example.sentences.features, np.any(example.sentences.stating, axis=0))
        for example in examples
        if example.sentences
    ]

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        total = STRENGTH * float((weights - start) @ (weights - start)) / 2
        slope = STRENGTH * (weights - start)
        for rows, stating in data:
            powers = np.exp(rows @ weights - (rows @ weights).max())
            right = np.where(stating, powers, 0.0)
            total -= float(np.log(right.sum() / powers.sum()))
            slope -= rows.T @ (right / right.sum() - powers / powers.sum())
        return total, slope

    result: Numbers = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return result


def _best(example: Example, weights: Numbers) -> tuple[bool, bool]:
    """Whether the best sentence states some fact, and all of them."""
    assert example.sentences
    best = int(np.argmax(example.sentences.features @ weights))
    stated = [fact[best] for fact in example.sentences.stating]
    return any(stated), all(stated)
