"""Hostile sources: nothing but the operator's hosts at public addresses is asked, and each reply has
limits.
"""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress

import pytest

from followed_sources import SourceClient
from followed_sources.addresses import is_public
from followed_sources.client import ClientLimits
from followed_sources.replies import SourceFailed
from prompts import say
from tests.followed_sources.fake_network import PUBLIC, Answer, FakeNetwork, answering, sending

HOST = "quelle.example"
OTHER = "anderswo.example"
HERE = f"http://{HOST}/liste"
LIMITS = ClientLimits(page_bytes=50_000, file_bytes=80_000, request_seconds=2.0, requests=40)


def client_of(port: int, addresses: list[str] | None = None) -> tuple[SourceClient, FakeNetwork]:
    names = {HOST: [PUBLIC] if addresses is None else addresses, OTHER: [PUBLIC]}
    network = FakeNetwork(names, {80: port, 443: port, 22: port})
    return SourceClient((HOST,), "mailto:amt@kreis.example", network, LIMITS), network


def nothing(path: str, headers: Mapping[str, str]) -> Answer | None:
    return None


ADDRESSES = {
    "this machine": "http://127.0.0.1/",
    "this machine by name": "http://localhost/",
    "this machine, IPv6": "http://[::1]/",
    "data of the cloud": "http://169.254.169.254/latest/meta-data/",
    "a number": "http://2130706433/",
    "a short number": "http://0x7f.1/",
    "a file": "file:///etc/passwd",
    "ftp": f"ftp://{HOST}/",
    "gopher": f"gopher://{HOST}:25/_MAIL",
    "data in the address": "data:application/json,{}",
    "a user": f"http://{HOST}@{OTHER}/",
    "a user before ours": f"http://{OTHER}@{HOST}/",
    "a backslash": f"http://{OTHER}\\@{HOST}/",
    "another port": f"http://{HOST}:22/",
    "another host": f"http://{OTHER}/",
    "a host below ours": f"http://intern.{HOST}/",
    "a host that begins like ours": f"http://{HOST}.{OTHER}/",
    "a dot behind": f"http://{HOST}./",
    "a new line": f"http://{HOST}/\r\nHost: {OTHER}",
    "a tab in the host": f"http://{OTHER}\t.{HOST}/",
    "a zero byte": f"http://{HOST}/\0",
    "letters like ours": "http://quеlle.example/",
    "too long": f"http://{HOST}/" + "a" * 3000,
    "a wrong port": f"http://{HOST}:99999/",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_elsewhere_is_not_even_resolved(address: str) -> None:
    with answering(nothing) as port:
        client, network = client_of(port)
        with pytest.raises(SourceFailed):
            client.get_page(address, "json")
        assert (network.resolved, network.connected) == ([], [])


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_a_redirect_elsewhere_is_not_followed(address: str) -> None:
    where = address.replace("\r\n", "").replace("\0", "").encode().decode("latin-1")
    reached: list[str] = []

    def redirecting(path: str, headers: Mapping[str, str]) -> Answer | None:
        reached.append(path)
        return (302, {"location": where}, b"") if path == f"{HOST}/liste" else None

    with answering(redirecting) as port:
        client, network = client_of(port)
        with suppress(SourceFailed):
            client.get_page(HERE, "json")
        assert {path.partition("/")[0] for path in reached} == {HOST}
        assert set(network.resolved) == {HOST}


def test_the_host_of_robots_txt_and_of_a_file_is_the_operators_too() -> None:
    reached: list[str] = []

    def leaving(path: str, headers: Mapping[str, str]) -> Answer | None:
        reached.append(path)
        return 302, {"location": f"http://{OTHER}/robots.txt"}, b""

    with answering(leaving) as port:
        client, _ = client_of(port)
        for get in (client.get_page, lambda address: client.get_file(address, {}, io.BytesIO())):
            with pytest.raises(SourceFailed, match="hosts"):
                get(HERE)
        assert set(reached) == {f"{HOST}/robots.txt"}


MACHINES = {
    "none": [],
    "private": ["10.0.0.5"],
    "private too": ["172.16.3.4"],
    "private as well": ["192.168.1.1"],
    "loopback": ["127.0.0.1"],
    "this network": ["0.0.0.0"],
    "link-local": ["169.254.169.254"],
    "carrier-grade": ["100.64.0.1"],
    "multicast": ["224.0.0.1"],
    "broadcast": ["255.255.255.255"],
    "IPv6 loopback": ["::1"],
    "IPv6 link-local": ["fe80::1%eth0"],
    "unique-local": ["fd12::1"],
    "site-local": ["fec0::1"],
    "mapped": ["::ffff:10.0.0.5"],
    "mapped public": [f"::ffff:{PUBLIC}"],
    "compatible": ["::10.0.0.5"],
    "NAT64": ["64:ff9b::a00:5"],
    "6to4": ["2002:a00:5::1"],
    "Teredo": ["2001::a00:5"],
    "one of two": [PUBLIC, "10.0.0.5"],
    "one of three": [PUBLIC, "2606:4700::1111", "::1"],
    "no address": ["metadata"],
}


@pytest.mark.parametrize("addresses", MACHINES.values(), ids=MACHINES)
def test_a_name_that_leads_inside_is_not_connected(addresses: list[str]) -> None:
    with answering(nothing) as port:
        client, network = client_of(port, addresses)
        with pytest.raises(SourceFailed) as failure:
            client.get_page(HERE, "json")
        assert str(failure.value) == say("sources.not_public", host=HOST)
        assert network.connected == []


def test_public_addresses_are_public() -> None:
    assert is_public(PUBLIC) and is_public("2606:4700::1111")


def test_a_name_that_is_resolved_anew_to_the_inside_is_refused_at_the_next_socket() -> None:
    def closing(path: str, headers: Mapping[str, str]) -> Answer:
        network.names[HOST] = ["10.0.0.5"]
        return 200, {"connection": "close", "content-type": "application/json"}, b"{}"

    with answering(closing) as port:
        client, network = client_of(port)
        with pytest.raises(SourceFailed, match="nicht öffentlich"):
            for _ in range(3):
                client.get_page(HERE, "json")
        assert set(network.connected) == {PUBLIC}


JSON_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def endless_body() -> Iterator[bytes]:
    yield JSON_HEAD + b"\r\n"
    yield from itertools.repeat(b"[" * 10_000)


def endless_head() -> Iterator[bytes]:
    yield JSON_HEAD
    yield from (b"x-%d: %s\r\n" % (number, b"a" * 500) for number in itertools.count())


def endless_news() -> Iterator[bytes]:
    yield from itertools.repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 200)


