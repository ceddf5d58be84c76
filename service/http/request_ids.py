"""The id of a request: random, ours, never the client's; in its log lines, its X-Request-ID header and its problems."""

from __future__ import annotations

import logging
import secrets
from contextvars import ContextVar

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
ID_BYTES = 8
_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def current_request_id() -> str | None:
    """Return the id of the request that this code works for, None outside of one."""
    return _current.get()


class RequestIds:
    """Gives every request an id and names it in the response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = secrets.token_hex(ID_BYTES)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        token = _current.set(name)
        try:
            await self._app(scope, receive, sending)
        finally:
            _current.reset(token)


class RequestIdInLog(logging.Filter):
    """Gives every log record the id of the request that it belongs to, "-" outside of one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id; every record passes."""
        record.request_id = current_request_id() or "-"
        return True
