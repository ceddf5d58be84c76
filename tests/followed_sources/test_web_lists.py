"""Sitemaps of three shapes, pages and feeds: files alone, links one level deep."""

from __future__ import annotations

import gzip
import threading
import time

import pytest

from followed_sources import SourceClient
from followed_sources.client import ClientLimits
from followed_sources.listing import SourceListing
from followed_sources.readers.lists import read_listing
from tests.followed_sources.council import WEB, Council, following, web

XML, TEXT, HTML = (
    {"content-type": media} for media in ("application/xml", "text/plain", "text/html")
)
FILES = [f"http://{WEB}/dokumente/{name}.pdf" for name in ("Klima", "Verkehr")]
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
URLSET = f"""<?xml version="1.0"?><urlset {NAMESPACE}>
<url><loc>{FILES[0]}</loc><lastmod>2026-03-01T10:00:00+01:00</lastmod></url>
<url><loc> {FILES[1]} </loc></url><url><loc>http://{WEB}/kontakt</loc></url></urlset>""".encode()
INDEX = f"""<sitemapindex {NAMESPACE}><sitemap><loc>http://{WEB}/eins.xml</loc></sitemap>
<sitemap><loc>http://{WEB}/zwei.xml</loc></sitemap></sitemapindex>""".encode()
PAGE = b"""<html><head><base href="/dokumente/"></head><body><nav><a href="/start">Start</a></nav>
<a href="Klima.pdf#seite=3">Klima\nkonzept</a> <a href="Klima.pdf">noch einmal</a>
<a href="Verkehr.pdf"><b>Verkehr</b></a> <a href="mailto:x@y.de">Mail</a> <a href="http://[x">kaputt</a></body></html>"""
LIMITS = ClientLimits(page_bytes=50_000, parse_seconds=4.0)


def listed(council: Council, kind: str, path: str, **more: object) -> SourceListing:
    source = web(kind, path, **more)
    with following(council) as network:
        client = SourceClient(source.hosts, "mailto:a@b.example", network, LIMITS)
        return read_listing(source, client)


SHAPES = {
    "a set": {"/sitemap.xml": (XML, URLSET)},
    "an index": {
        "/sitemap.xml": (XML, INDEX),
        "/eins.xml": (XML, URLSET.replace(b"Verkehr.pdf", b"")),
        "/zwei.xml": (XML, URLSET),
    },
    "text": {"/sitemap.xml": (TEXT, "\n".join([*FILES, f"http://{WEB}/kontakt"]).encode())},
}


@pytest.mark.parametrize("pages", SHAPES.values(), ids=SHAPES)
def test_a_sitemap_of_each_shape_lists_files_alone(
    pages: dict[str, tuple[dict[str, str], bytes]],
) -> None:
    council = Council(pages=dict(pages))
    listing = listed(council, "sitemap", "/sitemap.xml")
    assert list(listing.files) == FILES
    assert listing.is_whole
    assert not [path for path in council.asked if "dokumente" in path or "kontakt" in path]


def test_the_date_of_a_sitemap_is_the_mark_of_a_file() -> None:
    files = listed(Council(pages={"/s.xml": (XML, URLSET)}), "sitemap", "/s.xml").files
    assert [file.mark for file in files.values()] == ["2026-03-01T10:00:00+01:00", ""]
    assert [str(file.day) for file in files.values()] == ["2026-03-01", "None"]


def test_a_page_gives_its_files_once_by_the_text_of_their_links() -> None:
    files = listed(Council(pages={"/seite": (HTML, PAGE)}), "page", "/seite").files
    assert {file.address: file.title for file in files.values()} == {
        FILES[0]: "Klima konzept", FILES[1]: "Verkehr",
    }  # fmt: skip


