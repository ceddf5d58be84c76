"""The vectors of a Chroma server, kept beside as a file of the edition: answers go on while the server is away.

The file is also what a lost collection is made anew from.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import numpy as np

from vectorstore.chunk_store import ChunkStore, MemoryChunkStore, StoredChunk, Vectors
from vectorstore.errors import StoreAway, StoreError

RETRY_SECONDS = 5.0
log = logging.getLogger("strategielotse")


class KeptVectors:
    """A `ChunkStore` on a server with a copy in memory, which is searched while the server is away; safe for threads.

    Searching never fails for the server's sake; adding and reading back do, with StoreAway or what `connect` raises.
    """

    def __init__(self, path: Path, connect: Callable[[], ChunkStore]) -> None:
        self._path = path
        self._connect = connect
        self._lock = Lock()
        self._server: ChunkStore | None = None
        self._away_until = 0.0
        self._copy = MemoryChunkStore()
        if path.is_file():
            self._copy.add(*read_vectors(path))

    def add(self, chunks: Sequence[StoredChunk], vectors: Vectors) -> None:
        """See `ChunkStore.add`; raises StoreAway."""
        self._copy.add(chunks, vectors)
        with _told():
            self._on_server().add(chunks, vectors)
        write_vectors(self._path, *self._copy.contents())

    def search(self, vector: Vectors, limit: int, documents: Collection[str] | None = None) -> list[tuple[str, float]]:
        """See `ChunkStore.search`."""
        if time.monotonic() >= self._away_until:
            try:
                return self._on_server().search(vector, limit, documents)
            except Exception as error:  # Chroma's, its client's, the network's: all mean that it does not answer
                self._away_until = time.monotonic() + RETRY_SECONDS
                log.warning("Der Chroma-Server antwortet nicht (%s); gesucht wird in der Kopie", type(error).__name__)
        return self._copy.search(vector, limit, documents)

    def contents(self) -> tuple[list[StoredChunk], Vectors]:
        """See `ChunkStore.contents`: what the server holds; raises EditionDamaged, StoreAway."""
        with _told():
            return self._on_server().contents()

    def close(self) -> None:
        """See `ChunkStore.close`."""
        with self._lock:
            if self._server is not None:
                self._server.close()

    def _on_server(self) -> ChunkStore:
        with self._lock:
            if self._server is None:
                self._server = self._connect()
            return self._server


@contextmanager
def _told() -> Iterator[None]:
    """Turn whatever a server that is away makes fail into StoreAway."""
    try:
        yield
    except (StoreError, ValueError):
        raise
    except Exception as error:
        raise StoreAway(f"Der Chroma-Server ist nicht erreichbar ({type(error).__name__}).") from error


def write_vectors(path: Path, chunks: Sequence[StoredChunk], vectors: Vectors) -> None:
    """Write chunks and their vectors into one file; equal ones give equal bytes."""
    columns = {name: np.array([getattr(one, name) for one in chunks], dtype=np.str_) for name in StoredChunk.__slots__}
    np.savez(path, vectors=vectors, allow_pickle=False, **columns)


def read_vectors(path: Path) -> tuple[list[StoredChunk], Vectors]:
    """What `write_vectors` wrote; raises OSError, ValueError."""
    with np.load(path, allow_pickle=False) as arrays:
        columns = [arrays[name].tolist() for name in StoredChunk.__slots__]
        return [StoredChunk(*row) for row in zip(*columns, strict=True)], arrays["vectors"]
