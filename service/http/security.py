"""Security headers on every response, and the browsers' rules for other origins (CORS)."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


def security_headers(frame_ancestors: tuple[str, ...]) -> dict[str, str]:
    """Return the headers; X-Frame-Options only where it can say the same as frame-ancestors."""
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


class SecurityHeaders:
    """Adds the security headers, and `no-store` where a response says nothing about caching.

    A response that brings a content policy of its own, stricter than that of the pages, keeps it.
    """

    def __init__(self, app: ASGIApp, frame_ancestors: tuple[str, ...]) -> None:
        self._app = app
        self._headers = security_headers(frame_ancestors)
        self._framed = self._headers[CONTENT_POLICY].rpartition("; ")[2]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                stricter = headers.get(CONTENT_POLICY)
                headers.update(self._headers)
                if stricter:
                    headers[CONTENT_POLICY] = f"{stricter}; {self._framed}"
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, sending)
