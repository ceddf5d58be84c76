"""What the words of a topic mean beyond themselves, by the topic vocabulary: concepts, fields, fronts of compounds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property

from service.answering.corpus import Corpus
from service.answering.query import Word
from vectorstore.concepts import Concept

_LEADS_TO, _LEADS_SURELY = 0.25, 0.5  # share of what is said for a concept that has a word which means it, surely
_KIND_OF = 0.5  # share of a compound's concepts that have its last part in another word, if it is a kind of that
_THROUGH = 0.3  # share of an area's concepts that have a word which goes through it: "ÖPNV" through public transport
_MEANS_IT = 0.25  # share of a word's concepts with others of its front from which that means the topic
_PRIOR, _WITNESSES = 4, 5  # concepts that the share of the front's in one field counts as, where so many have it
_STRUNG = re.compile(r"[,/&]| und | sowie ")
_TELLING_ENTRY = 2.5  # summed rarity of a concept's entry that means it: not "Umsetzung" alone


def things_in(heading: str) -> int:
    """How many things a heading strings together: 3 in "Wohnen, Mobilität und Infrastruktur"."""
    return len([one for one in _STRUNG.split(heading) if one.strip()]) or 1


class Meanings:
    """Looks words up in the vocabulary; its tables are made once per edition."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._vocabulary = corpus.edition.vocabulary.concepts
        self._said: dict[str, list[tuple[str, ...]]] = {}

    def concepts(self, word: Word) -> list[tuple[Concept, float]]:
        """The concepts that a word means, and how surely (0..1)."""
        found = {
            one.id: (one, share)
            for term in (self.telling_front(word), word.terms[0])
            for one, share in self._led_to.get(term, ())
        }
        return list(found.values())

    def of_field(self, word: Word) -> list[tuple[Concept, float]]:
        """All concepts of the fields that are called by a word or its front; less surely, the more a field strings.

        So are all of the area that a word goes through, the surer, the more of them have it.
        """
        called = [(one, 1 / things_in(one.field)) for one in self._fields.get(word.terms[0], [])]
        return [*called, *self._through.get(word.terms[0], ())]

    def entries(self, concept: Concept) -> list[tuple[str, ...]]:
        """What documents say for a concept, each entry as its whole index terms."""
        if concept.id not in self._said:
            analyze = self._corpus.analyzer.words
            entries = [tuple(word.whole for word in analyze(entry)) for entry in concept.administrative]
            self._said[concept.id] = [
                entry for entry in entries if sum(map(self._corpus.rarity, entry)) >= _TELLING_ENTRY
            ]
        return self._said[concept.id]

    def telling_front(self, word: Word) -> str:
        """The front of a compound where it means the topic: the "Rad" of "Radverkehr", not the "Auto" of "Autobahn".

        How often concepts with the word have others with its front says so; for words of few concepts, how much of
        one field, or of the fields called by it, those with the front are. The word itself where it is no compound;
        "" where nothing tells.
        """
        front = word.terms[min(1, len(word.terms) - 1)]
        concepts = self._concepts_of.get(word.terms[0], set())
        beside = sum(
            any(self._is_other(other, word) for other in self._by_front[front].get(one, ())) for one in concepts
        )
        called = {one.id for one in self._fields.get(front, ())}
        fields = Counter(
            front if concept.id in called else concept.field
            for concept in map(self._vocabulary.__getitem__, self._concepts_of.get(front, ()))
        )
        share = max(fields.values()) / fields.total() if fields.total() >= _WITNESSES else 0.0
        return front if beside + _PRIOR * share >= _MEANS_IT * (len(concepts) + _PRIOR) else ""

    def is_kind_of(self, compound: str, part: str) -> bool:
        """Whether a compound is a kind of its last part: a "Nachtbus" of "Bus", a "Windrad" none of "Rad"."""
        concepts = self._concepts_of_whole.get(compound, set())
        beside = sum(
            any(part in terms and terms[0] != compound for entry in self._entry_terms[one] for terms in entry)
            for one in concepts
        )
        return bool(concepts) and beside >= _KIND_OF * len(concepts)

    @cached_property
    def _concepts_of_whole(self) -> dict[str, set[int]]:
        """The concepts, by place, that have a word as it is."""
        found: dict[str, set[int]] = defaultdict(set)
        for place, entries in enumerate(self._entry_terms):
            for terms in (terms for entry in entries for terms in entry):
                found[terms[0]].add(place)
        return found

    @staticmethod
    def _is_other(other: str, word: Word) -> bool:
        """Whether a word is another than the topic's, and no longer form of a compound."""
        return not other.startswith(word.terms[0]) if len(word.terms) > 1 else other != word.terms[0]

    @cached_property
    def _led_to(self) -> dict[str, list[tuple[Concept, float]]]:
        """The concepts that a term leads to: a good part of what is said for them has it."""
        found: dict[str, list[tuple[Concept, float]]] = defaultdict(list)
        for concept, entries in zip(self._vocabulary, self._entry_terms, strict=True):
            counts = Counter(term for entry in entries for term in {term for terms in entry for term in terms})
            for term, count in counts.items():
                if count >= _LEADS_TO * len(entries):
                    found[term].append((concept, min(1.0, count / len(entries) / _LEADS_SURELY)))
        return found

    @cached_property
    def _fields(self) -> dict[str, list[Concept]]:
        """The concepts of the fields that are called by a word, or by the front of one."""
        found: dict[str, list[Concept]] = defaultdict(list)
        for concept in self._vocabulary:
            words = self._corpus.analyzer.words(concept.field)
            for term in {term for word in words for term in (word.terms[0], *word.parts[:1])}:
                found[term].append(concept)
        return found

    @cached_property
    def _through(self) -> dict[str, list[tuple[Concept, float]]]:
        """The concepts of the area that a word goes through: most that documents call by it are there, and many."""
        areas: dict[str, list[Concept]] = defaultdict(list)
        within: dict[str, Counter[str]] = defaultdict(Counter)
        for concept, entries in zip(self._vocabulary, self._entry_terms, strict=True):
            areas[concept.area].append(concept)
            named = entries[: len(concept.administrative)]
            for term in {term for entry in named for terms in entry for term in terms[:2]}:
                within[term][concept.area] += 1
        found: dict[str, list[tuple[Concept, float]]] = {}
        for term, counts in within.items():
            area, count = counts.most_common(1)[0]
            share = count / len(areas[area])
            if share >= _THROUGH and 2 * count >= counts.total():
                found[term] = [(one, min(1.0, share / _LEADS_SURELY)) for one in areas[area]]
        return found

    @cached_property
    def _concepts_of(self) -> dict[str, set[int]]:
        """The concepts, by place, that have a word or a part of a word."""
        found: dict[str, set[int]] = defaultdict(set)
        for place, entries in enumerate(self._entry_terms):
            for term in (term for entry in entries for terms in entry for term in terms):
                found[term].add(place)
        return found

    @cached_property
    def _by_front(self) -> dict[str, dict[int, set[str]]]:
        """The words with a front, by the concepts that have them."""
        found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for place, entries in enumerate(self._entry_terms):
            for whole, *parts in (terms for entry in entries for terms in entry):
                found[parts[0] if parts else whole][place].add(whole)
        return found

    @cached_property
    def _entry_terms(self) -> list[list[list[tuple[str, ...]]]]:
        """The index terms of every word of every entry of every concept."""
        analyze = self._corpus.analyzer.words
        return [
            [[word.terms for word in analyze(entry)] for entry in (*one.administrative, *one.everyday)]
            for one in self._vocabulary
        ]
