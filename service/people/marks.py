"""What people say is wrong with an item: a list for staff, kept until somebody has dealt with it; it changes nothing.

Nothing tells who wrote a hint.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, Text, delete, func, insert, select

from prompts import say
from service.record_models import Shape
from vectorstore.database import Database

METADATA = MetaData()
MARKS = Table(
    "item_hint",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("moment", DateTime(timezone=True), nullable=False),
    Column("document_id", String(200), nullable=False),
    Column("key", String(200), nullable=False),
    Column("part", String(20), nullable=False),
    Column("text", Text, nullable=False),
)
LONGEST = 1000  # characters
MOST_PER_HOUR = 600  # of all who write
MOST_OF_ONE = 20  # in an hour, from one client
SHOWN = 200  # at a time
PARTS = {one: say(f"people.mark_{one}") for one in ("title", "status", "unit", "date", "text", "other")}


class Mark(Shape):
    """What somebody said is wrong with an item; `moment` is in UTC."""

    id: int
    moment: datetime
    document_id: str
    key: str
    part: str
    text: str


class Marks:
    """The hints of one database. Methods raise SQLAlchemyError."""

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def keep(self, document_id: str, key: str, part: str, text: str) -> bool:
        """Keep a hint; false where more came in an hour than people can deal with."""
        now, part = self._now(), part if part in PARTS else "other"
        row = {"moment": now, "document_id": document_id[:200], "key": key[:200], "part": part, "text": text[:LONGEST]}
        recent = select(func.count()).where(MARKS.c.moment > now - timedelta(hours=1))
        with self._database.writing(METADATA) as connection:
            few = bool(connection.execute(recent).scalar_one() < MOST_PER_HOUR)
            if few:
                connection.execute(insert(MARKS), row)
        return few

    def all(self, most: int | None = None) -> list[Mark]:
        """Return the hints that nobody has dealt with, newest first, at most so many."""
        with self._database.reading(METADATA) as connection:
            query = select(MARKS).order_by(MARKS.c.id.desc()).limit(most)
            return [Mark(**row) for row in connection.execute(query).mappings()] if connection else []

    def count(self) -> int:
        """Return how many wait."""
        with self._database.reading(METADATA) as connection:
            return 0 if connection is None else connection.execute(select(func.count(MARKS.c.id))).scalar_one()

    def done(self, numbers: Collection[int]) -> list[Mark]:
        """Delete hints that were dealt with; return those that there were."""
        settled = MARKS.c.id.in_(numbers)
        with self._database.writing(METADATA) as connection:
            rows = connection.execute(select(MARKS).where(settled)).mappings().all()
            connection.execute(delete(MARKS).where(settled))
        return [Mark(**row) for row in rows]
