"""The trained judgement of whether a found item answers: what each feature weighs, and the probability that is enough.

A logistic regression over answers to cases, right ones and others, trained by `strategielotse eval train`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.answering.trained.own import own_or_shipped

NAME = "judgement.json"
CLAIMED = 0.5  # an answer is claimed where it is likelier right than wrong (decision 011)
FEATURES = (
    "said", "supported", "touched", "nothing for it", "ahead", "in focus", "held by a sentence",
    "nouns", "nouns unborne", "nouns unheard of", "informal", "yes or no", "not German",
    "hardly understood",
    "seeks amount", "seeks contact", "seeks date", "seeks method", "seeks names", "seeks organisation", "seeks person",
    "seeks place", "seeks quantity", "seeks reason", "seeks status", "seeks responsible",
    "wants fact", "wants topic", "wants status", "wants responsible", "wants overview", "wants definition",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """Trained weights, in the order of `FEATURES`.

    `least` is the probability from which an item may be shown, `answers` from which it is claimed to be the answer.
    """

    weights: tuple[float, ...]
    intercept: float
    least: float
    answers: float

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability that an item with these features answers, 0 to 1."""
        score = sum(weight * features[name] for name, weight in zip(FEATURES, self.weights, strict=True))
        return 1.0 / (1.0 + math.exp(-score - self.intercept))

    def accepts(self, features: Mapping[str, float]) -> bool:
        """True where that is enough."""
        return self.probability(features) >= self.least


@cache
def judgement(folder: Path | None = None) -> Judgement:
    """The judgement of a county's own training in `folder`, or that which comes with the service; or TrainedError."""
    return own_or_shipped(folder, NAME, unpacked)


def packed(trained: Judgement, figures: Mapping[str, object]) -> str:
    """The judgement as a file, with the figures of its training."""
    weights = dict(zip(FEATURES, trained.weights, strict=True))
    content = {
        "least": trained.least,
        "answers": trained.answers,
        "intercept": trained.intercept,
        "weights": weights,
        "figures": figures,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def unpacked(content: str | bytes) -> Judgement:
    """The judgement in a file; raises ValueError where it weighs other features than are needed."""
    read = json.loads(content)
    weights = read.get("weights") if isinstance(read, dict) else None
    if not isinstance(weights, dict) or set(weights) != set(FEATURES):
        raise ValueError("no judgement: its features are others than those of this version")
    numbers = [read.get("intercept"), read.get("least"), read.get("answers", CLAIMED), *weights.values()]
    if not all(isinstance(one, int | float) and math.isfinite(one) for one in numbers):
        raise ValueError("weights of a judgement are numbers")
    said = (float(read.get(name, CLAIMED)) for name in ("intercept", "least", "answers"))
    return Judgement(tuple(float(weights[name]) for name in FEATURES), *said)
