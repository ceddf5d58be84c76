"""The audit log as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from service.audit import AuditNote
from service.audit_words import action_word, kept_for, role_word
from service.csv_export import table_csv

COLUMNS = ("moment", "person", "role", "action", "subject")


def audit_csv(notes: Iterable[AuditNote], begin: datetime | None, days: int) -> str:
    """Return notes as CSV, moments in UTC (ISO 8601), roles and actions in words.

    The last row says from when on the log reaches back, and after how many days notes are deleted.
    """
    rows = [(_told(one.moment), one.person, role_word(one.role), action_word(one.action), one.subject) for one in notes]
    if begin is not None:
        rows.append((_told(begin), "", "", "Beginn des Protokolls", kept_for(days)))
    return table_csv(COLUMNS, (dict(zip(COLUMNS, row, strict=True)) for row in rows))


def _told(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
