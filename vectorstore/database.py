"""The tables beside the editions: what people decided, kept in one SQLite file of the data folder or in PostgreSQL.

Each table is made when it is first written to. The same statements (SQLAlchemy Core) serve both.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import MetaData, create_engine, event, func, inspect, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool, StaticPool
from sqlalchemy.schema import CreateIndex, CreateTable

from vectorstore.disk import private_file, private_folder
from vectorstore.errors import StoreAway, say

FILE = "operation.sqlite"
BUSY_SECONDS = 5
MAKING = 5_301_771  # the advisory lock of whoever makes tables
# Of libpq: a database that is away is told after seconds, not after the system's minutes.
PATIENCE = {"connect_timeout": 3, "tcp_user_timeout": 5000, "keepalives_idle": 30, "application_name": "strategielotse"}


class Database:
    """The tables of one data folder, in its `file`; with `url` those of a PostgreSQL database that machines share.

    Safe for threads and processes. Methods raise SQLAlchemyError. Where not `pooled` no connection outlives its use.
    Raises StoreAway where the package for PostgreSQL is missing.
    """

    def __init__(self, data_dir: Path, url: str | None = None, *, pooled: bool = True, file: str = FILE) -> None:
        self.path = None if url else data_dir / file
        self.engine = _shared(url, pooled) if url else _embedded(data_dir / file)

    @contextmanager
    def writing(self, tables: MetaData) -> Iterator[Connection]:
        """Hold a transaction in which `tables` exist."""
        if self.path is not None:
            with suppress(OSError):  # the database says so in its own way
                private_folder(self.path.parent)
                private_file(self.path)
        with self.engine.begin() as connection:
            self._make(connection, tables)
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

    @contextmanager
    def snapshot(self) -> Iterator[Connection | None]:
        """Hold a connection to all tables as they are at one moment, whoever goes on writing; None where none is."""
        if self.path is None:
            with self.engine.connect().execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            ) as connection:
                yield connection
        elif not self.path.exists():
            yield None
        else:
            with closing(sqlite3.connect(":memory:", check_same_thread=False)) as copy:
                with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as source:
                    source.backup(copy)
                engine = create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool)
                with engine.connect() as connection:
                    yield connection

    def damage(self) -> str | None:
        """Tell that the file is damaged; None where it is whole or not there yet. A server says so itself."""
        if self.path is None or not self.path.exists():
            return None
        try:
            with self.engine.connect() as connection:
                whole = connection.execute(text("PRAGMA quick_check(1)")).scalar() == "ok"
        except OperationalError:  # locked, or not to be opened: whoever uses it says so
            raise
        except DatabaseError:
            whole = False
        return None if whole else say("store.database_damaged", name=self.path.name)

    def compact(self) -> None:
        """Leave no trace of deleted rows in the file; PostgreSQL is asked for the same (VACUUM)."""
        if self.path is not None and not self.path.exists():
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
            if self.path is not None:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def _make(self, connection: Connection, tables: MetaData) -> None:
        """Make tables that are not there; two machines that begin at once would each try."""
        if self.path is None:
            known = inspect(connection)
            if all(known.has_table(name) for name in tables.tables):
                return
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MAKING})
        for table in tables.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))

    def close(self) -> None:
        """Let go of connections."""
        self.engine.dispose()


def clock(connection: Connection) -> float:
    """The moment in seconds since 1970 by the clock of the database: those of machines may differ."""
    if connection.dialect.name == "postgresql":
        return float(connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())
    return time.time()


@contextmanager
def away_told() -> Iterator[None]:
    """Turn what a shared database that is away makes fail into StoreAway."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreAway(say("store.no_database", error=type(error).__name__)) from error


def _embedded(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def overwrite_deleted(connection: DBAPIConnection, _: object) -> None:
        connection.cursor().execute("PRAGMA secure_delete = ON")

    return engine


def _shared(url: str, pooled: bool) -> Engine:
    kind = QueuePool if pooled else NullPool
    try:
        return create_engine(url, poolclass=kind, pool_pre_ping=True, connect_args=PATIENCE)
    except ModuleNotFoundError as error:
        message = say("store.no_postgres_package", name=error.name)
        raise StoreAway(message) from error
