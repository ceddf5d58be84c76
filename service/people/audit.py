"""The audit log: a row for each ingestion, correction, decision and sign-in; never a question's
text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from prompts import load_words, say
from service.people.tables import NOTES, TableStore
from service.records import Shape, table_csv
from vectorstore.storage import Database

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


class AuditLog(TableStore):
    """The audit log in one database."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(database)
        self._now = now

    def note(self, person: str, role: str, action: str, subject: str) -> None:
        """Store a note with the current time; longer texts are cut to their columns."""
        row = {
            "moment": self._now(),
            "person": person[:200],
            "role": role,
            "action": action[:40],
            "subject": subject.strip()[:300],
        }
        self._change(insert(NOTES).values(row))

    def latest(self, most: int | None = None) -> list[AuditNote]:
        """Return the notes, newest first; with `most` only so many of the newest."""
        rows = self._rows(select(NOTES).order_by(NOTES.c.id.desc()).limit(most))
        # SQLite returns times without a zone
        return [AuditNote(**{**row, "moment": row["moment"].replace(tzinfo=UTC)}) for row in rows]

    def begin(self) -> datetime | None:
        """Return when the oldest note was stored, None if there is none."""
        (row,) = self._rows(select(func.min(NOTES.c.moment).label("oldest")))
        oldest: datetime | None = row["oldest"]
        return oldest

    def delete_expired(self) -> int:
        """Delete the notes that are older than KEPT_DAYS; return how many there were."""
        return self._delete(NOTES, NOTES.c.moment < self._now() - timedelta(days=KEPT_DAYS))


def audit_csv(notes: Iterable[AuditNote]) -> str:
    """Return notes as CSV, times in UTC (ISO 8601), roles and actions in German."""
    rows = [
        {
            "moment": note.moment.isoformat(timespec="seconds"),
            "person": note.person,
            "role": role_word(note.role),
            "action": action_word(note.action),
            "subject": note.subject,
        }
        for note in notes
    ]
    return table_csv(COLUMNS, rows)


KEPT_FOR = say("audit.kept_for", days=KEPT_DAYS)


def action_word(action: str) -> str:
    """Return the German name of an action, the action itself if it has none."""
    return load_words("de/audit").get(action, action)


def role_word(role: str) -> str:
    """Return the German name of a role, the role itself if it has none."""
    return load_words("de/roles").get(role, role)
