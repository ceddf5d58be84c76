"""Websites of others that embed the widget, and services that fail: a small real server on another
origin.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import Any

from tests.http_servers import QuietHandler, serving_by

HOSTILE_CSS = """
* { all: revert !important; line-height: 4 !important; letter-spacing: .5em !important; color: #eee !important;
    font: italic 9px fantasy !important; text-transform: uppercase !important; box-sizing: content-box !important }
html { font-size: 62.5% }
div, section, button, form, p, h2, h3 { display: none !important }
strategielotse-chat { display: none !important; visibility: hidden !important; opacity: 0 !important;
    position: absolute !important; left: -9999px !important; direction: ltr }
"""
SENTENCE = b'event: sentence\ndata: {"text": "Ein halber Satz", "markers": []}\n\n'


class Websites:
    """The server's address, and its pages by path: (headers, content)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages: dict[str, tuple[dict[str, str], bytes]] = {}
        self.release = threading.Event()

    def put(
        self,
        path: str,
        body: str,
        *,
        policy: str = "",
        head: str = "",
        lang: str = "de",
        isolated: bool = False,
    ) -> str:
        """Publish a page with a main heading around `body`; return its full address."""
        page = (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Gemeinde</title>{head}</head>'
            f"<body><main><h1>Gemeinde</h1>{body}</main></body></html>"
        )
        headers = {"Content-Type": "text/html; charset=utf-8"}
        if policy:
            headers["Content-Security-Policy"] = policy
        if isolated:
            headers |= {
                "Cross-Origin-Embedder-Policy": "require-corp",
                "Cross-Origin-Opener-Policy": "same-origin",
            }
        self.pages[path.partition("#")[0]] = (headers, page.encode())
        return self.url + path


@contextmanager
def websites() -> Iterator[Websites]:
    """Run the server until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    with serving_by(server) as url:
        site = Websites(url)
        server.site = site  # type: ignore[attr-defined]
        try:
            yield site
        finally:
            site.release.set()


class _Handler(QuietHandler):
    """Pages by GET; below /broken, /down and /slow a service that breaks off, is down, or never
    answers.
    """

    server: Any
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        site: Websites = self.server.site
        path = self.path.partition("?")[0]
        headers, content = site.pages.get(path, ({}, b""))
        self._send(200 if headers or path == "/favicon.ico" else 404, headers, content)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path.startswith("/slow/"):
            self.server.site.release.wait(60)
        if self.path.startswith("/broken/"):
            self._send(200, {"Content-Type": "text/event-stream"}, SENTENCE)
        else:
            self._send(
                503,
                {"Content-Type": "application/problem+json"},
                b'{"status": 503, "type": "urn:x"}',
            )

    def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
