"""Middleware of every request: id and log line, unexpected errors, HEAD, foreign websites, security
headers.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import log_exception, request_id
from service.records import ProblemError
from service.web.http.clients import SAFE_METHODS, is_foreign
from service.web.http.metrics import Meters
from service.web.http.problems import problem_response
from service.web.http.responses import PUBLIC_PATH

REQUEST_ID_HEADER = "X-Request-ID"
ID_BYTES = 8
# nginx' status for a client that disconnected before the response; in the log only
CLIENT_LEFT = 499
IS_HEAD_KEY = "is_head"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CONTENT_POLICY = "content-security-policy"
CONTENT_RULES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
)
FOR_ANY_SITE = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
FRAME_OPTIONS = {("'none'",): "DENY", ("'self'",): "SAMEORIGIN"}
log = logging.getLogger("strategielotse.access")


@dataclass(eq=False)
class Layer:
    """Base of ASGI middleware that handles HTTP requests; other connections are passed on to
    `app`.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        handle = self._handle if scope["type"] == "http" else self.app
        await handle(scope, receive, send)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request: what each middleware does."""
        raise NotImplementedError


async def refuse(error: ProblemError, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a problem as the response."""
    await problem_response(error, Headers(scope=scope))(scope, receive, send)


def on_response_start(send: Send, act: Callable[[Message], None]) -> Send:
    """Return a `send` that calls `act` with the message that starts the response, before it is
    sent.

    The message has status and headers; `act` may note them or change them.
    """

    async def send_after_act(message: Message) -> None:
        if message["type"] == "http.response.start":
            act(message)
        await send(message)

    return send_after_act


@dataclass(eq=False)
class PublicPath(Layer):
    """Serves below a path of a website ("/lotse"), whether the proxy in front takes it off or not;
    redirects and cookies are put under it, pages do that themselves (`PageResponse`).
    """

    path: str

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request as if the service were at the root: the path is taken off, if the proxy
        has not done it.

        Pages find the path in the scope, for their own addresses.
        """
        inner = {**scope, PUBLIC_PATH: self.path}
        if f"{scope['path']}/".startswith(f"{self.path}/"):
            inner["path"] = scope["path"].removeprefix(self.path) or "/"
        await self.app(inner, receive, on_response_start(send, self._put_under_path))

    def _put_under_path(self, message: Message) -> None:
        """Put the path before redirects to this service and into the path of its cookies.

        Redirects to other hosts ("https://…") stay. With the path, cookies are not sent to the
        other parts of the website.
        """
        headers = []
        for name, value in message["headers"]:
            if name == b"location" and value.startswith(b"/"):
                value = self.path.encode() + value
            if name == b"set-cookie":
                value = value.replace(b"; path=/", f"; path={self.path}/".encode())
            headers.append((name, value))
        message["headers"] = headers


@dataclass(eq=False)
class RequestLog(Layer):
    """Gives each request an id; logs and counts method, route pattern, status and time; never path,
    query or body.
    """

    meters: Meters

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a request an id, which its log lines and its response have, and log it when it has
        ended.

        A request that ends without a response, since the client disconnected, is logged with the
        status `CLIENT_LEFT`. In traces of OpenTelemetry its path and query are replaced by "-":
        they may contain a question.
        """
        id_ = secrets.token_hex(ID_BYTES)
        status = CLIENT_LEFT
        began = time.perf_counter()
        span = getattr(scope.get("fastapi.telemetry"), "span", None)
        if span:  # where OpenTelemetry is set up
            span.set_attributes({"url.path": "-", "url.query": "-"})

        def add_id(message: Message) -> None:
            nonlocal status
            status = message["status"]
            MutableHeaders(scope=message)[REQUEST_ID_HEADER] = id_

        token = request_id.set(id_)
        try:
            await self.app(scope, receive, on_response_start(send, add_id))
        finally:
            self._log(scope, status, time.perf_counter() - began)
            request_id.reset(token)

    def _log(self, scope: Scope, status: int, seconds: float) -> None:
        """Write the access line of a request, and count it.

        The route is its pattern, "-" if none matched, and an unknown method is "-": what clients
        invent would fill logs and metrics.
        """
        route = getattr(scope.get("route"), "path", "-")
        method = scope["method"] if scope["method"] in METHODS else "-"
        values = {
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
        }
        log.info("%s %s %d %.1f ms", method, route, status, seconds * 1000, extra=values)
        self.meters.count_request(method, route, status, seconds)


