"""The catalogue in SQL: three tables, records as JSON beside the columns that a query would name.

SQLite today; the tables name nothing that PostgreSQL does not have.
"""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from datetime import date
from pathlib import Path
from sys import intern
from typing import Any

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, Text, create_engine, insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from vectorstore.catalogue import Catalogue
from vectorstore.codec import DOCUMENT, ITEM
from vectorstore.records import Chunk

METADATA = MetaData()
DOCUMENTS = Table(
    "document",
    METADATA,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("record", JSON, nullable=False),
)
ITEMS = Table(
    "item",
    METADATA,
    Column("document_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("ref", String, nullable=False),
    Column("status", String),
    Column("record", JSON, nullable=False),
)
CHUNKS = Table(
    "chunk",
    METADATA,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("document_id", String, nullable=False),
    Column("key", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("context", Text, nullable=False),
    Column("text", Text, nullable=False),
)


def write_catalogue(path: Path, catalogue: Catalogue) -> None:
    """Write a catalogue into a new SQLite file in one transaction; raises IntegrityError for a key used twice."""
    engine = _engine(f"{path.absolute().as_uri()}?mode=rwc")
    try:
        with engine.begin() as connection:
            METADATA.create_all(connection, checkfirst=False)
            _insert(connection, DOCUMENTS, _document_rows(catalogue))
            _insert(connection, ITEMS, _item_rows(catalogue))
            _insert(connection, CHUNKS, _chunk_rows(catalogue))
    finally:
        engine.dispose()


def read_catalogue(path: Path, day: date | None = None) -> Catalogue:
    """The catalogue of a finished SQLite file, opened read-only and without locks; `day` is that of its edition."""
    engine = _engine(f"{path.absolute().as_uri()}?mode=ro&immutable=1")
    try:
        with engine.connect() as connection:
            documents = connection.execute(select(DOCUMENTS.c.record).order_by(DOCUMENTS.c.position)).scalars()
            items = connection.execute(select(ITEMS.c.record).order_by(ITEMS.c.position)).scalars()
            columns = [CHUNKS.c[one.name] for one in fields(Chunk)]
            chunks = connection.execute(select(*columns).order_by(CHUNKS.c.position))
            return Catalogue(
                [DOCUMENT.validate_json(record) for record in documents],
                [ITEM.validate_json(record) for record in items],
                [_chunk(*row) for row in chunks],
                day,
            )
    finally:
        engine.dispose()


def _engine(uri: str) -> Engine:
    """An engine for a file URI; JSON columns carry JSON text, which the codec reads and writes faster than `json`."""
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(uri, uri=True),
        poolclass=NullPool,
        json_serializer=_as_is,
        json_deserializer=_as_is,
    )


def _as_is(value: Any) -> Any:
    return value


def _insert(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _document_rows(catalogue: Catalogue) -> list[dict[str, object]]:
    return [
        {"id": document.id, "position": position, "record": DOCUMENT.dump_json(document).decode()}
        for position, document in enumerate(catalogue.documents.values())
    ]


def _item_rows(catalogue: Catalogue) -> list[dict[str, object]]:
    return [
        {
            "document_id": item.document_id,
            "key": item.key,
            "position": position,
            "kind": item.kind.value,
            "ref": item.ref,
            "status": item.status.value if item.status else None,
            "record": ITEM.dump_json(item).decode(),
        }
        for position, item in enumerate(catalogue.items)
    ]


def _chunk_rows(catalogue: Catalogue) -> list[dict[str, object]]:
    names = ("id", "document_id", "key", "start", "end", "context", "text")
    return [
        {"position": position, **{name: getattr(chunk, name) for name in names}}
        for position, chunk in enumerate(catalogue.chunks)
    ]


def _chunk(id_: str, document_id: str, key: str, text: str, context: str, start: int, end: int) -> Chunk:
    """A chunk that shares with others what they have in common: a tenth of the memory for chunks."""
    return Chunk(
        id=id_,
        document_id=intern(document_id),
        key=intern(key),
        text=text,
        context=intern(context),
        start=start,
        end=end,
    )
