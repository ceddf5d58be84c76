"""Readiness says why not; a stop lets answers finish, and first tells who sends requests to look elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.answering.tools.tools import Tools
from service.app import create_app
from service.edition_holder import EditionHolder
from service.settings import Settings
from tests.service.fakes import QuotingAnswers, QuotingEditions
from tests.service.running import running
from vectorstore.edition import Edition
from vectorstore.editions import EditionStore

PAPER = "# Klimaplan\n\n## 1 Ziele\n\n### 1.1 Mehr Rad\n\nDer Kreis baut Radwege.\n"


class BrokenAnswers(QuotingAnswers):
    """Opens, and fails at whatever it is asked."""

    def tools(self, documents: Collection[str] = ()) -> Tools:
        raise ValueError(f"zerbrochen an: {documents}")


class BrokenEditions(QuotingEditions):
    """Real editions with `BrokenAnswers`."""

    def open(self, name: str) -> tuple[Edition, object]:
        edition, _ = super().open(name)
        return edition, BrokenAnswers(edition)


def reason(client: TestClient) -> str:
    response = client.get("/readyz")
    assert response.status_code == 503 and response.headers["retry-after"] == "30"
    return str(response.json()["type"]).rpartition(":")[2]


def test_ready_where_an_edition_answers(client: TestClient, store: EditionStore) -> None:
    assert client.get("/readyz").json() == {
        "status": "ok",
        "corpus_edition": store.current_name(),
        "detail": None,
        "database": None,
    }


def test_not_ready_says_why(store: EditionStore, empty_client: TestClient, app: FastAPI) -> None:
    assert reason(empty_client) == "nothing-ingested"
    settings = Settings(data_dir=store.root)
    assert reason(TestClient(create_app(settings, EditionHolder(BrokenEditions(store))))) == "not-answering"
    client = TestClient(create_app(settings, EditionHolder(QuotingEditions(store))))
    (store.root / "operation.sqlite").write_bytes(b"no database" * 100)
    assert reason(client) == "database-away"
    assert client.get("/healthz").status_code == 200


def test_an_edition_that_cannot_be_opened_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "current").write_text("2026-11-22-1")
    client = TestClient(create_app(Settings(data_dir=tmp_path), EditionHolder(QuotingEditions(EditionStore(tmp_path)))))
    assert reason(client) in ("edition-unusable", "nothing-ingested")


def test_a_stop_lets_answers_finish(app: FastAPI) -> None:
    answered: list[httpx.Response] = []

    def ask(url: str) -> None:
        answered.append(httpx.post(f"{url}/api/v1/chat", json={"question": "langsam"}, timeout=20))

    with running(app) as url:
        asking = threading.Thread(target=ask, args=(url,))
        asking.start()
        time.sleep(0.7)
        assert answered == [], "the stop begins while the answer is on its way"
    asking.join(10)
    assert [one.status_code for one in answered] == [200]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/healthz")
