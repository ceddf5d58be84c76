"""Endpoints of models: a reply costs no more memory and time than was asked for, and is a stranger's text.

Time and bytes are bounded where they are read from the network, the heads of a response among them. What fails is left
alone after some failures in a row (a circuit breaker); whoever asks does without meanwhile.
"""

from __future__ import annotations

import json
import logging
import math
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import httpcore2 as httpcore
import httpx2 as httpx
import numpy as np

from vectorstore.embeddings import Embedding, Kind
from vectorstore.errors import EmbeddingAway, say
from vectorstore.vectors import AT_ONCE, Vectors, as_units

DEFAULT_URL = "https://api.openai.com/v1"
LONGEST = 4096  # numbers of a vector
QUESTION_SECONDS, PASSAGES_SECONDS = 5.0, 60.0  # longest time for a question, and for a request of passages
SLOW_SECONDS = 2.0  # of a failure after which nothing is asked for a while at once
PAUSES = (1.0, 5.0)  # seconds before a request of passages is tried again
HEAD_BYTES = 65_536  # at most: what stands around the content of a reply
_NUMBER_BYTES = 32  # of a written number
_IN_A_ROW = 3  # failures after which nothing is asked for a while
_REST, _LONGEST_REST = 10.0, 300.0  # seconds; doubled each time that trying again fails
_DEADLINE: ContextVar[float] = ContextVar("deadline", default=math.inf)  # of time.monotonic()
log = logging.getLogger("strategielotse")


class UnusableReply(Exception):
    """An endpoint sent more than a reply has, something else, or packed it."""


class Breaker:
    """Whether something that fails may be asked; after failures in a row it rests, then one request tries it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._failures, self._pause, self._until = 0, _REST, 0.0

    @property
    def is_failing(self) -> bool:
        """Whether the last request failed."""
        return self._failures > 0

    @property
    def seconds_left(self) -> float:
        """For how long nothing is asked."""
        return max(0.0, self._until - self._clock())

    def try_enter(self) -> bool:
        """True if a request may be made now; where it is the one that tries, the others wait for what becomes of it."""
        with self._lock:
            if self._clock() < self._until:
                return False
            if self._failures >= _IN_A_ROW:
                self._until = self._clock() + self._pause
            return True

    def count_failure(self, weight: int = 1) -> bool:
        """Count a failure; true if nothing is asked for a while now."""
        with self._lock:
            if self._failures >= _IN_A_ROW:
                self._pause = min(2 * self._pause, _LONGEST_REST)
            self._failures += weight
            if self._failures >= _IN_A_ROW:
                self._until = self._clock() + self._pause
            return self._failures >= _IN_A_ROW

    def count_success(self) -> None:
        """Forget the failures."""
        with self._lock:
            self._failures, self._pause, self._until = 0, _REST, 0.0


@contextmanager
def ending_after(seconds: float) -> Iterator[None]:
    """Whatever an `endpoint_client` reads or writes inside ends when so many seconds are over."""
    token = _DEADLINE.set(min(_DEADLINE.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def endpoint_client(most_bytes: int, check: Callable[[bytes], None] | None = None) -> httpx.Client:
    """A client that follows no redirect and reads at most so many bytes for a request, within the request's time.

    `check` gets the whole body of a reply that is no stream, before anybody else does. Raises UnusableReply.
    """

    def look(response: httpx.Response) -> None:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise UnusableReply
        if (
            check is not None
            and response.is_success
            and not response.headers.get("content-type", "").startswith("text/event-stream")
        ):
            check(response.read())

    client = _Client(follow_redirects=False, headers={"accept-encoding": "identity"}, event_hooks={"response": [look]})
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport):
            transport._pool._network_backend = _Network(transport._pool._network_backend, most_bytes)
    return client


class _Client(httpx.Client):
    """Closes when nobody holds it any more, as the client does that it stands for."""

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        with ending_after(request.extensions.get("timeout", {}).get("read") or math.inf):
            return super().send(request, **options)

    def __del__(self) -> None:
        with suppress(Exception):
            self.close()


class _Network(httpcore.NetworkBackend):
    """Connections that are bounded."""

    def __init__(self, backend: httpcore.NetworkBackend, most_bytes: int) -> None:
        self._backend, self._most = backend, most_bytes

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = _seconds_left(timeout, httpcore.ConnectTimeout)
        return _Wire(self._backend.connect_tcp(host, port, left, local_address, socket_options), self._most)


class _Wire(httpcore.NetworkStream):
    """One connection: what is read after a request is counted, and ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, most_bytes: int) -> None:
        self._stream, self._most, self._left = stream, most_bytes, most_bytes

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        content = self._stream.read(max_bytes, _seconds_left(timeout, httpcore.ReadTimeout))
        self._left -= len(content)
        if self._left < 0:
            raise UnusableReply
        return content

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._left = self._most
        self._stream.write(buffer, _seconds_left(timeout, httpcore.WriteTimeout))

    def start_tls(self, *given: Any, **named: Any) -> httpcore.NetworkStream:
        return _Wire(self._stream.start_tls(*given, **named), self._most)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


