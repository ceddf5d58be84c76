"""LangChain: langchain-chroma and its BM25 retriever, joined by its ensemble."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.embeddings import Embeddings

from tests.benchmarks.engines.given import Given
from tests.benchmarks.engines.passages import Passage, batches


class OurEmbedding(Embeddings):
    """Our vectors through LangChain's interface."""

    def __init__(self, given: Given) -> None:
        self._given = given

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors of passages."""
        return self._given.of(texts)

    def embed_query(self, text: str) -> list[float]:
        """The vector of the question."""
        return self._given.of([text])[0]


class LangChain:
    """The hybrid search of its documentation."""

    def __init__(self) -> None:
        self._given = Given()

    def build(self, folder: Path, passages: Sequence[Passage], vectors: np.ndarray) -> None:
        """See `Engine.build`."""
        self._given.learn([one.text for one in passages], vectors)
        store = self._store(folder)
        for rows in batches(len(passages)):
            part = passages[rows.start : rows.stop]
            store.add_texts(
                [one.text for one in part], metadatas=[{"row": row} for row in rows], ids=[str(row) for row in rows]
            )
        self._join(store, passages)

    def open(self, folder: Path, passages: Sequence[Passage]) -> None:
        """See `Engine.open`; the BM25 retriever keeps nothing, so it is made anew."""
        self._join(self._store(folder), passages)

    def find(self, question: str, vector: Sequence[float], limit: int) -> list[tuple[str, str]]:
        """See `Engine.find`."""
        self._given.ask(question, vector)
        self._words.k, self._near.search_kwargs = limit, {"k": min(limit, len(self._passages))}
        found = self._both.invoke(question)[:limit]
        return [self._passages[int(one.metadata["row"])].item for one in found]

    def _store(self, folder: Path) -> Chroma:
        return Chroma("passages", OurEmbedding(self._given), persist_directory=str(folder / "langchain"))

    def _join(self, store: Chroma, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._near = store.as_retriever()
        rows = [{"row": row} for row in range(len(passages))]
        self._words = BM25Retriever.from_texts([one.text for one in passages], metadatas=rows)
        self._both = EnsembleRetriever(retrievers=[self._words, self._near], weights=[0.5, 0.5], id_key="row")


def make() -> LangChain:
    """The engine."""
    return LangChain()
