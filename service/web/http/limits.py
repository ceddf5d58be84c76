"""Middleware that limits requests: size of the body, time until the response starts, requests per
client.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from service.records import ProblemError
from service.web.http.clients import client_key, is_loopback, network_key
from service.web.http.middleware import Layer, on_response_start, refuse

MAX_BODY_BYTES = 65_536
# bytes of a refused body that are still read: a client that is cut off while it sends does not read
# the response
MOST_DRAINED = 64 * 1024 * 1024
DRAIN_SECONDS = 30.0  # the longest time for that
# limit of a network (/48) over that of a client: offices and mobile networks share a network
NETWORK_FACTOR = 16
UNLIMITED_PATHS = ("/healthz", "/readyz", "/static/", "/widget")


def format_size(number: int) -> str:
    """Return a number of bytes as text, rounded down: "65 kB", "5 MB"."""
    if number >= 1_000_000:
        return f"{number // 1_000_000} MB"
    return f"{number // 1000} kB"


@dataclass(eq=False)
class BodyLimit(Layer):
    """Refuses bodies over `max_bytes` with 413, by Content-Length or while read; `others`: path to
    (bytes, problem).
    """

    max_bytes: int
    others: Mapping[str, tuple[int, ProblemError]]

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, and refuse a body that is too large.

        A body whose declared length is too large is refused before the application sees it.
        Otherwise the bytes are counted as the application reads them: beyond the limit reading
        raises a 413, and the application's response is replaced by the refusal. First the rest of
        the body is read (`drain`), since a client that is still sending would not read a response.
        """
        default = ProblemError("too-large", values={"most": format_size(self.max_bytes)})
        most, problem = self.others.get(scope["path"], (self.max_bytes, default))
        error = ProblemError(problem.name, values=problem.values, headers={"Connection": "close"})
        headers, bytes_read, is_complete = Headers(scope=scope), 0, False
        content_length = headers.get("content-length", "0")
        if content_length.isdigit() and int(content_length) > most:
            # with it the client has not sent the body yet
            if headers.get("expect", "").lower() != "100-continue":
                await drain(receive)
            await refuse(error, scope, receive, send)
            return

        async def receive_counting() -> Message:
            """Return the next part of the body for the application, as long as the body is not too
            large.
            """
            nonlocal bytes_read, is_complete
            message = await receive()
            bytes_read += len(message.get("body", b""))
            is_complete = not message.get("more_body")
            if bytes_read > most:
                raise HTTPException(413)
            return message

        async def send_unless_refused(message: Message) -> None:
            """Send the application's response, or the refusal in its place."""
            if bytes_read <= most:
                await send(message)
            # the application's answer to the 413 above is replaced
            elif message["type"] == "http.response.start":
                if not is_complete:
                    await drain(receive)
                await refuse(error, scope, receive, send)

        await self.app(scope, receive_counting, send_unless_refused)


async def drain(receive: Receive) -> None:
    """Read and discard the remainder of a body, so that the client gets to reading the response.

    It ends after `MOST_DRAINED` bytes or `DRAIN_SECONDS`, so that no client can keep us reading.
    """
    bytes_left = MOST_DRAINED
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while bytes_left > 0:
                message = await receive()
                bytes_left -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return


@dataclass(eq=False)
class RequestTime(Layer):
    """Answers 503 where a response has not started after `seconds`; `others`: path to seconds."""

    seconds: float
    others: Mapping[str, float]

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, and answer 503 if its response does not start in time.

        Once the response has started, it may take any time: a stream of events is sent as it comes.
        """
        try:
            async with asyncio.timeout(self.others.get(scope["path"], self.seconds)) as deadline:
                await self.app(
                    scope, receive, on_response_start(send, lambda _: deadline.reschedule(None))
                )
        except TimeoutError:
            if not deadline.expired():  # the application's own timeout
                raise
            error = ProblemError("timeout", headers={"Retry-After": "5", "Connection": "close"})
            await refuse(error, scope, receive, send)


@dataclass(eq=False)
class RateLimit(Layer):
    """Answers 429 with Retry-After to clients over `per_minute` requests in any minute (0: no
    limit).

    A network may send `NETWORK_FACTOR` times as many; loopback is not limited.
    """

    per_minute: int

    def __post_init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or answer 429 with the seconds after which the next one is allowed.

        Loopback is exempt, and so are health checks, static files and the widget
        (`UNLIMITED_PATHS`).
        """
        is_exempt = is_loopback(client_key(scope)) or scope["path"].startswith(UNLIMITED_PATHS)
        wait = self.wait(scope) if self.per_minute and not is_exempt else 0
        if wait:
            error = ProblemError("too-many-requests", headers={"Retry-After": str(math.ceil(wait))})
            await refuse(error, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def wait(self, scope: Scope) -> float:
        """Count a request; return 0 if it is within the limits of its client and of its network.

        Else return after how many seconds (at least a thousandth) the next request is allowed. A
        request that is refused for its client is not counted for its network.
        """
        of_network = NETWORK_FACTOR * self.per_minute
        for key, most in ((client_key(scope), self.per_minute), (network_key(scope), of_network)):
            rate = RateLimitItemPerSecond(most, 60)
            if not self._limiter.hit(rate, key):
                return max(
                    0.001, self._limiter.get_window_stats(rate, key).reset_time - time.time()
                )
        return 0.0