class ErrorBoundary(Layer):
    """Turns an unexpected exception into a 500 problem, so that no server logs its message."""

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, and answer an unexpected exception with 500.

        If the response has already started, nothing can be answered any more, and the exception is
        only logged.
        """
        started: list[Message] = []
        try:
            await self.app(scope, receive, on_response_start(send, started.append))
        except ClientDisconnect:
            return  # no error: the client closed the connection
        except Exception as error:
            log_exception(error)
            if not started:
                await refuse(ProblemError("internal-error"), scope, receive, send)


class HeadAsGet(Layer):
    """Answers HEAD like GET (RFC 9110, 9.3.2); the scope then has IS_HEAD_KEY. The server leaves
    out the body.
    """

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle HEAD as GET, other methods as they are."""
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET", IS_HEAD_KEY: True}
        await self.app(scope, receive, send)


@dataclass(eq=False)
class OriginGuard(Layer):
    """Answers 403 to requests of foreign websites, except safe methods and the paths in
    `open_to_all`.

    `allowed` are origins of websites that may send requests, in lower case and without a slash at
    the end; "*" allows all.
    """

    allowed: Collection[str]
    open_to_all: Collection[str]

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request that changes something if the page of a foreign website sent it.

        The visitor's browser would send our cookies with it. Requests that only read
        (`SAFE_METHODS`) are harmless.
        """
        is_exempt = (
            scope["method"] in SAFE_METHODS
            or scope["path"] in self.open_to_all
            or "*" in self.allowed
        )
        if is_exempt or not is_foreign(scope, self.allowed):
            await self.app(scope, receive, send)
        else:
            await refuse(ProblemError("foreign-site"), scope, receive, send)


@dataclass(eq=False)
class SecurityHeaders(Layer):
    """Adds the `security_headers`, and `no-store` to a response without Cache-Control.

    A content policy that a response has already (stricter than that of the pages) is kept, with
    frame-ancestors added.
    """

    security_headers: Mapping[str, str]

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, on_response_start(send, self._add))

    def _add(self, message: Message) -> None:
        """Add the security headers to the message that starts a response.

        If the response has a content policy of its own, only the last rule of ours is added to it:
        frame-ancestors, which `make_security_headers` puts last.
        """
        headers = MutableHeaders(scope=message)
        own_policy = headers.get(CONTENT_POLICY)
        headers.update(self.security_headers)
        if own_policy:
            frame_rule = self.security_headers[CONTENT_POLICY].rpartition("; ")[2]
            headers[CONTENT_POLICY] = f"{own_policy}; {frame_rule}"
        headers.setdefault("cache-control", "no-store")


def make_security_headers(frame_ancestors: tuple[str, ...]) -> dict[str, str]:
    """Return the security headers; without `frame_ancestors` no site may show a page in a frame.

    X-Frame-Options, for old browsers, only knows "nobody" and "the same site". So it is added only
    if the ancestors are one of these.
    """
    ancestors = frame_ancestors or ("'none'",)
    headers = {
        CONTENT_POLICY: "; ".join((*CONTENT_RULES, f"frame-ancestors {' '.join(ancestors)}")),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
    }
    if ancestors in FRAME_OPTIONS:
        headers["x-frame-options"] = FRAME_OPTIONS[ancestors]
    return headers
