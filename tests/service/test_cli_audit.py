"""Commands that change something note who did it; `audit` shows it."""

from __future__ import annotations

import csv
import getpass
import io
import json
from pathlib import Path

import pytest

from service.cli_audit import audited
from service.settings import Settings
from tests.processes import run

PAPER = "# Klimaplan\n\n## 1 Ziele\n\n### 1.1 Mehr Rad\n\nDer Kreis baut Radwege.\n"


def notes(data: Path, *options: str) -> list[dict[str, str]]:
    shown = run("audit", "--format", "json", *options, data=data)
    assert shown.returncode == 0, shown.stderr
    found: list[dict[str, str]] = json.loads(shown.stdout)
    return found


def test_what_commands_change_is_noted(tmp_path: Path) -> None:
    paper, data = tmp_path / "klima.md", tmp_path / "data"
    paper.write_text(PAPER)
    assert run("ingest", paper, "--as", " Ada  Muster ", data=data).returncode == 0
    assert run("ingest", paper, "--replace", data=data).returncode == 0, "nothing new is no note"
    assert run("ingest", paper, "--dry-run", data=data).returncode == 0
    paper.write_text(PAPER.replace("Radwege", "Radwege und Brücken"))
    assert run("ingest", paper, data=data).returncode == 0
    assert run("rollback", "--as", "Bo", data=data).returncode == 0
    link = run("staff-link", "--role", "editor", "--name", "Eva", "--as", "Bo", data=data)
    assert "/staff/sign-in?token=" in link.stdout
    found = notes(data)
    assert [(one["action"], one["person"], one["role"]) for one in found] == [
        ("link issued", "Bo", "command line"),
        ("rolled back", "Bo", "command line"),
        ("ingested", getpass.getuser(), "command line"),
        ("ingested", "Ada Muster", "command line"),
    ]
    assert found[0]["subject"] == "editor: Eva" and "token" not in str(found)
    assert [one["action"] for one in notes(data, "--person", "ada")] == ["ingested"]
    assert notes(data, "--until", "2020-01-01") == []
    table = run("audit", "--format", "csv", "--most", "1", data=data).stdout
    row, begin = csv.DictReader(io.StringIO(table.lstrip("\ufeff")), delimiter=";")
    assert (row["action"], row["role"]) == ("Zugangslink ausgegeben", "Befehlszeile")
    assert (begin["action"], begin["moment"]) == ("Beginn des Protokolls", found[-1]["moment"][:19] + "+00:00")
    swept = run("audit", "--sweep", data=data).stdout
    assert swept == "0 Einträge gelöscht. Einträge werden nach 730 Tagen gelöscht.\n"
    assert "ausgegeben" in run("audit", data=data).stdout


def test_nothing_noted_is_said(tmp_path: Path) -> None:
    assert "Dazu ist nichts vermerkt." in run("audit", data=tmp_path).stdout


def test_a_log_that_cannot_be_written_holds_nothing_up(capsys: pytest.CaptureFixture[str]) -> None:
    audited(Settings(data_dir=Path("/proc/strategielotse")), "ingested", "x")
    assert "steht nicht im Protokoll" in capsys.readouterr().err
