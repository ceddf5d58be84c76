"""One log line per request without anything that the client wrote, errors caught at the edge, HEAD answered as GET."""

from __future__ import annotations

import logging
import time

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.problems import ProblemError, problem_response
from service.logs import log_exception
from service.metrics.meters import Meters

CLIENT_LEFT = 499  # in the log only, where a client left before it was answered, as nginx writes it
log = logging.getLogger("strategielotse.access")


class AccessLog:
    """Logs method, route pattern, status and milliseconds, and counts them; never path, query or body."""

    def __init__(self, app: ASGIApp, meters: Meters | None = None) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 0, time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            milliseconds = (time.perf_counter() - began) * 1000
            pattern = getattr(scope.get("route"), "path", "-")
            method, told = _method(scope), status or CLIENT_LEFT
            carried = {"method": method, "route": pattern, "status": told, "milliseconds": round(milliseconds, 1)}
            log.info("%s %s %d %.1f ms", method, pattern, told, milliseconds, extra=carried)
            if self._meters is not None:
                self._meters.requested(method, pattern, told, milliseconds / 1000)


class ErrorBoundary:
    """Turns an unexpected exception into a 500 problem, so that no server logs its message."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        began = False

        async def sending(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            return  # nobody is there to be answered, and nothing went wrong here
        except Exception as error:
            if scope["type"] != "http":
                raise
            log_exception(error)
            if not began:
                await problem_response(ProblemError("internal-error"), Headers(scope=scope))(scope, receive, send)


class HeadAsGet:
    """Answers HEAD like GET without the body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, bodiless)


def _method(scope: Scope) -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return scope["method"] if scope["method"] in known else "-"
