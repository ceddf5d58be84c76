"""Whether an entry that was found answers the question: a few features of both, weighed as training found.

One probability, one threshold: below it what was found is shown and nothing is claimed (`found`). A logistic
regression over development cases, whole papers left out (docs/decisions/013-judge.md).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.finding.finder import Found
from service.answering.finding.sentences import Chooser, has_notation, tells
from service.answering.finding.words import share, words_in
from service.answering.query import Asked, Query
from vectorstore.records import Item

FEATURES = (
    "own coverage", "sentence", "title", "rarest", "unknown", "support", "asked before", "ahead", "few words", "fact",
    "no fact", "yes or no", "not German", "fact words", "weakest", "long",
    *(f"asks {one.value}" for one in Asked if one is not Asked.NOTHING),
)  # fmt: skip
_ENOUGH_WORDS = 4
_FRAME = 0.5  # probability from which a word frames the question
_LONG = 50  # sentences
PASSAGE = 600  # characters of what is quoted of the first entry


@dataclass(frozen=True, slots=True)
class Weights:
    """Trained: `answers` is the probability from which an answer is claimed, `fits` from which an entry is shown."""

    weights: Mapping[str, float]
    intercept: float
    answers: float
    fits: float


class Judge:
    """Judges what was found for one question."""

    def __init__(self, query: Query, found: Sequence[Found], corpus: Corpus, chooser: Chooser) -> None:
        self._query, self._found, self._corpus, self._chooser = query, found, corpus, chooser
        self._words = words_in(query.text, corpus, query.spoken)
        self._worth = [word.weight * corpus.rarest(word.terms) for word in self._words]
        self._total = sum(self._worth) or 1.0

    def probability(self, found: Found) -> float:
        """The probability, 0 to 1, that an entry answers the question."""
        trained, features = weights(), self.features(found)
        score = trained.intercept + sum(weight * features[name] for name, weight in trained.weights.items())
        return 1.0 / (1.0 + math.exp(-score))

    def tells(self, item: Item) -> bool:
        """Whether what would be quoted of an entry holds the kind of fact that is asked for; true where none is."""
        asked = self._query.asked
        return not has_notation(asked) or tells(asked, self._chooser.passage(item, PASSAGE))

    def features(self, found: Found) -> dict[str, float]:
        """The features of an entry for the question, by name, each 0 to 1."""
        corpus, query = self._corpus, self._query
        row = corpus.row(found.item)
        title, said = corpus.title_terms[row], corpus.sentences(found.item)
        quote = self._chooser.passage(found.item, PASSAGE)
        terms = frozenset(corpus.analyzer.terms(quote)) | title
        rarest = max(zip(self._worth, self._words, strict=True), key=lambda one: one[0], default=None)
        topic = [word for word in self._words if word.frame < _FRAME]
        others = max((one.score for one in self._found if one.item != found.item), default=0.0)
        fact = query.asked is not Asked.NOTHING and tells(query.asked, quote)
        facts = [one for one in said if tells(query.asked, one.text)]
        unknown = [not any(map(corpus.knows, word.terms)) and not word.others for word in self._words]
        return {
            "own coverage": self._held(corpus.terms[row]),
            "sentence": self._held(terms),
            "title": self._held(title),
            "rarest": share(rarest[1], corpus.terms[row] | terms, corpus) if rarest else 0.0,
            "unknown": sum(one for one, strange in zip(self._worth, unknown, strict=True) if strange) / self._total,
            "support": min(1.0, found.support),
            "asked before": found.asked**2,
            "ahead": max(0.0, 1.0 - others / found.score) if found.score else 0.0,
            "few words": max(0.0, 1.0 - len(self._words) / _ENOUGH_WORDS),
            "fact": float(fact),
            "no fact": float(query.asked is Asked.NOTHING),
            "yes or no": float(query.yes_no),
            "not German": float(query.spoken != "de"),
            "fact words": max((self._held(one.terms | title) for one in facts), default=0.0),
            "weakest": min((share(word, terms, corpus) for word in topic), default=0.0),
            "long": min(1.0, math.log1p(len(said)) / math.log1p(_LONG)),
            **{f"asks {one.value}": float(query.asked is one) for one in Asked if one is not Asked.NOTHING},
        }

    def _held(self, terms: frozenset[str]) -> float:
        held = sum(
            value * share(word, terms, self._corpus) for word, value in zip(self._words, self._worth, strict=True)
        )
        return held / self._total


@cache
def weights() -> Weights:
    """The judge's weights, as trained."""
    read = json.loads(lexicon.trained("judge.json"))
    return Weights(read["weights"], read["intercept"], read["answers"], read["fits"])
