"""Training of the sentence chooser: of a right item's sentences, one that states a fact shall score
highest.
"""

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
REGULARIZATION = 1.0  # strength with which weights are kept near their start
START: Mapping[str, float] = {
    "label": 2.0
}  # too few cases ask by a field label to learn its weight
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrainedQuoting:
    """The weights, and the share of `cases` (corpora left out) whose best sentence states `some` or
    `all` facts.
    """

    weights: dict[str, float]
    cases: int
    some: float
    all: float

    @property
    def content(self) -> str:
        """The weights as JSON."""
        return json.dumps({"weights": self.weights}) + "\n"


def train(examples: Sequence[Example]) -> TrainedQuoting:
    """Train on all examples with facts, and measure with each corpus left out."""
    with_facts = [
        example
        for example in examples
        if example.sentences and any(map(any, example.sentences.stating))
    ]
    outcomes = []
    for corpus in sorted({item.corpus for item in with_facts}):
        weights = fit([item for item in with_facts if item.corpus != corpus])
        outcomes += [_best(item, weights) for item in with_facts if item.corpus == corpus]
    some, all_facts = np.mean(outcomes, axis=0).tolist()
    weights_by_name = {
        name: round(float(weight), 3)
        for name, weight in zip(FEATURES, fit(with_facts), strict=True)
    }
    return TrainedQuoting(weights_by_name, len(with_facts), some, all_facts)


def fit(examples: Sequence[Example]) -> Numbers:
    """Return the weights by which, per item, sentences that state facts are most likely (softmax
    over sentences).
    """
    start = np.array([START.get(name, 0.0) for name in FEATURES])
    items = [example.sentences for example in examples if example.sentences]
    data = [(sentences.features, np.any(sentences.stating, axis=0)) for sentences in items]

    def loss(
        weights: Numbers,
    ) -> tuple[float, Numbers]:  # negative log-likelihood, regularized, and its gradient
        total = REGULARIZATION * float((weights - start) @ (weights - start)) / 2
        slope = REGULARIZATION * (weights - start)
        for rows, stating in data:
            powers = np.exp(rows @ weights - (rows @ weights).max())
            right = np.where(stating, powers, 0.0)
            total -= float(np.log(right.sum() / powers.sum()))
            slope -= rows.T @ (right / right.sum() - powers / powers.sum())
        return total, slope

    result: Numbers = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return result


def _best(example: Example, weights: Numbers) -> tuple[bool, bool]:
    """Return whether the best sentence states some fact, and whether it states all."""
    assert example.sentences
    best = int(np.argmax(example.sentences.features @ weights))
    stated = [fact[best] for fact in example.sentences.stating]
    return any(stated), all(stated)
