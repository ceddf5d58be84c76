"""The vectors of an edition's passages, stored with Chroma in the edition's folder and, if
configured, on a server.

Each is stored with a digest of its text and embedding, so that a later edition computes only
changed ones. An edition reads all vectors with its first question, and compares each question with
all of them (docs/decisions/016).
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from vectorstore.chroma import (
    StoredVectors,
    drop_collection,
    read_collection,
    translate_chroma_errors,
    write_collection,
)
from vectorstore.embeddings import AT_ONCE, Embedding, Vectors, as_units
from vectorstore.manifest import CHROMA_DATABASE, VECTORS
from vectorstore.storage import EditionDamaged, StoreError, say

COLLECTION = "chunks"  # in an edition's folder
RETRY_SECONDS = 5.0  # after vectors could not be read
log = logging.getLogger("strategielotse")


def text_digests(identity: str, texts: Sequence[str]) -> list[str]:
    """A digest of each text and the embedding's identity, in hex."""
    return [
        sha256(f"{identity}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:40]
        for text in texts
    ]


def embed(
    texts: Sequence[str],
    embedding: Embedding,
    known: Mapping[str, Vectors],
    progress: Callable[[float], None],
) -> Vectors:
    """The unit vectors of texts, in the order of the texts.

    A vector that is `known` by the digest of its text is taken over, the others are computed by the
    embedding, short texts first. `progress` is called with the share that is done, 0 to 1.
    """
    digests = text_digests(embedding.identity, texts)
    by_digest = dict(known)
    missing = {
        digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known
    }
    missing_digests = sorted(missing, key=lambda digest: len(missing[digest]))
    for start in range(0, len(missing_digests), AT_ONCE):
        batch = missing_digests[start : start + AT_ONCE]
        vectors = as_units(embedding.vectors([missing[digest] for digest in batch]))
        by_digest |= dict(zip(batch, vectors, strict=True))
        progress(min(1.0, (start + AT_ONCE) / len(missing_digests)))
    if not digests:
        return np.zeros((0, 1), dtype=np.float32)
    return np.stack([by_digest[digest] for digest in digests])


class PassageVectors:
    """The vectors of the passages with these ids, loaded by `read` at the first use;
    thread-safe.
    """

    def __init__(self, ids: Sequence[str], read: Callable[[], StoredVectors]) -> None:
        self._ids, self._read = ids, read
        self._units: Vectors | None = None
        self._away_until = 0.0

    @property
    def is_unavailable(self) -> bool:
        """True if they could not be read at the last attempt."""
        return self._away_until > 0.0

    def units(self) -> Vectors:
        """All unit vectors, in the order of the ids; they are read at the first call.

        Raises EditionDamaged if the stored vectors have other ids, and StoreUnavailable.
        """
        if self._units is None:
            stored = self._read()
            rows = {name: row for row, name in enumerate(stored.ids)}
            if rows.keys() != set(self._ids):
                raise EditionDamaged(say("store.other_chunks"))
            self._units = stored.vectors[[rows[name] for name in self._ids]]
        return self._units

    def similarities(self, vector: Vectors) -> Vectors | None:
        """The cosine of a vector with each passage, shape (n,); None while they cannot be read.

        After a failure nothing is read for `RETRY_SECONDS`, so that not every question waits for
        it. A vector of another length counts as a failure too.
        """
        if not self._ids:
            return np.zeros(0, dtype=np.float32)
        if self._units is None and time.monotonic() < self._away_until:
            return None
        try:
            length = max(float(np.linalg.norm(vector)), 1e-9)  # a vector of zeros stays one
            result: Vectors = self.units() @ (vector / length).astype(np.float32)
        except (StoreError, ValueError) as error:  # ValueError: vectors of another length
            self._away_until = time.monotonic() + RETRY_SECONDS
            log.warning(say("store.vectors_away", error=error))
            return None
        self._away_until = 0.0
        return result

    def close(self) -> None:
        """Release the memory; may be called twice."""
        self._ids, self._units = (), np.zeros((0, 1), dtype=np.float32)


class VectorStores:
    """The vectors of editions: in their folders, and on the Chroma server at `url` where there is
    one.
    """

    def __init__(self, url: str | None) -> None:
        self._url = url

    def write(self, folder: Path, name: str, stored: StoredVectors) -> None:
        """Write the vectors of a new edition; raises StoreUnavailable."""
        write_collection(folder / VECTORS, COLLECTION, stored)
        self._put(name, stored)

    def open(self, folder: Path, name: str, ids: Sequence[str]) -> PassageVectors:
        """The vectors of a finished edition, for the passages with these ids.

        They are read at the first use, from the Chroma server if there is one, else, or if the
        server does not answer, from the edition's folder.
        """

        def read() -> StoredVectors:
            if self._url is not None:
                try:
                    return read_collection(self._url, _collection(name))
                except StoreError as error:
                    log.warning(say("store.server_away", error=error))
            return read_folder(folder)

        return PassageVectors(ids, read)

    def require_equal_vectors(self, folder: Path, name: str) -> None:
        """Raise EditionDamaged unless the vectors in the folder can be read and the server has
        vectors of the same passages.

        An edition without vectors was built without an embedding. Raises StoreUnavailable if the
        server does not answer.
        """
        if not (folder / VECTORS).is_dir():
            return  # built without an embedding
        stored = read_folder(folder)
        if self._url is None:
            return
        on_server = read_collection(self._url, _collection(name))
        if set(on_server.ids) != set(stored.ids):
            raise EditionDamaged(say("store.other_chunks"))

    def restore(self, folder: Path, name: str) -> None:
        """Copy the vectors from an edition's folder to the server; raises StoreUnavailable,
        EditionDamaged.
        """
        if self._url is not None and (folder / VECTORS).is_dir():
            self._put(name, read_folder(folder))

    def drop(self, name: str) -> None:
        """Remove an edition's collection from the server; raises StoreUnavailable."""
        if self._url is not None:
            drop_collection(_collection(name), self._url)

    def _put(self, name: str, stored: StoredVectors) -> None:
        """Store the vectors on the server, if there is one.

        A collection of the same edition, which a killed writer may have left, is replaced.
        """
        if self._url is not None:
            self.drop(name)
            with translate_chroma_errors():
                write_collection(self._url, _collection(name), stored)


def read_folder(folder: Path) -> StoredVectors:
    """The vectors in an edition's folder; raises EditionDamaged, StoreUnavailable.

    Chroma writes to its database even when reading; if that is read-only, a temporary copy is read.
    A missing database needs no copy: reading it raises EditionDamaged.
    """
    database = folder / CHROMA_DATABASE
    if os.access(database, os.W_OK) or not database.is_file():
        return read_collection(folder / VECTORS, COLLECTION)
    with TemporaryDirectory() as space:
        copy = Path(
            shutil.copytree(folder / VECTORS, Path(space) / VECTORS, copy_function=shutil.copyfile)
        )
        for path in (copy, *copy.rglob("*")):
            path.chmod(0o700)
        return read_collection(copy, COLLECTION)


def _collection(name: str) -> str:
    return f"edition-{name}"
