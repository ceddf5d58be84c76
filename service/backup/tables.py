"""The tables beside the editions as lines of JSON, the same from SQLite and PostgreSQL, and back into either.

What only holds for a while or for one machine is left out: sessions, links, uploads on their way.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Date, DateTime, LargeBinary, MetaData, Table, delete, func, insert, inspect, select
from sqlalchemy.engine import Connection

from service import audit, shared_key
from service.backup.archive import BackupError
from service.feedback import store as feedback
from service.people import decisions, marks, migrating, open_questions, turns
from service.staff import account_sessions, links, sessions
from service.uploads import book
from vectorstore import kept_texts, shared_tables
from vectorstore.database import Database

# Those of earlier versions come back with their backups, and become decisions when they are opened.
KEPT = (audit.METADATA, decisions.METADATA, marks.METADATA, open_questions.METADATA, migrating.METADATA)
RATINGS = feedback.METADATA
# Editions, texts and the key are members of their own; the rest ends by itself.
LEFT_OUT = (
    shared_tables.METADATA,
    kept_texts.METADATA,
    shared_key.METADATA,
    sessions.METADATA,
    account_sessions.METADATA,
    links.METADATA,
    turns.METADATA,
    book.METADATA,
)


def tables_of(*kept: MetaData) -> list[Table]:
    """Return the tables of these descriptions."""
    return [table for one in kept for table in one.sorted_tables]


def dumped(connection: Connection, table: Table) -> bytes | None:
    """Return a table's rows as JSON, one a line; None where there is no such table."""
    if not inspect(connection).has_table(table.name):
        return None
    rows = connection.execute(select(table).order_by(*table.primary_key)).mappings()
    return "".join(f"{json.dumps(_said(table, row), ensure_ascii=False)}\n" for row in rows).encode()


def understood(tables: Iterable[Table], dumps: Mapping[str, bytes]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each table, none where there is no dump; raises BackupError."""
    found = {}
    for table in tables:
        lines = [line for line in dumps.get(table.name, b"").split(b"\n") if line]
        try:
            found[table.name] = [_row(table, json.loads(line)) for line in lines]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(f"Die Tabelle {table.name} der Sicherung passt nicht zu dieser Version.") from error
    return found


def fill(database: Database, tables: Sequence[Table], rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Have exactly these rows in the tables; raises SQLAlchemyError."""
    described = MetaData()
    for table in tables:
        table.to_metadata(described)
    with database.writing(described) as connection:
        for table in tables:
            connection.execute(delete(table))
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])
            _go_on_counting(connection, table)


def filled(connection: Connection, tables: Iterable[Table]) -> list[str]:
    """Return the names of those of these tables that have a row."""
    known = inspect(connection)
    there = [table for table in tables if known.has_table(table.name)]
    return [table.name for table in there if connection.execute(select(table).limit(1)).first() is not None]


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number the next row after those that were put in with their numbers; SQLite does by itself."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar()
    last = connection.execute(select(func.max(column))).scalar()
    if sequence is not None and last is not None:
        connection.execute(select(func.setval(sequence, last)))


def _said(table: Table, row: Any) -> dict[str, Any]:
    return {column.name: _out(row[column.name]) for column in table.columns}


def _row(table: Table, said: dict[str, Any]) -> dict[str, Any]:
    if unknown := said.keys() - table.columns.keys():
        raise ValueError(unknown)
    return {name: _in(table.columns[name], value) for name, value in said.items()}


def _out(value: Any) -> Any:
    if isinstance(value, datetime):  # SQLite gives moments without their zone, which is UTC
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _in(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return b64decode(value) if isinstance(column.type, LargeBinary) else value
