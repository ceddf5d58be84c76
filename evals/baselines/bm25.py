"""Plain BM25 over the same passages: bm25s with its own tokenizer in lower case, without stems and vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import bm25s
import numpy as np

from evals.baselines.passages import LIMIT, Passage


class PlainBm25:
    """Passages by BM25 in Lucene's variant with its usual k1 = 1.5 and b = 0.75; what holds no word is left out."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._model = bm25s.BM25()
        self._known: set[str] = set()
        texts = [_tokens(one.text) for one in passages]
        self._known.update(*texts)
        if self._known:
            self._model.index(texts, show_progress=False)

    def rank(self, question: str) -> list[Passage]:
        """See `Baseline.rank`."""
        words = [word for word in _tokens(question) if word in self._known]
        if not words:
            return []
        scores = self._model.get_scores(words)
        best = np.argsort(-scores, kind="stable")[:LIMIT]
        return [replace(self._passages[row], score=float(scores[row])) for row in best if scores[row] > 0]


def _tokens(text: str) -> list[str]:
    found: list[list[str]] = bm25s.tokenize([text], stopwords=None, return_ids=False, show_progress=False)
    return found[0]
