"""Corrections and organisations on the command line: in, listed, carried out, taken back, with exit codes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.audit import AuditLog
from service.cli import app
from service.composition import make_database
from service.settings import Settings
from tests.service.county import motion, report
from vectorstore.editions import EditionStore
from vectorstore.records import ItemStatus

NORTH = ("auenland-report", "2.1.2.3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("corrected")
    EditionStore(root).publish([report(), motion()])
    return root


def call(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data-dir", str(folder)])


def test_a_correction_goes_its_whole_way(folder: Path, tmp_path: Path) -> None:
    added = call(folder, "corrections", "add", *NORTH, "status", "implemented", "--reason", "fertig", "--person", "Ada")
    assert added.exit_code == 0, added.output
    wrong = call(folder, "corrections", "add", "auenland-report", "9.9", "status", "idea", "--reason", "weil")
    assert wrong.exit_code == 0
    table = tmp_path / "aus.csv"
    assert call(folder, "corrections", "export", str(table)).exit_code == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file, delimiter=";")}
    assert rows["2.1.2.3"]["instead_of"] == "in_progress" and rows["2.1.2.3"]["person"] == "Ada"
    applied = call(folder, "corrections", "apply")
    assert applied.exit_code == 1 and "veröffentlicht" in applied.output and "9.9" in applied.output
    shown = call(folder, "projects", "--status", "implemented", "--format", "json")
    assert '"corrected"' in shown.output and "fertig" in shown.output and "Ada" not in shown.output
    assert call(folder, "corrections", "check").exit_code == 1
    assert call(folder, "corrections", "remove", "auenland-report", "9.9").exit_code == 0
    listed = call(folder, "corrections", "list")
    assert listed.exit_code == 0 and "angewandt" in listed.output
    assert call(folder, "corrections", "remove", *NORTH, "--apply").exit_code == 0
    with_nothing = EditionStore(folder).open()
    north = with_nothing.catalogue.item(*NORTH)
    with_nothing.close()
    assert north is not None and north.status is ItemStatus.IN_PROGRESS
    back = call(folder, "corrections", "import", str(table), "--replace")
    assert back.exit_code == 0 and "2 Korrekturen gelesen" in back.output
    database = make_database(Settings(data_dir=folder))
    assert "correction" in {note.action for note in AuditLog(database).latest()}
    database.close()


def test_what_is_wrong_is_one_sentence_and_changes_nothing(folder: Path, tmp_path: Path) -> None:
    before = (folder / "corrections.csv").read_bytes()
    for words, told in (
        (("add", *NORTH, "status", "bald", "--reason", "weil"), "kein Status"),
        (("add", "auenland-report", "2.1.3.1", "unit", "70", "--reason", "weil"), "--instead-of"),
        (("remove", "auenland-report", "nichts"), "keine solche Korrektur"),
        (("import", str(tmp_path / "fehlt.csv")), "Das gibt es nicht"),
    ):
        done = call(folder, "corrections", *words)
        assert done.exit_code == 2 and told in done.output, done.output
    assert (folder / "corrections.csv").read_bytes() == before
