"""Whether what was found fits a question at all: search always finds something, and some of what people ask is treated
nowhere.

A logistic regression over a few features of the first entries, learned from questions with a right entry among them and
from questions that no document treats, whole documents left out (docs/decisions/014-finding.md). Without vectors, or
with those of another model than the one that was learned with, words alone decide by weights of their own. It was
learned from German questions: cosines with those of other languages are lower, and nothing is dropped for them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from service.answering import lexicon

if TYPE_CHECKING:
    from service.answering.finding.finder import Found

NAME = "fits.json"
FIRST = 3  # entries that tell whether the matter is treated
VECTORS, WORDS = "vectors", "words"
FEATURES: Mapping[str, tuple[str, ...]] = {VECTORS: ("similarity", "words", "concept"), WORDS: ("words", "concept")}
_LISTED = {VECTORS: 0.5, WORDS: 0.75}  # probability of an item from which there is a list on its topic
_LOW = 0.8  # cosines of the encoder lie between .75 and .95


@dataclass(frozen=True, slots=True)
class Fits:
    """Trained: the probability from which a matter is treated, and the least share of the first entry's score."""

    weights: Mapping[str, float]
    intercept: float
    least: float
    share: float


@cache
def trained() -> Mapping[str, Fits]:
    """What decides, with vectors and without."""
    return {name: Fits(**one) for name, one in json.loads(lexicon.trained(NAME)).items()}


def kind_of(found: Sequence[Found]) -> str:
    """By which of the two these entries are decided."""
    return WORDS if found[0].similarity is None else VECTORS


def features(found: Sequence[Found]) -> dict[str, float]:
    """The features of some entries together, of each the best: similarity, share of words, concept borne out."""
    nearest = max(one.similarity or 0.0 for one in found)
    words, concept = max(one.coverage for one in found), max(one.support for one in found)
    return {"similarity": 10 * (nearest - _LOW), "words": words, "concept": min(1.0, concept)}


def probability(found: Sequence[Found]) -> float:
    """The probability, 0 to 1, that some entries treat the matter; `found` is not empty."""
    decides, told = trained()[kind_of(found)], features(found)
    score = decides.intercept + sum(weight * told[name] for name, weight in decides.weights.items())
    return 1.0 / (1.0 + math.exp(-score))


def surely_treats(found: Found) -> bool:
    """Whether an item by itself treats a topic so likely that there is a list on it."""
    return probability([found]) >= _LISTED[kind_of([found])]


def fitting(found: Sequence[Found], language: str = "de") -> list[Found]:
    """Those that fit, in their order: none where the matter is not treated, and none that is far behind the first."""
    decides = trained()[kind_of(found)] if found else None
    if decides is None or (language == "de" and probability(found[:FIRST]) < decides.least):
        return []
    return [one for one in found if one.score >= decides.share * found[0].score]
