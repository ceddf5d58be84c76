"""Limits as pure ASGI middleware: size of a request's body, time until its response starts, requests per client.

Single paths may have a limit of their own: `others` maps a path to it.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from contextlib import suppress

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.clients import client_key
from service.http.problems import ProblemError, problem_response
from service.settings import Network

MAX_BODY_BYTES = 65_536
MOST_DRAINED = 64 * 1024 * 1024  # bytes of a refused body that are read,
DRAIN_SECONDS = 30.0  # and for how long: who is still sending when a connection closes never reads the answer
UNLIMITED_PATHS = ("/healthz", "/readyz", "/static/", "/widget")


class BodyLimit:
    """Refuses bodies over `max_bytes` with 413, announced or chunked; `others` have limits and words of their own."""

    def __init__(
        self, app: ASGIApp, max_bytes: int, others: Mapping[str, tuple[int, ProblemError]] | None = None
    ) -> None:
        self._app = app
        self._usual = max_bytes, ProblemError("too-large", values={"most": sized(max_bytes)})
        self._others = dict(others or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most, error = self._others.get(scope["path"], self._usual)
        announced = headers.get("content-length", "0")
        if not announced.isdigit() or int(announced) <= most:
            await self._app(scope, *_counting(scope, receive, send, most, error))
            return
        if headers.get("expect", "").lower() != "100-continue":  # who asks first has not sent anything yet
            await drain(receive)
        await _refusal(error, headers)(scope, receive, send)


async def drain(receive: Receive) -> None:
    """Read and forget what is left of a body, up to `MOST_DRAINED` and for `DRAIN_SECONDS`."""
    left = MOST_DRAINED
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return


def _refusal(error: ProblemError, headers: Headers) -> Response:
    response = problem_response(error, headers)
    response.headers["connection"] = "close"
    return response


def sized(number: int) -> str:
    """Return a number of bytes for people, never more than it is: "65 kB", "5 MB"."""
    return f"{number // 1_000_000} MB" if number >= 1_000_000 else f"{number // 1000} kB"


def _counting(scope: Scope, receive: Receive, send: Send, most: int, error: ProblemError) -> tuple[Receive, Send]:
    """Refuse a body that turns out too large while it is read; the refusal waits until the rest has come."""
    seen, whole = 0, False

    async def counted() -> Message:
        nonlocal seen, whole
        message = await receive()
        seen, whole = seen + len(message.get("body", b"")), not message.get("more_body")
        if seen > most:
            raise HTTPException(413)
        return message

    async def sending(message: Message) -> None:
        if seen <= most:
            await send(message)
        elif message["type"] == "http.response.start":
            if not whole:
                await drain(receive)
            await _refusal(error, Headers(scope=scope))(scope, receive, send)

    return counted, sending


class RequestTime:
    """Answers 503 where a response has not begun after `seconds`."""

    def __init__(self, app: ASGIApp, seconds: float, others: Mapping[str, float] | None = None) -> None:
        self._app = app
        self._seconds = seconds
        self._others = dict(others or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._others.get(scope["path"], self._seconds)) as deadline:
                await self._app(scope, receive, _stopping(send, deadline))
        except TimeoutError:
            if not deadline.expired():
                raise
            error = ProblemError("timeout", headers={"Retry-After": "5", "Connection": "close"})
            await problem_response(error, Headers(scope=scope))(scope, receive, send)


def _stopping(send: Send, deadline: asyncio.Timeout) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            deadline.reschedule(None)
        await send(message)

    return sending


class Turns:
    """At most so many turns of a client in any span of so many seconds."""

    def __init__(self, most: int, seconds: int = 60) -> None:
        self._rate = RateLimitItemPerSecond(most, seconds)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, client: str, *, take: bool = True) -> float:
        """Take a turn, or only look; return 0 where there was one, else the seconds until there is."""
        if (self._limiter.hit if take else self._limiter.test)(self._rate, client):
            return 0.0
        return max(0.001, self._limiter.get_window_stats(self._rate, client).reset_time - time.time())

    def left(self, client: str) -> int:
        """Return how many turns a client has left."""
        return self._limiter.get_window_stats(self._rate, client).remaining


class RateLimit:
    """Answers 429 with Retry-After to clients that ask too often; loopback is free."""

    def __init__(self, app: ASGIApp, per_minute: int, proxies: tuple[Network, ...]) -> None:
        self._app = app
        self._proxies = proxies
        self._turns = Turns(per_minute) if per_minute else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        wait = self._wait(scope) if scope["type"] == "http" else 0.0
        if not wait:
            await self._app(scope, receive, send)
            return
        error = ProblemError("too-many-requests", headers={"Retry-After": str(math.ceil(wait))})
        await problem_response(error, Headers(scope=scope))(scope, receive, send)

    def _wait(self, scope: Scope) -> float:
        if self._turns is None or scope["path"].startswith(UNLIMITED_PATHS):
            return 0.0
        client = client_key(scope, self._proxies)
        return self._turns.wait(client) if client else 0.0
