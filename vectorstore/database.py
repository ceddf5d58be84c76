"""The tables beside the editions: what people decided, kept in one SQLite file of the data folder or in PostgreSQL.

Each table is made when it is first written to. The same statements (SQLAlchemy Core) serve both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import MetaData, create_engine, event, inspect, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

from vectorstore.private_modes import private_file, private_folder

FILE = "operation.sqlite"
BUSY_SECONDS = 5


class Database:
    """The tables of one data folder; with `url` those of a PostgreSQL database that several machines share.

    Safe for threads and processes. Methods raise SQLAlchemyError.
    """

    def __init__(self, data_dir: Path, url: str | None = None) -> None:
        self.path = None if url else data_dir / FILE
        self.engine = create_engine(url, pool_pre_ping=True) if url else _embedded(data_dir / FILE)

    @contextmanager
    def writing(self, tables: MetaData) -> Iterator[Connection]:
        """Hold a transaction in which `tables` exist."""
        if self.path is not None:
            with suppress(OSError):  # the database says so in its own way
                private_folder(self.path.parent)
                private_file(self.path)
        with self.engine.begin() as connection:
            for table in tables.sorted_tables:  # no `create_all`: two who write first would both make them
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))
            yield connection

    @contextmanager
    def reading(self, tables: MetaData) -> Iterator[Connection | None]:
        """Hold a connection to read by; None where nothing was written to `tables` yet."""
        if self.path is not None and not self.path.exists():
            yield None
            return
        with self.engine.connect() as connection:
            known = inspect(connection)
            yield connection if all(known.has_table(name) for name in tables.tables) else None

    def compact(self) -> None:
        """Leave no trace of deleted rows in the file; PostgreSQL is asked for the same (VACUUM)."""
        if self.path is not None and not self.path.exists():
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
            if self.path is not None:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def close(self) -> None:
        """Let go of connections."""
        self.engine.dispose()


def _embedded(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _overwriting)
    return engine


def _overwriting(connection: DBAPIConnection, _: object) -> None:
    """Have what is deleted overwritten with zeros."""
    connection.cursor().execute("PRAGMA secure_delete = ON")
