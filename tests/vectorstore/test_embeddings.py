"""Embeddings behind an address: bounded in time and size, left alone where they fail; and what a
setting names.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from threading import active_count
from typing import Any

import numpy as np
import pytest

from tests.http_servers import QuietHandler, serving_by
from tests.vectorstore.samples import LetterEmbedding
from vectorstore import embedding_for, endpoints
from vectorstore.encoder import Encoder
from vectorstore.endpoints import Breaker, EndpointEmbedding
from vectorstore.storage import EmbeddingUnreachable


class Endpoint(ThreadingHTTPServer):
    """Replies to each request as its function says: a status, headers and a body, or None to say
    nothing.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = list[dict[str, Any]]()
        self.reply: Any = vectors_for
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(QuietHandler):
    server: Endpoint

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append({**asked, "path": self.path, "key": self.headers["authorization"]})
        status, headers, pieces = self.server.reply(asked)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in pieces:
            self.wfile.write(piece)


def vectors_for(asked: dict[str, Any]) -> tuple[int, dict[str, str], list[bytes]]:
    rows = LetterEmbedding(8).vectors(asked["input"])
    data = [{"index": place, "embedding": row.tolist()} for place, row in enumerate(rows)]
    return 200, {"content-type": "application/json"}, [json.dumps({"data": data[::-1]}).encode()]


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    with serving_by(server):
        yield server


@pytest.fixture
def served() -> Iterator[Endpoint]:
    with endpoint() as server:
        yield server


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "QUESTION_SECONDS", 1.0)
    monkeypatch.setattr(endpoints, "SLOW_SECONDS", 0.9)
    monkeypatch.setattr(endpoints, "PAUSES", (0.0,))


def test_passages_and_questions_are_asked_of_the_endpoint(
    served: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    found = embedding_for(f"openai:small@{served.url}")
    assert (found.kind, found.identity) == (
        "endpoint",
        f"openai:small@{served.url}",
    ) and not found.is_unavailable
    rows = found.vectors(["Radweg", "Bürgerbus"])
    assert rows.shape == (2, 8) and np.argmax(rows @ found.vector("Radwege")) == 0
    found.vector("Radwege")
    assert [item["input"] for item in served.asked] == [["Radweg", "Bürgerbus"], ["Radwege"]]
    first = served.asked[0]
    assert (first["path"], first["key"], first["model"]) == (
        "/v1/embeddings",
        "Bearer secret",
        "small",
    )


def dripping() -> Iterator[bytes]:
    while True:
        yield b" "
        time.sleep(0.05)


def endless() -> Iterator[bytes]:
    while True:
        yield b"0.125," * 10_000


HOSTILE: dict[str, Any] = {
    "too many requests": (429, {}, []),
    "a fault": (500, {}, [b"{}"]),
    "elsewhere": (307, {"location": "http://localhost:9/v1/embeddings"}, []),
    "packed": (200, {"content-encoding": "gzip"}, [b"\x1f\x8b" + bytes(30)]),
    "no JSON": (200, {}, [b"<html>"]),
    "nested": (200, {}, [b"[" * 200_000]),
    "no vectors": (200, {}, [b'{"data": []}']),
    "too few": (200, {}, [b'{"data": [{"index": 0, "embedding": []}]}']),
    "words": (200, {}, [b'{"data": [{"index": 0, "embedding": ["a"]}]}']),
    "not finite": (200, {}, [b'{"data": [{"index": 0, "embedding": [1e999, NaN]}]}']),
    "too long": (200, {}, [b'{"data": [{"embedding": [' + b"1," * 5000 + b"1]}]}"]),
    "endless": (200, {}, endless()),
    "dripping": (200, {}, dripping()),
}


@pytest.mark.parametrize("reply", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_wrong_with_a_reply_is_one_error_in_time(served: Endpoint, reply: Any) -> None:
    served.reply = lambda asked: reply
    found, begun = EndpointEmbedding("m", served.url), time.monotonic()
    with pytest.raises(EmbeddingUnreachable):
        found.vector("Geheim?")
    assert time.monotonic() - begun < 3 and len(served.asked) == 1


def test_after_failures_in_a_row_nothing_is_asked_for_a_while(served: Endpoint) -> None:
    now = [0.0]
    found = EndpointEmbedding("m", served.url, clock=lambda: now[0])
    served.reply = lambda asked: (500, {}, [])
    for _ in range(5):
        with pytest.raises(EmbeddingUnreachable):
            found.vector("Radweg")
    assert len(served.asked) == 3 and found.is_unavailable
    now[0], served.reply = 11.0, vectors_for
    assert (
        found.vector("Radweg").shape == (8,) and len(served.asked) == 4 and not found.is_unavailable
    )


def test_a_pause_is_doubled_by_a_failed_trial_and_not_by_requests_of_before() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for seconds in (10.0, 20.0):
        assert breaker.try_enter()
        for _ in range(8):  # as many as are on their way at once
            breaker.count_failure()
        assert breaker.seconds_left == seconds
        now[0] += seconds


def test_a_silent_endpoint_costs_one_question_its_time_and_no_threads(served: Endpoint) -> None:
    def silent(asked: object) -> Any:
        time.sleep(2.5)
        return 200, {}, []

    served.reply = silent
    before = active_count()  # a worker of the test run has threads of its own
    found, begun = EndpointEmbedding("m", served.url), time.monotonic()
    for _ in range(10):
        with pytest.raises(EmbeddingUnreachable):
            found.vector("Radweg")
    assert time.monotonic() - begun < 3 and len(served.asked) == 1
    while active_count() > before and time.monotonic() - begun < 10:
        time.sleep(0.1)
    assert active_count() <= before


def test_passages_are_asked_for_again_where_it_fails_once(served: Endpoint) -> None:
    replies = [lambda asked: (429, {}, []), vectors_for]
    served.reply = lambda asked: replies.pop(0)(asked)
    assert EndpointEmbedding("m", served.url).vectors(["Radweg"]).shape == (1, 8)
    with pytest.raises(EmbeddingUnreachable):
        EndpointEmbedding("m", "http://127.0.0.1:9/v1").vectors(["Radweg"])


@pytest.mark.parametrize("setting", ["openai", "openai:", "folder:/model", "magic", "default"])
def test_what_names_no_embedding_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="no embedding"):
        embedding_for(setting)


def test_without_a_setting_it_is_the_encoder() -> None:
    assert (
        isinstance(embedding_for(None), Encoder)
        and embedding_for("").identity == embedding_for(None).identity
    )


def test_langchain_has_its_own_view_of_an_embedding() -> None:
    letters = LetterEmbedding(8)
    assert (
        letters.embed_documents(["Radweg"])[0]
        == letters.embed_query("Radweg")
        == letters.vector("Radweg").tolist()
    )
