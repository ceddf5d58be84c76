"""Who did what: noted in order, with the moment, none of it lost by a restart; and deleted after
its days.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import Settings
from service.app.application import create_app
from service.office.staff import Ticket, Tickets
from service.people import AuditLog
from service.people.audit import KEPT_DAYS
from service.people.open_questions import OpenQuestions, OpenReason
from tests.processes import until
from vectorstore.storage import Database

MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def test_old_notes_are_gone_from_every_file(tmp_path: Path) -> None:
    moment = [MOMENT - timedelta(days=731)]
    log = AuditLog(Database(tmp_path), lambda: moment[0])
    for number in range(40):
        log.note(f"Frau Beispiel {number}", "editor", "corrected", "klima/5.1")
    moment[0] = MOMENT - timedelta(days=729)
    log.note("Bo", "publisher", "published", "2024-11-21-1")
    assert log.latest()[-1].moment == MOMENT - timedelta(days=731)
    moment[0] = MOMENT - timedelta(days=1)
    assert log.delete_expired() == 0
    assert traces(tmp_path, "Frau Beispiel")
    moment[0] = MOMENT
    assert log.delete_expired() == 40
    assert not traces(tmp_path, "Frau Beispiel")
    (note,) = log.latest()
    assert (note.person, note.moment) == ("Bo", MOMENT - timedelta(days=729))
    empty = AuditLog(Database(tmp_path / "leer"))
    assert empty.delete_expired() == 0 and empty.latest() == []


def traces(root: Path, text: str) -> list[Path]:
    return [
        path for path in root.rglob("*") if path.is_file() and text.encode() in path.read_bytes()
    ]


def test_a_service_deletes_old_notes_and_sessions_at_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = datetime.now(UTC) - timedelta(days=KEPT_DAYS + 1)
    log = AuditLog(Database(tmp_path), lambda: old)
    log.note("Frau Beispiel", "editor", "corrected", "klima/5.1")
    OpenQuestions(Database(tmp_path), lambda: old.date()).store(
        "Wo ist Quantenstaub?", OpenReason.UNANSWERED
    )
    moment = time.time()
    monkeypatch.setattr("service.office.staff.sessions.time.time", lambda: moment - 13 * 3600)
    Tickets(Database(tmp_path)).issue(Ticket(name="Herr Beispiel", host="localhost"))
    monkeypatch.undo()
    app = create_app(Settings(data_dir=tmp_path))
    raw, names = (
        tmp_path / "operation.sqlite",
        (b"Frau Beispiel", b"Quantenstaub", b"Herr Beispiel"),
    )
    assert all(name in raw.read_bytes() for name in names)
    with TestClient(app):
        until(lambda: not any(name in raw.read_bytes() for name in names))
