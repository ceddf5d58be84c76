"""Where finished editions lie, which is published, and which are drafts: in the data folder, or for several machines.

An edition is a folder on this machine either way. Where machines share a database, published is what that says: a
machine fetches an edition when it first opens it, compares every file with its digest, builds the word indexes, and
serves from its own disk; while the database is away it goes on with what it has.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.analysis import Analyzer
from vectorstore.catalogue import read_catalogue
from vectorstore.database import Database
from vectorstore.disk import FILE_MODE, close_data_folder, close_to_others, private_folder, remove, sync, write_durably
from vectorstore.drafts import EditionInfo, EditionState, Pointer
from vectorstore.edition import WORD_INDEXES, write_word_indexes
from vectorstore.edition_files import (
    ANALYZER,
    CATALOGUE,
    CURRENT,
    MANIFEST,
    ORIGINALS,
    Manifest,
    age,
    edition_names,
    linked,
    manifest_in,
    read_manifest,
)  # fmt: skip
from vectorstore.errors import EditionDamaged, NotPublishable, StoreAway, WriterBusy, say
from vectorstore.kept_texts import SharedTexts, Texts
from vectorstore.questions import read_questions
from vectorstore.shared_editions import SharedEditions

ARRIVING = "arriving"  # in the data folder: what is being fetched
log = logging.getLogger("strategielotse")


class Shelf:
    """The editions of one data folder, or with `url` those of a PostgreSQL database, with copies in the folder.

    `texts` is what people keep beside them. Methods raise StoreAway while a shared database is away.
    """

    def __init__(self, root: Path, url: str | None = None) -> None:
        database = Database(root, url, pooled=False) if url else None
        self.root = root
        self.editions = root / "editions"
        self.texts = SharedTexts(database) if database else Texts(root)
        self._shared = SharedEditions(database) if database else None
        self._lock = FileLock(root / "writer.lock", timeout=0, mode=FILE_MODE)
        self._arrival = FileLock(root / "arriving.lock", mode=FILE_MODE)
        self._leaving: set[str] = set()

    def current_name(self) -> str | None:
        """The name of the published edition; None where nothing is ingested."""
        return self._pointer().current

    def last_known_name(self) -> str | None:
        """The same as far as this machine knows: cheap, and never raises StoreAway."""
        return self._noted().current

    def names(self) -> list[str]:
        """All editions that are still there, drafts too, oldest first."""
        return self._shared.names() if self._shared else edition_names(self.editions)

    def folder(self, name: str) -> Path:
        """The folder of an edition on this machine, fetched where that is needed; raises EditionDamaged.

        In a data folder of one machine it may be one that is not there: who opens it says so.
        """
        here = self.editions / name
        if self._shared is None:
            return here
        try:
            written = self._shared.manifest(name)
        except StoreAway:
            if here.is_dir():
                return here
            raise
        if not _is(here, written):
            private_folder(self.root)
            with self._arrival:
                if not _is(here, written):
                    self._fetch(name, written, self._shared)
        return here

    def drafts(self) -> list[str]:
        """The editions that wait to be published, oldest first."""
        noted = self._pointer().drafts
        return [name for name in self.names() if name in noted]

    def before(self, name: str) -> str | None:
        """The edition that was current before this one; None where it is gone or there was none.

        As noted where one was made current that is older, as a draft may be; else the youngest older one.
        """
        pointer = self._pointer()
        known = [one for one in self.names() if one not in pointer.drafts]
        if pointer.current == name and pointer.before in known:
            return pointer.before
        return next((one for one in reversed(known) if age(one) < age(name)), None)

    def base_of(self, name: str) -> str | None:
        """The edition that was current when a draft was begun; the name itself where it is no draft."""
        note = self._pointer().drafts.get(name)
        return note.based_on if note else name

    def is_outdated(self, name: str) -> bool:
        """Whether a draft started from an edition that is no longer current."""
        pointer = self._pointer()
        return name in pointer.drafts and pointer.drafts[name].based_on != pointer.current

    def require_draft(self, name: str) -> None:
        """Raise NotPublishable unless there is a draft of this name."""
        if name not in self.drafts():
            raise NotPublishable(say("store.no_draft", name=name))

    def listed(self) -> list[EditionInfo]:
        """All editions with what each is at the moment, newest first."""
        pointer = self._pointer()
        states = {pointer.current: EditionState.CURRENT}
        if pointer.current and (before := self.before(pointer.current)):
            states[before] = EditionState.BEFORE
        found = []
        for name in reversed(self.names()):
            note = pointer.drafts.get(name)
            one = EditionInfo(name, EditionState.DRAFT if note else states.get(name, EditionState.LEFT))
            if note:
                outdated = note.based_on != pointer.current
                one = replace(one, based_on=note.based_on, made=note.made, outdated=outdated)
            with suppress(EditionDamaged):
                said = self._manifest(name)
                one = replace(one, created=said.created, documents=len(said.documents), items=said.items)
            found.append(one)
        return found

    def document_ids(self, name: str | None = None) -> tuple[str, ...]:
        """The ids of the named or the current edition's documents; none where there is none or nobody can tell."""
        with suppress(EditionDamaged):
            chosen = name or self.current_name()
            return self._manifest(chosen).documents if chosen else ()
        return ()

    def tidy(self) -> None:
        """Remove copies of what is gone from a shared database, and was the last time: a server may just leave it."""
        if self._shared is None:
            return
        gone = set(edition_names(self.editions)) - set(self.names())
        with self._arrival:
            for name in gone & self._leaving:
                remove(self.editions / name)
        self._leaving = gone - self._leaving

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer, of this folder and of all machines; may be entered again by its holder.

        Raises WriterBusy. What lies in the data folder is closed to other users, before and afterwards.
        """
        private_folder(self.root)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise WriterBusy(say("store.writer_here", root=self.root)) from error
        try:
            close_data_folder(self.root)
            with self._shared.writing() if self._shared else nullcontext():
                yield
        finally:
            close_data_folder(self.root)
            self._lock.release()

    def _pointer(self) -> Pointer:
        """What is published and what are drafts; what a database says is noted here, for when it is away."""
        if self._shared is None:
            return self._noted()
        found = self._shared.pointer()
        if found != self._noted():
            with suppress(OSError), self._arrival:  # several processes may do so at once, and a disk may be full
                private_folder(self.root)
                write_durably(self.root / CURRENT, found.dumped())
        return found

    def _noted(self) -> Pointer:
        with suppress(FileNotFoundError):
            return Pointer.loaded((self.root / CURRENT).read_text(encoding="utf-8"))
        return Pointer()

    def _point(self, pointer: Pointer) -> None:
        """Say what is published and what are drafts, at once and for good; only for the writer."""
        if self._shared is None:
            write_durably(self.root / CURRENT, pointer.dumped())
        else:
            self._shared.point(pointer)
            self._pointer()

    def _manifest(self, name: str) -> Manifest:
        """What an edition says about itself; raises EditionDamaged."""
        return manifest_in(self._shared.manifest(name), name) if self._shared else read_manifest(self.editions / name)

    def _keep(self, folder: Path, name: str) -> None:
        """Take in a finished folder, where all machines find it: there every file but the word indexes."""
        self._put(folder, name)
        if self._shared is not None:
            folder = self.editions / name
            files = {path: one.sha256 for path, one in read_manifest(folder).files.items() if path not in WORD_INDEXES}
            self._shared.keep(name, (folder / MANIFEST).read_text(encoding="utf-8"), folder, files)

    def _forget(self, name: str) -> None:
        """Remove an edition's folder, and what a database has of it."""
        if (self.editions / name).exists():
            remove(self.editions / name)
        if self._shared is not None:
            self._shared.drop(name)

    def _fetch(self, name: str, written: bytes, shared: SharedEditions) -> None:
        """Put an edition into its folder here, whole or not at all; only for the holder of the arrival lock."""
        coming = self.root / ARRIVING
        if coming.exists():
            remove(coming)
        private_folder(coming)
        shared.fetch(name, coming, self._linked)
        (coming / MANIFEST).write_bytes(written)
        catalogue = read_catalogue(coming / CATALOGUE)
        write_word_indexes(coming, catalogue, Analyzer.load(coming / ANALYZER), read_questions(coming))
        self._put(coming, name)
        log.info("edition %s fetched", name)

    def _put(self, folder: Path, name: str) -> None:
        """Have a whole folder here by the name of its edition, for good, instead of what is here by that name."""
        close_to_others(folder)
        for path in (*folder.rglob("*"), folder):
            sync(path)
        private_folder(self.editions)
        if (self.editions / name).exists():  # of a database that was restored, or left by a killed writer beside one
            remove(self.editions / name)
        folder.rename(self.editions / name)
        sync(self.editions)

    def _linked(self, path: str, digest: str, target: Path) -> bool:
        """Whether an original could be linked from another edition that is here."""
        here = self.editions.glob("*") if path.startswith(f"{ORIGINALS}/") else ()
        return any(linked(edition / path, digest, target) for edition in here)


def _is(folder: Path, written: bytes) -> bool:
    """Whether the edition of a folder is the published one, and not another of its name."""
    with suppress(OSError):
        return (folder / MANIFEST).read_bytes() == written
    return False
