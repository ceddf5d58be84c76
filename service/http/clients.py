"""Who sends a request, as a key for limits, and whether a page of ours or a foreign website sent it.

Client and scheme are those of the scope: a trusted proxy's word on them is put there by uvicorn's middleware
(`behind_proxies`). Browsers say which website sent a request by `Sec-Fetch-Site`, older ones and those over http by
`Origin`; no website can forge either. Programs send neither and pass.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from service.settings import Network

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
DEFAULT_PORTS = {"http": 80, "https": 443}


def behind_proxies(proxies: Collection[Network]) -> Middleware:
    """Return what believes these proxies for whom they speak, and by which scheme."""
    mapped = [f"::ffff:{proxy.network_address}/{proxy.prefixlen + 96}" for proxy in proxies if proxy.version == 4]
    return Middleware(ProxyHeadersMiddleware, trusted_hosts=[*map(str, proxies), *mapped])


def client_key(scope: Scope) -> str:
    """Return what counts as one client: an IPv4 address, an IPv6 network of /64; what is no address as it is."""
    return _key(scope, 64)


def network_key(scope: Scope) -> str:
    """Return what counts as one subscriber: an IPv6 network of /48, else the client."""
    return _key(scope, 48)


def _key(scope: Scope, prefix: int) -> str:
    name = str(scope["client"][0]) if scope.get("client") else "127.0.0.1"
    try:
        address = ip_address(name)
    except ValueError:
        return name
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None and not address.is_loopback:
        return str(ip_network((address, prefix), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def is_loopback(client: str) -> bool:
    """Tell whether a client's key is that of this machine."""
    return client == "::1" or client.startswith("127.")


def is_foreign(scope: Scope, allowed: Collection[str]) -> bool:
    """Tell whether a website sent a request that is neither ours nor one of the `allowed` origins."""
    headers = Headers(scope=scope)
    origins, site = headers.getlist("origin"), headers.get("sec-fetch-site", "")
    if not origins and not site:
        return False
    if origins and all(origin.lower() in allowed for origin in origins):
        return False
    return site.strip().lower() != "none" and not from_own_page(scope)


def from_own_page(scope: Scope) -> bool:
    """Tell whether a browser says that a page of ours sent a request; its origin is compared with `Host`.

    Its scheme is compared where ours is known to be https: a proxy that nobody named may speak that too.
    """
    headers = Headers(scope=scope)
    if site := headers.get("sec-fetch-site"):
        return site.strip().lower() == "same-origin"
    origins = headers.getlist("origin")
    return bool(origins) and all(_is_own(origin, scope["scheme"], headers.get("host", "")) for origin in origins)


def _is_own(origin: str, ours: str, host: str) -> bool:
    scheme, place = origin.partition(":")[0].lower(), _host_and_port(origin)
    return ours in ("http", scheme) and place is not None and place == _host_and_port(f"{scheme}://{host}")


def _host_and_port(address: str) -> tuple[str, int] | None:
    """Return both of "scheme://host:port", None for anything else."""
    try:
        place = urlsplit(address)
        if place.port == 0 or not place.hostname or place.path or place.query or place.fragment or place.username:
            return None
        return place.hostname.removesuffix("."), place.port or DEFAULT_PORTS[place.scheme]
    except (KeyError, ValueError):
        return None
