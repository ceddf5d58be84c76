"""What a connection may take of the service: bytes, seconds, open files."""

from __future__ import annotations

from dataclasses import dataclass

from service.settings import Network, Settings

RESERVED_FILES = 192  # editions, databases, workers, and what has been accepted before its place is free
WINDOWS_FILES = 512  # what select() takes there
FILES_PER_CONNECTION = 2  # its socket, and the original that it may be sent


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Sizes in bytes, times in seconds; `per_client` 0 is no limit."""

    most: int = 1024
    per_client: int = 64
    proxies: tuple[Network, ...] = ()
    head_seconds: float = 10.0
    head_bytes: int = 16_384
    address_bytes: int = 8_192
    headers: int = 100
    queued_requests: int = 16  # sent before the first of them is answered
    body_seconds: float = 15.0
    parting_seconds: float = 10.0  # what a client still sends is read for so long, so that it can read its answer
    chunks: int = 4_096  # of a body, and one more for every `chunk_bytes` of it
    chunk_bytes: int = 256
    surplus_bytes: int = 64_000_000  # and so much of a body
    refused_bytes: int = 262_144  # and so much after a head that was refused
    unread_seconds: float = 20.0  # in which at least `unread_bytes` of an answer must be taken
    unread_bytes: int = 8_192


def limits_of(settings: Settings) -> ConnectionLimits:
    """Return the limits that the settings ask for, with no more connections than files can be open."""
    files = allow_files(settings.max_connections * FILES_PER_CONNECTION + RESERVED_FILES)
    possible = max(1, (files - RESERVED_FILES) // FILES_PER_CONNECTION)
    return ConnectionLimits(
        most=min(settings.max_connections, possible),
        per_client=settings.connections_per_client,
        proxies=settings.proxy_networks(),
        head_seconds=settings.head_seconds,
        body_seconds=settings.request_seconds,
    )


def allow_files(wanted: int) -> int:
    """Let this process open as many files as wanted where the system lets it; return how many it may open."""
    try:
        import resource
    except ImportError:
        return min(wanted, WINDOWS_FILES)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft == resource.RLIM_INFINITY or soft >= allowed:
        return wanted if soft == resource.RLIM_INFINITY else min(wanted, soft)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed
