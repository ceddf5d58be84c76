"""The pytest plugin in a pytest of its own: one test per case, the reason in the failure, a wrong file told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.answering.truth import REPORT
from tests.processes import REPOSITORY

TEST = """
import pytest
from evals.pytest_plugin import why

@pytest.mark.eval_cases("faelle.jsonl")
def test_answers(judgement):
    assert judgement.fully, why(judgement)
"""
RIGHT = {
    "id": "licht",
    "type": "single_fact",
    "question": "Was hat die neue Beleuchtung in den Schulsporthallen gekostet?",
    "expect": {"behavior": "answer", "citations_any": [[REPORT, "1.1.1.1"]], "facts": [["412.000"]]},
}
WRONG = RIGHT | {"id": "falsch", "expect": RIGHT["expect"] | {"facts": [["999.999"]]}}  # type: ignore[operator]


def run(folder: Path, data_dir: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text('pytest_plugins = ["evals.pytest_plugin"]\n')
    (folder / "test_faelle.py").write_text(TEST)
    (folder / "faelle.jsonl").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-p", "no:tach"]
    return subprocess.run(
        [*command, "--rootdir", str(folder), "--eval-data-dir", str(data_dir), str(folder)],
        cwd=folder,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_each_case_is_a_test_and_failures_say_why(tmp_path: Path, data_dir: Path) -> None:
    done = run(tmp_path, data_dir, json.dumps(RIGHT), json.dumps(WRONG))
    assert "test_answers[licht] PASSED" in done.stdout
    assert "test_answers[falsch] FAILED" in done.stdout
    assert "999.999" in done.stdout
    assert done.returncode == 1


def test_a_wrong_case_file_is_told_before_anything_runs(tmp_path: Path, data_dir: Path) -> None:
    done = run(tmp_path, data_dir, json.dumps(RIGHT), "{")
    assert "faelle.jsonl, Zeile 2: kein JSON" in done.stdout + done.stderr
    assert done.returncode != 0
