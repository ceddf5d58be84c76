"""Where the vectors of an edition lie: the interface, and a store in memory that keeps it exactly."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """What a store keeps beside a vector: the chunk's id, the item it belongs to and the digest of its text."""

    id: str
    document_id: str
    key: str
    digest: str


class ChunkStore(Protocol):
    """Vectors by cosine similarity; every implementation passes the same contract suite."""

    def add(self, chunks: Sequence[StoredChunk], vectors: Vectors) -> None:
        """Store `vectors` of shape (len(chunks), d); raises ValueError for another shape or an id used before."""

    def search(self, vector: Vectors, limit: int, documents: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The nearest chunks as (id, cosine similarity -1..1), best first; only of `documents` where given.

        `vector` has shape (d,); one of zeros finds nothing.
        """

    def contents(self) -> tuple[list[StoredChunk], Vectors]:
        """Everything stored, for reading back: n chunks in any order and their vectors, shape (n, d)."""

    def close(self) -> None:
        """Let go of files and connections; closing twice is allowed."""


class MemoryChunkStore:
    """A `ChunkStore` that compares with every vector: exact, for tests and small corpora."""

    def __init__(self) -> None:
        self._chunks: list[StoredChunk] = []
        self._vectors: Vectors = np.zeros((0, 0), dtype=np.float32)

    def add(self, chunks: Sequence[StoredChunk], vectors: Vectors) -> None:
        """See `ChunkStore.add`."""
        check_rows(chunks, vectors)
        known = {chunk.id for chunk in self._chunks}
        if known & {chunk.id for chunk in chunks}:
            raise ValueError("a chunk id is already stored")
        if not chunks:
            return
        if self._chunks and vectors.shape[1] != self._vectors.shape[1]:
            raise ValueError(f"vectors of {vectors.shape[1]} dimensions in a store of {self._vectors.shape[1]}")
        vectors = vectors.astype(np.float32)
        self._vectors = np.concatenate([self._vectors, vectors]) if self._chunks else vectors
        self._chunks.extend(chunks)

    def search(self, vector: Vectors, limit: int, documents: Collection[str] | None = None) -> list[tuple[str, float]]:
        """See `ChunkStore.search`."""
        length = float(np.linalg.norm(vector))
        if not self._chunks or limit < 1 or not length:
            return []
        lengths = np.linalg.norm(self._vectors, axis=1) * length
        similarities = self._vectors @ vector / np.where(lengths > 0, lengths, 1.0)
        order = np.argsort(-similarities, kind="stable")
        allowed = (row for row in order if documents is None or self._chunks[row].document_id in documents)
        return [(self._chunks[row].id, float(similarities[row])) for row, _ in zip(allowed, range(limit), strict=False)]

    def contents(self) -> tuple[list[StoredChunk], Vectors]:
        """See `ChunkStore.contents`."""
        return list(self._chunks), self._vectors.copy()

    def close(self) -> None:
        """See `ChunkStore.close`."""


def check_rows(chunks: Sequence[StoredChunk], vectors: Vectors) -> None:
    """Raise ValueError unless there is one finite vector per chunk and no id comes twice."""
    if vectors.ndim != 2 or len(vectors) != len(chunks):
        raise ValueError(f"{len(chunks)} chunks, but vectors of shape {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a number that is not finite")
    if len({chunk.id for chunk in chunks}) < len(chunks):
        raise ValueError("a chunk id comes twice")
