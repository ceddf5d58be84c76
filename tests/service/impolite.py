"""Clients that behave badly, on real sockets; every one is bounded in bytes and in time."""

from __future__ import annotations

import socket
from contextlib import suppress
from urllib.parse import urlsplit

import httpx2 as httpx

GET = b"GET /healthz HTTP/1.1\r\nHost: lotse\r\n\r\n"
BEGUN_HEAD = b"GET /healthz HTTP/1.1\r\nHost: lotse\r\nX-A: "
BEGUN_BODY = (
    b"POST /api/v1/chat HTTP/1.1\r\nHost: lotse\r\nContent-Type: application/json\r\n"
    b'Content-Length: 5000\r\n\r\n{"question": "'
)
PATIENCE = 30.0


def connected(url: str, room: int = 0) -> socket.socket:
    """Return a connection on which every wait ends in time.

    `room` is how many bytes of an answer the system takes for a client that does not read; 0: as it
    likes.
    """
    parts = urlsplit(url)
    connection = socket.socket()
    connection.settimeout(PATIENCE)
    if room:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    connection.connect((parts.hostname or "", parts.port or 0))
    return connection


def rest_of(connection: socket.socket) -> bytes:
    """Read until the server has closed; a reset counts as an end."""
    heard = b""
    with suppress(ConnectionError):
        while part := connection.recv(65536):
            heard += part
    return heard


def poured(connection: socket.socket, piece: bytes, most: int) -> int:
    """Send a piece over and over until the server takes no more or `most` bytes are sent; return
    how many were.
    """
    sent = 0
    with suppress(ConnectionError):
        while sent < most:
            sent += connection.send(piece)
    return sent


def status_of(answer: bytes) -> int:
    """Return the status of the first answer, 0 where there is none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def health_of(url: str) -> int:
    """Return the status of /healthz, asked by a client that behaves."""
    return httpx.get(f"{url}/healthz", timeout=PATIENCE).status_code
