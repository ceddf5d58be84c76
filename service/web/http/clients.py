"""Keys of clients for rate limits, and whether a foreign website sent a request (protection against
CSRF).

Client and scheme are read from the ASGI scope, where uvicorn's middleware (`proxy_middleware`) puts
what a trusted proxy forwards. Browsers name the sending website in `Sec-Fetch-Site`, older ones and
those over http in `Origin`; a website can forge neither. Requests without both are from programs
and are allowed.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
USUAL_PORTS = {"http": ":80", "https": ":443"}


def proxy_middleware(proxies: Collection[str]) -> Middleware:
    """Return the middleware that takes the client's address and scheme from headers of trusted
    proxies.

    The headers are X-Forwarded-For and X-Forwarded-Proto; `proxies` are the trusted networks. An
    IPv4 network is also trusted as IPv6 sockets show it: 10.0.0.0/8 as ::ffff:10.0.0.0/104.
    """
    networks = [ip_network(proxy, strict=False) for proxy in proxies]
    mapped = [
        f"::ffff:{network.network_address}/{network.prefixlen + 96}"
        for network in networks
        if network.version == 4
    ]
    return Middleware(ProxyHeadersMiddleware, trusted_hosts=[*map(str, networks), *mapped])


def client_key(scope: Scope) -> str:
    """Return the key of a client for rate limits: its IPv4 address or IPv6 network of /64, the
    addresses of one connection.
    """
    return _key(scope, 64)


def network_key(scope: Scope) -> str:
    """Return the key of a subscriber: its IPv6 network of /48, which may have many of /64; for IPv4
    the key of the client.
    """
    return _key(scope, 48)


def _key(scope: Scope, prefix: int) -> str:
    """Return the key by which the requests of a client are counted.

    It is the IPv4 address, also if it is mapped to IPv6. For IPv6 it is the network with this
    prefix length, since a subscriber may use any address of a network. A name that is no address,
    and the loopback address of IPv6, are returned as they are. A request over a socket without an
    address counts as one of this machine.
    """
    name = str(scope["client"][0]) if scope.get("client") else "127.0.0.1"
    try:
        address = ip_address(name)
    except ValueError:
        return name
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None and not address.is_loopback:
        return str(ip_network((address, prefix), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def is_loopback(client: str) -> bool:
    """True if a client's key is a loopback address: this machine."""
    return client == "::1" or client.startswith("127.")


def is_foreign(scope: Scope, allowed: Collection[str]) -> bool:
    """True if the page of another website sent a request, unless the website is one of the
    `allowed` origins.

    False for programs, which send neither `Origin` nor `Sec-Fetch-Site`, for our own pages, and if
    the user typed the address or opened a bookmark ("none").
    """
    headers = Headers(scope=scope)
    origins = headers.getlist("origin")
    site = headers.get("sec-fetch-site", "").strip().lower()
    is_program = not origins and not site
    is_allowed = bool(origins) and all(origin.lower() in allowed for origin in origins)
    by_user = site == "none"  # who typed the address or opened a bookmark
    return not (is_program or is_allowed or by_user or from_own_page(scope))


def from_own_page(scope: Scope) -> bool:
    """True if one of our own pages sent a request.

    The header `Sec-Fetch-Site` says this; without it `Origin` is compared with `Host`. The schemes
    are compared only if ours is https: if ours is http, a proxy that is not configured may have
    https.
    """
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site:
        return site.strip().lower() == "same-origin"
    origins = headers.getlist("origin")
    return bool(origins) and all(
        _is_own(origin, scope["scheme"], headers.get("host", "")) for origin in origins
    )


def _is_own(origin: str, own_scheme: str, host: str) -> bool:
    """True if an origin ("https://lotse.example") has the host and port of the request, and our
    scheme.

    If our scheme is http, the origin may have any scheme: a proxy in front may have ended TLS
    without telling us. `host` is the header Host, which may name the usual port of the scheme.
    """
    scheme, _, address = origin.lower().partition("://")
    port = USUAL_PORTS.get(scheme, "")
    is_same = address.removesuffix(port) == host.lower().removesuffix(port)
    return own_scheme in ("http", scheme) and address != "" and is_same
