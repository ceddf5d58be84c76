"""Chroma, in a folder or as a server: the only file that imports chromadb.

Vectors are passed in: Chroma never embeds, and its telemetry is off. An edition is a collection. Chroma takes a second
to load, which only what reads vectors has to wait for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import EditionDamaged, StoreAway, say

SERVER_SECONDS = 10.0  # longest time for one request to a server; Chroma itself would wait for ever
BATCH = 2000
DIGEST = "digest"  # of the text that a vector is of
PAGE = 5_000  # each chunk is a variable of SQLite's query, and its numbers are Python's for a moment
LEAST_INDEXED = 100  # an index of fewer has room for 100, which hnswlib writes as the process had it in memory
# Written out while the edition is built (sync_threshold), or every later reader would rewrite the neighbour files.
NEIGHBOURS = {
    "space": "cosine", "ef_construction": 100, "ef_search": 200, "max_neighbors": 16, "num_threads": 1,
    "batch_size": 2, "sync_threshold": 2,
}  # fmt: skip
FILLING = "~"  # begins the ids of vectors that fill an index


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

    def add(self, ids: Sequence[str], digests: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store vectors of shape (len(ids), d) with the digests of their texts; the room of an index is filled up."""
        if 0 < len(ids) < LEAST_INDEXED:
            filling = [f"{FILLING}{number}" for number in range(LEAST_INDEXED - len(ids))]
            ids, digests = [*ids, *filling], [*digests, *filling]
            vectors = np.concatenate([vectors, np.zeros((len(filling), vectors.shape[1]), dtype=np.float32)])
        for start in range(0, len(ids), BATCH):
            part = slice(start, start + BATCH)
            noted: Any = [{DIGEST: digest} for digest in digests[part]]
            self._collection.add(ids=list(ids[part]), embeddings=vectors[part], metadatas=noted)

    def contents(self) -> tuple[list[str], list[str], NDArray[np.float32]]:
        """The ids, digests and vectors of all chunks."""
        ids, digests, vectors = list[str](), list[str](), list[NDArray[np.float32]]()
        for page in self._pages(["metadatas", "embeddings"]):
            rows = [row for row, name in enumerate(page["ids"]) if not name.startswith(FILLING)]
            ids += (str(page["ids"][row]) for row in rows)
            digests += (str((page["metadatas"][row] or {}).get(DIGEST, "")) for row in rows)
            vectors += [np.asarray(page["embeddings"], dtype=np.float32)[rows]] if rows else []
        return ids, digests, np.concatenate(vectors) if vectors else np.zeros((0, 1), dtype=np.float32)

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
        try:
            return chromadb.PersistentClient(str(place), settings=settings)
        except Exception:
            from chromadb.api.shared_system_client import SharedSystemClient

            SharedSystemClient._identifier_to_system.pop(str(place), None)  # or the next attempt gets what failed
            raise
    parts = urlsplit(place)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 8000)
    try:
        httpx.get(f"{parts.scheme}://{host}:{port}/api/v2/heartbeat", timeout=SERVER_SECONDS)  # Chroma waits for ever
        client = chromadb.HttpClient(host, port, ssl=parts.scheme == "https", settings=settings)
    except Exception as error:  # of many kinds, each with the address and its password in its words
        raise StoreAway(say("store.no_server", error=type(error).__name__)) from error
    if (session := getattr(getattr(client, "_server", None), "_session", None)) is not None:
        session.timeout = SERVER_SECONDS
    return client
