"""Chroma collections, in a folder or on a server; the only file that imports chromadb.

An edition is a collection. Vectors are passed in: Chroma never embeds, and its telemetry is off. It
is imported late, as that takes a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx2 as httpx
import numpy as np

from vectorstore.embeddings import Vectors
from vectorstore.storage import EditionDamaged, StoreError, StoreUnavailable, say

SERVER_SECONDS = 10.0  # timeout of a request to a server; Chroma itself has none
DIGEST = "digest"  # metadata key: the digest of the embedded text
# chunks that are written or read in one call: each is a variable of an SQLite query, and takes
# memory as Python floats
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


class StoredVectors(NamedTuple):
    """The contents of a collection: ids, digests of texts and unit vectors, shape (n, d)."""

    ids: Sequence[str]
    digests: Sequence[str]
    vectors: Vectors


def write_collection(location: Path | str, name: str, stored: StoredVectors) -> None:
    """Store vectors in a new collection, in a folder (Path) or on the server at a URL (str).

    Fewer than `LEAST_INDEXED` vectors are filled up with zero vectors, whose ids begin with
    `FILLING`: the index would write uninitialized memory in their place.
    """
    ids, digests, vectors = stored
    if 0 < len(ids) < LEAST_INDEXED:
        filling = [f"{FILLING}{number}" for number in range(LEAST_INDEXED - len(ids))]
        ids, digests = [*ids, *filling], [*digests, *filling]
        zeros = np.zeros((len(filling), vectors.shape[1]), dtype=np.float32)
        vectors = np.concatenate([vectors, zeros])
    with open_client(location) as client:
        collection = client.create_collection(
            name, embedding_function=None, configuration={"hnsw": HNSW_SETTINGS}
        )
        for start in range(0, len(ids), PAGE):
            rows = slice(start, start + PAGE)
            metadata = [{DIGEST: digest} for digest in digests[rows]]
            collection.add(ids=list(ids[rows]), embeddings=vectors[rows], metadatas=metadata)


@contextmanager
def translate_chroma_errors() -> Iterator[None]:
    """Turn any error that is no StoreError into StoreUnavailable."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        raise StoreUnavailable(say("store.no_chroma", error=type(error).__name__)) from error


@translate_chroma_errors()
def read_collection(location: Path | str, name: str) -> StoredVectors:
    """The contents of a collection, without the vectors that only fill up its index.

    Raises EditionDamaged if it does not exist, StoreUnavailable if it cannot be read. A folder is
    looked at first, as Chroma would create a missing database.
    """
    if isinstance(location, Path) and not (location / "chroma.sqlite3").is_file():
        raise EditionDamaged(say("store.no_vectors", place=location))
    from chromadb.errors import NotFoundError

    ids, digests, parts = list[str](), list[str](), [np.zeros((0, 1), dtype=np.float32)]
    with open_client(location) as client:
        try:
            collection = client.get_collection(name, embedding_function=None)
        except NotFoundError as error:
            raise EditionDamaged(say("store.no_collection", name=name)) from error
        for page in _pages(collection):
            # the rows of chunks, without those that only fill up the index
            page_ids = list(map(str, page["ids"]))
            rows = [row for row, id_ in enumerate(page_ids) if not id_.startswith(FILLING)]
            ids += (page_ids[row] for row in rows)
            digests += (str((page["metadatas"][row] or {}).get(DIGEST, "")) for row in rows)
            if rows:
                parts.append(np.asarray(page["embeddings"], dtype=np.float32)[rows])
    # the first part is empty: NumPy cannot concatenate none
    return StoredVectors(ids, digests, np.concatenate(parts[1:] or parts))


def _pages(collection: Any) -> Iterator[Any]:
    """All of a collection as replies of Chroma, each of at most `PAGE` chunks.

    A reply that is not full is the last one; it may be empty.
    """
    for offset in count(0, PAGE):
        page = collection.get(limit=PAGE, offset=offset, include=["metadatas", "embeddings"])
        yield page
        if len(page["ids"]) < PAGE:
            return


@translate_chroma_errors()
def drop_collection(name: str, url: str) -> None:
    """Remove a collection from a server if it exists; raises StoreUnavailable."""
    from chromadb.errors import NotFoundError

    with open_client(url) as client, suppress(NotFoundError):
        client.delete_collection(name)


@contextmanager
def open_client(location: Path | str) -> Iterator[Any]:
    """A Chroma client for a folder or for the server at a URL, closed at the end of the block.

    Chroma's own `close` leaves HTTP sessions with a server open; they are closed after it. Raises
    StoreUnavailable if the server does not answer.
    """
    client = _client(location)
    try:
        yield client
    finally:
        admin_client = getattr(client, "_admin_client", None)
        sessions = [_http_session(client), _http_session(admin_client)]
        client.close()
        for session in sessions:
            if session is not None:
                session.close()


def _client(location: Path | str) -> Any:
    """A Chroma client for a folder or for the server at a URL; raises StoreUnavailable if the
    server does not answer.

    Chroma's own requests have no timeout. So a server is first asked by a request that has one, and
    then the client's HTTP session gets the same timeout. The default port is 443 for https and 8000
    for http.
    """
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
