"""Editions in a database that several machines share; each machine has a copy of what it serves in its data folder.

Published is what the database says. A machine fetches an edition when it first opens it, compares every file with its
digest, builds the word indexes, and serves from its own disk: while the database is away it goes on with what it has.
A file that several editions hold, such as an original that did not change, is stored once, in parts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC
from functools import partial
from hashlib import sha256
from itertools import chain
from pathlib import Path

from filelock import FileLock
from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from vectorstore.amending.form import read_amendments
from vectorstore.analysis import Analyzer
from vectorstore.building import WORD_INDEXES, write_word_indexes
from vectorstore.catalogue import read_catalogue
from vectorstore.database import Database, away_told
from vectorstore.disk import FILE_MODE, close_to_others, private_folder
from vectorstore.drafts import DraftNote, Pointer
from vectorstore.edition_files import (
    ANALYZER,
    CATALOGUE,
    MANIFEST,
    NOTED,
    ORIGINALS,
    Manifest,
    by_age,
    linked,
    manifest_in,
    read_manifest,
    remove,
    sync,
    sync_tree,
)
from vectorstore.errors import EditionDamaged, StoreAway, WriterBusy
from vectorstore.kept_texts import SharedTexts
from vectorstore.questions import read_questions
from vectorstore.shelf import Shelf

WRITER = 5_301_770  # the advisory lock of the one writer
PART_BYTES = 1024 * 1024
ARRIVING = "arriving"  # in the data folder: what is being fetched
log = logging.getLogger("strategielotse")
METADATA = MetaData()
POINTER = Table(
    "edition_current",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("edition", String(40), nullable=False),
    Column("before", String(40)),  # the one published until then, where their age does not tell
)
EDITIONS = Table(
    "edition",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("manifest", Text, nullable=False),  # edition.json as it was written
    Column("lexical", JSON, nullable=False),  # of an earlier version
)
FILES = Table(
    "edition_file",
    METADATA,
    Column("edition", String(40), primary_key=True),
    Column("path", String(400), primary_key=True),
    Column("digest", String(64), nullable=False),
)
DRAFTS = Table(
    "edition_draft",
    METADATA,
    Column("edition", String(40), primary_key=True),
    Column("based_on", String(40)),
    Column("made", DateTime(timezone=True), nullable=False),
)
PARTS = Table(
    "edition_part",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)


class SharedShelf(Shelf):
    """A `Shelf` in the database at `url`, with copies below `root`; safe for processes."""

    is_folder = False

    def __init__(self, root: Path, url: str) -> None:
        super().__init__(root)
        self._database = Database(root, url, pooled=False)
        self.texts = SharedTexts(self._database)
        self._arrival = FileLock(root / "arriving.lock", mode=FILE_MODE)
        self._writer: Connection | None = None
        self._leaving: set[str] = set()

    def pointer(self) -> Pointer:
        """See `Shelf.pointer`; what the database says is noted here, for when it is away."""
        found = Pointer()
        with self._reading() as connection:
            if connection is not None:
                said = connection.execute(select(POINTER)).first()
                drafts = {
                    row.edition: DraftNote(row.based_on, row.made.astimezone(UTC))
                    for row in connection.execute(select(DRAFTS))
                }
                found = Pointer(said.edition if said else None, said.before if said else None, drafts)
        self._remember(found)
        return found

    def point(self, pointer: Pointer) -> None:
        """See `Shelf.point`."""
        with self._transaction() as connection:
            for table in (POINTER, DRAFTS):
                connection.execute(delete(table))
            if pointer.current:
                connection.execute(insert(POINTER), {"id": 1, "edition": pointer.current, "before": pointer.before})
            for name, note in pointer.drafts.items():
                connection.execute(insert(DRAFTS), {"edition": name, "based_on": note.based_on, "made": note.made})
        self._remember(pointer)

    def names(self) -> list[str]:
        """See `Shelf.names`."""
        with self._reading() as connection:
            return by_age(connection.execute(select(EDITIONS.c.name)).scalars() if connection else [])

    def manifest(self, name: str) -> Manifest:
        """See `Shelf.manifest`."""
        return manifest_in(self._written(name), name)

    def folder(self, name: str) -> Path:
        """See `Shelf.folder`; fetches it where it is not here as it was published."""
        here = super().folder(name)
        try:
            written = self._written(name)
        except StoreAway:
            if here.is_dir():
                return here
            raise
        if not _is(here, written):
            private_folder(self._root)
            with self._arrival:
                if not _is(here, written):
                    self._fetch(name, written)
        return here

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See `Shelf.writing`: one writer of this machine, and of all machines."""
        with super().writing():
            if self._writer is not None:
                yield
                return
            with away_told():
                with self._database.writing(METADATA):
                    pass
                self._writer = self._database.engine.connect()
            try:
                self._take_turn(self._writer)
                yield
            finally:
                writer, self._writer = self._writer, None
                with suppress(SQLAlchemyError):  # the lock ends with its connection
                    writer.close()

    def keep(self, name: str) -> None:
        """See `Shelf.keep`: the manifest and every file but the word indexes."""
        folder = super().folder(name)
        files = {path: one.sha256 for path, one in read_manifest(folder).files.items() if path not in WORD_INDEXES}
        manifest = (folder / MANIFEST).read_text(encoding="utf-8")
        with self._transaction() as connection:
            _remove(connection, name)
            connection.execute(insert(EDITIONS), {"name": name, "manifest": manifest, "lexical": {}})
            for path, digest in files.items():
                connection.execute(insert(FILES), {"edition": name, "path": path, "digest": digest})
            known = select(PARTS.c.digest).where(PARTS.c.digest.in_(set(files.values())))
            stored = set(connection.execute(known).scalars())
            for digest, path in {digest: path for path, digest in files.items() if digest not in stored}.items():
                with (folder / path).open("rb") as file:
                    parts = iter(partial(file.read, PART_BYTES), b"")
                    for number, content in enumerate(chain([file.read(PART_BYTES)], parts)):
                        connection.execute(insert(PARTS), {"digest": digest, "part": number, "content": content})

    def drop(self, name: str) -> None:
        """See `Shelf.drop`."""
        super().drop(name)
        with self._transaction() as connection:
            _remove(connection, name)

    def tidy(self) -> None:
        """See `Shelf.tidy`: an edition that was gone the last time already; a server may just be leaving it."""
        gone = set(super().names()) - set(self.names())
        with self._arrival:
            for name in gone & self._leaving:
                super().drop(name)
        self._leaving = gone - self._leaving

    def _written(self, name: str) -> bytes:
        """The manifest of an edition as it was written."""
        with self._reading() as connection:
            wanted = select(EDITIONS.c.manifest).where(EDITIONS.c.name == name)
            found = connection.execute(wanted).scalar() if connection else None
        if found is None:
            raise EditionDamaged(f"Die Ausgabe {name} gibt es in der gemeinsamen Datenbank nicht.")
        return str(found).encode()

    def _fetch(self, name: str, written: bytes) -> None:
        """Put an edition into its folder here, whole or not at all; only for the holder of the arrival lock."""
        coming = self._root / ARRIVING
        if coming.exists():
            remove(coming)
        private_folder(coming)
        with self._reading() as connection:
            files = select(FILES.c.path, FILES.c.digest).where(FILES.c.edition == name)
            for path, digest in connection.execute(files).all() if connection else ():
                target = coming / path
                target.parent.mkdir(parents=True, exist_ok=True)
                here = self._editions.glob("*") if path.startswith(f"{ORIGINALS}/") else ()
                if connection and not any(linked(edition / path, digest, target) for edition in here):
                    _write(connection, digest, target, name)
        (coming / MANIFEST).write_bytes(written)
        catalogue = read_catalogue(coming / CATALOGUE).amended(read_amendments(coming))
        write_word_indexes(coming, catalogue, Analyzer.load(coming / ANALYZER), read_questions(coming))
        close_to_others(coming)
        sync_tree(coming)
        super().drop(name)
        private_folder(self._editions)
        coming.rename(super().folder(name))
        sync(self._editions)
        log.info("Ausgabe %s geholt", name)

    def _remember(self, pointer: Pointer) -> None:
        """Keep here what is published; several processes may do so at once, and a disk may be full."""
        if pointer != self.last_known():
            with suppress(OSError), self._arrival:
                private_folder(self._root)
                super().point(pointer)

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


