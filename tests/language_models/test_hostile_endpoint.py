"""What an endpoint of a model sends takes no memory, time or processor beyond what was asked for,
nor tells others.

Each is asked as the agent asks, and for a vector.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

MEGABYTE = 1 << 20
Hostile = Callable[[socket.socket], None]  # what is sent to who asked
# tells each outcome with what goes on, then the processor's seconds and the peak in MB of the whole
# process
_ASKING = """
import sys, threading, time
from service.language_models.access import Limits, access_to
from service.language_models.building import failure_of
from vectorstore import endpoints
from vectorstore.embedding_setting import embedding_for
from vectorstore.storage.errors import EmbeddingUnreachable
endpoints.QUESTION_SECONDS = 0.8
limits = Limits(seconds=0.8)
def asked(setting):
    access = access_to(setting, limits, 4000)
    access.warm()
    yield lambda: access.run_with_model(lambda model: model.chat.invoke("Geheim?"))
    yield lambda: embedding_for(setting).vector("Geheim?")
access_to("openai:m@http://127.0.0.1:1/v1", limits, 10).warm()
before = time.process_time()
for port in sys.argv[1:]:
    said = []
    for ask in asked(f"openai:m@http://127.0.0.1:{port}/v1"):
        begun = time.monotonic()
        try:
            ask()
            said.append("answered")
        except Exception as error:
            away = isinstance(error, EmbeddingUnreachable)
            said.append("away" if away else getattr(error, "failure", None) or failure_of(error))
        said[-1] += " late" if time.monotonic() - begun > 2.5 else ""
        while threading.active_count() > 1 and time.monotonic() < begun + 3:
            time.sleep(0.02)
        said[-1] += " and goes on" if threading.active_count() > 1 else ""
    print(*said, sep=", ")
print(time.process_time() - before)
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1][:-3])
"""


def head(kind: str = "text/event-stream", *more: str) -> bytes:
    return "\r\n".join(
        ("HTTP/1.1 200 OK", f"content-type: {kind}", *more, "connection: close", "", "")
    ).encode()


def event(delta: object, ended: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": ended}
    chunk = {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [choice],
    }
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def calls(number: int, arguments: str) -> dict[str, object]:
    function = {"name": "search", "arguments": arguments}
    made = [
        {"index": n, "id": f"c{n}", "type": "function", "function": function} for n in range(number)
    ]
    return {"role": "assistant", "content": "", "tool_calls": made}


def body_of(message: object, choices: int = 1) -> bytes:
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    made = {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [choice] * choices,
    }
    return json.dumps(made).encode()


def whole(message: object, choices: int = 1) -> bytes:
    return head("application/json") + body_of(message, choices)


def again(content: bytes, times: int = 1000, pause: float = 0.0, begin: bytes = b"") -> Hostile:
    def send(client: socket.socket) -> None:
        client.sendall(begin)
        for _ in range(times):
            client.sendall(content)
            if pause:
                threading.Event().wait(pause)

    return send


def bomb(client: socket.socket) -> None:
    """1.7 GB of blanks in 1.7 MB of gzip: the same block again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    begin = (
        head("text/event-stream", "content-encoding: gzip") + b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    )
    again(block, 1700, begin=begin)(client)


FAILURE = head("application/json").replace(b"200 OK", b"500 No") + b"[%b[]]" % (b"{}," * 1_300_000)
_NUMBERS = b'{"data": [{"embedding": ['
HOSTILE: dict[str, Hostile] = {
    "a bomb": bomb,
    "a line without end": again(b"a" * MEGABYTE, begin=head() + b"data: "),
    "more text than asked": again(event({"content": "Lorem ipsum. " * 100_000}), 1, begin=head()),
    "pieces without end": again(event({"content": "Lorem ipsum. " * 5000}), 5000, begin=head()),
    "empty events": again(event({}) * 100, begin=head()),
    "calls in one event": again(event(calls(9_000, "{}")), 1, begin=head()),
    "calls in many events": again(event(calls(30, "{")) * 10, begin=head()),
    "many calls": again(whole(calls(40_000, "{}")), 1),
    "calls within the size": again(whole(calls(1_000, "{")), 1),
    "long arguments": again(whole(calls(1, "[" * 100_000)), 1),
    "many parts": again(whole({"content": [{"type": "text", "text": "a"}] * 3_000}), 1),
    "many choices": again(whole({"content": "a"}, 1_500), 1),
    "a stream that nobody asked for": again(body_of({"content": [{}] * 90_000}), 1, begin=head()),
    "calls as a stream": again(body_of(calls(25_000, "{}")), 1, begin=head()),
    "an event as large as a reply": again(event(calls(25_000, "{}")), 1, begin=head()),
    "a failure of many objects": again(FAILURE, 1),
    "nested": again(head("application/json") + b"[" * 200_000, 1),
    "numbers without end": again(b"0.125," * 200_000, begin=head("application/json") + _NUMBERS),
    "heads without end": again(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, 10_000),
    "heads that drip": again(b"HTTP/1.1 100 Continue\r\n\r\n", 100, 0.1),
    "a reply that drips": again(b" ", 100, 0.1, head("application/json")),
    "an event that drips": again(b"a", 100, 0.1, head() + b"data: "),
    "nothing": lambda client: threading.Event().wait(4) and None,
}


def read_request(client: socket.socket) -> bytes:
    """The whole request, head and body: a reply to half of one may reset the connection."""
    request = client.recv(65536)
    while b"\r\n\r\n" not in request and (more := client.recv(65536)):
        request += more
    head, _, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    while length and len(body) < int(length[1]) and (more := client.recv(65536)):
        body += more
    return head + b"\r\n\r\n" + body


@contextmanager
def listening(hostile: Hostile) -> Iterator[tuple[int, list[bytes]]]:
    """A server that reads each request and then sends what is hostile; what it was sent."""
    server, asked = socket.create_server(("127.0.0.1", 0)), list[bytes]()

    def answer(client: socket.socket) -> None:
        with client, suppress(OSError):
            asked.append(read_request(client))
            hostile(client)
            client.shutdown(socket.SHUT_WR)
            client.recv(65536)  # until the other side has read it all and closes

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=answer, args=server.accept()[:1], daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1], asked
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(30)


def test_what_is_sent_takes_neither_memory_nor_time_nor_messages_elsewhere() -> None:
    with ExitStack() as servers:
        other, elsewhere = servers.enter_context(listening(lambda client: client.sendall(head())))
        target = f"location: http://localhost:{other}/"
        moved = f"HTTP/1.1 307 Moved\r\n{target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        hostile = {**HOSTILE, "redirect": again(moved.encode(), 1)}
        started = [servers.enter_context(listening(item)) for item in hostile.values()]
        run = [sys.executable, "-c", _ASKING, *(str(port) for port, _ in started)]
        lines = subprocess.run(
            run, capture_output=True, text=True, timeout=170, check=True
        ).stdout.splitlines()
    *outcomes, seconds, peak = lines
    given_up = {"broken, away", "slow, away"}
    assert {
        name: statement
        for name, statement in zip(hostile, outcomes, strict=True)
        if statement not in given_up
    } == {}
    assert float(seconds) < 15 and int(peak) < 300 and not elsewhere
    assert all(
        b"accept-encoding: identity" in request.lower() for _, asked in started for request in asked
    )
