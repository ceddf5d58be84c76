"""Training of the reader of questions, and how well it reads those of writers it has not seen.

A logistic regression per head over tf-idf of stems, letters and form (scikit-learn, L-BFGS, classes weighted by their
number). Every question is learned three times: as typed, with its names as placeholders, with its topic as one too.
"""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array
from sklearn.linear_model import LogisticRegression

from evals.present.questions import Question
from service.answering.understanding.classifier import Classifier, Head, chosen
from service.answering.understanding.features import counts, with_placeholders

SEED = 1
LEAST_OFTEN = {"s": 2, "c": 4, "f": 2}  # questions that a feature must be seen in, by block
STRENGTH = 10.0  # C of the regression: 1 to 30 differ by less than .01
ROUNDS = 200
KEPT = 16_000  # features, those with the largest weights
FALSE_REFUSALS = 0.0125  # share of questions to the documents that may be taken for others, of writers not seen
_OF_CONTENT = ("documents", "elsewhere")

_LABELS: dict[str, Callable[[Question], str | None]] = {
    "scope": lambda one: one.scope,
    "service": lambda one: one.service,
    "want": lambda one: one.want if one.scope in _OF_CONTENT else None,
    "fact": lambda one: one.fact if one.scope in _OF_CONTENT else None,
    "yesno": lambda one: ("no", "yes")[one.yesno],
    "followup": lambda one: ("no", "yes")[one.followup] if one.scope in _OF_CONTENT else None,
    "language": lambda one: one.lang,
}
HEADS = tuple(_LABELS)


def label(head: str, question: Question) -> str | None:
    """The class of a question for a head; None where it has none or nobody labelled it."""
    return _LABELS[head](question) if head in question.known else None


@dataclass(frozen=True, slots=True)
class HeadFigures:
    """How well a head reads: shares of 0 to 1 over questions of writers that were left out.

    `recall` is per class; `calibration` the expected calibration error over ten bins (Naeini 2015).
    """

    accuracy: float
    recall: dict[str, float]
    calibration: float
    questions: int

    @property
    def mean_recall(self) -> float:
        """The mean over the classes."""
        return sum(self.recall.values()) / len(self.recall)


Texts = tuple[str, str, str]


def texts(text: str, spans: Iterable[tuple[int, int, str]]) -> Texts:
    """A question as typed, with its names as placeholders, with its topic as one too."""
    marked = list(spans)
    names = [one for one in marked if one[2] != "topic"]
    return text, with_placeholders(text, names), with_placeholders(text, marked)


def trained(
    questions: Sequence[Question],
    least: dict[str, dict[str, float]] | None = None,
    show: Callable[[str, float], None] = lambda step, share: None,
    seen: Seen | None = None,
) -> Classifier:
    """Learn from the questions; `least` are the probabilities from which classes are believed, by head.

    `seen` is what is seen in them, where that was counted before.

    Each head takes at most `ROUNDS` rounds; `show` is told which one is learned and the share that is done.
    """
    labels = {head: [label(head, one) for one in questions] for head in HEADS}
    return fitted(seen or seen_in(questions), labels, least or {}, show)


def seen_in(questions: Sequence[Question]) -> Seen:
    """What is seen in questions."""
    return Seen([texts(one.text, one.spans) for one in questions])


class Seen:
    """What is seen in questions, each in its texts: counted once, for trainings on some of them or on all."""

    def __init__(self, questions: Sequence[Texts]) -> None:
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
        found.rows = self.rows[[3 * place + version for place in questions for version in range(3)]]
        return found

    def weighed(self) -> tuple[dict[str, int], list[float], csr_matrix]:
        """The features that occur often enough, in order of their names, how rare each is, and the texts' rows.

        Each block of features of a text has length 1.
        """
        total, columns = self.rows.shape
        often = np.bincount(self.rows.indices, minlength=columns)
        enough = np.array([3 * LEAST_OFTEN[name[0]] for name in self.names])
        kept = np.flatnonzero(often >= enough)
        names = [self.names[place] for place in kept]
        rarity = np.log((1 + total) / (1 + often[kept])) + 1
        rarity[[name[0] == "f" for name in names]] = 1.0
        rows = self.rows[:, kept] @ diags_array(rarity)
        lengths = [_lengths(rows, np.array([name[0] == block for name in names])) for block in LEAST_OFTEN]
        return {name: place for place, name in enumerate(names)}, rarity.tolist(), _divided(rows, names, lengths)


def _lengths(rows: csr_matrix, of_block: NDArray[np.bool_]) -> NDArray[np.float64]:
    squares: NDArray[np.float64] = rows.multiply(rows) @ of_block.astype(np.float64)
    return np.sqrt(np.maximum(squares, 1e-300))


def _divided(rows: csr_matrix, names: Sequence[str], lengths: Sequence[NDArray[np.float64]]) -> csr_matrix:
    """Each entry divided by the length of its block in its row."""
    blocks = {block: number for number, block in enumerate(LEAST_OFTEN)}
    block_of = np.array([blocks[name[0]] for name in names])
    found = csr_matrix(rows)
    row_of = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    found.data = found.data / np.array(lengths)[block_of[found.indices], row_of]
    return found


