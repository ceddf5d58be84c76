"""The interface of embeddings, and the vectors that they make."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Literal

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
EmbeddingKind = Literal["encoder", "endpoint", "words"]
# the kind, and the identity in a manifest, without an embedding: search by words alone
WORDS_ONLY: EmbeddingKind = "words"
AT_ONCE = 64  # most passages in one call of an embedding


class Embedding(Embeddings, ABC):
    """Makes vectors of passages and questions, to be compared by cosine; all have the same number
    of dimensions.

    Methods raise `EmbeddingUnreachable` while an endpoint does not answer.
    """

    # of a vector at most: 4,096 numbers, as many as large embedding models have
    vector_bytes = 16_384
    kind: EmbeddingKind = "encoder"
    # name and parameters, without secrets; vectors can be compared if they are of the same identity
    identity: str
    # true for that with whose cosines the service's thresholds were learned
    has_calibrated_thresholds = False

    @property
    def is_unavailable(self) -> bool:
        """True while an endpoint does not answer."""
        return False

    @abstractmethod
    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A vector for each passage, shape (len(texts), d); of one to `AT_ONCE` passages."""

    @abstractmethod
    def vector(self, text: str) -> Vectors:
        """The vector of a question, shape (d,)."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's view of `vectors`."""
        return [list(map(float, row)) for row in self.vectors(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's view of `vector`."""
        return list(map(float, self.vector(text)))


def as_units(vectors: Vectors) -> Vectors:
    """Vectors of shape (n, d) scaled to length one, zero vectors unchanged; raises ValueError for
    NaN or infinity.
    """
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a number that is not finite")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
