"""The weights of ranking as a file: learned by `strategielotse eval train`, or chosen by hand where these win."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from service.answering.finding.ranking import Weights
from service.answering.trained.own import own_or_shipped

NAME = "ranking.json"
LEARNED = ("concepts", "concepts_found", "dense", "questions", "questions_found", "questions_same", "title")


@cache
def ranking(folder: Path | None = None) -> Weights:
    """The weights of a county's own training in `folder`, or those that come with the service; raises TrainedError."""
    return own_or_shipped(folder, NAME, unpacked)


def packed(weights: Weights, figures: Mapping[str, object]) -> str:
    """The weights as a file, with the figures of their training."""
    content = {"weights": {name: getattr(weights, name) for name in LEARNED}, "figures": figures}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def unpacked(content: str | bytes) -> Weights:
    """The weights in a file; raises ValueError where it holds others than are needed."""
    read = json.loads(content)
    weights = read.get("weights") if isinstance(read, dict) else None
    if not isinstance(weights, dict) or set(weights) != set(LEARNED):
        raise ValueError(f"no weights of ranking: these are needed: {', '.join(LEARNED)}")
    if not all(isinstance(one, int | float) and isfinite(one) and one >= 0 for one in weights.values()):
        raise ValueError("weights of ranking are numbers from 0")
    learned: dict[str, Any] = {name: float(weights[name]) for name in LEARNED}
    return Weights(**learned)
