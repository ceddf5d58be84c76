"""The index of the questions that people wrote for items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from service.answering.retrieval.terms import PART_WEIGHT
from vectorstore import Questions
from vectorstore.language import Analyzer, fold, printed_words, rate_distinctiveness
from vectorstore.records import ItemAddress

Scores = NDArray[np.float32]


class QuestionIndex:
    """An index of the questions written for items; `rows` are the rows of items, `rarity` rates an
    index term.

    Terms are weighted by their rarity in the documents and in everyday German: that two questions
    share "Trinkbrunnen" is telling, that they share "kann" or "Stadt" is not.
    """

    def __init__(
        self,
        questions: Questions,
        rows: Mapping[ItemAddress, int],
        analyzer: Analyzer,
        rarity: Callable[[str], float],
    ) -> None:
        self._analyzer = analyzer
        self._rarity = rarity
        self._size = len(rows)
        written = [
            (rows[entry.item], entry.question) for entry in questions.all if entry.item in rows
        ]
        self._question_rows = [row for row, _ in written]
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for index, (_, text) in enumerate(written):
            for term, weight in self._weigh_terms(text).items():
                postings[term].append((index, weight))
        self._postings = {}
        for term, pairs in postings.items():
            self._postings[term] = list(map(np.array, zip(*pairs, strict=True)))

    @property
    def any(self) -> bool:
        """True if any item has questions."""
        return bool(self._question_rows)

    def likeness(self, text: str) -> Scores:
        """How like a text is to the questions written for each item, 0 to 1, shape (items,).

        It is the cosine of its weighted terms and those of the item's most similar question; 0 for
        items without questions.
        """
        shared = np.zeros(len(self._question_rows), dtype=np.float32)
        best = np.zeros(self._size, dtype=np.float32)
        for term, weight in self._weigh_terms(text).items():
            if term in self._postings:
                indices, weights = self._postings[term]
                shared[indices] += weight * weights
        np.maximum.at(best, self._question_rows, np.minimum(shared, np.float32(1.0)))
        return best

    def _weigh_terms(self, text: str) -> dict[str, float]:
        """The terms of a text with weights as a vector of length 1; {} if no term has a weight.

        A repeated term counts once, with its highest weight, and parts of compounds weigh less than
        wholes.
        """
        results: dict[str, float] = {}
        for printed in printed_words(text):
            weight = rate_distinctiveness(fold(printed))
            for word in self._analyzer.words(printed):
                for term in word.terms:
                    value = (
                        weight * self._rarity(term) * (1.0 if term == word.whole else PART_WEIGHT)
                    )
                    results[term] = max(results.get(term, 0.0), value)
        length = sum(value**2 for value in results.values()) ** 0.5
        if not length:
            return {}
        return {term: value / length for term, value in results.items()}
