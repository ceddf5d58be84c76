"""Who sends a request: the address behind trusted proxies, as a key for the rate limit."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

from service.settings import Network

Address = IPv4Address | IPv6Address


def client_key(scope: Scope, proxies: tuple[Network, ...]) -> str | None:
    """Return the client's key, None for loopback; an IPv6 client is its /64 network.

    X-Forwarded-For is read from the right as long as the sender is a trusted proxy.
    """
    peer = scope.get("client")
    name = str(peer[0]) if peer else "127.0.0.1"
    forwarded = [part.strip() for part in ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")]
    address = _address(name)
    while address is not None and _trusted(address, proxies) and forwarded:
        name = forwarded.pop()
        if not name:
            continue
        address = _address(name)
    if address is None:
        return name
    if address.is_loopback:
        return None
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))


def from_proxy(scope: Scope, proxies: tuple[Network, ...]) -> bool:
    """Tell whether the connection itself comes from a trusted proxy."""
    peer = scope.get("client")
    address = _address(str(peer[0])) if peer else None
    return address is not None and _trusted(address, proxies)


def _address(name: str) -> Address | None:
    bare = name[1:].partition("]")[0] if name.startswith("[") else name
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _trusted(address: Address, proxies: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in proxies)
