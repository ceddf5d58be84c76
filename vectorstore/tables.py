"""The catalogue in SQL: three tables, records as JSON beside the columns that a query would name."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date
from pathlib import Path
from sys import intern
from typing import Any

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, Text, create_engine, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from vectorstore.catalogue import Catalogue
from vectorstore.codec import DOCUMENT, ITEM
from vectorstore.records import Chunk, Item

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
_CHUNK = [CHUNKS.c[one.name] for one in fields(Chunk)]


def write_catalogue(path: Path, catalogue: Catalogue) -> None:
    """Write a catalogue into a new SQLite file in one transaction; raises IntegrityError for a key used twice."""
    documents = ({"id": one.id, "record": DOCUMENT.dump_json(one).decode()} for one in catalogue.documents.values())
    chunks = ({column.name: getattr(one, column.name) for column in _CHUNK} for one in catalogue.chunks)
    engine = _engine(path, "rwc")
    try:
        with engine.begin() as connection:
            METADATA.create_all(connection, checkfirst=False)
            for table, rows in ((DOCUMENTS, documents), (ITEMS, map(_item_row, catalogue.items)), (CHUNKS, chunks)):
                if numbered := _numbered(rows):
                    connection.execute(insert(table), numbered)
    finally:
        engine.dispose()


def read_catalogue(path: Path, day: date | None = None) -> Catalogue:
    """The catalogue of a finished SQLite file, opened read-only and without locks; `day` is that of its edition."""
    engine = _engine(path, "ro&immutable=1")
    try:
        with engine.connect() as connection:
            documents = connection.execute(select(DOCUMENTS.c.record).order_by(DOCUMENTS.c.position)).scalars()
            items = connection.execute(select(ITEMS.c.record).order_by(ITEMS.c.position)).scalars()
            chunks = connection.execute(select(*_CHUNK).order_by(CHUNKS.c.position))
            return Catalogue(
                [DOCUMENT.validate_json(record) for record in documents],
                [ITEM.validate_json(record) for record in items],
                [_chunk(*row) for row in chunks],
                day,
            )
    finally:
        engine.dispose()


def _engine(path: Path, mode: str) -> Engine:
    """An engine for a file; JSON columns carry JSON text, which the codec reads and writes faster than `json`."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    as_is: Callable[[Any], Any] = lambda value: value  # noqa: E731
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(uri, uri=True),
        poolclass=NullPool,
        json_serializer=as_is,
        json_deserializer=as_is,
    )


def _numbered(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "position": position} for position, row in enumerate(rows)]


def _item_row(item: Item) -> dict[str, Any]:
    status, record = item.status.value if item.status else None, ITEM.dump_json(item).decode()
    named = {"document_id": item.document_id, "key": item.key, "kind": item.kind.value, "ref": item.ref}
    return {**named, "status": status, "record": record}


def _chunk(id_: str, document_id: str, key: str, text: str, context: str, start: int, end: int) -> Chunk:
    """A chunk that shares with others what they have in common: a tenth of the memory for chunks."""
    shared = {"document_id": intern(document_id), "key": intern(key), "context": intern(context)}
    return Chunk(id=id_, text=text, start=start, end=end, **shared)
