"""Errors: problem+json everywhere, two languages, nothing repeated, each with the id of its
request.
"""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from tests.ingest.cases import cases
from tests.service.fakes import client_for
from vectorstore import EditionStore

CHAT = "/api/v1/chat"
ID = re.compile(r"[0-9a-f]{16}")


@cases("method", "path", "status")
def test_every_error_is_a_problem(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert {"type", "title", "status", "detail"} <= set(problem)
    assert response.status_code == problem["status"] == status


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"question": "\xff"}', b"[" * 30000, b'{"question": "\\ud800"}', b"9" * 5000, b"NaN"],
)
def test_broken_json(client: TestClient, body: bytes) -> None:
    response = client.post(CHAT, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
    ):
        assert (
            client.post(
                CHAT, content=b'{"question": "x"}', headers={"Content-Type": kind}
            ).status_code
            == 415
        )


def test_problems_speak_the_readers_language(client: TestClient) -> None:
    assert client.get("/nix").json()["title"] == "Nicht gefunden"
    english = client.get("/nix", headers={"Accept-Language": "en-GB"})
    assert (english.json()["title"], english.headers["content-language"]) == ("Not found", "en")
    errors = client.post(CHAT, json={"question": ""}, headers={"Accept-Language": "en"}).json()[
        "errors"
    ]
    assert errors == [{"field": "question", "message": "At least 1 characters."}]
    for language, word in (("de", "oder"), ("en", "or")):
        problem = client.get(
            "/api/v1/projects?format=xml", headers={"Accept-Language": language}
        ).json()
        assert problem["errors"][0]["message"].endswith(f": json {word} csv.")


def test_a_person_gets_a_page_with_the_id_of_the_request(client: TestClient) -> None:
    response = client.get("/documents/nix", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "Nicht gefunden" in response.text
    assert response.headers["content-type"].startswith("text/html")
    assert f"Kennung der Anfrage: <code>{response.headers['x-request-id']}</code>" in response.text
    api = client.get("/api/v1/items/a/b", headers={"Accept": "text/html"})
    assert api.headers["content-type"] == "application/problem+json"


def test_an_unexpected_error_tells_nothing(client: TestClient) -> None:
    response = client.post(CHAT, json={"question": "kaputt geheim"})
    assert response.status_code == 500
    assert response.json()["type"] == "urn:strategielotse:problem:internal-error"
    assert "geheim" not in response.text


@pytest.mark.parametrize(
    "path",
    ["/api/v1/projects", "/api/v1/config", "/api/v1/lookup?q=x", "/readyz", "/", "/documents"],
)
def test_while_nothing_is_ingested(empty_client: TestClient, path: str) -> None:
    response = empty_client.get(path)
    assert response.status_code == 503
    assert "strategielotse ingest" in response.json()["detail"]
    assert response.headers["retry-after"]
    for accept in ("application/json", "text/event-stream"):
        response = empty_client.post(CHAT, json={"question": "x"}, headers={"Accept": accept})
        assert response.status_code == 503 and "strategielotse ingest" in response.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/nix", "/api/v1/projects", "/static/style.css", "/documents/nix"]
)
def test_every_response_names_one(client: TestClient, path: str) -> None:
    own = "0123456789abcdef"
    ids = [
        own,
        *(
            client.get(path, headers={"X-Request-ID": own}).headers["x-request-id"]
            for _ in range(2)
        ),
    ]
    assert all(ID.fullmatch(item) for item in ids)
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("question", "status"),
    [("", 422), ("kaputt", 500), ("x" * 70_000, 413), ("langsam", 503), ("zuviel", 429)],
)
def test_every_problem_repeats_it_and_a_slow_answer_ends_in_time(
    store: EditionStore, question: str, status: int
) -> None:
    seconds = 0.3 if question == "langsam" else 15.0
    client = client_for(store, "203.0.113.9", rate_per_minute=1, request_seconds=seconds)
    if status == 429:
        client.get("/api/v1/projects")
    response = client.post(CHAT, json={"question": question})
    assert response.status_code == status
    problem = response.json()
    assert problem["request_id"] == response.headers["x-request-id"]
    if status == 503:
        assert problem["type"].endswith(":timeout") and response.headers["retry-after"] == "5"
