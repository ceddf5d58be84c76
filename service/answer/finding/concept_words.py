"""The words that are said for the concepts of the topic vocabulary, turned round: what each of them leads to."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property, lru_cache

from vectorstore.analysis import Analyzer
from vectorstore.concepts import Concept

_LEADS_TO, _LEADS_SURELY = 0.25, 0.5  # share of what is said for a concept that has a word which means it, surely
_THROUGH = 0.3  # share of an area's concepts that have a word which goes through it: "ÖPNV" through public transport


@lru_cache(maxsize=1)
def concept_words(analyzer: Analyzer, concepts: tuple[Concept, ...]) -> ConceptWords:
    """The tables of these concepts; an edition with the words of the one before it need not make them anew."""
    return ConceptWords(analyzer, concepts)


class ConceptWords:
    """Tables over the concepts, each made when it is first looked into; may be shared between threads."""

    def __init__(self, analyzer: Analyzer, concepts: tuple[Concept, ...]) -> None:
        self._analyzer = analyzer
        self._concepts = concepts

    @cached_property
    def concepts_of_whole(self) -> dict[str, set[int]]:
        """The concepts, by place, that have a word as it is."""
        found: dict[str, set[int]] = defaultdict(set)
        for place, entries in enumerate(self.entry_terms):
            for terms in (terms for entry in entries for terms in entry):
                found[terms[0]].add(place)
        return found

    @cached_property
    def led_to(self) -> dict[str, list[tuple[Concept, float]]]:
        """The concepts that a term leads to: a good part of what is said for them has it."""
        found: dict[str, list[tuple[Concept, float]]] = defaultdict(list)
        for concept, entries in zip(self._concepts, self.entry_terms, strict=True):
            counts = Counter(term for entry in entries for term in {term for terms in entry for term in terms})
            for term, count in counts.items():
                if count >= _LEADS_TO * len(entries):
                    found[term].append((concept, min(1.0, count / len(entries) / _LEADS_SURELY)))
        return found

    @cached_property
    def fields(self) -> dict[str, list[Concept]]:
        """The concepts of the fields that are called by a word, or by the front of one."""
        found: dict[str, list[Concept]] = defaultdict(list)
        for concept in self._concepts:
            words = self._analyzer.words(concept.field)
            for term in {term for word in words for term in (word.terms[0], *word.parts[:1])}:
                found[term].append(concept)
        return found

    @cached_property
    def through(self) -> dict[str, list[tuple[Concept, float]]]:
        """The concepts of the area that a word goes through: most that documents call by it are there, and many."""
        areas: dict[str, list[Concept]] = defaultdict(list)
        within: dict[str, Counter[str]] = defaultdict(Counter)
        for concept, entries in zip(self._concepts, self.entry_terms, strict=True):
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
    def concepts_of(self) -> dict[str, set[int]]:
        """The concepts, by place, that have a word or a part of a word."""
        found: dict[str, set[int]] = defaultdict(set)
        for place, entries in enumerate(self.entry_terms):
            for term in (term for entry in entries for terms in entry for term in terms):
                found[term].add(place)
        return found

    @cached_property
    def by_front(self) -> dict[str, dict[int, set[str]]]:
        """The words with a front, by the concepts that have them."""
        found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for place, entries in enumerate(self.entry_terms):
            for whole, *parts in (terms for entry in entries for terms in entry):
                found[parts[0] if parts else whole][place].add(whole)
        return found

    @cached_property
    def entry_terms(self) -> list[list[list[tuple[str, ...]]]]:
        """The index terms of every word of every entry of every concept."""
        analyze = self._analyzer.words
        return [
            [[word.terms for word in analyze(entry)] for entry in (*one.administrative, *one.everyday)]
            for one in self._concepts
        ]
