"""Clients that behave badly, on real sockets; every one is bounded in bytes and in time."""

from __future__ import annotations

import http.client
import json
import socket
import time
from contextlib import suppress
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


def exchanged(url: str, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send pieces with pauses between them, then read until the server closes."""
    with connected(url) as connection:
        for piece in pieces:
            with suppress(ConnectionError):
                connection.sendall(piece)
            time.sleep(pause)
        return rest_of(connection)


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
