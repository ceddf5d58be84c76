"""Ratings in SQLite, one per answer: helpful or not, reason, edition, day.

An answer's id holds the millisecond it was made in, so only a digest of it is kept: enough to count an answer once.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Boolean, Column, Date, MetaData, String, Table, create_engine, delete, func, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable

from service.feedback.models import DayCounts, FeedbackRequest
from vectorstore.private_modes import private_file

FILE = "feedback.sqlite"
METADATA = MetaData()
RATINGS = Table(
    "rating",
    METADATA,
    Column("answer", String(64), primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("reason", String(20)),
    Column("edition", String(40), nullable=False),
    Column("day", Date, nullable=False),
)


class FeedbackStore:
    """The ratings of one data folder; safe for threads and processes. Methods raise SQLAlchemyError."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE

    def keep(self, rating: FeedbackRequest, edition: str, day: date) -> None:
        """Keep a rating; an earlier one of the same answer is replaced."""
        answer = sha256(rating.answer_id.encode()).hexdigest()
        row = {"answer": answer, "helpful": rating.helpful, "reason": rating.reason, "edition": edition, "day": day}
        with suppress(OSError):  # the database says so in its own way
            private_file(self._path)
        engine = self._engine()
        with engine.begin() as connection:
            connection.execute(CreateTable(RATINGS, if_not_exists=True))
            connection.execute(delete(RATINGS).where(RATINGS.c.answer == answer))
            connection.execute(insert(RATINGS), row)

    def counts(self) -> list[DayCounts]:
        """Return the numbers of each day, oldest first."""
        if not self._path.exists():
            return []
        columns = (RATINGS.c.day, RATINGS.c.helpful, RATINGS.c.reason)
        with self._engine().connect() as connection:
            rows = connection.execute(select(*columns, func.count()).group_by(*columns)).all()
        return [_day(day, [row for row in rows if row[0] == day]) for day in sorted({row[0] for row in rows})]

    def _engine(self) -> Engine:
        return create_engine(f"sqlite:///{self._path}", poolclass=NullPool)


def _day(day: date, rows: list[tuple[date, bool, str | None, int]]) -> DayCounts:
    helpful: Counter[bool] = Counter()
    reasons: Counter[str] = Counter()
    for _, good, reason, number in rows:
        helpful[good] += number
        if reason and not good:
            reasons[reason] += number
    return DayCounts(day=day, helpful=helpful[True], not_helpful=helpful[False], reasons=dict(sorted(reasons.items())))
