"""Publishing and opening editions: one writer at a time, any number of readers, and never half an edition.

An edition is built under a temporary name, read back, renamed, and then named in the file `current`, which is replaced
atomically. A kill at any moment leaves the old edition current and at most leftovers that the next writer removes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from vectorstore.building import Contents, Progress, build, read_back
from vectorstore.catalogue import Catalogue
from vectorstore.chroma import ChromaChunkStore, drop_collection
from vectorstore.chunk_store import ChunkStore
from vectorstore.edition import Edition, open_edition
from vectorstore.edition_files import (
    UNFINISHED,
    VECTORS,
    edition_names,
    next_name,
    read_manifest,
    remove,
    remove_unfinished,
    sync_folder,
    sync_tree,
    write_durably,
)
from vectorstore.embeddings import Embedding
from vectorstore.errors import EditionDamaged, NothingIngested, StoreError, WriterBusy
from vectorstore.lexical import LexicalSettings
from vectorstore.models import default_embedding
from vectorstore.originals import described, store_originals
from vectorstore.records import ParsedDocument
from vectorstore.vocabulary import Vocabulary, shipped_vocabulary


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The current edition after publishing, and whether it is a new one."""

    name: str
    changed: bool


class EditionStore:
    """The editions of one data folder, built and asked with `embedding` (the default one if None).

    With `chroma_url` the vectors lie on a Chroma server, a collection for each edition.
    """

    def __init__(
        self,
        root: Path,
        embedding: Embedding | None = None,
        *,
        chroma_url: str | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.root = root
        self.editions = root / "editions"
        self._embedding = embedding or default_embedding()
        self._chroma_url = chroma_url
        self._today = today
        self._lock = FileLock(root / "writer.lock", timeout=0)

    def current_name(self) -> str | None:
        """The name of the published edition; None where nothing is ingested."""
        try:
            return (self.root / "current").read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def names(self) -> list[str]:
        """All editions that are still there, oldest first."""
        return edition_names(self.editions)

    def open(self, name: str | None = None) -> Edition:
        """Open the named or the current edition; raises NothingIngested, EditionMismatch or EditionDamaged."""
        chosen = name or self.current_name()
        if chosen is None:
            raise NothingIngested("Es ist noch nichts eingelesen. 'strategielotse ingest PFAD' liest Dokumente ein.")
        try:
            return self._open(chosen)
        except EditionDamaged:
            now = name or self.current_name()
            if now is None or now == chosen:
                raise
            return self._open(now)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer; may be entered again by its holder. Raises WriterBusy where another process is."""
        self.root.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except Timeout as error:
            message = f"Ein anderer Vorgang schreibt gerade in {self.root}. Bitte später noch einmal versuchen."
            raise WriterBusy(message) from error
        try:
            yield
        finally:
            self._lock.release()

    def publish(
        self,
        parsed: Sequence[ParsedDocument],
        embedding: Embedding | None = None,
        report: Mapping[str, Any] | None = None,
        progress: Progress = lambda step, share: None,
        settings: LexicalSettings | None = None,
        originals: Mapping[str, Path] | None = None,
    ) -> PublishResult:
        """Make these documents the current edition; the same contents again change nothing.

        `originals` maps a document's id to its original file, which the edition keeps a copy of.
        Raises WriterBusy, EditionDamaged where it does not read back, ValueError for records that contradict,
        OSError for an original that cannot be read.
        """
        catalogue = Catalogue.of(parsed)
        sources = {name: path for name, path in (originals or {}).items() if name in catalogue.documents}
        contents = Contents(
            catalogue,
            embedding or self._embedding,
            settings or LexicalSettings(),
            self._vocabulary,
            described(sources),
        )
        with self.writing():
            remove_unfinished(self.root)
            current = self.current_name()
            if current is not None and self._holds(current, contents):
                return PublishResult(current, changed=False)
            name = next_name(self.editions, self._today())
            self._build(name, contents, report or {}, progress, sources)
            write_durably(self.root / "current", name + "\n")
            self._prune({name, current})
            progress("fertig", 1.0)
            return PublishResult(name, changed=True)

    def forget(self, documents: Collection[str]) -> None:
        """Remove every edition but the current one that holds one of these documents."""
        with self.writing():
            current = self.current_name()
            for name in self.names():
                if name != current and set(documents) & set(read_manifest(self.editions / name).documents):
                    self._drop(name)

    def _open(self, name: str) -> Edition:
        return open_edition(self.editions / name, self._embedding, self._open_store, self._vocabulary)

    @property
    def _vocabulary(self) -> Vocabulary:
        return shipped_vocabulary(self.root / "cache")

    def _build(
        self,
        name: str,
        contents: Contents,
        report: Mapping[str, Any],
        progress: Progress,
        sources: Mapping[str, Path],
    ) -> None:
        """Build, read back, rename: afterwards the folder is complete and never changes."""
        folder = self.editions / f"{name}{UNFINISHED}"
        folder.mkdir(parents=True)
        current = self.current_name()
        store_originals(folder, contents.originals, sources, self.editions / current if current else None)
        manifest = contents.manifest(name, self._today())
        vectors = build(folder, contents, manifest, report, self._create_store, progress)
        progress("Gegenlesen", 0.9)
        edition = open_edition(folder, contents.embedding, self._open_store, self._vocabulary)
        try:
            read_back(edition, contents.catalogue, vectors)
        finally:
            edition.close()
        sync_tree(folder)
        folder.rename(self.editions / name)
        sync_folder(self.editions)

    def _holds(self, name: str, contents: Contents) -> bool:
        """Whether an edition is whole and made of these contents."""
        try:
            if read_manifest(self.editions / name).contents != contents.digest:
                return False
            edition = open_edition(self.editions / name, contents.embedding, self._open_store, self._vocabulary)
        except StoreError:
            return False
        try:
            read_back(edition, contents.catalogue)
        except StoreError:
            return False
        finally:
            edition.close()
        return True

    def _prune(self, kept: Collection[str | None]) -> None:
        """Remove all editions but these: the current one, and the one before, which a server may still hold open."""
        for name in self.names():
            if name not in kept:
                self._drop(name)

    def _drop(self, name: str) -> None:
        remove(self.editions / name)
        if self._chroma_url is not None:
            drop_collection(_collection(name), self._chroma_url)

    def _create_store(self, folder: Path, name: str) -> ChunkStore:
        if self._chroma_url is None:
            return ChromaChunkStore.create(folder / VECTORS)
        drop_collection(_collection(name), self._chroma_url)
        return ChromaChunkStore.create(None, _collection(name), self._chroma_url)

    def _open_store(self, folder: Path, name: str) -> ChunkStore:
        if self._chroma_url is None:
            return ChromaChunkStore.open(folder / VECTORS)
        return ChromaChunkStore.open(None, _collection(name), self._chroma_url)


def _collection(name: str) -> str:
    return f"edition-{name}"
