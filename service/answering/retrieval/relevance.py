"""How relevant hits are: whether they treat the matter of a question at all, and whether an item answers it.

Two logistic regressions, trained with whole documents left out (docs/decisions/013-judge.md, 014-finding.md). What is
below the first is not shown, what is below the second is shown without the claim that it answers. Without vectors, or
with those of another model than the one that was learned with, words decide by weights of their own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from service.answering import lexicon
from service.answering.query import Asked, Query
from service.answering.retrieval.sentences import SentenceChooser, has_notation, states
from service.answering.retrieval.terms import QueryWord, cover, coverage, words_in
from vectorstore.records import Item

if TYPE_CHECKING:
    from service.answering.corpus import Corpus
    from service.answering.retrieval.search import Hit

FIRST = 3  # hits that tell whether the matter is treated
PASSAGE = 600  # characters of what is quoted of the first item
VECTORS, WORDS = "vectors", "words"
TREATING: Mapping[str, tuple[str, ...]] = {VECTORS: ("similarity", "words", "concept"), WORDS: ("words", "concept")}
ANSWERING = (
    "own coverage", "sentence", "title", "rarest", "unknown", "support", "asked before", "ahead", "few words", "fact",
    "no fact", "yes or no", "not German", "fact words", "weakest", "long",
    *(f"asks {element.value}" for element in Asked if element is not Asked.NOTHING),
)  # fmt: skip
_LISTED = {VECTORS: 0.5, WORDS: 0.75}  # probability of an item from which there is a list on its topic
_LOW = 0.8  # cosines of the encoder are between .75 and .95
_ENOUGH_WORDS, _LONG = 4, 50  # of a question; sentences of an item
_FRAME = 0.5  # probability from which a word frames the question
_WRITTEN_FOR, _NAMED = (
    0.9,
    0.6,
)  # likeness of a written question that is the one asked; least probability of a named item
SURE = 1.0
_UNDERSTOOD = ("de", "en")


@dataclass(frozen=True, slots=True)
class Regression:
    """A trained logistic regression; `least` is the probability from which it decides, `share` as `fitting` uses it."""

    weights: Mapping[str, float]
    intercept: float
    least: float
    share: float = 0.0

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability, 0 to 1, of what was learned."""
        score = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-score))


@cache
def trained() -> Mapping[str, Regression]:
    """The regressions by name: "vectors" and "words" for what is treated, "answers"."""
    read: dict[str, dict[str, Any]] = json.loads(lexicon.trained("relevance.json"))
    return {name: Regression(**fields) for name, fields in read.items()}


def _evidence(hits: Sequence[Hit]) -> str:
    return WORDS if hits[0].similarity is None else VECTORS


def treating_features(hits: Sequence[Hit]) -> dict[str, float]:
    """The best similarity, share of words and supported concept of some hits."""
    similarity = max(hit.similarity or 0.0 for hit in hits)
    words, concept = max(hit.coverage for hit in hits), max(hit.support for hit in hits)
    return {"similarity": 10 * (similarity - _LOW), "words": words, "concept": min(1.0, concept)}


def probability_of_treating(hits: Sequence[Hit]) -> float:
    """The probability, 0 to 1, that hits treat the matter; there is at least one."""
    return trained()[_evidence(hits)].probability(treating_features(hits))


def may_be_listed(hit: Hit) -> bool:
    """True if an item by itself treats a topic so likely that there is a list on it."""
    return probability_of_treating([hit]) >= _LISTED[_evidence([hit])]


def fitting(hits: Sequence[Hit], language: str = "de") -> list[Hit]:
    """The hits that fit, in their order: none where the matter is not treated, and none that is far behind the first.

    It was learned from German questions: cosines with others are lower, and nothing is dropped for them.
    """
    if not hits:
        return []
    decides = trained()[_evidence(hits)]
    if language == "de" and probability_of_treating(hits[:FIRST]) < decides.least:
        return []
    return [hit for hit in hits if hit.score >= decides.share * hits[0].score]


