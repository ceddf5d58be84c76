"""Endpoints of models: what they send costs no more memory and time than was asked for, and is a stranger's text.

An embedding behind one is asked as a dependency that fails: within a time, and after some failures in a row not at all
for a while (a circuit breaker). Whoever asks does without meanwhile.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import lru_cache
from typing import Any

import httpx
import numpy as np

from vectorstore.embeddings import Embedding, Kind
from vectorstore.errors import EmbeddingAway, say
from vectorstore.vectors import Vectors, as_units

DEFAULT_URL = "https://api.openai.com/v1"
LONGEST = 4096  # numbers of a vector
QUESTION_SECONDS, PASSAGES_SECONDS = 5.0, 60.0  # longest time for a question, and for a request of passages
SLOW_SECONDS = 2.0  # of a failure after which nothing is asked for a while at once
PAUSES = (1.0, 5.0)  # seconds before a request of passages is tried again
_NUMBER_BYTES = 32  # of a written number
_IN_A_ROW = 3  # failures after which nothing is asked for a while
_REST, _LONGEST_REST = 10.0, 300.0  # seconds; doubled each time that trying again fails
_AT_A_TIME = 4  # requests; further ones fail at once
log = logging.getLogger("strategielotse")


class TooMuchSent(Exception):
    """An endpoint sent more than a reply has, or packed it."""


class SentTimeout(Exception):
    """An endpoint still sends when the time is over."""


def endpoint_client(most_bytes: int) -> httpx.Client:
    """A client that follows no redirect and reads so many bytes of a reply, unpacked, within the request's time.

    A request may say by its extension `most_bytes` that its reply has fewer.
    """

    def limited(response: httpx.Response) -> None:
        if isinstance(response.stream, httpx.SyncByteStream):
            most = response.request.extensions.get("most_bytes", most_bytes)
            response.stream = _Limited(response, response.stream, most)

    return _Client(follow_redirects=False, headers={"accept-encoding": "identity"}, event_hooks={"response": [limited]})


class _Client(httpx.Client):
    """Closes when nobody holds it any more, as the client does that it stands for."""

    def __del__(self) -> None:
        with suppress(Exception):
            self.close()


class _Limited(httpx.SyncByteStream):
    """The body of a response, as far as it may go."""

    def __init__(self, response: httpx.Response, stream: httpx.SyncByteStream, most_bytes: int) -> None:
        self._stream, self._left = stream, most_bytes
        self._packed = response.headers.get("content-encoding", "identity").lower() != "identity"
        self._until = time.monotonic() + (response.request.extensions["timeout"]["read"] or float("inf"))

    def __iter__(self) -> Iterator[bytes]:
        if self._packed:
            raise TooMuchSent
        for chunk in self._stream:
            self._left -= len(chunk)
            if self._left < 0:
                raise TooMuchSent
            if time.monotonic() > self._until:
                raise SentTimeout
            yield chunk

    def close(self) -> None:
        self._stream.close()


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
        self._client = endpoint_client(0)
        self._free = threading.BoundedSemaphore(_AT_A_TIME)
        self._failures, self._rest, self._resting_until = 0, _REST, 0.0
        self._asked = lru_cache(maxsize=512)(self._question)

    @property
    def identity(self) -> str:
        """See `Embedding.identity`."""
        return self._identity

    @property
    def away(self) -> bool:
        """Whether nothing is asked for a while."""
        return self._clock() < self._resting_until

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """See `Embedding.vectors`; tried again after a moment, nobody waits for it."""
        for pause in PAUSES:
            with suppress(EmbeddingAway):
                return self._embedded(texts, PASSAGES_SECONDS)
            time.sleep(pause)
        return self._embedded(texts, PASSAGES_SECONDS)

    def vector(self, text: str) -> Vectors:
        """See `Embedding.vector`."""
        return self._asked(text)

    def _question(self, text: str) -> Vectors:
        if self.away:
            raise EmbeddingAway(say("store.embedding_rests"))
        begun = self._clock()
        try:
            vector: Vectors = self._embedded([text], QUESTION_SECONDS)[0]
        except EmbeddingAway as error:
            slow = self._clock() - begun > SLOW_SECONDS  # for which nobody is to wait again
            self._failures += _IN_A_ROW if slow else 1
            if self._failures >= _IN_A_ROW:
                self._resting_until = self._clock() + self._rest
                self._rest = min(2 * self._rest, _LONGEST_REST)
                log.warning("%s", error)
            raise
        self._failures, self._rest = 0, _REST
        return vector

    def _embedded(self, texts: Sequence[str], seconds: float) -> Vectors:
        """The vectors of a reply, in another thread and never later than that; raises EmbeddingAway."""
        if not texts:
            return np.zeros((0, 1), dtype=np.float32)
        replied: Future[Vectors] = Future()
        if not self._free.acquire(blocking=False):
            raise EmbeddingAway(say("store.embedding_away", error="Busy"))

        def ask() -> None:
            try:
                replied.set_result(self._replied(texts, seconds))
            except BaseException as error:
                replied.set_exception(error)
            finally:
                self._free.release()

        threading.Thread(target=ask, daemon=True).start()
        try:
            return replied.result(seconds + 1.0)
        except Exception as error:  # the network's, the client's, what is wrong with a reply
            if isinstance(error, TimeoutError):
                client, self._client = self._client, endpoint_client(0)
                client.close()  # which ends what still reads
            raise EmbeddingAway(say("store.embedding_away", error=type(error).__name__)) from error

    def _replied(self, texts: Sequence[str], seconds: float) -> Vectors:
        reply = self._client.post(
            f"{self._url}/embeddings",
            json={"model": self._model, "input": list(texts), "encoding_format": "float"},
            headers={"authorization": f"Bearer {os.environ.get('OPENAI_API_KEY') or 'none'}"},
            timeout=seconds,
            extensions={"most_bytes": 10_000 + len(texts) * LONGEST * _NUMBER_BYTES},
        )
        if not reply.is_success:
            raise ValueError("no success")
        rows = sorted(reply.json()["data"], key=lambda row: int(row.get("index", 0)))
        vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(texts) or not 0 < vectors.shape[1] <= LONGEST:
            raise ValueError("other vectors than were asked for")
        return as_units(vectors)
