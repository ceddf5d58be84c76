"""How relevant hits are: whether they treat the matter of a question at all, and whether an item answers it.

Two logistic regressions, trained with whole documents left out (docs/decisions/013-judge.md, 014-finding.md). What is
below the first is not shown, what is below the second is shown without the claim that it answers. The first knows a
question's vector too: services that a citizen applies for are other questions than those that strategies treat.
Without vectors, or with those of another model than the one that was learned with, words decide by their own weights.
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
from service.answering.retrieval.sentences import MEANINGS, SentenceChooser, has_notation, states
from service.answering.retrieval.terms import cover, coverage, nouns_of, words_in
from vectorstore.records import Item
from vectorstore.vectors import Vectors

if TYPE_CHECKING:
    from service.answering.corpus import Corpus
    from service.answering.retrieval.search import Hit

FIRST = 3  # hits that tell whether the matter is treated
PASSAGE = 600  # characters of what is quoted of the first item
VECTORS, WORDS, QUESTIONS = "vectors", "words", "questions"
TREATING: Mapping[str, tuple[str, ...]] = {
    VECTORS: ("similarity", "words", "concept"),
    WORDS: ("words", "concept"),
    QUESTIONS: ("similarity", "words", "concept", "question", "asked"),
}
ANSWERING = (
    "sentence", "support", "ahead", "fact", "no fact", "fact words", "field", "called field", "not German", "long",
    *(f"asks {element.value}" for element in Asked if element is not Asked.NOTHING),
)  # fmt: skip
_LISTED = {VECTORS: 0.5, WORDS: 0.75}  # probability of an item from which there is a list on its topic
_LOW = 0.8  # cosines of the encoder are between .75 and .95
_LONG = 50  # sentences of an item
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
    """The regressions by name: "vectors", "words" and "questions" for what is treated, "answers"."""
    read: dict[str, dict[str, Any]] = json.loads(lexicon.trained("relevance.json"))
    return {name: Regression(**fields) for name, fields in read.items()}


@cache
def question_direction() -> Vectors:
    """Along which vectors of questions are treated the likelier, shape (d + 1,), its intercept last."""
    return np.array(json.loads(lexicon.trained("question.json")), dtype=np.float32)


def score_question(vector: Vectors) -> float:
    """How much a question, shape (d,), is like those that strategies treat, above 0, or else like others."""
    *direction, intercept = question_direction()
    return float(vector @ np.array(direction) + intercept)


def _evidence(hits: Sequence[Hit], question: float | None = None) -> str:
    if hits[0].similarity is None:
        return WORDS
    return VECTORS if question is None else QUESTIONS


def treating_features(hits: Sequence[Hit], question: float | None = None) -> dict[str, float]:
    """The best similarity, share of words, concept and written question of some hits, and the score of the question."""
    similarity = max(hit.similarity or 0.0 for hit in hits)
    words, concept = max(hit.coverage for hit in hits), max(hit.support for hit in hits)
    features = {"similarity": 10 * (similarity - _LOW), "words": words, "concept": min(1.0, concept)}
    return features | {"question": question or 0.0, "asked": max(hit.asked for hit in hits)}


def probability_of_treating(hits: Sequence[Hit], question: float | None = None) -> float:
    """The probability, 0 to 1, that hits treat the matter of a topic or of a scored question; there is at least one."""
    return trained()[_evidence(hits, question)].probability(treating_features(hits, question))


def may_be_listed(hit: Hit) -> bool:
    """True if an item by itself treats a topic so likely that there is a list on it."""
    return probability_of_treating([hit]) >= _LISTED[_evidence([hit])]


def fitting(hits: Sequence[Hit], language: str = "de", question: float | None = None) -> list[Hit]:
    """The hits that fit, in their order: none where the matter is not treated.

    Behind the first none that is far behind it, or that by itself treats the matter less likely than is shown at all.
    That was learned from German questions: cosines with others are lower, nothing is dropped for them but by score.
    """
    if not hits:
        return []
    decides, german = trained()[_evidence(hits, question)], language == "de"
    if german and probability_of_treating(hits[:FIRST], question) < decides.least:
        return []
    closest = [hit for hit in hits if hit.score >= decides.share * hits[0].score]
    if not german:
        return closest
    return [hit for hit in closest if hit is hits[0] or probability_of_treating([hit], question) >= decides.least]


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
        vector = self.vector
        fit = fitting(self._hits, self._query.spoken, None if vector is None else score_question(vector))
        shown = {(hit.item.document_id, hit.item.key): hit for hit in (*named, *fit)}
        return [(hit.item, self._bounded(hit, is_numbered=hit.item in numbered)) for hit in shown.values()]

    @property
    def vector(self) -> Vectors | None:
        """The vector of the question, shape (d,); None without the embedding that was learned with."""
        embedding = self._corpus.edition.embedding
        return embedding.vector(self._query.text) if embedding is not None and embedding.learned_with else None

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
        corpus, query, item = self._corpus, self._query, hit.item
        passage, title = self._chooser.passage(item, PASSAGE), corpus.title_terms[corpus.row(item)]
        remaining = max((other.score for other in self._hits if other.item != item), default=0.0)
        has_field = _has_field(item, query.asked)
        return {
            "sentence": coverage(self._words, title.union(corpus.analyzer.terms(passage)), corpus),
            "support": min(1.0, hit.support),
            "ahead": max(0.0, 1.0 - remaining / hit.score) if hit.score else 0.0,
            "fact": float(states(query.asked, passage)),
            "no fact": float(query.asked is Asked.NOTHING),
            "fact words": self._beside_facts(item, title),
            "field": float(has_field),
            "called field": self._called(title) if has_field else 0.0,
            "not German": float(query.spoken != "de"),
            "long": min(1.0, math.log1p(corpus.text_of(item).size) / math.log1p(_LONG)),
            **{f"asks {asked.value}": float(query.asked is asked) for asked in Asked if asked is not Asked.NOTHING},
        }

    def _called(self, title: frozenset[str]) -> float:
        """How much of the nouns of the topic a title contains, 0 to 1."""
        topic = words_in(self._query.conditions.topic, self._corpus, self._query.spoken)
        return coverage(nouns_of(topic), title, self._corpus)

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


def _has_field(item: Item, asked: Asked) -> bool:
    """True if a record has the field that is asked for."""
    if asked is Asked.STATUS:
        return item.status is not None
    if asked is Asked.RESPONSIBLE and item.responsible:
        return True
    meanings = MEANINGS.get(asked, {})
    return any(meanings.get(field.field or "", 0.0) >= 1.0 and field.text.strip() for field in item.fields)
