"""The audit log: a row for each ingestion, correction, decision and sign-in; never a question's
text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from prompts import load_words, say
from service.records import Shape, table_csv
from vectorstore.storage import Database

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
MOST = 200  # newest notes that the staff page shows
KEPT_DAYS = 730
COLUMNS = ("moment", "person", "role", "action", "subject")


class AuditNote(Shape):
    """A logged action of a person; `moment` is in UTC."""

    moment: datetime
    person: str
    role: str
    action: str
    subject: str


class AuditLog:
    """The audit log in one database. Methods raise SQLAlchemyError."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def note(self, person: str, role: str, action: str, subject: str) -> None:
        """Store a note with the current time; longer texts are cut to their columns."""
        values = {
            "person": person[:200],
            "role": role,
            "action": action[:40],
            "subject": subject.strip()[:300],
        }
        with self._database.writing() as connection:
            connection.execute(insert(NOTES), {"moment": self._now(), **values})

    def latest(self, most: int | None = None) -> list[AuditNote]:
        """Return the notes, newest first; with `most` only so many of the newest."""
        query = select(NOTES).order_by(NOTES.c.id.desc()).limit(most)
        with self._database.reading(METADATA) as connection:
            rows = connection.execute(query).mappings().all()
        return [AuditNote(**{**row, "moment": _in_utc(row["moment"])}) for row in rows]

    def begin(self) -> datetime | None:
        """Return the time of the oldest note, None if there is none."""
        with self._database.reading(METADATA) as connection:
            oldest = connection.scalar(select(func.min(NOTES.c.moment)))
        return _in_utc(oldest) if oldest else None

    def delete_expired(self) -> int:
        """Delete the notes that are older than KEPT_DAYS; return how many there were.

        If there are none, nothing is locked for writing. Afterwards the database is compacted, so
        that they are gone from its file too.
        """
        due = NOTES.c.moment < self._now() - timedelta(days=KEPT_DAYS)
        with self._database.reading(METADATA) as connection:
            if not connection.scalar(select(func.count()).where(due)):
                return 0
        with self._database.writing() as connection:
            deleted = connection.execute(delete(NOTES).where(due)).rowcount
        self._database.compact()
        return deleted


def audit_csv(notes: Iterable[AuditNote], begin: datetime | None) -> str:
    """Return notes as CSV, times in UTC (ISO 8601), roles and actions in German.

    The last row has the time of the oldest note (`begin`), and after how many days notes are
    deleted.
    """
    rows = []
    for note in notes:
        in_words = {"role": role_word(note.role), "action": action_word(note.action)}
        rows.append(note.model_dump() | in_words)
    if begin is not None:
        rows.append({"moment": begin, "action": say("audit.begin"), "subject": KEPT_FOR})
    for row in rows:
        row["moment"] = row["moment"].isoformat(timespec="seconds")
    return table_csv(COLUMNS, rows)


KEPT_FOR = say("audit.kept_for", days=KEPT_DAYS)


def action_word(action: str) -> str:
    """Return the German name of an action, the action itself if it has none."""
    return load_words("de/audit").get(action, action)


def role_word(role: str) -> str:
    """Return the German name of a role, the role itself if it has none."""
    return load_words("de/roles").get(role, role)


def _in_utc(moment: datetime) -> datetime:  # SQLite returns times without a zone
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)