def _seconds_left(timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    """The seconds that a step may take; raises the error where the deadline is over."""
    left = _DEADLINE.get() - time.monotonic()
    if left <= 0:
        raise error
    return timeout if left == math.inf else min(left, timeout or math.inf)


def object_in(reply: str) -> Any:
    """What the object from the first brace to the last says, whatever stands around it; None where there is none.

    Raises ValueError where that is no JSON.
    """
    start, end = reply.find("{"), reply.rfind("}")
    try:
        return json.loads(reply[start : end + 1]) if 0 <= start < end else None
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


class EndpointEmbedding(Embedding):
    """The vectors of an OpenAI-compatible endpoint; safe for threads. Its key is in OPENAI_API_KEY."""

    kind: Kind = "endpoint"

    def __init__(self, model: str, url: str | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._model, self._url, self._clock = model, (url or DEFAULT_URL).rstrip("/"), clock
        self._identity = f"openai:{model}" + (f"@{url}" if url else "")
        self._clients = {most: endpoint_client(HEAD_BYTES + most * LONGEST * _NUMBER_BYTES) for most in (1, AT_ONCE)}
        self._breaker = Breaker(clock)
        self._asked = lru_cache(maxsize=512)(self._question)

    @property
    def identity(self) -> str:
        """See `Embedding.identity`."""
        return self._identity

    @property
    def away(self) -> bool:
        """Whether the last question had no vector."""
        return self._breaker.is_failing

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """See `Embedding.vectors`; tried again after a moment, nobody waits for it."""
        parts = [self._request_patiently(texts[start : start + AT_ONCE]) for start in range(0, len(texts), AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)

    def vector(self, text: str) -> Vectors:
        """See `Embedding.vector`."""
        return self._asked(text)

    def _request_patiently(self, texts: Sequence[str]) -> Vectors:
        for pause in PAUSES:
            with suppress(EmbeddingAway):
                return self._request_vectors(texts, PASSAGES_SECONDS)
            time.sleep(pause)
        return self._request_vectors(texts, PASSAGES_SECONDS)

    def _question(self, text: str) -> Vectors:
        if not self._breaker.try_enter():
            raise EmbeddingAway(say("store.embedding_rests"))
        begun = self._clock()
        try:
            vector: Vectors = self._request_vectors([text], QUESTION_SECONDS)[0]
        except EmbeddingAway as error:
            slow = self._clock() - begun > SLOW_SECONDS  # for which nobody is to wait again
            if self._breaker.count_failure(_IN_A_ROW if slow else 1):
                log.warning("%s", error)
            raise
        self._breaker.count_success()
        return vector

    def _request_vectors(self, texts: Sequence[str], seconds: float) -> Vectors:
        """The vectors that the endpoint gives within so many seconds; whatever fails is raised as EmbeddingAway."""
        try:
            return self._post(texts, seconds)
        except Exception as error:  # the network's, the client's, what is wrong with a reply
            raise EmbeddingAway(say("store.embedding_away", error=type(error).__name__)) from error

    def _post(self, texts: Sequence[str], seconds: float) -> Vectors:
        reply = self._clients[1 if len(texts) == 1 else AT_ONCE].post(
            f"{self._url}/embeddings",
            json={"model": self._model, "input": list(texts), "encoding_format": "float"},
            headers={"authorization": f"Bearer {os.environ.get('OPENAI_API_KEY') or 'none'}"},
            timeout=seconds,
        )
        if not reply.is_success:
            raise ValueError("no success")
        rows = sorted(reply.json()["data"], key=lambda row: int(row.get("index", 0)))
        vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(texts) or not 0 < vectors.shape[1] <= LONGEST:
            raise ValueError("other vectors than were asked for")
        return as_units(vectors)
