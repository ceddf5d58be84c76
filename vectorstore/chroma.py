"""Chroma collections, in a folder or on a server; the only file that imports chromadb.

An edition is a collection. Vectors are passed in: Chroma never embeds, and its telemetry is off. It
is imported late, as that takes a second.
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

from vectorstore.errors import EditionDamaged, StoreUnavailable, say

SERVER_SECONDS = 10.0  # timeout of a request to a server; Chroma itself has none
BATCH = 5000  # vectors that are added in one call
DIGEST = "digest"  # metadata key: the digest of the embedded text
# chunks read in one call: each is a variable of an SQLite query, and takes memory as Python floats
PAGE = 5_000
# an index of fewer is filled up: hnswlib allocates 100 and would write uninitialized memory
LEAST_INDEXED = 100
# The index is never searched (docs/decisions/016), so it is as small as Chroma makes one.
# sync_threshold: files of the index are written while the edition is built, or each later reader
# would rewrite them.
HNSW_SETTINGS = {
    "space": "cosine",
    "ef_construction": 4,
    "max_neighbors": 2,
    "num_threads": 1,
    "batch_size": 2,
    "sync_threshold": 2,
}
FILLING = "~"  # prefix of the ids of vectors that only fill up an index


class ChromaIndex:
    """One collection, in a folder (Path) or on the server at a URL (str); a `new` one is created
    empty.

    Raises EditionDamaged if the collection does not exist, StoreUnavailable.
    """

    def __init__(self, location: Path | str, name: str, *, new: bool = False) -> None:
        if isinstance(location, Path) and not new and not (location / "chroma.sqlite3").is_file():
            raise EditionDamaged(say("store.no_vectors", place=location))
        self._client = _client(location)
        configuration: Any = {"hnsw": HNSW_SETTINGS}
        try:
            if new:
                collection = self._client.create_collection(
                    name, embedding_function=None, configuration=configuration
                )
            else:
                collection = self._client.get_collection(name, embedding_function=None)
            self._collection = collection
        except Exception as error:
            from chromadb.errors import NotFoundError

            self.close()
            if isinstance(error, NotFoundError):
                raise EditionDamaged(say("store.no_collection", name=name)) from error
            raise

    def add(self, ids: Sequence[str], digests: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store vectors, shape (len(ids), d), with the digests of their texts.

        Fewer than `LEAST_INDEXED` vectors are filled up with zero vectors, whose ids begin with
        `FILLING`.
        """
        if 0 < len(ids) < LEAST_INDEXED:
            filling = [f"{FILLING}{number}" for number in range(LEAST_INDEXED - len(ids))]
            ids, digests = [*ids, *filling], [*digests, *filling]
            vectors = np.concatenate(
                [vectors, np.zeros((len(filling), vectors.shape[1]), dtype=np.float32)]
            )
        for start in range(0, len(ids), BATCH):
            batch = slice(start, start + BATCH)
            metadata: Any = [{DIGEST: digest} for digest in digests[batch]]
            self._collection.add(
                ids=list(ids[batch]), embeddings=vectors[batch], metadatas=metadata
            )

    def contents(self) -> tuple[list[str], list[str], NDArray[np.float32]]:
        """The ids, text digests and vectors, shape (n, d), of all chunks."""
        ids, digests, vectors = list[str](), list[str](), list[NDArray[np.float32]]()
        for page in self._pages(["metadatas", "embeddings"]):
            # the rows of chunks, without those that only fill up the index
            rows = [row for row, name in enumerate(page["ids"]) if not name.startswith(FILLING)]
            ids += (str(page["ids"][row]) for row in rows)
            digests += (str((page["metadatas"][row] or {}).get(DIGEST, "")) for row in rows)
            if rows:
                vectors.append(np.asarray(page["embeddings"], dtype=np.float32)[rows])
        if not vectors:
            return ids, digests, np.zeros((0, 1), dtype=np.float32)
        return ids, digests, np.concatenate(vectors)

    def _pages(self, include: list[str]) -> Iterator[Any]:
        """All of the collection as replies of Chroma, each about up to `PAGE` chunks.

        A reply has the ids of the chunks, and what `include` names.
        """
        for offset in count(0, PAGE):
            page = self._collection.get(limit=PAGE, offset=offset, include=include)
            yield page
            if len(page["ids"]) < PAGE:
                return

    def drop(self) -> None:
        """Remove the collection."""
        self._client.delete_collection(self._collection.name)

    def close(self) -> None:
        """Close files and connections; Chroma's own `close` leaves HTTP sessions with a server
        open.
        """
        admin_client = getattr(self._client, "_admin_client", None)
        sessions = [_http_session(self._client), _http_session(admin_client)]
        self._client.close()
        for session in sessions:
            if session is not None:
                session.close()


def drop_collection(name: str, url: str) -> None:
    """Remove a collection from a server if it exists; raises StoreUnavailable."""
    with suppress(EditionDamaged), closing(ChromaIndex(url, name)) as index:
        index.drop()


def _client(location: Path | str) -> Any:
    """A Chroma client for a folder or for the server at a URL."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if isinstance(location, Path):
        try:
            return chromadb.PersistentClient(str(location), settings=settings)
        except Exception:
            from chromadb.api.shared_system_client import SharedSystemClient

            # Else the next attempt gets the failed system.
            SharedSystemClient._identifier_to_system.pop(str(location), None)
            raise
    parts = urlsplit(location)
    is_encrypted = parts.scheme == "https"
    default_port = 443 if is_encrypted else 8000
    host, port = parts.hostname or "", parts.port or default_port
    try:
        # Chroma has no timeout
        httpx.get(f"{parts.scheme}://{host}:{port}/api/v2/heartbeat", timeout=SERVER_SECONDS)
        client = chromadb.HttpClient(host, port, ssl=is_encrypted, settings=settings)
    except Exception as error:  # of many kinds; messages have the URL with its password
        raise StoreUnavailable(say("store.no_server", error=type(error).__name__)) from error
    session = _http_session(client)
    if session is not None:
        session.timeout = SERVER_SECONDS
    return client


def _http_session(client: Any) -> Any:
    """The HTTP session of a Chroma client; None for that of a folder."""
    return getattr(getattr(client, "_server", None), "_session", None)
