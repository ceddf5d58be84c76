"""What a topic means: the one resolver of all items for the words of a topic, for overviews, lists, lookup and pages.

Themes and goals that are called so come first, then records that are, then what stands under them, then what says it.
A part of a compound by chance ("Sofa" and "so") is no match: words match as a whole, or as the front of a longer one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from service.answering.corpus import Corpus
from service.answering.finding.meanings import Meanings, things_in
from service.answering.finding.words import Word, telling_words, words_in
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemKind

_LEAST = 0.2  # weight that an item needs at least: only words of a concept in its text are not enough
_LEAST_OF_BEST = 0.33  # share of the best item's weight that an item on the topic has
_BY_PART = 0.8  # share of what is called by a part of a word that means the topic: "Radweg" for "Fahrrad"
_LONGER = 0.95  # share of what is called by a longer word: "Starkregenvorsorge" for "Starkregen"
_FRONT = 4  # letters of a word at the front of a compound in a text: "Leader-Projekt" for "Leader"
_HALF = 0.5  # share of a topic's words, by rarity, that an item must bear out
_BY_ROOT = 0.9  # share of what is called by a word of the same root: "digital" for "Digitalisierung"
_HEADS = (ItemKind.THEME, ItemKind.GOAL, ItemKind.PRINCIPLE, ItemKind.THESIS)
_HEAD_FIRST = 1.25
_HOLDERS = (*_HEADS, ItemKind.SECTION)  # what has others below it that are on its topic


class MatchKind(StrEnum):
    """How an item comes to be on a topic, from the surest."""

    CALLED = "called"
    KIN = "kin"
    BY_CONCEPT = "by_concept"
    UNDER = "under"
    SAYS = "says"
    SAYS_CONCEPT = "says_concept"


WORTH = {
    MatchKind.CALLED: 1.0,
    MatchKind.KIN: 0.75,
    MatchKind.BY_CONCEPT: 0.75,
    MatchKind.UNDER: 0.6,
    MatchKind.SAYS: 0.35,
    MatchKind.SAYS_CONCEPT: 0.2,
}
_CALLING = (MatchKind.CALLED, MatchKind.KIN, MatchKind.BY_CONCEPT)
SAID_ONLY = (MatchKind.SAYS, MatchKind.SAYS_CONCEPT)


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """How a word of a topic leads to an item, what that is worth (0..1), by which word, concept or heading."""

    worth: float
    kind: MatchKind
    by: str


@dataclass(frozen=True, slots=True)
class Match:
    """An item on a topic: how it comes to be, the way for each word that leads there, how much it bears out (0..1)."""

    item: Item
    kind: MatchKind
    ways: tuple[Way, ...]
    weight: float


class _Ways:
    """The surest way to each row that one word of a topic leads to; of equally sure ones the first that was added."""

    def __init__(self, size: int) -> None:
        self.worth = np.zeros(size)
        self._of = np.full(size, -1, dtype=np.int32)
        self._ways: list[Way] = []

    def add(self, rows: NDArray[np.integer], kind: MatchKind, by: str, share: float = 1.0) -> None:
        """Let a way lead to these rows, where none that is as sure does."""
        way = Way(WORTH[kind] * share, kind, by)
        better = rows[self.worth[rows] < way.worth]
        self.worth[better], self._of[better] = way.worth, len(self._ways)
        self._ways.append(way)

    def of(self, row: int) -> tuple[Way, ...]:
        """The way to a row, if there is one."""
        return (self._ways[self._of[row]],) if self._of[row] >= 0 else ()


class TopicResolver:
    """The items of an edition by topic; its look-ups are made once per edition."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._meanings = Meanings(corpus)
        items = corpus.catalogue.items
        self._size = len(items)
        self._may_be = np.array([item.ref != "Titel" for item in items], dtype=np.bool_)
        self._is_head = np.array([item.kind in _HEADS for item in items], dtype=np.bool_)
        self._holds_others = np.array([item.kind in _HOLDERS for item in items], dtype=np.bool_)

    def on_topic(self, topic: str, documents: Collection[str], language: str = "de") -> list[Match]:
        """The items of these documents on a topic, the surest first; archive rows too, front pages not.

        Where some bear out all nouns of the topic, the others are not on it; of several things any one is enough.
        """
        any_of = things_in(topic) > 1
        words = telling_words(words_in(topic, self._corpus, language))
        rarity = {word: word.weight * self._corpus.rarest(word.terms) for word in words}
        if not any(rarity.values()):
            return []
        found = {word: self._of_word(word) for word in words}
        asked = max(rarity.values()) if any_of else sum(rarity.values())
        whole = asked if any_of else sum(rarity[word] for word in words if found[word].worth.any())
        borne, held, weight = np.zeros(self._size), np.zeros(self._size, dtype=np.int32), np.zeros(self._size)
        for word, ways in found.items():
            leads = ways.worth > 0
            borne[leads] += rarity[word]
            weight += ways.worth * rarity[word]
            held[leads] += 1
        least = 0 if any_of else held.max(initial=0)
        allowed = self._may_be & self._corpus.records.marked("document", documents)
        rows = np.flatnonzero((borne > 0) & (held >= least) & (borne >= _HALF * asked) & allowed)
        weights = np.minimum(1.0, weight[rows] / (whole or 1.0)) / np.where(self._is_head[rows], 1.0, _HEAD_FIRST)
        sure = weights >= max(_LEAST, _LEAST_OF_BEST * weights.max(initial=0.0))
        matches = []
        for row, borne_out in zip(rows[sure].tolist(), weights[sure].tolist(), strict=True):
            leading = tuple(way for ways in found.values() for way in ways.of(row))
            matches.append(Match(self._corpus.catalogue.items[row], max(leading).kind, leading, borne_out))
        return sorted(matches, key=lambda one: (-one.weight, -WORTH[one.kind], len(one.item.title)))

    def _of_word(self, word: Word) -> _Ways:
        """The rows that one word of the topic leads to, with the surest way to each."""
        found, whole = _Ways(self._size), word.terms[0]
        titles, texts = self._corpus.titles, self._corpus.texts
        for index, kind in ((titles, MatchKind.CALLED), (texts, MatchKind.SAYS)):
            for form in {whole, fold(word.text)}:  # abbreviations are terms as printed
                found.add(index.rows(form), kind, word.text)
            found.add(index.longer(whole), kind, word.text, _LONGER)
            if word.front:
                found.add(index.with_front(whole), kind, word.text)
        if len(whole) >= _FRONT:
            found.add(texts.with_front(whole), MatchKind.SAYS, word.text, _BY_PART)
        found.add(titles.of_root(whole), MatchKind.KIN, word.text, _BY_ROOT)
        if front := self._meanings.telling_front(word):
            found.add(titles.with_front(front), MatchKind.KIN, word.text, _BY_PART)
        for entry in word.others:
            found.add(titles.all(entry), MatchKind.KIN, word.text)
            found.add(texts.all(entry), MatchKind.SAYS_CONCEPT, word.text)
        for concept, share in self._meanings.concepts(word).items():
            for entry in self._meanings.entries(concept):
                found.add(titles.all(entry), MatchKind.BY_CONCEPT, concept.label, share)
                found.add(texts.all(entry), MatchKind.SAYS_CONCEPT, concept.label, share)
        for row in np.flatnonzero((found.worth > 0) & self._holds_others).tolist():
            for way in found.of(row):
                if way.kind in _CALLING:
                    head = self._corpus.catalogue.items[row]
                    share = way.worth / things_in(head.title) ** 0.5
                    below = self._corpus.records.below(head.document_id, head.key)
                    found.add(below, MatchKind.UNDER, head.title, share)
        return found
