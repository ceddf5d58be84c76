"""Training of the relevance models (is a question treated at all, does a hit answer it), with
corpora left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from lab.train.cases import Example, matrix
from lab.train.question_reader import calibration_error
from lab.train.question_scores import Numbers, fit_direction, score_left_out, score_vectors
from lab.train.questions import TrainingQuestion
from service.answering import (
    ANSWERING_FEATURES,
    BY_QUESTIONS,
    BY_VECTORS,
    BY_WORDS,
    TREATING_FEATURES,
    Regression,
    extract_treating_features,
)
from vectorstore import Embedding

NAME = "relevance.json"
QUESTION = "question.json"
# share of questions with a right item that is still shown
MIN_SHOWN = {
    BY_VECTORS: 0.96,
    BY_WORDS: 0.96,
    BY_QUESTIONS: 0.975,
}
VECTOR_SCALE = 15  # vectors of one model are close to each other
LABELLED_WEIGHT = 0.2  # weight of a labelled question; a case has 1
UNTREATED = ("personal", "live", "legal")  # scopes of labelled questions that no strategy treats
FOLDS = 10
# share of questions whose first right item may be dropped for a score far below the first hit's
MAX_LOST = 0.01
ANSWERS_C = 0.5  # C of the regression of answers: of .05 to 1 the best on corpora left out
MAX_MISLED = 0.12  # share of all questions that may be answered wrongly, of corpora left out
# threshold of an answer at least: of the answers quoted to 379 questions on documents never seen 36
# are right and 22 wrong with .66, 25 and 9 with .72; what is not answered is shown
MIN_PROBABILITY = 0.72
THRESHOLDS = tuple(round(0.01 * step, 2) for step in range(101))
REPORT_STEP = 5  # every fifth point of the curve is reported


@dataclass(frozen=True, slots=True)
class LabelledVectors:
    """The vectors of questions, shape (n, d), and whether strategies treat what they ask, shape
    (n,).
    """

    vectors: Numbers
    treated: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Point:
    """Shares at a threshold: `direct` of answerable questions answered rightly, `misled` of all
    answered wrongly.
    """

    threshold: float
    direct: float
    misled: float


@dataclass(frozen=True, slots=True)
class TrainedRelevance:
    """The regressions by name, the direction of question vectors, and measurements on corpora left
    out.

    `treated` has a row for each kind of evidence; `area`, `calibration` and `curve` are of the
    model of answers.
    """

    regressions: dict[str, Regression]
    direction: Numbers
    treated: tuple[dict[str, Any], ...]
    area: float
    calibration: float
    curve: tuple[Point, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """The points of the curve that a report shows: each REPORT_STEP-th point, and the one with
        the threshold of the trained model.
        """
        least = self.regressions["answers"].least
        return tuple(
            point
            for n, point in enumerate(self.curve)
            if n % REPORT_STEP == 0 or point.threshold == least
        )

    @property
    def content(self) -> str:
        """The regressions as JSON."""
        return json.dumps({name: asdict(item) for name, item in self.regressions.items()}) + "\n"

    @property
    def question(self) -> str:
        """The direction of question vectors as JSON."""
        return json.dumps([round(float(weight), 3) for weight in self.direction]) + "\n"


def train(examples: Sequence[Example], labelled: LabelledVectors) -> TrainedRelevance:
    """Train the models that say whether a question is treated, then the model of answers.

    The model of answers learns from the first hits of the questions that count as treated, for only
    these are answered. Its threshold is the lowest one by which at most MAX_MISLED of the questions
    get a misleading answer, predicted by models that have not seen their corpus, and at least
    MIN_PROBABILITY.
    """
    training = [example for example in examples if _teaches_treated(example)]
    scores, direction = _train_questions(training, labelled)
    regressions: dict[str, Regression] = {}
    reports = list[dict[str, Any]]()
    for kind in TREATING_FEATURES:
        regressions[kind], report = _train_treated(kind, training, scores)
        reports.append(report)
    accepted = [
        item
        for item in examples
        if item.candidates and _is_treated(item, direction, regressions[BY_QUESTIONS])
    ]
    # case -> probability that its first hit answers it, its corpus left out
    probabilities: dict[str, float] = {}
    for corpus in sorted({example.corpus for example in accepted}):
        model = _fit_answers([example for example in accepted if example.corpus != corpus])
        left_out = [example for example in accepted if example.corpus == corpus]
        rows = matrix([item.candidates[0].features for item in left_out], ANSWERING_FEATURES)
        predicted = model.predict_proba(rows)[:, 1].tolist()
        probabilities |= dict(zip((item.case for item in left_out), predicted, strict=True))
    outcomes = [(probabilities[item.case], item.candidates[0].answers) for item in accepted]
    curve = tuple(_point(threshold, examples, probabilities) for threshold in THRESHOLDS)
    least = max(
        MIN_PROBABILITY, next(point.threshold for point in curve if point.misled <= MAX_MISLED)
    )
    regressions["answers"] = _make_regression(_fit_answers(accepted), ANSWERING_FEATURES, least)
    area = float(
        roc_auc_score(
            [answers for _, answers in outcomes], [probability for probability, _ in outcomes]
        )
    )
    return TrainedRelevance(
        regressions, direction, tuple(reports), area, calibration_error(outcomes), curve
    )


def _teaches_treated(example: Example) -> bool:
    """True for a German question with hits that no document treats, or that has a right item among
    them. A treated question whose right item was not found would teach that wrong hits treat it.
    """
    right = example.untreated or any(candidate.right for candidate in example.candidates)
    return example.spoken == "de" and bool(example.candidates) and right


def label_questions(questions: Iterable[TrainingQuestion], embedding: Embedding) -> LabelledVectors:
    """Return the vectors of labelled German questions, and whether strategies treat what they ask.
    Treated are those of the scope documents, untreated those of UNTREATED, such as personal
    matters; questions of other scopes are left out.
    """
    german = [question for question in questions if question.language == "de"]
    chosen = [question for question in german if question.scope in ("documents", *UNTREATED)]
    vectors = np.array([embedding.vector(question.text) for question in chosen], dtype=np.float64)
    return LabelledVectors(
        vectors, np.array([question.scope == "documents" for question in chosen])
    )


def _train_questions(
    examples: Sequence[Example], labelled: LabelledVectors
) -> tuple[Numbers, Numbers]:
    """Return the score of each question, and the direction, of shape (d + 1,), from which scores
    are computed.

    The scores are by cross-validation, the direction is learned from all questions. A question that
    is asked over several corpora is left out with all its copies. Labelled questions are added, so
    that the model learns matters and not the style of those who write cases.
    """
    vectors = np.array([example.vector for example in examples], dtype=np.float64)
    treated = np.array([not example.untreated for example in examples])
    questions = [example.question.casefold() for example in examples]

    def fit(indices: NDArray[np.int64]) -> Numbers:
        return _fit_questions(vectors[indices], treated[indices], labelled)

    scores = score_left_out(vectors, questions, FOLDS, fit)
    return scores, fit(np.arange(len(examples)))


def _fit_questions(
    vectors: Numbers, treated: NDArray[np.bool_], labelled: LabelledVectors
) -> Numbers:
    """Return the direction of a logistic regression that says whether a question is treated, by its
    vector. Labelled questions, which are many, weigh less than cases; treated and untreated
    questions weigh the same together.
    """
    rows = np.vstack([vectors, labelled.vectors])
    are_treated = np.append(treated, labelled.treated)
    weights = np.append(np.ones(len(vectors)), np.full(len(labelled.vectors), LABELLED_WEIGHT))
    # Treated and untreated questions weigh the same in all.
    weights *= (
        len(vectors)
        / 2
        / np.where(are_treated, weights[are_treated].sum(), weights[~are_treated].sum())
    )
    return fit_direction(rows, are_treated, VECTOR_SCALE, weights)


def _train_treated(
    kind: str, examples: Sequence[Example], scores: Numbers
) -> tuple[Regression, dict[str, Any]]:
    """Return the model that says by one kind of evidence (a key of TREATING) whether a question is
    treated, and its report.

    `scores` are the scores of the questions by their vectors. The threshold is the one that the
    share MIN_SHOWN of treated questions reaches, on corpora left out. The report is measured in the
    same way; its `refused` is the share of untreated questions below the threshold.
    """
    names = TREATING_FEATURES[kind]
    treated = np.array([not item.untreated for item in examples])
    corpora = np.array([item.corpus for item in examples])
    features = []
    for item, score in zip(examples, scores, strict=True):
        hits = [candidate.hit for candidate in item.candidates]
        features.append(extract_treating_features(hits, float(score)))
    rows = matrix(features, names)
    probabilities = np.zeros(len(examples))
    for corpus in set(corpora.tolist()):
        left_out = corpora == corpus
        model = LogisticRegression(max_iter=3000).fit(rows[~left_out], treated[~left_out])
        probabilities[left_out] = model.predict_proba(rows[left_out])[:, 1]
    least = float(np.quantile(probabilities[treated], 1 - MIN_SHOWN[kind]))
    area = float(roc_auc_score(treated, probabilities))
    refused = float(np.mean(probabilities[~treated] < least))
    model = LogisticRegression(max_iter=3000).fit(rows, treated)
    report = {"kind": kind, "area": area, "refused": refused, "cases": len(examples)}
    return _make_regression(model, names, round(least, 3), _score_share(examples)), report


def _make_regression(
    model: LogisticRegression, names: Sequence[str], least: float, share: float = 0.0
) -> Regression:
    """Return a trained model in the form of the service, with rounded weights by feature. `least`
    is its threshold, `share` that of the first hit's score below which hits are dropped (0 drops
    none).
    """
    weights = {
        name: round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)
    }
    return Regression(weights, round(float(model.intercept_[0]), 3), least, share)


def _score_share(examples: Sequence[Example]) -> float:
    """Return the share of the first hit's score below which other hits are dropped.

    It is chosen so that at most the share MAX_LOST of the right items is lost. The first hit is
    never dropped, so only questions whose first hit is wrong can lose one. The result is 0, which
    drops none, if there are too few of these.
    """
    shares, answerable = list[float](), 0
    for example in examples:
        right_scores = [item.hit.score for item in example.candidates if item.right]
        answerable += bool(right_scores)
        if right_scores and not example.candidates[0].right:  # else none can be lost
            shares.append(right_scores[0] / example.candidates[0].hit.score)
    most_lost = MAX_LOST * answerable
    return round(sorted(shares)[int(most_lost)], 3) if len(shares) > most_lost else 0.0


def _is_treated(example: Example, direction: Numbers, treated: Regression) -> bool:
    """True if the model accepts a question, as the service decides by it. It is always true for
    another language than German, which the model was not trained on.
    """
    score = float(score_vectors(np.asarray(example.vector, dtype=np.float64), direction))
    features = extract_treating_features([candidate.hit for candidate in example.candidates], score)
    return example.spoken != "de" or treated.probability(features) >= treated.least


def _fit_answers(examples: Sequence[Example]) -> LogisticRegression:
    """Return the model of answers trained on the first hits of examples."""
    first = [example.candidates[0] for example in examples]
    model = LogisticRegression(C=ANSWERS_C, max_iter=3000)
    return model.fit(
        matrix([item.features for item in first], ANSWERING_FEATURES),
        [item.answers for item in first],
    )


def _point(threshold: float, examples: Sequence[Example], probabilities: dict[str, float]) -> Point:
    """Return the result of answering with the first hit if its probability reaches a threshold.
    Right answers are counted among answerable questions, wrong ones among all. `probabilities` are
    by case; a case without one is never answered.
    """
    claimed = [
        example for example in examples if probabilities.get(example.case, -1.0) >= threshold
    ]
    right = sum(item.candidates[0].answers for item in claimed)
    answerable = sum(example.answerable for example in examples)
    return Point(
        threshold, right / max(1, answerable), (len(claimed) - right) / max(1, len(examples))
    )
