"""Hostile sources: nothing but the operator's hosts at public addresses is asked, and each reply has
limits.
"""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from prompts import say
from service.followed_sources import SourceClient, SourceReport
from service.followed_sources.addresses import is_public
from service.followed_sources.replies import SourceFailed
from tests.followed_sources.changes import each_paper, endless, exchanged, headed, reply_of
from tests.followed_sources.council import (
    BASE,
    GZIP,
    HOST,
    HTML,
    JSON,
    PDF,
    XML,
    Council,
    of_json,
    oparl,
    web,
)
from tests.followed_sources.runs import CONTACT, LIMITS, Runs
from tests.followed_sources.server import (
    PUBLIC,
    Change,
    FakeNetwork,
    Reply,
    Wrong,
    moved,
)
from tests.ingest.cases import cases, values

OTHER = "anderswo.example"
HERE = f"http://{HOST}/liste"


def client_of(network: FakeNetwork) -> closing[SourceClient]:
    return closing(SourceClient((HOST,), CONTACT, network, LIMITS))


@contextmanager
def asking(
    wrong: Wrong, names: dict[str, list[str]] | None = None
) -> Iterator[tuple[SourceClient, FakeNetwork]]:
    """Yield a client of a host that serves nothing but what is wrong."""
    with FakeNetwork(lambda _: None, wrong, names) as network, client_of(network) as client:
        yield client, network


def hosts_of(asked: list[str]) -> set[str]:
    return {address.partition("/")[0] for address in asked}


@cases("address")
def test_an_address_elsewhere_is_neither_resolved_nor_followed(address: str) -> None:
    address = address.replace("LONG", "a" * 3000)
    with asking({}) as (client, network):
        with pytest.raises(SourceFailed):
            client.get_page(address, "json")
        assert (network.resolved, network.connected) == ([], [])
    where = address.replace("\r\n", "").replace("\0", "").encode().decode("latin-1")
    with asking({"/liste": moved(where)}) as (client, network):
        with suppress(SourceFailed):
            client.get_page(HERE, "json")
        assert hosts_of(network.asked) == {HOST}
        assert set(network.resolved) == {HOST}


@cases("addresses")
def test_a_name_that_leads_inside_is_not_connected(addresses: tuple[str, ...]) -> None:
    with asking({}, {HOST: list(addresses)}) as (client, network):
        with pytest.raises(SourceFailed) as failure:
            client.get_page(HERE, "json")
        assert str(failure.value) == say("sources.not_public", host=HOST)
        assert network.connected == []


def test_public_addresses_are_public() -> None:
    assert is_public(PUBLIC) and is_public("2606:4700::1111")


def test_a_name_that_is_resolved_anew_to_the_inside_is_refused_at_the_next_socket() -> None:
    with asking({"/liste": Reply(200, {**JSON, "connection": "close"}, b"{}")}) as (
        client,
        network,
    ):
        client.get_page(HERE, "json")
        network.names[HOST] = ["10.0.0.5"]
        with pytest.raises(SourceFailed, match="nicht öffentlich"):
            client.get_page(HERE, "json")
        assert set(network.connected) == {PUBLIC}


STATUSES: dict[str, Reply | Change] = {
    "redirects to new addresses": lambda usual: moved(f"/liste?{uuid4().hex}"),
    **{name: reply_of(told) for name, told in values(__file__, "statuses").items()},
}


@pytest.mark.parametrize("reply", STATUSES.values(), ids=STATUSES)
def test_other_replies_end_within_few_requests(reply: Reply | Change) -> None:
    with asking({"/liste*": reply}) as (client, network):
        with pytest.raises(SourceFailed):
            client.get_page(HERE, "json")
        assert len(network.asked) <= 6
        assert max(network.waits) <= 60


# what a busy host says, and how many seconds the client waits
WAITS = {"seconds": ("3", 3), "a date": ("", 30), "no word": ("", 10), "no date": ("bald", 10)}


@pytest.mark.parametrize("name", WAITS)
def test_a_busy_host_is_asked_again_when_it_says(name: str) -> None:
    asked, seconds = WAITS[name]
    if name == "a date":
        later = datetime.now(UTC) + timedelta(seconds=seconds)
        asked = format_datetime(later, usegmt=True)
    with asking({"/liste": [Reply(429, {"retry-after": asked})]}) as (client, network):
        assert client.get_page(HERE).status == 404
        assert seconds * 0.5 < max(network.waits) <= seconds


CONTENT = Reply(body=b"{}")


@cases("robots")
def test_what_robots_txt_allows_is_asked_for(robots: dict[str, Any]) -> None:
    with asking({"/robots.txt": reply_of(robots), "/liste": CONTENT}) as (client, _):
        assert client.get_page(HERE).content == b"{}"


