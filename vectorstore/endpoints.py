"""HTTP client for model endpoints with limits on time and bytes, a circuit breaker, and the
embedding of an endpoint.

The limits are enforced where bytes are read from the network, so they include the headers of a
response. After several failures in a row the circuit breaker stops requests for a while, and
callers work without the endpoint.
"""

from __future__ import annotations

import json
import logging
import math
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import httpcore2 as httpcore
import httpx2 as httpx
import numpy as np

from vectorstore.embeddings import AT_ONCE, Embedding, EmbeddingKind, Vectors, as_units
from vectorstore.storage import EmbeddingUnreachable, say

DEFAULT_URL = "https://api.openai.com/v1"
LONGEST = 4096  # numbers of a vector
# longest time for a question, and for a request of passages
QUESTION_SECONDS = 5.0
PASSAGES_SECONDS = 60.0
SLOW_SECONDS = 2.0  # a question that fails after more than this opens the circuit breaker at once
PAUSES = (1.0, 5.0)  # seconds before a request of passages is tried again
BASE_REPLY_BYTES = 65_536  # at most: headers of a reply, and its body except for the numbers
_NUMBER_BYTES = 32  # at most, of a number as text
_IN_A_ROW = 3  # failures that open the circuit breaker
# seconds without requests; doubled each time that the trial request fails
_PAUSE = 10.0
_LONGEST_PAUSE = 300.0
_DEADLINE: ContextVar[float] = ContextVar("deadline", default=math.inf)  # of time.monotonic()
log = logging.getLogger("strategielotse")


class UnusableReply(Exception):
    """A reply is too large, compressed, or not what was requested."""


