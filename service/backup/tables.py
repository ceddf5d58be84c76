"""The tables beside the editions as lines of JSON, the same from SQLite and PostgreSQL, and back into either.

What only holds for a while or for one machine is left out: sessions, links, uploads on their way.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, MetaData, Table, delete, func, insert, inspect, select
from sqlalchemy.engine import Connection

from prompts import say
from service import audit
from service.backup.archive import BackupError
from service.feedback import store as feedback
from service.people import decisions, marks, migrating, open_questions
from vectorstore.database import Database

# Those of earlier versions come back with their backups, and become decisions when they are opened.
KEPT = tuple(
    table
    for one in (audit, decisions, marks, open_questions, migrating)
    for table in one.METADATA.sorted_tables
)  # fmt: skip
RATINGS = tuple(feedback.METADATA.sorted_tables)
Rows = list[dict[str, Any]]


def dumped(connection: Connection, table: Table) -> bytes | None:
    """Return a table's rows as JSON, one a line; None where there is no such table."""
    if not inspect(connection).has_table(table.name):
        return None
    rows = connection.execute(select(table).order_by(*table.primary_key)).mappings()
    said = ({column.name: _out(row[column.name]) for column in table.columns} for row in rows)
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in said).encode()


def understood(dumps: Mapping[str, bytes]) -> dict[str, Rows]:
    """Return the rows of each table, none where there is no dump; raises BackupError."""
    found = {}
    for table in (*KEPT, *RATINGS):
        lines = [line for line in dumps.get(table.name, b"").split(b"\n") if line]
        try:
            rows = [json.loads(line).items() for line in lines]
            found[table.name] = [{name: _in(table.columns[name], value) for name, value in row} for row in rows]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(say("backup.other_table", table=table.name)) from error
    return found


def fill(database: Database, tables: Iterable[Table], rows: Mapping[str, Rows]) -> None:
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


def _out(value: Any) -> Any:
    if isinstance(value, datetime):  # SQLite gives moments without their zone, which is UTC
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _in(column: Column[Any], value: Any) -> Any:
    kind = column.type.python_type
    if value is not None and kind in (datetime, date):
        return kind.fromisoformat(value)
    return b64decode(value) if value is not None and kind is bytes else value
