"""What the words of a topic mean beyond themselves, by the topic vocabulary: concepts, fields, fronts of compounds."""

from __future__ import annotations

import re
from collections import Counter

from service.answer.corpus import Corpus
from service.answer.finding.concept_words import concept_words
from service.answer.finding.words import Word
from vectorstore.concepts import Concept

_KIND_OF = 0.5  # share of a compound's concepts that have its last part in another word, if it is a kind of that
_MEANS_IT = 0.25  # share of a word's concepts with others of its front from which that means the topic
_PRIOR, _WITNESSES = 4, 5  # concepts that the share of the front's in one field counts as, where so many have it
_STRUNG = re.compile(r"[,/&]| und | sowie ")
_TELLING_ENTRY = 2.5  # summed rarity of a concept's entry that means it: not "Umsetzung" alone


def things_in(heading: str) -> int:
    """How many things a heading strings together: 3 in "Wohnen, Mobilität und Infrastruktur"."""
    return len([one for one in _STRUNG.split(heading) if one.strip()]) or 1


class Meanings:
    """Looks words up in the vocabulary."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._vocabulary = corpus.edition.vocabulary.concepts
        self._words = concept_words(corpus.analyzer, self._vocabulary)
        self._said: dict[str, list[tuple[str, ...]]] = {}

    def concepts(self, word: Word) -> list[tuple[Concept, float]]:
        """The concepts that a word means, and how surely (0..1)."""
        found = {
            one.id: (one, share)
            for term in (self.telling_front(word), word.terms[0])
            for one, share in self._words.led_to.get(term, ())
        }
        return list(found.values())

    def of_field(self, word: Word) -> list[tuple[Concept, float]]:
        """All concepts of the fields that are called by a word or its front; less surely, the more a field strings.

        So are all of the area that a word goes through, the surer, the more of them have it.
        """
        called = [(one, 1 / things_in(one.field)) for one in self._words.fields.get(word.terms[0], [])]
        return [*called, *self._words.through.get(word.terms[0], ())]

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
        concepts = self._words.concepts_of.get(word.terms[0], set())
        beside = sum(
            any(self._is_other(other, word) for other in self._words.by_front.get(front, {}).get(one, ()))
            for one in concepts
        )
        called = {one.id for one in self._words.fields.get(front, ())}
        fields = Counter(
            front if concept.id in called else concept.field
            for concept in map(self._vocabulary.__getitem__, self._words.concepts_of.get(front, ()))
        )
        share = max(fields.values()) / fields.total() if fields.total() >= _WITNESSES else 0.0
        return front if beside + _PRIOR * share >= _MEANS_IT * (len(concepts) + _PRIOR) else ""

    def is_kind_of(self, compound: str, part: str) -> bool:
        """Whether a compound is a kind of its last part: a "Nachtbus" of "Bus", a "Windrad" none of "Rad"."""
        concepts = self._words.concepts_of_whole.get(compound, set())
        beside = sum(
            any(part in terms and terms[0] != compound for entry in self._words.entry_terms[one] for terms in entry)
            for one in concepts
        )
        return bool(concepts) and beside >= _KIND_OF * len(concepts)

    @staticmethod
    def _is_other(other: str, word: Word) -> bool:
        """Whether a word is another than the topic's, and no longer form of a compound."""
        return not other.startswith(word.terms[0]) if len(word.terms) > 1 else other != word.terms[0]
