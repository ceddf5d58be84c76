"""A real HTTP server on loopback that logs what it is asked and may answer against all rules.

What it sends is bounded: no reply has more than 64 MB or lasts longer than five seconds.
"""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

MOST_BYTES = 64 * 2**20
MOST_SECONDS = 5.0


@dataclass(frozen=True)
class Request:
    """What was asked: the target as it was sent, its parts, and when (monotonic seconds)."""

    method: str
    target: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    at: float


@dataclass(frozen=True)
class Logged:
    """A request, what kind of thing it asked for, and the status of the answer (0 for none)."""

    request: Request
    kind: str
    status: int


@dataclass
class Reply:
    """What is answered. A `Content-Length` among the headers is sent as it is, true or not.

    A `raw` body is all that goes over the wire, status line and headers included. Where `drop` is
    set the connection is closed without a word.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Iterable[bytes] = b""
    pause: float = 0.0
    raw: bool = False
    drop: bool = False


class Listener:
    """The server: a context manager; who derives from it says what is answered.

    `host` is the name by which the server speaks of itself; it listens on 127.0.0.1 all the same,
    at a port of its own. `base` replaces scheme, host and port of its addresses as a whole, for a
    client that maps `https://name` to the port itself. `stranger` begins the addresses to which the
    server leads a client away.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        base: str = "",
        certificate: tuple[Path, Path] | None = None,
        switches: Iterable[str] = (),
        stranger: str = "http://fremd.example",
    ) -> None:
        self.host = host
        self.stranger = stranger
        self.log: list[Logged] = []
        self.switches: set[str] = set()
        self._base = base
        self._certificate = certificate
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._seen: set[str] = set()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        for name in switches:
            self.switch(name)

    def known_switches(self) -> dict[str, str]:
        """Return the switches there are, each with what it does."""
        return {}

    def switch(self, name: str, on: bool = True) -> None:
        """Turn a wayward behaviour on or off, also while the server runs."""
        if name not in self.known_switches():
            raise ValueError(f"There is no switch {name!r}.")
        if on:
            self.switches.add(name)
        else:
            self.switches.discard(name)

    def reply(self, request: Request) -> Reply:
        """Return what is answered."""
        raise NotImplementedError

    def classify(self, request: Request) -> str:
        """Return what kind of thing is asked for: robots, file, list, object, page or other."""
        return "robots" if request.path == "/robots.txt" else "other"

    @property
    def port(self) -> int:
        """The port on 127.0.0.1, while the server runs."""
        assert self._server is not None, "The server does not run."
        return int(self._server.server_address[1])

    @property
    def base(self) -> str:
        """The beginning of all addresses of this server, without a slash at its end."""
        scheme = "https" if self._certificate else "http"
        return self._base or f"{scheme}://{self.host}:{self.port}"

    def asked(self, kind: str = "") -> list[Request]:
        """Return the requests so far, of one kind or all."""
        with self._lock:
            entries = list(self.log)
        return [entry.request for entry in entries if kind in ("", entry.kind)]

    def forget(self) -> None:
        """Empty the log: what is asked next is asked by the next run."""
        with self._lock:
            self.log.clear()
            self._seen.clear()

    def is_first(self, key: str) -> bool:
        """True the first time that it is called with this key."""
        with self._lock:
            first = key not in self._seen
            self._seen.add(key)
        return first

    def wait(self, seconds: float) -> bool:
        """Sleep; True if the server is being stopped."""
        return self._stopping.wait(seconds)

    def answer(self, request: Request) -> Reply:
        """Return the reply to a request, which is logged with it."""
        reply = self.reply(request)
        status = 0 if reply.drop else reply.status
        with self._lock:
            self.log.append(Logged(request, self.classify(request), status))
        return reply

    def __enter__(self) -> Self:
        self._stopping.clear()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.listener = self
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None and self._thread is not None
        self._stopping.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()
        self._server = None


class Stranger(Listener):
    """A host that nobody may ask: it answers everything with 200 and keeps the log that must stay
    empty.
    """

    def reply(self, request: Request) -> Reply:
        """Return a page that says where one is."""
        return Reply(
            headers={"Content-Type": "text/html"}, body=b"<p>Hier war niemand geladen.</p>"
        )


def make_certificate(folder: Path, hosts: Iterable[str]) -> tuple[Path, Path]:
    """Write a certificate signed by itself for these hosts, and its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Kreis Auental")])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in hosts]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "auental.crt", folder / "auental.key"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return chain, secret


class _Server(ThreadingHTTPServer):
    """The sockets of a listener."""

    listener: Listener
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was faster

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = MOST_SECONDS
    disable_nagle_algorithm = True  # a body that waits for the receipt of its head waits 40 ms

    def _handle(self) -> None:
        listener = self.server.listener
        parts = urlsplit(self.path)
        query = parse_qs(parts.query, keep_blank_values=True)
        request = Request(
            self.command,
            self.path,
            unquote(parts.path),
            {name: values[-1] for name, values in query.items()},
            {name.lower(): value for name, value in self.headers.items()},
            time.monotonic(),
        )
        reply = listener.answer(request)
        if reply.pause and listener.wait(reply.pause):
            reply.drop = True
        if reply.drop:
            self.close_connection = True
            return
        if not reply.raw:
            self._send_head(reply)
        if self.command != "HEAD":
            self._send_body(reply)

    do_GET = do_HEAD = do_POST = _handle

    def _send_head(self, reply: Reply) -> None:
        headers = dict(reply.headers)
        has_body = reply.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        if isinstance(reply.body, bytes):
            length = str(len(reply.body))
            if has_body:
                headers.setdefault("Content-Length", length)
            if headers.get("Content-Length", length) != length:
                self.close_connection = True
        else:
            self.close_connection = True
        if self.close_connection:
            headers["Connection"] = "close"
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send_body(self, reply: Reply) -> None:
        if reply.raw:
            self.close_connection = True
        until = time.monotonic() + MOST_SECONDS
        left = MOST_BYTES
        for chunk in _chunks(reply.body):
            part = chunk[:left]
            self.wfile.write(part)
            left -= len(part)
            if left <= 0 or time.monotonic() > until:
                self.close_connection = True
                return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _chunks(body: bytes | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(body, bytes):
        yield body
    else:
        yield from body
