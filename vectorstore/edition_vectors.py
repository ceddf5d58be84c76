"""Where the vectors of each edition lie: in its own folder, or as a collection on a Chroma server."""

from __future__ import annotations

from pathlib import Path

from vectorstore.chroma import ChromaChunkStore, drop_collection
from vectorstore.chunk_store import ChunkStore
from vectorstore.edition_files import VECTORS


class EditionVectors:
    """The chunk stores of editions, embedded or on the Chroma server at `url`."""

    def __init__(self, url: str | None) -> None:
        self._url = url

    @property
    def on_a_server(self) -> bool:
        """Whether they lie outside of the editions' folders."""
        return self._url is not None

    def create(self, folder: Path, name: str) -> ChunkStore:
        """An empty store for a new edition."""
        if self._url is None:
            return ChromaChunkStore.create(folder / VECTORS)
        drop_collection(_collection(name), self._url)
        return ChromaChunkStore.create(None, _collection(name), self._url)

    def open(self, folder: Path, name: str) -> ChunkStore:
        """The store of a finished edition; raises EditionDamaged where there is none."""
        if self._url is None:
            return ChromaChunkStore.open(folder / VECTORS)
        return ChromaChunkStore.open(None, _collection(name), self._url)

    def drop(self, name: str) -> None:
        """Remove what lies outside of an edition's folder."""
        if self._url is not None:
            drop_collection(_collection(name), self._url)


def _collection(name: str) -> str:
    return f"edition-{name}"
