"""Training of what fits: right entries beside those found for questions that no document treats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from evals.train.cases import Entry, Example, matrix
from service.answering.finding import fitting
from service.answering.finding.fitting import FEATURES, Fits

NAME = fitting.NAME
KEPT = 0.96  # share of questions whose right entry still fits
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
    german = [one for one in examples if one.spoken == "de"]
    taught = [one for one in german if one.untreated or any(entry.right for entry in one.entries)]
    fits, told = {}, []
    for kind in FEATURES:
        model = _model(kind, taught)
        right, others = list[float](), list[float]()
        for paper in sorted({one.paper for one in taught}):
            left = _model(kind, [one for one in taught if one.paper != paper])
            for one in taught:
                if one.paper == paper:
                    likely = _probabilities(kind, left, one)
                    of_right = [share for share, entry in zip(likely, one.entries, strict=True) if entry.right]
                    right += [max(of_right)] if of_right else []
                    others += [max(likely, default=0.0)] if one.untreated else []
        least = float(np.quantile(right, 1 - KEPT))
        weights = {name: round(float(one), 3) for name, one in zip(FEATURES[kind], model.coef_[0], strict=True)}
        fits[kind] = Fits(weights, round(float(model.intercept_[0]), 3), round(least, 3), _share(taught))
        area = roc_auc_score([True] * len(right) + [False] * len(others), right + others)
        told.append(
            {"kind": kind, "area": area, "refused": float(np.mean(np.array(others) < least)), "cases": len(taught)}
        )
    return Trained(fits, tuple(told))


def _model(kind: str, examples: Sequence[Example]) -> LogisticRegression:
    entries = [(entry, one.untreated) for one in examples for entry in one.entries if one.untreated or entry.right]
    rows = _rows(kind, [entry for entry, _ in entries])
    weights = [1.0 if untreated else 2.0 for _, untreated in entries]
    return LogisticRegression(max_iter=3000).fit(
        rows, [not untreated for _, untreated in entries], sample_weight=weights
    )


def _probabilities(kind: str, model: LogisticRegression, example: Example) -> list[float]:
    found: list[float] = model.predict_proba(_rows(kind, example.entries))[:, 1].tolist() if example.entries else []
    return found


def _rows(kind: str, entries: Sequence[Entry]) -> Any:
    return matrix([fitting.features(entry.found) for entry in entries], FEATURES[kind])


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
