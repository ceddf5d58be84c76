"""HTTP/1.1 asks for exactly one Host header of proper form (RFC 9112, 3.2).

With none or with two, the servers of a chain may disagree on whom a request is for.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.problems import ProblemError, problem_response

_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::\d{0,5})?")


class HostHeader:
    """Refuses what names no host, several, or one that can be none; HTTP/1.0 may leave it out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] != "http" or _names_its_host(scope):
            await self._app(scope, receive, send)
            return
        error = ProblemError("no-host", headers={"Connection": "close"})
        await problem_response(error, Headers(scope=scope))(scope, receive, send)


def _names_its_host(scope: Scope) -> bool:
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if not hosts:
        return scope.get("http_version") == "1.0"
    return len(hosts) == 1 and _HOST.fullmatch(hosts[0]) is not None