class Breaker:
    """A circuit breaker: after failures in a row it allows no requests for a pause, then one trial
    request.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._failures, self._pause, self._until = 0, _PAUSE, 0.0
        self._has_trial = False  # a request after a pause, whose outcome is not counted yet

    @property
    def is_failing(self) -> bool:
        """True if the last request failed."""
        return self._failures > 0

    @property
    def seconds_left(self) -> float:
        """The seconds until the next request is allowed, 0.0 if it is now."""
        return max(0.0, self._until - self._clock())

    def try_enter(self) -> bool:
        """True if a request may be made now.

        The first request after a pause is a trial: until its outcome is counted, other requests
        have to wait for another pause.
        """
        with self._lock:
            if self._clock() < self._until:
                return False
            self._has_trial = self._failures >= _IN_A_ROW
            if self._has_trial:
                self._until = self._clock() + self._pause
            return True

    def count_failure(self, weight: int = 1) -> bool:
        """Count a failed request as `weight` failures; True if a pause begins.

        A very slow failure has such a weight that it begins a pause at once. A failed trial request
        doubles the pause; others that were on their way when it began only begin it anew.
        """
        with self._lock:
            if self._has_trial:
                self._pause = min(2 * self._pause, _LONGEST_PAUSE)
            self._has_trial = False
            self._failures += weight
            if self._failures >= _IN_A_ROW:
                self._until = self._clock() + self._pause
            return self._failures >= _IN_A_ROW

    def count_success(self) -> None:
        """Reset failures and pause."""
        with self._lock:
            self._failures, self._pause, self._until = 0, _PAUSE, 0.0


@contextmanager
def deadline_after(seconds: float) -> Iterator[None]:
    """Set a deadline for all that an `endpoint_client` reads or writes in this block.

    An earlier deadline, set around this block, stays.
    """
    token = _DEADLINE.set(min(_DEADLINE.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def endpoint_client(most_bytes: int, check: Callable[[bytes], None] | None = None) -> httpx.Client:
    """A client that follows no redirects and reads at most `most_bytes` for a request, within the
    request's timeout.

    `check` gets the body of each successful reply and may raise. The reply of a failed request has
    at most `BASE_REPLY_BYTES`. The client raises UnusableReply.
    """

    def check_response(response: httpx.Response) -> None:
        """Refuse packed replies and long errors, and `check` all other replies."""
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise UnusableReply
        if not response.is_success:
            if len(response.read()) > BASE_REPLY_BYTES:
                raise UnusableReply
        elif check is not None:
            check(response.read())

    hooks = {"response": [check_response]}
    client = _Client(
        follow_redirects=False, headers={"accept-encoding": "identity"}, event_hooks=hooks
    )
    # below the client, where all bytes are seen; there is no public way
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport):
            transport._pool._network_backend = LimitedBackend(
                transport._pool._network_backend, most_bytes
            )
    return client


class _Client(httpx.Client):
    """Sends each request within its read timeout as a whole; closes when it is
    garbage-collected.
    """

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        with deadline_after(request.extensions.get("timeout", {}).get("read") or math.inf):
            return super().send(request, **options)

    def __del__(self) -> None:
        with suppress(Exception):
            self.close()


class LimitedBackend(httpcore.NetworkBackend):
    """Opens connections with limits on bytes and time."""

    def __init__(self, backend: httpcore.NetworkBackend, most_bytes: int) -> None:
        self._backend, self._most_bytes = backend, most_bytes

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *arguments: Any, **options: Any
    ) -> httpcore.NetworkStream:
        """Open a connection within `timeout` seconds, None for no limit, and before the deadline of
        the whole request, which `_seconds_left` knows.
        """
        seconds = _seconds_left(timeout, httpcore.ConnectTimeout)
        stream = self._backend.connect_tcp(host, port, seconds, *arguments, **options)
        return _LimitedStream(stream, self._most_bytes)


class _LimitedStream(httpcore.NetworkStream):
    """A connection that counts the bytes read since the last write, and respects the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, most_bytes: int) -> None:
        self._stream, self._most_bytes, self._bytes_left = stream, most_bytes, most_bytes

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read before the deadline; raises UnusableReply if more was read since the last write,
        which begins a request, than is allowed.
        """
        content = self._stream.read(max_bytes, _seconds_left(timeout, httpcore.ReadTimeout))
        self._bytes_left -= len(content)
        if self._bytes_left < 0:
            raise UnusableReply
        return content

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._bytes_left = self._most_bytes
        self._stream.write(buffer, _seconds_left(timeout, httpcore.WriteTimeout))

    def start_tls(self, *arguments: Any, **options: Any) -> httpcore.NetworkStream:
        return _LimitedStream(self._stream.start_tls(*arguments, **options), self._most_bytes)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


def _seconds_left(timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    """The timeout of a network operation, shortened so that it ends at the deadline.

    None if neither a timeout nor a deadline is set. Raises `error` if the deadline is over.
    """
    remaining = _DEADLINE.get() - time.monotonic()
    if remaining <= 0:
        raise error
    if remaining == math.inf:
        return timeout
    return min(remaining, timeout or math.inf)


def parse_json_object(reply: str) -> Any:
    """The JSON object from the first to the last brace of a reply, None without braces.

    Words or a code fence around the object are ignored. Raises ValueError if the text between the
    braces is no JSON, or is nested too deeply.
    """
    start, end = reply.find("{"), reply.rfind("}")
    if start < 0 or end <= start:
        return None
    try:
        return json.loads(reply[start : end + 1])
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


class EndpointEmbedding(Embedding):
    """The embedding of an OpenAI-compatible endpoint; thread-safe. Its key is in OPENAI_API_KEY."""

    kind: EmbeddingKind = "endpoint"

    def __init__(
        self, model: str, url: str | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Without `url` the endpoint is that of OpenAI. The URL is part of the identity, as another
        server may have another model under this name.
        """
        self._model = model
        self._url = (url or DEFAULT_URL).rstrip("/")
        self._clock = clock
        self.identity = f"openai:{model}" + (f"@{url}" if url else "")
        # One client for a question and one for passages: the limits on bytes follow from the number
        # of texts.
        self._clients = {
            texts: endpoint_client(BASE_REPLY_BYTES + texts * LONGEST * _NUMBER_BYTES)
            for texts in (1, AT_ONCE)
        }
        self._breaker = Breaker(clock)
        self._cached_vector = lru_cache(maxsize=512)(self._embed_question)

    @property
    def is_unavailable(self) -> bool:
        """True if the request for the last question failed."""
        return self._breaker.is_failing

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A vector for each passage, shape (len(texts), d).

        A request that fails is repeated after each of `PAUSES`, as an edition cannot be built
        without; the last failure is raised.
        """
        for pause in PAUSES:
            with suppress(EmbeddingUnreachable):
                return self._request_vectors(texts, PASSAGES_SECONDS)
            time.sleep(pause)
        return self._request_vectors(texts, PASSAGES_SECONDS)

    def vector(self, text: str) -> Vectors:
        """See `Embedding.vector`."""
        return self._cached_vector(text)

    def _embed_question(self, text: str) -> Vectors:
        """The vector of a question, shape (d,).

        Raises EmbeddingUnreachable if the request fails, and without a request while the circuit
        breaker allows none.
        """
        if not self._breaker.try_enter():
            raise EmbeddingUnreachable(say("store.embedding_rests"))
        started = self._clock()
        try:
            vector: Vectors = self._request_vectors([text], QUESTION_SECONDS)[0]
        except EmbeddingUnreachable as error:
            # so slow that no other question should wait for it
            is_slow = self._clock() - started > SLOW_SECONDS
            if self._breaker.count_failure(_IN_A_ROW if is_slow else 1):
                log.warning("%s", error)  # once for each pause
            raise
        self._breaker.count_success()
        return vector

    def _request_vectors(self, texts: Sequence[str], seconds: float) -> Vectors:
        """The vectors of texts in one request, within so many seconds; raises EmbeddingUnreachable
        for any failure.
        """
        try:
            return self._post(texts, seconds)
        except Exception as error:  # of the network, the client, or a reply in another form
            raise EmbeddingUnreachable(
                say("store.embedding_away", error=type(error).__name__)
            ) from error

    def _post(self, texts: Sequence[str], seconds: float) -> Vectors:
        """The vectors of texts in one request; raises ValueError, KeyError and the client's
        exceptions.

        A reply with other vectors than were asked for is refused: their number must be that of the
        texts, and all must have the same length.
        """
        reply = self._clients[1 if len(texts) == 1 else AT_ONCE].post(
            f"{self._url}/embeddings",
            json={"model": self._model, "input": list(texts), "encoding_format": "float"},
            headers={"authorization": f"Bearer {os.environ.get('OPENAI_API_KEY') or 'none'}"},
            timeout=seconds,
        )
        if not reply.is_success:
            raise ValueError("no success")
        # by the index of the text: the order of a reply is not fixed
        rows = sorted(reply.json()["data"], key=lambda row: int(row.get("index", 0)))
        vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(texts) or not 0 < vectors.shape[1] <= LONGEST:
            raise ValueError("other vectors than were asked for")
        return as_units(vectors)
