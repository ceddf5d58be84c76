"""Sitemaps of three shapes, pages and feeds: files alone, links one level deep."""

from __future__ import annotations

import threading
import time

import pytest

from service.followed_sources.client import ClientLimits
from service.followed_sources.listing import SourceListing
from tests.followed_sources.council import HOST, HTML, TEXT, XML, web
from tests.followed_sources.runs import read
from tests.followed_sources.server import FakeNetwork, Reply, Wrong

FILES = [f"http://{HOST}/dokumente/{name}" for name in ("Klima.pdf", "Verkehr.PDF")]
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
URLSET = f"""<?xml version="1.0"?><urlset {NAMESPACE}>
<url><loc>{FILES[0]}</loc><lastmod>2026-03-01T10:00:00+01:00</lastmod></url>
<url><loc> {FILES[1]} </loc></url><url><loc>http://{HOST}/kontakt</loc></url></urlset>""".encode()
INDEX = f"""<sitemapindex {NAMESPACE}><sitemap><loc>http://{HOST}/eins.xml</loc></sitemap>
<sitemap><loc>http://{HOST}/zwei.xml</loc></sitemap></sitemapindex>""".encode()
PAGE = b"""<html><head><base href="/dokumente/"></head><body><nav><a href="/start">Start</a></nav>
<a href="Klima.pdf#seite=3">Klima\nkonzept</a> <a href="Klima.pdf">noch einmal</a>
<a href="Verkehr.PDF"><b>Verkehr</b></a> <a href="mailto:x@y.de">Mail</a> <a href="http://[x">kaputt</a></body></html>"""
LIMITS = ClientLimits(page_bytes=50_000, parse_seconds=4.0)
LIST = "/liste"


def listed(kind: str, content: bytes, headers: dict[str, str] = XML) -> SourceListing:
    """Return what a list names; nothing but the list is asked for."""
    listing, asked = listed_of(kind, {LIST: Reply(200, headers, content)})
    assert asked == [HOST + LIST]
    return listing


def listed_of(kind: str, pages: Wrong) -> tuple[SourceListing, list[str]]:
    """Return what the first of some pages names, and which were asked for."""
    network = FakeNetwork(lambda _: None, pages)
    listing = read(web(kind, LIST), network, limits=LIMITS)
    return listing, network.asked


TEXT_LIST = "\n".join([*FILES, f"http://{HOST}/kontakt"]).encode()
SHAPES: dict[str, Wrong] = {
    "a set": {LIST: Reply(200, XML, URLSET)},
    "an index": {
        LIST: Reply(200, XML, INDEX),
        "/eins.xml": Reply(200, XML, URLSET.replace(b"Verkehr.PDF", b"")),
        "/zwei.xml": Reply(200, XML, URLSET),
    },
    "text": {LIST: Reply(200, TEXT, TEXT_LIST)},
    "a set as text, with a byte order mark": {LIST: Reply(200, TEXT, b"\xef\xbb\xbf" + URLSET)},
}


@pytest.mark.parametrize("pages", SHAPES.values(), ids=SHAPES)
def test_a_sitemap_of_each_shape_lists_files_alone(pages: Wrong) -> None:
    listing, asked = listed_of("sitemap", pages)
    assert list(listing.files) == FILES
    assert listing.is_whole
    assert asked == [HOST + path for path in pages]


def test_the_date_of_a_sitemap_is_the_mark_of_a_file() -> None:
    files = listed("sitemap", URLSET).files
    assert [file.mark for file in files.values()] == ["2026-03-01T10:00:00+01:00", ""]
    assert [str(file.day) for file in files.values()] == ["2026-03-01", "None"]


def test_a_page_gives_its_files_once_by_the_text_of_their_links() -> None:
    files = listed("page", PAGE, HTML).files
    titles = {file.address: file.title for file in files.values()}
    assert titles == {FILES[0]: "Klima konzept", FILES[1]: "Verkehr"}


