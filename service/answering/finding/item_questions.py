"""Questions written for items, as evidence of finding: what is asked is compared with them; they are never shown.

A written question is a sample of how people ask for its item. That another one is nearer to it than to all others
proves little where it is near to none: so how well an item's questions fit beside those of others counts the more,
the more of what the question tells it shares with the nearest of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vectorstore.analysis import Analyzer, fold, printed_words
from vectorstore.language import telling
from vectorstore.questions import ItemKey, Questions

Scores = NDArray[np.float32]
PART = 0.6  # what a part of a compound counts beside the whole


class WrittenQuestions:
    """The questions of an edition for its items, by the `rows` of these; `rarity` is that of an index term.

    That two questions share "kann" or "Stadt" says little of what they mean, that they share "Trinkbrunnen" much: terms
    are weighed by how rare they are in the papers and in everyday German.
    """

    def __init__(
        self,
        questions: Questions,
        rows: Mapping[ItemKey, int],
        analyzer: Analyzer,
        rarity: Callable[[str], float],
    ) -> None:
        self._lexical, self._analyzer, self._rarity, self._size = questions.lexical, analyzer, rarity, len(rows)
        found = [rows.get(item) for item in questions.items]
        self._searched = np.array([place for place, row in enumerate(found) if row is not None], dtype=np.intp)
        self._rows = np.array([row for row in found if row is not None], dtype=np.intp)
        self._asked = [(rows[one.item], one.question) for one in questions.all if one.item in rows]

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self._rows.size)

    def prepare(self) -> None:
        """Make what the first question would make."""
        _ = self._columns

    def alike(self, text: str) -> Scores:
        """How much of what a text tells it shares with the nearest question of each item, 0 to 1, shape (items,)."""
        near, shares = np.zeros(len(self._asked), dtype=np.float32), np.zeros(self._size, dtype=np.float32)
        for term, share in self._told(text).items():
            if term in self._columns:
                places, weights = self._columns[term]
                near[places] += np.float32(share) * weights
        np.maximum.at(shares, [row for row, _ in self._asked], np.minimum(near, np.float32(1.0)))
        return shares

    def scores(self, text: str, topic: Mapping[str, float]) -> Scores:
        """How well the questions of each item fit all words of a text and the weighted terms of its topic.

        Shape (items,). The words beside the topic tell everyday questions apart: with them the right item is first for
        .579 of those, for .535 without.
        """
        scores = np.zeros(self._size, dtype=np.float32)
        terms = {**dict.fromkeys(self._analyzer.terms(text), 1.0), **topic}
        scores[self._rows] = self._lexical.scores(terms)[self._searched]
        return scores

    @cached_property
    def _columns(self) -> dict[str, tuple[NDArray[np.intp], Scores]]:
        """Per term the places of the questions that have it, and how much it tells in each."""
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, (_, text) in enumerate(self._asked):
            for term, share in self._told(text).items():
                found[term].append((place, share))
        return {
            term: (np.array([place for place, _ in told], np.intp), np.array([share for _, share in told], np.float32))
            for term, told in found.items()
        }

    def _told(self, text: str) -> dict[str, float]:
        """The terms of a text with how much each tells, of length 1 together; a term that comes twice counts once."""
        found: dict[str, float] = {}
        for printed in printed_words(text):
            told = telling(fold(printed))
            for word in self._analyzer.words(printed):
                for term in word.terms:
                    share = told * self._rarity(term) * (1.0 if term == word.whole else PART)
                    found[term] = max(found.get(term, 0.0), share)
        length = sum(share**2 for share in found.values()) ** 0.5
        return {term: share / length for term, share in found.items()} if length else {}