@cases("robots")
def test_robots_txt_is_obeyed_and_one_that_cannot_be_read_forbids_all(
    robots: dict[str, Any],
) -> None:
    with asking({"/robots.txt": reply_of(robots), "/liste": CONTENT}) as (client, network):
        with pytest.raises(SourceFailed):
            client.get_page(HERE)
        assert (network.asked, hosts_of(network.robots)) == ([], {HOST})


@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_robots_txt_that_cannot_be_read_is_asked_once_in_a_run(status: int) -> None:
    failing = Reply(status, {"location": f"http://{OTHER}/", "retry-after": "86400"})
    with asking({"/robots.txt": failing}) as (client, network):
        told = set[str]()
        for number in range(5):
            with pytest.raises(SourceFailed) as failure:
                client.get_file(f"{HERE}/{number}.pdf", {}, io.BytesIO())
            told.add(str(failure.value))
        assert (network.robots, network.asked) == ([f"{HOST}/robots.txt"], [])
        assert len(told) == 1
        with client_of(network) as again, pytest.raises(SourceFailed):
            again.get_page(HERE)
        assert len(network.robots) == 2, "the next run asks again"


def test_requests_are_paced_counted_and_say_whose_they_are() -> None:
    with asking({}) as (client, network):
        with pytest.raises(SourceFailed, match="60 Anfragen"):
            for _ in range(100):
                client.get_page(HERE)
        assert network.agents == {f"strategielotse/1.0 (+{CONTACT})"}
        assert len(network.waits) == 59
        assert min(network.waits) > 0.5


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def once(content: bytes) -> Reply:
    return Reply(is_raw=True, body=content)


def dripping(start: bytes) -> Reply:
    """Return a reply that goes on slowly, byte by byte."""

    def body() -> Iterable[bytes]:
        yield start
        for _ in range(100):
            time.sleep(0.1)
            yield b" "

    return Reply(is_raw=True, body=body)


def entities(declared: str, used: str) -> Reply:
    """Return a sitemap whose entities unfold."""
    body = f"<!DOCTYPE urlset [{declared}]><urlset><url><loc>{used}</loc></url></urlset>"
    return Reply(200, XML, body.encode())


def laughs() -> Reply:
    """Return a sitemap whose entities unfold to a billion words."""
    declared = ['<!ENTITY a0 "strategie">']
    for level in range(9):
        declared.append(f'<!ENTITY a{level + 1} "{f"&a{level};" * 10}">')
    return entities("".join(declared), "&a9;")


def linking(*addresses: str) -> Reply:
    """Return a page with links."""
    links = [f'<a href="{address}">Strategie</a>' for address in addresses]
    return Reply(200, HTML, "".join(links).encode())


def listing(*addresses: str) -> Reply:
    """Return a list of papers with a file each."""
    papers = []
    for address in addresses:
        papers.append({"id": address, "mainFile": {"id": address, "downloadUrl": address}})
    return of_json({"data": papers})


