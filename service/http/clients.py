"""Who sends a request, as a key for limits, by which scheme, and from which website; trusted proxies are believed.

Browsers say which website sent a request by `Origin` and `Sec-Fetch-Site`, which no website can forge. Programs send
neither and pass. A form of a page that sends no referrer, as ours, has the origin "null": then only `Sec-Fetch-Site`
tells; staff pages have a referrer, for browsers leave that out over http to another machine.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.middleware import Layer, refuse
from service.http.problems import ProblemError
from service.settings import Network

Address = IPv4Address | IPv6Address
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
NO_REFERRER = ["null"]
DEFAULT_PORTS = {"http": 80, "https": 443}


def client_key(scope: Scope, proxies: tuple[Network, ...]) -> str | None:
    """Return the client's key, None for loopback; an IPv6 client is its /64 network.

    X-Forwarded-For is read from the right as long as the sender is a trusted proxy.
    """
    name, address = _client(scope, proxies)
    if address is None:
        return name
    return None if address.is_loopback else _network_of(address)


def waiting_key(scope: Scope, proxies: tuple[Network, ...]) -> str:
    """Return a key for whoever waits, of loopback addresses too; a proxy that does not say for whom is one client."""
    name, address = _client(scope, proxies)
    return name if address is None else _network_of(address)


def forwarded_scheme(scope: Scope, proxies: tuple[Network, ...]) -> str | None:
    """Return "http" or "https" where a trusted proxy says what its side speaks (X-Forwarded-Proto)."""
    said = _told_by_proxy("x-forwarded-proto", scope, proxies).lower()
    return said if said in DEFAULT_PORTS else None


class OriginGuard(Layer):
    """Answers 403 to requests of foreign websites, but for safe methods and the paths in `open_to_all`.

    `allowed` are the origins that may send; "*" allows every one.
    """

    def __init__(
        self, app: ASGIApp, allowed: Collection[str], proxies: tuple[Network, ...], open_to_all: Collection[str]
    ) -> None:
        super().__init__(app)
        self._allowed = {origin.lower().rstrip("/") for origin in allowed}
        self._proxies = proxies
        self._open_to_all = frozenset(open_to_all)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if self._refuses(scope):
            await refuse(ProblemError("foreign-site"), scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _refuses(self, scope: Scope) -> bool:
        if scope["method"] in SAFE_METHODS or scope["path"] in self._open_to_all or "*" in self._allowed:
            return False
        headers = Headers(scope=scope)
        sites = [site.strip().lower() for site in headers.getlist("sec-fetch-site")]
        origins = headers.getlist("origin")
        if origins == NO_REFERRER:
            return not sites or any(site != "same-origin" for site in sites)
        if origins:
            return not all(
                origin.lower() in self._allowed or is_own(origin, scope, self._proxies) for origin in origins
            )
        return any(site not in ("same-origin", "none") for site in sites)


def is_own(origin: str, scope: Scope, proxies: tuple[Network, ...]) -> bool:
    """Tell whether an origin is the service's own, as `Host` names it or a trusted proxy's `X-Forwarded-Host`.

    Its scheme is compared where a trusted proxy tells ours: any other proxy may speak https without our knowing.
    """
    scheme = origin.partition(":")[0].lower()
    if scheme not in DEFAULT_PORTS or scheme != (forwarded_scheme(scope, proxies) or scheme):
        return False
    hosts = [Headers(scope=scope).get("host", ""), _told_by_proxy("x-forwarded-host", scope, proxies)]
    place = _host_and_port(origin)
    return place is not None and place in [_host_and_port(f"{scheme}://{host}") for host in hosts if host]


def _host_and_port(address: str) -> tuple[str, int] | None:
    """Return both of "scheme://host:port", None for anything else."""
    try:
        place = urlsplit(address)
        if place.port == 0 or not place.hostname or place.path or place.query or place.fragment or place.username:
            return None
        return place.hostname.removesuffix("."), place.port or DEFAULT_PORTS[place.scheme]
    except ValueError:
        return None


def _client(scope: Scope, proxies: tuple[Network, ...]) -> tuple[str, Address | None]:
    name = _peer(scope)
    forwarded = [part.strip() for part in ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")]
    address = _address(name)
    while address is not None and _trusted(address, proxies) and forwarded:
        name = forwarded.pop()
        if not name:
            continue
        address = _address(name)
    return name, address


def _peer(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else "127.0.0.1"


def _told_by_proxy(header: str, scope: Scope, proxies: tuple[Network, ...]) -> str:
    """The last value of a header where the connection itself comes from a trusted proxy, "" elsewhere."""
    address = _address(_peer(scope))
    if address is None or not _trusted(address, proxies):
        return ""
    return Headers(scope=scope).get(header, "").split(",")[-1].strip()


def _address(name: str) -> Address | None:
    bare = name[1:].partition("]")[0] if name.startswith("[") else name
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _network_of(address: Address) -> str:
    """Return what counts as one client: an IPv4 address, an IPv6 network of /64."""
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))


def _trusted(address: Address, proxies: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in proxies)
