"""Runs as folders: what is written is read again, damage is told, and two runs are compared case by case."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import evals
from evals.cases import Overview, load_cases
from evals.metrics.judging import Judgement
from evals.runs.asking import shipped_cases
from evals.runs.comparison import compared
from evals.runs.environment import environment, prompts_digest
from evals.runs.run import (
    ANSWERS,
    INFO,
    JUDGEMENTS,
    CaseFile,
    Run,
    RunError,
    RunInfo,
    common,
    read_run,
    runs_in,
    write_run,
)
from evals.runs.summary import digest_of, summarised
from service.models import LookupResult
from tests.evals.fakes import COUNT, FACT, LIST, RIGHT, SILENT, answer, case, citation, judged, refusal, silent_case

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def info(name: str = "probe", created: datetime = NOON) -> RunInfo:
    return RunInfo(
        name=name,
        created=created,
        seconds=1.5,
        kind="in_process",
        edition="2026-11-20-1",
        case_files=[CaseFile(name="a.jsonl", digest="sha256:0", cases=4)],
        receipts=[{"pipeline": "1", "settings": "s", "model": None, "prompts": None}],
        prompts=prompts_digest(),
        environment=environment(),
    )


def run(*judgements: Judgement, name: str = "probe", created: datetime = NOON) -> Run:
    return Run(info(name, created), list(judgements), summarised(judgements))


def right() -> list[Judgement]:
    return [judged(one.case, one.answer) for one in RIGHT]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    found = LookupResult(query="Was?", covered=False, items=[], corpus_edition="e")
    wrong = judged(FACT.case, refusal())
    written = replace(run(wrong, *right()[1:]), findings={"c": found}, baselines={"bm25": right()})
    write_run(written, tmp_path / "probe")
    again = read_run(tmp_path / "probe")
    assert again.info == written.info and again.summary == written.summary and again.findings == written.findings
    assert [one.parts for one in again.judgements] == [one.parts for one in written.judgements]
    assert [one.asked.answer for one in again.judgements] == [one.asked.answer for one in written.judgements]
    assert [one.asked.milliseconds for one in again.judgements] == [5.0] * 4
    assert [one.parts for one in again.baselines["bm25"]] == [one.parts for one in written.baselines["bm25"]]
    assert [one.case.id for one in again.failed] == ["c"]


def test_a_run_is_never_written_over(tmp_path: Path) -> None:
    write_run(run(*right()), tmp_path / "probe")
    with pytest.raises(FileExistsError):
        write_run(run(*right()), tmp_path / "probe")


@pytest.mark.parametrize("name", [INFO, ANSWERS, JUDGEMENTS])
def test_a_damaged_folder_is_told(tmp_path: Path, name: str) -> None:
    write_run(run(*right()), tmp_path / "probe")
    (tmp_path / "probe" / name).write_text("{", encoding="utf-8")
    with pytest.raises(RunError, match="kein lesbarer Lauf"):
        read_run(tmp_path / "probe")
    (tmp_path / "probe" / name).unlink()
    with pytest.raises(RunError, match=f"{name} fehlt"):
        read_run(tmp_path / "probe")


def test_runs_are_listed_oldest_first_and_other_folders_left(tmp_path: Path) -> None:
    write_run(run(*right(), created=NOON), tmp_path / "b")
    write_run(run(*right(), created=NOON - timedelta(hours=1)), tmp_path / "z")
    (tmp_path / "other").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / INFO).write_text("{")
    assert [path.name for path in runs_in(tmp_path)] == ["z", "b"]
    assert runs_in(tmp_path / "nothing") == []


def test_nothing_of_this_machine_stands_in_a_run(tmp_path: Path) -> None:
    write_run(run(*right()), tmp_path / "probe")
    text = "".join(path.read_text() for path in (tmp_path / "probe").iterdir())
    assert str(Path.home()) not in text and str(tmp_path) not in text


def test_the_digest_of_prompts_is_stable() -> None:
    assert prompts_digest() == prompts_digest()
    assert prompts_digest().startswith("sha256:")


def test_won_lost_and_changed_cases() -> None:
    said_otherwise = FACT.answer.model_copy(update={"answer": "412.000 Euro kostete das. [1]"})
    before = run(judged(FACT.case, FACT.answer), judged(COUNT.case, refusal()), judged(SILENT.case, SILENT.answer))
    after = run(
        judged(FACT.case, said_otherwise),
        judged(COUNT.case, COUNT.answer),
        judged(SILENT.case, answer("Doch. [1]", citation())),
    )
    found = compared(before, after)
    assert (found.cases, found.won, found.lost, found.changed) == (3, ("n",), ("u",), ("c", "n", "u"))
    assert (found.p_value, found.significant) == (1.0, False)
    assert found.differences["false answers"].value == 1.0
    assert found.differences["fully"].value == 0.0


def test_many_wins_are_more_than_chance() -> None:
    cases = [case(id=str(number)) for number in range(8)]
    before = run(*(judged(one, refusal()) for one in cases))
    after = run(*(judged(one, FACT.answer) for one in cases))
    found = compared(before, after)
    assert len(found.won) == 8 and found.significant
    assert found.differences["fully"].low == 1.0
    assert compared(after, before).lost == found.won


def test_only_cases_that_are_the_same_in_both_are_compared() -> None:
    changed = FACT.case.model_copy(update={"question": "Was kostete es?"})
    before = [judged(FACT.case, FACT.answer), judged(LIST.case, LIST.answer), judged(silent_case(id="x"), refusal())]
    after = [judged(changed, FACT.answer), judged(LIST.case, refusal())]
    assert [(old.case.id, new.case.id) for old, new in common(before, after)] == [("l", "l")]
    assert compared(run(*before), run(*after)).lost == ("l",)


def test_a_summary_needs_cases_and_groups_them_by_type() -> None:
    with pytest.raises(ValueError, match="no cases"):
        summarised([])
    found = summarised(right())
    assert list(found.types) == ["count", "list", "single_fact", "unanswerable"]
    assert found.types["count"]["count"].n == 1 and "count" not in found.types["list"]
    assert (found.latency.median, found.latency.longest) == (5.0, 5.0)


def test_the_digest_of_cases_tells_every_expectation_and_is_that_of_the_gate() -> None:
    folder = Path(evals.__file__).parent
    sample = load_cases(*shipped_cases())
    assert digest_of(sample) == json.loads((folder / "gates" / "sample.reference.json").read_text())["cases"]
    overview = Overview(core=(("report", "1"),), topic=(("report", "1"),), at_least=2)
    changed = [
        case(),
        case(corpus="klimaplan"),
        case(expect={"overview": overview}),
        case(expect={"overview": overview.model_copy(update={"at_least": 3})}),
        case(expect={"citations_any": (("report", "1.1.1.1"),), "verdict": "yes"}),
    ]
    assert len({digest_of([one]) for one in changed}) == len(changed)
