"""Editions in the database that several machines share: what is published, their manifests, and their files in parts.

A file that several editions hold, such as an original that did not change, is stored once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from vectorstore.database import Database, away_told
from vectorstore.drafts import DraftNote, Pointer
from vectorstore.edition_files import NOTED, age
from vectorstore.errors import EditionDamaged, WriterBusy, say

WRITER = 5_301_770  # the advisory lock of the one writer
PART_BYTES = 1024 * 1024
METADATA = sa.MetaData()
POINTER = sa.Table(
    "edition_current", METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("edition", sa.String(40), nullable=False),
    sa.Column("before", sa.String(40)),  # the one published until then, where their age does not tell
)  # fmt: skip
EDITIONS = sa.Table(
    "edition", METADATA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("manifest", sa.Text, nullable=False),  # edition.json as it was written
    sa.Column("lexical", sa.JSON, nullable=False),  # of an earlier version
)  # fmt: skip
FILES = sa.Table(
    "edition_file", METADATA,
    sa.Column("edition", sa.String(40), primary_key=True),
    sa.Column("path", sa.String(400), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
)  # fmt: skip
DRAFTS = sa.Table(
    "edition_draft", METADATA,
    sa.Column("edition", sa.String(40), primary_key=True),
    sa.Column("based_on", sa.String(40)),
    sa.Column("made", sa.DateTime(timezone=True), nullable=False),
)  # fmt: skip
PARTS = sa.Table(
    "edition_part", METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)  # fmt: skip
Linked = Callable[[str, str, Path], bool]
"""Puts a file of this path and digest at a place, where this machine has it; tells whether it has."""


class SharedEditions:
    """The tables of the editions of several machines; safe for processes. Methods raise StoreAway."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writer: Connection | None = None

    def pointer(self) -> Pointer:
        """What is published and what are drafts."""
        with self._reading() as connection:
            if connection is None:
                return Pointer()
            said, waiting = connection.execute(select(POINTER)).first(), connection.execute(select(DRAFTS))
            drafts = {row.edition: DraftNote(row.based_on, row.made.astimezone(UTC)) for row in waiting}
            return Pointer(said.edition if said else None, said.before if said else None, drafts)

    def point(self, pointer: Pointer) -> None:
        """Say what is published and what are drafts; only for the writer, as all that changes something."""
        with self._transaction() as connection:
            for table in (POINTER, DRAFTS):
                connection.execute(delete(table))
            if pointer.current:
                connection.execute(insert(POINTER), {"id": 1, "edition": pointer.current, "before": pointer.before})
            for name, note in pointer.drafts.items():
                connection.execute(insert(DRAFTS), {"edition": name, "based_on": note.based_on, "made": note.made})

    def names(self) -> list[str]:
        """All editions, oldest first."""
        with self._reading() as connection:
            return sorted(connection.execute(select(EDITIONS.c.name)).scalars() if connection else [], key=age)

    def manifest(self, name: str) -> bytes:
        """The manifest of an edition as it was written; raises EditionDamaged where there is none."""
        with self._reading() as connection:
            wanted = select(EDITIONS.c.manifest).where(EDITIONS.c.name == name)
            found = connection.execute(wanted).scalar() if connection else None
        if found is None:
            raise EditionDamaged(say("store.not_in_database", name=name))
        return str(found).encode()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer of all machines; may be entered again by its holder. Raises WriterBusy."""
        if self._writer is not None:
            yield
            return
        with away_told():
            with self._database.writing(METADATA):
                pass
            self._writer = self._database.engine.connect()
        try:
            with self._transaction() as writer:
                free = writer.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": WRITER}).scalar_one()
            if not free:
                raise WriterBusy(say("store.writer_elsewhere"))
            yield
        finally:
            writer, self._writer = self._writer, None
            with suppress(SQLAlchemyError):  # the lock ends with its connection
                writer.close()

    def keep(self, name: str, manifest: str, folder: Path, files: Mapping[str, str]) -> None:
        """Take in an edition: its manifest, and of its folder these files, given with their digests."""
        with self._transaction() as connection:
            _remove(connection, name)
            connection.execute(insert(EDITIONS), {"name": name, "manifest": manifest, "lexical": {}})
            for path, digest in files.items():
                connection.execute(insert(FILES), {"edition": name, "path": path, "digest": digest})
            known = select(PARTS.c.digest).where(PARTS.c.digest.in_(set(files.values())))
            stored = set(connection.execute(known).scalars())
            for digest, path in {digest: path for path, digest in files.items() if digest not in stored}.items():
                with (folder / path).open("rb") as file:
                    number, content = 0, file.read(PART_BYTES)
                    while content or not number:
                        connection.execute(insert(PARTS), {"digest": digest, "part": number, "content": content})
                        number, content = number + 1, file.read(PART_BYTES)

    def drop(self, name: str) -> None:
        """Forget an edition and what no other one holds of its files."""
        with self._transaction() as connection:
            _remove(connection, name)

    def fetch(self, name: str, folder: Path, linked: Linked) -> None:
        """Write the files of an edition into a folder; raises EditionDamaged where one is not what was kept."""
        with self._reading() as connection:
            files = select(FILES.c.path, FILES.c.digest).where(FILES.c.edition == name)
            for path, digest in connection.execute(files).all() if connection else ():
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                if connection and not linked(path, digest, target):
                    written = _write(connection, digest, target)
                    if written != digest and path != NOTED:
                        raise EditionDamaged(say("store.shared_damaged", name=name))

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
    connection.execute(delete(FILES).where(FILES.c.edition == name))
    connection.execute(delete(EDITIONS).where(EDITIONS.c.name == name))
    connection.execute(delete(PARTS).where(PARTS.c.digest.not_in(select(FILES.c.digest))))


def _write(connection: Connection, digest: str, target: Path) -> str:
    """Write a file from its parts, one in memory at a time; returns its digest."""
    seen = sha256()
    numbers = connection.execute(select(PARTS.c.part).where(PARTS.c.digest == digest).order_by(PARTS.c.part))
    with target.open("wb") as file:
        for number in numbers.scalars().all():
            part = select(PARTS.c.content).where(PARTS.c.digest == digest, PARTS.c.part == number)
            content = connection.execute(part).scalar_one()
            seen.update(content)
            file.write(content)
    return seen.hexdigest()
