"""uvicorn within our limits, on real sockets: what is too much is refused, others are answered, all ends in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from fastapi import FastAPI

from service.app import create_app
from service.edition_holder import EditionHolder
from service.http.server import allow_files
from service.settings import Settings
from tests.impolite import BEGUN_BODY, BEGUN_HEAD, GET, asked, connected, exchanged, poured, rest_of, status_of
from tests.service.fakes import QuotingEditions
from tests.service.running import running
from vectorstore.editions import EditionStore

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
    assert asked(url, None) == 200


def test_a_body_that_does_not_come_ends_with_the_time_of_its_request(store: EditionStore) -> None:
    app = create_app(Settings(data_dir=store.root, request_seconds=1.0), EditionHolder(QuotingEditions(store)))
    with running(app) as url, connected(url) as connection:
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
        answers = [askers.submit(asked, url, None) for _ in range(4)]
        assert all(arrived.acquire(timeout=SOON) for _ in range(4))
        refused = asked(url, None)
        answer.set()
        assert [one.result() for one in answers] == [200] * 4
        assert refused == 503 and asked(url, None) == 200


def test_what_is_refused_below_the_application_is_not_written_down(url: str, caplog: pytest.LogCaptureFixture) -> None:
    exchanged(url, b"geheim\r\n\r\n")
    assert "geheim" not in caplog.text


def test_the_listening_socket_keeps_those_who_come_at_once(url: str) -> None:
    with ExitStack() as stack:
        crowd = [stack.enter_context(connected(url)) for _ in range(200)]
        for one in crowd:
            one.sendall(LEAVING)
        assert [status_of(rest_of(one)) for one in crowd] == [200] * 200


def test_a_server_ends_in_time_although_clients_dawdle(app: FastAPI) -> None:
    with ExitStack() as stack, running(app) as url:
        for begun in (b"", BEGUN_HEAD, BEGUN_BODY, GET):
            stack.enter_context(connected(url)).sendall(begun)
        time.sleep(0.5)


def test_as_many_files_may_be_open_as_the_system_allows() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        assert allow_files(300) == 300 and resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 300
        assert allow_files(200) == 200 and resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 300
        if before[1] != resource.RLIM_INFINITY:
            assert allow_files(before[1] + 1) == before[1]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
