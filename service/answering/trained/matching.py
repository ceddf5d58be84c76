"""When a question means a curated answer, as a file: weights and threshold, learned by `strategielotse eval train`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from math import isfinite
from pathlib import Path

from service.answering.trained.own import own_or_shipped
from service.curated.matching import FEATURES, Weights

NAME = "matching.json"


@cache
def matching(folder: Path | None = None) -> Weights:
    """The weights of a county's own training in `folder`, or those that come with the service; raises TrainedError."""
    return own_or_shipped(folder, NAME, unpacked)


def packed(weights: Weights, figures: Mapping[str, object]) -> str:
    """The weights as a file, with the figures of their training."""
    content = {
        "least": weights.least,
        "intercept": weights.intercept,
        "weights": dict(weights.weights),
        "figures": figures,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def unpacked(content: str | bytes) -> Weights:
    """The weights in a file; raises ValueError where it holds others than are needed."""
    read = json.loads(content)
    weights = read.get("weights") if isinstance(read, dict) else None
    if not isinstance(weights, dict) or set(weights) != set(FEATURES):
        raise ValueError(f"no weights of curated answers: these are needed: {', '.join(FEATURES)}")
    numbers = (*weights.values(), read.get("intercept"), read.get("least"))
    if not all(isinstance(one, int | float) and isfinite(one) for one in numbers) or not 0 < read["least"] <= 1:
        raise ValueError("weights of curated answers are numbers, the least probability is one above 0 and up to 1")
    return Weights({name: float(weights[name]) for name in FEATURES}, float(read["intercept"]), float(read["least"]))
