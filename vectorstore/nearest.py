"""The nearest passages of an edition: asked of Chroma, and within some documents of the edition's own vectors.

Chroma's index lies in the edition's folder or on a server. It is made from those vectors, and where it does not answer
all of them are compared: 8 ms for 100,000. An index of fewer than 100 has room for 100, which hnswlib writes as the
process had it in memory, so fewer are always compared.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np

from vectorstore.chroma import ChromaIndex, drop_collection
from vectorstore.edition_files import KEPT_VECTORS, NOTED, UNIT_VECTORS, VECTORS
from vectorstore.errors import EditionDamaged, StoreAway, StoreError
from vectorstore.vectors import ExactVectors, Vectors

COLLECTION = "chunks"  # in an edition's folder
LEAST_INDEXED = 100
RETRY_SECONDS = 5.0
log = logging.getLogger("strategielotse")
Connect = Callable[[], ChromaIndex]


class NearestChunks:
    """Searches the vectors of one edition, over Chroma by `connect` where given; may be shared between threads."""

    def __init__(self, exact: ExactVectors, connect: Connect | None) -> None:
        self.exact = exact
        self._connect = connect
        self._lock = Lock()
        self._index: ChromaIndex | None = None
        self._known: frozenset[str] = frozenset()
        self._away_until = 0.0 if connect else float("inf")

    def search(self, vector: Vectors, limit: int, documents: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The nearest chunks as (id, cosine similarity -1..1), best first; only of `documents` where given.

        `vector` has shape (d,); one of zeros finds nothing. Never fails for Chroma's sake.
        """
        limit = min(limit, len(self.exact))
        if limit < 1 or not np.any(vector):
            return []
        if documents is None and time.monotonic() >= self._away_until:
            try:
                return self._asked(vector, limit)
            except Exception as error:  # Chroma's, its client's, the network's: all mean that it does not answer
                self._away_until = time.monotonic() + RETRY_SECONDS
                log.warning("Chroma antwortet nicht (%s); verglichen werden alle Vektoren", type(error).__name__)
        return self.exact.search(vector, limit, documents)

    def require_index(self) -> None:
        """Raise EditionDamaged where Chroma does not hold these chunks, StoreAway."""
        if self._connect is None:
            return
        with _told():
            held = self._opened().ids()
        if held != set(self.exact.ids()):
            raise EditionDamaged("Der Vektorspeicher enthält nicht die Abschnitte der Ausgabe")

    def close(self) -> None:
        """Let go of files and connections; closing twice is allowed."""
        with self._lock:
            index, self._index, self._away_until = self._index, None, float("inf")
        if index is not None:
            index.close()
        self.exact.close()

    def _asked(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        index = self._opened()
        found = index.search(vector, limit)
        if len(found) != limit or not self._known.issuperset(one for one, _ in found):
            raise EditionDamaged("Der Vektorspeicher ist der einer anderen Ausgabe")
        return found

    def _opened(self) -> ChromaIndex:
        with self._lock:
            if self._index is None and self._connect is not None:
                self._known = frozenset(self.exact.ids())
                self._index = self._connect()
            if self._index is None:
                raise StoreAway("Es gibt keinen Vektorspeicher")
            return self._index


class VectorStores:
    """The vectors of editions: `indexed` in their folders, or on the Chroma server at `url`, or compared alone."""

    def __init__(self, url: str | None, *, indexed: bool = True) -> None:
        self._url = url
        self._indexed = indexed

    def write(self, folder: Path, name: str, ids: Sequence[str], documents: Sequence[str], vectors: Vectors) -> None:
        """Write the vectors of a new edition, of shape (len(ids), d); raises StoreAway, ValueError."""
        exact = ExactVectors.of(ids, documents, vectors)
        exact.save(folder / UNIT_VECTORS)
        if self._url is not None:
            self._put(name, exact)
        elif self._indexed and len(ids) >= LEAST_INDEXED:
            with closing(ChromaIndex.create(folder / VECTORS, COLLECTION)) as index:
                index.add(exact.ids(), exact.units)

    def open(self, folder: Path, name: str) -> NearestChunks:
        """The vectors of a finished edition, Chroma when it is first asked; raises OSError, ValueError."""
        connect: Connect | None = None
        if self._url is not None:
            connect = partial(ChromaIndex.open, self._url, _collection(name))
        elif os.access(folder / NOTED, os.W_OK):  # to be written to, even to read
            connect = partial(ChromaIndex.open, folder / VECTORS, COLLECTION)
        return NearestChunks(_exact(folder, connect), connect)

    def mend(self, folder: Path, name: str) -> bool:
        """Put a collection that the server has lost back in place; tell whether it was lost. Raises StoreAway.

        Raises EditionDamaged where the edition's folder does not hold its vectors.
        """
        if self._url is None:
            return False
        with suppress(EditionDamaged):
            ChromaIndex.open(self._url, _collection(name)).close()
            return False
        try:
            self._put(name, _exact(folder, None))
        except (OSError, ValueError) as error:
            raise EditionDamaged(
                f"Die Vektoren von {name} sind verloren. 'strategielotse ingest' baut sie neu."
            ) from error
        return True

    def drop(self, name: str) -> None:
        """Remove what lies outside of an edition's folder."""
        if self._url is not None:
            drop_collection(_collection(name), self._url)

    def _put(self, name: str, exact: ExactVectors) -> None:
        """Fill a collection on the server under another name first: a reader finds the whole one or none."""
        assert self._url is not None
        with _told():
            unfinished = f"{_collection(name)}-unfinished"
            for one in (unfinished, _collection(name)):
                drop_collection(one, self._url)
            with closing(ChromaIndex.create(self._url, unfinished)) as index:
                index.add(exact.ids(), exact.units)
                index.rename(_collection(name))


def _exact(folder: Path, connect: Connect | None) -> ExactVectors:
    """The vectors of an edition's folder; earlier versions kept them otherwise, or in Chroma alone."""
    if (folder / UNIT_VECTORS).is_dir():
        return ExactVectors.load(folder / UNIT_VECTORS)
    if (folder / KEPT_VECTORS).is_file():
        with np.load(folder / KEPT_VECTORS, allow_pickle=False) as kept:
            return ExactVectors.of(kept["id"].tolist(), kept["document_id"].tolist(), kept["vectors"])
    if connect is None:
        raise FileNotFoundError(UNIT_VECTORS)
    with closing(connect()) as index:
        return ExactVectors.of(*index.contents())


@contextmanager
def _told() -> Iterator[None]:
    """Turn whatever a server that is away makes fail into StoreAway."""
    try:
        yield
    except (StoreError, ValueError):
        raise
    except Exception as error:
        raise StoreAway(f"Chroma ist nicht erreichbar ({type(error).__name__}).") from error


def _collection(name: str) -> str:
    return f"edition-{name}"
