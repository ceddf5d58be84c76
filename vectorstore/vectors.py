"""The vectors of an edition, and the nearest of its passages.

They lie in its folder, each of length one, those of a document one behind the other. Over all documents Chroma is asked
(1 ms for 100,000), whose index, in the folder or on a server, is made from them; within some documents, and where
Chroma does not answer, all are compared (7 ms). One of fewer than 100 has room for 100, which hnswlib writes as the
process had it in memory: so few are always compared.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from vectorstore.chroma import ChromaIndex, drop_collection
from vectorstore.edition_files import NOTED, UNIT_VECTORS, VECTORS
from vectorstore.errors import EditionDamaged, StoreAway, StoreError, say

COLLECTION = "chunks"  # in an edition's folder
LEAST_INDEXED = 100
RETRY_SECONDS = 5.0
log = logging.getLogger("strategielotse")
Connect = Callable[[], ChromaIndex]
Vectors = NDArray[np.float32]
UNITS, IDS, SPANS = FILES = ("units.npy", "ids.npy", "documents.json")


class ExactVectors:
    """Vectors with the ids of their chunks, and the rows of each document; may be shared between threads."""

    def __init__(self, units: Vectors, ids: NDArray[np.bytes_], spans: dict[str, tuple[int, int]]) -> None:
        self.units, self._ids, self._spans = units, ids, spans
        if len(units) != len(ids) or any(end > len(ids) for _, end in spans.values()):
            raise ValueError(f"{len(units)} vectors of {len(ids)} chunks")

    @classmethod
    def of(cls, ids: Sequence[str], documents: Sequence[str], vectors: Vectors) -> ExactVectors:
        """Vectors of shape (n, d) with the chunks and documents that they are of, in any order."""
        order = sorted(range(len(ids)), key=lambda row: documents[row])
        spans: dict[str, tuple[int, int]] = {}
        for place, row in enumerate(order):
            spans[documents[row]] = (spans.get(documents[row], (place, place))[0], place + 1)
        return cls(as_units(vectors)[order], np.array([ids[row].encode() for row in order], dtype=np.bytes_), spans)

    @classmethod
    def load(cls, folder: Path) -> ExactVectors:
        """What `save` wrote, read where it is needed; raises OSError, ValueError where files are missing or broken."""
        units, ids = (np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in (UNITS, IDS))
        spans = json.loads((folder / SPANS).read_text(encoding="utf-8"))
        return cls(np.asarray(units), ids, {one: (start, end) for one, start, end in spans})

    def save(self, folder: Path) -> None:
        """Write all into a folder, which is created; equal vectors give equal bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / UNITS, self.units, allow_pickle=False)
        np.save(folder / IDS, self._ids, allow_pickle=False)
        spans = [(one, start, end) for one, (start, end) in self._spans.items()]
        (folder / SPANS).write_text(json.dumps(spans), encoding="utf-8")

    def ids(self) -> list[str]:
        """The ids of the chunks, in the order of `units`."""
        return [one.decode() for one in self._ids.tolist()]

    def search(self, vector: Vectors, limit: int, documents: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The nearest chunks, of these documents where given, as (id, cosine similarity -1..1), best first.

        `vector` has shape (d,) and is not zero.
        """
        wanted = self._spans if documents is None else sorted(self._spans.keys() & documents)
        spans = [self._spans[one] for one in wanted]
        if not spans:
            return []
        unit = (vector / np.linalg.norm(vector)).astype(np.float32)
        similarities = np.concatenate([self.units[start:end] @ unit for start, end in spans])
        rows = np.concatenate([np.arange(start, end) for start, end in spans])
        near = np.arange(len(similarities))
        if limit < len(similarities):
            near = np.flatnonzero(similarities >= np.partition(similarities, -limit)[-limit])
        places = near[np.argsort(-similarities[near], kind="stable")[:limit]]
        ids = [one.decode() for one in self._ids[rows[places]].tolist()]
        return list(zip(ids, similarities[places].tolist(), strict=True))


def as_units(vectors: Vectors) -> Vectors:
    """Vectors of shape (n, d) with length one; zeros stay. Raises ValueError for a number that is not finite."""
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a number that is not finite")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True) if len(vectors) else np.ones((0, 1))
    units: Vectors = (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return units


class NearestChunks:
    """Searches the vectors of one edition, over Chroma by `connect` where given; may be shared between threads."""

    def __init__(self, exact: ExactVectors, connect: Connect | None) -> None:
        self.exact = exact
        self._connect = connect
        self._lock = Lock()
        self._index: ChromaIndex | None = None
        self._known = frozenset[str]()
        self._away_until = 0.0

    def search(self, vector: Vectors, limit: int, documents: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The nearest chunks as (id, cosine similarity -1..1), best first; only of `documents` where given.

        `vector` has shape (d,); one of zeros finds nothing. Never fails for Chroma's sake.
        """
        limit = min(limit, len(self.exact.units))
        if limit < 1 or not np.any(vector):
            return []
        if documents is None and self._connect and time.monotonic() >= self._away_until:
            try:
                found = self._opened(self._connect).search(vector, limit)
                if len(found) == limit and self._known.issuperset(one for one, _ in found):
                    return found
                raise EditionDamaged(say("store.vectors_of_another"))
            except Exception as error:  # Chroma's, its client's, the network's: all mean that it does not answer
                self._away_until = time.monotonic() + RETRY_SECONDS
                log.warning("no answer of Chroma (%s): all vectors are compared", type(error).__name__)
        return self.exact.search(vector, limit, documents)

    def require_index(self) -> None:
        """Raise EditionDamaged where Chroma does not hold these chunks, StoreAway."""
        if self._connect is None:
            return
        with _told():
            held = self._opened(self._connect).ids()
        if held != set(self.exact.ids()):
            raise EditionDamaged(say("store.other_chunks"))

    def close(self) -> None:
        """Let go of files and connections; closing twice is allowed, and afterwards nothing is found."""
        with self._lock:
            index, self._index, self._connect = self._index, None, None
        if index is not None:
            index.close()
        self.exact = ExactVectors(np.zeros((0, 1), dtype=np.float32), np.zeros(0, dtype=np.bytes_), {})

    def _opened(self, connect: Connect) -> ChromaIndex:
        with self._lock:
            if self._index is None:
                self._known = frozenset(self.exact.ids())
                self._index = connect()
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
        if self._url is None and self._indexed and len(ids) >= LEAST_INDEXED:
            with closing(ChromaIndex(folder / VECTORS, COLLECTION, new=True)) as index:
                index.add(exact.ids(), exact.units)
        self._put(name, exact)

    def open(self, folder: Path, name: str) -> NearestChunks:
        """The vectors of a finished edition, Chroma when it is first asked; raises OSError, ValueError."""
        connect: Connect | None = None
        if self._url is not None:
            connect = partial(ChromaIndex, self._url, _collection(name))
        elif os.access(folder / NOTED, os.W_OK):  # to be written to, even to read
            connect = partial(ChromaIndex, folder / VECTORS, COLLECTION)
        if connect is None or (folder / UNIT_VECTORS).is_dir():
            return NearestChunks(ExactVectors.load(folder / UNIT_VECTORS), connect)
        with closing(connect()) as index:  # of an early version
            return NearestChunks(ExactVectors.of(*index.contents()), connect)

    def put_back(self, folder: Path, name: str) -> None:
        """Have the server hold the vectors of an edition's folder; raises StoreAway, EditionDamaged."""
        if self._url is not None:
            try:
                exact = ExactVectors.load(folder / UNIT_VECTORS)
            except (OSError, ValueError) as error:
                raise EditionDamaged(say("store.vectors_lost", name=name)) from error
            self._put(name, exact)

    def drop(self, name: str) -> None:
        """Remove what lies outside of an edition's folder; raises StoreAway."""
        if self._url is not None:
            with _told():
                drop_collection(_collection(name), self._url)

    def _put(self, name: str, exact: ExactVectors) -> None:
        """Fill a collection on the server, where there is one, in place of what a killed writer left by its name."""
        if self._url is not None:
            self.drop(name)
            with _told(), closing(ChromaIndex(self._url, _collection(name), new=True)) as index:
                index.add(exact.ids(), exact.units)


@contextmanager
def _told() -> Iterator[None]:
    """Turn whatever a server that is away makes fail into StoreAway."""
    try:
        yield
    except (StoreError, ValueError):
        raise
    except Exception as error:
        raise StoreAway(say("store.no_chroma", error=type(error).__name__)) from error


def _collection(name: str) -> str:
    return f"edition-{name}"
