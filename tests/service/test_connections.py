"""Limits of connections, on real sockets: what is too large or too slow ends, newcomers get in, answers get out."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from ipaddress import ip_network

import pytest
from fastapi import FastAPI

from service.app import create_app
from service.connections.limits import RESERVED_FILES, ConnectionLimits, limits_of
from service.connections.refusals import LOG_SECONDS, Refusal, Refusals
from service.edition_holder import EditionHolder
from service.settings import Settings
from tests.impolite import (
    BEGUN_BODY,
    BEGUN_HEAD,
    GET,
    asked,
    connected,
    crowd,
    exchanged,
    one_answer,
    poured,
    problem_of,
    rest_of,
    status_of,
    trickling,
)
from tests.service.fakes import QuotingEditions
from tests.service.running import running
from vectorstore.editions import EditionStore

LOOPBACK = (ip_network("127.0.0.0/8"),)
QUICK = ConnectionLimits(proxies=LOOPBACK, head_seconds=1.0, body_seconds=1.0, parting_seconds=2.0, unread_seconds=1.0)
SOON = 8.0  # seconds in which even a busy machine must have ended what is due after one
LEAVING = b"GET /healthz HTTP/1.1\r\nHost: lotse\r\nConnection: close\r\n\r\n"
CHAT = b"POST /api/v1/chat HTTP/1.1\r\nHost: lotse\r\nContent-Type: application/json\r\n"
CHUNKED_GET = b"GET /healthz HTTP/1.1\r\nHost: lotse\r\nTransfer-Encoding: chunked\r\n\r\n"
ENDLESS = b"x" * 65536
Serving = Callable[[ConnectionLimits], str]


@pytest.fixture
def serving(app: FastAPI) -> Iterator[Serving]:
    """Serve the application within limits until the test ends; returns the address."""
    with ExitStack() as stack:
        yield lambda limits: stack.enter_context(running(app, limits))


@pytest.mark.parametrize(
    ("begun", "status"),
    [
        (BEGUN_HEAD, 431),
        (BEGUN_HEAD[:-5], 431),
        (b"GET /", 414),
        (b"GET /healthz HTTP/1.1\r\nHost: lotse\r\n" + b"A: b\r\n" * 101 + b"\r\n", 431),
        (b"GET /healthz HTTP/1.1\r\nHost: lotse\r\nA: " + b"b" * 17000 + b"\r\n\r\n", 431),
        (b"GET /" + b"b" * 9000 + b" HTTP/1.1\r\nHost: lotse\r\n\r\n", 414),
        (CHAT + b"Transfer-Encoding: chunked\r\n\r\n2;", 431),
        (CHAT + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Late: ", 431),
        (GET + BEGUN_HEAD, 200),
        (b"nonsense\r\n", 400),
    ],
)
def test_what_has_no_end_is_refused(serving: Serving, begun: bytes, status: int) -> None:
    with connected(serving(QUICK)) as connection:
        connection.sendall(begun)
        poured(connection, b"x" * 1000, 600_000)
        answer = rest_of(connection)
    assert status_of(answer) == status
    if status != 200:
        assert problem_of(answer)["status"] == status
        assert b"connection: close" in answer
        assert b"content-security-policy" in answer
        assert b"\r\ndate: " in answer


def test_endless_empty_lines_are_no_head(serving: Serving) -> None:
    with connected(serving(QUICK)) as connection:
        poured(connection, b"\r\n" * 1000, 600_000)
        assert status_of(rest_of(connection)) == 431


def test_the_rest_of_what_is_refused_is_not_read_for_long(serving: Serving) -> None:
    with connected(serving(QUICK)) as connection:
        connection.sendall(BEGUN_HEAD)
        assert poured(connection, ENDLESS, 1 << 28) < 1 << 26


def test_large_heads_within_the_limits_are_read(serving: Serving) -> None:
    head = b"GET /?q=" + b"b" * 7900 + b" HTTP/1.1\r\nHost: lotse\r\nConnection: close\r\nCookie: " + b"c" * 8000
    assert status_of(exchanged(serving(QUICK), head + b"\r\n\r\n")) in (200, 422)


@pytest.mark.parametrize("before", [b"", GET])
def test_slow_heads_end(serving: Serving, before: bytes) -> None:
    with connected(serving(QUICK)) as connection:
        if before:
            connection.sendall(before)
            assert status_of(one_answer(connection)) == 200
        connection.sendall(BEGUN_HEAD)
        with trickling([connection], pause=0.1):
            assert status_of(rest_of(connection)) == 408


def test_a_slow_head_behind_a_question_lets_its_answer_out(serving: Serving) -> None:
    body = b'{"question": "langsam"}'
    question = CHAT + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with connected(serving(QUICK)) as connection:
        connection.sendall(question + BEGUN_HEAD)
        with trickling([connection], pause=0.1):
            answer = rest_of(connection)
    assert status_of(answer) == 200
    assert answer.count(b"HTTP/1.1 ") == 1
    json.loads(answer.partition(b"\r\n\r\n")[2])


def test_who_says_nothing_is_told_nothing(serving: Serving) -> None:
    with connected(serving(QUICK)) as connection:
        assert rest_of(connection) == b""


@pytest.mark.parametrize("kind", [b"Content-Length: 5000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n1000\r\n"])
def test_slow_bodies_end(serving: Serving, kind: bytes) -> None:
    with connected(serving(QUICK)) as connection:
        connection.sendall(CHAT + kind)
        with trickling([connection], pause=0.1):
            assert status_of(rest_of(connection)) == 408


@pytest.mark.parametrize(
    "kind", [b"Content-Length: 5000\r\nExpect: 100-continue\r\n\r\n", b"Content-Length: 65537\r\n\r\n"]
)
def test_slow_bodies_that_the_application_waits_for_end(store: EditionStore, kind: bytes) -> None:
    settings = Settings(data_dir=store.root, request_seconds=1.0, max_body_bytes=100_000)
    app = create_app(settings, EditionHolder(QuotingEditions(store)))
    with running(app, QUICK) as url, connected(url) as connection:
        connection.sendall(CHAT + kind)
        with trickling([connection], pause=0.1):
            answer = rest_of(connection).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert status_of(answer) == 503


@pytest.mark.long
@pytest.mark.parametrize("asked_for", [CHAT + b"Transfer-Encoding: chunked\r\n\r\n", CHUNKED_GET])
def test_a_body_of_nothing_but_crumbs_ends(serving: Serving, asked_for: bytes) -> None:
    """Each chunk costs as much time, whatever it holds: a pipe full of small ones kept all others waiting."""
    with connected(serving(replace(QUICK, body_seconds=60.0))) as connection:
        connection.sendall(asked_for)
        assert poured(connection, b"1\r\nx\r\n" * 10_000, 1 << 26) < 1 << 25
        assert status_of(rest_of(connection)) in (200, 413)


def test_chunks_of_ordinary_size_may_be_many(serving: Serving) -> None:
    body = b'{"question": "' + b" " * 60_000 + b'Radwege"}'
    pieces = b"".join(b"%x\r\n%b\r\n" % (len(body[n : n + 20]), body[n : n + 20]) for n in range(0, len(body), 20))
    head = CHAT + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    assert status_of(exchanged(serving(QUICK), head + pieces + b"0\r\n\r\n")) in (200, 422)


@pytest.mark.long
def test_a_body_that_nobody_wants_ends(serving: Serving) -> None:
    url = serving(replace(QUICK, surplus_bytes=1_000_000))
    with connected(url) as connection:
        connection.sendall(CHUNKED_GET + b"ffffffff\r\n" + ENDLESS + b"x")
        assert status_of(one_answer(connection)) == 200
        assert poured(connection, ENDLESS, 1 << 28) < 1 << 27


def test_a_connection_lives_on_when_such_a_body_was_short(serving: Serving) -> None:
    with connected(serving(replace(QUICK, parting_seconds=SOON))) as connection:
        connection.sendall(CHUNKED_GET + b"%x\r\n" % 70_000 + b"x" * 66_000)
        assert status_of(one_answer(connection)) == 200
        connection.sendall(b"x" * 4_000 + b"\r\n0\r\n\r\n" + LEAVING)
        assert status_of(rest_of(connection)) == 200


def test_who_sends_too_much_can_read_that_it_was_too_much(serving: Serving) -> None:
    size = 20_000_000
    with connected(serving(replace(QUICK, parting_seconds=SOON))) as connection:
        connection.sendall(CHAT + b"Content-Length: %d\r\n\r\n" % size)
        assert poured(connection, ENDLESS, size) >= size
        answer = rest_of(connection)
    assert status_of(answer) == 413
    assert problem_of(answer)["status"] == 413


def test_who_does_not_read_its_answer_is_let_go(serving: Serving, caplog: pytest.LogCaptureFixture) -> None:
    until = time.monotonic() + 30
    with connected(serving(QUICK), room=4096) as connection:
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: lotse\r\n\r\n" * 15)
        while "Antwort nicht abgenommen: 1" not in caplog.text:
            assert time.monotonic() < until
            time.sleep(0.1)
        answers = rest_of(connection)
    assert 0 < answers.count(b"HTTP/1.1 200") < 15


@pytest.mark.long
def test_who_reads_slowly_gets_its_answer(serving: Serving) -> None:
    answers = b""
    with connected(serving(replace(QUICK, unread_bytes=1000)), room=4096) as connection:
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: lotse\r\n\r\n" * 5 + LEAVING)
        while part := connection.recv(8000):
            answers += part
            time.sleep(0.02)
    assert answers.count(b"HTTP/1.1 200") == 6


def test_requests_in_a_row_are_answered_in_their_order(serving: Serving) -> None:
    answers = exchanged(serving(QUICK), GET * 5 + b"GET /nix HTTP/1.1\r\nHost: lotse\r\n\r\n" + LEAVING)
    assert [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]] == [200] * 5 + [404, 200]


def test_a_row_without_end_is_not_kept(serving: Serving) -> None:
    answers = exchanged(serving(replace(QUICK, queued_requests=4)), GET * 1000)
    assert 1 <= answers.count(b"HTTP/1.1 200") <= 6


@pytest.mark.parametrize(("begun", "told"), [(b"", 0), (BEGUN_HEAD, 503), (BEGUN_BODY, 503), (GET, 200)])
def test_newcomers_get_in_where_others_only_wait(serving: Serving, begun: bytes, told: int) -> None:
    url = serving(ConnectionLimits(most=10, proxies=LOOPBACK))
    with connected(url) as first:
        first.sendall(begun)
        time.sleep(0.5)
        with crowd(url, 40, begun):
            assert [asked(url, None) for _ in range(20)] == [200] * 20
            assert status_of(rest_of(first)) == told


def test_those_being_answered_do_not_give_way() -> None:
    arrived, answer = threading.Semaphore(0), threading.Event()
    app = FastAPI()

    @app.get("/healthz")
    def wait() -> None:
        arrived.release()
        assert answer.wait(SOON)

    with running(app, ConnectionLimits(most=4, proxies=LOOPBACK)) as url, ThreadPoolExecutor(4) as askers:
        answers = [askers.submit(asked, url, None) for _ in range(4)]
        assert all(arrived.acquire(timeout=SOON) for _ in range(4))
        with connected(url) as connection:
            refused = rest_of(connection)
        answer.set()
        assert [one.result() for one in answers] == [200] * 4
        assert asked(url, None) == 200
    assert status_of(refused) == 503
    assert b"retry-after" in refused


def test_one_address_displaces_only_itself(serving: Serving) -> None:
    url = serving(ConnectionLimits(most=100, per_client=5, proxies=(ip_network("127.0.0.1/32"),)))
    with crowd(url, 4, BEGUN_HEAD, "127.0.0.3") as few, crowd(url, 20, BEGUN_HEAD, "127.0.0.2") as many:
        assert asked(url, None) == 200
        with crowd(url, 20, BEGUN_HEAD) as proxied:
            assert asked(url, None) == 200
            for one in (*few, *many[-5:], *proxied):
                one.sendall(b"\r\nConnection: close\r\n\r\n")
                assert status_of(rest_of(one)) == 200
        assert {status_of(rest_of(one)) for one in many[:15]} <= {0, 503}


def test_the_greatest_crowd_gives_way_first_and_a_proxy_last(serving: Serving) -> None:
    url = serving(ConnectionLimits(most=10, per_client=0, proxies=(ip_network("127.0.0.1/32"),)))
    with crowd(url, 4, BEGUN_HEAD) as proxied, crowd(url, 2, BEGUN_HEAD, "127.0.0.3") as few, ExitStack() as stack:
        stack.enter_context(crowd(url, 20, BEGUN_HEAD, "127.0.0.2"))
        for one in (*proxied, *few):
            one.sendall(b"\r\nConnection: close\r\n\r\n")
            assert status_of(rest_of(one)) == 200


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: a b\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: a/b\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost:\r\n", 200),
        (b"GET /healthz HTTP/1.1\r\nHost: [::1]:8000\r\n", 200),
        (b"GET /healthz HTTP/1.0\r\n", 200),
        (b"GET /healthz HTTP/1.0\r\nHost: a\r\nHost: b\r\n", 400),
    ],
)
def test_one_host_is_named(serving: Serving, head: bytes, status: int) -> None:
    answer = exchanged(serving(QUICK), head + b"Connection: close\r\n\r\n")
    assert status_of(answer) == status
    if status == 400:
        assert problem_of(answer)["type"] == "urn:strategielotse:problem:no-host"


def test_a_trailer_is_no_header(serving: Serving) -> None:
    body = b'{"question": "x"}'
    head = CHAT.replace(b"json", b"plain") + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    end = b"%x\r\n%b\r\n0\r\nContent-Type: application/json\r\n\r\n" % (len(body), body)
    assert status_of(exchanged(serving(QUICK), head + end)) == 415


def test_an_offer_of_another_protocol_is_passed_over(serving: Serving) -> None:
    offer = b"GET /healthz HTTP/1.1\r\nHost: lotse\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    assert status_of(exchanged(serving(QUICK), offer)) == 200


def test_refusals_are_counted_and_told_in_one_line(serving: Serving, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        url = serving(QUICK)
        for _ in range(10):
            exchanged(url, b"GET /geheim" + b"x" * 9000)
        time.sleep(1.5)
    told = [record.getMessage() for record in caplog.records if record.name == "strategielotse.connections"]
    assert 1 <= len(told) <= 2
    assert all(line.startswith("Verbindungen abgewiesen: Adresse zu lang: ") for line in told)
    assert "geheim" not in caplog.text


def test_refusals_are_told_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    refusals = Refusals({})
    with caplog.at_level(logging.WARNING):
        for second in range(int(2 * LOG_SECONDS)):
            refusals.count(Refusal.SLOW_REQUEST)
            refusals.tell(float(second))
    assert [record.getMessage().rpartition(" ")[2] for record in caplog.records] == ["1", "60"]


def test_no_more_connections_than_files(store: EditionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data_dir=store.root, max_connections=1024, connections_per_client=7, head_seconds=3)
    monkeypatch.setattr("service.connections.limits.allow_files", lambda wanted: min(wanted, 1024))
    limits = limits_of(settings)
    assert limits.most == (1024 - RESERVED_FILES) // 2
    assert (limits.per_client, limits.head_seconds, limits.body_seconds) == (7, 3.0, settings.request_seconds)


def test_the_listening_socket_keeps_those_who_come_at_once(serving: Serving) -> None:
    url = serving(QUICK)
    with ExitStack() as stack:
        crowd_of = [stack.enter_context(connected(url)) for _ in range(200)]
        for one in crowd_of:
            one.sendall(LEAVING)
        assert [status_of(rest_of(one)) for one in crowd_of] == [200] * 200


def test_a_server_ends_in_time_although_clients_dawdle(app: FastAPI) -> None:
    with ExitStack() as stack, running(app, ConnectionLimits(proxies=LOOPBACK)) as url:
        for begun in (b"", BEGUN_HEAD, BEGUN_BODY, GET):
            stack.enter_context(connected(url)).sendall(begun)
        time.sleep(0.5)
