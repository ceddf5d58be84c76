"""Who sends a request, as a key for limits, and the scheme they took (trusted proxies told)."""

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
    name, address = _client(scope, proxies)
    if address is None:
        return name
    return None if address.is_loopback else _network_of(address)


def waiting_key(scope: Scope, proxies: tuple[Network, ...]) -> str:
    """Return a key for whoever waits, of loopback addresses too; a proxy that does not say for whom is one client."""
    name, address = _client(scope, proxies)
    return name if address is None else _network_of(address)


def _client(scope: Scope, proxies: tuple[Network, ...]) -> tuple[str, Address | None]:
    peer = scope.get("client")
    name = str(peer[0]) if peer else "127.0.0.1"
    forwarded = [part.strip() for part in ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")]
    address = _address(name)
    while address is not None and _trusted(address, proxies) and forwarded:
        name = forwarded.pop()
        if not name:
            continue
        address = _address(name)
    return name, address


def from_proxy(scope: Scope, proxies: tuple[Network, ...]) -> bool:
    """Tell whether the connection itself comes from a trusted proxy."""
    peer = scope.get("client")
    address = _address(str(peer[0])) if peer else None
    return address is not None and _trusted(address, proxies)


def forwarded_scheme(scope: Scope, proxies: tuple[Network, ...]) -> str | None:
    """Return "http" or "https" where a trusted proxy says what its side speaks (X-Forwarded-Proto)."""
    if not from_proxy(scope, proxies):
        return None
    said = Headers(scope=scope).get("x-forwarded-proto", "").split(",")[-1].strip().lower()
    return said if said in ("http", "https") else None


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
