"""uvicorn within our limits, on real sockets: what is too much is refused, who leaves is no error,
all ends in time.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import socket
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from service import Settings
from service.app import refusing_requests
from service.app.server import address_of, listen, share_of
from service.web.http.problems import PROBLEM_TEXTS
from tests.processes import children_of, is_alive, serving, until
from tests.service.county import report
from tests.service.fakes import app_for
from tests.service.impolite import (
    BEGUN_BODY,
    BEGUN_HEAD,
    GET,
    connected,
    health_of,
    poured,
    rest_of,
    status_of,
)
from tests.service.mail_server import MAIL
from tests.service.running import running
from vectorstore import EditionStore

SOON = 8.0
LEAVING = b"GET /healthz HTTP/1.1\r\nHost: lotse\r\nConnection: close\r\n\r\n"
CHAT = b"POST /api/v1/chat HTTP/1.1\r\nHost: lotse\r\nContent-Type: application/json\r\n"


@pytest.fixture
def url(app: FastAPI) -> Iterator[str]:
    with running(app) as address:
        yield address


@pytest.mark.parametrize(
    "begun", [BEGUN_HEAD, b"GET /", CHAT + b"Transfer-Encoding: chunked\r\n\r\n2;", b"nonsense\r\n"]
)
def test_what_has_no_end_or_is_no_request_is_refused(url: str, begun: bytes) -> None:
    with connected(url) as connection:
        connection.sendall(begun)
        assert poured(connection, b"x" * 1000, 60_000_000) < 60_000_000
        assert status_of(rest_of(connection)) in (0, 400, 431)
    assert health_of(url) == 200


def test_a_body_that_does_not_come_ends_with_the_time_of_its_request(store: EditionStore) -> None:
    with running(app_for(store, request_seconds=1.0)) as url, connected(url) as connection:
        connection.sendall(BEGUN_BODY)
        assert status_of(rest_of(connection)) == 503


def test_beyond_the_most_connections_a_request_is_refused_and_none_that_is_being_answered() -> None:
    arrived, answer = threading.Semaphore(0), threading.Event()
    app = FastAPI()

    @app.get("/healthz")
    def wait() -> None:
        arrived.release()
        assert answer.wait(SOON)

    with running(app, 4) as url, ThreadPoolExecutor(4) as askers:
        answers = [askers.submit(health_of, url) for _ in range(4)]
        assert all(arrived.acquire(timeout=SOON) for _ in range(4))
        refused = health_of(url)
        answer.set()
        assert [item.result() for item in answers] == [200] * 4
        assert refused == 503 and health_of(url) == 200


def test_the_listening_socket_keeps_those_who_come_at_once(url: str) -> None:
    with ExitStack() as stack:
        crowd = [stack.enter_context(connected(url)) for _ in range(200)]
        for item in crowd:
            item.sendall(LEAVING)
        assert [status_of(rest_of(item)) for item in crowd] == [200] * 200


def test_head_and_body_of_an_answer_are_written_at_once_and_a_stream_as_it_comes() -> None:
    """A process that is killed between two writes would have sent a head without a body."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/whole":
            time.sleep(0.2)  # nothing else runs
        else:
            await receive()
            await asyncio.sleep(0.2)
        await send({"type": "http.response.body", "body": b"all of it"})

    with running(app) as url:
        for path, first in (("/whole", True), ("/stream", False)):
            with connected(url) as connection:
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: lotse\r\n\r\n".encode())
                assert (b"all of it" in connection.recv(4096)) is first


def test_a_server_ends_in_time_although_clients_dawdle(app: FastAPI) -> None:
    with ExitStack() as stack, running(app) as url:
        for begun in (b"", BEGUN_HEAD, BEGUN_BODY, GET):
            stack.enter_context(connected(url)).sendall(begun)
        time.sleep(0.5)


def test_each_process_has_its_part_of_every_limit() -> None:
    part = share_of(Settings(workers=4, rate_per_minute=50, model_cost_per_day=3.0))
    assert (part.rate_per_minute, part.model_cost_per_day) == (13, 0.75)
    assert share_of(Settings(workers=4, rate_per_minute=0)).rate_per_minute == 0