def _remove(connection: Connection, name: str) -> None:
    """Forget an edition and what no other one holds of its files."""
    connection.execute(delete(FILES).where(FILES.c.edition == name))
    connection.execute(delete(EDITIONS).where(EDITIONS.c.name == name))
    connection.execute(delete(PARTS).where(PARTS.c.digest.not_in(select(FILES.c.digest))))


def _is(folder: Path, written: bytes) -> bool:
    """Whether the edition of a folder is the published one, and not another of its name."""
    try:
        return (folder / MANIFEST).read_bytes() == written
    except OSError:
        return False


def _write(connection: Connection, digest: str, target: Path, name: str) -> None:
    """Write a file from its parts, one in memory at a time."""
    seen = sha256()
    numbers = connection.execute(select(PARTS.c.part).where(PARTS.c.digest == digest).order_by(PARTS.c.part))
    with target.open("wb") as file:
        for number in numbers.scalars().all():
            part = connection.execute(select(PARTS.c.content).where(PARTS.c.digest == digest, PARTS.c.part == number))
            content = part.scalar_one()
            seen.update(content)
            file.write(content)
    if seen.hexdigest() != digest and not target.as_posix().endswith(NOTED):
        raise EditionDamaged(f"In der gemeinsamen Datenbank ist die Ausgabe {name} unvollständig oder verändert.")