def dripping() -> Iterator[bytes]:
    yield JSON_HEAD + b"\r\n"
    for _ in range(100):
        time.sleep(0.1)
        yield b" "


RAW = {
    "a body without end": endless_body,
    "a head without end": endless_head,
    "early hints without end": endless_news,
    "a byte now and then": dripping,
    "more than is announced": lambda: iter([JSON_HEAD + b"content-length: 900000000\r\n\r\n" + b"[" * 90_000]),
    "less than is announced": lambda: iter([JSON_HEAD + b"content-length: 900\r\n\r\n[]"]),
    "compressed": lambda: iter([JSON_HEAD + b"content-encoding: gzip\r\ncontent-length: 3\r\n\r\n\x1f\x8b\x08"]),
    "a web page with 200": lambda: iter([b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi"]),
    "a PDF in its place": lambda: iter([b"HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\ncontent-length: 2\r\n\r\nhi"]),
    "no HTTP": lambda: iter([b"SSH-2.0-OpenSSH_9.6\r\n"]),
    "nothing": lambda: iter([]),
    "two lengths": lambda: iter([JSON_HEAD + b"content-length: 2\r\ncontent-length: 5\r\n\r\n[]"]),
    "a wrong chunk": lambda: iter([JSON_HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n[]\r\n"]),
    "no status": lambda: iter([b"HTTP/1.1 999999 X\r\n\r\n"]),
}  # fmt: skip


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
def test_a_reply_has_limits(raw: object) -> None:
    with sending(raw) as port:  # type: ignore[arg-type]
        client, network = client_of(port)
        with pytest.raises(SourceFailed):
            client.get_page(HERE, "json")
        client.close()
        assert set(network.connected) == {PUBLIC}


STATUSES = {
    "redirects without end": (302, {"location": "/liste"}, b""),
    "a redirect to nowhere": (302, {}, b""),
    "busy for ever": (429, {"retry-after": "99999"}, b""),
    "away for ever": (503, {"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, b""),
    "away for longer": (503, {"retry-after": "Fri, 31 Dec 9999 23:59:59 -0000"}, b""),
    "away beyond any zone": (503, {"retry-after": "Fri, 1 Jan 2027 00:00:00 +99999999999"}, b""),
    "a redirect to no address": (302, {"location": "http://["}, b""),
    "an error": (500, {}, b"[]"),
    "nobody": (401, {}, b"[]"),
}


@pytest.mark.parametrize("answer", STATUSES.values(), ids=STATUSES)
def test_other_replies_end_within_few_requests(answer: Answer) -> None:
    asked: list[str] = []

    def same(path: str, headers: Mapping[str, str]) -> Answer | None:
        asked.append(path)
        return None if path.endswith("/robots.txt") else answer

    with answering(same) as port:
        client, network = client_of(port)
        with pytest.raises(SourceFailed):
            client.get_page(HERE, "json")
        assert len(asked) <= 7
        assert max(network.waits) <= 60


RULES = {
    "forbidden": (200, b"User-agent: *\nDisallow: /liste", False),
    "forbidden to us": (200, b"User-agent: strategielotse\nDisallow: /", False),
    "elsewhere": (200, b"User-agent: *\nDisallow: /anders", True),
    "cannot be known": (500, b"", False),
    "there is none": (404, b"", True),
    "not for us": (403, b"", True),
    "asked too often": (429, b"", False),
    "away for now": (503, b"", False),
}


@pytest.mark.parametrize(("status", "rules", "allowed"), RULES.values(), ids=RULES)
def test_robots_txt_is_obeyed_and_one_that_cannot_be_read_forbids_all(
    status: int, rules: bytes, allowed: bool
) -> None:
    asked: list[str] = []

    def ruling(path: str, headers: Mapping[str, str]) -> Answer:
        asked.append(path)
        return (status, {}, rules) if path.endswith("/robots.txt") else (200, {}, b"{}")

    with answering(ruling) as port:
        client, _ = client_of(port)
        if allowed:
            assert client.get_page(HERE).content == b"{}"
            return
        with pytest.raises(SourceFailed):
            client.get_page(HERE)
        assert set(asked) == {f"{HOST}/robots.txt"}


@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_robots_txt_that_cannot_be_read_is_asked_once_in_a_run(status: int) -> None:
    asked: list[str] = []

    def failing(path: str, headers: Mapping[str, str]) -> Answer:
        asked.append(path)
        return status, {"location": f"http://{OTHER}/", "retry-after": "86400"}, b""

    with answering(failing) as port:
        client, _ = client_of(port)
        told = set[str]()
        for number in range(5):
            with pytest.raises(SourceFailed) as failure:
                client.get_file(f"{HERE}/{number}.pdf", {}, io.BytesIO())
            told.add(str(failure.value))
        assert asked == [f"{HOST}/robots.txt"]
        assert len(told) == 1
        again, _ = client_of(port)
        with pytest.raises(SourceFailed):
            again.get_page(HERE)
        assert len(asked) == 2, "the next run asks again"


def test_requests_are_paced_counted_and_say_whose_they_are() -> None:
    agents = set[str | None]()

    def noting(path: str, headers: Mapping[str, str]) -> Answer | None:
        agents.add(headers.get("user-agent"))
        return None

    with answering(noting) as port:
        client, network = client_of(port)
        with pytest.raises(SourceFailed, match="40 Anfragen"):
            for _ in range(100):
                client.get_page(HERE)
        assert agents == {"strategielotse/1.0 (+mailto:amt@kreis.example)"}
        assert len(network.waits) == 39
        assert min(network.waits) > 0.5
