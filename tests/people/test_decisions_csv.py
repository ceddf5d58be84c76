"""Decisions go out as a table and come in again the same; tables of earlier versions are read too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli.main import app
from service.people.decisions import Decisions
from service.people.decisions_csv import read_table, table
from service.people.form import Decision, Outcome, Wrong
from tests.people.conftest import REPORT, night_bus
from vectorstore.database import Database

ALL = [
    night_bus(value="=SUMME(A1)\n„so“; und", person="Ada", day=date(2026, 11, 20)),
    Decision(outcome=Outcome.ENTRY, wordings=("Was?", "Wie?"), items=((REPORT, "5.1.1.1"),)),
    Decision(outcome=Outcome.GAP, wordings=("Ein Freibad?",), reason="fehlt"),
    Decision(
        outcome=Outcome.VALUE, part="text", value="'neu", instead_of="-alt\nund mehr", items=((REPORT, "5.1.1.1"),),
        reason="Druckfehler",
    ),
    Decision(outcome=Outcome.REMOVED, part="unit", instead_of="66", items=((REPORT, "5.1.1.1"),), reason="weg"),
]  # fmt: skip


def test_a_table_comes_in_as_it_went_out(tmp_path: Path) -> None:
    kept = Decisions(Database(tmp_path)).put(ALL)
    file = tmp_path / "alle.csv"
    file.write_text(table(kept), encoding="utf-8", newline="")
    found, rejected = read_table(file)
    assert rejected == [] and [one.content for one in found] == [one.content for one in ALL]
    assert [(one.person, one.reason) for one in found] == [(one.person, one.reason) for one in ALL]


def test_tables_of_earlier_versions_are_read(tmp_path: Path) -> None:
    file = tmp_path / "alt.csv"
    file.write_text(
        "id;question;wordings;text;citations;owner;valid_until;language\r\n"
        "3f2a;Bis wann?;Wie lange? | Wann Schluss?;Bis 3:30 Uhr.;a;1;Amt;2027-06-30;de\r\n".replace(
            "a;1", '"a;1 | a;2"'
        )
    )
    (one,), rejected = read_table(file)
    assert rejected == [] and one.outcome is Outcome.TEXT
    assert (one.wordings, one.items) == (("Bis wann?", "Wie lange?", "Wann Schluss?"), (("a", "1"), ("a", "2")))
    file.write_text("document_id;key;field;value;instead_of;reason;person;date\na;1;status;idea;planned;weil;Ada;\n")
    (one,), rejected = read_table(file)
    assert (one.outcome, one.items, one.part) == (Outcome.VALUE, (("a", "1"),), "status")


def test_a_wrong_row_costs_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "falsch.csv"
    file.write_text("outcome;wordings\ngap;Was?\nbald;Wie?\ngap;\n")
    found, rejected = read_table(file)
    assert [one.wordings for one in found] == [("Was?",)] and [one.line for one in rejected] == [3, 4]
    for content in (b"a;b\n1;2\n", b"\xff\xfe", b'outcome;wordings\n"gap;x'):
        file.write_bytes(content)
        with pytest.raises(Wrong):
            read_table(file)


def test_the_commands_take_each_decision_once(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "alle.csv"
    Decisions(Database(tmp_path)).put(ALL)
    file.write_text(table(Decisions(Database(tmp_path)).all()), encoding="utf-8", newline="")

    def call(*words: str) -> str:
        done = CliRunner().invoke(app, ["decisions", *words, str(file), "--data-dir", str(data)])
        assert done.exit_code == 0, done.output
        return done.output

    assert "5 Entscheidungen übernommen, 0 schon da" in call("import")
    assert "0 Entscheidungen übernommen, 5 schon da" in call("import")
    file.unlink()
    assert "5 Entscheidungen geschrieben" in call("export")
    assert len(read_table(file)[0]) == 5
