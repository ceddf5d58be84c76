"""The database of all data outside of editions: an SQLite file in the data folder, or a shared
PostgreSQL database.

The same statements (SQLAlchemy Core) run on both. Tables are created when they are first written
to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import MetaData, Table, create_engine, event, extract, func, inspect, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.pool import NullPool

from vectorstore.disk import private_file, private_folder
from vectorstore.errors import StoreUnavailable, say

FILE = "operation.sqlite"
BUSY_SECONDS = 5
# Of libpq: an unreachable database is reported after seconds instead of minutes; times are in UTC.
CONNECT_OPTIONS = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 30,
    "options": "-c timezone=utc",
}
NOW = extract("epoch", func.now())  # by the clock of the database, in seconds since 1970
AT_ONCE = 500  # rows that are copied with one statement


class Database:
    """The SQLite database in a `file` of the data folder; with `url` the shared PostgreSQL database
    instead.

    Safe for threads and processes: connections are closed at the end of their `with` block. Methods
    raise SQLAlchemyError. Raises StoreUnavailable if the package for PostgreSQL is missing or the
    folder cannot be created.
    """

    def __init__(self, data_dir: Path, url: str | None = None, *, file: str = FILE) -> None:
        self.path = None if url else data_dir / file
        try:
            server = (
                create_engine(url, poolclass=NullPool, connect_args=CONNECT_OPTIONS)
                if url
                else None
            )
        except ModuleNotFoundError as error:
            raise StoreUnavailable(say("store.no_postgres_package", name=error.name)) from error
        self.engine = server or _file_engine(data_dir / file)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")

    @property
    def is_missing(self) -> bool:
        """True if the SQLite file does not exist yet."""
        return self.path is not None and not self.path.exists()

    @contextmanager
    def writing(self, tables: MetaData) -> Iterator[Connection]:
        """Begin a write transaction, after creating `tables` where they are missing; commit at the
        end of the block.
        """
        if self.path is not None:
            try:
                private_folder(self.path.parent)
                private_file(self.path)
            except OSError as error:  # a file that cannot be written is reported by SQLite below
                if not self.path.parent.is_dir():
                    values = {"folder": self.path.parent, "reason": error.strerror}
                    raise StoreUnavailable(say("store.no_folder", **values)) from error
        try:
            tables.create_all(self._writer)
        except (
            IntegrityError,
            ProgrammingError,
        ):  # another machine created them at the same moment
            tables.create_all(self._writer)
        with self._writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self, tables: MetaData) -> Iterator[Connection]:
        """Open a connection for reading; if `tables` do not exist yet, to empty ones in memory."""
        if not self.is_missing:
            with self.engine.connect() as connection:
                if tables.tables.keys() <= set(inspect(connection).get_table_names()):
                    yield connection
                    return
        with create_engine("sqlite://", poolclass=NullPool).connect() as connection:
            tables.create_all(connection)
            yield connection

    def copy_to(self, target: Database, tables: Sequence[Table]) -> None:
        """Replace the rows of these tables in `target` by a consistent snapshot of the rows
        here.
        """
        metadata = MetaData()
        copies = [table.to_metadata(metadata) for table in tables]
        with target.writing(metadata) as writer:
            for table in copies:
                writer.execute(table.delete())
            if self.is_missing:
                return
            with self.engine.connect().execution_options(
                isolation_level="SERIALIZABLE", begin="BEGIN"
            ) as reader:
                known = set(inspect(reader).get_table_names())
                for table in copies:
                    rows = reader.execute(select(table)) if table.name in known else None
                    for batch in rows.mappings().partitions(AT_ONCE) if rows else ():
                        writer.execute(table.insert(), [dict(row) for row in batch])
                    _advance_sequence(writer, table)

    def damage(self) -> str | None:
        """A sentence if the SQLite file is damaged, else None; not checked for PostgreSQL."""
        if self.path is None or self.is_missing:
            return None
        try:
            with self.engine.connect() as connection:
                is_whole = connection.execute(text("PRAGMA quick_check(1)")).scalar() == "ok"
        except OperationalError:  # locked or not readable, which is no damage
            raise
        except DatabaseError:
            is_whole = False
        return None if is_whole else say("store.database_damaged", name=self.path.name)

    def compact(self) -> None:
        """Remove deleted rows from the files of the database (VACUUM)."""
        if not self.is_missing:
            with self.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                connection.execute(text("VACUUM"))

    def close(self) -> None:
        """Release the engine's resources."""
        self.engine.dispose()


def clock(connection: Connection) -> float:
    """The time by the clock of the database, in seconds since 1970; whole seconds for SQLite."""
    return float(connection.execute(select(NOW)).scalar_one())


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn errors of the database, as when a shared one is unreachable, into StoreUnavailable."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreUnavailable(say("store.no_database", error=type(error).__name__)) from error


def _advance_sequence(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number new rows after the highest copied number, as SQLite does by
    default.
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


def _file_engine(path: Path) -> Engine:
    """An engine for an SQLite file that begins transactions with the statement in the execution
    option `begin`.

    Python's sqlite3 takes no lock before the first change, so two writers could read the same
    state. Deleted content is overwritten (secure_delete).
    """
    engine = create_engine(
        f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: object) -> None:
        connection.isolation_level = None
        connection.cursor().execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if statement := connection.get_execution_options().get("begin"):
            connection.exec_driver_sql(statement)

    return engine
