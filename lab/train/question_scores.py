"""Linear scores of questions by their vectors, measured on groups left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from vectorstore import Embedding

FOLDS = 6
REGULARIZATION = 0.1  # C, of .005 to 1
VECTOR_SCALE = 20.0  # makes the cosines of e5 vectors, which lie close together, comparable
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


class ScoredQuestion(NamedTuple):
    """A question, whether the score shall recognize it, the group that is left out with it, and
    whether it is measured.
    """

    text: str
    is_positive: bool
    group: str
    is_measured: bool


@dataclass(frozen=True, slots=True)
class TrainedScore:
    """The model as a file, and how it decides on groups left out: of the measured questions
    `positive` ones, of which `missed` are not recognized, and `negative` ones, of which `false` are
    recognized.
    """

    content: str
    positive: int
    missed: int
    negative: int
    false: int


def train_score(
    questions: Sequence[ScoredQuestion],
    embedding: Embedding,
    max_false: float,
    is_certain: Callable[[str], bool] = lambda _: False,
    is_possible: Callable[[str], bool] = lambda _: True,
) -> TrainedScore:
    """Train a score on all questions.

    The least score that counts is chosen by cross-validation, so that at most the share `max_false`
    of the measured negative questions is recognized. A question for which `is_certain` is true is
    recognized whatever its score is, one for which `is_possible` is false never: as by words in the
    service. Negative questions that are certain use up part of the share, so fewer are allowed by
    score.
    """
    vectors = np.array([embedding.vector(item.text) for item in questions], dtype=np.float64)
    is_positive = np.array([item.is_positive for item in questions])
    groups = [item.group for item in questions]

    def fit(indices: NDArray[np.int64]) -> Numbers:
        flags = is_positive[indices]
        return fit_direction(vectors[indices], flags, VECTOR_SCALE, _balanced_weights(flags))

    scores = score_left_out(vectors, groups, FOLDS, fit)
    certain = np.array([is_certain(item.text) for item in questions])
    possible = np.array([is_possible(item.text) for item in questions])
    measured = np.array([item.is_measured for item in questions])
    negative, positive = measured & ~is_positive, measured & is_positive
    allowed = max_false * negative.sum() - (negative & certain).sum()
    least = _find_least(scores[negative & possible & ~certain], allowed)
    accepted = certain | (possible & (scores >= least))
    return TrainedScore(
        _format_score(fit(np.arange(len(questions))), least),
        positive=int(positive.sum()),
        missed=int((positive & ~accepted).sum()),
        negative=int(negative.sum()),
        false=int((negative & accepted).sum()),
    )


def score_left_out(
    vectors: Numbers,
    groups: Sequence[str],
    folds: int,
    fit: Callable[[NDArray[np.int64]], Numbers],
) -> Numbers:
    """Return the score of each vector by a direction that has not seen its group. The groups are
    divided into so many `folds`, each left out once; `fit` returns the direction learned from the
    vectors with these indices.
    """
    scores = np.zeros(len(vectors))
    for training, left_out in GroupKFold(folds).split(vectors, groups=groups):
        scores[left_out] = score_vectors(vectors[left_out], fit(training))
    return scores


def score_vectors(vectors: Numbers, direction: Numbers) -> Numbers:
    """Return the score of each vector by a direction, whose last number is its intercept: the
    product of both plus the intercept. For n vectors the result has shape (n,), for one it is a
    number.
    """
    scores: Numbers = vectors @ direction[:-1] + direction[-1]
    return scores


def fit_direction(vectors: Numbers, flags: Flags, scale: float, weights: Numbers) -> Numbers:
    """Return the direction of a logistic regression on weighted vectors, shape (d + 1,): its
    intercept is last.

    Before, the vectors are centered and multiplied by `scale`, because they lie close together. The
    direction returned is for vectors as they are.
    """
    center = vectors.mean(axis=0)
    model = LogisticRegression(C=REGULARIZATION, max_iter=3000)
    model.fit(scale * (vectors - center), flags, sample_weight=weights)
    direction = scale * model.coef_[0]
    return np.append(direction, model.intercept_[0] - center @ direction)


def _balanced_weights(flags: Flags) -> Numbers:
    """Return a weight for each question, so that positive and negative ones weigh the same."""
    by_class = len(flags) / (2 * np.bincount(flags))
    weights: Numbers = by_class[flags.astype(int)]
    return weights


def _find_least(scores: Numbers, false: float) -> float:
    """Return the least score that at most `false` of these negative questions reach: a little more
    than that of the next one.
    """
    descending = np.sort(scores)[::-1]
    return float(descending[int(false)]) + 1e-6


def _format_score(direction: Numbers, least: float) -> str:
    """Return a direction, whose last number is its intercept, and the least score that counts as
    the JSON of a model file.
    """
    *weights, intercept = (round(float(weight), 3) for weight in direction)
    fields = {"weights": weights, "intercept": intercept, "least": round(least, 3)}
    return json.dumps(fields, separators=(",", ":")) + "\n"