class Relevance:
    """How likely items answer one question, by its hits, best first."""

    def __init__(self, query: Query, corpus: Corpus, chooser: SentenceChooser, hits: Sequence[Hit]) -> None:
        self._query, self._corpus, self._chooser, self._hits = query, corpus, chooser, hits
        self._words = words_in(query.text, corpus, query.spoken)

    def rank(self, named: Sequence[Hit], numbered: Sequence[Item]) -> list[tuple[Item, float]]:
        """What may be shown, best first, each with its probability: first what the question names, then what fits.

        None is claimed that lacks the kind of fact, or in a language that is not understood; what a question was
        written for that is nearly this one answers surely, an item named by number that states the fact likely.
        """
        shown = {
            (hit.item.document_id, hit.item.key): hit for hit in (*named, *fitting(self._hits, self._query.spoken))
        }
        return [(hit.item, self._bounded(hit, is_numbered=hit.item in numbered)) for hit in shown.values()]

    def _bounded(self, hit: Hit, *, is_numbered: bool) -> float:
        if hit.asked >= _WRITTEN_FOR:
            return SURE
        answers, may = self.probability(hit), self._query.spoken in _UNDERSTOOD and self.states_fact(hit.item)
        if is_numbered and self.states_fact(hit.item):
            answers = max(answers, _NAMED)
        return answers if may else min(answers, trained()["answers"].least / 2)

    def states_fact(self, item: Item) -> bool:
        """True if what would be quoted of an item contains the kind of fact that is asked for, or none is."""
        asked = self._query.asked
        return not has_notation(asked) or states(asked, self._chooser.passage(item, PASSAGE))

    def probability(self, hit: Hit) -> float:
        """The probability, 0 to 1, that a hit answers the question."""
        return trained()["answers"].probability(self.features(hit))

    def features(self, hit: Hit) -> dict[str, float]:
        """The features of a hit, by name, each 0 to 1."""
        corpus, query, words = self._corpus, self._query, self._words
        row, text = corpus.row(hit.item), corpus.text_of(hit.item)
        title, passage = corpus.title_terms[row], self._chooser.passage(hit.item, PASSAGE)
        quoted = frozenset(corpus.analyzer.terms(passage)) | title
        remaining = max((item.score for item in self._hits if item.item != hit.item), default=0.0)
        rarest = max(words, key=lambda word: word.weight * corpus.rarest(word.terms), default=None)
        topic = [word for word in words if word.frame < _FRAME]
        return {
            "own coverage": coverage(words, corpus.terms[row], corpus),
            "sentence": coverage(words, quoted, corpus),
            "title": coverage(words, title, corpus),
            "rarest": cover(rarest, corpus.terms[row] | quoted, corpus) if rarest else 0.0,
            "unknown": self._unknown(words),
            "support": min(1.0, hit.support),
            "asked before": hit.asked**2,
            "ahead": max(0.0, 1.0 - remaining / hit.score) if hit.score else 0.0,
            "few words": max(0.0, 1.0 - len(words) / _ENOUGH_WORDS),
            "fact": float(states(query.asked, passage)),
            "no fact": float(query.asked is Asked.NOTHING),
            "yes or no": float(query.yes_no),
            "not German": float(query.spoken != "de"),
            "fact words": self._beside_facts(hit.item, title),
            "weakest": min((cover(word, quoted, corpus) for word in topic), default=0.0),
            "long": min(1.0, math.log1p(text.size) / math.log1p(_LONG)),
            **{f"asks {item.value}": float(query.asked is item) for item in Asked if item is not Asked.NOTHING},
        }

    def _beside_facts(self, item: Item, title: frozenset[str]) -> float:
        """The share of the words that a sentence with the kind of fact contains, with its item's title; the best."""
        text, worth = (
            self._corpus.text_of(item),
            [(word, word.weight * self._corpus.rarest(word.terms)) for word in self._words],
        )
        facts = text.stating(self._query.asked)
        if not facts.any():
            return 0.0
        covered = sum(
            value * np.maximum(text.coverage_of(word, self._corpus), cover(word, title, self._corpus))
            for word, value in worth
        )
        return float(np.max(covered * facts)) / (sum(value for _, value in worth) or 1.0)

    def _unknown(self, words: Sequence[QueryWord]) -> float:
        """The share of the words that no document knows, by how rare they are."""
        worth = [(word, word.weight * self._corpus.rarest(word.terms)) for word in words]
        new = sum(value for word, value in worth if not any(map(self._corpus.knows, word.terms)) and not word.others)
        return new / (sum(value for _, value in worth) or 1.0)
