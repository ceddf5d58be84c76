"""Ratings in SQLite, or in the database of several machines, one per answer: helpful or not, reason, edition, day.

An answer's id holds the millisecond it was made in, so only a digest of it is kept: enough to count an answer once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Boolean, Column, Date, MetaData, String, Table, create_engine, delete, func, insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable

from service.feedback.models import DayCounts, FeedbackRequest
from vectorstore.database import Database
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
    """The ratings of one data folder, or of `shared`, the database of several machines, where that is none of a folder.

    Safe for threads and processes. Methods raise SQLAlchemyError.
    """

    def __init__(self, data_dir: Path, shared: Database | None = None) -> None:
        self._path = data_dir / FILE
        self._shared = shared if shared is not None and shared.path is None else None

    def keep(self, rating: FeedbackRequest, edition: str, day: date) -> None:
        """Keep a rating; an earlier one of the same answer is replaced."""
        answer = sha256(rating.answer_id.encode()).hexdigest()
        row = {"answer": answer, "helpful": rating.helpful, "reason": rating.reason, "edition": edition, "day": day}
        with self._writing() as connection:
            connection.execute(delete(RATINGS).where(RATINGS.c.answer == answer))
            connection.execute(insert(RATINGS), row)

    def counts(self) -> list[DayCounts]:
        """Return the numbers of each day, oldest first."""
        columns = (RATINGS.c.day, RATINGS.c.helpful, RATINGS.c.reason)
        with self._reading() as connection:
            if connection is None:
                return []
            rows = connection.execute(select(*columns, func.count()).group_by(*columns)).all()
        return [_day(day, [row for row in rows if row[0] == day]) for day in sorted({row[0] for row in rows})]

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._shared is not None:
            with self._shared.writing(METADATA) as connection:
                yield connection
            return
        with suppress(OSError):  # the database says so in its own way
            private_file(self._path)
        with self._engine().begin() as connection:
            connection.execute(CreateTable(RATINGS, if_not_exists=True))
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        if self._shared is not None:
            with self._shared.reading(METADATA) as connection:
                yield connection
        elif self._path.exists():
            with self._engine().connect() as connection:
                yield connection
        else:
            yield None

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
