"""Lists of websites: the files of sitemaps, of the links of a page, and of feeds.

The functions `parse_…` run in a limited process, and only there feedparser and lxml are imported.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from prompts import say
from service.followed_sources.listing import (
    ListedFile,
    clean_text,
    day_of,
    file_title,
    is_document,
    join_address,
)
from service.followed_sources.replies import ListPage, Parser, SourceFailed, SourceReply

if TYPE_CHECKING:
    from lxml.etree import _Element

    from service.followed_sources.client import SourceClient
    from service.followed_sources.configuration import FollowedSource

MOST_SITEMAPS = 50  # in one index
MOST_BYTES = 5_000_000  # of a sitemap that is unpacked
_GZIP = b"\x1f\x8b"


def read_web_list(
    source: FollowedSource, client: SourceClient, problems: list[str]
) -> Iterator[ListedFile]:
    """Yield the files of a page, a feed or a sitemap, and of the sitemaps in an index.

    A sitemap of the index that cannot be read becomes a problem, as do more than `MOST_SITEMAPS`,
    of which the first are read. Raises SourceFailed if the source itself cannot be read.
    """
    parse, types = _PARSERS[source.kind]
    page = client.get_parsed(source.address, parse, *types)
    problems += page.problems
    yield from page.files
    if len(page.further) > MOST_SITEMAPS:
        problems.append(say("sources.many_sitemaps", most=MOST_SITEMAPS))
    for address in page.further[:MOST_SITEMAPS]:
        try:
            sitemap = client.get_parsed(address, parse, *types)
        except SourceFailed as error:
            problems.append(str(error))
        else:
            problems += sitemap.problems
            yield from sitemap.files


def parse_links(reply: SourceReply) -> ListPage:
    """Return the files to which a page links, with the texts of the links; none for a page that
    cannot be parsed.

    Relative addresses are resolved against the page, or its `base` if it has one.
    """
    from lxml import etree, html

    page = ListPage()
    try:
        root = html.document_fromstring(reply.content, parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return page
    base = reply.address
    stated = root.find(".//base[@href]")
    if stated is not None:
        base = join_address(base, stated.get("href"))

    def read(link: Any) -> Iterator[ListedFile]:
        return _file_at(join_address(base, link.get("href")), link.text_content())

    page.add_entries(root.iterfind(".//a[@href]"), read)
    return page


def parse_feed(reply: SourceReply) -> ListPage | None:
    """Return the files of an RSS or Atom feed; None for what is none.

    All links of an entry are taken, with the entry's title and the time at which it was updated or
    else published.
    """
    import feedparser

    # a stream, as feedparser would ask for a text that looks like an address, or open its file
    feed = feedparser.parse(io.BytesIO(reply.content), sanitize_html=False)
    if not feed.get("version"):
        return None

    def read(entry: Any) -> Iterator[ListedFile]:
        stated = dict(entry)  # feedparser's own look-up gives "published" where "updated" is asked
        mark = stated.get("updated") or stated.get("published") or ""
        for link in stated.get("links", ()):
            address = join_address(reply.address, link.get("href"))
            yield from _file_at(address, stated.get("title", ""), mark)

    page = ListPage()
    page.add_entries(feed.entries, read)
    return page


def parse_sitemap(reply: SourceReply) -> ListPage | None:
    """Return the files of a sitemap and the addresses of further ones; None for what is none.

    A sitemap is XML, or plain text with an address in each line; some hosts send XML as plain text,
    or packed: of these at most `MOST_BYTES` are unpacked. No entity is resolved and nothing is
    loaded.
    """
    from lxml import etree

    content = reply.content
    if content.startswith(_GZIP):
        content = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return None
    page = ListPage()
    begin = content.lstrip(b"\xef\xbb\xbf \t\r\n")  # behind a byte order mark and white space
    if reply.media_type == "text/plain" and not begin.startswith(b"<"):
        page.add_entries(content.decode("utf-8-sig", "replace").split(), _file_at)
        return page
    root = etree.fromstring(
        content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    )
    if etree.QName(root).localname not in ("urlset", "sitemapindex"):
        return None
    page.add_entries(
        root.iterfind("{*}url"),
        lambda entry: _file_at(_text(entry, "loc"), mark=_text(entry, "lastmod")),
    )
    page.further.extend(_text(entry, "loc") for entry in root.iterfind("{*}sitemap"))
    return page


def _file_at(address: str, title: str = "", mark: str = "") -> Iterator[ListedFile]:
    """Yield the document at an address, if there is one, by its ending.

    The address without its fragment ("#page=2") is the key. A document without a title has that
    which its file's name gives.
    """
    if is_document(address):
        key = urldefrag(address)[0]
        name = clean_text(title)[:200] or file_title(key)
        yield ListedFile(key, key, name, clean_text(mark), day=day_of(mark))


def _text(entry: _Element, name: str) -> str:
    return (entry.findtext(f"{{*}}{name}") or "").strip()


# by kind of source: the parser, and the media types that it reads
_PARSERS: dict[str, tuple[Parser, tuple[str, ...]]] = {
    "page": (parse_links, ("html",)),
    "feed": (parse_feed, ("xml", "rss", "atom")),
    "sitemap": (parse_sitemap, ("xml", "text/plain", "gzip")),
}
