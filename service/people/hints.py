"""Hints: anonymous reports of visitors that something about an item is wrong, listed for staff
until they settle them.

A hint changes no data, and nothing about its writer is stored.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from prompts import say
from service.records import Shape
from vectorstore.storage import Database

METADATA = MetaData()
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
LONGEST_HINT = 1000  # characters
HINTS_PER_HOUR = 600  # of all clients together
HINTS_OF_CLIENT = 20  # in an hour, from one client
HINTS_SHOWN = 200  # at a time
HINT_PARTS = {
    part: say(f"people.hint_{part}")
    for part in ("title", "status", "unit", "date", "text", "other")
}


class Hint(Shape):
    """A visitor's report that something about an item is wrong; `part` is a key of PARTS, `moment`
    is in UTC.
    """

    id: int
    moment: datetime
    document_id: str
    key: str
    part: str
    text: str


class Hints:
    """The hints of one database. Methods raise SQLAlchemyError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def store(self, document_id: str, key: str, part: str, text: str) -> None:
        """Store a hint, its text cut to LONGEST; a part that is not in PARTS becomes "other"."""
        if part not in HINT_PARTS:
            part = "other"
        row = {
            "moment": datetime.now(UTC),
            "document_id": document_id[:200],
            "key": key[:200],
            "part": part,
            "text": text[:LONGEST_HINT],
        }
        with self._database.writing() as connection:
            connection.execute(insert(HINTS), row)

    def all(self, most: int | None = None) -> list[Hint]:
        """The open hints, newest first, at most `most`."""
        with self._database.reading(METADATA) as connection:
            query = select(HINTS).order_by(HINTS.c.id.desc()).limit(most)
            return [Hint(**row) for row in connection.execute(query).mappings()]

    def count(self) -> int:
        """The number of open hints."""
        with self._database.reading(METADATA) as connection:
            return connection.execute(select(func.count(HINTS.c.id))).scalar_one()

    def settle(self, numbers: Collection[int]) -> list[Hint]:
        """Delete hints that were dealt with, by id, and return the deleted ones, for the audit log.

        Ids that are gone already are left out.
        """
        has_number = HINTS.c.id.in_(numbers)
        with self._database.writing() as connection:
            rows = connection.execute(select(HINTS).where(has_number)).mappings().all()
            connection.execute(delete(HINTS).where(has_number))
        return [Hint(**row) for row in rows]
