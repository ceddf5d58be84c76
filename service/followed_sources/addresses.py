"""Which addresses of the web, and which addresses of machines, a followed source may lead to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urlsplit

import httpcore2 as httpcore

from prompts import say
from vectorstore.language import printable

MOST_CHARACTERS = 2000
PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")
_KEPT = "/%:@!$&'()*+,;=~-._?"
# IPv6 networks in whose addresses another address is written: compatible, mapped, NAT64, Teredo,
# 6to4; and site-local ones
_REFUSED = tuple(
    ip_network(network)
    for network in (
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "fec0::/10",
    )
)


class RefusedAddress(Exception):
    """An address that is not asked; the message is one German sentence."""


def parse_address(address: str, hosts: Sequence[str]) -> httpcore.URL:
    """Return a web address in parts, if it is at one of the hosts; raises RefusedAddress.

    A host without a port ("ratsinfo.example.de") stands for the usual port of http and https.
    Control characters, backslashes and "@" in the host are refused: programs read them differently,
    so the host that is checked might not be the one that is asked. Other characters that an address
    must not have, such as spaces, are escaped.
    """
    shown = printable(address[:120])
    if len(address) > MOST_CHARACTERS or _CONTROL.search(address.replace(" ", "")):
        raise RefusedAddress(say("sources.bad_address", address=shown))
    try:
        parts = urlsplit(address.strip(" "))
        host = (parts.hostname or "").encode("idna").decode().lower()
        port = parts.port
    except (ValueError, UnicodeError):
        raise RefusedAddress(say("sources.bad_address", address=shown)) from None
    if parts.scheme not in PORTS or not host or "@" in parts.netloc:
        raise RefusedAddress(say("sources.bad_address", address=shown))
    usual = PORTS[parts.scheme]
    at_port = f"{host}:{port or usual}"
    if at_port not in hosts and not (host in hosts and port in (None, usual)):
        raise RefusedAddress(say("sources.other_host", host=at_port))
    target = quote(parts.path or "/", safe=_KEPT)
    if parts.query:
        target += "?" + quote(parts.query, safe=_KEPT)
    return httpcore.URL(scheme=parts.scheme, host=host, port=port or usual, target=target)


def format_address(url: httpcore.URL) -> str:
    """Return the parts of a web address as text, without the usual port."""
    scheme, host = url.scheme.decode(), url.host.decode()
    port = "" if url.port == PORTS[scheme] else f":{url.port}"
    return f"{scheme}://{host}{port}{url.target.decode()}"


def is_public(address: str) -> bool:
    """True for the address of a machine on the public internet; False for what is no address.

    An IPv6 address in which another address is written is refused, as it may lead to a private one.
    """
    try:
        machine: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if any(machine.version == network.version and machine in network for network in _REFUSED):
        return False
    return machine.is_global and not machine.is_multicast
