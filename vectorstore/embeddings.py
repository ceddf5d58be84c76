"""What an embedding is to an edition: LangChain's interface, an identity, and a state that the edition keeps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from vectorstore.analysis import Analyzer
from vectorstore.vectors import Vectors


class Embedding(Embeddings, ABC):
    """Texts to vectors of one length, compared by cosine.

    `identity` names method and parameters: an edition answers only with the identity that it was built with. An
    embedding that learns from the edition's texts does so in `fit`, keeps what it learned with `save` and comes back
    with `restored`; one that learns nothing inherits these.
    """

    vector_bytes = 16_384  # at most: 4,096 numbers, as large embedding models give

    @property
    @abstractmethod
    def identity(self) -> str:
        """Name and parameters, without secrets."""

    @abstractmethod
    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One vector per text, shape (len(texts), d)."""

    @abstractmethod
    def vector(self, text: str) -> Vectors:
        """The vector of a question, shape (d,)."""

    def fit(self, texts: Sequence[str], analyzer: Analyzer) -> Vectors:
        """Learn from the texts of an edition and return their vectors; by default there is nothing to learn."""
        return self.vectors(texts)

    def save(self, folder: Path) -> None:
        """Keep what was learned in a folder; nothing by default."""

    def restored(self, folder: Path, analyzer: Analyzer) -> Embedding:
        """This embedding with what `save` kept; itself by default."""
        return self

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's view of `vectors`."""
        rows: list[list[float]] = self.vectors(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """LangChain's view of `vector`."""
        row: list[float] = self.vector(text).tolist()
        return row


class ForeignEmbedding(Embedding):
    """Any LangChain `Embeddings` under a name that tells it from others."""

    def __init__(self, identity: str, model: Embeddings) -> None:
        self._identity = identity
        self._model = model

    @property
    def identity(self) -> str:
        """See `Embedding.identity`."""
        return self._identity

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """See `Embedding.vectors`."""
        return np.asarray(self._model.embed_documents(list(texts)), dtype=np.float32)

    def vector(self, text: str) -> Vectors:
        """See `Embedding.vector`."""
        return np.asarray(self._model.embed_query(text), dtype=np.float32)
