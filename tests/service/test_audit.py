"""Who did what: noted in order, with the moment, none of it lost by a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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


def test_old_notes_are_gone_from_every_file(tmp_path: Path) -> None:
    moment = [MOMENT - timedelta(days=731)]
    log = AuditLog(Database(tmp_path), lambda: moment[0])
    for number in range(40):
        log.note(f"Frau Beispiel {number}", "editor", "corrected", "klima/5.1")
    moment[0] = MOMENT - timedelta(days=729)
    log.note("Bo", "publisher", "published", "2024-11-21-1")
    assert log.begin() == MOMENT - timedelta(days=731)
    moment[0] = MOMENT
    assert log.delete_before(800) == 0
    assert traces(tmp_path, "Frau Beispiel")
    assert log.delete_before(730) == 40
    assert not traces(tmp_path, "Frau Beispiel")
    assert [one.person for one in log.latest()] == ["Bo"] and log.begin() == MOMENT - timedelta(days=729)
    empty = AuditLog(Database(tmp_path / "leer"))
    assert empty.begin() is None and empty.delete_before(1) == 0


def traces(root: Path, text: str) -> list[Path]:
    return [one for one in root.rglob("*") if one.is_file() and text.encode() in one.read_bytes()]
