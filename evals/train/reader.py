"""Training of the reader of questions, and how well it reads questions of writers that it has not seen.

Every question is learned three times: as typed, with places as placeholders as the matcher puts them in, and with
units, numbers, papers, titles and topics as placeholders too.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array
from sklearn.linear_model import LogisticRegression

from evals.train.questions import HEADS, OF_CONTENT, TrainingQuestion
from service.answering.reading.classifier import Classifier, Head, choose_class, counts, packed, with_placeholders

LEAST_OFTEN = {"s": 2, "c": 4, "f": 2}  # questions that a feature must be seen in, by block
STRENGTH = 10.0  # C of the regression: 1 to 30 differ by less than .01
ROUNDS = 100
KEPT = 16_000  # features, those with the largest weights
Labels = Mapping[str, Sequence[str | None]]
VALUES = ("place",)  # kinds of values that the matcher makes placeholders of
NAMES = (*VALUES, "unit", "ref", "document", "title", "topic")
PARTS = 6  # parts that the writers are left out in
FALSE_REFUSALS = 0.0125  # share of questions to the documents that may be taken for others, of writers not seen
MIN_PRECISION = 0.85  # precision from which a class is believed, of writers not seen
TEMPERATURES = np.geomspace(0.4, 2.5, 40)
USUAL = frozenset(("search", "none", "paper", "no", "de"))  # believed where nothing else is
Rows = list[tuple[str, dict[str, float]]]
Show = Callable[[str, float], None]


class Seen:
    """What is seen in questions, each in several versions: counted once, for trainings on some of them or on all."""

    def __init__(self, questions: Sequence[Sequence[str]]) -> None:
        self.versions = len(questions[0])
        columns: dict[str, int] = {}
        places, values, ends = array("i"), array("d"), [0]
        for text in chain.from_iterable(questions):
            for block, result in counts(text).items():
                places.extend(columns.setdefault(f"{block}:{name}", len(columns)) for name in result)
                values.extend(1 + math.log(n) for n in result.values())
            ends.append(len(places))
        order = np.argsort(np.array(list(columns)))
        self.names = sorted(columns)
        entries = np.frombuffer(values), np.frombuffer(places, dtype=np.intc), ends
        self.rows = csr_matrix(entries, shape=(len(ends) - 1, len(columns)))[:, order]

    def of(self, questions: Sequence[int]) -> Seen:
        """What is seen in these questions alone, by their places."""
        result = copy(self)
        result.rows = self.rows[self.places(questions)]
        return result

    def places(self, questions: Sequence[int]) -> list[int]:
        """The rows of these questions, all versions of each."""
        return [self.versions * place + version for place in questions for version in range(self.versions)]

    def weighed(self) -> tuple[list[str], NDArray[np.float64], csr_matrix]:
        """The features that occur often enough, how rare each is, and the rows; each block of a row has length 1."""
        total, columns = self.rows.shape
        often = np.bincount(self.rows.indices, minlength=columns)
        enough = np.array([self.versions * LEAST_OFTEN[name[0]] for name in self.names])
        retained = np.flatnonzero(often >= enough)
        names = [self.names[place] for place in retained]
        rarity = np.log((1 + total) / (1 + often[retained])) + 1
        rarity[[name[0] == "f" for name in names]] = 1.0
        return names, rarity, _of_length_one(csr_matrix(self.rows[:, retained] @ diags_array(rarity)), names)


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
    for head, text in labels.items():
        known = [place for place, name in enumerate(text) if name is not None]
        model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, class_weight="balanced", tol=1e-3)
        model.fit(rows[seen.places(known)], np.repeat([str(text[place]) for place in known], seen.versions))
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
    retained = np.sort(np.argsort(-np.abs(weights).max(axis=0), kind="stable")[:KEPT])
    weights = weights[:, retained]
    scale = np.maximum(np.abs(weights).max(axis=1), 1e-9) / 127
    return Classifier(
        heads=heads,
        names={names[old]: new for new, old in enumerate(retained)},
        rarity=[float(np.float16(rarity[old])) for old in retained],
        weights=np.rint(weights / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
        intercept=np.array(intercepts, dtype=np.float32),
    )


@dataclass(frozen=True, slots=True)
class TrainedReader:
    """The reader, and per head the right class and the probabilities of questions by readers not knowing the writer."""

    reader: Classifier
    unseen: Mapping[str, Rows]
    writers: Sequence[str]

    @property
    def content(self) -> bytes:
        """The reader as a file."""
        return packed(self.reader)

    @property
    def shares(self) -> dict[str, tuple[int, float]]:
        """Per head how many questions it is judged by, and the share that it reads right."""
        right = {
            name: sum(item == max(probabilities, key=probabilities.__getitem__) for item, probabilities in rows)
            for name, rows in self.unseen.items()
        }
        return {name: (len(rows), right[name] / max(1, len(rows))) for name, rows in self.unseen.items()}

    @property
    def figures(self) -> str:
        """What it is worth on writers not seen, as a file."""
        heads = {}
        for name, rows in self.unseen.items():
            likeliest = [
                (right, max(statement, key=statement.__getitem__), max(statement.values())) for right, statement in rows
            ]
            probabilities = [(share, right == statement) for right, statement, share in likeliest]
            accuracy = round(sum(right for _, right in probabilities) / max(1, len(probabilities)), 3)
            heads[name] = {
                "questions": len(rows),
                "accuracy": accuracy,
                "calibration error": calibration_error(probabilities),
            }
        return json.dumps({"writers": list(self.writers), "heads": heads}, indent=1) + "\n"


def versions(question: TrainingQuestion) -> tuple[str, str, str]:
    """The texts of a question that are learned; the second is what the reader is given when it is asked."""
    values, names = ([span for span in question.spans if span.kind in kinds] for kinds in (VALUES, NAMES))
    return question.text, with_placeholders(question.text, values), with_placeholders(question.text, names)


def train(questions: Sequence[TrainingQuestion], show: Show = lambda step, share: None) -> TrainedReader:
    """Learn from all questions; judge, calibrate and choose what is believed with writers left out."""
    seen = Seen([versions(question) for question in questions])
    labels = {head: [question.label(head) for question in questions] for head in HEADS}
    writers = sorted({question.writer for question in questions})
    results: dict[str, Rows] = {head: [] for head in HEADS}
    for part in range(PARTS):
        show("Urheber auslassen", part / (PARTS + 1))
        out = set(writers[part::PARTS])
        _probability(seen, labels, questions, out, results)
    temperatures = {head: temperature(rows) for head, rows in results.items()}
    rows = {
        head: [(right, _warmed(probabilities, temperatures[head])) for right, probabilities in results[head]]
        for head in results
    }
    least = {head: least_of(head, rows[head]) for head in rows}
    return TrainedReader(fitted(seen, labels, temperatures, least), rows, writers)


def _probability(
    seen: Seen, labels: Labels, questions: Sequence[TrainingQuestion], out: set[str], hits: Mapping[str, Rows]
) -> None:
    """Learn without these writers and add what is said of their questions; a class that is not learned has 0."""
    remaining = [place for place, item in enumerate(questions) if item.writer not in out]
    reader = fitted(
        seen.of(remaining), {head: [answers[place] for place in remaining] for head, answers in labels.items()}
    )
    classes = {head: dict.fromkeys(sorted({text for text in answers if text}), 0.0) for head, answers in labels.items()}
    for place, item in enumerate(questions):
        probabilities = reader.probabilities(versions(item)[1]) if item.writer in out else {}
        for head in probabilities:
            if (right := labels[head][place]) is not None:
                hits[head].append((right, classes[head] | probabilities[head]))


def temperature(rows: Rows) -> float:
    """The divisor of what a head says with which the right classes are likeliest; 1 is as learned."""
    rights = np.array([list(probabilities).index(right) for right, probabilities in rows])
    logs = np.log(np.maximum([list(probabilities.values()) for _, probabilities in rows], 1e-12))

    def loss(divisor: float) -> float:
        scaled = logs / divisor
        right = scaled[np.arange(len(rights)), rights]
        return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - right))

    return float(min(TEMPERATURES, key=loss))


def _warmed(statement: Mapping[str, float], divisor: float) -> dict[str, float]:
    powers = {name: max(share, 1e-12) ** (1 / divisor) for name, share in statement.items()}
    return {name: power / sum(powers.values()) for name, power in powers.items()}


def least_of(head: str, rows: Rows) -> dict[str, float]:
    """The probability from which each class is believed.

    Of scopes that are none of documents one for all, with which few questions to the documents are refused; of others
    the lowest from which MIN_PRECISION of those that are taken for the class are of it, but for the usual ones.
    """
    if head != "scope":
        return {name: _precise(name, rows) for name in rows[0][1] if head != "service" and name not in USUAL}
    ends = sorted(set(rows[0][1]) - set(OF_CONTENT))
    content = [probabilities for right, probabilities in rows if right in OF_CONTENT]
    for step in range(20, 100):
        least = dict.fromkeys(ends, step / 100)
        scope = Head("scope", tuple(rows[0][1]), 0, least)
        if sum(
            choose_class(scope, probabilities) not in OF_CONTENT for probabilities in content
        ) <= FALSE_REFUSALS * len(content):
            break
    return least


def _precise(name: str, rows: Rows) -> float:
    taken = [
        (probabilities[name], right == name)
        for right, probabilities in rows
        if max(probabilities, key=probabilities.__getitem__) == name
    ]
    for least in sorted({share for share, _ in taken}):
        accepted = [right for share, right in taken if share >= least]
        if sum(accepted) >= MIN_PRECISION * len(accepted):
            return math.floor(1000 * least) / 1000
    return 1.0


def calibration_error(probabilities: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """How far sureness and share of right answers are apart, over bins of sureness (Naeini 2015)."""
    distinct = [0.0] * bins
    for share, right in probabilities:
        distinct[min(int(share * bins), bins - 1)] += share - right
    return round(sum(map(abs, distinct)) / max(1, len(probabilities)), 3)
