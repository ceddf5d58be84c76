"""The schema version of the tables beside the editions: read, and raised by migrations (Alembic).

Each migration runs in the transaction of its caller, so tables are migrated completely or not at
all, whenever the process dies. Alembic is imported only for a migration, as that takes half a
second.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, event, func, inspect, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.schema import Table

from vectorstore.storage.errors import EditionMismatch, say

SCHEMA = 2  # the version of the newest file in `migrations/versions`
MIGRATIONS = Path(__file__).with_name("migrations")
VERSION_TABLE = "alembic_version"  # Alembic's own, with one row
MIGRATING = 5_301_773  # number of the advisory lock of whoever migrates in PostgreSQL
EDITION_TABLES = "edition"  # prefix of the tables of editions, which are never copied
ROWS_AT_ONCE = 500  # that are copied with one statement


class SchemaMismatch(EditionMismatch, SQLAlchemyError):
    """The tables have a schema that this program cannot use; for its users the database fails."""


def find_version(connection: Connection) -> int | None:
    """The schema version of the tables: 0 before versions were counted, None without any tables.

    Raises SchemaMismatch for a newer one.
    """
    names = inspect(connection).get_table_names()
    if VERSION_TABLE not in names:
        return 0 if names else None
    version = int(connection.scalar(select(text(f"version_num FROM {VERSION_TABLE}"))) or 0)
    if version > SCHEMA:
        raise SchemaMismatch(say("store.newer_schema", found=version, known=SCHEMA))
    return version


def lock(connection: Connection) -> None:
    """Wait until no other machine migrates a shared database; SQLite's writer is alone already."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))


def upgrade(connection: Connection) -> None:
    """Migrate the tables to `SCHEMA` in an open transaction; raises SchemaMismatch,
    SQLAlchemyError.
    """
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    # "%" has a meaning in the options of Alembic
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")


def copy_file(source: Path, target: Path) -> None:
    """Replace an SQLite database by the contents of another, all or nothing, also under readers."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def copy_tables(source: Connection, target: Connection) -> None:
    """Replace all tables in `target` except editions by those in `source`.

    The two may be of different kinds, SQLite and PostgreSQL, so tables are created from their
    description in `source`, and rows are read and inserted.
    """
    there, here = (_reflect(connection) for connection in (source, target))
    here.drop_all(target)
    there.create_all(target)
    for table in there.sorted_tables:
        copy_rows(source, target, table)


def copy_rows(source: Connection, target: Connection, table: Table) -> None:
    """Insert all rows of a table into the equal one in `target`."""
    for rows in source.execute(select(table)).mappings().partitions(ROWS_AT_ONCE):
        target.execute(table.insert(), [dict(row) for row in rows])
    advance_sequence(target, table)


def _reflect(connection: Connection) -> MetaData:
    """The tables of a database except those of editions, with types that any database has.

    Default values are left out: in PostgreSQL the default of a numbered column is a sequence, which
    the other database does not have.
    """
    metadata = MetaData()
    names = inspect(connection).get_table_names()

    @event.listens_for(metadata, "column_reflect")
    def generalize(_inspector: object, _table: object, column: dict[str, Any]) -> None:
        column["type"] = column["type"].as_generic()
        column["default"] = None  # the sequence of a number

    metadata.reflect(
        connection, only=[name for name in names if not name.startswith(EDITION_TABLES)]
    )
    return metadata


def advance_sequence(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number new rows after the highest number in a table, as SQLite does by
    default.

    Rows that were copied with their numbers do not advance PostgreSQL's own counter, and new rows
    would get numbers that are taken.
    """
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    sequence = connection.execute(
        select(func.pg_get_serial_sequence(table.name, column.name))
    ).scalar()
    last = connection.execute(select(func.max(column))).scalar()
    if sequence is not None and last is not None:
        connection.execute(select(func.setval(sequence, last)))
