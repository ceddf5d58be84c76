"""Who changed what and when: a line for each ingestion, correction, decision, never a question's text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, DateTime, Integer, MetaData, String, Table, delete, func, insert, select

from service.record_models import Shape
from vectorstore.database import Database

METADATA = MetaData()
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
MOST = 200


class AuditNote(Shape):
    """One thing that somebody did; `moment` is in UTC."""

    moment: datetime
    person: str
    role: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which notes are wanted: of whom (a part of the name will do), which action, and of which days in UTC."""

    person: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what a note has to fulfil."""
        found: list[ColumnElement[bool]] = []
        if self.person:
            found.append(NOTES.c.person.icontains(self.person, autoescape=True))
        if self.action:
            found.append(NOTES.c.action == self.action)
        if self.since:
            found.append(NOTES.c.moment >= datetime.combine(self.since, time(), UTC))
        if self.until:
            found.append(NOTES.c.moment < datetime.combine(self.until + timedelta(days=1), time(), UTC))
        return found


class AuditLog:
    """The notes of one database. Methods raise SQLAlchemyError."""

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def note(self, person: str, role: str, action: str, subject: str) -> None:
        """Keep that a person did something, at this moment."""
        row = {
            "moment": self._now(),
            "person": person[:200],
            "role": role,
            "action": action[:40],
            "subject": subject[:300],
        }
        with self._database.writing(METADATA) as connection:
            connection.execute(insert(NOTES), row)

    def latest(self, most: int | None = MOST, wanted: AuditFilter | None = None) -> list[AuditNote]:
        """Return the last notes that pass the filter, newest first; `most` None gives all of them."""
        query = select(NOTES).where(*(wanted or AuditFilter()).conditions()).order_by(NOTES.c.id.desc())
        with self._database.reading(METADATA) as connection:
            if connection is None:
                return []
            rows = connection.execute(query if most is None else query.limit(most)).mappings().all()
        names = AuditNote.model_fields
        return [AuditNote(**{name: _value(row[name]) for name in names}) for row in rows]

    def begin(self) -> datetime | None:
        """Return the moment of the first note that is left, None where there is none."""
        with self._database.reading(METADATA) as connection:
            found = None if connection is None else connection.scalar(select(func.min(NOTES.c.moment)))
        return None if found is None else _in_utc(found)

    def delete_before(self, days: int) -> int:
        """Delete for good the notes that are older than `days` days, none for 0; return how many."""
        due = NOTES.c.moment < self._now() - timedelta(days=days)
        with self._database.reading(METADATA) as connection:
            found = days and connection is not None and connection.scalar(select(func.count()).where(due))
        if not found:
            return 0
        with self._database.writing(METADATA) as connection:
            gone = connection.execute(delete(NOTES).where(due)).rowcount
        self._database.compact()
        return gone

    def actions(self) -> list[str]:
        """Return the actions that were ever noted."""
        with self._database.reading(METADATA) as connection:
            return [] if connection is None else sorted(connection.scalars(select(NOTES.c.action).distinct()))


def _value(value: Any) -> Any:
    return _in_utc(value) if isinstance(value, datetime) else value


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
