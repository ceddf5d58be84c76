"""The sentences of an item, with the features of all of them as arrays."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.answering.query import AnswerType
from service.answering.retrieval.facts import has_fact
from service.answering.retrieval.query_words import PARTS_COVERAGE, SYNONYM_COVERAGE, QueryWord
from service.answering.retrieval.splitting import TextSentence
from vectorstore.records import Field

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
LETTERS = re.compile(r"[^\W\d_]{3}")  # of a sentence with words, unlike "2024 – 2026"


class ItemText:
    """The sentences of an item in reading order; the features of all of them as arrays of shape
    (sentences,).

    `terms` are the index terms of each sentence.
    """

    def __init__(
        self,
        sentences: Sequence[TextSentence],
        terms: Sequence[Sequence[str]],
        title: frozenset[str] = frozenset(),
    ) -> None:
        self.sentences, self.size = tuple(sentences), len(sentences)
        self.only_repeats: Mask = np.array([title.issuperset(own) for own in terms], dtype=np.bool_)
        indices: dict[str, list[int]] = defaultdict(list)  # of the sentences with a term
        for index, sentence_terms in enumerate(terms):
            for term in dict.fromkeys(sentence_terms):
                indices[term].append(index)
        self._indices = {term: np.array(found, dtype=np.intp) for term, found in indices.items()}
        self._stating: dict[AnswerType, Mask] = {}
        self.is_elsewhere: Mask = np.array(
            [sentence.elsewhere for sentence in self.sentences], dtype=np.bool_
        )

    @cached_property
    def may_be_quoted(self) -> Mask:
        """True for sentences with words that contain no contact details."""
        words = np.array(
            [LETTERS.search(sentence.text) is not None for sentence in self.sentences],
            dtype=np.bool_,
        )
        return words & ~self.mask_stating(AnswerType.CONTACT)

    @cached_property
    def fields(self) -> list[tuple[Field, Mask]]:
        """The fields, each with the mask of its sentences."""
        results = {
            id(sentence.field): sentence.field for sentence in self.sentences if sentence.field
        }
        ids = np.array([id(sentence.field) for sentence in self.sentences])
        return [(field, ids == key) for key, field in results.items()]

    def mask_stating(self, answer_type: AnswerType) -> Mask:
        """True for sentences with the notation of a type of answer."""
        if answer_type not in self._stating:
            found = [
                has_fact(answer_type, f"{sentence.text}\n{sentence.with_units}")
                for sentence in self.sentences
            ]
            self._stating[answer_type] = np.array(found, dtype=np.bool_)
        return self._stating[answer_type]

    def with_term(self, term: str) -> NDArray[np.intp]:
        """The indices of the sentences with a term."""
        return self._indices.get(term, _NO_INDICES)

    def weights_of(self, terms: Iterable[tuple[str, float]]) -> Numbers:
        """The summed weights of the given terms that each sentence has."""
        total = np.zeros(self.size)
        for term, weight in terms:
            total[self.with_term(term)] += weight
        return total

    def coverage_of(self, word: QueryWord, rarity: Callable[[str], float]) -> Numbers:
        """How much of a word each sentence covers, 0 to 1; like `cover_word`, but for all sentences
        at once. `rarity` gives the rarity of a term.
        """
        whole, *parts = word.terms
        covered, rarities = np.zeros(self.size), {part: rarity(part) for part in parts}
        total = sum(rarities.values())
        if total:
            covered = self.weights_of(
                (part, PARTS_COVERAGE * rarity / total) for part, rarity in rarities.items()
            )
        for synonym in word.synonyms:
            with_all_terms = (
                self.weights_of((term, 1.0 / len(synonym)) for term in synonym) > 1.0 - 1e-6
            )
            covered[with_all_terms] = np.maximum(covered[with_all_terms], SYNONYM_COVERAGE)
        covered[self.with_term(whole)] = 1.0
        return covered


_NO_INDICES: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
