"""Ratings in SQLite, or in the database of several machines, one per answer: helpful or not, reason, edition, day.

An answer's id holds the millisecond it was made in, so only a digest of it is kept: enough to count an answer once.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Boolean, Column, Date, MetaData, String, Table, delete, func, insert, select

from service.feedback.models import DayCounts, FeedbackRequest
from vectorstore.database import Database

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
    """The ratings of one data folder, or of `shared`, the database of several machines, where that is none of a folder.

    Safe for threads and processes. Methods raise SQLAlchemyError.
    """

    def __init__(self, data_dir: Path, shared: Database | None = None) -> None:
        self._database = ratings_database(data_dir, shared)

    def keep(self, rating: FeedbackRequest, edition: str, day: date) -> None:
        """Keep a rating; an earlier one of the same answer is replaced."""
        answer = sha256(rating.answer_id.encode()).hexdigest()
        row = {"answer": answer, "helpful": rating.helpful, "reason": rating.reason, "edition": edition, "day": day}
        with self._database.writing(METADATA) as connection:
            connection.execute(delete(RATINGS).where(RATINGS.c.answer == answer))
            connection.execute(insert(RATINGS), row)

    def counts(self) -> list[DayCounts]:
        """Return the numbers of each day, oldest first."""
        columns = (RATINGS.c.day, RATINGS.c.helpful, RATINGS.c.reason)
        with self._database.reading(METADATA) as connection:
            if connection is None:
                return []
            rows = connection.execute(select(*columns, func.count()).group_by(*columns)).all()
        return [_day(day, [row for row in rows if row[0] == day]) for day in sorted({row[0] for row in rows})]


def ratings_database(data_dir: Path, shared: Database | None = None) -> Database:
    """Return where ratings lie: in a file of their own, or in `shared` where several machines share that."""
    return shared if shared is not None and shared.path is None else Database(data_dir, file=FILE)


def _day(day: date, rows: list[tuple[date, bool, str | None, int]]) -> DayCounts:
    helpful: Counter[bool] = Counter()
    reasons: Counter[str] = Counter()
    for _, good, reason, number in rows:
        helpful[good] += number
        if reason and not good:
            reasons[reason] += number
    return DayCounts(day=day, helpful=helpful[True], not_helpful=helpful[False], reasons=dict(sorted(reasons.items())))
