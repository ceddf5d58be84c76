"""Nothing hostile goes on for ever, and the table says what there is."""

from __future__ import annotations

import socket
import time
import zlib
from urllib.parse import urlsplit

import pytest

from tests.followed_sources.blind.hostile import CASES, HostileServer
from tests.followed_sources.blind.hostile_bodies import gzip_bomb
from tests.followed_sources.blind.listening import MOST_BYTES, Stranger


def drain(url: str) -> tuple[bytes, int]:
    """Read raw bytes until the server closes; return the first of them and their number."""
    parts, started = urlsplit(url), time.monotonic()
    first, count = b"", 0
    with socket.create_connection(
        (str(parts.hostname), parts.port or 80), timeout=10
    ) as connection:
        target = f"{parts.path}?{parts.query}".rstrip("?")
        head = f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        while True:
            assert time.monotonic() - started < 60, "It goes on for ever."
            data = connection.recv(2**20)
            if not data:
                return first, count
            first = first or data
            count += len(data)


SERVED = [name for name, case in CASES.items() if case.make is not None]


def server_of(name: str, victim: Stranger) -> HostileServer:
    return HostileServer(name, stranger=victim.base, most_seconds=0.6)


@pytest.mark.parametrize("name", SERVED)
def test_a_hostile_source_ends_by_itself(name: str) -> None:
    with Stranger() as victim, server_of(name, victim) as server:
        path = server.case.at + ("strategie.pdf" if server.case.at.endswith("/") else "")
        if server.case.at == "/liste":
            path = urlsplit(server.source()["address"]).path
        first, count = drain(server.base + path)
        assert first or name == "silent"
        again = drain(server.base + path)[1]
        assert count + again <= MOST_BYTES + 2**21
        assert victim.log == []


def test_the_table_of_hostile_sources() -> None:
    assert len(CASES) >= 40
    for name, case in CASES.items():
        with HostileServer(name) as server:
            source = server.source(trusting=True)
            assert source["kind"] in ("oparl", "sitemap", "page", "feed")
            assert all(source["hosts"]) and case.does
            assert case.make is not None or case.dns or "{base}" not in case.address
        for answers in case.dns.values():
            assert all(answers)


def test_the_bomb_unpacks_to_more_than_it_is() -> None:
    bomb = gzip_bomb(b"%PDF", b" ", 1024)
    assert len(bomb) < 4 * 2**20
    reader = zlib.decompressobj(31)
    unpacked = reader.decompress(bomb, 50 * 2**20)
    assert unpacked.startswith(b"%PDF   ") and len(unpacked) == 50 * 2**20