RSS = f"""<rss version="2.0"><channel><title>Neues</title><item><title>Klima</title><link>/neues/1</link>
<enclosure url="{FILES[0]}" type="application/pdf" length="1"/><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>
</channel></rss>""".encode()
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Verkehr</title><link href="{FILES[1]}"/>
<updated>2026-03-01T10:00:00Z</updated></entry></feed>""".encode()


@pytest.mark.parametrize(("content", "file"), [(RSS, FILES[0]), (ATOM, FILES[1])])
def test_a_feed_has_the_newest_alone_and_is_never_whole(content: bytes, file: str) -> None:
    listing = listed("feed", content)
    assert list(listing.files) == [file]
    assert listing.files[file].mark
    assert not listing.is_whole


@pytest.mark.parametrize(("content", "day"), [(RSS, "2026-02-28"), (ATOM, "2026-03-01")])
def test_the_day_of_a_file_in_a_feed_is_that_of_its_entry(content: bytes, day: str) -> None:
    dated = content.replace(b"Mon, 02 Mar 2026 10:00:00 GMT", b"Sat, 28 Feb 2026 23:30:00 +0100")
    assert [str(file.day) for file in listed("feed", dated).files.values()] == [day]


ENTITIES = """<!DOCTYPE urlset SYSTEM "%s/sitemap.dtd" [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">
<!ENTITY c SYSTEM "file:///etc/passwd"><!ENTITY d SYSTEM "%s/x">]><urlset><url><loc>&b;&c;&d;.pdf</loc></url></urlset>"""


@pytest.mark.parametrize(("kind", "content"), [("sitemap", ENTITIES), ("feed", "%s/feed")])
def test_nothing_is_loaded_that_a_list_names(kind: str, content: str) -> None:
    """The addresses in the list are those of the server itself, at this machine."""
    with FakeNetwork(lambda _: None) as network:
        here = f"http://127.0.0.1:{network.port}"
        listing = listed(kind, content.replace("%s", here).encode())
        assert network.asked == []
    assert not [key for key in listing.files if "aaaa" in key or "root" in key]


def test_large_pages_are_bounded() -> None:
    (problem,) = listed("page", b" " * 60_000, HTML).problems
    assert "mehr, als gelesen wird" in problem


BROKEN = f"""<rss version="2.0"><channel><title>Neues</title>
<item><title>Kaputt</title><link>http://[</link><enclosure url="http://[::x/a.pdf" length="1"/></item>
<item><title>Klima</title><enclosure url="{FILES[0]}" length="1"/></item></channel></rss>""".encode()
BROKEN_SET = URLSET.replace(b"<url>", b"<url><loc>http://[/a.pdf</loc></url><url>", 1)
ENTRIES = {
    "a feed": ("feed", XML, BROKEN, FILES[:1]),
    "a sitemap": ("sitemap", XML, BROKEN_SET, FILES),
    "a text": ("sitemap", TEXT, f"http://[x.pdf {FILES[0]}".encode(), FILES[:1]),
}


@pytest.mark.parametrize(("kind", "headers", "content", "files"), ENTRIES.values(), ids=ENTRIES)
def test_a_link_that_is_no_address_costs_only_itself(
    kind: str, headers: dict[str, str], content: bytes, files: list[str]
) -> None:
    assert list(listed(kind, content, headers).files) == files


def test_a_feed_of_blank_lines_does_not_stop_the_program() -> None:
    feed = b"\n" * 49_000 + b'<rss version="2.0"></rss>'  # takes many seconds
    listings: list[SourceListing] = []
    reader = threading.Thread(target=lambda: listings.append(listed("feed", feed)))
    reader.start()
    longest = 0.0
    last = time.monotonic()
    while reader.is_alive():
        reader.join(0.05)
        longest = max(longest, time.monotonic() - last)
        last = time.monotonic()
    assert longest < 2, "another thread waits"
    assert [len(listing.problems) for listing in listings] == [1]
