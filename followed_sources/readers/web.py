"""Lists of websites: the files of sitemaps, of the links of a page, and of feeds."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urldefrag, urljoin

import feedparser
from lxml import etree, html

from followed_sources.client import SourceClient, SourceFailed, SourceReply
from followed_sources.listing import (
    ListedFile,
    clean_text,
    day_of,
    file_title,
    is_document,
)
from prompts import say

MOST_SITEMAPS = 50  # in one index
_SITEMAP_TYPES = ("xml", "text/plain", "gzip")
_GZIP = b"\x1f\x8b"
Link = tuple[str, str, str]  # address, title, and when the list says that it changed


def read_page(address: str, client: SourceClient) -> Iterator[ListedFile]:
    """Yield the files to which a page links; raises SourceFailed."""
    return _files_of(_links(_get(client, address, "html")))


def read_feed(address: str, client: SourceClient) -> Iterator[ListedFile]:
    """Yield the files of an RSS or Atom feed; raises SourceFailed.

    All links of an entry are taken, with the entry's title and the time at which it was updated or
    else published.
    """
    reply = _get(client, address, "xml", "rss", "atom")
    # a stream, as feedparser would ask for a text that looks like an address, or open its file
    feed = feedparser.parse(io.BytesIO(reply.content), sanitize_html=False)
    if not feed.get("version"):
        raise SourceFailed(say("sources.no_list", address=reply.address))
    links = []
    for entry in feed.entries:
        stated = dict(entry)  # feedparser's own look-up gives "published" where "updated" is asked
        mark = stated.get("updated") or stated.get("published") or ""
        for link in stated.get("links", ()):
            file = urljoin(reply.address, link.get("href", ""))
            links.append((file, stated.get("title", ""), mark))
    return _files_of(links)


def read_sitemap(address: str, client: SourceClient, problems: list[str]) -> Iterator[ListedFile]:
    """Yield the files of a sitemap, of the sitemaps in an index, or of a list of addresses in plain
    text.

    A sitemap of the index that cannot be read becomes a problem, as do more than `MOST_SITEMAPS`,
    of which the first are read. Raises SourceFailed if the address itself cannot be read.
    """
    links, sitemaps = _read_sitemap(_get_sitemap(client, address))
    yield from _files_of(links)
    if len(sitemaps) > MOST_SITEMAPS:
        problems.append(say("sources.many_sitemaps", most=MOST_SITEMAPS))
    for sitemap in sitemaps[:MOST_SITEMAPS]:
        try:
            links, _ = _read_sitemap(_get_sitemap(client, sitemap))
        except SourceFailed as error:
            problems.append(str(error))
        else:
            yield from _files_of(links)


def _get(client: SourceClient, address: str, *types: str) -> SourceReply:
    """Return a list or page; raises SourceFailed also for a missing one (404)."""
    reply = client.get_page(address, *types)
    if reply.status == 404:
        raise SourceFailed(say("sources.status", address=reply.address, status=404))
    return reply


def _get_sitemap(client: SourceClient, address: str) -> SourceReply:
    """Return a sitemap, unpacked where it is a file of gzip; raises SourceFailed.

    At most as many bytes are unpacked as a page may have, as a small file may hold very many.
    """
    reply = _get(client, address, *_SITEMAP_TYPES)
    if not reply.content.startswith(_GZIP):
        return reply
    most = client.limits.page_bytes
    try:
        content = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(reply.content, most + 1)
    except zlib.error:
        raise SourceFailed(say("sources.no_list", address=reply.address)) from None
    if len(content) > most:
        raise SourceFailed(say("sources.too_large", address=reply.address[:120]))
    return replace(reply, content=content)


def _files_of(links: Iterable[Link]) -> Iterator[ListedFile]:
    """Yield the documents among links by their address.

    The address without its fragment ("#page=2") is the key. A link without a text has the title
    that its file's name gives.
    """
    for address, title, mark in links:
        key = urldefrag(address)[0]
        if is_document(key):
            name = clean_text(title)[:200] or file_title(key)
            yield ListedFile(key, key, name, mark, day=day_of(mark))


def _read_sitemap(reply: SourceReply) -> tuple[list[Link], list[str]]:
    """Return what a sitemap links to, and the addresses of further sitemaps; raises SourceFailed.

    A sitemap is XML, or plain text with an address in each line; some hosts send XML as plain text.
    No entity is resolved and nothing is loaded.
    """
    content = reply.content
    if reply.media_type == "text/plain" and not content.lstrip().startswith(b"<"):
        return [(line, "", "") for line in content.decode("utf-8-sig", "replace").split()], []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or etree.QName(root).localname not in ("urlset", "sitemapindex"):
        raise SourceFailed(say("sources.no_list", address=reply.address))
    links = [
        (_text(entry, "loc"), "", _text(entry, "lastmod")) for entry in root.iterfind("{*}url")
    ]
    return links, [_text(entry, "loc") for entry in root.iterfind("{*}sitemap")]


def _text(entry: etree._Element, name: str) -> str:
    return (entry.findtext(f"{{*}}{name}") or "").strip()


def _links(page: SourceReply) -> Iterator[Link]:
    """Yield the address and the text of each link of a page; nothing for a page that cannot be
    parsed.

    Relative addresses are resolved against the page, or its `base` if it has one. A link that is no
    address is left out.
    """
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
        yield address, link.text_content(), ""
