"""Chroma, in a folder or as a server: the only file that imports chromadb.

Vectors are passed in: Chroma never embeds, and its telemetry is off. An edition is a collection. Chroma takes a second
to load, which only what asks it has to wait for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import EditionDamaged, StoreAway, say

SERVER_SECONDS = 10.0  # longest time for one request to a server; Chroma itself would wait for ever
BATCH = 2000
PAGE = 20_000  # each chunk is a variable of SQLite's query
# Written out while the edition is built (sync_threshold), or every later reader would rewrite the neighbour files.
NEIGHBOURS = {
    "space": "cosine", "ef_construction": 100, "ef_search": 200, "max_neighbors": 16, "num_threads": 1,
    "batch_size": 2, "sync_threshold": 2,
}  # fmt: skip


class ChromaIndex:
    """One collection, in a folder or on the server at a URL; a `new` one is empty.

    Raises EditionDamaged where there is none, StoreAway.
    """

    def __init__(self, place: Path | str, name: str, *, new: bool = False) -> None:
        if isinstance(place, Path) and not new and not (place / "chroma.sqlite3").is_file():
            raise EditionDamaged(say("store.no_vectors", place=place))
        self._client = _client(place)
        configuration: Any = {"hnsw": NEIGHBOURS}
        try:
            if new:
                made = self._client.create_collection(name, embedding_function=None, configuration=configuration)
            self._collection = made if new else self._client.get_collection(name, embedding_function=None)
        except Exception as error:
            from chromadb.errors import NotFoundError

            self.close()
            if isinstance(error, NotFoundError):
                raise EditionDamaged(say("store.no_collection", name=name)) from error
            raise

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store vectors of shape (len(ids), d)."""
        for start in range(0, len(ids), BATCH):
            part = slice(start, start + BATCH)
            self._collection.add(ids=list(ids[part]), embeddings=vectors[part])

    def search(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """The nearest chunks as (id, cosine similarity), best first; `vector` has shape (d,)."""
        asked = [vector.astype(np.float32)]
        found = self._collection.query(query_embeddings=asked, n_results=limit, include=["distances"])
        return [(chunk, 1.0 - away) for chunk, away in zip(found["ids"][0], found["distances"][0], strict=True)]

    def ids(self) -> set[str]:
        """The ids of all chunks."""
        return {str(one) for page in self._pages([]) for one in page["ids"]}

    def contents(self) -> tuple[list[str], list[str], NDArray[np.float32]]:
        """The ids, documents and vectors of an edition of an early version, which kept them nowhere else."""
        pages = [page for page in self._pages(["metadatas", "embeddings"]) if page["ids"]]
        owners = [str(one["document_id"]) for page in pages for one in page["metadatas"]]
        vectors = [np.zeros((0, 1), dtype=np.float32), *(np.asarray(page["embeddings"]) for page in pages)]
        ids = [str(one) for page in pages for one in page["ids"]]
        return ids, owners, np.concatenate(vectors[1:] or vectors).astype(np.float32)

    def _pages(self, include: list[str]) -> Iterator[Any]:
        for offset in count(0, PAGE):
            yield (page := self._collection.get(limit=PAGE, offset=offset, include=include))
            if len(page["ids"]) < PAGE:
                return

    def drop(self) -> None:
        """Remove the collection."""
        self._client.delete_collection(self._collection.name)

    def close(self) -> None:
        """Let go of files and connections, which Chroma's own `close` leaves open towards a server."""
        owners = [self._client, getattr(self._client, "_admin_client", None)]
        sessions = [getattr(getattr(owner, "_server", None), "_session", None) for owner in owners]
        self._client.close()
        for session in sessions:
            if session is not None:
                session.close()


def drop_collection(name: str, url: str) -> None:
    """Remove a collection from a server; one that is not there is fine. Raises StoreAway."""
    with suppress(EditionDamaged), closing(ChromaIndex(url, name)) as index:
        index.drop()


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
