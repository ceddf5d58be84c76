"""The usual LangChain recipe: recursive splitter 1000/200, langchain-chroma, the edition's own embedding.

Chroma runs in memory, is given every vector, and its client sends nothing (chromadb 1.5 has no telemetry left).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Any
from uuid import uuid4

from langchain_chroma import Chroma
from langchain_core.documents import Document

from evals.baselines.passages import LIMIT, Passage
from vectorstore.edition import Edition

_ALWAYS_ALIKE: Any = {"hnsw": {"num_threads": 1, "ef_search": 200}}  # one thread finds the same every time


class Recipe:
    """Passages by similarity search; the embedding learns from the passages as an edition's does from its chunks."""

    def __init__(self, edition: Edition, passages: Sequence[Passage]) -> None:
        self._passages = passages
        embedding = copy(edition.embedding)
        texts = [one.text for one in passages]
        if texts:
            embedding.fit(texts, edition.analyzer)
        self._store = Chroma(
            collection_name=f"recipe-{uuid4().hex}",
            embedding_function=embedding,
            collection_configuration=_ALWAYS_ALIKE,
        )
        pieces = [Document(text, metadata={"row": row}) for row, text in enumerate(texts)]
        if pieces:
            self._store.add_documents(pieces, ids=[str(row) for row in range(len(texts))])

    def rank(self, question: str) -> list[Passage]:
        """See `Baseline.rank`; the score is the negative distance."""
        if not self._passages:
            return []
        found = self._store.similarity_search_with_score(question, k=min(LIMIT, len(self._passages)))
        near = sorted((float(distance), int(piece.metadata["row"])) for piece, distance in found)
        return [replace(self._passages[row], score=-distance) for distance, row in near]

    def close(self) -> None:
        """Forget the vectors."""
        self._store.delete_collection()
