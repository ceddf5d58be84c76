"""Every request has an id of ours: in the response's header, in problems, on error pages, in its lines of the log."""

from __future__ import annotations

import json
import re

import pytest
from starlette.testclient import TestClient

from tests.service.test_limits import client_for
from vectorstore.editions import EditionStore

CHAT = "/api/v1/chat"
ID = re.compile(r"[0-9a-f]{16}")


@pytest.mark.parametrize("path", ["/", "/healthz", "/nix", "/api/v1/projects", "/static/style.css", "/documents/nix"])
def test_every_response_names_one(client: TestClient, path: str) -> None:
    ids = [client.get(path).headers["x-request-id"] for _ in range(3)]
    assert all(ID.fullmatch(one) for one in ids)
    assert len(set(ids)) == 3


def test_it_is_never_the_clients(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "0123456789abcdef"}).headers["x-request-id"] != (
        "0123456789abcdef"
    )


@pytest.mark.parametrize(
    ("question", "status"), [("", 422), ("kaputt", 500), ("x" * 70_000, 413), ("langsam", 503), ("zuviel", 429)]
)
def test_every_problem_repeats_it(store: EditionStore, question: str, status: int) -> None:
    seconds = 0.3 if question == "langsam" else 15.0
    client = client_for(store, "203.0.113.9", rate_per_minute=1, request_seconds=seconds)
    if status == 429:
        client.get("/api/v1/projects")
    response = client.post(CHAT, json={"question": question})
    assert response.status_code == status
    assert response.json()["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize("question", ["kaputt", "langsam"])
def test_a_problem_in_a_stream_repeats_it(store: EditionStore, question: str) -> None:
    client = client_for(store, request_seconds=0.3)
    response = client.post(CHAT, json={"question": question}, headers={"Accept": "text/event-stream"})
    problem = json.loads(response.text.removeprefix("event: error\ndata: "))
    assert problem["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/documents/nix", "/staff/nix"])
def test_error_pages_show_it(store: EditionStore, path: str) -> None:
    client = client_for(store, staff_access="public")
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert f"Kennung der Anfrage: <code>{response.headers['x-request-id']}</code>" in response.text
