"""Questions are neither logged, in text or JSON, nor stored, and nothing connects to the
outside.
"""

from __future__ import annotations

import io
import json
import logging
import socket
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.logs import JsonLines, RequestIdInLog
from tests.service.county import publish_county
from tests.service.fakes import client_over
from vectorstore import EditionStore

SECRET = "Gartenzwerg4711"


def ask_everywhere(client: TestClient) -> None:
    chat = "/api/v1/chat"
    for question in (f"Was ist mit {SECRET}?", f"kaputt {SECRET}"):
        for accept in ("application/json", "text/event-stream"):
            client.post(chat, json={"question": question}, headers={"Accept": accept})
        client.get("/", params={"frage": question})
    client.post(chat, json={"question": SECRET * 100})
    client.post(chat, json={"question": "Und?", "history": [{"role": "user", "content": SECRET}]})
    client.post(
        chat, content=f'{{"question": "{SECRET}', headers={"Content-Type": "application/json"}
    )
    client.get("/api/v1/lookup", params={"q": SECRET})
    client.get("/api/v1/projects", params={"q": SECRET})
    client.get(f"/{SECRET}")
    client.get(f"/documents/auenland-report/{SECRET}", params={"quote": SECRET})
    client.request(SECRET.upper(), "/")


def test_no_question_is_logged(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ask_everywhere(client)
    ours = [
        record
        for record in caplog.records
        if not record.name.startswith(("httpx", "httpcore", "asyncio"))
    ]
    assert any("/api/v1/chat 500" in record.getMessage() for record in ours)
    assert any("/documents/{document_id}/{key} 404" in record.getMessage() for record in ours)
    text = "\n".join(logging.Formatter().format(record) for record in ours)
    assert SECRET.lower() not in text.lower()


def test_no_question_is_stored(client: TestClient, store: EditionStore) -> None:
    ask_everywhere(client)
    files = [path for path in store.root.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []


@pytest.fixture
def no_outside(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let every connection and every name lookup fail but those of loopback; return what was
    tried.
    """
    tried: list[Any] = []
    connect, lookup = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            tried.append(address)
            raise OSError("no way out")
        connect(self, address)

    def guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in (None, "127.0.0.1", "::1", "localhost"):
            tried.append(host)
            raise OSError("no way out")
        return lookup(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_lookup)
    return tried


def test_nothing_connects_to_the_outside(no_outside: list[Any], tmp_path: Path) -> None:
    with client_over(publish_county(tmp_path)) as client:
        answer = client.post("/api/v1/chat", json={"question": "Was ist der Lastenradverleih?"})
        assert answer.status_code == 200
        assert client.get("/api/v1/lookup", params={"q": "Rad"}).status_code == 200
        assert client.get("/").status_code == 200
    assert no_outside == []


def test_every_line_is_an_object_and_holds_no_question(client: TestClient) -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.addFilter(RequestIdInLog())
    handler.setFormatter(JsonLines())
    log = logging.getLogger("strategielotse")
    log.addHandler(handler)
    before = log.level
    log.setLevel(logging.INFO)
    try:
        answered = client.get("/documents", params={"x": SECRET})
        ask_everywhere(client)
    finally:
        log.removeHandler(handler)
        log.setLevel(before)
    message = [json.loads(line) for line in lines.getvalue().splitlines()]
    first = next(text for text in message if text.get("route") == "/documents")
    assert first["request_id"] == answered.headers["x-request-id"]
    assert (first["method"], first["status"], first["level"]) == ("GET", 200, "INFO")
    assert first["milliseconds"] >= 0 and first["time"].endswith("+00:00")
    assert any(text.get("status") == 500 for text in message)
    assert SECRET.lower() not in lines.getvalue().lower()
