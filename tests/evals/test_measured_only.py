"""Cases of files named *-held count in every figure and are shown nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.reporting.html import html
from evals.reporting.machine import machine
from evals.reporting.markdown import markdown
from evals.reporting.material import material
from evals.runs.comparison import compared
from evals.runs.output import print_comparison
from evals.runs.session import RunRequest, executed
from evals.runs.targets import InProcess
from service.answering.service import AnswerService
from tests.evals.fakes import FACT, silent_case
from tests.evals.reported import NOW, WON, before, run_of


def test_cases_that_are_only_measured_count_and_are_never_shown() -> None:
    hidden = [one.case.id for one in NOW if not one.fully or one.case.id == WON.case.id]
    run = run_of(*NOW, measured_only=hidden)
    told = material(run, before())
    for page in (html(told), markdown(told), machine(told)):
        assert not any(one.case.question in page for one in NOW if one.case.id in hidden)
    assert run.failed == [] and run.failed_unseen == 4
    assert "Dazu 4 Fragen aus Dateien, die nur gemessen" in html(told)
    numbers = json.loads(machine(told))
    assert numbers["failed"] == {} and numbers["failed_unseen"] == 4
    assert (numbers["comparison"]["won"], numbers["comparison"]["won_in_all"]) == ([], 1)


def test_the_terminal_tells_numbers_and_no_ids(capsys: pytest.CaptureFixture[str]) -> None:
    run = run_of(*NOW, measured_only=[one.case.id for one in NOW])
    print_comparison(compared(before(), run))
    told = capsys.readouterr().out
    assert "1 gewonnen, 1 verloren" in told
    assert "gewonnen:" not in told and "verloren:" not in told


def test_the_name_of_the_file_decides(measured: AnswerService, tmp_path: Path) -> None:
    lines = {"faelle.jsonl": FACT.case, "faelle-held.jsonl": silent_case(id="still", question="Was ist ein Quark?")}
    for name, case in lines.items():
        (tmp_path / name).write_text(case.model_dump_json(exclude_defaults=True))
    run = executed(RunRequest(tuple(tmp_path / name for name in lines), quick=True), InProcess(measured))
    assert run.info.measured_only == ["still"]
    assert [one.case.id for one in run.open] == ["c"]
    assert set(run.findings) <= {"c"}
    assert run.summary.cases == 2
