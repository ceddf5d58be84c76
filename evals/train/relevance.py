"""Training of relevance: what treats a matter at all, and whether a hit answers; with whole corpora left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from evals.train.cases import Example, matrix
from evals.train.questions import TrainingQuestion
from evals.train.reader import calibration_error
from service.answering.retrieval.relevance import (
    ANSWERING,
    QUESTIONS,
    TREATING,
    VECTORS,
    WORDS,
    Regression,
    treating_features,
)
from vectorstore.embeddings import Embedding

NAME = "relevance.json"
QUESTION = "question.json"
KEPT = {VECTORS: 0.96, WORDS: 0.96, QUESTIONS: 0.975}  # share of questions with a right item that is still shown
APART, QUESTION_STRENGTH = 15, 0.1  # vectors of one model lie close together; C of their regression, of .005 to .5
LABELLED = 0.2  # weight of a labelled question beside a case
UNTREATED = ("personal", "live", "legal")  # scopes of labelled questions that no strategy treats
FOLDS = 10
LOST = 0.01  # share of questions whose right item may go because it is far behind the first
STRENGTH = 0.5  # C of the regression of answers: of .05 to 1 the best on corpora left out
MISLED = 0.12  # share of all questions that may be answered wrongly, of corpora left out
CLAIMED = 0.58  # probability from which an answer is claimed: below it the sample misled more often than before
THRESHOLDS = tuple(round(0.01 * step, 2) for step in range(101))
SHOWN = 5  # every so many points of the curve are reported
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelledVectors:
    """The vectors of questions, shape (n, d), and whether strategies treat what they ask, shape (n,)."""

    vectors: Numbers
    treated: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Point:
    """What comes of answering from this probability on: right of the answerable questions, wrong of all, 0 to 1."""

    threshold: float
    direct: float
    misled: float


@dataclass(frozen=True, slots=True)
class TrainedRelevance:
    """The regressions by name, and what they are worth on corpora left out.

    `treated` has a row for each kind of evidence; `area`, `calibration` and `curve` are those of what answers.
    """

    regressions: dict[str, Regression]
    direction: Numbers
    treated: tuple[dict[str, Any], ...]
    area: float
    calibration: float
    curve: tuple[Point, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """The points of the curve that are reported, the chosen one among them."""
        least = self.regressions["answers"].least
        return tuple(point for n, point in enumerate(self.curve) if n % SHOWN == 0 or point.threshold == least)

    @property
    def content(self) -> str:
        """The weights as a file."""
        return json.dumps({name: asdict(item) for name, item in self.regressions.items()}) + "\n"

    @property
    def question(self) -> str:
        """The direction of vectors of questions as a file."""
        return json.dumps([round(float(weight), 3) for weight in self.direction]) + "\n"


def train(examples: Sequence[Example], labelled: LabelledVectors) -> TrainedRelevance:
    """Learn what is treated from questions and their first hits, then what answers from the first hit of what is."""
    taught = [example for example in examples if _teaches_treated(example)]
    likely, direction = _train_questions(taught, labelled)
    treated = [_train_treated(kind, taught, likely) for kind in TREATING]
    regressions = {kind: item for (item, _), kind in zip(treated, TREATING, strict=True)}
    shown = [
        example
        for example in examples
        if example.candidates and _is_treated(example, direction, regressions[QUESTIONS])
    ]
    probabilities: dict[str, float] = {}
    for left, model in _leave_out(shown):
        rows = matrix([item.candidates[0].features for item in left], ANSWERING)
        probabilities |= dict(zip((item.case for item in left), model.predict_proba(rows)[:, 1].tolist(), strict=True))
    first = [(probabilities[item.case], item.candidates[0].answers) for item in shown]
    curve = tuple(_point(threshold, examples, probabilities) for threshold in THRESHOLDS)
    least = max(CLAIMED, next(point.threshold for point in curve if point.misled <= MISLED))
    regressions["answers"] = _regression(_fit_answers(shown), ANSWERING, least)
    area = float(roc_auc_score([answers for _, answers in first], [share for share, _ in first]))
    rows_of_treated = tuple(row for _, row in treated)
    return TrainedRelevance(regressions, direction, rows_of_treated, area, calibration_error(first), curve)


def _teaches_treated(example: Example) -> bool:
    """True for a German question that no document treats, or of which a right item is among the first hits."""
    right = example.untreated or any(candidate.right for candidate in example.candidates)
    return example.spoken == "de" and bool(example.candidates) and right


def label_questions(questions: Iterable[TrainingQuestion], embedding: Embedding) -> LabelledVectors:
    """The vectors of labelled German questions that strategies treat, and of those that they do not."""
    german = [question for question in questions if question.language == "de"]
    chosen = [question for question in german if question.scope in ("documents", *UNTREATED)]
    vectors = np.array([embedding.vector(question.text) for question in chosen], dtype=np.float64)
    return LabelledVectors(vectors, np.array([question.scope == "documents" for question in chosen]))


def _train_questions(taught: Sequence[Example], labelled: LabelledVectors) -> tuple[Numbers, Numbers]:
    """The score of each question by what other questions teach, and what all teach: a direction, shape (d + 1,).

    Citizens ask for other things in other words: labelled questions keep the style of writers from telling.
    """
    vectors = np.array([example.vector for example in taught], dtype=np.float64)
    treated = np.array([not example.untreated for example in taught])
    scores = np.zeros(len(taught))
    for others, left in GroupKFold(FOLDS).split(vectors, groups=[example.question.casefold() for example in taught]):
        scores[left] = _score(vectors[left], _fit_questions(vectors[others], treated[others], labelled))
    return scores, _fit_questions(vectors, treated, labelled)


def _fit_questions(vectors: Numbers, treated: NDArray[np.bool_], labelled: LabelledVectors) -> Numbers:
    """The direction in which questions are treated the likelier, shape (d + 1,); both sides weigh the same."""
    rows, sides = np.vstack([vectors, labelled.vectors]), np.append(treated, labelled.treated)
    weights = np.append(np.ones(len(vectors)), np.full(len(labelled.vectors), LABELLED))
    weights *= len(vectors) / 2 / np.where(sides, weights[sides].sum(), weights[~sides].sum())
    center = rows.mean(axis=0)
    model = LogisticRegression(C=QUESTION_STRENGTH, max_iter=3000)
    model.fit(APART * (rows - center), sides, sample_weight=weights)
    direction = APART * model.coef_[0]
    return np.append(direction, model.intercept_[0] - center @ direction)


def _score(vectors: Numbers, direction: Numbers) -> Numbers:
    scores: Numbers = vectors @ direction[:-1] + direction[-1]
    return scores


def _train_treated(kind: str, taught: Sequence[Example], scores: Numbers) -> tuple[Regression, dict[str, Any]]:
    names = TREATING[kind]
    treated = np.array([not item.untreated for item in taught])
    corpora = np.array([item.corpus for item in taught])
    rows = matrix(
        [
            treating_features([candidate.hit for candidate in item.candidates], float(score))
            for item, score in zip(taught, scores, strict=True)
        ],
        names,
    )
    likely = np.zeros(len(taught))
    for corpus in set(corpora.tolist()):
        left = corpora == corpus
        likely[left] = (
            LogisticRegression(max_iter=3000).fit(rows[~left], treated[~left]).predict_proba(rows[left])[:, 1]
        )
    least = float(np.quantile(likely[treated], 1 - KEPT[kind]))
    area, refused = float(roc_auc_score(treated, likely)), float(np.mean(likely[~treated] < least))
    model = LogisticRegression(max_iter=3000).fit(rows, treated)
    report = {"kind": kind, "area": area, "refused": refused, "cases": len(taught)}
    return _regression(model, names, round(least, 3), _share(taught)), report


def _regression(model: LogisticRegression, names: Sequence[str], least: float, share: float = 0.0) -> Regression:
    weights = {name: round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)}
    return Regression(weights, round(float(model.intercept_[0]), 3), least, share)


def _share(examples: Sequence[Example]) -> float:
    """The share of the first score below which no more than so many questions have their first right item."""
    places = [next((n for n, item in enumerate(example.candidates) if item.right), None) for example in examples]
    behind = sorted(
        example.candidates[place].hit.score / example.candidates[0].hit.score
        for example, place in zip(examples, places, strict=True)
        if place
    )
    answerable = sum(place is not None for place in places)
    return round(behind[int(LOST * answerable)], 3) if len(behind) > LOST * answerable else 0.0


def _is_treated(example: Example, direction: Numbers, treated: Regression) -> bool:
    score = float(_score(np.asarray(example.vector, dtype=np.float64), direction))
    features = treating_features([candidate.hit for candidate in example.candidates], score)
    return example.spoken != "de" or treated.probability(features) >= treated.least


def _leave_out(examples: Sequence[Example]) -> Iterator[tuple[list[Example], LogisticRegression]]:
    """The examples of each corpus with what was learned from all others."""
    for corpus in sorted({example.corpus for example in examples}):
        left = [example for example in examples if example.corpus == corpus]
        yield left, _fit_answers([example for example in examples if example.corpus != corpus])


def _fit_answers(examples: Sequence[Example]) -> LogisticRegression:
    """The regression over the first hits of the examples."""
    first = [example.candidates[0] for example in examples]
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    return model.fit(matrix([item.features for item in first], ANSWERING), [item.answers for item in first])


def _point(threshold: float, examples: Sequence[Example], probabilities: dict[str, float]) -> Point:
    """What comes of answering with the first hit where its probability is at least this."""
    claimed = [example for example in examples if probabilities.get(example.case, -1.0) >= threshold]
    right = sum(item.candidates[0].answers for item in claimed)
    answerable = sum(example.answerable for example in examples)
    return Point(threshold, right / max(1, answerable), (len(claimed) - right) / max(1, len(examples)))
