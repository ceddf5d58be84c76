"""Hosts of the public internet that are threads of the test: names, addresses and replies are those
of the test, the client's checks and sockets its own.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore2 as httpcore

from followed_sources import Network

PUBLIC = "93.184.215.14"
Answer = tuple[int, Mapping[str, str], bytes]
Answering = Callable[[str, Mapping[str, str]], Answer | None]


@dataclass
class FakeNetwork(Network):
    """Resolves `names`, connects every address to the servers of the test by the asked port."""

    names: dict[str, list[str]]
    ports: dict[int, int]
    resolved: list[str] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append(host)
        if host not in self.names:
            raise socket.gaierror
        return self.names[host]

    def connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.connected.append(address)
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.ports[port], seconds)

    def wait(self, seconds: float, stopping: threading.Event) -> None:
        self.waits.append(seconds)


@contextmanager
def answering(answer: Answering) -> Iterator[int]:
    """Serve on a free port what `answer` gives for "host/path" and the header fields; None: 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers.get("host", "")
            status, headers, body = answer(f"{host}{self.path}", self.headers) or (404, {}, b"")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            if status != 304:
                self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def sending(raw: Callable[[], Iterator[bytes]]) -> Iterator[int]:
    """Serve on a free port the same bytes to everyone, for as long as they are read."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                try:
                    asked = connection.recv(65536)
                    if asked.startswith(b"GET /robots.txt"):
                        connection.sendall(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
                        connection.recv(65536)
                    for part in raw():
                        connection.sendall(part)
                except OSError:
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
