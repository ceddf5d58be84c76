"""Security headers on everything, other origins only by setting, no inline script or style,
HEAD.
"""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from tests.service.fakes import client_for
from vectorstore import EditionStore

PAGES = [
    "/",
    "/?frage=Was+ist+der+Lastenradverleih%3F",
    "/documents",
    "/documents/auenland-report",
    "/documents/auenland-report/2.1.2.3",
    "/documents/auenland-report/2.1.4.3?quote=%3Cscript%3Ealert(1)%3C/script%3E",
    "/docs",
]
OTHERS = [
    "/api/v1/projects",
    "/openapi.json",
    "/nix",
    "/healthz",
    "/static/start.js",
    "/api/v1/chat",
]
ORIGIN = "https://www.auenland.example"


@pytest.mark.parametrize("path", PAGES + OTHERS)
def test_headers_everywhere(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'self'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "server" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_neither_script_nor_style_nor_foreign_addresses(
    client: TestClient, path: str
) -> None:
    page = client.get(path).text
    data = 'type="application/ld\\+json"'  # is data and never run
    assert not re.search(rf"<script(?![^>]*(?:\ssrc=|{data}))", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    loaded = re.findall(r"<(?:script|link|img|iframe|source)[^>]*?(?:src|href)=\"([^\"]+)\"", page)
    assert loaded
    assert all(address.startswith("/static/") or address == "/widget.js" for address in loaded)


def test_frame_ancestors_are_a_setting(store: EditionStore) -> None:
    headers = client_for(store, frame_ancestors=(ORIGIN,)).get("/").headers
    assert headers["content-security-policy"].endswith(f"frame-ancestors {ORIGIN}")
    assert "x-frame-options" not in headers
    assert client_for(store, frame_ancestors=()).get("/").headers["x-frame-options"] == "DENY"


def test_other_origins_are_refused_unless_allowed(client: TestClient, store: EditionStore) -> None:
    assert (
        "access-control-allow-origin"
        not in client.get("/api/v1/projects", headers={"Origin": ORIGIN}).headers
    )
    allowing = client_for(store, allowed_origins=(ORIGIN,))
    allowed = allowing.get("/api/v1/projects", headers={"Origin": ORIGIN})
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    other = allowing.get("/api/v1/projects", headers={"Origin": "https://boese.example"})
    assert "access-control-allow-origin" not in other.headers
    wish = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    assert allowing.options("/api/v1/chat", headers={"Origin": ORIGIN, **wish}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/v1/projects", "/healthz", "/static/style.css"])
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    response = client.head(path)
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["content-length"]) > 0


def test_nothing_is_cached_but_named_assets(client: TestClient) -> None:
    assert client.get("/api/v1/projects").headers["cache-control"] == "no-store"
    address = re.findall(r'"(/static/style\.css\?v=[0-9a-f]+)"', client.get("/").text)[0]
    assert "immutable" in client.get(address).headers["cache-control"]
    plain = client.get("/static/style.css")
    assert plain.headers["cache-control"] == "no-cache"
    assert (
        client.get(
            "/static/style.css", headers={"If-None-Match": plain.headers["etag"]}
        ).status_code
        == 304
    )
