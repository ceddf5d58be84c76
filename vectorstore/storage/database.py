"""The database of all data outside of editions: an SQLite file in the data folder, or a shared
PostgreSQL database.

The same statements (SQLAlchemy Core) run on both. All tables are created with the first row, by the
migrations that also bring older ones to the schema of this program.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import MetaData, Table, create_engine, event, extract, func, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from vectorstore.storage import schema
from vectorstore.storage.disk import (
    UNFINISHED_SUFFIX,
    private_file,
    private_folder,
    report_full_disk,
    sync_path,
)
from vectorstore.storage.errors import StoreError, StoreUnavailable, say
from vectorstore.storage.schema import SchemaMismatch

FILE = "operation.sqlite"
BUSY_SECONDS = 5
# Of libpq: an unreachable database is reported after seconds instead of minutes; times are in UTC.
CONNECT_OPTIONS = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 30,
    "options": "-c timezone=utc",
}
DATABASE_NOW = extract("epoch", func.now())  # by the clock of the database, in seconds since 1970
# in the data folder: the tables as they were before the last migration
BEFORE = "before-migration.sqlite"
BEFORE_DAYS = 30  # after which the copy is deleted: it has what people deleted since
log = logging.getLogger("strategielotse")


class Database:
    """The SQLite database in a `file` of the data folder; with `url` the shared PostgreSQL database
    instead.

    Safe for threads and processes: connections are closed at the end of their `with` block. Methods
    raise SQLAlchemyError. Raises StoreUnavailable if the package for PostgreSQL is missing or the
    folder cannot be created.
    """

    def __init__(self, data_dir: Path, url: str | None = None, *, file: str = FILE) -> None:
        self.path = None if url else data_dir / file
        self._folder = data_dir
        self.engine = _server_engine(url) if url else _file_engine(data_dir / file)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")

    @property
    def is_missing(self) -> bool:
        """True if the SQLite file does not exist yet."""
        return self.path is not None and not self.path.exists()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin a write transaction on tables of the current schema; commit at the end of the
        block.

        A missing SQLite file is created first, accessible to the owner only. Older tables are
        migrated in the same transaction, after a copy of them; raises SchemaMismatch for newer
        ones.
        """
        if self.path is not None:
            try:
                private_folder(self.path.parent)
                private_file(self.path)
            except OSError as error:  # a file that cannot be written is reported by SQLite below
                if not self.path.parent.is_dir():
                    values = {"folder": self.path.parent, "reason": error.strerror}
                    raise StoreUnavailable(say("store.no_folder", **values)) from error
        with self._writer.begin() as connection:
            if schema.find_version(connection) != schema.SCHEMA:
                self._upgrade(connection)
            yield connection

    @contextmanager
    def reading(self, tables: MetaData) -> Iterator[Connection]:
        """Open a connection for reading.

        If there are no tables yet, the connection is to an empty database in memory that has these
        `tables`, so that reading creates no file and needs no special case. Older tables are
        migrated first. Raises SchemaMismatch for newer tables, and for older tables that cannot be
        migrated.
        """
        if not self.is_missing:
            with self.engine.connect() as connection:
                if schema.find_version(connection) == schema.SCHEMA:
                    yield connection
                    return
            if self.migrate():
                with self.engine.connect() as connection:
                    yield connection
                return
        with create_engine("sqlite://", poolclass=NullPool).connect() as connection:
            tables.create_all(connection)
            yield connection

    def migrate(self) -> bool:
        """Migrate older tables to the current schema; returns False if there are no tables yet.

        It does so by beginning to write (see `writing`). Raises SchemaMismatch for newer tables and
        for older ones that cannot be written.
        """
        if self.is_missing:
            return False
        with self.engine.connect() as connection:
            version = schema.find_version(connection)
        if version is not None and version < schema.SCHEMA:
            try:
                with self.writing():
                    log.info("tables migrated to schema %s", schema.SCHEMA)
            except (OperationalError, OSError) as error:
                values = {"found": version, "needed": schema.SCHEMA, "reason": error}
                raise SchemaMismatch(say("store.not_migrated", **values)) from error
        return version is not None

    def _upgrade(self, connection: Connection) -> None:
        """Migrate the tables in an open transaction, after a copy of existing ones to a file.

        The version is read again under the lock, as another machine may have migrated them
        meanwhile.
        """
        schema.lock(connection)
        version = schema.find_version(connection)
        if version == schema.SCHEMA:  # by another machine meanwhile
            return
        if version is not None:
            self._copy_before(connection)
        schema.upgrade(connection)

    def _copy_before(self, connection: Connection) -> None:
        """Copy all tables to the file `BEFORE`, durably; raises OSError, SQLAlchemyError.

        The copy is written under another name and then renamed, so that a file `BEFORE` is always
        whole. It is an SQLite file also for a PostgreSQL database.
        """
        private_folder(self._folder)
        target = self._folder / BEFORE
        unfinished = target.with_name(target.name + UNFINISHED_SUFFIX)
        unfinished.unlink(missing_ok=True)
        private_file(unfinished)
        with report_full_disk(self._folder):
            if self.path is not None:
                schema.copy_file(self.path, unfinished)
            else:
                with Database(self._folder, file=unfinished.name).engine.begin() as copy:
                    schema.copy_tables(connection, copy)
            sync_path(unfinished)
            unfinished.replace(target)
        sync_path(self._folder)

    def copy_day(self) -> date | None:
        """Return the day on which the tables were copied before a migration; None without a
        copy.
        """
        try:
            return datetime.fromtimestamp((self._folder / BEFORE).stat().st_mtime).date()
        except OSError:
            return None

    def delete_copy(self, days: int = BEFORE_DAYS) -> int:
        """Delete the copy from before a migration if it is so many days old; returns 1 if it did.

        Raises OSError.
        """
        day = self.copy_day()
        if day is None or (date.today() - day).days < days:
            return 0
        (self._folder / BEFORE).unlink(missing_ok=True)
        return 1

    def put_back(self, copy: Path) -> None:
        """Replace all tables, except those of editions, by those in the file `copy`, which a
        migration left; all or nothing.

        A damaged file raises errors of sqlite3 or SQLAlchemy, so check it before (see `damage`).
        """
        if self.path is not None:
            private_folder(self.path.parent)
            private_file(self.path)
            schema.copy_file(copy, self.path)
            return
        with (
            Database(copy.parent, file=copy.name).engine.connect() as source,
            self.engine.begin() as target,
        ):
            schema.copy_tables(source, target)

    def copy_to(self, target: Database, tables: Sequence[Table]) -> None:
        """Replace the rows of these tables in `target` by the rows here, all as of one moment.

        If there are no tables here, those of `target` are emptied.
        """
        has_tables = self.migrate()
        with target.writing() as writer:
            for table in tables:
                writer.execute(table.delete())
            if not has_tables:
                return
            with self.engine.connect().execution_options(
                isolation_level="SERIALIZABLE", begin="BEGIN"
            ) as reader:
                for table in tables:
                    schema.copy_rows(reader, writer, table)

    def damage(self) -> str | None:
        """A sentence if the SQLite file is damaged, else None; not checked for PostgreSQL.

        Raises OperationalError if the file is locked or cannot be read, which is no damage.
        """
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
            # VACUUM cannot run in a transaction
            with self.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                connection.execute(text("VACUUM"))

    def close(self) -> None:
        """Release the engine's resources."""
        self.engine.dispose()