RSS = f"""<rss version="2.0"><channel><title>Neues</title><item><title>Klima</title><link>/neues/1</link>
<enclosure url="{FILES[0]}" type="application/pdf" length="1"/><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>
</channel></rss>""".encode()
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Verkehr</title><link href="{FILES[1]}"/>
<updated>2026-03-01T10:00:00Z</updated></entry></feed>""".encode()


@pytest.mark.parametrize(("content", "file"), [(RSS, FILES[0]), (ATOM, FILES[1])])
def test_a_feed_has_the_newest_alone_and_is_never_whole(content: bytes, file: str) -> None:
    listing = listed(Council(pages={"/feed": (XML, content)}), "feed", "/feed")
    assert list(listing.files) == [file]
    assert listing.files[file].mark
    assert not listing.is_whole


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]><urlset><url><loc>&c;&d;.pdf</loc></url></urlset>"""
GZIP = {"content-type": "application/gzip"}
HOSTILE = {
    "no XML": ("sitemap", XML, b"<urlset"),
    "a page": ("sitemap", XML, b"<html><body/></html>"),
    "a packed bomb": ("sitemap", GZIP, gzip.compress(b" " * 6_000_000)),
    "no gzip": ("sitemap", XML, b"\x1f\x8bxxxx"),
    "a feed that is none": ("feed", XML, b"file:///etc/passwd"),
    "a feed that is an address": ("feed", XML, b"http://127.0.0.1/feed"),
    "a page that is a file": ("page", {"content-type": "application/pdf"}, b"%PDF"),
}


@pytest.mark.parametrize(("kind", "fields", "content"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_list_is_a_failure(kind: str, fields: dict[str, str], content: bytes) -> None:
    council = Council(pages={"/liste": (fields, content)})
    listing = listed(council, kind, "/liste")
    assert (listing.files, len(listing.problems), listing.is_whole) == ({}, 1, False)
    assert council.asked == [f"{WEB}/liste"]


def test_entities_of_a_sitemap_are_not_resolved() -> None:
    listing = listed(Council(pages={"/liste": (XML, ENTITIES)}), "sitemap", "/liste")
    assert not [key for key in listing.files if "aaaa" in key or "root" in key]


def test_deep_pages_and_large_ones_are_bounded() -> None:
    deep = b"<div>" * 9_000 + b"<a href='/dokumente/Klima.pdf'>x</a>"
    (problem,) = listed(Council(pages={"/p": (HTML, deep)}), "page", "/p").problems
    assert "nennt keine einzige Datei" in problem
    (problem,) = listed(Council(pages={"/p": (HTML, b" " * 60_000)}), "page", "/p").problems
    assert "mehr, als gelesen wird" in problem


BROKEN = f"""<rss version="2.0"><channel><title>Neues</title>
<item><title>Kaputt</title><link>http://[</link><enclosure url="http://[::x/a.pdf" length="1"/></item>
<item><title>Klima</title><enclosure url="{FILES[0]}" length="1"/></item></channel></rss>""".encode()
BROKEN_SET = URLSET.replace(b"<url>", b"<url><loc>http://[/a.pdf</loc></url><url>", 1)
ENTRIES = {
    "a feed": ("feed", XML, BROKEN, FILES[:1]),
    "a sitemap": ("sitemap", XML, BROKEN_SET, FILES),
    "a text": ("sitemap", TEXT, f"http://[x.pdf {FILES[0]}".encode(), FILES[:1]),
    "a page": ("page", HTML, PAGE, FILES),
}


@pytest.mark.parametrize(("kind", "fields", "content", "files"), ENTRIES.values(), ids=ENTRIES)
def test_a_link_that_is_no_address_costs_only_itself(
    kind: str, fields: dict[str, str], content: bytes, files: list[str]
) -> None:
    listing = listed(Council(pages={"/liste": (fields, content)}), kind, "/liste")
    assert list(listing.files) == files


def test_a_feed_of_blank_lines_does_not_stop_the_program() -> None:
    feed = b"\n" * 49_000 + b'<rss version="2.0"></rss>'  # takes many seconds
    listings: list[SourceListing] = []

    def read() -> None:
        listings.append(listed(Council(pages={"/feed": (XML, feed)}), "feed", "/feed"))

    reader = threading.Thread(target=read)
    reader.start()
    longest, last = 0.0, time.monotonic()
    while reader.is_alive():
        reader.join(0.05)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    assert longest < 2, "another thread waits"
    assert [len(listing.problems) for listing in listings] == [1]
