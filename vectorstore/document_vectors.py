"""Exact search within some documents whose vectors lie on a server, or in an edition of an earlier version.

They are fetched when first asked for, and kept: the vectors of an edition never change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from threading import Lock

import numpy as np

from vectorstore.chunk_store import StoredChunk, Vectors
from vectorstore.unit_vectors import as_units, best_places

Fetch = Callable[[Sequence[str]], tuple[list[StoredChunk], Vectors]]


class DocumentVectors:
    """Vectors by document, of length one; may be shared between threads. `fetch` gives those of some documents."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._lock = Lock()
        self._kept: dict[str, tuple[list[str], Vectors]] = {}

    def search(self, vector: Vectors, limit: int, documents: Collection[str]) -> list[tuple[str, float]]:
        """The nearest chunks of these documents as (id, cosine similarity), best first; `vector` is not zero."""
        parts = self._of(sorted(documents))
        ids = [chunk for chunks, _ in parts for chunk in chunks]
        if not ids:
            return []
        unit = (vector / np.linalg.norm(vector)).astype(np.float32)
        similarities = np.concatenate([rows @ unit for _, rows in parts])
        return [(ids[row], float(similarities[row])) for row in best_places(similarities, limit)]

    def _of(self, documents: Sequence[str]) -> list[tuple[list[str], Vectors]]:
        with self._lock:
            missing = [one for one in documents if one not in self._kept]
            if missing:
                self._keep(missing)
            return [self._kept[one] for one in documents if self._kept[one][0]]

    def _keep(self, documents: Sequence[str]) -> None:
        chunks, vectors = self._fetch(documents)
        units = as_units(vectors)
        rows: dict[str, list[int]] = defaultdict(list)
        for row, chunk in enumerate(chunks):
            rows[chunk.document_id].append(row)
        for one in documents:
            self._kept[one] = ([chunks[row].id for row in rows[one]], units[rows[one]])
