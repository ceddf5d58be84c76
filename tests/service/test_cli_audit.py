"""Commands that change something note who did it."""

from __future__ import annotations

import getpass
from contextlib import closing
from pathlib import Path

import pytest

from service.audit import AuditLog, AuditNote
from service.settings import Settings
from service.terminal.notes import audited
from tests.processes import run
from vectorstore.database import Database

PAPER = "# Klimaplan\n\n## 1 Ziele\n\n### 1.1 Mehr Rad\n\nDer Kreis baut Radwege.\n"


def notes(data: Path) -> list[AuditNote]:
    with closing(Database(data)) as database:
        return AuditLog(database).latest()


def test_what_commands_change_is_noted(tmp_path: Path) -> None:
    paper, data = tmp_path / "klima.md", tmp_path / "data"
    paper.write_text(PAPER)
    assert run("ingest", paper, data=data).returncode == 0
    assert run("ingest", paper, "--replace", data=data).returncode == 0, "nothing new is no note"
    assert run("ingest", paper, "--dry-run", data=data).returncode == 0
    paper.write_text(PAPER.replace("Radwege", "Radwege und Brücken"))
    assert run("ingest", paper, data=data).returncode == 0
    assert run("rollback", data=data).returncode == 0
    link = run("staff-link", "--role", "editor", "--name", "Eva", data=data)
    assert "/staff/sign-in?token=" in link.stdout
    found = notes(data)
    assert [one.action for one in found] == ["link issued", "rolled back", "ingested", "ingested"]
    assert {(one.person, one.role) for one in found} == {(getpass.getuser(), "command line")}
    assert found[0].subject == "editor: Eva" and "token" not in str(found)


def test_a_log_that_cannot_be_written_holds_nothing_up(capsys: pytest.CaptureFixture[str]) -> None:
    audited(Settings(data_dir=Path("/proc/strategielotse")), "ingested", "x")
    assert "steht nicht im Protokoll" in capsys.readouterr().err
