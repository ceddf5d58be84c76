"""The fake website of Kreis Auental: three sitemaps, pages with links, an RSS and an Atom feed.

    with WebServer(host="www.auental.example", switches={"lastmod_missing"}) as site:
        site.url("/sitemap.xml")          # names files and pages
        site.url("/sitemap-index.xml")    # names two sitemaps, packed with gzip
        site.url("/sitemap-seiten.xml")   # names pages alone; the files hang on them
        site.url("/strategien.html"), site.url("/rss.xml"), site.url("/atom.xml")
        site.change_file("/dateien/klimakonzept.pdf"), site.remove_file(...), site.add_file(...)

Files are at /dateien/; /intern/ is forbidden by robots.txt.
"""

from __future__ import annotations

import datetime
import gzip
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from pathlib import Path

from tests.followed_sources.blind.listening import Listener, Reply, Request
from tests.followed_sources.blind.made_files import MEDIA, file_bytes
from tests.followed_sources.blind.replies import (
    BUSY_SWITCHES,
    FILE_SWITCHES,
    LOGIN,
    ROBOTS_SWITCHES,
    busy_reply,
    conditional_reply,
    file_reply,
    robots_reply,
)

WEB_SWITCHES = {
    "html_for_xml": "sitemaps and feeds are a page for signing in, with 200",
    "pdf_for_xml": "sitemaps and feeds are a PDF, with 200",
    "truncated_xml": "sitemaps and feeds end in the middle: Content-Length says more",
    "broken_xml": "sitemaps and feeds end in the middle: Content-Length says so",
    "wrong_type_xml": "sitemaps and feeds have the Content-Type text/plain",
    "list_404": "sitemaps, feeds and pages answer 404",
    "slow_list": "sitemaps, feeds and pages take `slow_seconds`",
    "redirect_list_host": "sitemaps, feeds and pages redirect to another host",
    "lastmod_missing": "sitemaps and feeds give no dates",
    "lastmod_today": "sitemaps and feeds date everything now",
    "lastmod_frozen": "sitemaps and feeds keep the first date whatever changes",
    "sitemap_loops": "the index names itself too",
    "sitemap_leaves_host": "the index names a sitemap of another host too",
    "foreign_file": "sitemaps, feeds and pages name a file of another host too",
    "doubled_links": "sitemaps, feeds and pages name everything twice, once with a fragment",
    "list_empty": "sitemaps, feeds and pages name nothing",
}
_START = datetime.datetime(2026, 3, 1, 8, 0, tzinfo=datetime.UTC)

# Path, title, and the page on which it is linked; no page: a sitemap names it itself.
_FILES = (
    ("/dateien/klimakonzept.pdf", "Klimakonzept Auental", ""),
    ("/dateien/radwegekonzept.pdf", "Radwegekonzept Auental", ""),
    ("/dateien/sozialstrategie.docx", "Sozialstrategie Auental", ""),
    ("/dateien/faltblatt.pdf", "Faltblatt zum Kreisfest", ""),
    ("/dateien/energiestrategie.pdf", "Energiestrategie Auental", "/strategien.html"),
    ("/dateien/pflegekonzept.pdf", "Pflegekonzept Auental", "/strategien.html"),
    ("/dateien/jugendstrategie.docx", "Jugendstrategie Auental", "/strategien.html"),
    ("/dateien/waldkonzept.PDF", "Waldkonzept Auental", "/natur/wald.html"),
    ("/dateien/tief/moorkonzept.pdf", "Moorkonzept Auental", "/natur/moor.html"),  # two levels deep
    ("/intern/entwurf.pdf", "Entwurf der Hafenstrategie", "/strategien.html"),  # forbidden
)
PAGES = {
    "/strategien.html": "Strategien und Konzepte",
    "/natur/wald.html": "Wald",
    "/natur/moor.html": "Moor",
    "/kontakt.html": "Kontakt",
}
_NAMED_PAGES = ("/strategien.html", "/natur/wald.html", "/kontakt.html")  # the moor is not named
SITEMAPS = ("/sitemap.xml", "/sitemap-index.xml", "/sitemap-seiten.xml")
FEEDS = ("/rss.xml", "/atom.xml")
_PACKED = ("/sitemaps/dateien.xml.gz", "/sitemaps/seiten.xml.gz")
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass
class WebFile:
    """A file of the website."""

    path: str
    title: str
    page: str
    content: bytes
    media: str
    modified: datetime.datetime
    edition: int = 1


