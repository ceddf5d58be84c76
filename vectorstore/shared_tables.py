"""Editions in the shared database: which there are, which is published, and their files in parts by digest.

A file that several editions hold, such as an original that did not change, is stored once. The word indexes are not
stored: whoever fetches an edition builds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC
from pathlib import Path

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
    update,
)
from sqlalchemy.engine import Connection

from vectorstore.drafts import DraftNote
from vectorstore.edition_files import MANIFEST, read_manifest
from vectorstore.file_parts import parts_of
from vectorstore.lexical import LexicalSettings
from vectorstore.word_indexes import REBUILT

ROW = 1  # the one row of the pointer
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
    Column("lexical", JSON, nullable=False),
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


def pointed_to(connection: Connection) -> str | None:
    """The name of the published edition."""
    return connection.execute(select(POINTER.c.edition)).scalar()


def point(connection: Connection, name: str, before: str | None) -> None:
    """Publish an edition; `before` is the one published until then, where their age does not tell."""
    if not connection.execute(update(POINTER).values(edition=name, before=before)).rowcount:
        connection.execute(insert(POINTER), {"id": ROW, "edition": name, "before": before})


def noted_before(connection: Connection, name: str) -> str | None:
    """Which one was published before this one, as it was noted."""
    return connection.execute(select(POINTER.c.before).where(POINTER.c.edition == name)).scalar()


def noted_drafts(connection: Connection) -> dict[str, DraftNote]:
    """What is noted of drafts, by their names."""
    rows = connection.execute(select(DRAFTS)).all()
    return {row.edition: DraftNote(row.based_on, row.made.astimezone(UTC)) for row in rows}


def note_draft(connection: Connection, name: str, note: DraftNote | None) -> None:
    """Note that an edition is a draft, or with None that it is none."""
    connection.execute(delete(DRAFTS).where(DRAFTS.c.edition == name))
    if note is not None:
        connection.execute(insert(DRAFTS), {"edition": name, "based_on": note.based_on, "made": note.made})


def kept_names(connection: Connection) -> list[str]:
    """The names of all editions, in any order."""
    return list(connection.execute(select(EDITIONS.c.name)).scalars())


def kept_edition(connection: Connection, name: str) -> tuple[str, LexicalSettings] | None:
    """The text of an edition's manifest, and the settings of its word indexes; None where there is no such edition."""
    row = connection.execute(select(EDITIONS.c.manifest, EDITIONS.c.lexical).where(EDITIONS.c.name == name)).first()
    return (row.manifest, LexicalSettings(**row.lexical)) if row else None


def store_edition(connection: Connection, name: str, folder: Path, lexical: LexicalSettings) -> None:
    """Take in a finished folder: its manifest and every file but the word indexes."""
    remove_edition(connection, name)
    files = {path: one.sha256 for path, one in (read_manifest(folder).files or {}).items() if path not in REBUILT}
    manifest = (folder / MANIFEST).read_text(encoding="utf-8")
    connection.execute(insert(EDITIONS), {"name": name, "manifest": manifest, "lexical": asdict(lexical)})
    if files:
        rows = [{"edition": name, "path": path, "digest": digest} for path, digest in files.items()]
        connection.execute(insert(FILES), rows)
    stored = set(connection.execute(select(PARTS.c.digest).where(PARTS.c.digest.in_(set(files.values())))).scalars())
    for digest, path in {digest: path for path, digest in files.items() if digest not in stored}.items():
        for number, content in enumerate(parts_of(folder / path)):
            connection.execute(insert(PARTS), {"digest": digest, "part": number, "content": content})


def remove_edition(connection: Connection, name: str) -> None:
    """Forget an edition and what no other one holds of its files."""
    connection.execute(delete(FILES).where(FILES.c.edition == name))
    connection.execute(delete(EDITIONS).where(EDITIONS.c.name == name))
    connection.execute(delete(PARTS).where(PARTS.c.digest.not_in(select(FILES.c.digest))))


def kept_files(connection: Connection, name: str) -> dict[str, str]:
    """The SHA-256 of every stored file of an edition by its path."""
    found = connection.execute(select(FILES.c.path, FILES.c.digest).where(FILES.c.edition == name))
    return {row.path: row.digest for row in found}


def content_of(connection: Connection, digest: str) -> Iterator[bytes]:
    """The parts of a file, one in memory at a time."""
    numbers = connection.execute(select(PARTS.c.part).where(PARTS.c.digest == digest).order_by(PARTS.c.part))
    for number in numbers.scalars().all():
        wanted = select(PARTS.c.content).where(PARTS.c.digest == digest, PARTS.c.part == number)
        yield connection.execute(wanted).scalar_one()
