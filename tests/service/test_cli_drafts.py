"""Drafts, gates and editions side by side on the command line, as processes: what is said, done and left alone."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.processes import run
from vectorstore.editions import EditionStore

TITLES = ("Radwege bauen", "Bäume pflanzen", "Schulen dämmen", "Dächer nutzen", "Busse takten")


def plan(folder: Path, unit: int, measures: int = 4) -> Path:
    """Write a paper of measures; `unit` is responsible for the first."""
    sheets = [
        f"## M {number} {title}\n\nVerantwortlich: Amt {unit if number == 1 else 70 + number}\n\n"
        f"Beschreibung: Der Kreis will {title}.\n"
        for number, title in enumerate(TITLES[:measures], 1)
    ]
    path = folder / "klimaplan.md"
    path.write_text("# Klimaplan\n\n" + "\n".join(sheets), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one published paper, and a draft in which a measure is gone and a unit another."""
    folder = tmp_path_factory.mktemp("drafts")
    assert run("ingest", plan(folder, 66, 5), data=folder / "data").returncode == 0
    result = run("ingest", plan(folder, 65), "--add", "--draft", data=folder / "data")
    assert (result.returncode, result.stderr) == (0, "")
    assert "liegt bereit" in result.stdout and "veröffentlicht ist er nicht" in result.stdout
    return folder / "data"


def names(data: Path) -> tuple[str, str]:
    """Return the names of the published edition and of the one draft."""
    store = EditionStore(data)
    (draft,) = store.drafts()
    return store.current_name() or "", draft


def test_two_editions_are_compared_record_by_record(published: Path) -> None:
    current, draft = names(published)
    text = run("editions", "diff", draft, data=published).stdout
    assert f"Von {current} zu {draft}: 0 Einträge neu, 1 nicht mehr da, 1 anders." in text
    assert "klimaplan M 5 Busse takten: nicht mehr da" in text
    told = json.loads(run("editions", "diff", current, draft, "--json", data=published).stdout)
    assert told["counts"] == {"new": 0, "gone": 1, "changed": 1} and told["documents"] == []
    (unit,) = [one for one in told["records"] if one["change"] == "unit"]
    assert (unit["ref"], "66" in unit["before"], "65" in unit["now"]) == ("M 1", True, True)
    table = run("editions", "diff", draft, current, "--format", "csv", data=published).stdout
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff")), delimiter=";"))
    assert {(row["ref"], row["change"]) for row in rows} == {("M 5", "new"), ("M 1", "unit")}


def gated(tmp_path: Path, thresholds: str) -> tuple[int, str, str]:
    """Ingest a changed plan through a gate; return exit code, stdout and stderr."""
    gate = tmp_path / "schwellen.toml"
    gate.write_text(thresholds, encoding="utf-8")
    result = run("ingest", plan(tmp_path, 65), "--add", "--gate", gate, data=tmp_path / "data")
    return result.returncode, result.stdout, result.stderr


def test_a_gate_holds_a_draft_back_with_a_sentence_for_each_threshold(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run("ingest", plan(tmp_path, 66, 5), data=data).returncode == 0
    store = EditionStore(data)
    first = store.current_name()
    code, said, told = gated(tmp_path, "least_records = 5\nmost_lost = 0\nleast_coverage = 1.0\nleast_pages = 1.0\n")
    assert (code, store.current_name(), len(store.drafts())) == (3, first, 1)
    assert [line.partition(":")[0] for line in told.splitlines()] == ["Schwelle verfehlt"] * 2
    assert "klimaplan: Gefunden sind 4 Einträge, verlangt sind 5." in told
    assert "fehlen: 1 (klimaplan M 5 Busse takten), höchstens 0" in told
    assert "editions publish" in said
    code, said, told = gated(tmp_path, "least_records = 4\nmost_lost = 1\n")
    assert (code, told) == (0, "") and store.drafts() == [] and store.current_name() != first


def test_a_gate_asks_cases_over_the_draft(tmp_path: Path) -> None:
    """The question is answered by the draft alone; what is published never heard of it."""
    data = tmp_path / "data"
    (tmp_path / "leer.md").write_text("# Leitbild\n\nWir sind ein offener Kreis.\n", encoding="utf-8")
    assert run("ingest", tmp_path / "leer.md", data=data).returncode == 0
    case = {
        "id": "baum",
        "type": "fact",
        "question": "Wer ist für M 2 zuständig?",
        "expect": {"behavior": "answer", "citations_any": [["klimaplan", "M 2"]]},
    }
    (tmp_path / "faelle.jsonl").write_text(json.dumps(case) + "\n", encoding="utf-8")
    wrong = {**case, "id": "falsch", "expect": {"behavior": "answer", "citations_any": [["klimaplan", "M 1"]]}}
    (tmp_path / "falsch.jsonl").write_text(json.dumps(wrong) + "\n", encoding="utf-8")
    both = '[cases]\nfiles = ["faelle.jsonl", "falsch.jsonl"]\nleast_right = 0.9\n'
    code, _, told = gated(tmp_path, both)
    assert (code, "Ganz richtig sind 1 von 2 Fällen, verlangt sind 90,0 %." in told) == (3, True), told
    assert EditionStore(data).document_ids() == ("leer",)


@pytest.mark.parametrize(
    ("thresholds", "told"),
    [
        ("least_coverage = 2", "least_coverage: ist kein Wert, der hier geht"),
        ("most = 2", "most: gibt es nicht"),
        ("least_coverage =", "kein gültiges TOML"),
        ('[cases]\nfiles = ["weg.jsonl"]\nleast_right = 0.5', "Diese Fälle gibt es nicht"),
    ],
)
def test_wrong_thresholds_end_the_command_before_anything_is_read(tmp_path: Path, thresholds: str, told: str) -> None:
    code, said, sentence = gated(tmp_path, thresholds)
    assert (code, said) == (2, "")
    assert told in sentence and len(sentence.splitlines()) == 1
    assert not (tmp_path / "data" / "editions").exists()
