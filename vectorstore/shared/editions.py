"""Editions in PostgreSQL: the pointer, the manifests, and all files in parts, stored once for
several editions.

A machine fetches an edition when it first opens it, checks every file's digest, and serves it from
its own disk; while the database is unreachable, it continues with the editions that it has.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from vectorstore.editions import EditionStore
from vectorstore.manifest import (
    MANIFEST,
    ORIGINALS_FOLDER,
    POINTER_FILE,
    Manifest,
    edition_names,
    edition_sort_key,
    find_damage,
    link_known,
    parse_manifest,
    read_manifest,
)
from vectorstore.pointer import Pointer
from vectorstore.storage import (
    FILE_MODE,
    EditionDamaged,
    StoreUnavailable,
    WriterBusy,
    private_folder,
    remove_path,
    say,
    translate_errors,
    write_durably,
)

ARRIVING = "arriving"  # folder in the data folder for the edition that is being fetched
WRITER = 5_301_770  # number of the writer's advisory lock in PostgreSQL
PART_BYTES = 1024 * 1024
METADATA = sa.MetaData()
POINTER = sa.Table(
    "edition_pointer",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary),
)
EDITIONS = sa.Table(
    "edition",
    METADATA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("manifest", sa.LargeBinary, nullable=False),  # edition.json as it was written
)
PARTS = sa.Table(
    "edition_part",
    METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),  # SHA-256 of the file, as in manifests
    sa.Column("part", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
log = logging.getLogger("strategielotse")


class SharedEditionStore(EditionStore):
    """The editions of a PostgreSQL database, with copies in the data folder. Methods raise
    StoreUnavailable.
    """

    _writer: Connection | None = None
    # names of editions that were gone at the last `remove_gone_copies`
    _gone_before = frozenset[str]()

    @cached_property
    def _arrival(self) -> FileLock:
        return FileLock(self.root / "arriving.lock", mode=FILE_MODE)

    def pointer(self) -> Pointer:
        """The published edition and the drafts, as the database has them; raises EditionDamaged.

        The pointer is also copied to the data folder, where it is read while the database cannot be
        reached.
        """
        with self._reading() as connection:
            content = connection.execute(select(POINTER.c.content)).scalar()
        pointer = Pointer.loaded(content) if content else Pointer()
        with suppress(OSError):  # several processes may write at once, or the disk be full
            path = self.root / POINTER_FILE
            if content and not (path.is_file() and path.read_bytes() == content):
                private_folder(self.root)
                with self._arrival:
                    write_durably(path, content)
        return pointer

    def names(self) -> list[str]:
        """See `EditionFolder.names`."""
        with self._reading() as connection:
            return sorted(
                connection.execute(select(EDITIONS.c.name)).scalars(), key=edition_sort_key
            )

    def manifest(self, name: str) -> Manifest:
        """See `EditionFolder.manifest`."""
        return parse_manifest(self._stored_manifest(name), name)

    def folder(self, name: str) -> Path:
        """The folder of an edition on this machine; raises EditionDamaged.

        An edition that is missing here, or another one of its name, is replaced by that of the
        database. While the database cannot be reached, an existing folder is returned unchecked.
        """
        folder = self.editions / name
        try:
            content = self._stored_manifest(name)
        except StoreUnavailable:
            if folder.is_dir():
                return folder
            raise
        if not _has_manifest(folder, content):
            private_folder(self.root)
            with self._arrival:
                if not _has_manifest(folder, content):
                    self._fetch(name, content)
        return folder

    def remove_gone_copies(self) -> None:
        """Remove local copies of editions that are gone from the database.

        A copy may still be open when its edition goes. So it is removed only at the second call
        that finds its edition gone.
        """
        gone = frozenset(edition_names(self.editions)) - set(self.names())
        with self._arrival:
            for name in gone & self._gone_before:
                remove_path(self.editions / name)
        self._gone_before = gone - self._gone_before  # the others were removed just now

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's locks of this folder and of the database; raises WriterBusy.

        The lock in the database is that of a connection, on which this writer then writes
        everything. Tables are created or migrated before. A block in such a block takes no further
        lock.
        """
        with super().writing():
            if self._writer is not None:
                yield
                return
            with translate_errors():
                with self._database.writing():  # creates or migrates the tables
                    pass
                self._writer = self._database.engine.connect()
            try:
                with self._transaction() as writer:
                    if not writer.execute(
                        select(sa.func.pg_try_advisory_lock(WRITER))
                    ).scalar_one():
                        raise WriterBusy(say("store.writer_elsewhere"))
                yield
            finally:
                connection, self._writer = self._writer, None
                # Closing the connection would release the lock too, but only when the server
                # notices it.
                with suppress(SQLAlchemyError), closing(connection):
                    connection.execute(select(sa.func.pg_advisory_unlock(WRITER)))

    def _chosen_name(self, name: str | None) -> str:
        """The name, or that of the current edition if None; raises NothingIngested.

        While the database cannot be reached, it is the current edition that this machine knows.
        """
        try:
            return super()._chosen_name(name)
        except StoreUnavailable:
            known = self.local_current_name()
            if known is None:
                raise
            return known

    def _point(self, pointer: Pointer) -> None:
        with self._transaction() as connection:
            connection.execute(delete(POINTER))
            connection.execute(insert(POINTER), {"id": 1, "content": pointer.dumped()})
        self.pointer()  # copies it to the data folder

    def _take_in(self, folder: Path, name: str) -> None:
        """Rename a finished folder as `EditionFolder` does, and store the edition in the database.

        A file is stored under its digest, so only files that no edition has yet are stored anew.
        """
        super()._take_in(folder, name)
        edition = self.editions / name
        stored_files = read_manifest(edition).files.items()
        files = {stored.sha256: edition / path for path, stored in stored_files}  # by digest
        with self._transaction() as connection:
            connection.execute(delete(EDITIONS).where(EDITIONS.c.name == name))
            connection.execute(
                insert(EDITIONS), {"name": name, "manifest": (edition / MANIFEST).read_bytes()}
            )
            known = connection.execute(
                select(PARTS.c.digest).where(PARTS.c.digest.in_(files))
            ).scalars()
            for digest in files.keys() - set(known):
                _store_parts(connection, digest, files[digest])

    def _remove(self, name: str) -> None:
        """Remove an edition from the data folder and from the database.

        Files are shared by editions, so only the parts of files that no other edition has are
        removed.
        """
        super()._remove(name)
        with self._transaction() as connection:
            connection.execute(delete(EDITIONS).where(EDITIONS.c.name == name))
            manifests = connection.execute(select(EDITIONS.c.manifest)).scalars()
            used = set[str]()
            for content in manifests:
                used.update(file.sha256 for file in parse_manifest(content, "").files.values())
            connection.execute(delete(PARTS).where(PARTS.c.digest.not_in(used)))

    def _stored_manifest(self, name: str) -> bytes:
        """The manifest of an edition in the database, as it was written; raises EditionDamaged if
        there is none.
        """
        with self._reading() as connection:
            stored = select(EDITIONS.c.manifest).where(EDITIONS.c.name == name)
            content: bytes | None = connection.execute(stored).scalar()
        if content is None:
            raise EditionDamaged(say("store.not_in_database", name=name))
        return content

    def _fetch(self, name: str, manifest: bytes) -> None:
        """Copy an edition from the database into its folder; the caller has the arrival lock.

        It arrives under another name and is renamed at the end, so that readers see it whole or not
        at all. Files are checked by their digests; raises EditionDamaged.
        """
        arriving = self.root / ARRIVING
        remove_path(arriving)
        private_folder(arriving)
        with self._reading() as connection:
            for path, stored in parse_manifest(manifest, name).files.items():
                target = arriving / path
                target.parent.mkdir(parents=True, exist_ok=True)
                # only originals stay the same from edition to edition
                is_original = path.startswith(f"{ORIGINALS_FOLDER}/")
                if not (is_original and link_known(self.editions, path, stored.sha256, target)):
                    _write_parts(connection, stored.sha256, target)
                    if find_damage(arriving, path, stored):
                        raise EditionDamaged(say("store.shared_damaged", name=name))
        (arriving / MANIFEST).write_bytes(manifest)
        super()._take_in(arriving, name)
        log.info("edition %s fetched", name)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Begin a transaction on the connection with the writer's lock, so that nothing is written
        without the lock.
        """
        if self._writer is None:
            raise RuntimeError("only the writer may write")
        with translate_errors(), self._writer.begin():
            yield self._writer

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translate_errors(), self._database.reading(METADATA) as connection:
            yield connection


def _has_manifest(folder: Path, content: bytes) -> bool:
    """True if the edition in a folder has this manifest, not another edition of the same name."""
    with suppress(OSError):
        return (folder / MANIFEST).read_bytes() == content
    return False


def _store_parts(connection: Connection, digest: str, path: Path) -> None:
    """Store a file in parts of `PART_BYTES`; an empty file has none."""
    with path.open("rb") as file:
        for part, content in enumerate(iter(partial(file.read, PART_BYTES), b"")):
            row = {"digest": digest, "part": part, "content": content}
            connection.execute(insert(PARTS), row)


def _write_parts(connection: Connection, digest: str, target: Path) -> None:
    """Write the file with this digest from its parts, one in memory at a time."""
    parts = select(PARTS.c.content).where(PARTS.c.digest == digest).order_by(PARTS.c.part)
    with (
        target.open("wb") as file,
        connection.execute(parts, execution_options={"yield_per": 1}) as rows,
    ):
        file.writelines(rows.scalars())
