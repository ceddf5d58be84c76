"""The vectors of an edition's passages: they lie in Chroma, in the edition's folder and on a server where there is one.

With each lies the digest of the text and the embedding that it was made with, so that a later edition computes only
what changed. An edition reads them once, when it is first asked, and compares a question with all (docs/decisions/016).
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vectorstore.chroma import ChromaIndex, drop_collection
from vectorstore.errors import EditionDamaged, StoreAway, StoreError, say
from vectorstore.manifest import NOTED, VECTORS

COLLECTION = "chunks"  # in an edition's folder
RETRY_SECONDS = 5.0
AT_ONCE = 64  # texts that are given to an embedding together
log = logging.getLogger("strategielotse")
Vectors = NDArray[np.float32]


class Embeds(Protocol):
    """What makes vectors of passages."""

    @property
    def identity(self) -> str:
        """What tells it from others."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One vector for each text."""


def as_units(vectors: Vectors) -> Vectors:
    """Vectors of shape (n, d) with length one; zeros stay. Raises ValueError for a number that is not finite."""
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a number that is not finite")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True) if len(vectors) else np.ones((0, 1))
    units: Vectors = (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return units


def text_digests(identity: str, texts: Sequence[str]) -> list[str]:
    """The digest of each text with the embedding that it is given to, in hex."""
    return [sha256(f"{identity}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:40] for text in texts]


def embed(
    texts: Sequence[str], embedding: Embeds, known: Mapping[str, Vectors], progress: Callable[[float], None]
) -> Vectors:
    """The vectors of texts with length one: the known ones by digest, the others from the embedding, short texts first.

    `progress` is told which share is done, 0 to 1.
    """
    digests = text_digests(embedding.identity, texts)
    missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
    made, waiting = dict(known), sorted(missing, key=lambda digest: len(missing[digest]))
    for start in range(0, len(waiting), AT_ONCE):
        part = waiting[start : start + AT_ONCE]
        vectors = as_units(embedding.vectors([missing[digest] for digest in part]))
        made |= dict(zip(part, vectors, strict=True))
        progress(min(1.0, (start + AT_ONCE) / len(waiting)))
    return np.stack([made[digest] for digest in digests]) if digests else np.zeros((0, 1), dtype=np.float32)


class PassageVectors:
    """The vectors of the passages with these ids, from where `read` finds them; may be shared between threads."""

    def __init__(self, ids: Sequence[str], read: Callable[[], StoredVectors]) -> None:
        self._ids, self._read = ids, read
        self._units: Vectors | None = None
        self._away_until = 0.0

    @property
    def away(self) -> bool:
        """Whether they could not be read when it was last tried."""
        return self._away_until > 0.0

    def units(self) -> Vectors:
        """All vectors, in the order of the ids; raises EditionDamaged where they are those of others, StoreAway."""
        if self._units is None:
            stored = self._read()
            rows = {name: row for row, name in enumerate(stored.ids)}
            if rows.keys() != set(self._ids):
                raise EditionDamaged(say("store.other_chunks"))
            self._units = stored.vectors[[rows[name] for name in self._ids]]
        return self._units

    def similarities(self, vector: Vectors) -> Vectors | None:
        """The cosine of a vector with each passage, shape (n,); None while they cannot be read."""
        if not self._ids:
            return np.zeros(0, dtype=np.float32)
        if self._units is None and time.monotonic() < self._away_until:
            return None
        try:
            result: Vectors = self.units() @ (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
        except (StoreError, ValueError) as error:  # ValueError: vectors of another length
            self._away_until = time.monotonic() + RETRY_SECONDS
            log.warning(say("store.vectors_away", error=error))
            return None
        self._away_until = 0.0
        return result

    def close(self) -> None:
        """Let go of the memory; closing twice is allowed."""
        self._ids, self._units = (), np.zeros((0, 1), dtype=np.float32)


class StoredVectors:
    """What a collection holds: ids, digests of texts and vectors of length one, shape (n, d)."""

    def __init__(self, ids: Sequence[str], digests: Sequence[str], vectors: Vectors) -> None:
        self.ids, self.digests, self.vectors = ids, digests, vectors

    @classmethod
    def read(cls, place: Path | str, name: str) -> StoredVectors:
        """What is stored at a place; raises EditionDamaged, StoreAway."""
        with _report_away(), closing(ChromaIndex(place, name)) as index:
            return cls(*index.contents())

    def put(self, place: Path | str, name: str) -> None:
        """Store all in a new collection; raises StoreAway."""
        guard = _report_away() if isinstance(place, str) else nullcontext()  # a folder's disk may be full
        with guard, closing(ChromaIndex(place, name, new=True)) as index:
            index.add(self.ids, self.digests, self.vectors)


class VectorStores:
    """The vectors of editions: in their folders, and on the Chroma server at `url` where there is one."""

    def __init__(self, url: str | None) -> None:
        self._url = url

    def write(self, folder: Path, name: str, stored: StoredVectors) -> None:
        """Write the vectors of a new edition; raises StoreAway."""
        stored.put(folder / VECTORS, COLLECTION)
        self._put(name, stored)

    def open(self, folder: Path, name: str, ids: Sequence[str]) -> PassageVectors:
        """The vectors of a finished edition, read when it is first asked: from the server, else from its folder."""

        def read() -> StoredVectors:
            if self._url is not None:
                try:
                    return StoredVectors.read(self._url, _collection(name))
                except StoreError as error:
                    log.warning(say("store.server_away", error=error))
            return read_folder(folder)

        return PassageVectors(ids, read)

    def require(self, folder: Path, name: str) -> None:
        """Raise EditionDamaged where folder and server do not hold the same passages, StoreAway."""
        if not (folder / VECTORS).is_dir():
            return  # of words alone
        stored = read_folder(folder)
        if self._url is not None and set(StoredVectors.read(self._url, _collection(name)).ids) != set(stored.ids):
            raise EditionDamaged(say("store.other_chunks"))

    def put_back(self, folder: Path, name: str) -> None:
        """Have the server hold the vectors of an edition's folder; raises StoreAway, EditionDamaged."""
        if self._url is not None and (folder / VECTORS).is_dir():
            self._put(name, read_folder(folder))

    def drop(self, name: str) -> None:
        """Remove what lies outside of an edition's folder; raises StoreAway."""
        if self._url is not None:
            with _report_away():
                drop_collection(_collection(name), self._url)

    def _put(self, name: str, stored: StoredVectors) -> None:
        """Fill a collection on the server, where there is one, in place of what a killed writer left by its name."""
        if self._url is not None:
            self.drop(name)
            stored.put(self._url, _collection(name))


def read_folder(folder: Path) -> StoredVectors:
    """The vectors in an edition's folder; raises EditionDamaged, StoreAway.

    Chroma writes into its database even to read: where that may not be written to, a copy of it is asked.
    """
    if os.access(folder / NOTED, os.W_OK) or not (folder / NOTED).is_file():
        return StoredVectors.read(folder / VECTORS, COLLECTION)
    with TemporaryDirectory() as space:
        copy = Path(shutil.copytree(folder / VECTORS, Path(space) / VECTORS, copy_function=shutil.copyfile))
        for path in (copy, *copy.rglob("*")):
            path.chmod(0o700)
        return StoredVectors.read(copy, COLLECTION)


@contextmanager
def _report_away() -> Iterator[None]:
    """Turn whatever a database or server that is away makes fail into StoreAway."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        raise StoreAway(say("store.no_chroma", error=type(error).__name__)) from error


def _collection(name: str) -> str:
    return f"edition-{name}"
