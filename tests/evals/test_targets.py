"""Asking: in this process and over HTTP the same questions get the same answers and the same
knowledge.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from evals.asking import CommandError, InProcess, OverHttp, ask_case, over_http
from evals.case_files import Ref, load_cases, shipped_cases
from evals.metrics.scoring import ItemNames, is_named
from service import load_settings
from service.answering import AnswerService
from service.app.application import create_app
from tests.answering.truth import REPORT
from tests.evals.fakes import case, silent_case, turn

EMPTY = {"corpus_edition": "e", "items": [], "total": 0}


@pytest.fixture(scope="module")
def here(sample_service: AnswerService) -> InProcess:
    return InProcess(sample_service)


@pytest.fixture(scope="module")
def running(sample_data: Path) -> Iterator[OverHttp]:
    with TestClient(create_app(load_settings(data_dir=sample_data, rate_per_minute=0))) as client:
        yield OverHttp(client)


def test_over_http_and_in_process_answer_alike(here: InProcess, running: OverHttp) -> None:
    assert (running.knowledge, running.edition) == (here.knowledge, here.edition)
    assert running.knowledge.documents and running.knowledge.ancestors
    for item in load_cases(*shipped_cases())[:12]:
        first, second = ask_case(here, item).judgement, ask_case(running, item).judgement
        assert first.answered_case.answer.answer == second.answered_case.answer.answer
        assert first.ratios == second.ratios and "unavailable" in first.ratios


def test_what_shipped_cases_expect_is_in_the_sample(sample_service: AnswerService) -> None:
    items = [
        (item.document_id, ItemNames(item.ref, item.key, item.title))
        for item in sample_service.corpus.catalogue.items
    ]

    def there(ref: Ref) -> bool:
        return any(document == ref[0] and is_named(ref[1], named) for document, named in items)

    for item in load_cases(*shipped_cases()):
        expect, overview = item.expect, item.expect.overview
        assert all(map(there, expect.citations_all)), item.id
        for choice in (expect.citations_any, overview.core if overview else ()):
            assert not choice or any(map(there, choice)), item.id
    assert not there((REPORT, "5.1.2.9"))


def test_a_case_is_asked_with_its_history(here: InProcess) -> None:
    history = (
        turn("Was ist der Rufbus Lauvi?"),
        turn("Projekt 5.1.2.1 Rufbus Lauvi [1].", "assistant"),
    )
    row = ask_case(here, case(question="Wer ist dafür zuständig?", history=history))
    assert row.judgement.answered_case.answer.citations[0].ref == "5.1.2.1"


def test_a_service_that_is_not_there_is_told_in_one_sentence() -> None:
    with pytest.raises(CommandError, match="antwortet nicht"), over_http("http://127.0.0.1:9"):
        pass
    with pytest.raises(CommandError), over_http("http://[kaputt"):
        pass


def replying(reply: httpx.Response | list[httpx.Response]) -> httpx.Client:
    waiting = iter(reply if isinstance(reply, list) else [reply])

    def send(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(("/documents", "/items")):
            return httpx.Response(200, json=EMPTY)
        return next(waiting)

    return httpx.Client(transport=httpx.MockTransport(send), base_url="http://service")


def test_a_service_that_limits_requests_is_waited_for() -> None:
    busy = httpx.Response(429, headers={"retry-after": "0"}, json={})
    with replying([busy, busy, httpx.Response(200, json={"status": "found"})]) as client:
        assert OverHttp(client).ask(silent_case())["status"] == "found"


def test_what_a_service_refuses_is_told() -> None:
    text = httpx.Response(
        503, headers={"content-type": "application/problem+json"}, json={"detail": "Nichts da."}
    )
    with replying(text) as client, pytest.raises(CommandError, match=r"503\. Nichts da\."):
        OverHttp(client).ask(silent_case())
