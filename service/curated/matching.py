"""Whether a question means a curated answer: features of both, weighed as training found.

Words are compared both ways by their index terms, roots, parts and shared concepts, weighted by how rare they are; what
is asked for by the trained reader; whole texts by the embedding; and whether the service's own answer rests on the same
passages. Each feature is between 0 and 1 and means the same in every county.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from service.answering.corpus import Corpus
from service.answering.query import Query, Sought
from service.answering.verifying.numbers import Figures, figures
from vectorstore.analysis import Word, fold, printed_words, same_root
from vectorstore.chunk_store import Vectors

FEATURES = (
    "said", "meant", "embedded", "same kind", "same intent", "same opening", "other opening", "found first",
    "same passage", "rest unsaid", "answered elsewhere", "fact lacking", "other tense",
)  # fmt: skip
_NO_NOUN = 0.5  # what another word than a noun counts: free wording changes verbs first
_UNHEARD = 0.5  # what a word that no document has counts: it may be everyday wording
_ROOT, _PART, _CONCEPT = 0.95, 0.7, 0.6  # of a word where its root, its parts, its concept is said
_FRONT = 5  # letters that two words of questions share from their beginning to be of one root
_OPENINGS = (
    ("since", r"seit wann|seit wie"),
    (
        "time",
        r"(?:ab |bis )?wann|(?:um |bis )?wie ?viel uhr|wie spät|welche[mnrs]? (?:wochen)?tage?n?|welche[mnrs]? datum",
    ),
    ("time", r"wie lange"),
    ("who", r"we[rmn]|wessen"),
    ("why", r"warum|wieso|weshalb"),
    ("where", r"wo|wohin|woher|welche[mnrs]? orte?n?"),
    ("count", r"wie ?viele|anzahl|(?:die )?zahl der"),
    ("amount", r"wie ?viel|wie hoch|wie teuer|was (?:kostet|zahl\w*|kosten)|welche[mnrs]? betrag"),
    ("", r"wie|was|welche[mnrs]?|womit|wofür"),
)
_OPENING = tuple((name, re.compile(rf"(?i)\b(?:{pattern})\b")) for name, pattern in _OPENINGS)
_DENIES = re.compile(r"(?i)\b(?:nicht|kein\w*|nie(?:mals)?|ohne)\b")
_PAST = re.compile(
    r"(?i)\b(?:wurden?|hatten?|waren?|gab|ging|gingen|kam|kamen|ha(?:t|ben)\b.*\b(?:ge|be|ver)\w+(?:t|en))\b"
)
_MONEY = "EUR"
_MOSTLY = 0.5
_ALL = 0.9  # share of bare words that a wording must say: what they want of a record they do not tell


@dataclass(frozen=True)
class Asked:
    """A question as it is compared: its text, query, words with weights, vector."""

    text: str
    query: Query
    corpus: Corpus

    @cached_property
    def words(self) -> dict[Word, float]:
        """The words that carry meaning, each with its weight."""
        small = self.query.manner.small_letters
        found: dict[Word, float] = {}
        for printed in printed_words(self.text):
            share = 1.0 if printed[0].isupper() or small else _NO_NOUN
            for word in self.corpus.analyzer.words(printed):
                found[word] = share * _rarity(word, self.corpus)
        return found

    @cached_property
    def said(self) -> Said:
        """Its index terms."""
        return Said.of(self.words)

    @cached_property
    def others(self) -> dict[str, float]:
        """Index terms that the topic vocabulary says for it, with their weights."""
        return self.corpus.expansion.terms(self.query.searched, self.query.spoken)

    @cached_property
    def vector(self) -> Vectors:
        """The text by the edition's embedding, of length 1."""
        vector = np.asarray(self.corpus.edition.embedding.vector(self.text), dtype=np.float32)
        length = float(np.linalg.norm(vector)) or 1.0
        return np.asarray(vector / length, dtype=np.float32)

    @cached_property
    def opening(self) -> str:
        """What its question word asks for, "" where that tells nothing."""
        found = [(match.start(), -place, name) for place, (name, one) in enumerate(_OPENING)
                 if (match := one.search(self.text))]  # fmt: skip
        earliest = min((start for start, _, _ in found), default=0)
        return max((one for one in found if one[0] == earliest), key=lambda one: one[1])[2] if found else ""

    @property
    def bare(self) -> bool:
        """True for words that are no question: "Rufbus Preis Wartezeit"."""
        asks = self.query.yesno or "?" in self.text or any(one.search(self.text) for _, one in _OPENING)
        return not asks


@dataclass(frozen=True, slots=True)
class Said:
    """The index terms of a text: those of whole words, and all."""

    wholes: frozenset[str]
    terms: frozenset[str]

    @classmethod
    def of(cls, words: Collection[Word]) -> Said:
        """The terms of words."""
        return cls(frozenset(one.whole for one in words), frozenset(term for one in words for term in one.terms))

    def share(self, word: Word) -> float:
        """How much of a word is said: as a whole, by its root, or in parts."""
        if word.whole in self.wholes:
            return 1.0
        if any(same_root(word.whole, one) or _one_root(word.whole, one) for one in self.wholes):
            return _ROOT
        return _PART if word.whole in self.terms or any(part in self.terms for part in word.parts) else 0.0


