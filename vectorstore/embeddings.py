"""The interface of embeddings, and the embedding for a setting.

Settings: "" is the packaged encoder, "folder:/path" another e5 model on disk, "openai:MODEL@URL" an
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
WORDS: Kind = (
    "words"  # the kind, and the identity in a manifest, without an embedding: search by words alone
)


class Embedding(Embeddings, ABC):
    """Makes vectors of passages and questions, to be compared by cosine; all have the same number
    of dimensions.

    Methods raise `EmbeddingUnreachable` while an endpoint does not answer.
    """

    vector_bytes = (
        16_384  # of a vector at most: 4,096 numbers, as many as large embedding models have
    )
    kind: Kind = "encoder"
    # name and parameters, without secrets; vectors can be compared if they are of the same identity
    identity: str
    has_calibrated_thresholds = (
        False  # true for that with whose cosines the service's thresholds were learned
    )

    @property
    def is_unavailable(self) -> bool:
        """True while an endpoint does not answer."""
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
    """The embedding for a setting; raises EmbeddingUnavailable, ValueError for other settings."""
    from vectorstore.encoder import folder_encoder, packaged_encoder
    from vectorstore.endpoints import EndpointEmbedding

    kind, _, location = (setting or "").partition(":")
    if not kind:
        return packaged_encoder()
    if kind == "openai" and location:
        model, _, url = location.partition("@")
        return EndpointEmbedding(model, url or None)
    if kind == "folder" and location:
        return folder_encoder(Path(location))
    raise ValueError(f"no embedding: {setting}")
