"""Bare Chroma and bare bm25s: one query each, joined by reciprocal rank in five lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import bm25s
import chromadb
import numpy as np

from tests.benchmarks.engines.passages import Passage, batches

_RANK = 60  # the usual constant of reciprocal rank


class Bare:
    """The parts that we are made of, without what we make of them."""

    def build(self, folder: Path, passages: Sequence[Passage], vectors: np.ndarray) -> None:
        """See `Engine.build`."""
        self._passages = passages
        client = chromadb.PersistentClient(str(folder / "bare"))
        self._collection = client.create_collection("passages", embedding_function=None)
        for rows in batches(len(passages)):
            self._collection.add(ids=[str(row) for row in rows], embeddings=vectors[rows.start : rows.stop])
        self._words = bm25s.BM25()
        self._words.index(_tokens([one.text for one in passages]), show_progress=False)
        self._words.save(folder / "bare-words")

    def open(self, folder: Path, passages: Sequence[Passage]) -> None:
        """See `Engine.open`."""
        self._passages = passages
        self._collection = chromadb.PersistentClient(str(folder / "bare")).get_collection("passages")
        self._words = bm25s.BM25.load(folder / "bare-words")

    def find(self, question: str, vector: Sequence[float], limit: int) -> list[tuple[str, str]]:
        """See `Engine.find`."""
        limit = min(limit, len(self._passages))
        near = self._collection.query(query_embeddings=[vector], n_results=limit, include=[])["ids"][0]
        rows, weights = self._words.retrieve(_tokens(question), k=limit, show_progress=False)
        said = rows[0][weights[0] > 0].tolist()
        scores: dict[int, float] = defaultdict(float)
        for found in ([int(one) for one in near], said):
            for place, row in enumerate(found, start=1):
                scores[row] += 1 / (_RANK + place)
        return [self._passages[row].item for row in sorted(scores, key=lambda row: -scores[row])[:limit]]


def _tokens(texts: str | list[str]) -> object:
    return bm25s.tokenize(texts, stopwords="de", show_progress=False)


def make() -> Bare:
    """The engine."""
    return Bare()
