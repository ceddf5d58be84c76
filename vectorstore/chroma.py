"""Chroma, embedded or as a server: the only file that imports chromadb.

Vectors are passed in: Chroma never embeds, and its telemetry is off. Embedded, an edition's folder holds its own
database, which readers open as a private copy; on a server every edition is a collection.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from chromadb.errors import DuplicateIDError, NotFoundError

from vectorstore.chunk_store import StoredChunk, Vectors, check_rows
from vectorstore.document_vectors import DocumentVectors
from vectorstore.errors import EditionDamaged, StoreAway
from vectorstore.neighbour_files import blank_unused
from vectorstore.reading_copy import ReadingCopy
from vectorstore.unit_vectors import UnitVectors

COLLECTION = "chunks"
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


class ChromaChunkStore:
    """A `ChunkStore` in one Chroma collection."""

    def __init__(
        self,
        client: ClientAPI,
        collection: Any,
        *,
        made: Path | None = None,
        copy: ReadingCopy | None = None,
        exact: UnitVectors | None = None,
    ) -> None:
        self._client: ClientAPI | None = client
        self._collection = collection
        self._made = made
        self._copy = copy
        self._by_document: UnitVectors | DocumentVectors = exact or DocumentVectors(self._fetched)

    @classmethod
    def create(cls, folder: Path | None, name: str = COLLECTION, url: str | None = None) -> ChromaChunkStore:
        """An empty store in a folder, or in a new collection `name` on the server at `url`."""
        client = _client(folder, url)
        configuration: Any = {"hnsw": NEIGHBOURS}
        collection = client.create_collection(name, embedding_function=None, configuration=configuration)
        return cls(client, collection, made=folder if url is None else None)

    @classmethod
    def open(
        cls,
        folder: Path | None,
        name: str = COLLECTION,
        url: str | None = None,
        exact: UnitVectors | None = None,
    ) -> ChromaChunkStore:
        """The store that was created there, to be read; raises EditionDamaged where there is none.

        Embedded, a private copy is opened: nothing in `folder` changes. Raises NoSpace where there is none for it.
        `exact` searches within some documents; without it their vectors are fetched.
        """
        copy = _copy_of(folder) if folder is not None and url is None else None
        client = _client(copy.folder if copy else folder, url)
        try:
            return cls(client, client.get_collection(name, embedding_function=None), copy=copy, exact=exact)
        except NotFoundError as error:
            cls(client, None, copy=copy).close()
            raise EditionDamaged(f"Der Vektorspeicher {name} fehlt. 'strategielotse ingest' baut ihn neu.") from error

    def add(self, chunks: Sequence[StoredChunk], vectors: Vectors) -> None:
        """See `ChunkStore.add`."""
        check_rows(chunks, vectors)
        starts = range(0, len(chunks), BATCH)
        if any(self._holds(chunks[start : start + BATCH]) for start in starts):
            raise ValueError("a chunk id is already stored")
        for start in starts:
            part = chunks[start : start + BATCH]
            metadatas = [{"document_id": one.document_id, "key": one.key, "digest": one.digest} for one in part]
            rows = vectors[start : start + BATCH].astype(np.float32)
            try:
                self._collection.add(ids=[one.id for one in part], embeddings=rows, metadatas=metadatas)
            except (chromadb.errors.InvalidArgumentError, DuplicateIDError) as error:
                raise ValueError(str(error)) from error
        self._by_document = DocumentVectors(self._fetched)

    def rename(self, name: str) -> None:
        """Give the collection another name, that none has yet."""
        self._collection.modify(name=name)

    def _holds(self, chunks: Sequence[StoredChunk]) -> bool:
        """Whether any of these is stored; they must be few: each is a variable of SQLite's query."""
        return bool(self._collection.get(ids=[chunk.id for chunk in chunks], include=[])["ids"])

    def search(self, vector: Vectors, limit: int, documents: Collection[str] | None = None) -> list[tuple[str, float]]:
        """See `ChunkStore.search`."""
        if limit < 1 or (documents is not None and not documents) or not np.any(vector):
            return []
        if documents is not None:
            return self._by_document.search(vector, limit, documents)
        found = self._collection.query(
            query_embeddings=[vector.astype(np.float32)], n_results=limit, include=["distances"]
        )
        return [(chunk, 1.0 - away) for chunk, away in zip(found["ids"][0], found["distances"][0], strict=True)]

    def contents(self) -> tuple[list[StoredChunk], Vectors]:
        """See `ChunkStore.contents`."""
        return self._fetched(None)

    def _fetched(self, documents: Sequence[str] | None) -> tuple[list[StoredChunk], Vectors]:
        """The chunks of some documents, or of all, with their vectors."""
        pages = list(self._pages(documents))
        chunks = [
            StoredChunk(str(chunk), str(data["document_id"]), str(data["key"]), str(data["digest"]))
            for page in pages
            for chunk, data in zip(page["ids"], page["metadatas"], strict=True)
        ]
        vectors = [np.asarray(page["embeddings"], dtype=np.float32) for page in pages if page["ids"]]
        return chunks, np.concatenate(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)

    def _pages(self, documents: Sequence[str] | None) -> Iterator[Any]:
        """What Chroma holds of some documents, or of all, in parts: each chunk is a variable of SQLite's query."""
        where: Any = None if documents is None else {"document_id": {"$in": list(documents)}}
        include: Any = ["metadatas", "embeddings"]
        for offset in count(0, PAGE):
            page = self._collection.get(where=where, limit=PAGE, offset=offset, include=include)
            yield page
            if len(page["ids"]) < PAGE:
                return

    def close(self) -> None:
        """See `ChunkStore.close`."""
        if self._client is not None:
            _close(self._client)
            self._client = None
            if self._made is not None:
                blank_unused(self._made)
        if self._copy is not None:
            self._copy.remove()
        if isinstance(self._by_document, UnitVectors):
            self._by_document.close()


def _copy_of(folder: Path) -> ReadingCopy:
    if not (folder / "chroma.sqlite3").is_file():
        raise EditionDamaged(f"Unter {folder} liegt kein Vektorspeicher. 'strategielotse ingest' baut ihn neu.")
    return ReadingCopy(folder)


def drop_collection(name: str, url: str) -> None:
    """Remove an edition's collection from a server; one that is not there is fine."""
    client = _client(None, url)
    try:
        client.delete_collection(name)
    except NotFoundError:
        pass
    finally:
        _close(client)


def _client(folder: Path | None, url: str | None) -> ClientAPI:
    settings = Settings(anonymized_telemetry=False)
    if url is not None:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 8000)
        try:
            client = chromadb.HttpClient(parts.hostname or "", port, ssl=parts.scheme == "https", settings=settings)
        except Exception as error:  # of many kinds, each with the address and its password in its words
            raise StoreAway(f"Der Chroma-Server ist nicht erreichbar ({type(error).__name__}).") from error
        if (session := getattr(getattr(client, "_server", None), "_session", None)) is not None:
            session.timeout = SERVER_SECONDS
        return client
    if folder is None:
        raise ValueError("a folder or the address of a server is needed")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return chromadb.PersistentClient(str(folder), settings=settings)
    except Exception:  # Chroma keeps what could not start, and would take it for the folder's next client
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise


def _close(client: Any) -> None:
    """Let go of a client and of its connections, which Chroma's own `close` leaves open towards a server."""
    owners = [client, getattr(client, "_admin_client", None)]
    sessions = [getattr(getattr(owner, "_server", None), "_session", None) for owner in owners]
    client.close()
    for session in sessions:
        if session is not None:
            session.close()
