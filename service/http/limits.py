"""Limits of requests: size of the body, time until the response starts, requests per client.

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
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.clients import client_key, is_loopback, network_key
from service.http.middleware import Layer, at_start, refuse
from service.http.problems import ProblemError

MAX_BODY_BYTES = 65_536
MOST_DRAINED = 64 * 1024 * 1024  # bytes of a refused body that are read,
DRAIN_SECONDS = 30.0  # and for how long: who is still sending when a connection closes never reads the answer
OF_NETWORK = 16  # times as many requests of a network (/48) as of one client: offices and mobile networks share one
UNLIMITED_PATHS = ("/healthz", "/readyz", "/static/", "/widget")


def sized(number: int) -> str:
    """Return a number of bytes for people, never more than it is: "65 kB", "5 MB"."""
    return f"{number // 1_000_000} MB" if number >= 1_000_000 else f"{number // 1000} kB"


class BodyLimit(Layer):
    """Refuses bodies over `max_bytes` with 413, announced or chunked; `others` have limits and words of their own."""

    def __init__(self, app: ASGIApp, max_bytes: int, others: Mapping[str, tuple[int, ProblemError]]) -> None:
        super().__init__(app)
        self._usual = max_bytes, ProblemError("too-large", values={"most": sized(max_bytes)})
        self._others = others

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; where a body turns out too large, the refusal waits until the rest has come."""
        most, error = self._others.get(scope["path"], self._usual)
        error = ProblemError(error.name, values=error.values, headers={"Connection": "close"})
        headers, seen, whole = Headers(scope=scope), 0, False
        announced = headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > most:
            if headers.get("expect", "").lower() != "100-continue":  # who asks first has not sent anything yet
                await drain(receive)
            await refuse(error, scope, receive, send)
            return

        async def receive_counting() -> Message:
            nonlocal seen, whole
            message = await receive()
            seen, whole = seen + len(message.get("body", b"")), not message.get("more_body")
            if seen > most:
                raise HTTPException(413)
            return message

        async def send_unless_refused(message: Message) -> None:
            if seen <= most:
                await send(message)
            elif message["type"] == "http.response.start":
                if not whole:
                    await drain(receive)
                await refuse(error, scope, receive, send)

        await self.app(scope, receive_counting, send_unless_refused)


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


class RequestTime(Layer):
    """Answers 503 where a response has not begun after `seconds`."""

    def __init__(self, app: ASGIApp, seconds: float, others: Mapping[str, float]) -> None:
        super().__init__(app)
        self._seconds = seconds
        self._others = others

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        try:
            async with asyncio.timeout(self._others.get(scope["path"], self._seconds)) as deadline:
                await self.app(scope, receive, at_start(send, lambda _: deadline.reschedule(None)))
        except TimeoutError:
            if not deadline.expired():
                raise
            error = ProblemError("timeout", headers={"Retry-After": "5", "Connection": "close"})
            await refuse(error, scope, receive, send)


class Turns:
    """At most so many turns of a client in any minute, and of its network sixteen times as many; of this process."""

    def __init__(self, most: int) -> None:
        self._limiter, self._rates = MovingWindowRateLimiter(MemoryStorage()), [most, OF_NETWORK * most]

    def wait(self, scope: Scope) -> float:
        """Take a turn; return 0 where there was one, else the seconds until there is."""
        for key, most in zip((client_key(scope), network_key(scope)), self._rates, strict=True):
            rate = RateLimitItemPerSecond(most, 60)
            if not self._limiter.hit(rate, key):
                return max(0.001, self._limiter.get_window_stats(rate, key).reset_time - time.time())
        return 0.0


class RateLimit(Layer):
    """Answers 429 with Retry-After to clients that ask too often; loopback is free."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        super().__init__(app)
        self._turns = Turns(per_minute) if per_minute else None

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        free = self._turns is None or is_loopback(client_key(scope)) or scope["path"].startswith(UNLIMITED_PATHS)
        if self._turns and not free and (wait := self._turns.wait(scope)):
            error = ProblemError("too-many-requests", headers={"Retry-After": str(math.ceil(wait))})
            await refuse(error, scope, receive, send)
        else:
            await self.app(scope, receive, send)
