"""What an embedding is to an edition, and from the setting to the embedding.

"" is the encoder that comes with the service, "folder:/path" another e5 model on a disk, "openai:MODEL@URL" any
OpenAI-compatible endpoint (its key in OPENAI_API_KEY).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from langchain_core.embeddings import Embeddings

from vectorstore.vectors import Vectors

Kind = Literal["encoder", "endpoint", "words"]
WORDS: Kind = "words"  # what is said for an embedding where there is none: passages are found by words alone


class Embedding(Embeddings, ABC):
    """Texts to vectors of one length, compared by cosine: passages, and questions to them.

    `kind` says what it is. Methods raise `EmbeddingAway` where nothing answers now.
    """

    vector_bytes = 16_384  # at most: 4,096 numbers, as large embedding models give
    kind: Kind = "encoder"

    @property
    @abstractmethod
    def identity(self) -> str:
        """Name and parameters, without secrets; an edition's vectors are compared with those of its own identity."""

    @property
    def learned_with(self) -> bool:
        """Whether its cosines are those that the service's thresholds were learned with."""
        return False

    @property
    def away(self) -> bool:
        """Whether nothing answers at the moment."""
        return False

    @abstractmethod
    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One vector per passage, shape (len(texts), d)."""

    @abstractmethod
    def vector(self, text: str) -> Vectors:
        """The vector of a question, shape (d,)."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's view of `vectors`."""
        return [list(map(float, row)) for row in self.vectors(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's view of `vector`."""
        return list(map(float, self.vector(text)))


def embedding_for(setting: str | None) -> Embedding:
    """The embedding that a setting names; raises EmbeddingUnavailable with what is missing, ValueError for others."""
    from vectorstore.encoder import folder_encoder, packaged_encoder
    from vectorstore.endpoints import EndpointEmbedding

    kind, _, remaining = (setting or "").partition(":")
    if not kind:
        return packaged_encoder()
    if kind == "openai" and remaining:
        model, _, url = remaining.partition("@")
        return EndpointEmbedding(model, url or None)
    if kind == "folder" and remaining:
        return folder_encoder(Path(remaining))
    raise ValueError(f"no embedding: {setting}")
