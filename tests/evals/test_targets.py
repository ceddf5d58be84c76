"""Asking: in this process and over HTTP the same questions get the same answers and the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from evals.cases import load_cases
from evals.metrics.judging import Judgement, judge_all
from evals.runs.asking import sample_target, shipped_cases, target_of
from evals.runs.replay import replayed
from evals.runs.run import Run
from evals.runs.running import STRICTNESS, asked_all, tradeoff
from evals.runs.session import RunRequest, executed
from evals.runs.summary import summarised
from evals.runs.targets import InProcess, OverHttp, TargetError, over_http
from service.answering.service import AnswerService
from service.app import create_app
from service.settings import Settings, load_settings
from tests.evals.cases_judged import JUDGED
from tests.evals.fakes import case, silent_case, turn
from tests.evals.test_runs import info

EMPTY = {"corpus_edition": "e", "items": [], "total": 0}
FEW = load_cases(*shipped_cases())[:25]


@pytest.fixture(scope="module")
def here(measured: AnswerService) -> InProcess:
    return InProcess(measured)


@pytest.fixture(scope="module")
def running(data_dir: Path) -> Iterator[OverHttp]:
    settings = load_settings(data_dir=data_dir, rate_per_minute=0)
    with TestClient(create_app(settings)) as client:
        yield OverHttp(client)


def test_over_http_and_in_process_answer_alike(here: InProcess, running: OverHttp) -> None:
    one, other = asked_all(here, FEW), asked_all(running, FEW)
    assert [asked.answer.answer for asked in one] == [asked.answer.answer for asked in other]
    first, second = summarised(judge_all(one)).all, summarised(judge_all(other)).all
    assert first == second and {"verbatim", "pages"} <= first.keys()
    assert running.edition == here.edition


def test_a_case_is_asked_with_its_history(here: InProcess) -> None:
    history = (turn("Was ist der Rufbus Lauvi?"), turn("Projekt 5.1.2.1 Rufbus Lauvi [1].", "assistant"))
    answer = here.ask(case(question="Wer ist dafür zuständig?", history=history))
    assert answer.citations[0].ref == "5.1.2.1"


def test_what_finding_brings_is_the_same_by_both_ways(here: InProcess, running: OverHttp) -> None:
    one, other = here.looked_up("Radverkehr"), running.looked_up("Radverkehr")
    assert one is not None and other is not None
    assert one.items and [item.ref for item in one.items] == [item.ref for item in other.items]


def test_places_are_known_by_both_ways(here: InProcess, running: OverHttp) -> None:
    assert running.knowledge == here.knowledge
    assert running.knowledge.documents and running.knowledge.names


def test_a_service_that_is_not_there_is_told_in_one_sentence() -> None:
    with pytest.raises(TargetError, match="antwortet nicht"), over_http("http://127.0.0.1:9"):
        pass
    with pytest.raises(TargetError), over_http("http://[kaputt"):
        pass


def test_a_service_that_limits_requests_is_waited_for() -> None:
    answers = iter([429, 429, 200])

    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(("/documents", "/items")):
            return httpx.Response(200, json=EMPTY)
        code = next(answers)
        return httpx.Response(code, headers={"retry-after": "0"}, json={} if code == 429 else _lookup())

    with httpx.Client(transport=httpx.MockTransport(reply), base_url="http://service") as client:
        found = OverHttp(client).looked_up("x")
    assert found is not None and found.covered is False


def test_what_a_service_refuses_is_told() -> None:
    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(("/documents", "/items")):
            return httpx.Response(200, json=EMPTY)
        return httpx.Response(503, headers={"content-type": "application/problem+json"}, json={"detail": "Nichts da."})

    client = httpx.Client(transport=httpx.MockTransport(reply), base_url="http://service")
    with client, pytest.raises(TargetError, match=r"503\. Nichts da\."):
        OverHttp(client).ask(silent_case())


def _lookup() -> dict[str, object]:
    return {"query": "x", "covered": False, "items": [], "nearest": [], "corpus_edition": "e"}


def test_stricter_thresholds_trade_false_answers_for_false_refusals(here: InProcess) -> None:
    points = tradeoff(here, [*load_cases(*shipped_cases()), *JUDGED])
    assert [one.strict for one in points] == list(STRICTNESS)
    assert points[0].false_answers > points[-1].false_answers
    assert points[0].false_refusals < points[-1].false_refusals
    assert all(0.0 <= one.fully <= 1.0 for one in points)


def test_the_thresholds_are_put_back(here: InProcess) -> None:
    before = here.service.corpus.judgement
    with pytest.raises(RuntimeError), here.strict(0.0):
        assert here.service.corpus.judgement.least == 0.0
        raise RuntimeError
    assert here.service.corpus.judgement is before


def test_the_sample_corpus_is_made_where_something_else_is_ingested(data_dir: Path, tmp_path: Path) -> None:
    made: list[Path] = []

    def prepare(settings: Settings) -> None:
        made.append(settings.data_dir)
        raise RuntimeError("far enough")

    with sample_target(load_settings(data_dir=data_dir), prepare) as target:
        assert target.edition and not made, "the current edition holds nothing but sample data"
    with pytest.raises(RuntimeError), sample_target(load_settings(data_dir=tmp_path), prepare):
        pass
    assert made and made[0] != tmp_path and not made[0].exists()


def test_a_run_asked_again_gives_the_same_answers(data_dir: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text(shipped_cases()[0].read_text().split("\n")[0])
    with target_of(load_settings(data_dir=data_dir), None) as target:
        run = executed(RunRequest((few,), name="x", quick=True), target)
        assert replayed(run, target) == []
        changed = [_with_other_answer(one) for one in run.judgements]
        assert [one.what for one in replayed(Run(info(), changed, run.summary), target)] == ["Text"]


def _with_other_answer(judgement: Judgement) -> Judgement:
    other = judgement.asked.answer.model_copy(update={"answer": "Anders."})
    return replace(judgement, asked=replace(judgement.asked, answer=other))


def test_no_cases_are_no_run(data_dir: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    with target_of(load_settings(data_dir=data_dir), None) as target, pytest.raises(TargetError, match="kein Fall"):
        executed(RunRequest((empty,)), target)
