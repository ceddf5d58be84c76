"""Haystack: its document store in memory, searched by vectors and by BM25, joined by its document joiner."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from haystack import Document, Pipeline, component
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from tests.benchmarks.engines.given import Given
from tests.benchmarks.engines.passages import Passage, batches

_KEPT = "haystack.json"


@component
class OurEmbedding:
    """Our vector of the question through Haystack's interface."""

    def __init__(self, given: Given) -> None:
        self._given = given

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, list[float]]:
        """The vector of the question."""
        return {"embedding": self._given.of([text])[0]}


class Haystack:
    """The hybrid pipeline of its documentation; in memory, as its Chroma store takes one document at a time."""

    def __init__(self) -> None:
        self._given = Given()

    def build(self, folder: Path, passages: Sequence[Passage], vectors: np.ndarray) -> None:
        """See `Engine.build`."""
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        for rows in batches(len(passages)):
            store.write_documents(
                [Document(id=str(row), content=passages[row].text, embedding=vectors[row].tolist()) for row in rows]
            )
        store.save_to_disk(str(folder / _KEPT))
        self._join(store, passages)

    def open(self, folder: Path, passages: Sequence[Passage]) -> None:
        """See `Engine.open`."""
        self._join(InMemoryDocumentStore.load_from_disk(str(folder / _KEPT)), passages)

    def find(self, question: str, vector: Sequence[float], limit: int) -> list[tuple[str, str]]:
        """See `Engine.find`."""
        self._given.ask(question, vector)
        most = {"top_k": min(limit, len(self._passages))}
        asked = {"embedding": {"text": question}, "near": most, "words": {"query": question, **most}, "both": most}
        found = self._pipeline.run(asked)["both"]["documents"]
        return [self._passages[int(one.id)].item for one in found[:limit]]

    def _join(self, store: InMemoryDocumentStore, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._pipeline = Pipeline()
        self._pipeline.add_component("embedding", OurEmbedding(self._given))
        self._pipeline.add_component("near", InMemoryEmbeddingRetriever(store, return_embedding=False))
        self._pipeline.add_component("words", InMemoryBM25Retriever(store))
        self._pipeline.add_component("both", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self._pipeline.connect("embedding.embedding", "near.query_embedding")
        self._pipeline.connect("near", "both")
        self._pipeline.connect("words", "both")


def make() -> Haystack:
    """The engine."""
    return Haystack()
