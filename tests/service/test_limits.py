"""Limits: body size, request time, rate per client, and which client that is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from starlette.testclient import TestClient

from service.http.clients import client_key
from service.http.limits import Turns
from tests.service.fakes import client_for
from vectorstore.editions import EditionStore

CHAT = "/api/v1/chat"
HEALTHY = "/healthz"
LIST = "/api/v1/projects"


def chunks(size: int) -> Iterator[bytes]:
    yield b'{"question": "'
    for _ in range(size // 1000):
        yield b"x" * 1000
    yield b'"}'


def test_a_large_body_in_chunks_is_refused(client: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    assert client.post(CHAT, content=chunks(70_000), headers=headers).status_code == 413
    assert client.post(CHAT, content=chunks(10_000), headers=headers).status_code == 422


def test_a_body_just_small_enough_is_read(client: TestClient) -> None:
    frame = len('{"question":"x","pad":""}')
    body = '{"question":"x","pad":"' + "x" * (65536 - frame) + '"}'
    assert client.post(CHAT, content=body, headers={"Content-Type": "application/json"}).status_code == 200
    assert client.post(CHAT, content=body + " ", headers={"Content-Type": "application/json"}).status_code == 413


def test_a_slow_answer_ends_in_time(store: EditionStore) -> None:
    response = client_for(store, request_seconds=0.3).post(CHAT, json={"question": "langsam"})
    assert response.status_code == 503
    assert response.json()["type"].endswith(":timeout")
    assert response.headers["retry-after"] == "5"


def test_too_many_requests(store: EditionStore) -> None:
    client = client_for(store, "203.0.113.9", rate_per_minute=3)
    assert [client.get(LIST).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(LIST)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" in refused.headers
    assert client.get(HEALTHY).status_code == 200
    assert client.get("/static/style.css").status_code == 200


def test_loopback_and_zero_know_no_rate(store: EditionStore) -> None:
    for client in (
        client_for(store, "127.0.0.1", rate_per_minute=1),
        client_for(store, "203.0.113.9", rate_per_minute=0),
    ):
        assert {client.get(LIST).status_code for _ in range(5)} == {200}


def test_each_client_behind_a_proxy_has_its_own_rate(store: EditionStore) -> None:
    client = client_for(store, "127.0.0.1", rate_per_minute=1)
    statuses = [
        client.get(LIST, headers={"X-Forwarded-For": address}).status_code
        for address in ("198.51.100.1", "198.51.100.2", "198.51.100.1", "10.9.9.9, 198.51.100.1")
    ]
    assert statuses == [200, 200, 429, 429]


def test_nobody_else_can_pretend(store: EditionStore) -> None:
    client = client_for(store, "203.0.113.9", rate_per_minute=1)
    statuses = [client.get(LIST, headers={"X-Forwarded-For": address}).status_code for address in ("127.0.0.1", "::1")]
    assert statuses == [200, 429]


@pytest.mark.parametrize(
    ("peer", "forwarded", "key"),
    [
        ("127.0.0.1", None, None),
        ("::1", None, None),
        ("::ffff:127.0.0.1", None, None),
        ("203.0.113.9", "127.0.0.1", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "1.1.1.1, 10.0.0.7", "1.1.1.1"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("127.0.0.1", "[2001:db8::1]:4711", "2001:db8::/64"),
        ("2001:db8::5", None, "2001:db8::/64"),
        ("127.0.0.1", "Unsinn", "Unsinn"),
        ("127.0.0.1", ", ,", None),
    ],
)
def test_who_the_client_is(peer: str, forwarded: str | None, key: str | None) -> None:
    proxies = tuple(ip_network(one) for one in ("127.0.0.0/8", "10.0.0.0/8"))
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert client_key({"type": "http", "client": (peer, 1), "headers": headers}, proxies) == key


def test_turns_come_back_when_the_oldest_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns(2, 1)
    assert [turns.wait("a") for _ in range(2)] == [0.0, 0.0]
    assert 0 < turns.wait("a") <= 1
    assert turns.wait("b") == 0.0
    moment = time.time()
    monkeypatch.setattr(time, "time", lambda: moment + 1.5)
    assert turns.wait("a") == 0.0
