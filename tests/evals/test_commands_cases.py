"""`eval cases`: what each command prints and writes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import evals
from evals.cases import Case, case_schema, load_cases, write_cases
from evals.cases.command import cases_app
from evals.cases.tables import read_any
from tests.answering.truth import REPORT

SHIPPED = Path(evals.__file__).parent / "cases" / "sample-dev.jsonl"
WRONG = {
    "id": "w-1",
    "type": "count",
    "question": "Wie viele?",
    "expect": {"behavior": "answer", "citations_any": [[REPORT, "5"]], "count": 99},
    "proof": {"kind": "project", "document": REPORT, "theme": "5"},
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cases_app, [str(one) for one in arguments])


def test_right_cases_pass_the_check(data_dir: Path) -> None:
    done = run("check", SHIPPED, "--data-dir", data_dir)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "80 Fälle geprüft, 0 falsch." in done.stdout


def test_a_wrong_case_ends_the_check_with_one(data_dir: Path, tmp_path: Path) -> None:
    write_cases([Case.model_validate(WRONG)], tmp_path / "w.jsonl")
    done = run("check", SHIPPED, tmp_path / "w.jsonl", "--data-dir", data_dir)
    assert done.exit_code == 1
    assert "81 Fälle geprüft, 1 falsch." in done.stdout
    assert "w-1" in done.stdout
    assert "count: 99, die Einträge ergeben" in " ".join(done.stdout.split())


def test_a_check_without_an_edition_is_one_sentence(tmp_path: Path) -> None:
    done = run("check", SHIPPED, "--data-dir", tmp_path)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.output


def test_every_wrong_line_of_all_files_is_told(data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{\n[]\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("id;type;question;behavior\nx;y;;abstain", encoding="utf-8")
    done = run("check", tmp_path / "a.jsonl", tmp_path / "b.csv", tmp_path / "c.jsonl", "--data-dir", data_dir)
    assert done.exit_code == 2
    told = done.stderr.splitlines()
    assert [line.split(":")[0] for line in told] == [
        "a.jsonl, Zeile 1", "a.jsonl, Zeile 2", "b.csv, Zeile 2, Spalte question", "c.jsonl",
    ]  # fmt: skip


def test_an_id_in_two_files_is_told(data_dir: Path, tmp_path: Path) -> None:
    write_cases(load_cases(SHIPPED)[:1], tmp_path / "again.jsonl")
    done = run("check", SHIPPED, tmp_path / "again.jsonl", "--data-dir", data_dir)
    assert (done.exit_code, done.stderr) == (2, "again.jsonl: id: sd-001 gibt es schon\n")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_cases_go_to_a_table_and_back(ending: str, tmp_path: Path) -> None:
    table, back = tmp_path / f"faelle.{ending}", tmp_path / "zurueck.jsonl"
    assert run("export", SHIPPED, "--to", table).exit_code == 0
    done = run("import", table, "--to", back)
    assert (done.exit_code, done.stdout) == (0, f"80 Fälle in {back} geschrieben.\n")
    assert load_cases(back) == load_cases(SHIPPED)


def test_a_wrong_table_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id;type;question;behavior\nx;y;;abstain", encoding="utf-8")
    done = run("import", tmp_path / "a.csv", "--to", tmp_path / "b.jsonl")
    assert (done.exit_code, done.stderr) == (2, "a.csv, Zeile 2, Spalte question: fehlt\n")
    assert not (tmp_path / "b.jsonl").exists()


ENDINGS = [
    ("import", "a.jsonl", "--to", "b.jsonl"),
    ("import", "a.csv", "--to", "b.csv"),
    ("export", "a.jsonl", "--to", "b.ods"),
    ("propose", "--to", "b.txt"),
]


@pytest.mark.parametrize("arguments", ENDINGS)
def test_other_endings_are_refused(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert "muss auf ." in done.stderr


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run("export", SHIPPED, "--to", tmp_path / "fehlt" / "a.csv")
    assert done.exit_code == 2
    assert done.stderr == f"{tmp_path / 'fehlt' / 'a.csv'} ist nicht beschreibbar (No such file or directory).\n"


def test_proposals_are_written_and_right(data_dir: Path, tmp_path: Path) -> None:
    first, more = tmp_path / "vorschlaege.xlsx", tmp_path / "mehr.jsonl"
    assert run("propose", "--amount", 12, "--to", first, "--data-dir", data_dir).exit_code == 0
    assert len(read_any(first)) == 12
    assert run("check", first, "--data-dir", data_dir).exit_code == 0
    assert run("propose", "--amount", 12, "--to", more, "--beside", first, "--data-dir", data_dir).exit_code == 0
    assert not {one.question for one in read_any(first)} & {one.question for one in read_any(more)}


def test_the_seed_decides_on_proposals(data_dir: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        run("propose", "--seed", seed, "--to", tmp_path / f"{name}.jsonl", "--data-dir", data_dir)
    one, same, other = ((tmp_path / f"{name}.jsonl").read_text(encoding="utf-8") for name in "abc")
    assert one == same != other
    assert one.count("\n") == 30


def test_fewer_proposals_than_asked_for_are_said(data_dir: Path, tmp_path: Path) -> None:
    done = run("propose", "--amount", 10_000, "--to", tmp_path / "a.jsonl", "--data-dir", data_dir)
    assert done.exit_code == 0
    assert done.stdout.endswith("Mehr geben die Einträge nicht her.\n")


def test_the_schema_is_that_of_a_case() -> None:
    done = run("schema")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == case_schema()
    assert set(json.loads(done.stdout)["properties"]) == set(Case.model_fields)


@pytest.mark.parametrize("command", ["check", "import", "export", "propose", "schema"])
def test_help_has_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.exit_code == 0
    assert f"Beispiel: strategielotse eval cases {command}" in " ".join(done.stdout.split())
