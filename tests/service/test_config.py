"""GET /config and /search: what interfaces are told, that what is suggested can be answered, and
what fits best.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from prompts import say
from tests.ingest.cases import values
from tests.service.fakes import client_for, client_over
from tests.service.mail_server import MAIL
from vectorstore import EditionStore

CONFIG = "/api/v1/config"
GOALS = "lauterfeld-strategische-ziele-2025"


def test_what_interfaces_are_told(client: TestClient, store: EditionStore) -> None:
    text = client.get(CONFIG).json()
    expected = values(__file__, "told")
    assert text["contact"] == {**expected["contact"], "text": say("settings.default_contact")}
    assert text.pop("corpus_edition") == store.current_name()
    empty = ("accessibility_url", "privacy_url", "imprint_url", "questions_kept_days")
    assert text == {**dict.fromkeys(empty), **expected, "contact": text["contact"]}


def test_of_some_documents(client: TestClient) -> None:
    text = client.get(CONFIG, params={"documents": "auenland-antrag"}).json()
    assert (text["documents"], text["county"]) == (1, "Fraktion Beispiel")
    both = client.get(CONFIG, params={"documents": ["auenland-antrag", "auenland-report"]}).json()
    assert both == client.get(CONFIG).json()
    unknown = client.get(CONFIG, params={"documents": ["auenland-report", "nix"]})
    assert unknown.status_code == 404


def test_in_english(client: TestClient) -> None:
    response = client.get(CONFIG, headers={"Accept-Language": "en-GB"})
    text = response.json()
    assert response.headers["content-language"] == "en"
    assert "Accept-Language" in response.headers["vary"]
    assert text["start_questions"][0] == "What is the county doing about Mobilität?"
    assert text["contact"]["text"] == "Please contact the county administration."
    assert text["notices"] == [{"code": "sample_data", "text": "Sample data"}]


def test_settings_are_told_and_secrets_are_not(store: EditionStore) -> None:
    client = client_for(
        store, name="Auenlotse", contact="Tel. 0123", privacy_url="https://a.example/datenschutz",
        imprint_url="/impressum", mail_user="nutzer", mail_password="Geheim4711", **MAIL,
    )  # fmt: skip
    response = client.get(CONFIG, headers={"Accept-Language": "en"})
    text = response.json()
    assert (text["name"], text["privacy_url"], text["imprint_url"]) == (
        "Auenlotse", "https://a.example/datenschutz", "/impressum",
    )  # fmt: skip
    assert text["contact"]["text"] == "Tel. 0123"
    assert (text["contact"]["form"], text["contact"]["ways"]) == (True, ["email", "phone"])
    assert text["contact"]["attachment"]["max_bytes"] == 5_000_000
    assert text["feedback"] == {"enabled": True, "text": True}
    assert not [
        word
        for word in ("Geheim4711", "nutzer", "buero@", "lotse@", "127.0.0.1")
        if word in response.text
    ]
    assert "Geheim4711" not in repr(client.app.state.settings)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def sample_client(sample_data: Path) -> Iterator[TestClient]:
    with client_over(sample_data) as client:
        yield client


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_start_question_is_answered(sample_client: TestClient, language: str) -> None:
    text = sample_client.get(CONFIG, headers={"Accept-Language": language}).json()
    assert (text["county"], text["documents"]) == ("Kreis Lauterfeld", 5)
    assert len(text["start_questions"]) == 4
    for question in text["start_questions"]:
        answer = sample_client.post(
            "/api/v1/chat", json={"question": question, "language": language}
        ).json()
        assert answer["status"] in ("answered", "found") and answer["language"] == language
        assert answer["citations"], question


def test_the_best_entries_of_a_search_come_first_of_the_kinds_and_papers_asked_for(
    sample_client: TestClient,
) -> None:
    def search(**query: object) -> Response:
        return sample_client.get("/api/v1/search", params=query)

    items = search(q="Nachtbus").json()["items"]
    assert (
        items[0]["ref"] == "5.1.1.1" and "Nachtlinien" in items[0]["passage"] and len(items) <= 10
    )
    assert [item["score"] for item in items] == sorted(
        (item["score"] for item in items), reverse=True
    )
    items = search(q="Radverkehr", kind=["goal", "theme"], document=GOALS, limit=2).json()["items"]
    assert len(items) == 2 and {item["kind"] for item in items} <= {"goal", "theme"}
    assert {item["document_id"] for item in items} == {GOALS}
    unknown = search(q="Rad", document="gibt-es-nicht")
    assert unknown.status_code == 422 and GOALS in unknown.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("judge", "hosts"),
    [
        (None, ["a.example"]),
        ("off", ["a.example"]),
        ("openai:q@https://b.example/v1", ["a.example", "b.example"]),
    ],
)
def test_every_model_that_gets_questions_is_named(
    store: EditionStore, judge: str | None, hosts: list[str]
) -> None:
    client = client_for(store, answer_model="openai:m@https://a.example/v1", judge_model=judge)
    notices = [
        item["text"]
        for item in client.get(CONFIG).json()["notices"]
        if item["code"] == "model_asked"
    ]
    assert len(notices) == len(hosts)
    assert all(host in text for host, text in zip(hosts, notices, strict=True))
