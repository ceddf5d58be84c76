"""Training of relevance: what treats a matter at all, and whether a hit answers; with whole corpora left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from evals.train.cases import Example, matrix
from evals.train.reader import calibration_error
from service.answering.retrieval.relevance import ANSWERING, TREATING, VECTORS, Regression, treating_features

NAME = "relevance.json"
KEPT = 0.96  # share of questions with a right item for which it is still shown
LOST = 0.01  # share of questions whose right item may go because it is far behind the first
STRENGTH = 0.5  # C of the regression of answers: of .05 to 1 the best on corpora left out
MISLED = 0.12  # share of all questions that may be answered wrongly, of corpora left out
CLAIMED = 0.5  # no answer is claimed that is likelier wrong than right
THRESHOLDS = tuple(round(0.01 * step, 2) for step in range(101))
SHOWN = 5  # every so many points of the curve are reported
Numbers = NDArray[np.float64]


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


def train(examples: Sequence[Example]) -> TrainedRelevance:
    """Learn what is treated from the first hits, then what answers from the first hit of what is treated."""
    treated = [_train_treated(kind, examples) for kind in TREATING]
    regressions = {kind: item for (item, _), kind in zip(treated, TREATING, strict=True)}
    shown = [example for example in examples if example.candidates and _is_treated(example, regressions[VECTORS])]
    sure: dict[str, float] = {}
    for left, model in _leave_out(shown):
        rows = matrix([item.candidates[0].features for item in left], ANSWERING)
        sure |= dict(zip((item.case for item in left), model.predict_proba(rows)[:, 1].tolist(), strict=True))
    first = [(sure[item.case], item.candidates[0].answers) for item in shown]
    curve = tuple(_point(threshold, examples, sure) for threshold in THRESHOLDS)
    least = max(CLAIMED, next(point.threshold for point in curve if point.misled <= MISLED))
    regressions["answers"] = _regression(_fit_answers(shown), ANSWERING, least)
    area = float(roc_auc_score([answers for _, answers in first], [share for share, _ in first]))
    return TrainedRelevance(regressions, tuple(row for _, row in treated), area, calibration_error(first), curve)


def _train_treated(kind: str, examples: Sequence[Example]) -> tuple[Regression, dict[str, Any]]:
    names = TREATING[kind]
    german = [example for example in examples if example.spoken == "de" and example.candidates]
    taught = [item for item in german if item.untreated or any(candidate.right for candidate in item.candidates)]
    treated = np.array([not item.untreated for item in taught])
    corpora = np.array([item.corpus for item in taught])
    rows = matrix([treating_features([candidate.hit for candidate in item.candidates]) for item in taught], names)
    likely = np.zeros(len(taught))
    for corpus in set(corpora.tolist()):
        left = corpora == corpus
        likely[left] = (
            LogisticRegression(max_iter=3000).fit(rows[~left], treated[~left]).predict_proba(rows[left])[:, 1]
        )
    least = float(np.quantile(likely[treated], 1 - KEPT))
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


def _is_treated(example: Example, treated: Regression) -> bool:
    hits = [candidate.hit for candidate in example.candidates]
    return example.spoken != "de" or treated.probability(treating_features(hits)) >= treated.least


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


def _point(threshold: float, examples: Sequence[Example], sure: dict[str, float]) -> Point:
    """What comes of answering with the first hit where its probability is at least this."""
    claimed = [example for example in examples if sure.get(example.case, -1.0) >= threshold]
    right = sum(item.candidates[0].answers for item in claimed)
    answerable = sum(example.answerable for example in examples)
    return Point(threshold, right / max(1, answerable), (len(claimed) - right) / max(1, len(examples)))
