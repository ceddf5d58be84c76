"""Hostile sources as a table, and the server that plays one of them.

    with Stranger() as victim, HostileServer("redirect_loopback", stranger=victim.base) as server:
        server.source()              # name, kind, address and hosts, as sources.toml has them
        server.case.dns              # what names resolve to, one entry for each time of asking
        server.sent, victim.log      # at most 64 MB; nothing

`source(trusting=True)` names the redirect's target among the hosts as well: then nothing but the
check of the address refuses it. Everything but the hostile part is well-behaved: robots.txt allows
all, /liste is a good source of its kind, /datei/strategie.pdf a good PDF.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from tests.followed_sources.blind import hostile_bodies as bodies
from tests.followed_sources.blind.hostile_bodies import HTML, JSON, PDF, XML
from tests.followed_sources.blind.hostile_cases import (
    AT_MOST_GOOD,
    SOME,
    HostileCase,
    address_cases,
    content_cases,
    redirect_cases,
)
from tests.followed_sources.blind.listening import (
    MOST_BYTES,
    MOST_SECONDS,
    Listener,
    Reply,
    Request,
)


def _large() -> Iterator[HostileCase]:
    gigabyte = "a gigabyte of blanks in gzip"
    laughs = "entities that unfold to a billion words"
    deep = "<a>" * 100_000 + "</a>" * 100_000
    list_start = b'{"data": [], "links": {}, "x": "'
    yield HostileCase(
        "endless_list", "oparl", "JSON without an end", make=bodies.endless(JSON, list_start)
    )
    yield HostileCase(
        "endless_page", "page", "a page without an end", make=bodies.endless(HTML, b"<p>", b"a ")
    )
    yield HostileCase(
        "endless_file",
        "oparl",
        "a PDF without an end",
        AT_MOST_GOOD,
        make=bodies.endless(PDF, b"%PDF-1.7\n"),
        at="/datei/",
    )
    yield HostileCase(
        "endless_robots",
        "page",
        "robots.txt without an end",
        AT_MOST_GOOD,
        bodies.endless({"Content-Type": "text/plain"}, b"User-agent: *\n", b"Disallow: /x\n"),
        "/robots.txt",
    )
    yield HostileCase("gzip_list", "oparl", gigabyte, make=bodies.packed_bomb(JSON, list_start))
    yield HostileCase(
        "gzip_twice",
        "page",
        f"{gigabyte}, packed twice",
        make=bodies.packed_bomb(HTML, b"<p>", twice=True),
    )
    yield HostileCase(
        "gzip_file",
        "oparl",
        f"the PDF is {gigabyte}",
        make=bodies.packed_bomb(PDF, b"%PDF-1.7\n"),
        at="/datei/",
    )
    yield HostileCase(
        "gzip_sitemap",
        "sitemap",
        f"sitemap.xml.gz is {gigabyte}",
        make=lambda server, request: Reply(
            200, {"Content-Type": "application/gzip"}, bodies.gzip_bomb(b"<urlset>", b" ", 1024)
        ),
        address="{base}/liste/sitemap.xml.gz",
    )
    yield HostileCase(
        "docx_bomb",
        "page",
        "a Word file that unpacks to 200 MB",
        AT_MOST_GOOD,
        lambda server, request: Reply(200, {"Content-Type": "application/zip"}, bodies.docx_bomb()),
        "/datei/",
    )
    yield HostileCase("xml_entities", "sitemap", laughs, make=bodies.text(bodies.entities(), XML))
    yield HostileCase("feed_entities", "feed", laughs, make=bodies.text(bodies.entities(), XML))
    yield HostileCase(
        "xml_wide_entity",
        "sitemap",
        "an entity of 100 KB, 20,000 times",
        make=bodies.text(bodies.wide_entity(), XML),
    )
    yield HostileCase(
        "xml_external",
        "sitemap",
        "entities and a DTD from /etc/passwd and another host",
        make=bodies.external_entity,
    )
    yield HostileCase(
        "xml_deep", "sitemap", "100,000 elements in each other", make=bodies.text(deep, XML)
    )
    yield HostileCase(
        "html_deep", "page", "100,000 elements in each other", make=bodies.text(deep, HTML)
    )
    yield HostileCase(
        "many_links", "page", "100,000 links to files", SOME, bodies.many_files("page", 100_000)
    )
    yield HostileCase(
        "many_addresses",
        "sitemap",
        "100,000 files in a sitemap",
        SOME,
        bodies.many_files("sitemap", 100_000),
    )
    yield HostileCase(
        "many_papers", "oparl", "10,000 papers on a page", SOME, bodies.many_files("oparl", 10_000)
    )
    yield HostileCase(
        "endless_pages", "oparl", "10,000 pages without papers", make=bodies.endless_pages
    )
    yield HostileCase(
        "endless_indexes",
        "sitemap",
        "each index of sitemaps names two new ones",
        make=bodies.endless_indexes,
    )


def _slow_and_lying() -> Iterator[HostileCase]:
    good = bodies.good_file()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n"
    longer, shorter = str(len(good) + 5000).encode(), str(len(good) - 500).encode()
    yield HostileCase(
        "header_flood",
        "page",
        "100,000 headers",
        make=bodies.raw(head, repeat=b"X-A: b\r\n" * 1000, times=100),
    )
    yield HostileCase(
        "header_endless",
        "page",
        "a header of 32 MB",
        make=bodies.raw(head + b"X-A: ", repeat=b"a" * 2**20, times=32),
    )
    yield HostileCase(
        "continue_flood",
        "page",
        "interim answers (100) without an end",
        make=bodies.raw(repeat=b"HTTP/1.1 100 Continue\r\n\r\n" * 500, times=2000),
    )
    yield HostileCase(
        "slow_body",
        "page",
        "a byte every 0.2 seconds",
        make=bodies.drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a"),
    )
    yield HostileCase(
        "slow_head",
        "page",
        "a header's byte every 0.2 seconds",
        make=bodies.drip(b"HTTP/1.1 200 OK\r\nX-A: ", b"a"),
    )
    yield HostileCase(
        "silent", "page", "takes the request and says nothing", make=bodies.drip(b"", b"")
    )
    yield HostileCase(
        "no_http", "page", "speaks no HTTP", make=bodies.raw(b"220 post.auental.example ESMTP\r\n")
    )
    yield HostileCase(
        "length_long",
        "oparl",
        "the file is shorter than its Content-Length",
        make=bodies.raw(head, b"Content-Length: " + longer + b"\r\n\r\n", good),
        at="/datei/",
    )
    yield HostileCase(
        "length_short",
        "oparl",
        "the file is longer than its Content-Length",
        AT_MOST_GOOD,
        bodies.raw(head, b"Content-Length: " + shorter + b"\r\n\r\n", good),
        "/datei/",
    )
    yield HostileCase(
        "length_negative",
        "oparl",
        "Content-Length is -1",
        AT_MOST_GOOD,
        bodies.raw(head, b"Content-Length: -1\r\n\r\n", good),
        "/datei/",
    )
    yield HostileCase(
        "length_twice",
        "oparl",
        "two Content-Lengths that differ",
        AT_MOST_GOOD,
        bodies.raw(head, b"Content-Length: 10\r\nContent-Length: " + shorter + b"\r\n\r\n", good),
        "/datei/",
    )
    yield HostileCase(
        "chunk_lie",
        "oparl",
        "a chunk says that it has 4 GB",
        make=bodies.raw(head, b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n", good),
        at="/datei/",
    )
    yield HostileCase(
        "not_a_pdf",
        "oparl",
        "the file is a program with the name of a PDF",
        AT_MOST_GOOD,
        bodies.text(b"MZ\x90\x00" + b"\x00" * 4096, PDF),
        "/datei/",
    )


def _table(groups: Iterable[Iterator[HostileCase]]) -> dict[str, HostileCase]:
    found = {}
    for group in groups:
        found.update({case.name: case for case in group})
    return found


CASES = _table((redirect_cases(), address_cases(), _large(), _slow_and_lying(), content_cases()))


class HostileServer(Listener):
    """A server that plays one case, within 64 MB and five seconds of sending in all."""

    def __init__(
        self,
        name: str,
        host: str = "127.0.0.1",
        base: str = "",
        stranger: str = "http://127.0.0.1:9",
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        super().__init__(host, base, stranger=stranger)
        self.case = CASES[name]
        self.most_seconds = most_seconds
        self.sent = 0
        self.seconds = 0.0

    def source(self, trusting: bool = False) -> dict[str, Any]:
        """Return the source as an operator configures it."""
        address = self.case.address.format(base=self.base)
        netloc = address.partition("://")[2].partition("/")[0].rpartition("@")[2]
        netloc = netloc or "ratsinfo.auental.example"
        hosts = [netloc, *(self.case.also if trusting else ())]
        if trusting and "127.0.0.1" in self.case.also:
            hosts.append(self.stranger.partition("://")[2])
        return {
            "name": self.case.name,
            "kind": self.case.kind,
            "address": address,
            "hosts": hosts,
        }

    def classify(self, request: Request) -> str:
        """Return robots, file, list or other."""
        if request.path.startswith("/datei/"):
            return "file"
        return "list" if request.path.startswith("/liste") else super().classify(request)

    def reply(self, request: Request) -> Reply:
        """Return what the case says, else what is harmless."""
        if self.case.make is not None and request.path.startswith(self.case.at):
            reply = self.case.make(self, request)
            chunks = [reply.body] if isinstance(reply.body, bytes) else reply.body
            if isinstance(reply.body, bytes) and self.sent + len(reply.body) <= MOST_BYTES:
                self.sent += len(reply.body)
                return reply
            return replace(reply, body=self._bound(chunks))
        kind = self.classify(request)
        if kind == "robots":
            return Reply(200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow:\n")
        if kind == "file":
            return Reply(200, dict(PDF), bodies.good_file())
        if kind == "list":
            return bodies.good_list(self, self.case.kind, f"{self.base}{self._good_path()}")
        return Reply(404, {"Content-Type": "text/plain"}, b"")

    def _good_path(self) -> str:
        return "/datei/strategie.docx" if self.case.name == "docx_bomb" else "/datei/strategie.pdf"

    def _bound(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        started, before = time.monotonic(), self.seconds
        for chunk in chunks:
            self.seconds = before + time.monotonic() - started
            if self.sent >= MOST_BYTES or self.seconds > self.most_seconds:
                return
            self.sent += len(chunk)
            yield chunk
