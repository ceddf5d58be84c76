"""The service's key where several machines share a database: the first one's is everybody's, each keeps a copy."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, String, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from service.service_key import keep_key, service_key
from vectorstore.database import Database

METADATA = MetaData()
KEYS = Table(
    "service_key", METADATA, Column("id", Integer, primary_key=True), Column("key", String(64), nullable=False)
)
ROW = 1
log = logging.getLogger("strategielotse")


def shared_key(database: Database, folder: Path) -> bytes:
    """Return the key of the database; while that is away the copy in the data folder, as the last start left it."""
    own = service_key(folder)
    try:
        key = _agreed(database, own)
    except SQLAlchemyError as error:
        log.warning(
            "Die gemeinsame Datenbank ist nicht erreichbar (%s); es gilt der Schlüssel hier", type(error).__name__
        )
        return own
    if key != own:
        keep_key(folder, key)
    return key


def put_key(database: Database, key: bytes) -> None:
    """Have the database hold this key; raises SQLAlchemyError."""
    with database.writing(METADATA) as connection:
        connection.execute(delete(KEYS))
        connection.execute(insert(KEYS), {"id": ROW, "key": key.hex()})


def _agreed(database: Database, own: bytes) -> bytes:
    """Return the key that is there, this one where there was none."""
    if (found := _stored(database)) is not None:
        return found
    try:
        with database.writing(METADATA) as connection:
            connection.execute(insert(KEYS), {"id": ROW, "key": own.hex()})
    except IntegrityError:  # another machine was first
        return _stored(database) or own
    return own


def _stored(database: Database) -> bytes | None:
    with database.reading(METADATA) as connection:
        found = connection.execute(select(KEYS.c.key)).scalar() if connection else None
    return bytes.fromhex(found) if found else None
