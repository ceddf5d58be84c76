"""How well each sentence of an item would answer a question: a few features, weighed as training found.

Features mean the same in every county and size of corpus; each is between 0 and 1. Their weights are learned
(`trained.sentences`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

from service.answering.corpus import Corpus, Made
from service.answering.evidence.counting import telling_places
from service.answering.evidence.facts import FIGURE, measures, sentence_holds, tells
from service.answering.evidence.spoken import Spoken, spoken
from service.answering.query import Asked, Query, Sought
from service.answering.query import Word as QueryWord
from service.answering.trained.sentences import FEATURES
from vectorstore.analysis import Word
from vectorstore.records import Field, Item, ValueKind

# what fields may mean, by the fact or the kind of answer that a question asks for
_MEANINGS: Mapping[Sought, Mapping[str, float]] = {
    Sought.ORGANISATION: {"responsible": 1.0, "partners": 0.6},
    Sought.PERSON: {"responsible": 1.0, "partners": 0.4},
    Sought.CONTACT: {"responsible": 1.0},
    Sought.DATE: {"period": 1.0, "status": 0.5, "state": 0.5},
    Sought.AMOUNT: {"cost": 1.0, "funding": 0.8},
    Sought.QUANTITY: {"period": 0.5, "effect": 0.5, "indicator": 0.3, "state": 0.3, "situation": 0.3},
    Sought.REASON: {"situation": 1.0, "goal": 0.7, "obstacles": 0.3},
    Sought.METHOD: {"steps": 1.0, "description": 0.6},
    Sought.STATUS: {"status": 1.0, "state": 1.0, "period": 0.7, "situation": 0.4},
    Sought.RESPONSIBLE: {"responsible": 1.0, "partners": 0.6},
}
_OF_RECORDS = (Sought.STATUS, Sought.RESPONSIBLE)
BESIDE_THE_MATTER = ("links", "ref", "title", "theme")
_OTHERWISE = 0.55  # share of a word's weight for a synonym or translation, as in finding
_WITHIN, _INSIDE = 0.7, 5  # the same for a compound that it stands in, and how many letters it needs for that
_LONG, _SHORT = 400, 30
_NEAR = 6  # words
_ALTERNATIVES = re.compile(r"\s*(?:/|,|;|\(|\bund\b|\bbzw\.)\s*")
_LEADING = re.compile(r"^\W+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of an item with its place among them, the field that it stands in, and what speaks for it."""

    text: str
    place: int
    field: Field | None
    features: tuple[float, ...]


def candidates(item: Item, corpus: Corpus, query: Query, terms: Mapping[str, float]) -> list[Candidate]:
    """The sentences of an item in reading order; `terms` are those of the question and what is added, with weights."""
    told = spoken(item, corpus)
    if not told:
        return []
    asks = _Asking(item, corpus, query, terms, told)
    vectors = [asks.features(number, one) for number, one in enumerate(told)]
    own = [one["words here"] for one in vectors]
    for number, vector in enumerate(vectors):
        vector["before"] = own[number - 1] if number else 0.0
        vector["behind"] = own[number + 1] if number + 1 < len(own) else 0.0
    return [
        Candidate(one.text, one.place, one.field, tuple(vector[name] for name in FEATURES))
        for one, vector in zip(told, vectors, strict=True)
    ]


def about(item: Item, corpus: Corpus, query: Query) -> float:
    """How much of what an item holds of the question its title holds already: what asks for the item as a whole."""
    title = corpus.title_terms[corpus.row(item)]
    held = corpus.terms[corpus.row(item)] | title
    words = [word for word in query.topic if not held.isdisjoint(word.terms)]
    wanted = sum(word.weight * corpus.rarity(word.terms[0]) for word in words)
    named = sum(word.weight * corpus.rarity(word.terms[0]) for word in words if not title.isdisjoint(word.terms))
    return named / wanted if wanted else 0.0


