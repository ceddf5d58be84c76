"""Editions in a database that several machines share; each machine has a copy of what it serves in its data folder.

Published is what the database says. A machine fetches an edition when it first opens it, compares every file with its
digest, builds the word indexes, and serves from its own disk: while the database is away it goes on with what it has.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from filelock import FileLock
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from vectorstore import shared_tables
from vectorstore.database import Database, away_told
from vectorstore.drafts import DraftNote
from vectorstore.edition_files import (
    CURRENT,
    MANIFEST,
    NOTED,
    Manifest,
    by_age,
    manifest_in,
    remove,
    sync_folder,
    sync_tree,
)
from vectorstore.errors import EditionDamaged, StoreAway, WriterBusy
from vectorstore.kept_texts import SharedTexts
from vectorstore.lexical import LexicalSettings
from vectorstore.originals import linked_original
from vectorstore.private_modes import FILE_MODE, close_to_others, private_folder
from vectorstore.shared_tables import METADATA
from vectorstore.shelf import Shelf
from vectorstore.word_indexes import rebuild_word_indexes

WRITER = 5_301_770  # the advisory lock of the one writer
ARRIVING = "arriving"  # in the data folder: what is being fetched
log = logging.getLogger("strategielotse")


class SharedShelf(Shelf):
    """A `Shelf` in the database at `url`, with copies below `root`; safe for processes."""

    is_folder = False

    def __init__(self, root: Path, url: str) -> None:
        super().__init__(root)
        self._database = Database(root, url, pooled=False)
        self.texts = SharedTexts(root, self._database)
        self._arrival = FileLock(root / "arriving.lock", mode=FILE_MODE)
        self._writer: Connection | None = None
        self._leaving: set[str] = set()

    def current_name(self) -> str | None:
        """See `Shelf.current_name`; what the database says is noted here, for when it is away."""
        with self._reading() as connection:
            name = shared_tables.pointed_to(connection) if connection else None
        self._note(name)
        return name

    def names(self) -> list[str]:
        """See `Shelf.names`."""
        with self._reading() as connection:
            return by_age(shared_tables.kept_names(connection) if connection else [])

    def manifest(self, name: str) -> Manifest:
        """See `Shelf.manifest`."""
        return manifest_in(self._kept(name)[0].encode(), name)

    def folder(self, name: str) -> Path:
        """See `Shelf.folder`; fetches it where it is not here as it was published."""
        here = super().folder(name)
        try:
            written, lexical = self._kept(name)
        except StoreAway:
            if here.is_dir():
                return here
            raise
        if not _is(here, written):
            private_folder(self._root)
            with self._arrival:
                if not _is(here, written):
                    self._fetch(name, written, lexical)
        return here

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See `Shelf.writing`: one writer of this machine, and of all machines."""
        with super().writing():
            if self._writer is not None:
                yield
                return
            with away_told(), self._database.writing(METADATA):
                pass
            with away_told():
                self._writer = self._database.engine.connect()
            try:
                self._take_turn(self._writer)
                yield
            finally:
                writer, self._writer = self._writer, None
                with suppress(SQLAlchemyError):  # the lock ends with its connection
                    writer.close()

    def keep(self, name: str, lexical: LexicalSettings) -> None:
        """See `Shelf.keep`."""
        with self._transaction() as connection:
            shared_tables.store_edition(connection, name, super().folder(name), lexical)

    def point_to(self, name: str, before: str | None = None) -> None:
        """See `Shelf.point_to`."""
        with self._transaction() as connection:
            shared_tables.point(connection, name, before)
        self._note(name)

    def before(self, name: str) -> str | None:
        """See `Shelf.before`."""
        with self._reading() as connection:
            return shared_tables.noted_before(connection, name) if connection else None

    def drafts(self) -> dict[str, DraftNote]:
        """See `Shelf.drafts`."""
        with self._reading() as connection:
            return shared_tables.noted_drafts(connection) if connection else {}

    def note_draft(self, name: str, note: DraftNote | None) -> None:
        """See `Shelf.note_draft`."""
        with self._transaction() as connection:
            shared_tables.note_draft(connection, name, note)

    def drop(self, name: str) -> None:
        """See `Shelf.drop`."""
        super().drop(name)
        with self._transaction() as connection:
            shared_tables.remove_edition(connection, name)

    def tidy(self) -> None:
        """See `Shelf.tidy`: an edition that was gone the last time already; a server may just be leaving it."""
        gone = set(super().names()) - set(self.names())
        with self._arrival:
            for name in gone & self._leaving:
                super().drop(name)
        self._leaving = gone - self._leaving

    def _kept(self, name: str) -> tuple[str, LexicalSettings]:
        with self._reading() as connection:
            found = shared_tables.kept_edition(connection, name) if connection else None
        if found is None:
            raise EditionDamaged(f"Die Ausgabe {name} gibt es in der gemeinsamen Datenbank nicht.")
        return found

    def _fetch(self, name: str, written: str, lexical: LexicalSettings) -> None:
        """Put an edition into its folder here, whole or not at all; only for the holder of the arrival lock."""
        manifest = manifest_in(written.encode(), name)
        coming = self._root / ARRIVING
        if coming.exists():
            remove(coming)
        private_folder(coming)
        with self._reading() as connection:
            files = shared_tables.kept_files(connection, name) if connection else {}
            for path, digest in files.items():
                target = coming / path
                target.parent.mkdir(parents=True, exist_ok=True)
                if connection is not None and not linked_original(path, digest, target, self._editions.glob("*")):
                    _write(connection, digest, target, name)
        (coming / MANIFEST).write_bytes(written.encode())
        if other := rebuild_word_indexes(coming, manifest, lexical):
            log.warning("Ausgabe %s: auf diesem Rechner anders gerundet sind %s", name, ", ".join(other))
        close_to_others(coming)
        sync_tree(coming)
        super().drop(name)
        private_folder(self._editions)
        coming.rename(super().folder(name))
        sync_folder(self._editions)
        log.info("Ausgabe %s geholt", name)

    def _note(self, name: str | None) -> None:
        """Keep here which edition is published; several processes may do so at once, and a disk may be full."""
        if name == super().current_name():
            return
        with suppress(OSError), self._arrival:
            private_folder(self._root)
            if name:
                super().point_to(name)
            else:
                (self._root / CURRENT).unlink(missing_ok=True)

    def _take_turn(self, writer: Connection) -> None:
        with away_told(), writer.begin():
            alone = writer.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": WRITER}).scalar_one()
        if not alone:
            raise WriterBusy(
                "Auf einem anderen Rechner schreibt gerade ein Vorgang in die gemeinsame Datenbank. "
                "Bitte später noch einmal versuchen."
            )

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Write by the connection that holds the writer's lock: where that is lost, nothing is written."""
        if self._writer is None:
            raise RuntimeError("only the writer may write")
        with away_told(), self._writer.begin():
            yield self._writer

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        with away_told(), self._database.reading(METADATA) as connection:
            yield connection


def _is(folder: Path, written: str) -> bool:
    """Whether the edition of a folder is the published one, and not another of its name."""
    try:
        return (folder / MANIFEST).read_bytes() == written.encode()
    except OSError:
        return False


def _write(connection: Connection, digest: str, target: Path, name: str) -> None:
    seen = sha256()
    with target.open("wb") as file:
        for part in shared_tables.content_of(connection, digest):
            seen.update(part)
            file.write(part)
    if seen.hexdigest() != digest and not target.as_posix().endswith(NOTED):
        raise EditionDamaged(f"In der gemeinsamen Datenbank ist die Ausgabe {name} unvollständig oder verändert.")
