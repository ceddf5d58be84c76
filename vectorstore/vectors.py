"""The vectors of an edition, and the nearest of its passages.

They lie in its folder, each of length one, those of a document one behind the other, and are searched within some
documents; all of them where Chroma does not answer (8 ms for 100,000). Chroma's index, in the folder or on a server,
is made from them. One of fewer than 100 has room for 100, which hnswlib writes as the process had it in memory: so few
are always compared.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from vectorstore.chroma import ChromaIndex, drop_collection
from vectorstore.edition_files import KEPT_VECTORS, NOTED, UNIT_VECTORS, VECTORS
from vectorstore.errors import EditionDamaged, StoreAway, StoreError, say

COLLECTION = "chunks"  # in an edition's folder
LEAST_INDEXED = 100
RETRY_SECONDS = 5.0
log = logging.getLogger("strategielotse")
Connect = Callable[[], ChromaIndex]
Vectors = NDArray[np.float32]
UNITS, IDS, SPANS = FILES = ("units.npy", "ids.npy", "documents.json")
Spans = dict[str, tuple[int, int]]


class ExactVectors:
    """Vectors with the ids of their chunks, and the rows of each document; may be shared between threads."""

    def __init__(self, units: Vectors, ids: NDArray[np.bytes_], spans: Spans) -> None:
        self.units, self._ids, self._spans = units, ids, spans
        if len(units) != len(ids) or any(end > len(ids) for _, end in spans.values()):
            raise ValueError(f"{len(units)} vectors of {len(ids)} chunks")

    def __len__(self) -> int:
        return len(self._ids)

    @classmethod
    def of(cls, ids: Sequence[str], documents: Sequence[str], vectors: Vectors) -> ExactVectors:
        """Vectors of shape (n, d) with the chunks and documents that they are of, in any order."""
        order = sorted(range(len(ids)), key=lambda row: documents[row])
        owners = [documents[row] for row in order]
        starts = [row for row, one in enumerate(owners) if not row or one != owners[row - 1]]
        ends = [*starts[1:], len(order)]
        spans = {owners[start]: (start, end) for start, end in zip(starts, ends, strict=False)}
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

    def close(self) -> None:
        """Let go of the files; afterwards nothing is found."""
        self.units, self._ids, self._spans = np.zeros((0, 1), dtype=np.float32), np.zeros(0, dtype=np.bytes_), {}

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
        places = _best(similarities, limit)
        ids = [one.decode() for one in self._ids[rows[places]].tolist()]
        return list(zip(ids, similarities[places].tolist(), strict=True))


def _best(similarities: Vectors, limit: int) -> NDArray[np.intp]:
    """The places of the largest numbers, best first, and of equal ones the first."""
    near = np.arange(len(similarities))
    if limit < len(similarities):
        near = np.flatnonzero(similarities >= np.partition(similarities, -limit)[-limit])
    return near[np.argsort(-similarities[near], kind="stable")[:limit]]


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
                found = self._opened().search(vector, limit)
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
            held = self._opened().ids()
        if held != set(self.exact.ids()):
            raise EditionDamaged(say("store.other_chunks"))

    def close(self) -> None:
        """Let go of files and connections; closing twice is allowed."""
        with self._lock:
            index, self._index, self._away_until = self._index, None, float("inf")
        if index is not None:
            index.close()
        self.exact.close()

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
            message = say("store.vectors_lost", name=name)
            raise EditionDamaged(message) from error
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
        raise StoreAway(say("store.no_chroma", error=type(error).__name__)) from error


def _collection(name: str) -> str:
    return f"edition-{name}"
