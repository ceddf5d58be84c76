"""Addresses with a query, and the absolute address of this service as its visitors see it."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request

from service import Settings
from service.web.http.responses import PUBLIC_PATH

API = "/api/v1"  # under it stand the routes that programs ask


def with_query(path: str, /, **values: object) -> str:
    """Return a path with `values` as its query: "/ask" with q="Rad" as "/ask?q=Rad".

    Values that are None, "" or [] are left out. A list becomes a repeated parameter. A value may
    have any name, also "path".
    """
    given = {name: value for name, value in values.items() if value not in (None, "", [])}
    query = urlencode(given, doseq=True)
    return f"{path}?{query}" if query else path


def base_url(request: Request) -> str:
    """Return the address of the service as the request names it, without a slash at the end:
    "https://host".

    If the service is below a path, it is "https://host/path". A Host header that is no host name is
    not repeated, since a client may send anything: Starlette then gives the address of the server.
    """
    path = request.scope.get(PUBLIC_PATH, "")
    return f"{request.url.scheme}://{request.url.netloc}{path}"


def public_url(request: Request, settings: Settings) -> str:
    """Return the service's address for exported files and feeds: the configured one, else that of
    this request.
    """
    return settings.public_url or base_url(request)
