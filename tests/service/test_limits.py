"""Limits: body size, request time, rate per client; what is too large is refused in words that
arrive.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from service.web.http import proxy_middleware
from service.web.http.clients import client_key, is_loopback
from service.web.http.limits import MOST_DRAINED
from tests.ingest.cases import cases
from tests.service.fakes import app_for, client_for
from tests.service.impolite import health_of
from tests.service.mail_server import CONTACT, MAIL
from tests.service.running import running
from vectorstore import EditionStore

CHAT = "/api/v1/chat"
LIST = "/api/v1/projects"


def test_a_body_just_small_enough_is_read(client: TestClient) -> None:
    frame = len('{"question":"x","pad":""}')
    body = '{"question":"x","pad":"' + "x" * (65536 - frame) + '"}'
    assert (
        client.post(CHAT, content=body, headers={"Content-Type": "application/json"}).status_code
        == 200
    )
    assert (
        client.post(
            CHAT, content=body + " ", headers={"Content-Type": "application/json"}
        ).status_code
        == 413
    )


def test_too_many_requests(store: EditionStore) -> None:
    client = client_for(store, "203.0.113.9", rate_per_minute=3)
    assert [client.get(LIST).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(LIST)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" in refused.headers
    assert client.get("/healthz").status_code == 200
    assert client.get("/static/style.css").status_code == 200


def test_each_client_behind_a_proxy_has_its_own_rate(store: EditionStore) -> None:
    client = client_for(store, "127.0.0.1", rate_per_minute=1)
    statuses = [
        client.get(LIST, headers={"X-Forwarded-For": address}).status_code
        for address in ("198.51.100.1", "198.51.100.2", "198.51.100.1", "10.9.9.9, 198.51.100.1")
    ]
    assert statuses == [200, 200, 429, 429]


@cases("peer", "forwarded", "key")
def test_who_the_client_is(peer: str, forwarded: str, key: str) -> None:
    around = proxy_middleware(("127.0.0.0/8", "10.0.0.0/8"))
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    found = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(client_key(scope))

    layer = around.cls(app, *around.args, **around.kwargs)
    asyncio.run(layer({"type": "http", "client": (peer, 1), "headers": headers}, None, None))  # type: ignore[arg-type]
    assert found == [key] and is_loopback(key) is (key in ("127.0.0.1", "::1"))


PART = b'--x\r\nContent-Disposition: form-data; name="attachment"; filename="a.pdf"\r\n\r\n%PDF-'
FORM = "multipart/form-data; boundary=x"
SECONDS = 20.0


@pytest.fixture
def server(store: EditionStore) -> Iterator[str]:
    with running(app_for(store, **MAIL)) as url:
        yield url


def head(path: str, kind: str, *lines: str) -> bytes:
    given = (f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {kind}", *lines, "", "")
    return "\r\n".join(given).encode()


def answered(server: str, *pieces: bytes) -> tuple[str, dict[str, str]]:
    """Send everything, only then read until the connection closes; return status line and
    problem.
    """
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=SECONDS) as connection:
        for piece in pieces:
            connection.sendall(piece)
        time.sleep(0.2)  # what closes the connection has done so by now
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    before, _, body = received.partition(b"\r\n\r\n")
    return before.decode().splitlines()[0], json.loads(body)


@pytest.mark.parametrize("size", [6_000_000, 20_000_000])
def test_an_announced_body(server: str, size: int) -> None:
    length = f"Content-Length: {size}"
    status, problem = answered(server, head(CONTACT, FORM, length), PART.ljust(size, b"x"))
    assert status.startswith("HTTP/1.1 413") and problem["type"].endswith(":attachment-too-large")
    assert problem["detail"].startswith("Der Anhang ist größer als erlaubt (höchstens 5 MB).")
    status, problem = answered(server, head(CHAT, "application/json", length), b"x" * size)
    assert status.startswith("HTTP/1.1 413")
    assert problem["detail"] == "Die Anfrage ist größer als erlaubt (höchstens 65 kB)."


@pytest.mark.parametrize(
    ("path", "kind", "begin"), [(CONTACT, FORM, PART), (CHAT, "application/json", b'{"question":"')]
)
def test_a_body_in_pieces(server: str, path: str, kind: str, begin: bytes) -> None:
    pieces = [begin, *[b"x" * 60_000] * 200]
    chunked = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces]
    status, problem = answered(
        server, head(path, kind, "Transfer-Encoding: chunked"), *chunked, b"0\r\n\r\n"
    )
    assert status.startswith("HTTP/1.1 413") and "größer als erlaubt" in problem["detail"]


def test_who_asks_first_is_told_at_once(server: str) -> None:
    status, problem = answered(
        server, head(CONTACT, FORM, "Content-Length: 99999999", "Expect: 100-continue")
    )
    assert status.startswith("HTTP/1.1 413") and problem["status"] == 413


def held_by_the_system() -> int:
    """Return how many bytes on their way the system may hold for both ends of a connection."""
    limits = (Path(f"/proc/sys/net/ipv4/tcp_{side}mem") for side in "rw")
    return (
        sum(int(limit.read_text().split()[2]) for limit in limits if limit.is_file()) or 60_000_000
    )


@pytest.mark.long
def test_who_never_ends_is_cut_off(server: str) -> None:
    """More than is ever taken in: the service stops reading, whatever is announced; the system
    holds the rest.
    """
    host, port = server.removeprefix("http://").split(":")
    sent, piece = 0, b"x" * 1_000_000
    stop = threading.Event()
    with socket.create_connection((host, int(port)), timeout=SECONDS) as connection:
        connection.sendall(head(CONTACT, FORM, "Content-Length: 99999999999"))
        try:
            while not stop.is_set() and sent < 500_000_000:
                connection.sendall(piece)
                sent += len(piece)
        except OSError:
            stop.set()
    assert 60_000_000 < sent < MOST_DRAINED + held_by_the_system() + 10_000_000
    assert health_of(server) == 200
