"""Measuring over a real edition: asking, verbatim quotes, the table, exit codes; and switching parts off."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from evals import ablate, measure
from evals.judging import judge
from service.answering.finding import Weights
from service.answering.service import AnswerService
from service.models import AnswerStatus
from tests.answering.truth import REPORT
from tests.evals.fakes import case

FOLLOW_UP = [
    {"role": "user", "content": "Was ist der Rufbus Lauvi?"},
    {"role": "assistant", "content": "Projekt 5.1.2.1 Rufbus Lauvi [1]."},
]


def expecting(number: int, kind: str, question: str, **expect: Any) -> str:
    return json.dumps({"id": f"c-{number}", "type": kind, "question": question, "expect": expect})


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = [
        expecting(
            1,
            "single_fact",
            "Was hat die neue Beleuchtung in den Schulsporthallen gekostet?",
            behavior="answer",
            citations_any=[[REPORT, "1.1.1.1"]],
            facts=[["412.000"]],
        ),
        expecting(2, "count", "Wie viele Projekte sind umgesetzt?", behavior="answer", count=10),
        expecting(3, "unanswerable", "Welche Projekte laufen im Kreis Steinfurt?", behavior="abstain"),
    ]
    path = tmp_path_factory.mktemp("cases") / "few.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(monkeypatch: pytest.MonkeyPatch, module: Any, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["evals", *arguments])
    code = module.main()
    assert isinstance(code, int)
    return code


def test_a_case_is_asked_with_its_history(measured: AnswerService) -> None:
    asked = case(question="Wer ist dafür zuständig?", history=tuple(FOLLOW_UP), any_of=((REPORT, "5.1.2.1"),))
    answer = measure.ask(measured, asked)
    assert judge(asked, answer).right_at == 1


def test_verbatim_tells_the_share_of_quotes_that_stand(measured: AnswerService) -> None:
    right = measure.ask(measured, case(question="Wie viele Projekte sind umgesetzt?"))
    assert measure.verbatim([right], measured) == 1.0
    changed = right.citations[0].model_copy(update={"quote": "Das steht nirgends."})
    wrong = right.model_copy(update={"citations": [changed, *right.citations[1:]]})
    assert measure.verbatim([wrong], measured) == pytest.approx(1 - 1 / len(right.citations))
    assert measure.verbatim([], measured) == 1.0


def test_a_run_prints_a_row_per_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], few: Path, data_dir: Path
) -> None:
    assert run(monkeypatch, measure, str(few), "--data-dir", str(data_dir)) == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("single_fact", "count", "unanswerable", "all", "verbatim quotes 1.000"))


def test_failures_show_what_was_wanted_and_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, data_dir: Path
) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text(expecting(9, "count", "Wie viele Projekte sind umgesetzt?", behavior="answer", count=99))
    assert run(monkeypatch, measure, str(path), "--data-dir", str(data_dir), "--failures") == 0
    printed = capsys.readouterr().out
    assert "c-9" in printed and "99" in printed and "answered" in printed


@pytest.mark.parametrize(("least", "code"), [(1.0, 0), (1.01, 3)])
def test_the_gate_decides_the_exit_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    few: Path,
    data_dir: Path,
    least: float,
    code: int,
) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(f'[min]\nfully = {least}\n[max]\n"false answers" = 0.0\n', encoding="utf-8")
    assert run(monkeypatch, measure, str(few), "--data-dir", str(data_dir), "--gate", str(path)) == code
    assert ("gate: fully" in capsys.readouterr().out) is (code == 3)


def test_ablation_shows_a_row_per_variant(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], few: Path, data_dir: Path
) -> None:
    assert run(monkeypatch, ablate, "--set", f"{few}={data_dir}") == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in ablate.SWITCHES)


def test_a_weight_can_be_varied(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], few: Path, data_dir: Path
) -> None:
    assert run(monkeypatch, ablate, "--set", f"{few}={data_dir}", "--vary", "dense=0,0.5") == 0
    printed = capsys.readouterr().out
    assert "dense 0" in printed and "dense 0.5" in printed and "as shipped" not in printed


def test_variants_change_one_weight_each() -> None:
    assert dict(ablate.variants([]))["as shipped"] == Weights()
    varied = list(ablate.variants(["dense=0,1", "title=0.5"]))
    assert [name for name, _ in varied] == ["dense 0", "dense 1", "title 0.5"]
    assert varied[1][1].dense == 1.0 and varied[1][1].title == Weights().title


def test_an_unknown_weight_is_refused() -> None:
    with pytest.raises(TypeError):
        list(ablate.variants(["nonsense=1"]))


def test_switching_search_off_costs_answers_but_no_count(measured: AnswerService, few: Path, data_dir: Path) -> None:
    loaded = ablate.load([f"{few}={data_dir}"])
    blind = ablate.judged(loaded, Weights(lexical=0.0, dense=0.0, title=0.0, concepts=0.0))
    assert [one.fully for one in blind] == [False, True, True], "counts are computed over records, not found"
    assert measure.ask(measured, blind[0].case).status is AnswerStatus.ANSWERED
