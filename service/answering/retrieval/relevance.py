"""The relevance models: whether hits treat the subject of a question at all, and whether an item
answers it.

Two logistic regressions, trained with whole documents left out (docs/decisions/013-judge.md,
014-finding.md). Hits below the threshold of the first are not shown; those below that of the second
are shown as found, not as an answer. The first also uses the question's vector, to tell questions
on services that citizens apply for from questions on strategies. Without vectors of the embedding
model that it was trained with, a model of words alone is used.
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
from service.answering.query import AnswerType, Query
from service.answering.reading.classifier import UNDERSTOOD
from service.answering.retrieval.facts import field_relevance, has_fact, is_recognizable
from service.answering.retrieval.sentences import SentenceChooser
from service.answering.retrieval.terms import coverage, nouns_of, topic_words
from vectorstore import Vectors
from vectorstore.records import Item

if TYPE_CHECKING:
    from service.answering.corpus import Corpus
    from service.answering.retrieval.search import Hit

DECIDING_HITS = 3  # hits by which `select_fitting` decides whether a question is treated
PASSAGE_LENGTH = 600  # characters of a passage whose features are taken
BY_VECTORS = "vectors"
BY_WORDS = "words"
BY_QUESTIONS = "questions"
TREATING_FEATURES: Mapping[str, tuple[str, ...]] = {
    BY_VECTORS: ("similarity", "words", "concept"),
    BY_WORDS: ("words", "concept"),
    BY_QUESTIONS: ("similarity", "words", "concept", "question", "asked"),
}
_ASKED = tuple(element for element in AnswerType if element is not AnswerType.NOTHING)
ANSWERING_FEATURES = (
    "sentence",
    "support",
    "ahead",
    "fact",
    "no fact",
    "fact words",
    "field",
    "called field",
    "not German",
    "long",
    *(f"asks {element.value}" for element in _ASKED),
)
_LOWEST_COSINE = 0.8  # subtracted: cosines of the encoder are between .75 and .95
_LONG_ITEM = 50  # sentences of an item from which the feature "long" is 1
_LEAST_LIKENESS = 0.9  # to a question written for an item, from which the item answers
CERTAIN = 1.0  # probability


@dataclass(frozen=True, slots=True)
class Regression:
    """A trained logistic regression; `least` is its threshold, `share` of the best hit's score that
    hits must have.
    """

    weights: Mapping[str, float]
    intercept: float
    least: float
    share: float = 0.0

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability, 0 to 1, of the positive class."""
        score = self.intercept + sum(
            weight * features[name] for name, weight in self.weights.items()
        )
        return 1.0 / (1.0 + math.exp(-score))


@cache
def load_models() -> Mapping[str, Regression]:
    """The models by name: "vectors", "words", "questions" (is it treated?) and "answers" (does it
    answer?).
    """
    regressions: dict[str, dict[str, Any]] = json.loads(lexicon.trained("relevance.json"))
    return {name: Regression(**fields) for name, fields in regressions.items()}


@cache
def load_question_model() -> Vectors:
    """The weights of a linear model on question vectors and, last, its intercept, shape (d +
    1,).
    """
    return np.array(json.loads(lexicon.trained("question.json")), dtype=np.float32)


def score_question(vector: Vectors) -> float:
    """The score of a question vector, shape (d,): above 0 if it is like questions that strategies
    treat.
    """
    model = load_question_model()
    return float(vector @ model[:-1] + model[-1])


def _model_name(hits: Sequence[Hit], question_score: float | None = None) -> str:
    """The name of the model for what is known of hits.

    Without similarities it is the model of words alone; with them that of vectors, or, if the score
    of the question by `score_question` is known, too, that of questions.
    """
    if hits[0].similarity is None:
        return BY_WORDS
    if question_score is None:
        return BY_VECTORS
    return BY_QUESTIONS


def extract_treating_features(
    hits: Sequence[Hit], question_score: float | None = None
) -> dict[str, float]:
    """The features of hits for the models of `TREATING_FEATURES`, by name.

    They are the highest of each over all hits, and the score of the question by `score_question`.
    Similarities lie in a narrow band, which is widened to a scale like that of the others.
    """
    similarity = max(hit.similarity or 0.0 for hit in hits)
    return {
        "similarity": 10 * (similarity - _LOWEST_COSINE),
        "words": max(hit.coverage for hit in hits),
        "concept": min(1.0, max(hit.support for hit in hits)),
        "question": question_score or 0.0,
        "asked": max(hit.question_similarity for hit in hits),
    }


def probability_of_treating(hits: Sequence[Hit], question_score: float | None = None) -> float:
    """The probability, 0 to 1, that hits (at least one) treat what was searched.

    `question_score` is that of `score_question`; None for a topic, which has none, or if it is not
    known.
    """
    model = load_models()[_model_name(hits, question_score)]
    return model.probability(extract_treating_features(hits, question_score))


def select_fitting(
    hits: Sequence[Hit], language: str = "de", question_score: float | None = None
) -> list[Hit]:
    """The hits (best first) that fit a question; [] if the first three together do not treat it.
    `question_score` is that of `score_question`, None where it is not known.

    Dropped are hits whose score is too far below the first, and later ones that alone are below the
    threshold. The model was trained on German questions; other languages have lower cosines, so
    their hits are dropped by score only.
    """
    if not hits:
        return []
    model, is_german = load_models()[_model_name(hits, question_score)], language == "de"
    if is_german and probability_of_treating(hits[:DECIDING_HITS], question_score) < model.least:
        return []
    close = [hit for hit in hits if hit.score >= model.share * hits[0].score]
    if not is_german:
        return close
    return [
        hit
        for hit in close
        if hit is hits[0] or probability_of_treating([hit], question_score) >= model.least
    ]


