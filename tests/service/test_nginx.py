"""The documented nginx in front of the running service: what it passes on, what it refuses, and
whom it lets in.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from email.message import Message
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.http_servers import QuietHandler, serving_by
from tests.processes import Server, serving
from tests.service.county import motion, report
from tests.service.nginx import Nginx, nginx
from tests.staff.signing_in import link_to_server
from vectorstore import EditionStore

pytestmark = pytest.mark.long  # real servers
CHAT, FEEDBACK, CONTACT = "/api/v1/chat", "/api/v1/feedback", "/api/v1/contact"
QUESTION = json.dumps({"question": "Wie ist der Stand beim Lastenradverleih?"}).encode()
JSON = {"Content-Type": "application/json"}
STREAM = {**JSON, "Accept": "text/event-stream"}
SECONDS = 30.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("behind-nginx")
    EditionStore(root / "data").publish([report(), motion()])
    mail = {"HOST": "127.0.0.1", "FROM": "lotse@a.example", "TO": "buero@a.example"}
    settings = {f"STRATEGIELOTSE_MAIL_{name}": value for name, value in mail.items()}
    with serving(root / "data", **settings, STRATEGIELOTSE_RATE_PER_MINUTE="1") as server:
        yield server


@pytest.fixture(scope="module")
def proxy(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with nginx(int(server.url.rpartition(":")[2]), tmp_path_factory.mktemp("nginx")) as proxy:
        yield proxy


class Stays(urllib.request.HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *_: Any) -> None:
        """Stay."""


def sent(
    proxy: Nginx, address: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, Message, bytes]:
    """Send a request; return status, headers and body of the answer, whatever it is."""
    opener = urllib.request.build_opener(Stays, urllib.request.HTTPSHandler(context=proxy.tls))
    request = urllib.request.Request(address, data=body, headers=headers or {})
    try:
        with opener.open(request, timeout=SECONDS) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_a_question_is_answered_and_kept_to_https(proxy: Nginx) -> None:
    status, headers, body = sent(proxy, proxy.url + CHAT, QUESTION, JSON)
    assert status == 200 and "Lastenradverleih" in json.loads(body)["answer"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Content-Security-Policy"] and headers.get_all("Server") == ["nginx"]
    status, headers, _ = sent(proxy, f"http://127.0.0.1:{proxy.http}/documents?page=1")
    assert (status, headers["Location"]) == (301, "https://127.0.0.1/documents?page=1")
    assert sent(proxy, proxy.url + "/nix")[1]["Strict-Transport-Security"]  # errors too


def test_a_stream_is_not_held_back(tmp_path: Path) -> None:
    """The second event is sent only after the first has arrived behind nginx."""
    arrived = threading.Event()

    class Slow(QuietHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.wfile.write(b"event: sentence\n\n")
            self.wfile.flush()
            self.wfile.write(b"event: %b\n\n" % (b"done" if arrived.wait(SECONDS) else b"late"))

    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    with serving_by(upstream), nginx(upstream.server_port, tmp_path) as proxy:
        request = urllib.request.Request(proxy.url + CHAT, data=b"{}", headers=STREAM)
        with urllib.request.urlopen(request, timeout=SECONDS, context=proxy.tls) as response:
            assert response.readline() == b"event: sentence\n"
            arrived.set()
            assert response.read() == b"\nevent: done\n\n"


def test_the_staff_page_opens_by_link_only(proxy: Nginx, server: Server) -> None:
    """Also behind an nginx that says nothing of its clients, which looks like a browser on this
    machine.
    """
    for address in (proxy.url, f"http://127.0.0.1:{proxy.bare}", server.url):
        for headers in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"Host": "localhost"}):
            status, _, body = sent(
                proxy, address + "/staff/catalogue", None, {"Accept": "text/html", **headers}
            )
            assert status == 403 and b"Radschnellweg" not in body
    link = link_to_server(server).replace(server.url, proxy.url)
    status, headers, _ = sent(proxy, link)
    assert (status, headers["Location"]) == (303, "/staff")
    assert headers["Set-Cookie"].endswith("; path=/staff; httponly; samesite=lax; secure")
    cookie = {"Cookie": headers["Set-Cookie"].partition(";")[0]}
    status, _, body = sent(proxy, proxy.url + "/staff/catalogue", None, cookie)
    assert status == 200 and b"Radschnellweg" in body


def test_ratings_come_from_the_own_site_only(proxy: Nginx) -> None:
    answer_id = json.loads(sent(proxy, proxy.url + CHAT, QUESTION, JSON)[2])["answer_id"]
    body = json.dumps({"answer_id": answer_id, "helpful": True}).encode()
    origins = {
        proxy.url: 204,
        "https://boese.example": 403,
        proxy.url.replace("https", "http"): 403,
    }
    for origin, status in origins.items():
        headers = {**JSON, "Origin": origin, "X-Forwarded-Host": "boese.example"}
        assert sent(proxy, proxy.url + FEEDBACK, body, headers)[0] == status, origin


def test_nobody_says_who_they_are(proxy: Nginx) -> None:
    """One request a minute for anybody but this machine: what clients write of their address is not
    passed on.
    """
    pretended = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    assert [sent(proxy, proxy.url + "/api/v1/projects", None, pretended)[0] for _ in range(3)] == [
        200
    ] * 3


def begun(proxy: Nginx) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", proxy.https), timeout=SECONDS)
    return proxy.tls.wrap_socket(plain, server_hostname="127.0.0.1")


def heard_of(server: Server) -> list[str]:
    """Return the log but for what the tests before asked: its lines may come late."""
    lines = server.log.read_text().splitlines()
    return [line for line in lines if " GET /healthz " not in line and " GET /api/" not in line]


@pytest.mark.parametrize("head", [b"GET /", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Endless: "])
def test_an_endless_head_ends_at_nginx(proxy: Nginx, server: Server, head: bytes) -> None:
    """It is refused while it is still being sent, and the service never hears of it."""
    before = heard_of(server)
    with begun(proxy) as connection:
        connection.sendall(head + b"x" * 9_000)
        assert re.match(rb"HTTP/1\.1 4(00|14) ", connection.recv(1000))
        with suppress(OSError):
            for _ in range(1_000):
                connection.sendall(b"x" * 1_000)
    assert heard_of(server) == before
    assert sent(proxy, proxy.url + "/healthz")[0] == 200


def test_a_slow_head_is_ended_in_time(proxy: Nginx) -> None:
    with begun(proxy) as connection, pytest.raises(OSError):
        connection.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(int(SECONDS)):
            time.sleep(1)
            connection.sendall(b"X: y\r\n")


def test_a_crowd_of_heads_that_never_end_stays_at_nginx(proxy: Nginx, server: Server) -> None:
    before = heard_of(server)
    with ExitStack() as crowd:
        for _ in range(100):
            crowd.enter_context(begun(proxy)).sendall(
                b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
            )
        assert sent(proxy, proxy.url + "/healthz")[0] == 200
    assert not any(" GET / " in line for line in heard_of(server)[len(before) :])
