"""Of documents that are handed in nothing is read before it is known who sends them, and from where."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from prompts import say
from service.staff.roles import Role
from tests.staff.conftest import ClientFor
from tests.staff.signing_in import signed_in

UPLOADS = "/staff/uploads"
FILES = b"multipart/form-data; boundary=b"
PART = b'--b\r\ncontent-disposition: form-data; name="%s"%s\r\n\r\n%s'
PIECES = 50


def sent(client: TestClient, kind: bytes, first: bytes) -> tuple[int, int]:
    """Send a large body as a program with the session's cookie does; return the status and how much of it was read."""
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items()).encode()
    headers = [(b"host", b"127.0.0.1"), (b"content-type", kind), (b"cookie", cookie)]
    scope = {"type": "http", "method": "POST", "path": UPLOADS, "query_string": b"", "headers": headers}
    scope |= {"scheme": "http", "http_version": "1.1", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
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
