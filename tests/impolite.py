"""Clients that behave badly, on real sockets; every one is bounded in bytes and in time."""

from __future__ import annotations

import http.client
import json
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

GET = b"GET /healthz HTTP/1.1\r\nHost: lotse\r\n\r\n"
BEGUN_HEAD = b"GET /healthz HTTP/1.1\r\nHost: lotse\r\nX-A: "
BEGUN_BODY = (
    b"POST /api/v1/chat HTTP/1.1\r\nHost: lotse\r\nContent-Type: application/json\r\n"
    b'Content-Length: 5000\r\n\r\n{"question": "'
)
PATIENCE = 30.0


def connected(url: str, source: str = "127.0.0.1", patience: float = PATIENCE, room: int = 0) -> socket.socket:
    """Return a connection from a loopback address; every wait on it ends after `patience` seconds.

    `room` is how many bytes of an answer the system takes for a client that does not read; 0: as it likes.
    """
    parts = urlsplit(url)
    connection = socket.socket()
    connection.settimeout(patience)
    if room:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    try:
        connection.bind((source, 0))
        connection.connect((parts.hostname or "", parts.port or 0))
    except OSError:
        connection.close()
        raise
    return connection


def rest_of(connection: socket.socket) -> bytes:
    """Read until the server has closed; a reset counts as an end."""
    heard = b""
    with suppress(ConnectionError):
        while part := connection.recv(65536):
            heard += part
    return heard


def one_answer(connection: socket.socket) -> bytes:
    """Read one answer whose length is given, and nothing after it."""
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += connection.recv(1) or b"\r\n\r\n"
    missing = next(int(line[16:]) for line in heard.lower().split(b"\r\n") if line.startswith(b"content-length: "))
    while missing and (part := connection.recv(missing)):
        heard, missing = heard + part, missing - len(part)
    return heard


def poured(connection: socket.socket, piece: bytes, most: int) -> int:
    """Send a piece over and over until the server takes no more or `most` bytes are sent; return how many were."""
    sent = 0
    with suppress(ConnectionError):
        while sent < most:
            sent += connection.send(piece)
    return sent


def status_of(answer: bytes) -> int:
    """Return the status of the first answer, 0 where there is none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def problem_of(answer: bytes) -> dict[str, object]:
    """Return the body of the first answer as a problem."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower(), answer
    problem: dict[str, object] = json.loads(body)
    return problem


def exchanged(url: str, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send pieces with pauses between them, then read until the server closes."""
    with connected(url) as connection:
        for piece in pieces:
            with suppress(ConnectionError):
                connection.sendall(piece)
            time.sleep(pause)
        return rest_of(connection)


def may_open(files: int) -> None:
    """Let this process open as many files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))


@contextmanager
def crowd(
    url: str, count: int, begun: bytes, source: str = "127.0.0.1", answered: bool = False, room: int = 0
) -> Iterator[list[socket.socket]]:
    """Keep `count` connections open, each of which has sent `begun`; those that the server ends stay ended.

    `answered`: the block begins when every one has the beginning of an answer or is ended.
    """
    may_open(2 * count + 200)
    with ExitStack() as stack:
        connections = []
        for _ in range(count):
            with suppress(OSError):
                connections.append(stack.enter_context(connected(url, source, room=room)))
                connections[-1].sendall(begun)
        for connection in connections if answered else ():
            with suppress(OSError):
                connection.recv(1)
        yield connections


@contextmanager
def trickling(connections: Sequence[socket.socket], piece: bytes = b"x", pause: float = 0.25) -> Iterator[None]:
    """Send one more piece on every connection now and then until the block ends."""
    over = threading.Event()

    def trickle() -> None:
        while not over.wait(pause):
            for connection in connections:
                with suppress(OSError):
                    connection.sendall(piece)

    with working([trickle], over):
        yield


@contextmanager
def flooding(url: str, count: int, begun: bytes, piece: bytes, most: int = 1 << 26) -> Iterator[None]:
    """Send endlessly on `count` connections at a time, anew where the server ends one, until the block ends."""
    over = threading.Event()

    def flood() -> None:
        while not over.is_set():
            with suppress(OSError), connected(url, patience=2.0) as connection:
                connection.sendall(begun)
                for _ in range(most // len(piece)):
                    if over.is_set():
                        break
                    connection.sendall(piece)

    with working([flood] * count, over):
        yield


@contextmanager
def working(jobs: Sequence[Callable[[], None]], over: threading.Event) -> Iterator[None]:
    """Run jobs beside the block, which end soon after `over` is set at its end."""
    threads = [threading.Thread(target=job, daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def others(url: str, seconds: float, question: str | None = None) -> list[float]:
    """Ask as polite clients do, each on a new connection, for `seconds`; return how long each answer took."""
    times: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        begun = time.monotonic()
        assert asked(url, None if len(times) % 2 else question) == 200
        times.append(time.monotonic() - begun)
        time.sleep(0.02)
    return times


def asked(url: str, question: str | None) -> int:
    """Ask a question, or for /healthz; return the status, 0 where the connection failed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        if question is None:
            connection.request("GET", "/healthz")
        else:
            body = json.dumps({"question": question})
            connection.request("POST", "/api/v1/chat", body, {"Content-Type": "application/json"})
        with connection.getresponse() as response:
            response.read()
            return response.status
    except OSError:
        return 0
    finally:
        connection.close()