class _Asking:
    """What a question asks of one item: weights of words, kinds of fact, meanings of fields."""

    def __init__(
        self, item: Item, corpus: Corpus, query: Query, terms: Mapping[str, float], told: Sequence[Spoken]
    ) -> None:
        self._corpus, self._query, self._told = corpus, query, told
        self._words = [(word, word.weight * corpus.rarity(word.terms[0])) for word in query.topic]
        self._wanted = sum(weight for _, weight in self._words)
        shares = [self._shares(one, corpus.rarity) for one in told]
        rarity_here = Made(self._rarity_here)
        self._own = [sum(one, 0.0) for one in shares]
        self._rare = [sum(self._shares(one, rarity_here.__getitem__), 0.0) for one in told]
        added = [(term, weight * corpus.rarity(term)) for term, weight in terms.items()]
        self._added = [sum(worth for term, worth in added if term in one.terms) for one in told]
        places = telling_places(item, corpus, query) if query.asked is Asked.NUMBER else frozenset()
        self._telling = [text for place, text in corpus.sentences(item) if place in places]
        self._plain = frozenset(corpus.analyzer.terms(query.searched))
        self._plain |= {term for word in query.topic for entry in word.others for term in entry}
        self._fits = _meanings(query)
        self._about = about(item, corpus, query)
        title = corpus.title_terms[corpus.row(item)]
        beyond = [title.isdisjoint(word.terms) for word in query.topic]
        self._beyond = [sum(compress(one, beyond), 0.0) for one in shares]
        self._values = {kind: [one.text for one in item.values if one.kind is kind] for kind in _VALUES.values()}

    def _rarity_here(self, term: str) -> float:
        """How much a term tells among the sentences of the item; 0 for one that none has."""
        often = sum(term in one.terms for one in self._told)
        return math.log((len(self._told) + 1) / (often + 0.5)) if often else 0.0

    def _shares(self, told: Spoken, rarity: Callable[[str], float]) -> list[float]:
        """The weight of each of the question's words that a text holds: in its own terms or others for it."""
        return [_share(word, told, rarity) for word in self._query.topic]

    def features(self, number: int, told: Spoken) -> dict[str, float]:
        """The features of the sentence with this number, but for what its neighbours hold."""
        text, field, wanted = told.text, told.field, self._wanted
        words = min(1.0, self._own[number] / wanted) if wanted else 0.0
        here = _scaled(self._own, number)
        fact = self._fact(text, field)
        meaning = self._fits.get(field.field or "", 0.0) if field else 0.0
        return {
            "words": words,
            "words here": here,
            "rare here": _scaled(self._rare, number),
            "added": _scaled(self._added, number),
            "label": self._labelled(field.label) if field else 0.0,
            "heading": float(text.endswith(":")),
            "asked": float(self._asked(text)),
            "fact": fact,
            "fact here": fact * here,
            "number": float(any(one in text for one in self._telling)),
            "meaning": meaning,
            "about": meaning * self._about,
            "first": 1.0 / (1 + number),
            "length": min(1.0, len(text) / _LONG),
            "short": float(field is None and len(_LEADING.sub("", text)) < _SHORT),
            "beyond": _scaled(self._beyond, number),
            "beside": self._beside(text),
            "reference": float(field is not None and field.field in BESIDE_THE_MATTER),
        }

    def _labelled(self, label: str) -> float:
        """The share of a label's words that the question says; of several alternatives the best: "Kosten / Budget"."""
        parts = [self._corpus.analyzer.words(part) for part in _ALTERNATIVES.split(label)]
        return max(
            (sum(self._says(word) for word in words) / len(words) for words in parts if words),
            default=0.0,
        )

    def _says(self, word: Word) -> bool:
        return not self._plain.isdisjoint((word.whole, *word.parts[-1:]))

    def _asked(self, text: str) -> bool:
        """True where a sentence holds the kind of fact that the question's form asks for."""
        asked = self._query.asked
        return measures(text) if asked is Asked.NUMBER else asked is not Asked.NOTHING and sentence_holds(asked, text)

    def _fact(self, text: str, field: Field | None) -> float:
        """The probability that the question asks for a kind of fact that the sentence holds."""
        meant = field.field if field else None
        return sum(
            one.probability
            for one in self._query.chances
            if one.kind not in _OF_RECORDS
            and (_MEANINGS.get(one.kind, {}).get(meant or "", 0.0) == 1.0 or self._tells(one.kind, text))
        )

    def _tells(self, kind: Sought, text: str) -> bool:
        """True where a sentence holds a kind of fact, by its notation or by the values that were read in it."""
        if kind in _VALUES and any(one in text for one in self._values[_VALUES[kind]]):
            return True
        return tells(kind, text)

    def _beside(self, text: str) -> float:
        """1 where a number stands within a few words of the rarest word of the question that the sentence holds."""
        if not FIGURE.search(text):
            return 0.0
        words = text.split()
        numbers = [place for place, word in enumerate(words) if FIGURE.search(word)]
        terms = [self._corpus.word_terms(word) for word in words]
        said = frozenset[str]().union(*terms)
        held = [(weight, word) for word, weight in self._words if _is_said(word, said)]
        most = max((weight for weight, _ in held), default=0.0)
        rarest = [word for weight, word in held if weight == most]
        near = [place for word in rarest for place, found in enumerate(terms) if _is_said(word, found)]
        return float(any(abs(one - other) <= _NEAR for one in near for other in numbers))


def _share(word: QueryWord, told: Spoken, rarity: Callable[[str], float]) -> float:
    """The weight of a word that a text holds: whole, in parts, in other words for it, inside a compound."""
    whole, *parts = word.terms
    held = told.terms
    if whole in held:
        return word.weight * rarity(whole)
    partly = sum(rarity(part) for part in parts if part in held) / len(parts) if parts else 0.0
    other = max(
        (sum(map(rarity, entry)) / len(entry) for entry in word.others if held.issuperset(entry)),
        default=0.0,
    )
    inside = rarity(whole) if len(whole) >= _INSIDE and whole in told.joined else 0.0
    return word.weight * max(0.8 * partly, _OTHERWISE * other, _WITHIN * inside)


def _is_said(word: QueryWord, terms: frozenset[str]) -> bool:
    """True where any of the terms is one of the word, or of another word for it."""
    return not terms.isdisjoint(word.terms) or any(not terms.isdisjoint(entry) for entry in word.others)


def _scaled(values: Sequence[float], number: int) -> float:
    best = max(values)
    return values[number] / best if best > 0 else 0.0


def _meanings(query: Query) -> dict[str, float]:
    """How well each meaning of a field fits what is asked."""
    found: dict[str, float] = {}
    for one in query.chances:
        for meaning, fit in _MEANINGS.get(one.kind, {}).items():
            found[meaning] = max(found.get(meaning, 0.0), one.probability * fit)
    return found


_VALUES: Mapping[Sought, ValueKind] = {Sought.ORGANISATION: ValueKind.UNIT, Sought.PLACE: ValueKind.PLACE}
