"""One question on its way: how it was understood, what was found for it, and whether that answers it.

A logistic regression over a few features of the question and an entry judges (development cases, whole papers left
out: docs/decisions/013-judge.md). One probability, one threshold: below it what was found is shown and nothing is
claimed (`found`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.finding.finder import Finder, Found
from service.answering.finding.fitting import fitting
from service.answering.finding.sentences import Chooser, has_notation, tells
from service.answering.finding.words import Word, share, words_in
from service.answering.query import Asked, Query
from service.answering.reading.values import Values
from service.answering.wording import told
from vectorstore.records import Document, Item

FEATURES = (
    "own coverage", "sentence", "title", "rarest", "unknown", "support", "asked before", "ahead", "few words", "fact",
    "no fact", "yes or no", "not German", "fact words", "weakest", "long",
    *(f"asks {one.value}" for one in Asked if one is not Asked.NOTHING),
)  # fmt: skip
PASSAGE = 600  # characters of what is quoted of the first entry
_ENOUGH_WORDS, _LONG = 4, 50  # of a question; sentences of an entry
_FRAME = 0.5  # probability from which a word frames the question
_UNDERSTOOD = ("de", "en")
_ASKED_SO, _SURE = 0.9, 1.0  # how much a question written for an entry is the one asked, from which it surely answers
_NAMED = 0.6  # least probability of an entry that is named by number and tells what was asked


@dataclass(frozen=True, slots=True)
class Weights:
    """Trained: `answers` is the probability from which an answer is claimed."""

    weights: Mapping[str, float]
    intercept: float
    answers: float


@cache
def weights() -> Weights:
    """What the entries found are judged by."""
    return Weights(**json.loads(lexicon.trained("judge.json")))


@dataclass(frozen=True)
class Context:
    """What composers work with; `found` is what the search gave, best first.

    `written` is the item for which people wrote this very question.
    """

    corpus: Corpus
    finder: Finder
    query: Query
    values: Values
    found: tuple[Found, ...] = ()
    written: Item | None = None

    @property
    def german(self) -> bool:
        """Whether the answer's own words are German."""
        return self.query.language != "en"

    @property
    def language(self) -> str:
        """The language of the answer's own words, "de" or "en"."""
        return "de" if self.german else "en"

    def say(self, key: str, **values: object) -> str:
        """What the answer says in its own words, filled with values."""
        return told(self.language, key, **values)

    @property
    def documents(self) -> Sequence[Document]:
        """The papers that are asked."""
        ids = self.query.conditions.documents or tuple(self.corpus.catalogue.documents)
        return [self.corpus.catalogue.documents[one] for one in ids if one in self.corpus.catalogue.documents]

    @cached_property
    def entries(self) -> list[Item]:
        """The records that the question names."""
        found = (self.corpus.catalogue.item(*one) for one in self.query.entries)
        return [one for one in found if one is not None]

    @cached_property
    def chooser(self) -> Chooser:
        """Chooses what to quote for this question."""
        return Chooser(self.query, self.corpus)

    @cached_property
    def judged(self) -> list[tuple[Item, float]]:
        """The entries that may be shown, best first, each with the probability that it answers.

        What people wrote this very question for comes first, then what it names; what nearly the same question was
        written for is surely it. None is claimed that lacks the kind of fact, or in other languages.
        """
        fit = fitting(self.found, self.query.spoken)
        told = {(one.item.document_id, one.item.key): (one.item, self.probability(one)) for one in fit}
        first = []
        for item in self.entries:
            _, sure = told.pop((item.document_id, item.key), (item, 0.0))
            sure = sure or self.probability(self.finder.describe(item, self.query.text, self.query.spoken))
            surely = item in self.values.numbered.items and self.tells(item)
            first.append((item, max(sure, _NAMED) if surely else sure))
        asked = {(one.item.document_id, one.item.key) for one in self.found if one.asked >= _ASKED_SO}
        first += [(item, _SURE if key in asked else sure) for key, (item, sure) in told.items()]
        most = weights().answers / 2
        claimed = (sure == _SURE or (self.query.spoken in _UNDERSTOOD and self.tells(item)) for item, sure in first)
        judged = [(item, sure if may else min(sure, most)) for (item, sure), may in zip(first, claimed, strict=True)]
        return [(self.written, _SURE), *(one for one in judged if one[0] != self.written)] if self.written else judged

    def tells(self, item: Item) -> bool:
        """Whether what would be quoted of an entry holds the kind of fact that is asked for; true where none is."""
        asked = self.query.asked
        return not has_notation(asked) or tells(asked, self.chooser.passage(item, PASSAGE))

    def probability(self, found: Found) -> float:
        """The probability, 0 to 1, that an entry answers the question."""
        trained, features = weights(), self.features(found)
        score = trained.intercept + sum(weight * features[name] for name, weight in trained.weights.items())
        return 1.0 / (1.0 + math.exp(-score))

    def features(self, found: Found) -> dict[str, float]:
        """The features of an entry for the question, by name, each 0 to 1."""
        corpus, query = self.corpus, self.query
        row = corpus.row(found.item)
        title, said = corpus.title_terms[row], corpus.sentences(found.item)
        quote = self.chooser.passage(found.item, PASSAGE)
        terms = frozenset(corpus.analyzer.terms(quote)) | title
        others = max((one.score for one in self.found if one.item != found.item), default=0.0)
        facts = [one for one in said if tells(query.asked, one.text)]
        worth = [word.weight * corpus.rarest(word.terms) for word in self._words]
        rarest = max(zip(worth, self._words, strict=True), key=lambda one: one[0], default=None)
        topic = [word for word in self._words if word.frame < _FRAME]

        def held(terms: frozenset[str]) -> float:
            shares = (share(word, terms, corpus) for word in self._words)
            return sum(value * part for value, part in zip(worth, shares, strict=True)) / (sum(worth) or 1.0)

        unknown = [not any(map(corpus.knows, word.terms)) and not word.others for word in self._words]
        return {
            "own coverage": held(corpus.terms[row]),
            "sentence": held(terms),
            "title": held(title),
            "rarest": share(rarest[1], corpus.terms[row] | terms, corpus) if rarest else 0.0,
            "unknown": sum(one for one, new in zip(worth, unknown, strict=True) if new) / (sum(worth) or 1.0),
            "support": min(1.0, found.support),
            "asked before": found.asked**2,
            "ahead": max(0.0, 1.0 - others / found.score) if found.score else 0.0,
            "few words": max(0.0, 1.0 - len(self._words) / _ENOUGH_WORDS),
            "fact": float(query.asked is not Asked.NOTHING and tells(query.asked, quote)),
            "no fact": float(query.asked is Asked.NOTHING),
            "yes or no": float(query.yes_no),
            "not German": float(query.spoken != "de"),
            "fact words": max((held(one.terms | title) for one in facts), default=0.0),
            "weakest": min((share(word, terms, corpus) for word in topic), default=0.0),
            "long": min(1.0, math.log1p(len(said)) / math.log1p(_LONG)),
            **{f"asks {one.value}": float(query.asked is one) for one in Asked if one is not Asked.NOTHING},
        }

    @cached_property
    def _words(self) -> tuple[Word, ...]:
        return words_in(self.query.text, self.corpus, self.query.spoken)
