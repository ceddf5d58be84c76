"""Our embedding as other engines are given it: vectors by text, made before, so that none pays for making them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


class Given:
    """Vectors of passages and of the question that is being asked."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._vectors = np.zeros((0, 0), dtype=np.float32)
        self._asked: dict[str, list[float]] = {}

    def learn(self, texts: Sequence[str], vectors: np.ndarray) -> None:
        """Know the vectors of these texts, shape (texts, d)."""
        self._rows = {text: row for row, text in enumerate(texts)}
        self._vectors = vectors

    def ask(self, question: str, vector: Sequence[float]) -> None:
        """Know the vector of a question; the one before is forgotten."""
        self._asked = {question: list(vector)}

    def of(self, texts: Sequence[str]) -> list[list[float]]:
        """The vectors of texts; raises KeyError for one that was not told."""
        return [
            self._asked[text] if text in self._asked else self._vectors[self._rows[text]].tolist() for text in texts
        ]
