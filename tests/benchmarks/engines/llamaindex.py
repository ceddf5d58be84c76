"""LlamaIndex: its Chroma vector store and its BM25 retriever, joined by its fusion retriever."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import chromadb
import numpy as np
import Stemmer
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.chroma import ChromaVectorStore
from pydantic import PrivateAttr

from tests.benchmarks.engines.given import Given
from tests.benchmarks.engines.passages import Passage, batches


class OurEmbedding(BaseEmbedding):
    """Our vectors through LlamaIndex's interface."""

    _given: Given = PrivateAttr()

    def __init__(self, given: Given) -> None:
        super().__init__(model_name="ours")
        self._given = given

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._given.of([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._given.of(texts)

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._given.of([query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._given.of([query])[0]


class LlamaIndex:
    """The hybrid search of its documentation, with German stems and stop words."""

    def __init__(self) -> None:
        self._given = Given()
        self._embedding = OurEmbedding(self._given)

    def build(self, folder: Path, passages: Sequence[Passage], vectors: np.ndarray) -> None:
        """See `Engine.build`."""
        self._given.learn([one.text for one in passages], vectors)
        nodes = [TextNode(text=one.text, id_=str(row)) for row, one in enumerate(passages)]
        storage = StorageContext.from_defaults(vector_store=self._store(folder))
        index = VectorStoreIndex([], storage_context=storage, embed_model=self._embedding)
        for rows in batches(len(passages)):
            index.insert_nodes(nodes[rows.start : rows.stop])
        words = BM25Retriever.from_defaults(nodes=nodes, stemmer=Stemmer.Stemmer("german"), language="de")
        words.persist(str(folder / "llamaindex-words"))
        self._join(index, words, passages)

    def open(self, folder: Path, passages: Sequence[Passage]) -> None:
        """See `Engine.open`."""
        index = VectorStoreIndex.from_vector_store(self._store(folder), embed_model=self._embedding)
        words = BM25Retriever.from_persist_dir(str(folder / "llamaindex-words"))
        words.stemmer = Stemmer.Stemmer("german")  # it keeps its index, but not its stemmer
        self._join(index, words, passages)

    def find(self, question: str, vector: Sequence[float], limit: int) -> list[tuple[str, str]]:
        """See `Engine.find`."""
        limit = min(limit, len(self._passages))
        self._given.ask(question, vector)
        self._near.similarity_top_k = self._words.similarity_top_k = self._both.similarity_top_k = limit
        return [self._passages[int(one.node.node_id)].item for one in self._both.retrieve(question)[:limit]]

    def _store(self, folder: Path) -> ChromaVectorStore:
        client = chromadb.PersistentClient(str(folder / "llamaindex"))
        return ChromaVectorStore(client.get_or_create_collection("passages", embedding_function=None))

    def _join(self, index: VectorStoreIndex, words: BM25Retriever, passages: Sequence[Passage]) -> None:
        self._passages, self._words = passages, words
        self._near = index.as_retriever()
        self._both = QueryFusionRetriever(
            [self._near, self._words], llm=MockLLM(), mode="reciprocal_rerank", num_queries=1, use_async=False
        )


def make() -> LlamaIndex:
    """The engine."""
    return LlamaIndex()