class Relevance:
    """Rates how likely items answer a question; `hits` are those of its search, best first."""

    def __init__(
        self, query: Query, corpus: Corpus, chooser: SentenceChooser, hits: Sequence[Hit]
    ) -> None:
        self._query, self._corpus, self._chooser, self._hits = query, corpus, chooser, hits
        self._words = chooser.words

    def rate_items(
        self, named: Sequence[Hit], numbered: Sequence[Item]
    ) -> list[tuple[Item, float]]:
        """The items to show, each with the probability that it answers: first `named`, then the
        hits that fit.

        `named` are items that the question names, `numbered` those of them that it names by their
        number. The probability is 1 if a question written for the item is nearly the same. It is at
        most half the threshold of an answer if the item lacks the kind of fact asked for (a date),
        or if the language is neither German nor English. Otherwise it is at least this threshold if
        the item is numbered.
        """
        vector = self.vector
        question_score = None if vector is None else score_question(vector)
        fit = select_fitting(self._hits, self._query.question_language, question_score)
        shown = {(hit.item.document_id, hit.item.key): hit for hit in (*named, *fit)}
        return [
            (hit.item, self._bound_probability(hit, is_numbered=hit.item in numbered))
            for hit in shown.values()
        ]

    @property
    def vector(self) -> Vectors | None:
        """The vector of the question, shape (d,); None without the embedding that the models were
        trained with.
        """
        embedding = self._corpus.edition.embedding
        if embedding is None or not embedding.has_calibrated_thresholds:
            return None
        return embedding.vector(self._query.question or self._query.text)

    def _bound_probability(self, hit: Hit, *, is_numbered: bool) -> float:
        """The probability that a hit answers, within the bounds that `rate_items` describes."""
        if hit.question_similarity >= _LEAST_LIKENESS:
            return CERTAIN
        probability, states_fact = self.probability(hit), self.states_fact(hit.item)
        if is_numbered and states_fact:
            probability = max(probability, load_models()["answers"].least)
        may_answer = self._query.question_language in UNDERSTOOD and states_fact
        if may_answer:
            return probability
        return min(probability, load_models()["answers"].least / 2)

    def states_fact(self, item: Item) -> bool:
        """True if the passage to quote has the notation of the answer type (a date), or the type
        has no notation, so that nothing can be told from the text.
        """
        asked = self._query.answer_type
        return not is_recognizable(asked) or has_fact(
            asked, self._chooser.choose_passage(item, PASSAGE_LENGTH)
        )

    def probability(self, hit: Hit) -> float:
        """The probability, 0 to 1, that a hit answers the question."""
        return load_models()["answers"].probability(self.features(hit))

    def features(self, hit: Hit) -> dict[str, float]:
        """The features of a hit, by name, each 0 to 1.

        "sentence" is how much of the question title and passage cover, "ahead" how far the hit is
        before the best other one. "fact" is 1 if the passage states the fact asked for, "no fact"
        if none is asked for. "called field" is how well the title is what is asked about, if the
        record has the field asked for.
        """
        corpus, query, item = self._corpus, self._query, hit.item
        passage = self._chooser.choose_passage(item, PASSAGE_LENGTH)
        title = corpus.title_terms[corpus.row(item)]
        best_other = max((other.score for other in self._hits if other.item != item), default=0.0)
        has_field = _has_field(item, query.answer_type)
        asks = {f"asks {element.value}": float(query.answer_type is element) for element in _ASKED}
        return {
            "sentence": coverage(self._words, title.union(corpus.analyzer.terms(passage)), corpus),
            "support": min(1.0, hit.support),
            "ahead": max(0.0, 1.0 - best_other / hit.score) if hit.score else 0.0,
            "fact": float(has_fact(query.answer_type, passage)),
            "no fact": float(query.answer_type is AnswerType.NOTHING),
            "fact words": self._coverage_with_fact(item, title),
            "field": float(has_field),
            "called field": self._title_coverage(title) if has_field else 0.0,
            "not German": float(query.question_language != "de"),
            "long": min(1.0, math.log1p(len(corpus.sentences(item))) / math.log1p(_LONG_ITEM)),
        } | asks

    def _title_coverage(self, title: frozenset[str]) -> float:
        """The share of the topic's nouns that a title contains, 0 to 1."""
        topic = topic_words(self._query, self._corpus)
        return coverage(nouns_of(topic), title, self._corpus)

    def _coverage_with_fact(self, item: Item, title: frozenset[str]) -> float:
        """The highest share of the question's words, by weight, that the title covers together with
        one sentence that states the fact asked for. 0 if no sentence states the fact.
        """
        covered = 0.0
        for sentence in self._corpus.sentences(item):
            if has_fact(self._query.answer_type, sentence.stated):
                terms = title | sentence.terms
                covered = max(covered, coverage(self._words, terms, self._corpus))
        return covered


def _has_field(item: Item, asked: AnswerType) -> bool:
    """True if a record states the fact asked for in a place of its own: as its status, as its
    units, or in a field with relevance 1.
    """
    if asked is AnswerType.STATUS:
        return item.status is not None
    if asked is AnswerType.RESPONSIBLE and item.responsible:
        return True
    return any(
        field_relevance(asked, field.field) >= 1.0 and field.text.strip() for field in item.fields
    )
