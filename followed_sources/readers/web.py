"""Lists of websites: sitemaps, the links of a page, feeds. Links are followed one level deep."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

import feedparser
from lxml import etree, html

from followed_sources.client import SourceClient, SourceFailed, SourceReply
from followed_sources.configuration import FollowedSource
from followed_sources.listing import ListedFile, SourceListing, day_of, file_title, is_document
from prompts import say

MOST_SITEMAPS = 50  # in one index
MOST_PAGES = 200  # whose links are read
_GZIP = b"\x1f\x8b"


class _Collector:
    """Collects the files of a list and of the pages in it."""

    def __init__(self, source: FollowedSource, client: SourceClient) -> None:
        self._source, self._client = source, client
        self._pages = 0
        self.files: dict[str, ListedFile] = {}
        self.problems: list[str] = []

    def add(self, address: str, title: str = "", mark: str = "") -> None:
        """Add a file by its address; the first mention of it counts."""
        key = urldefrag(address)[0]
        file = ListedFile(key, key, title or file_title(key), mark, day=day_of(mark))
        self.files.setdefault(key, file)

    def add_linked(self, address: str, title: str = "", mark: str = "") -> None:
        """Add a file, or the files to which a page links if the source has `links`."""
        if is_document(address):
            self.add(address, title, mark)
        elif self._source.links and self._pages < MOST_PAGES:
            self._pages += 1
            try:
                self.add_links(self._client.get_page(address, "html"))
            except SourceFailed as error:
                self.problems.append(str(error))

    def add_links(self, page: SourceReply) -> None:
        """Add the files to which a page links."""
        for address, title in _links(page):
            if is_document(address):
                self.add(address, title)

    def listing(self, *, is_whole: bool = True) -> SourceListing:
        """Return what was collected; it is not whole after a problem."""
        whole = is_whole and not self.problems and self._pages < MOST_PAGES
        return SourceListing(self.files, whole, tuple(self.problems))


def read_page(source: FollowedSource, client: SourceClient) -> SourceListing:
    """Return the files to which a page links; raises SourceFailed."""
    collector = _Collector(source, client)
    collector.add_links(_require(client.get_page(source.address, "html")))
    return collector.listing()


def read_feed(source: FollowedSource, client: SourceClient) -> SourceListing:
    """Return the files of an RSS or Atom feed, which has the newest alone; raises SourceFailed."""
    reply = _require(client.get_page(source.address, "xml", "rss", "atom"))
    # a stream, as feedparser would ask for a text that looks like an address, or open its file
    feed = feedparser.parse(io.BytesIO(reply.content), sanitize_html=False)
    if not feed.get("version"):
        raise SourceFailed(say("sources.no_list", address=reply.address))
    collector = _Collector(source, client)
    for entry in feed.entries:
        stated = dict(entry)  # without the other names that feedparser takes for one
        mark = stated.get("updated") or stated.get("published") or ""
        for link in entry.get("links", ()):
            collector.add_linked(
                urljoin(reply.address, link.get("href", "")), stated.get("title", ""), mark
            )
    return collector.listing(is_whole=False)


def read_sitemap(source: FollowedSource, client: SourceClient) -> SourceListing:
    """Return the files of a sitemap, of an index of sitemaps, or of a list of addresses in text;
    raises SourceFailed.
    """
    collector = _Collector(source, client)
    reply = _require(client.get_page(source.address, "xml", "text/plain", "gzip", "octet-stream"))
    entries = list(_sitemap_entries(reply, client))
    sitemaps = [address for name, address, _ in entries if name == "sitemap"]
    if len(sitemaps) > MOST_SITEMAPS:
        collector.problems.append(say("sources.many_sitemaps", most=MOST_SITEMAPS))
    for address in sitemaps[:MOST_SITEMAPS]:
        try:
            inner = _require(client.get_page(address, "xml", "text/plain", "gzip", "octet-stream"))
            entries += _sitemap_entries(inner, client)
        except SourceFailed as error:
            collector.problems.append(str(error))
    for name, address, mark in entries:
        if name == "url":
            collector.add_linked(address, mark=mark)
    return collector.listing()


def _sitemap_entries(reply: SourceReply, client: SourceClient) -> Iterator[tuple[str, str, str]]:
    """Yield what kind each entry of a sitemap is ("url", "sitemap"), its address and its date."""
    content = _unpack(reply, client.limits.page_bytes)
    if "text/plain" in reply.media_type and not content.lstrip().startswith(b"<"):
        for line in content.decode("utf-8-sig", "replace").split():
            yield "url", line, ""
        return
    root = _parse_xml(content, reply.address)
    for entry in root.iterfind("{*}url"):
        yield "url", *_entry(entry)
    for entry in root.iterfind("{*}sitemap"):
        yield "sitemap", *_entry(entry)


def _entry(entry: etree._Element) -> tuple[str, str]:
    return (
        (entry.findtext("{*}loc") or "").strip(),
        (entry.findtext("{*}lastmod") or "").strip(),
    )


def _unpack(reply: SourceReply, most: int) -> bytes:
    """Return the content of a sitemap that may be a gzip file, which is not unpacked beyond `most`
    bytes; raises SourceFailed.
    """
    if not reply.content.startswith(_GZIP):
        return reply.content
    unpacker = zlib.decompressobj(31)
    try:
        content = unpacker.decompress(reply.content, most)
    except zlib.error:
        raise SourceFailed(say("sources.no_list", address=reply.address)) from None
    if unpacker.unconsumed_tail:
        raise SourceFailed(say("sources.too_large", address=reply.address))
    return content


def _parse_xml(content: bytes, address: str) -> etree._Element:
    """Return the root of a sitemap; no entity is resolved and nothing is loaded. Raises
    SourceFailed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise SourceFailed(say("sources.no_list", address=address)) from None
    if etree.QName(root).localname not in ("urlset", "sitemapindex"):
        raise SourceFailed(say("sources.no_list", address=address))
    return root


def _links(page: SourceReply) -> Iterator[tuple[str, str]]:
    """Yield the address and the text of each link of a page."""
    try:
        root = html.document_fromstring(page.content, parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return
    stated = root.find(".//base[@href]")
    base = page.address
    if stated is not None:
        base = urljoin(base, stated.get("href"))
    for link in root.iterfind(".//a[@href]"):
        try:
            address = urljoin(base, link.get("href").strip())
        except ValueError:
            continue
        yield address, " ".join(link.text_content().split())[:200]


def _require(reply: SourceReply) -> SourceReply:
    """Return a list that is there; raises SourceFailed."""
    if reply.status == 404:
        raise SourceFailed(say("sources.status", address=reply.address, status=404))
    return reply
