"""`strategielotse eval` as evaluators use it: run, report, compare, gate, replay, list; errors in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evals.runs.asking import shipped_cases
from service.cli import app
from tests.answering.truth import REPORT

RIGHT = {
    "id": "licht",
    "type": "single_fact",
    "question": "Was hat die neue Beleuchtung in den Schulsporthallen gekostet?",
    "expect": {"behavior": "answer", "citations_any": [[REPORT, "1.1.1.1"]], "facts": [["412.000"]]},
}
COUNT = {
    "id": "zahl",
    "type": "count",
    "question": "Wie viele Projekte sind umgesetzt?",
    "expect": {"behavior": "answer", "count": 10},
}
WRONG = COUNT | {"id": "falsch", "expect": {"behavior": "answer", "count": 99}}


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return written(tmp_path / "faelle.jsonl", RIGHT, COUNT)


def written(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["eval", *map(str, arguments)])


def run(cases: Path, data_dir: Path, name: str, *more: object) -> Result:
    return call("run", cases, "--data-dir", data_dir, "--to", cases.parent / "runs", "--name", name, "--quick", *more)


def test_a_run_leaves_a_folder_with_a_report(cases: Path, data_dir: Path) -> None:
    done = run(cases, data_dir, "erster")
    assert done.exit_code == 0, done.output
    assert "ganz richtig: 100 %" in done.output
    folder = cases.parent / "runs" / "erster"
    assert {path.name for path in folder.iterdir()} >= {
        "run.json", "cases.jsonl", "answers.jsonl", "summary.json", "report.html", "report.md", "report.json"
    }  # fmt: skip


def test_the_next_run_tells_what_was_lost_and_won(cases: Path, data_dir: Path) -> None:
    run(cases, data_dir, "erster")
    same = run(cases, data_dir, "zweiter")
    assert "Gegenüber erster (2 gleiche Fälle): keiner gewonnen, keiner verloren." in same.output
    runs = cases.parent / "runs"
    assert call("compare", runs / "erster", runs / "zweiter").exit_code == 0
    listed = call("list", "--in", runs).output.splitlines()
    assert [line.split()[0] for line in listed] == ["erster", "zweiter"]


def test_the_gate_holds_back_with_exit_code_3_and_names_the_measure(tmp_path: Path, data_dir: Path) -> None:
    cases = written(tmp_path / "faelle.jsonl", RIGHT, WRONG)
    limits = tmp_path / "gate.toml"
    limits.write_text("[min]\nfully = 1.0\ncount = 1.0\n")
    done = run(cases, data_dir, "erster", "--gate", limits)
    assert done.exit_code == 3
    assert "Schwelle verfehlt: count ist 0.000, verlangt sind mindestens 1.000" in done.output
    folder = tmp_path / "runs" / "erster"
    assert call("gate", folder, "--gate", limits).exit_code == 3
    limits.write_text("[min]\nfully = 0.5\n")
    passed = call("gate", folder, "--gate", limits)
    assert passed.exit_code == 0 and "Alle Schwellen erreicht." in passed.output


def test_accepted_figures_become_the_reference(cases: Path, data_dir: Path) -> None:
    limits = cases.parent / "gate.toml"
    limits.write_text('reference = "ref.json"\n[loss]\nfully = 0.0\n')
    run(cases, data_dir, "erster")
    folder = cases.parent / "runs" / "erster"
    assert call("gate", folder, "--gate", limits).exit_code == 2, "there is no reference yet"
    assert call("gate", folder, "--gate", limits, "--accept").exit_code == 0
    assert json.loads((cases.parent / "ref.json").read_text())["measures"]["fully"] == 1.0


def test_a_replay_gives_the_same_answers(cases: Path, data_dir: Path) -> None:
    run(cases, data_dir, "erster")
    folder = cases.parent / "runs" / "erster"
    done = call("replay", folder, "--data-dir", data_dir)
    assert done.exit_code == 0 and "Alle Antworten wie im Lauf." in done.output
    answers = folder / "answers.jsonl"
    answers.write_text(answers.read_text().replace("412.000", "413.000"))
    changed = call("replay", folder, "--data-dir", data_dir)
    assert changed.exit_code == 1 and "licht: Text" in changed.output


def test_a_report_is_written_anew(cases: Path, data_dir: Path) -> None:
    run(cases, data_dir, "erster")
    page = cases.parent / "runs" / "erster" / "report.html"
    page.unlink()
    assert call("report", page.parent).exit_code == 0
    assert page.is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "nirgends.jsonl"), "nirgends.jsonl: nicht lesbar"),
        (("report", "nirgends"), "kein lesbarer Lauf"),
        (("compare", "nirgends", "nirgends"), "kein lesbarer Lauf"),
        (("run", "--url", "http://127.0.0.1:9"), "antwortet nicht"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    done = call(*arguments, "--data-dir", tmp_path)
    assert done.exit_code == 2
    assert told in done.stderr and "Traceback" not in done.stderr


def test_a_run_of_the_same_name_is_not_overwritten(cases: Path, data_dir: Path) -> None:
    run(cases, data_dir, "erster")
    done = run(cases, data_dir, "erster")
    assert done.exit_code == 2 and "erster" in done.stderr


def test_wrong_lines_stop_before_anything_is_asked(tmp_path: Path, data_dir: Path) -> None:
    cases = tmp_path / "faelle.jsonl"
    cases.write_text(json.dumps(RIGHT) + "\n{\n", encoding="utf-8")
    done = run(cases, data_dir, "erster")
    assert done.exit_code == 2 and "faelle.jsonl, Zeile 2: kein JSON" in done.stderr
    assert not (tmp_path / "runs").exists()


def test_without_cases_the_sample_corpus_is_asked(cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(shipped_cases()) > 1
    monkeypatch.setattr("evals.runs.command.shipped_cases", lambda: (cases,))  # CI's gate asks all of them
    done = call("run", "--quick", "--data-dir", tmp_path / "empty", "--to", tmp_path / "runs", "--name", "beispiel")
    assert done.exit_code == 0, done.output
    assert "Beispieldaten eingelesen" in done.output
    assert not (tmp_path / "empty" / "editions").exists(), "the data folder stays as it was"


def test_every_command_explains_itself() -> None:
    for name in ("run", "report", "compare", "gate", "replay", "list", "ablate", "baselines"):
        shown = call(name, "--help")
        assert shown.exit_code == 0 and "Beispiel: strategielotse eval" in shown.output
