"""The index of the questions that people wrote for items."""

from __future__ import annotations

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
        self._written = [
            (rows[entry.item], self._weigh_terms(entry.question))
            for entry in questions.all
            if entry.item in rows
        ]

    @property
    def any(self) -> bool:
        """True if any item has questions."""
        return bool(self._written)

    def likeness(self, text: str) -> Scores:
        """How like a text is to the questions written for each item, 0 to 1, shape (items,).

        It is the cosine of its weighted terms and those of the item's most similar question; 0 for
        items without questions.
        """
        best = np.zeros(self._size, dtype=np.float32)
        terms = self._weigh_terms(text)
        for row, written in self._written:
            shared = sum(weight * written.get(term, 0.0) for term, weight in terms.items())
            best[row] = max(best[row], min(shared, 1.0))
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
