"""Where the vectors of each edition lie: in its own folder, or as a collection on a Chroma server."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.chunk_store import ChunkStore, StoredChunk, Vectors
from vectorstore.edition_files import KEPT_VECTORS, UNIT_VECTORS, VECTORS
from vectorstore.errors import EditionDamaged, EditionMismatch
from vectorstore.kept_vectors import KeptVectors, read_vectors
from vectorstore.unit_vectors import UnitVectors, write_units

if TYPE_CHECKING:
    from vectorstore.chroma import ChromaChunkStore


class EditionVectors:
    """The chunk stores of editions, embedded or on the Chroma server at `url`."""

    def __init__(self, url: str | None) -> None:
        self._url = url

    @property
    def on_a_server(self) -> bool:
        """Whether they lie outside of the editions' folders."""
        return self._url is not None

    def write(self, folder: Path, chunks: Sequence[StoredChunk], vectors: Vectors) -> None:
        """Write what is searched beside an embedded store into an edition's folder; a server is searched itself."""
        if self._url is None and chunks:
            write_units(folder / UNIT_VECTORS, chunks, vectors)

    def create(self, folder: Path, name: str) -> ChunkStore:
        """An empty store for a new edition; raises StoreAway."""
        if self._url is None:
            return _store().create(folder / VECTORS)
        _drop(_collection(name), self._url)
        store = _store().create(None, _collection(name), self._url)
        return KeptVectors(folder / KEPT_VECTORS, lambda: store)

    def open(self, folder: Path, name: str) -> ChunkStore:
        """The store of a finished edition; raises EditionDamaged where there is none."""
        if self._url is None:
            units = folder / UNIT_VECTORS
            return _store().open(folder / VECTORS, exact=UnitVectors(units) if units.is_dir() else None)
        on_server = partial(_store().open, None, _collection(name), self._url)
        kept = folder / KEPT_VECTORS
        return KeptVectors(kept, on_server) if kept.is_file() else on_server()

    def require_in(self, folder: Path) -> None:
        """Raise EditionMismatch where an edition's vectors were kept the other way: embedded, or on a server."""
        if (folder / KEPT_VECTORS).is_file() == self.on_a_server:
            return
        how = "ohne Chroma-Server" if self.on_a_server else "mit Chroma-Server"
        raise EditionMismatch(
            f"Die Ausgabe {folder.name} ist {how} entstanden, eingestellt ist es hier anders "
            "(STRATEGIELOTSE_CHROMA_URL). Bitte erst so einstellen wie damals; danach umstellen, und "
            "'strategielotse ingest --again' baut sie neu."
        )

    def mend(self, folder: Path, name: str) -> bool:
        """Put a collection that the server has lost back in place; tell whether it was lost. Raises StoreAway.

        Raises EditionDamaged where the edition's folder does not hold its vectors.
        """
        if self._url is None:
            return False
        try:
            _store().open(None, _collection(name), self._url).close()
        except EditionDamaged:
            _put_back(folder / KEPT_VECTORS, _collection(name), self._url)
            return True
        return False

    def drop(self, name: str) -> None:
        """Remove what lies outside of an edition's folder."""
        if self._url is not None:
            _drop(_collection(name), self._url)


def _put_back(kept: Path, name: str, url: str) -> None:
    """Fill a collection under another name first: a reader finds the whole one or none."""
    try:
        chunks, vectors = read_vectors(kept)
    except (OSError, ValueError) as error:
        raise EditionDamaged(f"Die Vektoren von {name} sind verloren. 'strategielotse ingest' baut sie neu.") from error
    unfinished = f"{name}-unfinished"
    _drop(unfinished, url)
    store = _store().create(None, unfinished, url)
    try:
        store.add(chunks, vectors)
        store.rename(name)
    finally:
        store.close()


def _collection(name: str) -> str:
    return f"edition-{name}"


def _store() -> type[ChromaChunkStore]:
    """What keeps the vectors: a second to load, which only what opens an edition has to wait for."""
    from vectorstore.chroma import ChromaChunkStore

    return ChromaChunkStore


def _drop(collection: str, url: str) -> None:
    from vectorstore.chroma import drop_collection

    drop_collection(collection, url)
