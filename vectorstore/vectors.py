"""The vectors of an edition in its folder: each of length one, those of a document one behind the other.

They are what is searched within some documents, and where Chroma does not answer; its index is made from them. A query
of Chroma's with a filter compares every chunk's document with it, and is slower than comparing all vectors.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
UNITS, IDS, SPANS = FILES = ("units.npy", "ids.npy", "documents.json")
Spans = dict[str, tuple[int, int]]


class ExactVectors:
    """Vectors with the ids of their chunks, and the rows of each document; may be shared between threads."""

    def __init__(self, units: Vectors, ids: NDArray[np.bytes_], spans: Spans) -> None:
        self.units, self._ids, self._spans = units, ids, spans
        if len(units) != len(ids) or any(end > len(ids) for _, end in spans.values()):
            raise ValueError(f"{len(units)} vectors of {len(ids)} chunks")

    def __len__(self) -> int:
        return len(self._ids)

    @classmethod
    def of(cls, ids: Sequence[str], documents: Sequence[str], vectors: Vectors) -> ExactVectors:
        """Vectors of shape (n, d) with the chunks and documents that they are of, in any order."""
        order = sorted(range(len(ids)), key=lambda row: documents[row])
        owners = [documents[row] for row in order]
        starts = [row for row, one in enumerate(owners) if not row or one != owners[row - 1]]
        ends = [*starts[1:], len(order)]
        spans = {owners[start]: (start, end) for start, end in zip(starts, ends, strict=False)}
        return cls(as_units(vectors)[order], np.array([ids[row].encode() for row in order], dtype=np.bytes_), spans)

    @classmethod
    def load(cls, folder: Path) -> ExactVectors:
        """What `save` wrote, read where it is needed; raises OSError, ValueError where files are missing or broken."""
        units, ids = (np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in (UNITS, IDS))
        spans = json.loads((folder / SPANS).read_text(encoding="utf-8"))
        return cls(np.asarray(units), ids, {one: (start, end) for one, start, end in spans})

    def save(self, folder: Path) -> None:
        """Write all into a folder, which is created; equal vectors give equal bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / UNITS, self.units, allow_pickle=False)
        np.save(folder / IDS, self._ids, allow_pickle=False)
        spans = [(one, start, end) for one, (start, end) in self._spans.items()]
        (folder / SPANS).write_text(json.dumps(spans), encoding="utf-8")

    def close(self) -> None:
        """Let go of the files; afterwards nothing is found."""
        self.units, self._ids, self._spans = np.zeros((0, 1), dtype=np.float32), np.zeros(0, dtype=np.bytes_), {}

    def ids(self) -> list[str]:
        """The ids of the chunks, in the order of `units`."""
        return [one.decode() for one in self._ids.tolist()]

    def search(self, vector: Vectors, limit: int, documents: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The nearest chunks, of these documents where given, as (id, cosine similarity -1..1), best first.

        `vector` has shape (d,) and is not zero.
        """
        wanted = self._spans if documents is None else sorted(self._spans.keys() & documents)
        spans = [self._spans[one] for one in wanted]
        if not spans:
            return []
        unit = (vector / np.linalg.norm(vector)).astype(np.float32)
        similarities = np.concatenate([self.units[start:end] @ unit for start, end in spans])
        rows = np.concatenate([np.arange(start, end) for start, end in spans])
        places = _best(similarities, limit)
        ids = [one.decode() for one in self._ids[rows[places]].tolist()]
        return list(zip(ids, similarities[places].tolist(), strict=True))


def _best(similarities: Vectors, limit: int) -> NDArray[np.intp]:
    """The places of the largest numbers, best first, and of equal ones the first."""
    near = np.arange(len(similarities))
    if limit < len(similarities):
        near = np.flatnonzero(similarities >= np.partition(similarities, -limit)[-limit])
    return near[np.argsort(-similarities[near], kind="stable")[:limit]]


def as_units(vectors: Vectors) -> Vectors:
    """Vectors of shape (n, d) with length one; zeros stay. Raises ValueError for a number that is not finite."""
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a number that is not finite")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True) if len(vectors) else np.ones((0, 1))
    units: Vectors = (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return units
