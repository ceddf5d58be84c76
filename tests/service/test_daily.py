"""What is kept for some days only is deleted at the start and daily, each for itself."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from starlette.testclient import TestClient

from service.app import Sweep, create_app, sweeping
from service.audit import KEPT_DAYS, AuditLog
from service.people.open_questions import KeptQuestions, Reason
from service.settings import Settings
from service.staff.sessions import Session, mark
from vectorstore.database import Database


def test_a_failure_stops_no_other_and_is_tried_again() -> None:
    done: list[str] = []

    def fails() -> int:
        done.append("fails")
        raise SQLAlchemyError

    def works() -> int:
        done.append("works")
        return 1

    async def twice() -> None:
        task = asyncio.create_task(sweeping((Sweep("Eins", fails), Sweep("Zwei", works)), pause=0.01))
        while len(done) < 4:
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(asyncio.wait_for(twice(), 20))
    assert done[:4] == ["fails", "works"] * 2


def test_a_service_deletes_old_notes_and_sessions_at_its_start(tmp_path: Path) -> None:
    old = datetime.now(UTC) - timedelta(days=KEPT_DAYS + 1)
    log = AuditLog(Database(tmp_path), lambda: old)
    log.note("Frau Beispiel", "editor", "corrected", "klima/5.1")
    KeptQuestions(Database(tmp_path), lambda: old.date()).keep("Wo ist Quantenstaub?", Reason.UNANSWERED)
    app = create_app(Settings(data_dir=tmp_path))
    session = Session("Herr Beispiel", 2, "link", "localhost", 0.0, 0.0, [mark("session", "a1")])
    app.state.ended_sessions.end(session, time.time() - 13 * 3600)
    raw = tmp_path / "operation.sqlite"
    ended = session.marks[0].encode()
    assert b"Frau Beispiel" in raw.read_bytes() and ended in raw.read_bytes()
    with TestClient(app) as client:
        for _ in range(200):
            if ended not in raw.read_bytes():  # the last to be deleted
                break
            client.get("/livez")
    assert not any(one in raw.read_bytes() for one in (b"Frau Beispiel", b"Quantenstaub", ended))
