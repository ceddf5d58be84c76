"""Questions written for items, as evidence of finding: what is asked is compared with them; they are never shown."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from vectorstore.analysis import Analyzer
from vectorstore.questions import ItemKey, Questions

Scores = NDArray[np.float32]


class WrittenQuestions:
    """The questions of an edition for those of its items that are answered from; `rows` tells the row of each."""

    def __init__(self, questions: Questions, rows: Mapping[ItemKey, int], analyzer: Analyzer) -> None:
        self._lexical = questions.lexical
        self._analyzer = analyzer
        items = [rows.get(item) for item in questions.items]
        self._searched = np.array([place for place, row in enumerate(items) if row is not None], dtype=np.intp)
        self._rows = np.array([row for row in items if row is not None], dtype=np.intp)
        self._size = len(rows)
        self._texts: dict[int, list[str]] = {}
        for one in questions.all:
            if one.item in rows:
                self._texts.setdefault(rows[one.item], []).append(one.question)
        by_people = (one.question for one in questions.all if one.item in rows and not one.origin)
        self._by_people = frozenset(terms for text in by_people if (terms := frozenset(analyzer.terms(text))))

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self._rows.size)

    def is_by_people(self, question: str) -> bool:
        """True where people wrote a question with just these words down for an item."""
        return frozenset(self._analyzer.terms(question)) in self._by_people

    def terms(self, row: int) -> list[frozenset[str]]:
        """The index terms of each question for the item in this row."""
        return [frozenset(self._analyzer.terms(one)) for one in self._texts.get(row, ())]

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