SOURCES = {
    "oparl": oparl(address=f"{BASE}/papers"),
    "page": web("page", "/strategien.html"),
    "sitemap": web("sitemap", "/sitemap.xml"),
    "feed": web("feed", "/rss.xml"),
}
GOOD = f"http://{HOST}/dokumente/1/Vorlage-1-0.pdf"
PACKED = gzip.compress(b" " * 6_000_000)
DEEP = b"<a>" * 100_000 + b"</a>" * 100_000
# kinds of lists of which no file is taken, with what is served in their place
LISTS: dict[str, dict[str, Reply | Change]] = {
    "oparl": {
        "a byte now and then": dripping(HEAD + b"\r\n" + listing(GOOD).content()),
        "packed": Reply(200, {**JSON, "content-encoding": "gzip"}, PACKED),
        "deep JSON": Reply(200, JSON, b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        "a number of a million digits": Reply(200, JSON, b'{"a": 1%s}' % (b"0" * 1_000_000)),
        "new pages without end": lambda usual: of_json(
            {"data": [], "links": {"next": f"{BASE}/papers?{uuid4().hex}"}}
        ),
    },
    "page": {
        "a byte of the head now and then": dripping(HEAD + b"x-a: "),
        "packed twice": Reply(200, {**HTML, "content-encoding": "gzip, gzip"}, PACKED),
        "deep HTML": Reply(200, HTML, DEEP),
    },
    "sitemap": {
        "a packed sitemap": Reply(200, GZIP, PACKED),
        "entities": laughs(),
        "a wide entity": entities(f'<!ENTITY a "{"x" * 100_000}">', "&a;" * 20_000),
        "deep XML": Reply(200, XML, DEEP),
    },
    "feed": {"entities in a feed": laughs()},
}
ROWS = []
for kind, replies in LISTS.items():
    further = {name: reply_of(told) for name, told in values(__file__, "lists")[kind].items()}
    for name, reply in {**replies, **further}.items():
        ROWS.append(pytest.param(kind, reply, id=f"{kind}: {name}"))


def harmless(kind: str, wrong: Wrong, folder: Path) -> tuple[Runs, SourceReport]:
    """Follow a hostile source once."""
    runs = Runs(SOURCES[kind], Council.recorded(), folder, wrong)
    report = runs.fetch(0)
    assert hosts_of(runs.network.asked) <= {HOST}
    assert set(runs.network.connected) == {PUBLIC}
    assert all(text.isprintable() for text in (*report.problems, *report.new))
    return runs, report


@pytest.mark.parametrize(("kind", "reply"), ROWS)
def test_a_hostile_list_is_told_and_nothing_is_taken(
    kind: str, reply: Reply | Change, tmp_path: Path
) -> None:
    pattern = SOURCES[kind].address.removeprefix(f"http://{HOST}") + "*"
    _, report = harmless(kind, {pattern: reply}, tmp_path)
    assert report.new == []
    assert report.problems


FILES = "*download=true"
FIRST_FILE = "/dokumente/1/*"
PDF_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\n"
MANY = [f"http://{HOST}/dateien/{number}.pdf" for number in range(20_001)]
ANY_FILE = {"/dateien/*": Reply(200, PDF, b"%PDF-1.7")}


def named(name: str) -> Wrong:
    return each_paper(lambda paper: paper.update(name=name))


# what is hostile beside the list or in part of it, and how many files are taken
PARTS: dict[str, tuple[str, Wrong, int]] = {
    "a file without end": (
        "oparl",
        {FIRST_FILE: Reply(200, PDF, endless(b"%PDF-", b" " * 10_000))},
        8,
    ),
    "a packed file": ("oparl", {FIRST_FILE: headed({**PDF, "content-encoding": "gzip"})}, 8),
    "a packed Word file": (
        "page",
        {"*.docx": Reply(200, {"content-type": "application/zip"}, b"PK\x03\x04")},
        3,
    ),
    "a file that is longer than is announced": (
        "oparl",
        {FIRST_FILE: headed({**PDF, "content-length": "12"})},
        9,
    ),
    "a negative length": (
        "oparl",
        {FIRST_FILE: once(PDF_HEAD + b"content-length: -1\r\n\r\n%PDF-")},
        8,
    ),
    "a chunk of 4 GB": (
        "oparl",
        {FIRST_FILE: once(PDF_HEAD + b"transfer-encoding: chunked\r\n\r\nffffffff\r\n%PDF-")},
        8,
    ),
    "a file with another name": (
        "oparl",
        {
            FILES: headed(
                {**PDF, "content-disposition": 'attachment; filename="../../tmp/strategie.pdf"'}
            )
        },
        9,
    ),
    "an address that climbs out": (
        "oparl",
        {
            "/oparl/papers*": exchanged("/dokumente/1/", "/dokumente/..%2f..%2ftmp%2f"),
            "*tmp%2f*": Reply(200, PDF, b"%PDF-1.7"),
        },
        9,
    ),
    "many links": ("page", {"/strategien.html": linking(*MANY), **ANY_FILE}, 20),
    "many papers": ("oparl", {"/oparl/papers": listing(*MANY[:9000]), **ANY_FILE}, 20),
    "half a surrogate": ("oparl", named("Strategie \ud800"), 9),
    "a zero byte": ("oparl", named("Strategie \0"), 9),
    "codes for terminals": ("oparl", named("Strategie \x1b[2J\x1b]0;x\x07\r\nX-A: b"), 9),
    "a title turned round": ("oparl", named("Strategie \u202efdp"), 9),
    "a title without end": ("oparl", named("Strategie " * 50_000), 9),
    "a script": ("oparl", named("Strategie <script>alert(1)</script>"), 9),
    "a formula": ("oparl", named('=HYPERLINK("http://fremd.example";"Strategie")'), 9),
}


@pytest.mark.parametrize(("kind", "wrong", "taken"), PARTS.values(), ids=PARTS)
def test_what_is_hostile_costs_only_itself(
    kind: str, wrong: Wrong, taken: int, tmp_path: Path
) -> None:
    runs, report = harmless(kind, wrong, tmp_path)
    assert len(report.new) == taken
    assert all(len(title) <= 200 for title in report.new)
    for file in runs.files.all():
        assert file.file in ("", f"{file.provenance.digest}{Path(file.file).suffix}")
