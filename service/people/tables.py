"""The tables of what people said: decisions, open questions, hints, ratings, the audit log."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Executable,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    select,
)

from vectorstore.storage import Database

METADATA = MetaData()
DECISIONS = Table(
    "decided",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("changed", Integer, nullable=False),  # a counter over all rows, raised with each change
    Column("kind", String(20), nullable=False),
    Column("wordings", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("field", String(20), nullable=False),
    Column("value", Text, nullable=False),
    Column("read", Text),
    Column("owner", String(200), nullable=False),
    Column("until", Date),
    Column("reason", Text, nullable=False),
    Column("person", String(200), nullable=False),
    Column("day", Date),
    Column("undone_by", String(200), nullable=False),
    Column("undone_day", Date),
)
OPEN_QUESTIONS = Table(
    "open_question",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("question", String(1000), nullable=False),
    Column("day", Date, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("followup", Boolean, nullable=False),
    Column("times", Integer, nullable=False),
    sqlite_with_rowid=False,
)
HINTS = Table(
    "item_hint",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("moment", DateTime(timezone=True), nullable=False),
    Column("document_id", String(200), nullable=False),
    Column("key", String(200), nullable=False),
    Column("part", String(20), nullable=False),
    Column("text", Text, nullable=False),
)
RATINGS = Table(
    "rating",
    METADATA,
    Column("answer", String(64), primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("reason", String(20)),
    Column("edition", String(40), nullable=False),
    Column("day", Date, nullable=False),
)
NOTES = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("moment", DateTime(timezone=True), nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(300), nullable=False),
)


class TableStore:
    """Reads and changes tables of one database, safe for threads and processes; `metadata` has the
    tables. Methods raise SQLAlchemyError.
    """

    metadata = METADATA

    def __init__(self, database: Database) -> None:
        self._database = database

    def _rows(self, query: Executable) -> Sequence[RowMapping]:
        """Return the rows of a query, each by column name."""
        with self._database.reading(self.metadata) as connection:
            return connection.execute(query).mappings().all()

    def _change(self, statement: Executable) -> int:
        """Change rows, and return how many were changed."""
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount

    def _delete(self, table: Table, which: ColumnElement[bool]) -> int:
        """Delete the rows that meet a condition, and return how many there were.

        If there are none, nothing is locked for writing. Afterwards the database is compacted, so
        that they are gone from its file too.
        """
        if not self._rows(select(table).where(which).limit(1)):
            return 0
        deleted = self._change(delete(table).where(which))
        self._database.compact()
        return deleted
