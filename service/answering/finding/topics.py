"""What a topic means: the one resolver of all items for the words of a topic, for overviews, lists, lookup and pages.

Themes and goals that are called so come first, then records that are, then what stands under them, then what says it.
A part of a compound by chance ("Sofa" and "so") is no match: words match as a whole, or as the front of a longer one.
Beyond themselves words mean the concepts of the topic vocabulary that they lead to; what the search surely finds for
the topic is on it, whatever its words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from service.answering.corpus import Corpus
from service.answering.finding.finder import Finder
from service.answering.finding.fitting import surely_fitting
from service.answering.finding.words import Word, telling_words, words_in
from vectorstore.analysis import Analyzer, fold
from vectorstore.records import Item, ItemKind
from vectorstore.vocabulary import Concept

TELLING_ENTRY = 2.5  # summed rarity of a concept's entry that bears it out: not "Umsetzung" alone
_LEAST = 0.2  # weight that an item needs at least: only words of a concept in its text are not enough
_LEAST_OF_BEST = 0.33  # share of the best item's weight that an item on the topic has
_BY_PART = 0.8  # share of what is called by a part of a word that means the topic: "Radweg" for "Fahrrad"
_LONGER = 0.95  # share of what is called by a longer word: "Starkregenvorsorge" for "Starkregen"
_BY_ROOT = 0.9  # share of what is called by a word of the same root: "digital" for "Digitalisierung"
_FRONT = 4  # letters of a word at the front of a compound in a text: "Leader-Projekt" for "Leader"
_SEARCHED = 24  # entries that a search for a topic gives
_HALF = 0.5  # share of a topic's words, by rarity, that an item must bear out
_LEADS_TO, _LEADS_SURELY = 0.25, 0.5  # share of what is said for a concept that has a word which means it, surely
_THROUGH = 0.3  # share of an area's concepts that have a word which goes through it: "ÖPNV" through public transport
_MEANS_IT = 0.25  # share of a word's concepts with others of its front from which that means the topic
_PRIOR, _WITNESSES = 4, 5  # concepts that the share of the front's in one field counts as, where so many have it
_HEADS = (ItemKind.THEME, ItemKind.GOAL, ItemKind.PRINCIPLE, ItemKind.THESIS)
_HEAD_FIRST = 1.25
_HOLDERS = (*_HEADS, ItemKind.SECTION)  # what has others below it that are on its topic
_STRUNG = re.compile(r"[,/&]| und | sowie ")


class MatchKind(StrEnum):
    """How an item comes to be on a topic, from the surest."""

    CALLED = "called"
    KIN = "kin"
    BY_CONCEPT = "by_concept"
    UNDER = "under"
    SAYS = "says"
    SAYS_CONCEPT = "says_concept"
    NEAR = "near"


_WORTH = dict(zip(MatchKind, (1.0, 0.75, 0.75, 0.6, 0.35, 0.2, 0.2), strict=True))
SAID_ONLY = (MatchKind.SAYS, MatchKind.SAYS_CONCEPT, MatchKind.NEAR)
_CALLING = (MatchKind.CALLED, MatchKind.KIN, MatchKind.BY_CONCEPT)


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
        way = Way(_WORTH[kind] * share, kind, by)
        better = rows[self.worth[rows] < way.worth]
        self.worth[better], self._of[better] = way.worth, len(self._ways)
        self._ways.append(way)

    def of(self, row: int) -> tuple[Way, ...]:
        """The way to a row, if there is one."""
        return (self._ways[self._of[row]],) if self._of[row] >= 0 else ()


class _Meanings:
    """What words mean by the topic vocabulary: concepts, by what is said for these, by their field and their area."""

    def __init__(self, analyzer: Analyzer, concepts: Sequence[Concept]) -> None:
        self._concepts = concepts
        self._led_to: dict[str, list[tuple[Concept, float]]] = defaultdict(list)
        self._called: dict[str, list[tuple[Concept, float]]] = defaultdict(list)
        self._holding: dict[str, set[int]] = defaultdict(set)  # the places of the concepts with a word
        self._by_front: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        areas: dict[str, list[Concept]] = defaultdict(list)
        within: dict[str, Counter[str]] = defaultdict(Counter)
        for place, concept in enumerate(concepts):
            entries = [analyzer.words(entry) for entry in (*concept.administrative, *concept.everyday)]
            for term, count in Counter(
                chain(*({term for word in one for term in word.terms} for one in entries))
            ).items():
                self._holding[term].add(place)
                if count >= _LEADS_TO * len(entries):
                    self._led_to[term].append((concept, min(1.0, count / len(entries) / _LEADS_SURELY)))
            for word in chain(*entries):
                self._by_front[(*word.parts, word.whole)[0]][place].add(word.whole)
            areas[concept.area].append(concept)
            for term in {term for word in chain(*entries[: len(concept.administrative)]) for term in word.terms[:2]}:
                within[term][concept.area] += 1
            for term in {term for word in analyzer.words(concept.field) for term in word.terms[:2]}:
                self._called[term].append((concept, 1 / _things_in(concept.field)))
        for (
            term,
            counts,
        ) in within.items():  # a word goes through an area: most concepts that have it are there, and many
            area, count = counts.most_common(1)[0]
            share = count / len(areas[area])
            if share >= _THROUGH and 2 * count >= counts.total():
                self._called[term] += [(one, min(1.0, share / _LEADS_SURELY)) for one in areas[area]]

    def concepts(self, word: Word) -> dict[Concept, float]:
        """The concepts that a word means, how surely (0..1); a field counts the less, the more it strings together."""
        whole, found = word.terms[0], dict[Concept, float]()
        ways = (self._led_to.get(self.front(word), ()), self._led_to.get(whole, ()), self._called.get(whole, ()))
        for concept, share in chain(*ways):
            found[concept] = max(share, found.get(concept, 0.0))
        return found

    def front(self, word: Word) -> str:
        """The front of a compound where it means the topic: the "Rad" of "Radverkehr", not the "Auto" of "Autobahn".

        How often concepts with the word have others with its front says so; for words of few concepts, how much of
        one field, or of the fields called by it, those with the front are. The word itself where it is no compound;
        "" where nothing tells.
        """
        whole, *parts = word.terms
        front = parts[0] if parts else whole
        concepts, with_front = self._holding.get(whole, ()), self._by_front.get(front, {})
        # another word than the topic's, and no longer form of a compound
        others = (
            any(not (one.startswith(whole) if parts else one == whole) for one in with_front.get(place, ()))
            for place in concepts
        )
        beside = sum(others)
        called = {concept for concept, _ in self._called.get(front, ())}
        having = [self._concepts[place] for place in self._holding.get(front, ())]
        fields = Counter(front if one in called else one.field for one in having)
        share = max(fields.values()) / fields.total() if fields.total() >= _WITNESSES else 0.0
        return front if beside + _PRIOR * share >= _MEANS_IT * (len(concepts) + _PRIOR) else ""


class TopicResolver:
    """The items of an edition by topic; its look-ups are made once per edition."""

    def __init__(self, corpus: Corpus, finder: Finder) -> None:
        self._corpus, self._finder = corpus, finder
        items = corpus.catalogue.items
        self._may_be = np.array([item.ref != "Titel" for item in items], dtype=np.bool_)
        self._is_head = np.array([item.kind in _HEADS for item in items], dtype=np.bool_)
        self._holds_others = np.array([item.kind in _HOLDERS for item in items], dtype=np.bool_)
        self._meanings = _Meanings(corpus.analyzer, corpus.edition.vocabulary.concepts)
        self._entries = lru_cache(maxsize=None)(self._entries_of)

    def on_topic(self, topic: str, documents: Collection[str], language: str = "de") -> list[Match]:
        """The items of these documents on a topic, the surest first; archive rows too, front pages not.

        Where some bear out all nouns of the topic, the others are not on it; of several things any one is enough.
        """
        corpus, any_of = self._corpus, _things_in(topic) > 1
        words = telling_words(words_in(topic, corpus, language))
        rarity = np.array([word.weight * corpus.rarest(word.terms) for word in words])
        if not rarity.any():
            return []
        ways = [self._of_word(word) for word in words]
        worth = np.array([one.worth for one in ways])
        leads = worth > 0
        asked = rarity.max() if any_of else rarity.sum()
        whole = asked if any_of else rarity[leads.any(axis=1)].sum()
        borne, held = rarity @ leads, leads.sum(axis=0)
        on_it = self._may_be & corpus.records.marked("document", documents)
        on_it &= (borne > 0) & (held >= (0 if any_of else held.max(initial=0))) & (borne >= _HALF * asked)
        weights = np.minimum(1.0, rarity @ worth / (whole or 1.0)) / np.where(self._is_head, 1.0, _HEAD_FIRST)
        on_it &= weights >= max(_LEAST, _LEAST_OF_BEST * weights[on_it].max(initial=0.0))
        matches = []
        for row in np.flatnonzero(on_it).tolist():
            leading = tuple(way for one in ways for way in one.of(row))
            matches.append(Match(corpus.catalogue.items[row], max(leading).kind, leading, float(weights[row])))
        matches += self._near(topic, documents, language, on_it)
        return sorted(matches, key=lambda one: (-one.weight, -_WORTH[one.kind], len(one.item.title)))

    def _near(self, topic: str, documents: Collection[str], language: str, known: NDArray[np.bool_]) -> Iterator[Match]:
        """What the search surely finds for a topic, beside what is known to be on it."""
        way = Way(_WORTH[MatchKind.NEAR], MatchKind.NEAR, topic)
        for found in surely_fitting(self._finder.find(topic, documents, _SEARCHED, language)):
            row = self._corpus.row(found.item)
            if self._may_be[row] and not known[row]:
                yield Match(found.item, way.kind, (way,), way.worth)

    def _of_word(self, word: Word) -> _Ways:
        """The rows that one word of the topic leads to, with the surest way to each."""
        titles, texts, whole = self._corpus.titles, self._corpus.texts, word.terms[0]
        found = _Ways(len(self._may_be))
        for index, kind in ((titles, MatchKind.CALLED), (texts, MatchKind.SAYS)):
            for form in {whole, fold(word.text)}:  # abbreviations are terms as printed
                found.add(index.rows(form), kind, word.text)
            found.add(index.longer(whole), kind, word.text, _LONGER)
            if word.front:
                found.add(index.with_front(whole), kind, word.text)
        if len(whole) >= _FRONT:
            found.add(texts.with_front(whole), MatchKind.SAYS, word.text, _BY_PART)
        found.add(titles.of_root(whole), MatchKind.KIN, word.text, _BY_ROOT)
        if front := self._meanings.front(word):
            found.add(titles.with_front(front), MatchKind.KIN, word.text, _BY_PART)
        meant = [(entry, MatchKind.KIN, word.text, 1.0) for entry in word.others]
        for concept, share in self._meanings.concepts(word).items():
            meant += [(entry, MatchKind.BY_CONCEPT, concept.label, share) for entry in self._entries(concept)]
        for entry, kind, by, share in meant:
            found.add(titles.all(entry), kind, by, share)
            found.add(texts.all(entry), MatchKind.SAYS_CONCEPT, by, share)
        for row in np.flatnonzero((found.worth > 0) & self._holds_others).tolist():
            for way in found.of(row):
                if way.kind in _CALLING:
                    head = self._corpus.catalogue.items[row]
                    share = way.worth / _things_in(head.title) ** 0.5
                    found.add(
                        self._corpus.records.below(head.document_id, head.key), MatchKind.UNDER, head.title, share
                    )
        return found

    def _entries_of(self, concept: Concept) -> list[tuple[str, ...]]:
        """What these papers say for a concept, each entry as its whole index terms."""
        corpus = self._corpus
        entries = [tuple(word.whole for word in corpus.analyzer.words(entry)) for entry in concept.administrative]
        known = [entry for entry in entries if all(map(corpus.knows, entry))]
        return [entry for entry in known if sum(map(corpus.rarity, entry)) >= TELLING_ENTRY]


def _things_in(heading: str) -> int:
    """How many things a heading strings together: 3 in "Wohnen, Mobilität und Infrastruktur"."""
    return len([one for one in _STRUNG.split(heading) if one.strip()]) or 1