class WebServer(Listener):
    """The website."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        base: str = "",
        certificate: tuple[Path, Path] | None = None,
        switches: Iterable[str] = (),
        stranger: str = "http://fremd.example",
        slow_seconds: float = 0.3,
        retry_after: int = 1,
        clock: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
    ) -> None:
        super().__init__(host, base, certificate, switches, stranger)
        self.slow_seconds = slow_seconds
        self.retry_after = retry_after
        self._clock = clock
        self.files: dict[str, WebFile] = {}
        for path, title, page in _FILES:
            self._put(path, title, page, _START)

    def known_switches(self) -> dict[str, str]:
        """Return the switches of a website."""
        return WEB_SWITCHES | FILE_SWITCHES | BUSY_SWITCHES | ROBOTS_SWITCHES

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return self.base + path

    def change_file(self, path: str) -> None:
        """Write the next edition of a file."""
        file = self.files[path]
        file.edition += 1
        file.content = file_bytes(file.title, path.rpartition(".")[2].lower(), file.edition)
        file.modified = self._now()

    def add_file(self, path: str, title: str, page: str = "") -> None:
        """Add a file that a page links to, or that the sitemap names itself."""
        self._put(path, title, page, self._now())

    def remove_file(self, path: str) -> None:
        """Take a file away: nothing names it any longer, and it answers 404."""
        del self.files[path]

    def classify(self, request: Request) -> str:
        """Return robots, file, list (sitemaps and feeds), page or other."""
        path = request.path.removeprefix("/umgeleitet")
        if path in (*SITEMAPS, *_PACKED, *FEEDS):
            return "list"
        if path in PAGES:
            return "page"
        if path.startswith(("/dateien/", "/intern/")):
            return "file"
        return super().classify(request)

    def reply(self, request: Request) -> Reply:
        """Return what is answered."""
        kind = self.classify(request)
        if kind == "robots":
            return robots_reply(self, "/dateien/klimakonzept")
        busy = busy_reply(self, request, self.retry_after)
        if busy is not None:
            return busy
        if kind == "file":
            return self._reply_with_file(request)
        if kind == "other":
            return Reply(404, {"Content-Type": "text/html"}, b"<p>Nicht gefunden.</p>")
        if "list_404" in self.switches:
            return Reply(404, {"Content-Type": "text/html"}, b"<p>Nicht gefunden.</p>")
        if "redirect_list_host" in self.switches:
            return Reply(302, {"Location": self.stranger + request.target})
        if kind == "page":
            body = self._page(request.path).encode()
            reply = conditional_reply(self, request, body, "text/html; charset=utf-8", None)
        else:
            reply = self._reply_with_list(request)
        if "slow_list" in self.switches:
            reply.pause = self.slow_seconds
        return reply

    def _put(self, path: str, title: str, page: str, at: datetime.datetime) -> None:
        ending = path.rpartition(".")[2].lower()
        content = file_bytes(title, ending)
        self.files[path] = WebFile(path, title, page, content, MEDIA[ending], at)

    def _now(self) -> datetime.datetime:
        now = self._clock().astimezone(datetime.UTC)
        return now.replace(microsecond=0) + datetime.timedelta(seconds=1 if now.microsecond else 0)

    def _reply_with_file(self, request: Request) -> Reply:
        path = request.path.removeprefix("/umgeleitet")
        file = self.files.get(path)
        if file is None:
            return Reply(404, {"Content-Type": "text/html"}, b"<p>Nicht gefunden.</p>")
        is_first = path == _FILES[0][0]
        return file_reply(self, request, file.content, file.media, file.modified, is_first)

    def _reply_with_list(self, request: Request) -> Reply:
        if "html_for_xml" in self.switches:
            return Reply(200, {"Content-Type": "text/html"}, LOGIN)
        if "pdf_for_xml" in self.switches:
            content = file_bytes("Klimakonzept Auental", "pdf")
            return Reply(200, {"Content-Type": "application/pdf"}, content)
        body = self._list(request.path).encode()
        media = "application/xml"
        if request.path in _PACKED:
            body = gzip.compress(body, mtime=0)
            media = "application/gzip"
        elif request.path in FEEDS:
            media = f"application/{request.path.strip('/').removesuffix('.xml')}+xml"
        if "wrong_type_xml" in self.switches:
            media = "text/plain"
        reply = conditional_reply(self, request, body, media, None)
        if reply.status == 200:
            if "truncated_xml" in self.switches:
                reply.headers["Content-Length"] = str(len(body))
                reply.body = body[: len(body) // 2]
            if "broken_xml" in self.switches:
                reply.body = body[: len(body) // 2]
        return reply

    def _list(self, path: str) -> str:
        if path == "/sitemap-index.xml":
            return self._index()
        if path == "/rss.xml":
            return self._rss()
        if path == "/atom.xml":
            return self._atom()
        pages = [(page, _START) for page in _NAMED_PAGES]
        files = [(file.path, file.modified) for file in self._named_files()]
        if path == "/sitemap.xml":
            return self._urlset(files + pages)
        return self._urlset(files if path == _PACKED[0] else pages)

    def _named_files(self) -> list[WebFile]:
        """Return the files that sitemaps and feeds name themselves."""
        return [file for file in self.files.values() if not file.page]

    def _addresses(self, paths: list[str]) -> list[str]:
        """Return what a list names: full addresses, with what the switches add."""
        if "list_empty" in self.switches:
            return []
        found = [self.url(path) for path in paths]
        if "foreign_file" in self.switches:
            found.append(f"{self.stranger}/dateien/fremd.pdf")
        if "doubled_links" in self.switches:
            found += [f"{address}#seite=2" for address in found]
        return found

    def _date(self, at: datetime.datetime) -> datetime.datetime | None:
        if "lastmod_missing" in self.switches:
            return None
        if "lastmod_today" in self.switches:
            return self._now()
        return _START if "lastmod_frozen" in self.switches else at

    def _urlset(self, entries: list[tuple[str, datetime.datetime]]) -> str:
        dates = {self.url(path): at for path, at in entries}
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<urlset xmlns="{_SPACE}">']
        for address in self._addresses([path for path, _ in entries]):
            at = self._date(dates.get(address.partition("#")[0], _START))
            dated = f"<lastmod>{at.isoformat()}</lastmod>" if at else ""
            lines.append(f"<url><loc>{escape(address)}</loc>{dated}</url>")
        return "\n".join([*lines, "</urlset>"])

    def _index(self) -> str:
        addresses = [self.url(path) for path in _PACKED]
        if "sitemap_loops" in self.switches:
            addresses.append(self.url("/sitemap-index.xml"))
        if "sitemap_leaves_host" in self.switches:
            addresses.append(f"{self.stranger}/sitemap.xml")
        entries = [f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses]
        head = f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{_SPACE}">'
        return "\n".join([head, *entries, "</sitemapindex>"])

    def _page(self, path: str) -> str:
        """Return a page: its files by relative, absolute and full addresses, and what is no file."""
        titles = {self.url(file.path): file.title for file in self.files.values()}
        linked = [file.path for file in self.files.values() if file.page == path]
        links = []
        for address in self._addresses(linked):
            title = titles.get(address.partition("#")[0], "Fremdes Konzept")
            links.append(f'<li><a href="{escape(address)}">{title}</a></li>')
        if path == "/strategien.html":
            links += [
                '<li><a href="dateien/pflegekonzept.pdf">Pflegekonzept, noch einmal</a></li>',
                '<li><a href="/natur/moor.html">Mehr über das Moor</a></li>',
                '<li><a href="mailto:strategie@auental.example">Schreiben Sie uns</a></li>',
                '<li><a href="javascript:drucken()">Drucken</a></li>',
                '<li><a href="/bilder/karte.png">Karte</a></li>',
                "<li><a>Ohne Ziel</a></li>",
            ]
        title = PAGES[path]
        return (
            f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title}</title></head>'
            '<body><nav><a href="/">Start</a> <a href="/kontakt.html">Kontakt</a></nav>'
            f"<main><h1>{title}</h1><ul>{''.join(links)}</ul></main></body></html>"
        )

    def _rss(self) -> str:
        files = {self.url(file.path): file for file in self._named_files()}
        items = []
        for address in self._addresses([file.path for file in self._named_files()]):
            file = files.get(address.partition("#")[0])
            title, media = (file.title, file.media) if file else ("Fremdes", MEDIA["pdf"])
            length = len(file.content) if file else 1000
            at = self._date(file.modified if file else _START)
            dated = f"<pubDate>{format_datetime(at, usegmt=True)}</pubDate>" if at else ""
            items.append(
                f"<item><title>{title}</title><link>{self.url('/strategien.html')}</link>"
                f'<guid isPermaLink="false">{escape(address)}</guid>{dated}'
                f'<enclosure url="{escape(address)}" length="{length}" type="{media}"/></item>'
            )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
            f"<title>Kreis Auental: Neues</title><link>{self.base}/</link>"
            f"<description>Neue Dokumente</description>{''.join(items)}</channel></rss>"
        )

    def _atom(self) -> str:
        files = {self.url(file.path): file for file in self._named_files()}
        entries = []
        for address in self._addresses([file.path for file in self._named_files()]):
            file = files.get(address.partition("#")[0])
            title, media = (file.title, file.media) if file else ("Fremdes", MEDIA["pdf"])
            at = self._date(file.modified if file else _START)
            dated = f"<updated>{at.isoformat()}</updated>" if at else ""
            entries.append(
                f"<entry><id>{escape(address)}</id><title>{title}</title>{dated}"
                f'<link rel="enclosure" type="{media}" href="{escape(address)}"/></entry>'
            )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
            f"<id>{self.base}/</id><title>Kreis Auental: Neues</title>"
            f"<updated>{_START.isoformat()}</updated>{''.join(entries)}</feed>"
        )