def workers_of(process_id: int) -> list[int]:
    """Return the processes of a service of several: Python's tracker of resources is a child too
    (Linux).
    """
    found = []
    for child in children_of(process_id):
        with suppress(OSError):  # it ended meanwhile
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
    return found


@pytest.mark.long
def test_one_that_is_killed_is_replaced_and_all_end_together(tmp_path: Path) -> None:
    EditionStore(tmp_path / "data").publish([report()])
    with serving(tmp_path / "data", "--workers", "2", patience=240) as server:
        first = server.process.pid
        until(lambda: len(workers_of(first)) == 2)
        before = workers_of(first)
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(set(workers_of(first)) - set(before)) == 1)
        for _ in range(5):
            assert server.get("/healthz")
        processes = workers_of(first)
        server.process.terminate()
        assert server.process.wait(timeout=30) == 0
    assert [process for process in processes if is_alive(process)] == []
    log = server.log.read_text()
    assert "Traceback" not in log and "There appear to be 2" not in log, (
        "only the one that was killed leaves something"
    )


WHOLE = b'Content-Length: 23\r\n\r\n{"question": "langsam"}'
FORM = b"POST /api/v1/contact HTTP/1.1\r\nHost: lotse\r\nContent-Type: multipart/form-data; boundary=abc\r\n"


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.fixture
def mailing_url(store: EditionStore) -> Iterator[str]:
    with running(app_for(store, **MAIL)) as address:
        yield address


@pytest.mark.long
@pytest.mark.parametrize(
    "begun",
    [
        CHAT + b'Content-Length: 100\r\n\r\n{"qu',
        CHAT + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhallo\r\n",
        CHAT + b'Content-Length: 100\r\nExpect: 100-continue\r\n\r\n{"qu',
        CHAT + WHOLE,
        CHAT + b"Accept: text/event-stream\r\n" + WHOLE,
        FORM + b"Content-Length: 100000\r\n\r\n--abc\r\n",
        b"GET /widget.js HTTP/1.1\r\nHost: lotse\r\n\r\n" * 10,
    ],
    ids=["body", "chunk", "expecting", "asked", "streaming", "attachment", "row"],
)
def test_a_client_that_leaves_is_one_line_at_most(
    mailing_url: str, caplog: pytest.LogCaptureFixture, begun: bytes
) -> None:
    with caplog.at_level(logging.INFO):
        caplog.clear()
        connection = connected(mailing_url, room=4096)
        connection.sendall(begun)
        time.sleep(0.3)
        reset(connection)
        time.sleep(0.3)
        assert health_of(mailing_url) == 200
        time.sleep(2.0 if b"langsam" in begun else 0.2)
    ours = [
        record
        for record in caplog.records
        if not record.name.startswith(("httpx", "asyncio", "uvicorn.access"))
    ]
    lines = "\n".join(logging.Formatter().format(record) for record in ours).splitlines()
    lines = [line for line in lines if "/healthz" not in line]
    assert len(lines) <= max(1, begun.count(b"GET /widget.js")), lines
    assert not [line for line in lines if " 500 " in line]


def test_what_is_asked_before_the_service_can_answer_is_told_to_wait(app: FastAPI) -> None:
    with listen("127.0.0.1", 0) as listener, httpx.Client(base_url=address_of(listener)) as client:
        with refusing_requests(listener):
            page = client.get("/", headers={"Accept": "text/html"})
            problem = client.post("/api/v1/chat")
            style = client.get(re.findall(r'href="(/static/[^"]+)"', page.text)[-1])
        title = PROBLEM_TEXTS["reading-sample"][1]["de"][0]
        assert (page.status_code, page.headers["refresh"]) == (503, "5") and title in page.text
        assert problem.status_code == 503 and problem.json()["type"].endswith(":reading-sample")
        assert (style.status_code, style.headers["content-type"][:8]) == (200, "text/css")
        with running(app, listener=listener) as url:
            assert health_of(url) == 200