def database_clock(connection: Connection) -> float:
    """The time by the clock of the database, in seconds since 1970; whole seconds for SQLite."""
    return float(connection.execute(select(DATABASE_NOW)).scalar_one())


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn errors of the database, as when a shared one is unreachable, into StoreUnavailable."""
    try:
        yield
    except StoreError:  # a SchemaMismatch, which has a sentence of its own
        raise
    except SQLAlchemyError as error:
        raise StoreUnavailable(say("store.no_database", error=type(error).__name__)) from error


def _server_engine(url: str) -> Engine:
    """An engine for PostgreSQL; raises StoreUnavailable if its package is missing."""
    try:
        return create_engine(url, poolclass=NullPool, connect_args=CONNECT_OPTIONS)
    except ModuleNotFoundError as error:
        raise StoreUnavailable(say("store.no_postgres_package", name=error.name)) from error


def _file_engine(path: Path) -> Engine:
    """An engine for an SQLite file.

    A transaction begins with the statement in the execution option `begin`, such as "BEGIN
    IMMEDIATE". Python's sqlite3 itself takes no lock before the first change, so two writers could
    read the same state. Deleted content is overwritten (secure_delete).
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
        statement = connection.get_execution_options().get("begin")
        if statement:
            connection.exec_driver_sql(statement)

    return engine
