"""A client that leaves is no error: one short line at most, and nobody works on for it."""

from __future__ import annotations

import logging
import socket
import struct
import time
from collections.abc import Iterator

import pytest

from service.app import create_app
from service.edition_holder import EditionHolder
from service.settings import Settings
from tests.impolite import asked, connected
from tests.service.fakes import QuotingEditions
from tests.service.running import running
from vectorstore.editions import EditionStore

CHAT = b"POST /api/v1/chat HTTP/1.1\r\nHost: lotse\r\nContent-Type: application/json\r\n"
WHOLE = b'Content-Length: 23\r\n\r\n{"question": "langsam"}'
FORM = b"POST /api/v1/contact HTTP/1.1\r\nHost: lotse\r\nContent-Type: multipart/form-data; boundary=abc\r\n"


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.fixture
def url(store: EditionStore) -> Iterator[str]:
    settings = Settings(
        data_dir=store.root, mail_host="127.0.0.1", mail_from="a@lotse.example", mail_to="b@lotse.example"
    )
    with running(create_app(settings, EditionHolder(QuotingEditions(store)))) as address:
        yield address


@pytest.mark.long
@pytest.mark.parametrize(
    "begun",
    [
        CHAT + b'Content-Length: 100\r\n\r\n{"qu',
        CHAT + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhallo\r\n",
        CHAT + b'Content-Length: 100\r\nExpect: 100-continue\r\n\r\n{"qu',
        CHAT + WHOLE,
        CHAT + b"Accept: text/event-stream\r\n" + WHOLE,
        FORM + b"Content-Length: 100000\r\n\r\n--abc\r\n",
        b"GET /widget.js HTTP/1.1\r\nHost: lotse\r\n\r\n" * 10,
    ],
    ids=["body", "chunk", "expecting", "asked", "streaming", "attachment", "row"],
)
def test_a_client_that_leaves_is_one_line_at_most(url: str, caplog: pytest.LogCaptureFixture, begun: bytes) -> None:
    with caplog.at_level(logging.INFO):
        caplog.clear()
        connection = connected(url, room=4096)
        connection.sendall(begun)
        time.sleep(0.3)
        reset(connection)
        time.sleep(0.3)
        assert asked(url, None) == 200
        time.sleep(2.0 if b"langsam" in begun else 0.2)
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "asyncio"))]
    lines = "\n".join(logging.Formatter().format(record) for record in ours).splitlines()
    lines = [line for line in lines if "/healthz" not in line]
    assert len(lines) <= max(1, begun.count(b"GET /widget.js")), lines
    assert not [line for line in lines if " 500 " in line]


def test_one_that_leaves_before_its_answer_is_told_as_such(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        connection = connected(url)
        connection.sendall(FORM + b"Content-Length: 100000\r\n\r\n--abc\r\n")
        time.sleep(0.3)
        connection.close()
        time.sleep(0.5)
    assert [record.getMessage().rsplit(" ", 2)[0] for record in caplog.records if record.name.endswith("access")] == [
        "POST /api/v1/contact 499"
    ]
