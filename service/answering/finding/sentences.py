"""Which sentences of an entry to quote: a few features of each, weighed as training found (`trained/sentences.json`).

Features mean the same in every county; each is between 0 and 1. The passages are sentences in a row, so that what is
quoted reads as the paper has it, and none of another block. Kinds of facts are told by their notation, and by the
fields of records that state them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from service.answering import lexicon
from service.answering.corpus import Corpus, Said
from service.answering.finding.words import PART, share, words_in
from service.answering.query import Asked, Query
from service.answering.verification.clauses import has_word_of, lower_words
from vectorstore.records import Item

FEATURES = (
    "words", "words here", "rare here", "added", "before", "behind", "label", "heading", "fact", "fact here", "meaning",
    "first", "length", "beyond",
)  # fmt: skip
_NEVER = 99.0  # less than any sentence that may be told
_LONG = 400  # letters
_POINTS = 6  # of a list, behind which the clause that introduces it is not quoted
_ONWARDS = 0.3  # what a sentence behind counts more than one before: it goes on with what was said
_STRANGE = ("links", "ref", "title", "theme")  # what fields mean that are never quoted
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_PERIODS = r"Quartal\w*|Halbjahr\w*|\w*jährlich\w*|monatlich\w*"
_WORDS = re.compile(r"[^\W\d_]{3}")
_BODIES = "GmbH|mbH|AG|KG|eG|Stadtwerke|Verband|Verein|Büro|Amt|Fachbereich|Ministerium"
_NUMERALS = "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
_NOTATION: Mapping[Asked, re.Pattern[str]] = {
    Asked.NAMES: re.compile(r"(?s)(?:,|;|\bund\b|\bsowie\b|/).*?(?:,|;|\bund\b|\bsowie\b|/)"),
    Asked.AMOUNT: re.compile(r"\d[\d.,\s]*(?:,-)?\s*(?:€|Euro|EUR|Mio|Millionen|Mrd|Cent|TEUR|T€|%)|€\s*\d|kostenlos"),
    Asked.DATE: re.compile(
        rf"\b(?:19|20)\d{{2}}\b|\d{{1,2}}\.\s?\d{{1,2}}\.|\b(?:{_MONTHS}|{_PERIODS})\b|\b\w+\s?(?:Jahr|Monat|Woche)e?n?\b"
    ),
    Asked.QUANTITY: re.compile(rf"(?<![\w.,])\d+(?:[.,]\d+)*(?![\d.]|\.\s?\d)|\b(?:{_NUMERALS})\b"),
    Asked.CONTACT: re.compile(
        r"\(?\b0\d{2,}\)?[\s/-]*\d{2,}|[\w.-]+@[\w.-]+|www\.|https?://|(?:[Ss]tr(?:aße|\.)|platz)\s+\d"
    ),
    Asked.ORGANISATION: re.compile(rf"\b(?:{_BODIES})\b|e\.\s?V\."),
    Asked.PERSON: re.compile(
        r"\b(?:Herrn?|Frau|Dr\.|Prof\.)\s+[A-ZÄÖÜ]|\b[A-ZÄÖÜ]\w+\s*:?\s+[A-ZÄÖÜ][a-zäöüß]+\s+[A-ZÄÖÜ]"
    ),
    Asked.REASON: re.compile(r"(?i)\b(?:weil|da|denn|wegen|aufgrund|daher|darum|damit|infolge|dadurch|um)\b"),
}
MEANINGS: Mapping[Asked, Mapping[str, float]] = {
    Asked.STATUS: {"status": 1.0, "state": 1.0, "period": 0.7, "situation": 0.4},
    Asked.RESPONSIBLE: {"responsible": 1.0, "partners": 0.6},
    Asked.ORGANISATION: {"responsible": 1.0, "partners": 0.6},
    Asked.PERSON: {"responsible": 1.0, "partners": 0.4},
    Asked.CONTACT: {"responsible": 1.0},
    Asked.DATE: {"period": 1.0, "status": 0.5, "state": 0.5},
    Asked.AMOUNT: {"cost": 1.0, "funding": 0.8},
    Asked.QUANTITY: {"period": 0.5, "effect": 0.5, "indicator": 0.3, "state": 0.3, "situation": 0.3},
    Asked.REASON: {"situation": 1.0, "goal": 0.7, "obstacles": 0.3},
    Asked.METHOD: {"steps": 1.0, "description": 0.6},
}


def has_notation(asked: Asked) -> bool:
    """Whether a kind of fact can be told by its notation."""
    return asked in _NOTATION


@lru_cache(maxsize=32_768)
def tells(asked: Asked, text: str) -> bool:
    """Whether a text holds a kind of fact by its notation; false for kinds without one."""
    return asked in _NOTATION and _NOTATION[asked].search(text) is not None


class Chooser:
    """Chooses what to quote for one question."""

    def __init__(self, query: Query, corpus: Corpus) -> None:
        self._corpus, self._asked = corpus, query.asked
        self._words = words_in(query.text, corpus, query.spoken)
        added = corpus.expansion.terms(query.text, query.spoken)
        self._added = {term: weight * corpus.rarity(term) for term, weight in added.items()}
        self._labels = frozenset(corpus.analyzer.terms(query.text))
        self._features: dict[int, list[dict[str, float]]] = {}

    def passage(self, item: Item, characters: int, most: int = 4) -> str:
        """The best sentences in a row, at most `most` and about as many characters; "" where an entry has none."""
        said = self._corpus.sentences(item)
        if not said:
            return ""
        scores = self.scores(item)
        start = end = max(range(len(said)), key=lambda place: (scores[place], -place))
        if not self._may_be_told(said[start]):
            return ""
        length = len(said[start].text)
        while end - start + 1 < most:
            sides = [start - 1] if start and _follows(said[start - 1], said[start]) else []
            sides += [end + 1] if end + 1 < len(said) and _follows(said[end], said[end + 1]) else []
            announced = end + 1 in sides and said[end].text.endswith(":")
            announced = announced or (end + 1 in sides and _limits(said[end + 1].text))
            sides = [one for one in sides if self._may_be_told(said[one])]
            sides = [one for one in sides if announced or length + len(said[one].text) <= characters]
            if not sides:
                break
            chosen = end + 1 if announced else max(sides, key=lambda one: scores[one] + _ONWARDS * (one > end))
            start, end = min(start, chosen), max(end, chosen)
            length += len(said[chosen].text)
        start = _introduced(said, start)
        if end + 1 < len(said) and _follows(said[end], said[end + 1]) and _limits(said[end + 1].text):
            end += 1
        return " ".join(one.text for one in said[start : end + 1])

    def _may_be_told(self, said: Said) -> bool:
        """Whether a sentence may be quoted: telephones and addresses only where they are asked for, so mere figures."""
        if not _WORDS.search(said.text):
            return tells(self._asked, said.text)
        return self._asked is Asked.CONTACT or not tells(Asked.CONTACT, said.text)

    def scores(self, item: Item) -> list[float]:
        """The weight of each sentence, as a logarithm."""
        told = zip(self._corpus.sentences(item), self.features(item), strict=True)
        return [
            sum(weight * one[name] for name, weight in _weights().items())
            - _NEVER * (not self._may_be_told(said) or (said.elsewhere and not one["words"]))
            for said, one in told
        ]

    def features(self, item: Item) -> list[dict[str, float]]:
        """The features of each sentence of an entry, by name."""
        row = self._corpus.row(item)
        if row not in self._features:
            self._features[row] = self._made(item)
        return self._features[row]

    def _made(self, item: Item) -> list[dict[str, float]]:
        said = self._corpus.sentences(item)
        worth = [(word, word.weight * self._corpus.rarity(word.terms[0])) for word in self._words]
        wanted = sum(value for _, value in worth) or 1.0
        rarity, title = self._rarity_among(said), self._corpus.title_terms[self._corpus.row(item)]
        untitled = [(word, value) for word, value in worth if title.isdisjoint(word.terms)]
        own = [sum(value * share(word, one.terms, self._corpus) for word, value in worth) for one in said]
        beyond = [sum(value * share(word, one.terms, self._corpus) for word, value in untitled) for one in said]
        rare = [sum(weight for term, weight in rarity.items() if term in one.terms) for one in said]
        added = [sum(weight for term, weight in self._added.items() if term in one.terms) for one in said]
        here = [_scaled(own, place) for place in range(len(said))]
        return [
            {
                "words": min(1.0, own[place] / wanted),
                "words here": here[place],
                "rare here": _scaled(rare, place),
                "added": _scaled(added, place),
                "before": here[place - 1] if place else 0.0,
                "behind": here[place + 1] if place + 1 < len(said) else 0.0,
                "beyond": _scaled(beyond, place),
                "first": 1.0 / (1 + place),
                **self._alone(one, here[place]),
            }
            for place, one in enumerate(said)
        ]

    def _alone(self, said: Said, here: float) -> dict[str, float]:
        """The features that a sentence has by itself; -1 for the meaning of a field that is never quoted."""
        field = said.field
        fact = float(self._asked is not Asked.NOTHING and tells(self._asked, said.text))
        meaning = MEANINGS.get(self._asked, {}).get(field.field or "", 0.0) if field else 0.0
        return {
            "label": self._labelled(said),
            "heading": float(said.text.endswith(":")),
            "fact": fact,
            "fact here": fact * here,
            "meaning": -1.0 if field and field.field in _STRANGE else meaning,
            "length": min(1.0, len(said.text) / _LONG),
        }

    def _labelled(self, said: Said) -> float:
        """The share of the words of a sentence's label that the question says."""
        words = self._corpus.analyzer.words(said.field.label) if said.field else []
        held = sum(not self._labels.isdisjoint((word.whole, *word.parts[-1:])) for word in words)
        return held / len(words) if words else 0.0

    def _rarity_among(self, said: Sequence[Said]) -> dict[str, float]:
        """How much each of the question's terms tells among these sentences."""
        terms = [(term, PART if place else 1.0) for word in self._words for place, term in enumerate(word.terms)]
        often = {term: sum(term in one.terms for one in said) for term, _ in terms}
        found: dict[str, float] = {}
        for term, weight in terms:
            found[term] = found.get(term, 0.0) + weight * math.log((len(said) + 1) / (often[term] + 0.5))
        return found


def _follows(one: Said, other: Said) -> bool:
    """Whether two sentences stand in a row, in one field."""
    return other.place == one.place + 1 and one.field is other.field


def _limits(text: str) -> bool:
    """Whether a sentence limits the one beside it: "sofern", "höchstens", "vorbehaltlich"."""
    return has_word_of(lower_words(text), "limited")


def _introduced(said: Sequence[Said], start: int) -> int:
    """Where a passage begins that starts with a point of a list: at the clause that introduces the list."""
    place = start
    while _is_point(said[place].text) and place and start - place < _POINTS and _follows(said[place - 1], said[place]):
        place -= 1
    return place if said[place].text.endswith(":") else start


def _is_point(text: str) -> bool:
    """Whether a sentence goes on from another: a point of a list, or one that begins in lower case."""
    return text[:1].islower() or (not text[:1].isalnum() and not text.startswith(("„", "(", '"')))


def _scaled(values: Sequence[float], place: int) -> float:
    best = max(values)
    return values[place] / best if best > 0 else 0.0


@cache
def _weights() -> dict[str, float]:
    read = json.loads(lexicon.trained("sentences.json"))
    weights: dict[str, float] = read["weights"]
    return weights
