"""Errors: problem+json everywhere, two languages, nothing repeated, and what holds while nothing is ingested."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service.http.problems import FIELD_TEXTS, PROBLEM_TEXTS
from service.http.responses import preferred_language

CHAT = "/api/v1/chat"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nix", 404),
        ("GET", "/api/v1/nix", 404),
        ("GET", "/api/v1/", 404),
        ("GET", "/documents/nix", 404),
        ("GET", "/static/nix.js", 404),
        ("GET", "/static/..%2fapp.py", 404),
        ("GET", CHAT, 405),
        ("DELETE", "/api/v1/projects", 405),
        ("POST", "/", 405),
        ("POST", CHAT, 415),
        ("GET", "/api/v1/lookup", 422),
    ],
)
def test_every_error_is_a_problem(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert {"type", "title", "status", "detail"} <= set(problem)
    assert problem["status"] == status


def test_405_says_what_is_allowed(client: TestClient) -> None:
    assert client.get(CHAT).headers["allow"] == "POST"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_only_json_is_read(client: TestClient, kind: str) -> None:
    response = client.post(CHAT, content='{"question": "x"}', headers={"Content-Type": kind})
    assert response.status_code == 415


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
def test_json_is_read(client: TestClient, kind: str) -> None:
    response = client.post(CHAT, content='{"question": "x"}', headers={"Content-Type": kind})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"\xff\xfe", b'{"question": "\xff"}', b"[" * 30000, b'{"question": "\\ud800"}', b"9" * 5000, b"NaN"],
)
def test_broken_json(client: TestClient, body: bytes) -> None:
    response = client.post(CHAT, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "de"), ("de", "de"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("de,en;q=0.9", "de"), ("fr", "de"),
        ("fr,en;q=0.5", "en"), ("en;q=0.2,de;q=0.8", "de"), ("en;q=x", "de"), ("en;q=0", "de"), ("*", "de"),
        (";;,,", "de"),
    ],
)  # fmt: skip
def test_language(header: str, language: str) -> None:
    assert preferred_language(header) == language


def test_problems_speak_the_readers_language(client: TestClient) -> None:
    german = client.get("/nix").json()
    english = client.get("/nix", headers={"Accept-Language": "en-GB"})
    assert german["title"] == "Nicht gefunden"
    assert english.json()["title"] == "Not found"
    assert english.headers["content-language"] == "en"
    errors = client.post(CHAT, json={"question": ""}, headers={"Accept-Language": "en"}).json()["errors"]
    assert errors == [{"field": "question", "message": "At least 1 characters."}]


def test_a_person_gets_a_page(client: TestClient) -> None:
    response = client.get("/documents/nix", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "Nicht gefunden" in response.text
    assert response.headers["content-type"].startswith("text/html")
    api = client.get("/api/v1/items/a/b", headers={"Accept": "text/html"})
    assert api.headers["content-type"] == "application/problem+json"


def test_an_unexpected_error_tells_nothing(client: TestClient) -> None:
    response = client.post(CHAT, json={"question": "kaputt geheim"})
    assert response.status_code == 500
    assert response.json()["type"] == "urn:strategielotse:problem:internal-error"
    assert "geheim" not in response.text


@pytest.mark.parametrize(
    "path",
    ["/api/v1/projects", "/api/v1/documents", "/api/v1/config", "/api/v1/lookup?q=x", "/readyz", "/", "/documents"],
)
def test_while_nothing_is_ingested(empty_client: TestClient, path: str) -> None:
    response = empty_client.get(path)
    assert response.status_code == 503
    assert "strategielotse ingest" in response.json()["detail"]
    assert response.headers["retry-after"]


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_no_answers_while_nothing_is_ingested(empty_client: TestClient, accept: str) -> None:
    response = empty_client.post(CHAT, json={"question": "x"}, headers={"Accept": accept})
    assert response.status_code == 503
    assert "strategielotse ingest" in response.json()["detail"]


def test_alive_while_nothing_is_ingested(empty_client: TestClient) -> None:
    assert empty_client.get("/healthz").json()["status"] == "ok"
    assert empty_client.get("/docs").status_code == 200


def test_texts_exist_in_both_languages() -> None:
    assert all(set(texts) == {"de", "en"} for _, texts in PROBLEM_TEXTS.values())
    assert all(set(texts) == {"de", "en"} for texts in FIELD_TEXTS.values())


@pytest.mark.parametrize(("language", "word"), [("de", "oder"), ("en", "or")])
def test_choices_are_told_in_the_readers_words(client: TestClient, language: str, word: str) -> None:
    problem = client.get("/api/v1/projects?format=xml", headers={"Accept-Language": language}).json()
    assert problem["errors"][0]["message"].endswith(f": json {word} csv.")
