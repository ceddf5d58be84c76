"""Training of what fits: questions with a right entry among the first, beside those that no document treats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from service.answering.finding import fitting
from service.answering.finding.fitting import FEATURES, Fits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from evals.train.cases import Example, matrix

NAME = fitting.NAME
KEPT = 0.96  # share of questions with a right entry for which it is still shown
LOST = 0.01  # share of questions whose right entry may go because it is far behind the first


@dataclass(frozen=True, slots=True)
class Trained:
    """What decides, with vectors and without, and what that is worth on documents left out."""

    fits: dict[str, Fits]
    told: tuple[dict[str, Any], ...]

    @property
    def content(self) -> str:
        """The weights as a file."""
        return json.dumps({name: asdict(one) for name, one in self.fits.items()}) + "\n"


def train(examples: Sequence[Example]) -> Trained:
    """Learn from the first entries of questions that documents answer and of those that they do not treat."""
    german = [one for one in examples if one.spoken == "de" and one.entries]
    taught = [one for one in german if one.untreated or any(entry.right for entry in one.entries)]
    treated = np.array([not one.untreated for one in taught])
    papers = np.array([one.paper for one in taught])
    fits, told = {}, []
    for kind, names in FEATURES.items():
        rows = matrix([fitting.features([entry.found for entry in one.entries]) for one in taught], names)
        likely = np.zeros(len(taught))
        for paper in set(papers.tolist()):
            left = papers == paper
            likely[left] = _model(rows[~left], treated[~left]).predict_proba(rows[left])[:, 1]
        model, least = _model(rows, treated), float(np.quantile(likely[treated], 1 - KEPT))
        weights = {name: round(float(one), 3) for name, one in zip(names, model.coef_[0], strict=True)}
        fits[kind] = Fits(weights, round(float(model.intercept_[0]), 3), round(least, 3), _share(taught))
        area, refused = float(roc_auc_score(treated, likely)), float(np.mean(likely[~treated] < least))
        told.append({"kind": kind, "area": area, "refused": refused, "cases": len(taught)})
    return Trained(fits, tuple(told))


def _model(rows: NDArray[np.float64], treated: NDArray[np.bool_]) -> LogisticRegression:
    return LogisticRegression(max_iter=3000).fit(rows, treated)


def _share(examples: Sequence[Example]) -> float:
    """The share of the first score below which no more than so many questions have their first right entry."""
    places = [next((place for place, entry in enumerate(one.entries) if entry.right), None) for one in examples]
    behind = sorted(
        one.entries[place].found.score / one.entries[0].found.score
        for one, place in zip(examples, places, strict=True)
        if place
    )
    answerable = sum(place is not None for place in places)
    return round(behind[int(LOST * answerable)], 3) if len(behind) > LOST * answerable else 0.0
