"""The hosts of the public internet as a server of the test: it answers what a well-behaved host
would, but for the addresses of a table. The client's checks and its sockets are its own.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from http.server import ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

import httpcore2 as httpcore

from service.followed_sources import Network
from tests.http_servers import QuietHandler, serving_by

PUBLIC = "93.184.215.14"
FILE = re.compile(r"\.(pdf|docx|csv)(\?|$)")
CONDITIONS = {"if-none-match": "etag", "if-modified-since": "last-modified"}


@dataclass(frozen=True)
class Request:
    """What is asked for: host, path with its query, header fields by their names in lower case."""

    host: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        values = parse_qs(urlsplit(self.target).query)
        return {name: texts[-1] for name, texts in values.items()}


@dataclass(frozen=True)
class Reply:
    """What is answered, after `pause` seconds. A body that is made piece by piece may have no end;
    one that `is_raw` is all that is sent, head included. A stated length is sent, true or not.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Callable[[], Iterable[bytes]] = b""
    pause: float = 0.0
    is_raw: bool = False

    def content(self) -> bytes:
        assert isinstance(self.body, bytes)
        return self.body


MISSING = Reply(404)
DROPPED = Reply(is_raw=True)  # the connection is closed without a word
Change = Callable[[Reply], Reply]
# Patterns of targets, with what is served there instead: the same reply for everybody, a change of
# the usual one, or in a list what comes at the first requests for each address.
Wrong = Mapping[str, Reply | Change | list[Reply]]


def moved(address: str) -> Reply:
    """Return a redirect."""
    return Reply(302, {"location": address})


class FakeNetwork(Network):
    """Leads each name to a server that answers what is `usual`, but for what is `wrong`; without an
    answer it says 404.

    Names resolve to `names`, else publicly. What was asked is in `asked` ("host/path?query"), but
    for robots.txt, which is in `robots`.
    """

    def __init__(
        self,
        usual: Callable[[Request], Reply | None],
        wrong: Wrong | None = None,
        names: dict[str, list[str]] | None = None,
    ) -> None:
        self.usual, self.wrong, self.names = usual, wrong or {}, names or {}
        self.asked: list[str] = []
        self.robots: list[str] = []
        self.agents: set[str] = set()
        self.resolved: list[str] = []
        self.connected: list[str] = []
        self.waits: list[float] = []
        self.kept = 0  # replies that say that nothing has changed
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.network = self
        self._serving = serving_by(self._server)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def asked_files(self) -> list[str]:
        return [address for address in self.asked if FILE.search(address)]

    def resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append(host)
        return self.names.get(host, [PUBLIC])

    def connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.connected.append(address)
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, seconds)

    def wait(self, seconds: float, stopping: threading.Event) -> None:
        self.waits.append(seconds)

    def reply_to(self, request: Request) -> Reply:
        """Return what is answered, 304 where the client has it already."""
        address = f"{request.host}{request.target}"
        asked = self.robots if request.path == "/robots.txt" else self.asked
        asked.append(address)
        self.agents.add(request.headers.get("user-agent", ""))
        reply = self._changed(request.target, asked.count(address))
        reply = reply or self.usual(request) or MISSING
        if callable(reply):
            reply = reply(self.usual(request) or MISSING)
        for condition, validator in CONDITIONS.items():
            known = request.headers.get(condition)
            if reply.status == 200 and known and known == reply.headers.get(validator):
                self.kept += 1
                return replace(reply, status=304, body=b"")
        return reply

    def _changed(self, target: str, times: int) -> Reply | Change | None:
        """Return what is wrong with the reply to a target that was asked for so many times."""
        for pattern, wrong in self.wrong.items():
            if not fnmatchcase(target, pattern):
                continue
            if not isinstance(wrong, list):
                return wrong
            if times <= len(wrong):
                return wrong[times - 1]
        return None

    def __enter__(self) -> Self:
        self._serving.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.__exit__(None, None, None)


class _Server(ThreadingHTTPServer):
    network: FakeNetwork


class _Handler(QuietHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a body that waits for the receipt of its head waits 40 ms

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(headers.get("host", ""), self.path, headers)
        reply = self.server.network.reply_to(request)
        time.sleep(reply.pause)
        parts = [reply.body] if isinstance(reply.body, bytes) else reply.body()
        self.close_connection = reply.is_raw
        with suppress(OSError):  # the client hangs up
            if not reply.is_raw:
                self._send_head(reply)
            for part in parts:
                self.wfile.write(part)

    def _send_head(self, reply: Reply) -> None:
        headers = dict(reply.headers)
        if isinstance(reply.body, bytes) and "content-length" not in headers:
            headers["content-length"] = str(len(reply.body))
        else:
            headers["connection"] = "close"
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
