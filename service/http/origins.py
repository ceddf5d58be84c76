"""Which website a browser's request comes from: what changes something is refused where a foreign one sent it.

Browsers say so by `Origin` and `Sec-Fetch-Site`, which no website can forge. Programs send neither and pass. A form of
a page that sends no referrer, as ours, has the origin "null": then only `Sec-Fetch-Site` tells, and on the staff page,
where browsers leave that out too (http to another machine), the token of the session.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.clients import forwarded_scheme, from_proxy
from service.http.problems import ProblemError, problem_response
from service.settings import Network

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
NO_REFERRER = ["null"]
TOKENS_BELOW = "/staff/"
DEFAULT_PORTS = {"http": 80, "https": 443}


class OriginGuard:
    """Answers 403 to requests of foreign websites, but for safe methods and the paths in `open_to_all`.

    `allowed` are the origins that may send; "*" allows every one.
    """

    def __init__(
        self, app: ASGIApp, allowed: Collection[str], proxies: tuple[Network, ...], open_to_all: Collection[str]
    ) -> None:
        self._app = app
        self._allowed = {origin.lower().rstrip("/") for origin in allowed}
        self._proxies = proxies
        self._open_to_all = frozenset(open_to_all)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] == "http" and self._refuses(scope):
            headers = Headers(scope=scope)
            await problem_response(ProblemError("foreign-site"), headers)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refuses(self, scope: Scope) -> bool:
        if scope["method"] in SAFE_METHODS or scope["path"] in self._open_to_all or "*" in self._allowed:
            return False
        headers = Headers(scope=scope)
        sites = [site.strip().lower() for site in headers.getlist("sec-fetch-site")]
        origins = headers.getlist("origin")
        if origins == NO_REFERRER:
            told = any(site != "same-origin" for site in sites)
            return told if sites else not scope["path"].startswith(TOKENS_BELOW)
        if origins:
            return not all(
                origin.lower() in self._allowed or is_own(origin, scope, self._proxies) for origin in origins
            )
        return any(site not in ("same-origin", "none") for site in sites)


def is_own(origin: str, scope: Scope, proxies: tuple[Network, ...]) -> bool:
    """Tell whether an origin is the service's own, as `Host` names it or a trusted proxy's `X-Forwarded-Host`.

    Its scheme is compared where a trusted proxy tells ours: any other proxy may speak https without our knowing.
    """
    headers = Headers(scope=scope)
    hosts = [headers.get("host", "")]
    if from_proxy(scope, proxies):
        hosts.append(headers.get("x-forwarded-host", "").split(",")[-1].strip())
    place = _split(origin)
    if place is None or place.scheme not in DEFAULT_PORTS:
        return False
    if place.scheme != (forwarded_scheme(scope, proxies) or place.scheme):
        return False
    return any(_same_host(place, _split(f"{place.scheme}://{host}")) for host in hosts if host)


def _same_host(one: SplitResult, other: SplitResult | None) -> bool:
    return other is not None and _host(one) == _host(other)


def _host(place: SplitResult) -> tuple[str, int]:
    return (place.hostname or "").removesuffix("."), place.port or DEFAULT_PORTS[place.scheme]


def _split(address: str) -> SplitResult | None:
    """Return the parts of "scheme://host:port", None for anything else."""
    try:
        place = urlsplit(address)
        if place.port == 0 or not place.hostname or place.path or place.query or place.fragment or place.username:
            return None
    except ValueError:
        return None
    return place
