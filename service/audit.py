"""Who changed what and when: a line for each ingestion, correction, decision, never a question's text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, insert, select

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

    def latest(self, most: int = MOST) -> list[AuditNote]:
        """Return the last notes, newest first."""
        with self._database.reading(METADATA) as connection:
            if connection is None:
                return []
            rows = connection.execute(select(NOTES).order_by(NOTES.c.id.desc()).limit(most)).mappings().all()
        return [AuditNote(**{**row, "moment": _in_utc(row["moment"])}) for row in rows]


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
