"""Chroma, in a folder or as a server: the only file that imports chromadb.

Vectors are passed in: Chroma never embeds, and its telemetry is off. An edition is a collection. Chroma takes a second
to load, which only what asks it has to wait for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import EditionDamaged, StoreAway, say

SERVER_SECONDS = 10.0  # longest time for one request to a server; Chroma itself would wait for ever
BATCH = 2000
PAGE = 20_000
# Written out while the edition is built (sync_threshold), or every later reader would rewrite the neighbour files.
NEIGHBOURS = {
    "space": "cosine",
    "ef_construction": 100,
    "ef_search": 200,
    "max_neighbors": 16,
    "num_threads": 1,
    "batch_size": 2,
    "sync_threshold": 2,
}


class ChromaIndex:
    """One collection, in a folder or on the server at a URL."""

    def __init__(self, client: Any, collection: Any) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def create(cls, place: Path | str, name: str) -> ChromaIndex:
        """An empty collection of this name; raises StoreAway."""
        client = _client(place)
        configuration: Any = {"hnsw": NEIGHBOURS}
        return cls(client, client.create_collection(name, embedding_function=None, configuration=configuration))

    @classmethod
    def open(cls, place: Path | str, name: str) -> ChromaIndex:
        """The collection that was created there; raises EditionDamaged where there is none, StoreAway."""
        if isinstance(place, Path) and not (place / "chroma.sqlite3").is_file():
            raise EditionDamaged(say("store.no_vectors", place=place))
        client = _client(place)
        try:
            return cls(client, client.get_collection(name, embedding_function=None))
        except Exception as error:
            cls(client, None).close()
            if _is_missing(error):
                raise EditionDamaged(say("store.no_collection", name=name)) from error
            raise

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store vectors of shape (len(ids), d)."""
        for start in range(0, len(ids), BATCH):
            part = slice(start, start + BATCH)
            self._collection.add(ids=list(ids[part]), embeddings=vectors[part])

    def rename(self, name: str) -> None:
        """Give the collection another name, that none has yet."""
        self._collection.modify(name=name)

    def search(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """The nearest chunks as (id, cosine similarity), best first; `vector` has shape (d,)."""
        found = self._collection.query(
            query_embeddings=[vector.astype(np.float32)], n_results=limit, include=["distances"]
        )
        return [(chunk, 1.0 - away) for chunk, away in zip(found["ids"][0], found["distances"][0], strict=True)]

    def ids(self) -> set[str]:
        """The ids of all chunks."""
        return {str(one) for page in self._pages([]) for one in page["ids"]}

    def contents(self) -> tuple[list[str], list[str], NDArray[np.float32]]:
        """The ids, documents and vectors of an edition of 0.2, which kept them nowhere else."""
        pages = list(self._pages(["metadatas", "embeddings"]))
        owners = [str(one["document_id"]) for page in pages for one in page["metadatas"]]
        vectors = [np.asarray(page["embeddings"], dtype=np.float32) for page in pages if page["ids"]]
        ids = [str(one) for page in pages for one in page["ids"]]
        return ids, owners, np.concatenate(vectors) if vectors else np.zeros((0, 1), dtype=np.float32)

    def _pages(self, include: list[str]) -> Iterator[Any]:
        """All that Chroma holds, in parts: each chunk is a variable of SQLite's query."""
        for offset in count(0, PAGE):
            yield (page := self._collection.get(limit=PAGE, offset=offset, include=include))
            if len(page["ids"]) < PAGE:
                return

    def close(self) -> None:
        """Let go of files and connections, which Chroma's own `close` leaves open towards a server."""
        owners = [self._client, getattr(self._client, "_admin_client", None)]
        sessions = [getattr(getattr(owner, "_server", None), "_session", None) for owner in owners]
        self._client.close()
        for session in sessions:
            if session is not None:
                session.close()


def drop_collection(name: str, url: str) -> None:
    """Remove a collection from a server; one that is not there is fine."""
    client = _client(url)
    try:
        client.delete_collection(name)
    except Exception as error:
        if not _is_missing(error):
            raise
    finally:
        ChromaIndex(client, None).close()


def _is_missing(error: Exception) -> bool:
    from chromadb.errors import NotFoundError

    return isinstance(error, NotFoundError)


def _client(place: Path | str) -> Any:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if isinstance(place, Path):
        return chromadb.PersistentClient(str(place), settings=settings)
    parts = urlsplit(place)
    port = parts.port or (443 if parts.scheme == "https" else 8000)
    try:
        client = chromadb.HttpClient(parts.hostname or "", port, ssl=parts.scheme == "https", settings=settings)
    except Exception as error:  # of many kinds, each with the address and its password in its words
        raise StoreAway(say("store.no_server", error=type(error).__name__)) from error
    if (session := getattr(getattr(client, "_server", None), "_session", None)) is not None:
        session.timeout = SERVER_SECONDS
    return client
