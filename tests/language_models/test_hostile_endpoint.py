"""What a model's endpoint sends cannot take memory or time beyond what was asked for, nor what was asked elsewhere."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

MEGABYTE = 1 << 20
Hostile = Callable[[socket.socket], None]  # what is sent to who asked
# asks as the service does and waits for the threads that still read; tells each outcome, then the process's peak in MB
_ASKING = """
import sys, threading, time
from service.language_models.access import Limits, access_to
from service.language_models.errors import ModelUnavailable
from vectorstore.embeddings import embedding_for
for port in sys.argv[1:]:
    setting, limits = f"openai:scripted@http://127.0.0.1:{port}/v1", Limits(seconds=2.0)
    access = access_to(setting, limits, 800)
    access.warm()
    begun = time.monotonic()
    try:
        access.ask("Sei kurz.", "Geheim?")
        said = "answered"
    except ModelUnavailable as error:
        said = error.failure.value
    late = " late" if time.monotonic() - begun > 2 * limits.seconds else ""
    for one in threading.enumerate():
        if one is not threading.main_thread():
            one.join(2 * limits.seconds)
    try:
        embedding_for(setting).vector("Geheim?") if said != "slow" else None
        embedded = " embedded"
    except Exception:
        embedded = ""
    print(said + late + " and goes on" * (threading.active_count() > 1) + embedded)
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1][:-3])
"""


def head(kind: str = "text/event-stream", *more: str) -> bytes:
    return "\r\n".join(("HTTP/1.1 200 OK", f"content-type: {kind}", *more, "connection: close", "", "")).encode()


def bomb(client: socket.socket) -> None:
    """1.7 GB of blanks in 1.7 MB of gzip: the same block again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    client.sendall(head("text/event-stream", "content-encoding: gzip") + b"\x1f\x8b\x08" + bytes(6) + b"\xff")
    for _ in range(1700):
        client.sendall(block)


def endless_line(client: socket.socket) -> None:
    client.sendall(head() + b"data: ")
    for _ in range(800):
        client.sendall(b"a" * MEGABYTE)


def piece(text: bytes) -> bytes:
    start = b'data: {"id":"x","object":"chat.completion.chunk","created":0,"model":"m","choices":[{"index":0,'
    return start + b'"delta":{"content":"' + text + b'"},"finish_reason":null}]}\n\n'


def large_piece(client: socket.socket) -> None:
    """More text than was asked for, at once, in order and to its end."""
    client.sendall(
        head() + piece(b"Lorem ipsum. " * 100_000) + piece(b"").replace(b"null", b'"stop"') + b"data: [DONE]\n\n"
    )


def many_pieces(client: socket.socket) -> None:
    """The same in pieces without end."""
    client.sendall(head())
    for _ in range(5000):
        client.sendall(piece(b"Lorem ipsum. " * 5000))


def drip(client: socket.socket) -> None:
    client.sendall(head() + b"data: ")
    for _ in range(60):
        client.sendall(b"a")
        threading.Event().wait(0.3)


def large_json(client: socket.socket) -> None:
    client.sendall(head("application/json") + b'{"data": [{"embedding": [')
    for _ in range(400):
        client.sendall(b"0.125," * (MEGABYTE // 6))


@contextmanager
def listening(hostile: Hostile) -> Iterator[tuple[int, list[bytes]]]:
    """A server that reads a request and then sends what is hostile; what it was sent."""
    server, asked = socket.create_server(("127.0.0.1", 0)), list[bytes]()

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                with client, suppress(OSError):
                    asked.append(client.recv(65536))
                    hostile(client)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1], asked
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(30)


@pytest.mark.long
def test_what_is_sent_takes_neither_memory_nor_time_nor_messages_elsewhere() -> None:
    with ExitStack() as servers:
        other, elsewhere = servers.enter_context(listening(lambda client: client.sendall(head())))

        def redirect(client: socket.socket) -> None:
            place = f"location: http://localhost:{other}/v1/chat/completions"
            client.sendall(f"HTTP/1.1 307 Moved\r\n{place}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())

        hostile = (bomb, endless_line, large_piece, many_pieces, large_json, redirect, drip)
        started = [servers.enter_context(listening(one)) for one in hostile]
        run = [sys.executable, "-c", _ASKING, *(str(port) for port, _ in started)]
        *outcomes, peak = subprocess.run(run, capture_output=True, text=True, timeout=170, check=True).stdout.split(
            "\n"
        )[:-1]
    told = dict(zip((one.__name__ for one in hostile), outcomes, strict=True))
    assert told.pop("large_piece") in ("broken", "unreachable")  # whoever ends the connection first
    assert told == {name: "slow embedded" if name == drip.__name__ else "broken" for name in told}
    assert int(peak) < 300 and not elsewhere
    assert all(b"accept-encoding: identity" in asked[0].lower() for _, asked in started)
