"""The tables beside the editions as lines of JSON, the same from SQLite and PostgreSQL, and back into either.

What only holds for a while or for one machine is left out: sessions, links, uploads on their way.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, delete, func, insert, inspect, select
from sqlalchemy.engine import Connection

from prompts import say
from service import audit, feedback
from service.backup.archive import BackupError
from service.people import decisions, marks, migrating, open_questions
from vectorstore.database import Database

# Those of earlier versions come back with their backups, and become decisions when they are opened.
KEPT = tuple(
    table
    for one in (audit, decisions, marks, open_questions, migrating)
    for table in one.METADATA.sorted_tables
)  # fmt: skip
RATINGS = tuple(feedback.METADATA.sorted_tables)
_READ: dict[type, Callable[[str], Any]] = {datetime: datetime.fromisoformat, date: date.fromisoformat, bytes: b64decode}
Rows = list[dict[str, Any]]


def dump(connection: Connection, table: Table, target: Path) -> None:
    """Write a table's rows as JSON, one a line."""
    with target.open("w", encoding="utf-8") as file:
        for row in connection.execute(select(table).order_by(*table.primary_key)).mappings():
            file.write(json.dumps(dict(row), ensure_ascii=False, default=_written) + "\n")


def understood(folder: Path) -> dict[str, Rows]:
    """Return the rows of each table, none where the folder has no dump of it; raises BackupError."""
    found: dict[str, Rows] = {}
    for table in (*KEPT, *RATINGS):
        path, kinds = folder / f"{table.name}.jsonl", {one.name: one.type.python_type for one in table.columns}
        lines = path.read_bytes().splitlines() if path.is_file() else []
        try:
            rows = [json.loads(line).items() for line in lines]
            found[table.name] = [{name: _read(kinds[name], value) for name, value in row} for row in rows]
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


def there(connection: Connection, tables: Iterable[Table]) -> list[Table]:
    """Return those of these tables that the database has."""
    known = inspect(connection)
    return [table for table in tables if known.has_table(table.name)]


def filled(connection: Connection, tables: Iterable[Table]) -> list[str]:
    """Return the names of those of these tables that have a row."""
    found = there(connection, tables)
    return [one.name for one in found if connection.execute(select(one).limit(1)).first() is not None]


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number the next row after those that were put in with their numbers; SQLite does by itself."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar()
    last = connection.execute(select(func.max(column))).scalar()
    if sequence is not None and last is not None:
        connection.execute(select(func.setval(sequence, last)))


def _written(value: Any) -> str:
    if isinstance(value, datetime):  # SQLite gives moments without their zone, which is UTC
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value.isoformat() if isinstance(value, date) else b64encode(value).decode()


def _read(kind: type, value: Any) -> Any:
    return _READ[kind](value) if kind in _READ and value is not None else value
