"""Who may open staff pages or hand something in: who signed in, or everybody by setting; others
have nothing read.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from prompts import say
from service import Role
from tests.staff.conftest import ClientFor
from tests.staff.signing_in import signed_in

STRANGER = "203.0.113.9"
PAGES = [
    "", "/catalogue?topic=Rad", "/catalogue", "/catalogue.csv", "/catalogue.xlsx", "/catalogue/print",
    "/items/auenland-report/2.1.2.3", "/items/auenland-report/gibtesnicht", "/documents", "/documents/auenland-report",
]  # fmt: skip
HTML = {"Accept": "text/html"}
HEADERS = [
    {},
    {"Host": "localhost"},
    {"X-Forwarded-For": "::1, 127.0.0.1"},
    {"X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"Origin": "http://localhost"},
    {"Authorization": "Basic YW10Og=="},
    {"Cookie": "strategielotse_staff=1"},
]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", STRANGER])
def test_closed_to_all_who_did_not_sign_in(client_for: ClientFor, address: str) -> None:
    stranger, member = client_for(address), signed_in(client_for())
    for path in PAGES:
        response = stranger.get(f"/staff{path}", headers=HTML)
        assert response.status_code == 403
        assert (
            "Nur für Beschäftigte" in response.text and "strategielotse staff-link" in response.text
        )
        assert "Radschnellweg" not in response.text
        known = 404 if path.endswith("gibtesnicht") else 200
        assert member.get(f"/staff{path}", headers=HTML).status_code == known, path


def test_open_where_it_is_public(client_for: ClientFor) -> None:
    public = client_for(STRANGER, staff_access="public")
    assert {public.get(f"/staff{path}").status_code for path in PAGES} == {200, 404}
    for path in ("/documents", "/static/staff.css"):
        assert client_for(STRANGER).get(path).status_code == 200


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.7", STRANGER])
def test_no_address_and_no_header_opens_anything(client_for: ClientFor, peer: str) -> None:
    client = client_for(peer, trusted_proxies=("127.0.0.0/8", "10.0.0.0/8"))
    for headers in HEADERS:
        assert client.get("/staff/catalogue", headers=headers).status_code == 403, headers
        assert client.head("/staff", headers=headers).status_code == 403, headers


UPLOADS = "/staff/uploads"
FILES = b"multipart/form-data; boundary=b"
PART = b'--b\r\ncontent-disposition: form-data; name="%s"%s\r\n\r\n%s'
PIECES = 50


def sent(client: TestClient, kind: bytes, first: bytes) -> tuple[int, int]:
    """Send a large body as a program with the session's cookie does; return the status and how much
    of it was read.
    """
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items()).encode()
    headers = [(b"host", b"127.0.0.1"), (b"content-type", kind), (b"cookie", cookie)]
    scope = {
        "type": "http",
        "method": "POST",
        "path": UPLOADS,
        "query_string": b"",
        "headers": headers,
    }
    scope |= {
        "scheme": "http",
        "http_version": "1.1",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    read, statuses = 0, list[int]()

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 1
        body = first if read == 1 else b"x" * 65536
        return {"type": "http.request", "body": body, "more_body": read < PIECES}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    with ThreadPoolExecutor(1) as beside:  # a browser's tests leave a loop running in this thread
        beside.submit(lambda: asyncio.run(client.app(scope, receive, send))).result()  # type: ignore[arg-type]
    return statuses[0], read


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR, Role.PUBLISHER])
def test_a_refused_body_is_not_read(client_for: ClientFor, role: Role) -> None:
    client = signed_in(client_for(), role)
    for kind in (FILES, b"application/x-www-form-urlencoded"):
        assert sent(client, kind, PART % (b"files", b'; filename="a.pdf"', b"%PDF-")) == (403, 0)


def test_who_is_not_signed_in_has_nothing_read(client_for: ClientFor) -> None:
    for client in (client_for(), client_for(staff_access="public")):
        assert sent(client, FILES, PART % (b"files", b'; filename="a.pdf"', b"")) == (403, 0)


def test_only_files_are_taken(client_for: ClientFor) -> None:
    client = signed_in(client_for(), Role.EDITOR)
    files: dict[str, Any] = {"replaces": (None, "")}
    taken = client.post(UPLOADS, files=files)
    assert taken.status_code == 422 and say("uploads.nothing") in taken.text
    assert client.post(UPLOADS, data={"replaces": ""}).status_code == 415
