"""Questions written for items, as evidence of finding: what is asked is compared with them; they are never shown.

A written question is a sample of how people ask for its item. That another one is nearer to it than to all others
proves little where it is near to none: so how well an item's questions fit beside those of others counts the more,
the more of what the question tells it shares with the nearest of them. Where words share nothing the embedding may
tell: it finds for every question one that is nearest, so it counts as far as the next best item stays behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.answering.finding.telling_terms import TellingTexts
from vectorstore.analysis import Analyzer
from vectorstore.chunk_store import Vectors
from vectorstore.questions import ItemKey, Questions

Scores = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
_AHEAD = 3.0  # how often the lead over the next best item counts, at most as much as the nearness itself


class WrittenQuestions:
    """The questions of an edition for those of its items that are answered from; `rows` tells the row of each.

    `told` gives the terms of a text with how much each tells, `embed` the vectors of texts.
    """

    def __init__(
        self,
        questions: Questions,
        rows: Mapping[ItemKey, int],
        analyzer: Analyzer,
        told: Callable[[str], Mapping[str, float]],
        embed: Embed,
    ) -> None:
        self._lexical = questions.lexical
        self._analyzer = analyzer
        self._told = told
        self._embed = embed
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

    def terms(self, row: int) -> list[frozenset[str]]:
        """The index terms of each question for the item in this row."""
        return [frozenset(self._analyzer.terms(one)) for one in self._texts.get(row, ())]

    def alike(self, text: str) -> Scores:
        """How much of what a text tells it shares with the nearest question of each item, 0 to 1, shape (items,)."""
        shares = np.zeros(self._size, dtype=np.float32)
        rows, texts = self._telling
        np.maximum.at(shares, rows, texts.alike(self._told(text)))
        return shares

    def meant(self, vector: Vectors, allowed: NDArray[np.bool_]) -> Scores:
        """How near a text of this vector is to a question of the allowed item that it is nearest to, 0 to 1.

        Shape (items,), 0 for all others, and for that one as far as it is not ahead of the next best.
        """
        rows, vectors = self._embedded
        near = np.zeros(self._size, dtype=np.float32)
        np.maximum.at(near, rows, vectors @ of_length_one(vector[None, :])[0])
        near[~allowed] = 0.0
        best = int(near.argmax()) if near.size else 0
        found = np.zeros(self._size, dtype=np.float32)
        if near.size > 1:
            lead = near[best] - float(np.partition(near, -2)[-2])
            found[best] = min(float(near[best]), _AHEAD * float(lead))
        return found

    @cached_property
    def _asked(self) -> list[tuple[int, str]]:
        """The row of each question, and the question."""
        return [(row, text) for row, texts in self._texts.items() for text in texts]

    @cached_property
    def _telling(self) -> tuple[NDArray[np.intp], TellingTexts]:
        """The row of each question, and all questions by what they tell."""
        return self._places, TellingTexts([self._told(text) for _, text in self._asked])

    @cached_property
    def _embedded(self) -> tuple[NDArray[np.intp], Vectors]:
        """The row of each question, and their vectors."""
        vectors = np.asarray(self._embed([text for _, text in self._asked]), dtype=np.float32)
        return self._places, of_length_one(vectors)

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


def of_length_one(rows: Vectors) -> Vectors:
    """Each row divided by its length; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)