@dataclass(frozen=True)
class Known:
    """A curated answer as it is compared: its wordings, and what it, its proofs and its records say.

    `titles`, `told` and `elsewhere` are the terms of its records' titles, of its wordings and text, and of what its
    records say beside its proofs; `figures` are those of its text.
    """

    wordings: tuple[Asked, ...]
    titles: Said
    told: Said
    elsewhere: Said
    figures: Figures
    named: str


def features(question: Asked, known: Known, wording: Asked, first: bool, passage: float) -> dict[str, float]:
    """The features of a question and one wording of a curated answer.

    `first` says that one of its records is found first, `passage` how far the service's own answer rests on its proofs.
    """
    rest = {word: weight for word, weight in question.words.items() if not known.titles.share(word)}
    clash = bool(question.opening and wording.opening) and question.opening != wording.opening
    return {
        "said": _held(question, wording),
        "meant": _held(wording, question),
        "embedded": max(0.0, float(question.vector @ wording.vector)),
        "same kind": 1.0 - max(abs(question.query.chance(kind) - wording.query.chance(kind)) for kind in Sought),
        "same intent": float(question.query.intent is wording.query.intent),
        "same opening": float(question.opening == wording.opening),
        "other opening": float(clash),
        "found first": float(first),
        "same passage": passage,
        "rest unsaid": 1.0 - _summed(rest, known.told) if rest else 0.0,
        "answered elsewhere": (1.0 - passage) * _elsewhere(question, known),
        "fact lacking": _lacking(question.query, known.figures),
        "other tense": float(_past(question.text) != _past(wording.text)),
    }


def foreign(question: Asked, known: Known, other: Said) -> bool:
    """True where a question says what the answer does not treat: a number, a place, another record; or where it denies.

    Bare words must be said by a wording, and what the cited records say elsewhere is not what was curated. `other` are
    the terms of the title of the record that is found first, where the answer does not cite it.
    """
    said = " ".join(one.text for one in known.wordings)
    numbers = {one.printed for one in figures(question.text).numbers}
    known_numbers = {one.printed for one in figures(f"{said} {known.named}").numbers}
    places = question.query.filters.municipalities
    denied = _DENIES.search(question.text) is not None
    return (
        not numbers <= known_numbers
        or (question.bare and _held_at_most(question, known) < _ALL)
        or any(fold(one) not in fold(f"{said} {known.named}") for one in places)
        or (denied and not any(_DENIES.search(one.text) for one in known.wordings))
        or question.query.foreign_place is not None
        or _elsewhere(question, known) >= _MOSTLY
        or any(word.whole in other.wholes and known.told.share(word) < _ROOT for word in question.words)
    )


def _held_at_most(question: Asked, known: Known) -> float:
    return max((_held(question, one) for one in known.wordings), default=0.0)


def _lacking(query: Query, held: Figures) -> float:
    """How surely a kind of fact is asked for that the answer does not hold."""
    money = any(one.unit == _MONEY for one in held.numbers)
    number = bool(held.numbers)
    lacks = {
        Sought.AMOUNT: not (money or any(one.unit for one in held.numbers)),
        Sought.QUANTITY: not number,
        Sought.REASON: True,
        Sought.RESPONSIBLE: True,
        Sought.CONTACT: True,
    }
    return max(query.chance(kind) for kind, lacking in lacks.items() if lacking)


def _elsewhere(question: Asked, known: Known) -> float:
    """The share of what a question says beside the answer and its records' titles that the records say elsewhere."""
    said = (known.titles, known.told)
    unsaid = {word: weight for word, weight in question.words.items() if not any(one.share(word) for one in said)}
    return _summed(unsaid, known.elsewhere)


def _past(text: str) -> bool:
    return _PAST.search(text) is not None


def _held(one: Asked, other: Asked) -> float:
    """The share of the words of one question that the other says, in these words or others for them."""
    total = sum(one.words.values())
    held = sum(
        weight * max(other.said.share(word), _CONCEPT * min(1.0, other.others.get(word.whole, 0.0)))
        for word, weight in one.words.items()
    )
    return held / total if total else 0.0


def _summed(words: Mapping[Word, float], said: Said) -> float:
    """The share of words that are said; 0.0 of none."""
    total = sum(words.values())
    return sum(weight * said.share(word) for word, weight in words.items()) / total if total else 0.0


def _rarity(word: Word, corpus: Corpus) -> float:
    known = [corpus.rarity(term) for term in word.terms if corpus.knows(term)]
    return max(known) if known else _UNHEARD * corpus.rarity("")


def _one_root(one: str, other: str) -> bool:
    return len(one) >= _FRONT and len(other) >= _FRONT and one[:_FRONT] == other[:_FRONT]


@dataclass(frozen=True, slots=True)
class Weights:
    """Trained weights by feature; `least` is the probability from which a question means a curated answer."""

    weights: Mapping[str, float]
    intercept: float
    least: float

    def probability(self, found: Mapping[str, float]) -> float:
        """The probability that the question means it, 0 to 1."""
        score = sum(self.weights[name] * found[name] for name in FEATURES)
        return 1.0 / (1.0 + math.exp(-score - self.intercept))
