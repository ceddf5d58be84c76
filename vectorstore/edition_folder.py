"""The editions of one data folder: which there are, which is published, and being the one writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.database import Database
from vectorstore.disk import (
    FILE_MODE,
    UNFINISHED,
    close_to_others,
    private_folder,
    remove,
    sync,
    write_durably,
)
from vectorstore.errors import EditionDamaged, NotPublishable, WriterBusy, say
from vectorstore.manifest import CURRENT, Manifest, edition_names, read_manifest
from vectorstore.pointer import EditionInfo, Pointer
from vectorstore.texts import Texts


class EditionFolder:
    """Where editions are; `texts` are kept beside them.

    What several machines do otherwise is in `vectorstore.shared`: there methods raise StoreAway. Another format of the
    data folder raises EditionMismatch.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.editions = root / "editions"
        self.texts = Texts(self._open_database())
        self._lock = FileLock(root / "writer.lock", timeout=0, mode=FILE_MODE)

    def pointer(self) -> Pointer:
        """What is published and what are drafts; raises EditionDamaged where nobody can tell."""
        try:
            return Pointer.loaded((self.root / CURRENT).read_bytes())
        except FileNotFoundError:
            return Pointer()
        except (IsADirectoryError, ValueError) as error:
            raise EditionDamaged(say("store.pointer_damaged", path=self.root / CURRENT)) from error

    def current_name(self) -> str | None:
        """The name of the published edition; None where nothing is ingested."""
        return self.pointer().current

    def last_known_name(self) -> str | None:
        """The same as far as this machine knows: cheap, and never raises StoreAway."""
        return EditionFolder.pointer(self).current

    def names(self) -> list[str]:
        """All editions that are still there, drafts too, oldest first."""
        return edition_names(self.editions)

    def folder(self, name: str) -> Path:
        """The folder of an edition on this machine; it may be missing, which whoever opens it reports."""
        return self.editions / name

    def manifest(self, name: str) -> Manifest:
        """What an edition contains; raises EditionDamaged."""
        return read_manifest(self.editions / name)

    def document_ids(self, name: str | None = None) -> tuple[str, ...]:
        """The ids of the named or the current edition's documents; none where there is none or it is damaged."""
        chosen = name or self.current_name()
        with suppress(EditionDamaged):
            return self.manifest(chosen).documents if chosen else ()
        return ()

    def drafts(self) -> list[str]:
        """The editions that wait to be published, oldest first."""
        pointer = self.pointer()
        return [name for name in self.names() if name in pointer.drafts]

    def base_of(self, name: str) -> str | None:
        """The edition that was current when a draft was begun; the name itself where it is no draft."""
        note = self.pointer().drafts.get(name)
        return note.based_on if note else name

    def require_draft(self, name: str) -> None:
        """Raise NotPublishable unless there is a draft of this name."""
        if name not in self.drafts():
            raise NotPublishable(say("store.no_draft", name=name))

    def list_editions(self) -> list[EditionInfo]:
        """All editions with what each is at the moment, newest first."""
        pointer, infos = self.pointer(), []
        for name in reversed(self.names()):
            info = EditionInfo(name, pointer.state_of(name), outdated=pointer.is_outdated(name))
            if note := pointer.drafts.get(name):
                info = replace(info, based_on=note.based_on, made=note.made)
            with suppress(EditionDamaged):
                manifest = self.manifest(name)
                info = replace(info, created=manifest.created, documents=len(manifest.documents), items=manifest.items)
            infos.append(info)
        return infos

    def tidy(self) -> None:
        """Remove copies of what is gone elsewhere; a data folder of one machine has none."""

    def _open_database(self) -> Database:
        return Database(self.root)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer, without what killed ones left; may be entered again by its holder. Raises WriterBusy."""
        private_folder(self.root)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise WriterBusy(say("store.writer_here", root=self.root)) from error
        try:
            yield
        finally:
            self._lock.release()

    def _point(self, pointer: Pointer) -> None:
        """Replace the pointer at once and for good; only for the writer."""
        write_durably(self.root / CURRENT, pointer.dumped())

    def _take_in(self, folder: Path, name: str) -> None:
        """Give a finished folder the name of its edition, for good, instead of what has that name here."""
        close_to_others(folder)
        for path in (*folder.rglob("*"), folder):
            sync(path)
        private_folder(self.editions)
        if (self.editions / name).exists():
            remove(self.editions / name)
        folder.rename(self.editions / name)
        sync(self.editions)

    def _remove(self, name: str) -> None:
        if (self.editions / name).exists():
            remove(self.editions / name)

    def _remove_unfinished(self) -> None:
        """Remove what killed writers left."""
        for leftover in (*self.root.glob(f"*{UNFINISHED}"), *self.editions.glob(f"*{UNFINISHED}")):
            remove(leftover)
