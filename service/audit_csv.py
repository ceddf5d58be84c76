"""The audit log as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from service.audit import AuditNote
from service.audit_words import action_word, kept_for, role_word
from service.csv_export import BOM, cell

COLUMNS = ("moment", "person", "role", "action", "subject")


def audit_csv(notes: Iterable[AuditNote], begin: datetime | None, days: int) -> str:
    """Return notes as CSV, moments in UTC (ISO 8601), roles and actions in words.

    The last row says from when on the log reaches back, and after how many days notes are deleted.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in notes:
        row = (one.moment.isoformat(timespec="seconds"), one.person, role_word(one.role), action_word(one.action))
        writer.writerow([cell(value) for value in (*row, one.subject)])
    if begin is not None:
        writer.writerow((begin.isoformat(timespec="seconds"), "", "", "Beginn des Protokolls", kept_for(days)))
    return BOM + text.getvalue()