def fitted(
    seen: Seen,
    labels: Mapping[str, Sequence[str | None]],
    least: Mapping[str, Mapping[str, float]],
    show: Callable[[str, float], None] = lambda step, share: None,
    most: int = KEPT,
    strength: float = STRENGTH,
) -> Classifier:
    """Learn heads from questions and their labels by head, None where one has none.

    The `most` features with the largest weights stay; `strength` is the C of the regression.
    """
    names, rarity, rows = seen.weighed()
    heads: dict[str, Head] = {}
    weights: list[NDArray[np.float64]] = []
    intercepts: list[float] = []
    for number, (head, told) in enumerate(labels.items()):
        show(head, number / len(labels))
        known = [(place, name) for place, name in enumerate(told) if name is not None]
        places = [3 * place + version for place, _ in known for version in range(3)]
        model = LogisticRegression(C=strength, max_iter=ROUNDS, class_weight="balanced")
        model.fit(rows[places], [name for _, name in known for _ in range(3)])
        own, free = model.coef_, model.intercept_
        if len(own) == 1:
            own, free = np.vstack([np.zeros_like(own[0]), own[0]]), np.array([0.0, free[0]])
        heads[head] = Head(head, tuple(map(str, model.classes_)), len(intercepts), least.get(head, {}))
        weights.extend(own)
        intercepts.extend(map(float, free))
    show("", 1.0)
    return _small(heads, names, rarity, np.array(weights), intercepts, most)


def _small(
    heads: dict[str, Head],
    names: dict[str, int],
    rarity: list[float],
    weights: NDArray[np.float64],
    intercepts: list[float],
    most: int,
) -> Classifier:
    """The classifier with its weightiest features only, in eight bits."""
    worth = np.abs(weights).max(axis=0)
    kept = np.sort(np.argsort(-worth, kind="stable")[:most])
    ordered = sorted(names, key=lambda one: names[one])
    weights = weights[:, kept]
    scale = np.maximum(np.abs(weights).max(axis=1), 1e-9) / 127
    return Classifier(
        heads=heads,
        names={ordered[old]: new for new, old in enumerate(kept)},
        rarity=[float(np.float16(rarity[old])) for old in kept],
        weights=np.rint(weights / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
        intercept=np.array(intercepts, dtype=np.float32),
    )


Unseen = dict[str, list[tuple[str, dict[str, float]]]]


def unseen(questions: Sequence[Question], share: float = 1.0) -> Unseen:
    """Per head the right class and the probabilities, each by a reader that has not seen the question's writer.

    `share` is how much of the others' questions it learns from, for a learning curve. Writers whose questions are not
    labelled for all heads are only learned from.
    """
    found: Unseen = {head: [] for head in HEADS}
    seen = seen_in(questions)
    for writer in sorted({one.writer for one in questions if len(one.known) == len(HEADS)}):
        others = [place for place, one in enumerate(questions) if one.writer != writer]
        others = random.Random(SEED).sample(others, round(share * len(others)))
        reader = trained([questions[place] for place in others], seen=seen.of(others))
        for one in (one for one in questions if one.writer == writer):
            told = reader.probabilities(texts(one.text, one.spans)[1])
            for head in HEADS:
                if (name := label(head, one)) is not None:
                    found[head].append((name, told[head]))
    return found


def least_of(found: Unseen) -> dict[str, dict[str, float]]:
    """The probability from which a question is believed to be none to the documents: one for all such scopes.

    The lowest with which at most FALSE_REFUSALS of the questions to the documents would be refused.
    """
    rows = found["scope"]
    classes = sorted({name for _, told in rows for name in told} - set(_OF_CONTENT))
    content = [told for name, told in rows if name in _OF_CONTENT]
    for step in range(20, 100):
        least = dict.fromkeys(classes, step / 100)
        head = Head("scope", (*classes, *_OF_CONTENT), 0, least)
        if sum(chosen(head, told) not in _OF_CONTENT for told in content) <= FALSE_REFUSALS * len(content):
            break
    return {"scope": least}


def figures(found: Unseen, least: dict[str, dict[str, float]]) -> dict[str, HeadFigures]:
    """What the readings of unseen writers are worth, by head."""
    return {head: _figures(head, rows, least.get(head, {})) for head, rows in found.items()}


def _figures(name: str, rows: list[tuple[str, dict[str, float]]], least: dict[str, float]) -> HeadFigures:
    classes = tuple(rows[0][1])
    head = Head(name, classes, 0, least)
    told = [(right, chosen(head, probabilities)) for right, probabilities in rows]
    recall = {
        one: sum(right == said == one for right, said in told) / max(1, sum(right == one for right, _ in told))
        for one in classes
    }
    sure = [
        (max(probabilities.values()), max(probabilities, key=lambda one: probabilities[one]) == right)
        for right, probabilities in rows
    ]
    return HeadFigures(
        accuracy=sum(right == said for right, said in told) / len(told),
        recall=recall,
        calibration=calibration_error(sure),
        questions=len(rows),
    )


def calibration_error(sure: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """The expected calibration error: how far sureness and share of right answers are apart, over bins of sureness."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for probability, right in sure:
        groups.setdefault(min(int(probability * bins), bins - 1), []).append((probability, right))
    apart = (
        abs(sum(probability for probability, _ in group) - sum(right for _, right in group))
        for group in groups.values()
    )
    return sum(apart) / len(sure)
