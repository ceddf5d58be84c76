"""Chat endpoints on loopback that behave as a test says, over real sockets."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from typing import Any

from tests.http_servers import QuietHandler, serving_by


@dataclass(frozen=True, slots=True)
class Broken:
    """A text after which the connection ends, before the end of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Calls:
    """Tools that a reply calls, each by its name with arguments: an object, or a text that should
    be one.
    """

    made: tuple[tuple[str, object], ...]


Reply = (
    str | int | Broken | Calls | None
)  # a text, a status, one that breaks off, calls, or None: nothing
Script = Callable[[Any], Reply]  # from the user message, or from what `of` takes of a request


class Endpoint:
    """A running endpoint; `asked` are the messages that it got."""

    def __init__(self, url: str, asked: list[list[dict[str, str]]]) -> None:
        self.url = url
        self.asked = asked

    @property
    def setting(self) -> str:
        return f"openai:scripted@{self.url}"


@contextmanager
def endpoint(
    script: Script,
    *,
    wait: float = 0.0,
    drip: float = 0.0,
    hold: threading.Event | None = None,
    of: Callable[[Any], Any] = lambda body: body["messages"][-1]["content"],
) -> Iterator[Endpoint]:
    """An endpoint that replies what the script says, after `wait` seconds, with `drip` seconds
    between its pieces.

    A reply waits for `hold`. The script gets what `of` takes of a
    request.
    """
    asked: list[list[dict[str, str]]] = []
    stop = threading.Event()

    class Handler(QuietHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append(body["messages"])
            stop.wait(wait)
            said = script(of(body))
            if isinstance(said, int):
                self._send(said, b'{"error": {"message": "scripted"}}')
            elif isinstance(said, Broken):
                self._send(200, said.text.encode(), more=1000)
                self.close_connection = True
            else:
                if hold is not None:
                    hold.wait(10)
                self._send(200, json.dumps(_whole(said)).encode())

        def _send(self, status: int, content: bytes, more: int = 0) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content) + more))
            self.end_headers()
            for start in range(0, len(content), 40):
                self.wfile.write(content[start : start + 40])
                if stop.wait(drip):
                    return

    with serving_by(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        try:
            yield Endpoint(f"{address}/v1", asked)
        finally:
            stop.set()


def _whole(said: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {
        "role": "assistant",
        "content": said if isinstance(said, str) else "",
    }
    if isinstance(said, Calls):
        message["tool_calls"] = [
            {
                "id": f"call_{secrets.token_hex(4)}",
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": made if isinstance(made, str) else json.dumps(made),
                },
            }
            for name, made in said.made
        ]
    choice = {
        "index": 0,
        "message": message,
        "finish_reason": "tool_calls" if "tool_calls" in message else "stop",
    }
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted",
        "choices": [choice],
    }
