"""The trained choice of sentences: what each feature of a sentence weighs.

A logistic regression over pairs of sentences of one item, of which one holds the fact that a case asks for, trained by
`strategielotse eval train`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import isfinite
from pathlib import Path

from service.answering.trained.own import own_or_shipped

NAME = "sentences.json"
FEATURES = (
    "words", "words here", "rare here", "added", "before", "behind", "label", "heading", "asked", "fact", "fact here",
    "number", "meaning", "about", "first", "length", "short", "beside", "reference",
    "beyond",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Teller:
    """Trained weights, in the order of `FEATURES`."""

    weights: tuple[float, ...]

    def score(self, features: Sequence[float]) -> float:
        """How much speaks for a sentence; only the differences between sentences of one item mean anything."""
        return sum(weight * value for weight, value in zip(self.weights, features, strict=True))


@cache
def teller(folder: Path | None = None) -> Teller:
    """The weights of a county's own training in `folder`, or those that come with the service; raises TrainedError."""
    return own_or_shipped(folder, NAME, unpacked)


def packed(trained: Teller, figures: Mapping[str, object]) -> str:
    """The weights as a file, with the figures of their training."""
    weights = dict(zip(FEATURES, trained.weights, strict=True))
    return json.dumps({"weights": weights, "figures": figures}, ensure_ascii=False, indent=1) + "\n"


def unpacked(content: str | bytes) -> Teller:
    """The weights in a file; raises ValueError where it holds others than are needed."""
    read = json.loads(content)
    weights = read.get("weights") if isinstance(read, dict) else None
    if not isinstance(weights, dict) or set(weights) != set(FEATURES):
        raise ValueError(f"no weights of sentences: these are needed: {', '.join(FEATURES)}")
    if not all(isinstance(one, int | float) and isfinite(one) for one in weights.values()):
        raise ValueError("weights of sentences are numbers")
    return Teller(tuple(float(weights[name]) for name in FEATURES))
