"""Linear models over words and letters: what is seen in texts, a logistic regression per head, in eight bits."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from copy import copy
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array
from sklearn.linear_model import LogisticRegression

from service.answering.reading.classifier import Classifier, Head
from service.answering.reading.features import counts

LEAST_OFTEN = {"s": 2, "c": 4, "f": 2}  # questions that a feature must be seen in, by block
STRENGTH = 10.0  # C of the regression: 1 to 30 differ by less than .01
ROUNDS = 100
KEPT = 16_000  # features, those with the largest weights
Labels = Mapping[str, Sequence[str | None]]


class Seen:
    """What is seen in questions, each in several versions: counted once, for trainings on some of them or on all."""

    def __init__(self, questions: Sequence[Sequence[str]]) -> None:
        self.versions = len(questions[0])
        columns: dict[str, int] = {}
        places, values, ends = array("i"), array("d"), [0]
        for text in chain.from_iterable(questions):
            for block, found in counts(text).items():
                places.extend(columns.setdefault(f"{block}:{name}", len(columns)) for name in found)
                values.extend(1 + math.log(n) for n in found.values())
            ends.append(len(places))
        order = np.argsort(np.array(list(columns)))
        self.names = sorted(columns)
        entries = np.frombuffer(values), np.frombuffer(places, dtype=np.intc), ends
        self.rows = csr_matrix(entries, shape=(len(ends) - 1, len(columns)))[:, order]

    def of(self, questions: Sequence[int]) -> Seen:
        """What is seen in these questions alone, by their places."""
        found = copy(self)
        found.rows = self.rows[self.places(questions)]
        return found

    def places(self, questions: Sequence[int]) -> list[int]:
        """The rows of these questions, all versions of each."""
        return [self.versions * place + version for place in questions for version in range(self.versions)]

    def weighed(self) -> tuple[list[str], NDArray[np.float64], csr_matrix]:
        """The features that occur often enough, how rare each is, and the rows; each block of a row has length 1."""
        total, columns = self.rows.shape
        often = np.bincount(self.rows.indices, minlength=columns)
        enough = np.array([self.versions * LEAST_OFTEN[name[0]] for name in self.names])
        kept = np.flatnonzero(often >= enough)
        names = [self.names[place] for place in kept]
        rarity = np.log((1 + total) / (1 + often[kept])) + 1
        rarity[[name[0] == "f" for name in names]] = 1.0
        return names, rarity, _of_length_one(csr_matrix(self.rows[:, kept] @ diags_array(rarity)), names)


def _of_length_one(rows: csr_matrix, names: Sequence[str]) -> csr_matrix:
    """Each entry divided by the length of its block in its row."""
    squares = rows.multiply(rows)
    lengths = [
        np.sqrt(np.maximum(squares @ np.array([float(name[0] == block) for name in names]), 1e-300))
        for block in LEAST_OFTEN
    ]
    blocks = {block: number for number, block in enumerate(LEAST_OFTEN)}
    block_of = np.array([blocks[name[0]] for name in names])
    row_of = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    rows.data = rows.data / np.array(lengths)[block_of[rows.indices], row_of]
    return rows


def fitted(
    seen: Seen,
    labels: Labels,
    temperatures: Mapping[str, float] | None = None,
    least: Mapping[str, Mapping[str, float]] | None = None,
) -> Classifier:
    """Learn heads from questions and their labels by head, None where one has none.

    What a head says is divided by its temperature, which calibrates it; `least` are the probabilities from which its
    classes are believed.
    """
    names, rarity, rows = seen.weighed()
    heads: dict[str, Head] = {}
    weights: list[NDArray[np.float64]] = []
    intercepts: list[float] = []
    for head, told in labels.items():
        known = [place for place, name in enumerate(told) if name is not None]
        model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, class_weight="balanced", tol=1e-3)
        model.fit(rows[seen.places(known)], np.repeat([str(told[place]) for place in known], seen.versions))
        own, free = model.coef_, model.intercept_
        if len(own) == 1:
            own, free = np.vstack([np.zeros_like(own[0]), own[0]]), np.array([0.0, free[0]])
        heads[head] = Head(head, tuple(map(str, model.classes_)), len(intercepts), (least or {}).get(head, {}))
        weights.extend(own / (temperatures or {}).get(head, 1.0))
        intercepts.extend(free / (temperatures or {}).get(head, 1.0))
    return _small(heads, names, rarity, np.array(weights), intercepts)


def _small(
    heads: dict[str, Head],
    names: Sequence[str],
    rarity: NDArray[np.float64],
    weights: NDArray[np.float64],
    intercepts: Sequence[float],
) -> Classifier:
    """The classifier with its weightiest features only, in eight bits."""
    kept = np.sort(np.argsort(-np.abs(weights).max(axis=0), kind="stable")[:KEPT])
    weights = weights[:, kept]
    scale = np.maximum(np.abs(weights).max(axis=1), 1e-9) / 127
    return Classifier(
        heads=heads,
        names={names[old]: new for new, old in enumerate(kept)},
        rarity=[float(np.float16(rarity[old])) for old in kept],
        weights=np.rint(weights / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
        intercept=np.array(intercepts, dtype=np.float32),
    )
