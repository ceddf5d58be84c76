"""The sentences of an item, with the features of all of them as arrays."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.answering.query import AnswerType
from service.answering.retrieval.facts import has_fact
from service.answering.retrieval.query_words import QueryWord
from service.answering.retrieval.splitting import TextSentence
from vectorstore.records import Field

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
LETTERS = re.compile(r"[^\W\d_]{3}")  # of a sentence with words, unlike "2024 – 2026"


class ItemText:
    """The sentences of an item in reading order; the features of all of them as arrays of shape
    (sentences,).

    `terms` are the index terms of each sentence, `title` those of the item's title: a sentence that
    has no others only repeats it (`only_repeats`).
    """

    def __init__(
        self,
        sentences: Sequence[TextSentence],
        terms: Sequence[Sequence[str]],
        title: frozenset[str],
    ) -> None:
        self.sentences, self.size = tuple(sentences), len(sentences)
        self.only_repeats: Mask = np.array([title.issuperset(own) for own in terms], dtype=np.bool_)
        self._terms = [frozenset(own) for own in terms]
        self._indices: dict[str, list[int]] = defaultdict(list)  # of the sentences with a term
        for index, sentence_terms in enumerate(self._terms):
            for term in sentence_terms:
                self._indices[term].append(index)
        self._stating: dict[AnswerType, Mask] = {}

    @cached_property
    def may_be_quoted(self) -> Mask:
        """True for sentences that may be quoted for any question: they have words, not only figures
        or signs, and no contact details.
        """
        words = np.array(
            [LETTERS.search(sentence.text) is not None for sentence in self.sentences],
            dtype=np.bool_,
        )
        return words & ~self.mask_stating(AnswerType.CONTACT)

    @cached_property
    def fields(self) -> list[tuple[Field, Mask]]:
        """The fields of the item that sentences are in, each with the mask of its sentences.

        Fields are told apart by identity, since two can have the same label and text.
        """
        results = {
            id(sentence.field): sentence.field for sentence in self.sentences if sentence.field
        }
        ids = np.array([id(sentence.field) for sentence in self.sentences])
        return [(field, ids == key) for key, field in results.items()]

    def mask_stating(self, answer_type: AnswerType) -> Mask:
        """True for sentences with the notation of a type of answer (a date, an amount), computed
        once for each type. A unit that stands only in the label or the head of a column counts.
        """
        if answer_type not in self._stating:
            found = [
                has_fact(answer_type, f"{sentence.text}\n{sentence.with_units}")
                for sentence in self.sentences
            ]
            self._stating[answer_type] = np.array(found, dtype=np.bool_)
        return self._stating[answer_type]

    def coverage_of(self, word: QueryWord, rarity: Callable[[str], float]) -> Numbers:
        """How much of a word each sentence covers, 0 to 1; `rarity` gives the rarity of a term.

        Only sentences with one of its terms are rated; all others cover nothing.
        """
        covered = np.zeros(self.size)
        for term in word.all_terms:
            for index in self._indices.get(term, ()):
                covered[index] = word.covered_by(self._terms[index], rarity)
        return covered
