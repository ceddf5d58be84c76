"""Whether entries that were found fit a question at all: search always finds something, and some of what people ask is
treated nowhere.

A logistic regression over a few features of what was found, learned from right entries and from questions that no
document treats, whole documents left out (docs/decisions/014-finding.md). Without vectors, or with those of another
model than the one that was learned with, words alone decide by weights of their own. It was learned from German
questions: cosines with those of other languages are lower, and nothing is dropped for them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from service.answering import lexicon
from service.answering.finding.finder import Found

NAME = "fits.json"
VECTORS, WORDS = "vectors", "words"
SURELY = 0.9
FEATURES: Mapping[str, tuple[str, ...]] = {
    VECTORS: ("nearest", "behind", "words", "concept", "asked before"),
    WORDS: ("words", "concept", "asked before"),
}


@dataclass(frozen=True, slots=True)
class Fits:
    """Trained: the probability from which an entry fits, and the least share of the first entry's score."""

    weights: Mapping[str, float]
    intercept: float
    least: float
    share: float


@cache
def trained() -> Mapping[str, Fits]:
    """What decides, with vectors and without."""
    return {name: Fits(**one) for name, one in json.loads(lexicon.trained(NAME)).items()}


def kind_of(found: Found) -> str:
    """By which of the two an entry is decided."""
    return WORDS if found.similarity is None else VECTORS


def features(found: Found) -> dict[str, float]:
    """The features of an entry, each about 0 to 1; cosines of the encoder lie between .75 and .95."""
    told = {"words": found.coverage, "concept": min(1.0, found.support), "asked before": found.asked**2}
    if found.similarity is not None and found.nearest is not None:
        told |= {"nearest": 10 * (found.nearest - 0.8), "behind": 10 * (found.nearest - found.similarity)}
    return told


def probability(found: Found) -> float:
    """The probability, 0 to 1, that an entry fits the question."""
    decides, told = trained()[kind_of(found)], features(found)
    return 1.0 / (
        1.0 + math.exp(-decides.intercept - sum(weight * told[name] for name, weight in decides.weights.items()))
    )


def surely_fitting(found: Sequence[Found]) -> list[Found]:
    """Those of which hardly any does not fit, as far as vectors tell: for lists, which show all that is on a topic."""
    return [one for one in fitting(found) if one.similarity is not None and probability(one) >= SURELY]


def fitting(found: Sequence[Found], language: str = "de") -> list[Found]:
    """Those that fit, in their order: none where none does, and no further one that is far behind the first."""
    fit = [one for one in found if language != "de" or probability(one) >= trained()[kind_of(one)].least]
    return [one for one in fit if one.score >= trained()[kind_of(one)].share * fit[0].score]
