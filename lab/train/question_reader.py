"""Training of the question reader (one classifier head per label), validated on writers left out of
training.

Every question is learned in three versions: as typed, with placeholders for places (as the matcher
of values makes them), and with placeholders for units, numbers, documents, titles and topics too.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import astuple, dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from evals.asking import Show
from lab.train.questions import HEADS, TrainingQuestion
from service.answering import (
    Classifier,
    ClassifierHead,
    count_features,
    with_placeholders,
)

MIN_QUESTIONS = {"s": 2, "c": 4, "f": 2}  # with a feature, by its block (first letter of its name)
REGULARIZATION = 10.0  # C of the regression: values from 1 to 30 differ by less than .01
MAX_ITERATIONS = 100
MAX_FEATURES = 16_000  # those with the largest weights
Labels = Mapping[str, Sequence[str | None]]
VALUES = ("place",)  # kinds of values that the matcher replaces by placeholders
NAMES = (*VALUES, "unit", "ref", "document", "title", "topic")
FOLDS = 6  # groups of writers, each left out once
TEMPERATURES = np.geomspace(0.4, 2.5, 40)
# of each question the right class, and the probabilities by class
Rows = list[tuple[str, dict[str, float]]]


class FeatureCounts:
    """The feature counts of questions in several versions, computed once for trainings on all or
    some questions.

    `rows` has shape (questions x versions, features), the versions of a question in a row; a value
    is 1 + log(count). `names` are the features in alphabetical order, each after the letter of its
    block: "c: rad", "s:radweg".
    """

    def __init__(self, questions: Sequence[Sequence[str]]) -> None:
        """Count the features of questions, each given in its versions, of which all questions have
        the same number.
        """
        self.versions = len(questions[0])
        vectorizer = DictVectorizer()
        texts = chain.from_iterable(questions)
        self.rows = vectorizer.fit_transform(_log_counts(text) for text in texts)
        self.names: list[str] = vectorizer.feature_names_

    def of(self, questions: Sequence[int]) -> FeatureCounts:
        """Return the counts of these questions (indexes) only."""
        result = copy(self)
        result.rows = self.rows[self.row_indexes(questions)]
        return result

    def row_indexes(self, questions: Sequence[int]) -> list[int]:
        """Return the row indexes of all versions of these questions (indexes)."""
        return [
            self.versions * index + version
            for index in questions
            for version in range(self.versions)
        ]

    def weighted(self) -> tuple[list[str], NDArray[np.float64], csr_matrix]:
        """Return the names of the frequent features, their rarity, and the weighted rows.

        A feature is frequent if it is in about as many questions as MIN_QUESTIONS has for its
        block, or in more. The rarity is the idf, and 1 for features of block f (first and last
        words, length). In each row the features of a block have norm 1 together, so that no block
        outweighs another by its number of features.
        """
        total, columns = self.rows.shape
        frequencies = np.bincount(self.rows.indices, minlength=columns)
        # counted in rows: each question has one for each version
        minimum = np.array([self.versions * MIN_QUESTIONS[name[0]] for name in self.names])
        columns_kept = np.flatnonzero(frequencies >= minimum)
        names = [self.names[column] for column in columns_kept]
        rarity = np.log((1 + total) / (1 + frequencies[columns_kept])) + 1
        rarity[[name[0] == "f" for name in names]] = 1.0
        rows = csr_matrix(self.rows[:, columns_kept] @ diags_array(rarity))
        # in the order of the alphabet, as the columns are
        blocks = np.array([name[0] for name in names])
        normalized = [
            normalize(rows[:, np.flatnonzero(blocks == block)]) for block in np.unique(blocks)
        ]
        return names, rarity, csr_matrix(hstack(normalized))


def _log_counts(text: str) -> dict[str, float]:
    """Return 1 + log(count) by feature name, which begins with the letter of its block: "s:radweg".
    The logarithm keeps a repeated word from counting several times as much.
    """
    return {
        f"{block}:{name}": 1 + math.log(count)
        for block, counted in count_features(text).items()
        for name, count in counted.items()
    }


def fit_classifier(
    counts: FeatureCounts,
    labels: Labels,
    temperatures: Mapping[str, float] | None = None,
) -> Classifier:
    """Return a classifier trained on questions and their labels by head (None: not labelled).

    Each head is a regression of its own, over the questions that have a label for it; all versions
    of a question have its label. Classes weigh the same, however rare. The logits of a head are
    divided by its temperature, which calibrates them; without `temperatures` they stay.
    """
    names, rarity, rows = counts.weighted()
    heads: dict[str, ClassifierHead] = {}
    weights: list[NDArray[np.float64]] = []
    intercepts: list[float] = []
    for head, classes in labels.items():
        known = [index for index, label in enumerate(classes) if label is not None]
        model = LogisticRegression(
            C=REGULARIZATION, max_iter=MAX_ITERATIONS, class_weight="balanced", tol=1e-3
        )
        model.fit(
            rows[counts.row_indexes(known)],
            np.repeat([str(classes[index]) for index in known], counts.versions),
        )
        coefficients, constants = model.coef_, model.intercept_
        if len(coefficients) == 1:  # two classes: scikit-learn has weights for the second only
            coefficients = np.vstack([np.zeros_like(coefficients[0]), coefficients[0]])
            constants = np.array([0.0, constants[0]])
        heads[head] = ClassifierHead(head, tuple(map(str, model.classes_)), len(intercepts))
        weights.extend(coefficients / (temperatures or {}).get(head, 1.0))
        intercepts.extend(constants / (temperatures or {}).get(head, 1.0))
    return _compress(heads, names, rarity, np.array(weights), intercepts)


def _compress(
    heads: dict[str, ClassifierHead],
    names: Sequence[str],
    rarity: NDArray[np.float64],
    weights: NDArray[np.float64],
    intercepts: Sequence[float],
) -> Classifier:
    """Return the classifier with only the MAX_FEATURES features that have the largest weights for
    any class, in their old order.

    The weights, of shape (classes, features), are stored in eight bits: for each class as whole
    numbers from -127 to 127 and a `scale` to multiply them by.
    """
    columns_kept = np.sort(np.argsort(-np.abs(weights).max(axis=0), kind="stable")[:MAX_FEATURES])
    weights = weights[:, columns_kept]
    scale = np.maximum(np.abs(weights).max(axis=1), 1e-9) / 127
    return Classifier(
        heads=heads,
        feature_indices={names[old]: new for new, old in enumerate(columns_kept)},
        idf=[float(np.float16(rarity[old])) for old in columns_kept],
        weights=np.rint(weights / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
        intercept=np.array(intercepts, dtype=np.float32),
    )


@dataclass(frozen=True, slots=True)
class TrainedReader:
    """The trained reader; `left_out` has by head right classes and probabilities of writers left
    out.
    """

    reader: Classifier
    left_out: Mapping[str, Rows]
    writers: Sequence[str]

    @property
    def content(self) -> bytes:
        """The reader as a file; the same bytes for the same reader."""
        reader, buffer = self.reader, io.BytesIO()
        heads = json.dumps(list(map(astuple, reader.heads.values())))
        np.savez_compressed(
            buffer,
            heads=np.frombuffer(heads.encode(), dtype=np.uint8),
            names=np.frombuffer("\n".join(reader.feature_indices).encode(), dtype=np.uint8),
            rarity=np.array(reader.idf, dtype=np.float16),
            weights=reader.weights,
            scale=reader.scale,
            intercept=reader.intercept,
        )
        return buffer.getvalue()

    @property
    def heads(self) -> dict[str, dict[str, float]]:
        """For each head how good it is on questions of writers left out: the number of questions,
        the share whose likeliest class is right, and how far the probabilities of these classes are
        off on average (calibration error).
        """
        results = {}
        for head, rows in self.left_out.items():
            outcomes = []
            for right, shares in rows:
                likeliest = max(shares, key=lambda name: shares[name])
                outcomes.append((shares[likeliest], likeliest == right))
            count = sum(is_right for _, is_right in outcomes)
            results[head] = {
                "questions": len(rows),
                "accuracy": round(count / (len(rows) or 1), 3),
                "calibration error": calibration_error(outcomes),
            }
        return results

    @property
    def figures(self) -> str:
        """Writers and heads as JSON."""
        return json.dumps({"writers": list(self.writers), "heads": self.heads}, indent=1) + "\n"


def make_versions(question: TrainingQuestion) -> tuple[str, str, str]:
    """Return the three versions of a question to learn from: as written, with placeholders for
    values, and with placeholders for names.

    In the service the reader gets questions like the second version.
    """
    text, spans = question.text, question.spans
    values = with_placeholders(text, [span for span in spans if span.kind in VALUES])
    return text, values, with_placeholders(text, [span for span in spans if span.kind in NAMES])


def train(questions: Sequence[TrainingQuestion], show: Show) -> TrainedReader:
    """Train on all questions; measure and calibrate with writers left out.

    The writers are divided into FOLDS groups. Each group's questions are predicted by a model
    trained on the others; from these predictions follow the temperature of each head and its
    quality. The reader itself is trained on all questions.
    """
    counts = FeatureCounts([make_versions(question) for question in questions])
    labels: dict[str, list[str | None]] = {}
    for head in HEADS:
        labels[head] = [question.label(head) for question in questions]
    writers = sorted({question.writer for question in questions})
    results: dict[str, Rows] = {head: [] for head in HEADS}
    for fold in range(FOLDS):
        show("Urheber auslassen", fold / (FOLDS + 1))
        _predict_left_out(counts, labels, questions, set(writers[fold::FOLDS]), results)
    temperatures = {head: temperature(rows) for head, rows in results.items()}
    for head, learned in temperatures.items():
        results[head] = [(right, _calibrate(shares, learned)) for right, shares in results[head]]
    return TrainedReader(fit_classifier(counts, labels, temperatures), results, writers)


def _predict_left_out(
    counts: FeatureCounts,
    labels: Labels,
    questions: Sequence[TrainingQuestion],
    left_out: set[str],
    results: Mapping[str, Rows],
) -> None:
    """Train without the writers left out, and add predictions for their questions to `results`, by
    head.

    The prediction is for the version with placeholders for values, which the service sees.
    Questions without a label for a head are not added to it. A class that no question in the
    training has gets the probability 0.
    """
    training = [index for index, item in enumerate(questions) if item.writer not in left_out]
    training_labels, classes = {}, {}
    for head, of_head in labels.items():
        training_labels[head] = [of_head[index] for index in training]
        classes[head] = dict.fromkeys(sorted(set(filter(None, of_head))), 0.0)
    reader = fit_classifier(counts.of(training), training_labels)
    for index, item in enumerate(questions):
        if item.writer not in left_out:
            continue
        for head, probabilities in reader.probabilities(make_versions(item)[1]).items():
            right = labels[head][index]
            if right is not None:
                results[head].append((right, classes[head] | probabilities))


def temperature(rows: Rows) -> float:
    """Return the temperature of a head, of TEMPERATURES the one that makes the right classes most
    likely. Probabilities become more even above 1 and more extreme below 1; 1 changes nothing.
    `rows` are predictions for questions left out.
    """
    # columns of right classes
    rights = np.array([list(probabilities).index(right) for right, probabilities in rows])
    # logarithms of probabilities are logits up to a constant, which does not matter
    logs = np.log(np.maximum([list(probabilities.values()) for _, probabilities in rows], 1e-12))

    def loss(divisor: float) -> float:
        scaled = logs / divisor
        right = scaled[np.arange(len(rights)), rights]
        return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - right))

    return float(min(TEMPERATURES, key=loss))


def _calibrate(probabilities: Mapping[str, float], divisor: float) -> dict[str, float]:
    """Return the probabilities of a question as if the logits had been divided by a temperature:
    each is raised to 1 / temperature, and they sum to 1 again.
    """
    powers = {name: max(share, 1e-12) ** (1 / divisor) for name, share in probabilities.items()}
    return {name: power / sum(powers.values()) for name, power in powers.items()}


def calibration_error(probabilities: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error (Naeini 2015) of predictions, over ten bins of
    probability: how far the mean probability of a bin is from the share of its predictions that are
    right, on average over all predictions.

    Each prediction is given as (probability, is right).
    """
    differences = [0.0] * 10
    for probability, right in probabilities:
        differences[min(int(probability * 10), 9)] += probability - right
    return round(sum(map(abs, differences)) / (len(probabilities) or 1), 3)
