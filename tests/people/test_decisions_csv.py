"""Decisions go out as a table and come in again the same; tables of earlier versions are read too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli.main import app
from service.people.decisions import Decision, Decisions, Outcome, Wrong, wrong_in
from service.people.decisions_csv import read_file, table
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
    found, rejected = read_file(file)
    assert rejected == [] and [one.content for one in found] == [one.content for one in ALL]
    assert [(one.person, one.reason) for one in found] == [(one.person, one.reason) for one in ALL]


def test_a_table_of_corrections_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    file = tmp_path / "alt.csv"
    file.write_text("Document_ID;Key;FIELD;value;instead_of;reason;person;date\na;1;status;idea;planned;weil;Ada;\n")
    (one,), rejected = read_file(file)
    assert rejected == [] and (one.outcome, one.items, one.part) == (Outcome.VALUE, (("a", "1"),), "status")


def fix(part: str, value: str = "", instead_of: str = "", key: str = "1") -> Decision:
    return Decision(
        outcome=Outcome.VALUE, part=part, value=value, instead_of=instead_of, items=(("a", key),), reason="x"
    )


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (fix("date", "morgen", "2026"), "kein Datum"),
        (fix("status", "bald"), "kein Status"),
        (fix("kind", "goal"), "nicht mehr"),
        (fix("item", "Titel"), "nicht mehr"),
        (fix("title"), "neue Wert"),
        (fix("title", "gleich", "gleich"), "der alte"),
        (fix("text", "x" * 5000, "y"), "Zeichen"),
        (fix("title", "x", "y", key=""), "Dokument"),
        (replace(fix("record", "", "Titel"), reason=""), "Begründung"),
    ],
)
def test_what_can_be_no_correction_says_why(one: Decision, told: str) -> None:
    assert told in wrong_in(one)[0]


def test_a_wrong_row_costs_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "falsch.csv"
    file.write_text("outcome;wordings;field\ngap;Was?\nbald;Wie?\ngap;\n;;colour\n;;;zu viel\n")
    found, rejected = read_file(file)
    assert [one.wordings for one in found] == [("Was?",)] and [one.line for one in rejected] == [3, 4, 5, 6]
    for content in (b"a;b\n1;2\n", b"\xff\xfe", b'outcome;wordings\n"gap;x'):
        file.write_bytes(content)
        with pytest.raises(Wrong):
            read_file(file)


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
    assert len(read_file(file)[0]) == 5
