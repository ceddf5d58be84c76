"""Exact search within some documents, over vectors that lie in the edition's folder: read where they are needed.

Fetching the vectors of half the papers from Chroma took 15 seconds at 100,000 chunks, and a gigabyte to keep them;
a query of Chroma's with a filter compares every chunk's document with it, and is slower than comparing all vectors.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from vectorstore.chunk_store import StoredChunk, Vectors

UNITS, IDS, SPANS = FILES = ("units.npy", "ids.npy", "documents.json")


class UnitVectors:
    """Vectors of length one, by document; read-only, may be shared between threads and processes."""

    def __init__(self, folder: Path) -> None:
        """Open what `write_units` wrote; raises OSError, ValueError where files are missing or broken."""
        self._units: Vectors = np.asarray(np.load(folder / UNITS, mmap_mode="r", allow_pickle=False))
        self._ids = np.load(folder / IDS, mmap_mode="r", allow_pickle=False)
        spans = json.loads((folder / SPANS).read_text(encoding="utf-8"))
        self._spans: dict[str, tuple[int, int]] = {one: (start, end) for one, start, end in spans}
        if len(self._units) != len(self._ids) or any(end > len(self._ids) for _, end in self._spans.values()):
            raise ValueError(f"{len(self._units)} vectors of {len(self._ids)} chunks")

    def close(self) -> None:
        """Let go of the files; afterwards nothing is found."""
        self._units, self._spans = np.zeros((0, 0), dtype=np.float32), {}
        self._ids = np.zeros(0, dtype=np.bytes_)

    def search(self, vector: Vectors, limit: int, documents: Collection[str]) -> list[tuple[str, float]]:
        """The nearest chunks of these documents as (id, cosine similarity), best first; `vector` is not zero."""
        spans = [self._spans[one] for one in sorted(documents) if one in self._spans]
        if not spans:
            return []
        unit = (vector / np.linalg.norm(vector)).astype(np.float32)
        similarities = np.concatenate([self._units[start:end] @ unit for start, end in spans])
        starts = np.cumsum([0, *(end - start for start, end in spans)])
        places = np.array(best_places(similarities, limit), dtype=np.intp)
        of = np.searchsorted(starts, places, side="right") - 1
        rows = np.array([start for start, _ in spans], dtype=np.intp)[of] + places - starts[of]
        ids = [one.decode() for one in self._ids[rows].tolist()]
        return list(zip(ids, similarities[places].tolist(), strict=True))


def best_places(similarities: Vectors, limit: int) -> list[int]:
    """The places of the largest numbers, best first, and of equal ones the first."""
    near = np.arange(len(similarities))
    if limit < len(similarities):
        near = np.flatnonzero(similarities >= np.partition(similarities, -limit)[-limit])
    order = np.argsort(-similarities[near], kind="stable")[:limit]
    return [int(place) for place in near[order]]


def as_units(vectors: Vectors) -> Vectors:
    """The vectors with length one; zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True) if len(vectors) else np.ones((0, 1))
    units: Vectors = (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return units


def write_units(folder: Path, chunks: Sequence[StoredChunk], vectors: Vectors) -> None:
    """Write chunks, those of a document one behind the other, and their vectors; equal ones give equal bytes."""
    order = sorted(range(len(chunks)), key=lambda row: chunks[row].document_id)
    documents = [chunks[row].document_id for row in order]
    starts = [row for row, one in enumerate(documents) if not row or one != documents[row - 1]]
    spans = [(documents[start], start, end) for start, end in zip(starts, [*starts[1:], len(order)], strict=True)]
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / UNITS, as_units(vectors.astype(np.float32))[order], allow_pickle=False)
    np.save(folder / IDS, np.array([chunks[row].id.encode() for row in order], dtype=np.bytes_), allow_pickle=False)
    (folder / SPANS).write_text(json.dumps(spans), encoding="utf-8")
