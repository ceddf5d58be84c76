"""The editions of one data folder: listing them, the published one, and the lock of the single
writer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.manifest import POINTER_FILE, Manifest, edition_names, read_manifest
from vectorstore.pointer import EditionInfo, Pointer
from vectorstore.storage import (
    FILE_MODE,
    UNFINISHED_SUFFIX,
    Database,
    EditionDamaged,
    NotPublishable,
    WriterBusy,
    close_to_others,
    private_folder,
    remove_path,
    report_full_disk,
    say,
    sync_path,
    write_durably,
)
from vectorstore.texts import Texts

WRITER_LOCK = "writer.lock"  # a file of every data folder, by which one is known


class EditionFolder:
    """The editions and `texts` in a data folder.

    `vectorstore.shared` has a subclass for several machines, whose methods raise StoreUnavailable
    too. Another format of the data folder raises EditionMismatch.
    """

    def __init__(self, root: Path, database: Database | None = None) -> None:
        """The editions below `root`; `database` is that of the data folder unless given."""
        self.root = root
        self.editions = root / "editions"
        self._database = database or Database(root)
        self.texts = Texts(self._database)
        self._lock = FileLock(root / WRITER_LOCK, timeout=0, mode=FILE_MODE)

    def pointer(self) -> Pointer:
        """The published edition and the drafts, an empty pointer before anything was published.

        Raises EditionDamaged if the file `current` is damaged.
        """
        try:
            return Pointer.loaded((self.root / POINTER_FILE).read_bytes())
        except FileNotFoundError:
            return Pointer()
        except (IsADirectoryError, ValueError) as error:
            raise EditionDamaged(
                say("store.pointer_damaged", path=self.root / POINTER_FILE)
            ) from error

    def current_name(self) -> str | None:
        """The name of the published edition; None if there is none."""
        return self.pointer().current

    def local_current_name(self) -> str | None:
        """The published edition by this machine's data folder, without asking a shared database."""
        return EditionFolder.pointer(self).current

    def names(self) -> list[str]:
        """The names of all existing editions, drafts included, oldest first."""
        return edition_names(self.editions)

    def folder(self, name: str) -> Path:
        """The folder of an edition on this machine, which need not exist."""
        return self.editions / name

    def manifest(self, name: str) -> Manifest:
        """The manifest of an edition; raises EditionDamaged."""
        return read_manifest(self.editions / name)

    def document_ids(self, name: str | None = None) -> tuple[str, ...]:
        """The ids of the named or the current edition's documents.

        () if there is no such edition or its manifest is damaged.
        """
        edition_name = name or self.current_name()
        with suppress(EditionDamaged):
            if edition_name is not None:
                return self.manifest(edition_name).documents
        return ()

    def drafts(self) -> list[str]:
        """The names of unpublished drafts, oldest first."""
        pointer = self.pointer()
        return [name for name in self.names() if name in pointer.drafts]

    def require_draft(self, name: str) -> None:
        """Raise NotPublishable unless there is a draft of this name."""
        if name not in self.drafts():
            raise NotPublishable(say("store.no_draft", name=name))

    def require_changeable(self, name: str) -> None:
        """Raise NotPublishable unless this is a draft, or the published edition, of which a draft
        can be made.
        """
        if name != self.current_name():
            self.require_draft(name)

    def list_editions(self) -> list[EditionInfo]:
        """All editions with their state, newest first.

        A damaged edition is listed too, without its day and its counts, which are in its manifest.
        """
        pointer, infos = self.pointer(), []
        for name in reversed(self.names()):
            info = EditionInfo(name, pointer.state_of(name), outdated=pointer.is_outdated(name))
            draft = pointer.drafts.get(name)
            if draft is not None:
                info = replace(info, based_on=draft.based_on, made=draft.made)
            with suppress(EditionDamaged):
                manifest = self.manifest(name)
                info = replace(
                    info,
                    created=manifest.created,
                    documents=len(manifest.documents),
                    items=manifest.items,
                )
            infos.append(info)
        return infos

    def remove_gone_copies(self) -> None:
        """Remove local copies of editions that are no longer shared; a data folder of one machine
        has none.
        """

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock of the single writer, after removing what a killed writer left unfinished.

        A block in such a block does not wait for the lock again. Raises WriterBusy if another
        process holds the lock, and NoSpace for errors of a full disk.
        """
        private_folder(self.root)
        try:
            lock = self._lock.acquire()
        except Timeout as error:
            raise WriterBusy(say("store.writer_here", root=self.root)) from error
        with lock, report_full_disk(self.root):
            self._remove_unfinished()
            yield

    def _point(self, pointer: Pointer) -> None:
        """Replace the pointer atomically and durably; only for the writer."""
        write_durably(self.root / POINTER_FILE, pointer.dumped())

    def _take_in(self, folder: Path, name: str) -> None:
        """Rename a finished folder to its edition's name, durably, replacing a folder of that
        name.
        """
        close_to_others(folder)
        for path in (*folder.rglob("*"), folder):
            sync_path(path)
        private_folder(self.editions)
        remove_path(self.editions / name)
        folder.rename(self.editions / name)
        sync_path(self.editions)

    def _remove(self, name: str) -> None:
        remove_path(self.editions / name)

    def _remove_unfinished(self) -> None:
        """Remove unfinished files and folders of killed writers."""
        for leftover in (
            *self.root.glob(f"*{UNFINISHED_SUFFIX}"),
            *self.editions.glob(f"*{UNFINISHED_SUFFIX}"),
        ):
            remove_path(leftover)
