"""How well each sentence of an item would answer a question: a few features, weighed as training found.

Features mean the same in every county and size of corpus; each is between 0 and 1. Their weights are learned
(`trained.sentences`).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.answering.corpus import Corpus
from service.answering.evidence.counting import telling_places
from service.answering.evidence.facts import CAUSE, FIGURE, holds, measures
from service.answering.evidence.verbatim import squash
from service.answering.query import Asked, Query, Sought
from service.answering.query import Word as QueryWord
from service.answering.trained.sentences import FEATURES
from vectorstore.analysis import Word
from vectorstore.records import Field, Item, Value, ValueKind

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
WHOLE = 200  # letters of a field that is told as a whole
_LONG, _SHORT = 400, 30
_NEAR = 6  # words
_ALTERNATIVES = re.compile(r"\s*(?:/|,|;|\(|\bund\b|\bbzw\.)\s*")
_NAMES = re.compile(r",|;|\bund\b|\bsowie\b|/")
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
    sentences = _sentences(item, corpus)
    if not sentences:
        return []
    asks = _Asking(item, corpus, query, terms, [text for _, text, _ in sentences])
    vectors = [asks.features(number, text, field) for number, (_, text, field) in enumerate(sentences)]
    own = [one["words here"] for one in vectors]
    for number, vector in enumerate(vectors):
        vector["before"] = own[number - 1] if number else 0.0
        vector["behind"] = own[number + 1] if number + 1 < len(own) else 0.0
    return [
        Candidate(text, place, field, tuple(vector[name] for name in FEATURES))
        for place, (_, text, field), vector in zip(_apart(sentences), sentences, vectors, strict=True)
    ]


def _apart(sentences: Sequence[tuple[int, str, Field | None]]) -> Iterator[int]:
    """The places of the sentences, with a gap between fields."""
    gaps, before = 0, sentences[0][2]
    for place, _, field in sentences:
        gaps += field is not before
        before = field
        yield place + gaps


def _sentences(item: Item, corpus: Corpus) -> list[tuple[int, str, Field | None]]:
    """The sentences with the fields that they stand in, then the fields that none of them tells: cells of a table.

    A short field is told as a whole.
    """
    fields = [(field, squash(field.text)) for field in item.fields if field.text]
    found: list[tuple[int, str, Field | None]] = []
    for place, text in corpus.sentences(item):
        field = next((field for field, held in fields if _bare(text, field) in held), None)
        if field is None or len(field.text) > WHOLE:
            found.append((place, text, field))
        elif not any(one is field for _, _, one in found):
            found.append((place, field.text, field))
    told = squash(" ".join(text for _, text, _ in found))
    last = found[-1][0] if found else 0
    apart = [field for field, held in fields if held not in told and not any(one is field for _, _, one in found)]
    return found + [(last + 2 * (number + 1), field.text, field) for number, field in enumerate(apart)]


def _bare(text: str, field: Field) -> str:
    """A sentence as verbatim comparison looks at it, without the field's label before it."""
    return squash(text).removeprefix(squash(field.label).rstrip(":")).removeprefix(":")


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
        self, item: Item, corpus: Corpus, query: Query, terms: Mapping[str, float], texts: Sequence[str]
    ) -> None:
        self._corpus, self._query, self._item = corpus, query, item
        self._held = [frozenset(corpus.analyzer.terms(text)) for text in texts]
        seen = Counter(term for held in self._held for term in held)
        self._rarity_here = {term: math.log((len(texts) + 1) / (often + 0.5)) for term, often in seen.items()}
        self._words = [(word, word.weight * corpus.rarity(word.terms[0])) for word in query.topic]
        self._own = [self._share(held, corpus.rarity) for held in self._held]
        self._rare = [self._share(held, lambda term: self._rarity_here.get(term, 0.0)) for held in self._held]
        self._added = [
            sum(weight * corpus.rarity(term) for term, weight in terms.items() if term in held) for held in self._held
        ]
        places = telling_places(item, corpus, query) if query.asked is Asked.NUMBER else frozenset()
        self._telling = [text for place, text in corpus.sentences(item) if place in places]
        self._plain = frozenset(corpus.analyzer.terms(query.searched))
        self._plain |= {term for word in query.topic for entry in word.others for term in entry}
        self._fits = _meanings(query)
        self._about = about(item, corpus, query)
        title = corpus.title_terms[corpus.row(item)]
        beyond = [(word, weight) for word, weight in self._words if title.isdisjoint(word.terms)]
        self._beyond = [self._share(held, corpus.rarity, beyond) for held in self._held]

    def _share(
        self,
        held: frozenset[str],
        rarity: Callable[[str], float],
        words: Sequence[tuple[QueryWord, float]] | None = None,
    ) -> float:
        """The weight of the question's words, or of these, that a text holds: in their own terms or others for them."""
        total = 0.0
        for word, _ in self._words if words is None else words:
            whole, *parts = word.terms
            if whole in held:
                total += word.weight * rarity(whole)
                continue
            partly = sum(rarity(part) for part in parts if part in held) / len(parts) if parts else 0.0
            other = max(
                (sum(map(rarity, entry)) / len(entry) for entry in word.others if all(one in held for one in entry)),
                default=0.0,
            )
            inside = rarity(whole) if len(whole) >= _INSIDE and any(whole in term for term in held) else 0.0
            total += word.weight * max(0.8 * partly, _OTHERWISE * other, _WITHIN * inside)
        return total

    def features(self, number: int, text: str, field: Field | None) -> dict[str, float]:
        """The features of the sentence with this number, but for what its neighbours hold."""
        wanted = sum(weight for _, weight in self._words)
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
        return measures(text) if asked is Asked.NUMBER else asked is not Asked.NOTHING and holds(asked, text)

    def _fact(self, text: str, field: Field | None) -> float:
        """The probability that the question asks for a kind of fact that the sentence holds."""
        meant = field.field if field else None
        return sum(
            one.probability
            for one in self._query.chances
            if one.kind not in _OF_RECORDS
            and (_MEANINGS.get(one.kind, {}).get(meant or "", 0.0) == 1.0 or _tells(one.kind, text, self._item))
        )

    def _beside(self, text: str) -> float:
        """1 where a number stands within a few words of the rarest word of the question that the sentence holds."""
        words = text.split()
        numbers = [place for place, word in enumerate(words) if FIGURE.search(word)]
        if not numbers:
            return 0.0
        terms = [self._corpus.word_terms(word) for word in words]
        held = [
            (weight, place)
            for word, weight in self._words
            for place, found in enumerate(terms)
            if found.intersection(word.terms) or any(found.intersection(entry) for entry in word.others)
        ]
        most = max((weight for weight, _ in held), default=0.0)
        near = [place for weight, place in held if weight == most]
        return float(any(abs(one - other) <= _NEAR for one in near for other in numbers))


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


_TOLD: Mapping[Sought, Asked] = {
    Sought.DATE: Asked.DATE,
    Sought.AMOUNT: Asked.AMOUNT,
    Sought.PERSON: Asked.PERSON,
    Sought.ORGANISATION: Asked.ORGANISATION,
    Sought.CONTACT: Asked.CONTACT,
}
_VALUES: Mapping[Sought, ValueKind] = {Sought.ORGANISATION: ValueKind.UNIT, Sought.PLACE: ValueKind.PLACE}


def _tells(kind: Sought, text: str, item: Item) -> bool:
    """True where a sentence holds a kind of fact, by its notation or by the values that were read in it."""
    if kind is Sought.QUANTITY:
        return measures(text)
    if kind in _TOLD and holds(_TOLD[kind], text):
        return True
    if kind in _VALUES and _states(_VALUES[kind], text, item.values):
        return True
    if kind is Sought.REASON:
        return bool(CAUSE.search(text))
    return kind is Sought.NAMES and len(_NAMES.findall(text)) > 1


def _states(kind: ValueKind, text: str, values: Iterable[Value]) -> bool:
    return any(value.kind is kind and value.text in text for value in values)
