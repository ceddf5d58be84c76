"""What the words of a topic mean beyond themselves, by the topic vocabulary: concepts, fields, fronts of compounds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from service.answering.corpus import Corpus
from service.answering.finding.words import Word
from vectorstore.analysis import Analyzer
from vectorstore.vocabulary import Concept

_LEADS_TO, _LEADS_SURELY = 0.25, 0.5  # share of what is said for a concept that has a word which means it, surely
_THROUGH = 0.3  # share of an area's concepts that have a word which goes through it: "ÖPNV" through public transport
_MEANS_IT = 0.25  # share of a word's concepts with others of its front from which that means the topic
_PRIOR, _WITNESSES = 4, 5  # concepts that the share of the front's in one field counts as, where so many have it
_STRUNG = re.compile(r"[,/&]| und | sowie ")
_TELLING_ENTRY = 2.5  # summed rarity of a concept's entry that means it: not "Umsetzung" alone


def things_in(heading: str) -> int:
    """How many things a heading strings together: 3 in "Wohnen, Mobilität und Infrastruktur"."""
    return len([one for one in _STRUNG.split(heading) if one.strip()]) or 1


class _Words:
    """What each word that is said for a concept leads to; `concepts_of` are by the place of the concept."""

    def __init__(self, analyzer: Analyzer, concepts: tuple[Concept, ...]) -> None:
        self.led_to: dict[str, list[tuple[Concept, float]]] = defaultdict(list)
        self.fields: dict[str, list[Concept]] = defaultdict(list)
        self.concepts_of: dict[str, set[int]] = defaultdict(set)
        self.by_front: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        areas: dict[str, list[Concept]] = defaultdict(list)
        within: dict[str, Counter[str]] = defaultdict(Counter)
        for place, concept in enumerate(concepts):
            entries = [analyzer.words(entry) for entry in (*concept.administrative, *concept.everyday)]
            counts = Counter(term for entry in entries for term in {term for word in entry for term in word.terms})
            for term, count in counts.items():
                self.concepts_of[term].add(place)
                if count >= _LEADS_TO * len(entries):
                    self.led_to[term].append((concept, min(1.0, count / len(entries) / _LEADS_SURELY)))
            for word in (word for entry in entries for word in entry):
                self.by_front[(*word.parts, word.whole)[0]][place].add(word.whole)
            for term in {
                term for entry in entries[: len(concept.administrative)] for word in entry for term in word.terms[:2]
            }:
                within[term][concept.area] += 1
            areas[concept.area].append(concept)
            for term in {term for word in analyzer.words(concept.field) for term in (word.whole, *word.parts[:1])}:
                self.fields[term].append(concept)
        self.through = dict(_through(areas, within))


def _through(
    areas: Mapping[str, list[Concept]], within: Mapping[str, Counter[str]]
) -> Iterator[tuple[str, list[tuple[Concept, float]]]]:
    """Each word with the concepts of the area that it goes through: most that papers call by it are there, and many."""
    for term, counts in within.items():
        area, count = counts.most_common(1)[0]
        share = count / len(areas[area])
        if share >= _THROUGH and 2 * count >= counts.total():
            yield term, [(one, min(1.0, share / _LEADS_SURELY)) for one in areas[area]]


_words_of = lru_cache(maxsize=1)(_Words)  # an edition with the words of the one before it need not make them anew


class Meanings:
    """Looks words up in the vocabulary."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._concepts = corpus.edition.vocabulary.concepts
        self._words = _words_of(corpus.analyzer, self._concepts)
        self.entries = lru_cache(maxsize=None)(self._entries)

    def concepts(self, word: Word) -> dict[Concept, float]:
        """The concepts that a word means, how surely (0..1): by leading there, by area, by field.

        A field counts the less, the more it strings together.
        """
        fronts = (self.telling_front(word), word.terms[0])
        words, found = self._words, dict[Concept, float]()
        meant = [one for term in fronts for one in words.led_to.get(term, ())]
        called = [(one, 1 / things_in(one.field)) for one in words.fields.get(word.terms[0], ())]
        for one, share in (*meant, *called, *words.through.get(word.terms[0], ())):
            found[one] = max(share, found.get(one, 0.0))
        return found

    def _entries(self, concept: Concept) -> list[tuple[str, ...]]:
        """What these papers say for a concept, each entry as its whole index terms."""
        corpus = self._corpus
        entries = [tuple(word.whole for word in corpus.analyzer.words(entry)) for entry in concept.administrative]
        known = [entry for entry in entries if all(map(corpus.knows, entry))]
        return [entry for entry in known if sum(map(corpus.rarity, entry)) >= _TELLING_ENTRY]

    def telling_front(self, word: Word) -> str:
        """The front of a compound where it means the topic: the "Rad" of "Radverkehr", not the "Auto" of "Autobahn".

        How often concepts with the word have others with its front says so; for words of few concepts, how much of
        one field, or of the fields called by it, those with the front are. The word itself where it is no compound;
        "" where nothing tells.
        """
        whole, *parts = word.terms
        front = parts[0] if parts else whole
        concepts, with_front = self._words.concepts_of.get(whole, ()), self._words.by_front.get(front, {})
        beside = sum(any(_is_other(one, whole, parts) for one in with_front.get(place, ())) for place in concepts)
        called = set(self._words.fields.get(front, ()))
        having = [self._concepts[place] for place in self._words.concepts_of.get(front, ())]
        fields = Counter(front if one in called else one.field for one in having)
        share = max(fields.values()) / fields.total() if fields.total() >= _WITNESSES else 0.0
        return front if beside + _PRIOR * share >= _MEANS_IT * (len(concepts) + _PRIOR) else ""


def _is_other(other: str, whole: str, parts: list[str]) -> bool:
    """Whether a word is another than the topic's, and no longer form of a compound."""
    return not other.startswith(whole) if parts else other != whole
