"""Endpoints of models: what they send costs no more memory and time than was asked for, and is a stranger's text."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx


class TooMuchSent(Exception):
    """An endpoint sent more than a reply has, or packed it."""


class SentTimeout(Exception):
    """An endpoint still sends when the time is over."""


def endpoint_client(most_bytes: int) -> httpx.Client:
    """A client that follows no redirect and reads so many bytes of a reply, unpacked, within the request's time."""

    def limited(response: httpx.Response) -> None:
        if isinstance(response.stream, httpx.SyncByteStream):
            response.stream = _Limited(response, response.stream, most_bytes)

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
