"""What is too large is refused in words that arrive, also where the client sends everything before it reads."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.app import create_app
from service.edition_holder import EditionHolder
from service.http.limits import MOST_DRAINED
from service.settings import Settings
from tests.impolite import asked
from tests.service.fakes import QuotingEditions
from tests.service.running import running
from vectorstore.editions import EditionStore

CHAT, CONTACT = "/api/v1/chat", "/api/v1/contact"
PART = b'--x\r\nContent-Disposition: form-data; name="attachment"; filename="a.pdf"\r\n\r\n%PDF-'
FORM = "multipart/form-data; boundary=x"
SECONDS = 20.0


@pytest.fixture
def server(store: EditionStore) -> Iterator[str]:
    mail = {"mail_host": "127.0.0.1", "mail_from": "lotse@a.example", "mail_to": "buero@a.example"}
    settings = Settings(data_dir=store.root, **mail)  # type: ignore[arg-type]
    with running(create_app(settings, EditionHolder(QuotingEditions(store)))) as url:
        yield url


def head(path: str, kind: str, *lines: str) -> bytes:
    given = (f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {kind}", *lines, "", "")
    return "\r\n".join(given).encode()


def answered(server: str, *pieces: bytes) -> tuple[str, dict[str, str]]:
    """Send everything, only then read until the connection closes; return status line and problem."""
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=SECONDS) as connection:
        for piece in pieces:
            connection.sendall(piece)
        time.sleep(0.2)  # what closes the connection has done so by now
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    before, _, body = received.partition(b"\r\n\r\n")
    return before.decode().splitlines()[0], json.loads(body)


@pytest.mark.parametrize("size", [6_000_000, 20_000_000])
def test_an_announced_body(server: str, size: int) -> None:
    length = f"Content-Length: {size}"
    status, problem = answered(server, head(CONTACT, FORM, length), PART.ljust(size, b"x"))
    assert status.startswith("HTTP/1.1 413") and problem["type"].endswith(":attachment-too-large")
    assert problem["detail"].startswith("Der Anhang ist größer als erlaubt (höchstens 5 MB).")
    status, problem = answered(server, head(CHAT, "application/json", length), b"x" * size)
    assert status.startswith("HTTP/1.1 413")
    assert problem["detail"] == "Die Anfrage ist größer als erlaubt (höchstens 65 kB)."


@pytest.mark.parametrize(
    ("path", "kind", "begin"), [(CONTACT, FORM, PART), (CHAT, "application/json", b'{"question":"')]
)
def test_a_body_in_pieces(server: str, path: str, kind: str, begin: bytes) -> None:
    pieces = [begin, *[b"x" * 60_000] * 200]
    chunked = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces]
    status, problem = answered(server, head(path, kind, "Transfer-Encoding: chunked"), *chunked, b"0\r\n\r\n")
    assert status.startswith("HTTP/1.1 413") and "größer als erlaubt" in problem["detail"]


def test_a_body_that_is_whole_when_it_is_too_large_is_refused_at_once(server: str) -> None:
    piece = b"x" * 70_000
    lines = head(CHAT, "application/json", "Transfer-Encoding: chunked")
    status, problem = answered(server, b"%b%x\r\n%b\r\n0\r\n\r\n" % (lines, len(piece), piece))
    assert status.startswith("HTTP/1.1 413") and "größer als erlaubt" in problem["detail"]


def test_who_asks_first_is_told_at_once(server: str) -> None:
    status, problem = answered(server, head(CONTACT, FORM, "Content-Length: 99999999", "Expect: 100-continue"))
    assert status.startswith("HTTP/1.1 413") and problem["status"] == 413


def held_by_the_system() -> int:
    """Return how many bytes on their way the system may hold for both ends of a connection."""
    limits = (Path(f"/proc/sys/net/ipv4/tcp_{side}mem") for side in "rw")
    return sum(int(one.read_text().split()[2]) for one in limits if one.is_file()) or 60_000_000


@pytest.mark.long
def test_who_never_ends_is_cut_off(server: str) -> None:
    """More than is ever taken in: the service stops reading, whatever is announced; the system holds the rest."""
    host, port = server.removeprefix("http://").split(":")
    sent, piece = 0, b"x" * 1_000_000
    stop = threading.Event()
    with socket.create_connection((host, int(port)), timeout=SECONDS) as connection:
        connection.sendall(head(CONTACT, FORM, "Content-Length: 99999999999"))
        try:
            while not stop.is_set() and sent < 500_000_000:
                connection.sendall(piece)
                sent += len(piece)
        except OSError:
            stop.set()
    assert 60_000_000 < sent < MOST_DRAINED + held_by_the_system() + 10_000_000
    assert asked(server, None) == 200
