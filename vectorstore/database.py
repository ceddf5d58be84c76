"""The tables beside the editions: one SQLite file of the data folder, or the PostgreSQL database that machines share.

The same statements (SQLAlchemy Core) serve both. Tables are created when they are first written to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import MetaData, Table, create_engine, event, extract, func, inspect, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from vectorstore.disk import private_file, private_folder
from vectorstore.errors import StoreAway, say

FILE = "operation.sqlite"
BUSY_SECONDS = 5
# Of libpq: a database that is away is reported after seconds, not after the system's minutes; moments are in UTC.
PATIENCE = {"connect_timeout": 3, "tcp_user_timeout": 5000, "keepalives_idle": 30, "options": "-c timezone=utc"}
NOW = extract("epoch", func.now())  # by the clock of the database
AT_ONCE = 500  # rows that are copied together


class Database:
    """The tables of one data folder, in its `file`; with `url` those of a PostgreSQL database that machines share.

    Safe for threads and processes: a connection lives as long as its block. Methods raise SQLAlchemyError. Raises
    StoreAway where the package for PostgreSQL is missing, and before writing where the folder cannot be made.
    """

    def __init__(self, data_dir: Path, url: str | None = None, *, file: str = FILE) -> None:
        self.path = None if url else data_dir / file
        try:
            server = create_engine(url, poolclass=NullPool, connect_args=PATIENCE) if url else None
        except ModuleNotFoundError as error:
            raise StoreAway(say("store.no_postgres_package", name=error.name)) from error
        self.engine = server or _file_engine(data_dir / file)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")

    @property
    def is_missing(self) -> bool:
        """True while the file was not written to."""
        return self.path is not None and not self.path.exists()

    @contextmanager
    def writing(self, tables: MetaData) -> Iterator[Connection]:
        """Hold a transaction in which `tables` exist."""
        if self.path is not None:
            try:
                private_folder(self.path.parent)
                private_file(self.path)
            except OSError as error:  # a file that cannot be written the database reports in its own way
                if not self.path.parent.is_dir():
                    values = {"folder": self.path.parent, "reason": error.strerror}
                    raise StoreAway(say("store.no_folder", **values)) from error
        try:
            tables.create_all(self._writer)
        except (IntegrityError, ProgrammingError):  # another machine created them at the same moment
            tables.create_all(self._writer)
        with self._writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self, tables: MetaData) -> Iterator[Connection]:
        """Hold a connection to read by: to empty tables in memory where nothing was written to `tables` yet."""
        if not self.is_missing:
            with self.engine.connect() as connection:
                if tables.tables.keys() <= set(inspect(connection).get_table_names()):
                    yield connection
                    return
        with create_engine("sqlite://", poolclass=NullPool).connect() as connection:
            tables.create_all(connection)
            yield connection

    def copy_to(self, target: Database, tables: Sequence[Table]) -> None:
        """Have `target` contain exactly the rows of these tables as they are here at one moment."""
        described = MetaData()
        copies = [table.to_metadata(described) for table in tables]
        with target.writing(described) as writer:
            for table in copies:
                writer.execute(table.delete())
            if self.is_missing:
                return
            with self.engine.connect().execution_options(isolation_level="SERIALIZABLE", begin="BEGIN") as reader:
                known = set(inspect(reader).get_table_names())
                for table in copies:
                    rows = reader.execute(select(table)) if table.name in known else None
                    for part in rows.mappings().partitions(AT_ONCE) if rows else ():
                        writer.execute(table.insert(), [dict(row) for row in part])
                    _continue_numbers(writer, table)

    def damage(self) -> str | None:
        """A sentence where the file is damaged; None where it is whole or missing. A server says so itself."""
        if self.path is None or self.is_missing:
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
        if not self.is_missing:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM"))

    def close(self) -> None:
        """Release what the engine holds."""
        self.engine.dispose()


def clock(connection: Connection) -> float:
    """The moment in seconds since 1970 by the clock of the database, which machines share; whole seconds in a file."""
    return float(connection.execute(select(NOW)).scalar_one())


@contextmanager
def report_away() -> Iterator[None]:
    """Turn what a shared database that is away makes fail into StoreAway."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreAway(say("store.no_database", error=type(error).__name__)) from error


def _continue_numbers(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number new rows of a table after its last one, as SQLite does by itself."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar()
    last = connection.execute(select(func.max(column))).scalar()
    if sequence is not None and last is not None:
        connection.execute(select(func.setval(sequence, last)))


def _file_engine(path: Path) -> Engine:
    """An engine over a SQLite file whose transactions begin as the option `begin` says, and overwrite what they delete.

    Python's own way of beginning them takes no lock before the first change, so two writers could read the same state.
    """
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: object) -> None:
        connection.isolation_level = None
        connection.cursor().execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if statement := connection.get_execution_options().get("begin"):
            connection.exec_driver_sql(statement)

    return engine
