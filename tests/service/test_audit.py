"""Who did what: noted in order, with the moment, none of it lost by a restart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from service.audit import AuditLog
from vectorstore.database import Database

MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def test_notes_are_kept_newest_first(tmp_path: Path) -> None:
    AuditLog(Database(tmp_path), lambda: MOMENT).note("Ada", "editor", "corrected", "klima/5.1")
    AuditLog(Database(tmp_path), lambda: MOMENT).note("Bo", "publisher", "published", "2026-11-20-1")
    notes = AuditLog(Database(tmp_path)).latest()
    assert [(one.person, one.action) for one in notes] == [("Bo", "published"), ("Ada", "corrected")]
    assert {one.moment for one in notes} == {MOMENT}


def test_nothing_noted_is_no_fault(tmp_path: Path) -> None:
    assert AuditLog(Database(tmp_path)).latest() == []
