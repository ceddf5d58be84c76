"""The client of followed sources: asks the operator's hosts alone, at addresses that were checked,
politely and within limits.
"""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO

import httpcore2 as httpcore
from protego import Protego

from prompts import say
from service.followed_sources.addresses import (
    RefusedAddress,
    format_address,
    is_public,
    parse_address,
)
from service.followed_sources.listing import join_address
from service.followed_sources.replies import (
    ListPage,
    PageMissing,
    Parser,
    SourceFailed,
    SourceReply,
    parse_limited,
)
from vectorstore import LimitedBackend, UnusableReply, deadline_after
from vectorstore.language import printable

AGENT = "strategielotse"
REDIRECTS = (301, 302, 303, 307, 308)
BUSY = (429, 503)
_MOST_REDIRECTS = 5
_TRIES = 3
_NO_RULES = frozenset(range(400, 500)).difference(BUSY)  # statuses of a host without robots.txt
_ROBOTS_BYTES = 500_000  # as RFC 9309 asks for at least
_HEAD_BYTES = 100_000  # of a reply, beside its body
_LONGEST_WAIT = 60.0  # seconds that a run waits for a busy host; for more the next run asks again
_CONNECT_SECONDS = 15.0


class RunStopped(Exception):
    """The program ends, and the run with it; the next one goes on."""


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """Limits of all requests of a run to one source; sizes in bytes, times in seconds."""

    page_bytes: int = 5_000_000
    file_bytes: int = 100_000_000
    request_seconds: float = 120.0  # a council's list may take a minute
    run_seconds: float = 10_800.0
    requests: int = 6000
    pause: float = 1.0  # between requests to one host
    parse_seconds: float = 30.0  # of one page


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for: at most so many bytes, with one of these statuses, of these `types`.

    `known` are the header fields of a conditional request; `is_robots` marks a robots.txt.
    """

    most: int
    statuses: Container[int]
    types: Sequence[str] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    is_robots: bool = False


class Network:
    """What the client needs of the machine: names resolved, sockets opened, time waited."""

    def resolve(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host; raises OSError."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [str(entry[4][0]) for entry in found]

    def connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        """Open a socket to an address of a machine."""
        return httpcore.SyncBackend().connect_tcp(address, port, seconds)

    def wait(self, seconds: float, stopping: threading.Event) -> None:
        """Wait, less long where the program ends."""
        stopping.wait(seconds)


class _PinnedBackend(httpcore.NetworkBackend):
    """Opens sockets to the address that was checked: a host is resolved once for each socket."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *_arguments: Any, **_options: Any
    ) -> httpcore.NetworkStream:
        """Open a socket to a host; raises RefusedAddress unless all its addresses are public.

        A host that also had an internal address could lead into the operator's own network. The
        socket is opened to an address that was checked here, as the host might resolve to another
        one next time.
        """
        addresses = self._network.resolve(host, port)
        if not addresses or not all(map(is_public, addresses)):
            raise RefusedAddress(say("sources.not_public", host=host))
        return self._network.connect(addresses[0], port, timeout or _CONNECT_SECONDS)


@dataclass
class SourceClient:
    """Asks `hosts` for one source; it names the operator's `contact`, and obeys robots.txt."""

    hosts: Sequence[str]
    contact: str
    network: Network = field(default_factory=Network)
    limits: ClientLimits = field(default_factory=ClientLimits)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Open no connection yet; the time limit of the run begins.

        `_robots` has the rules of a host by its address, None for a host without any, and the
        sentence of what failed for one whose robots.txt cannot be read.
        """
        most = self.limits.file_bytes + _HEAD_BYTES
        backend = LimitedBackend(_PinnedBackend(self.network), most)
        self._pool = httpcore.ConnectionPool(network_backend=backend)
        self._robots: dict[str, Protego | str | None] = {}
        self._last: dict[bytes, float] = {}  # when a host was asked
        self._requests = 0
        self._until = time.monotonic() + self.limits.run_seconds

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def get_page(self, address: str, *types: str) -> SourceReply:
        """Return a list or page, or the reply that it is missing (404).

        The media type of a page, if any is stated, must contain one of the `types` ("xml", "json"),
        if any are given. Raises SourceFailed for any other reply.
        """
        return self._read(address, _Wanted(self.limits.page_bytes, (200, 404), types))

    def get_parsed(self, address: str, parse: Parser, *types: str) -> ListPage:
        """Return what `parse` makes of a page of a list, in a limited process.

        Raises PageMissing for a page that is missing (404), else SourceFailed.
        """
        reply = self.get_page(address, *types)
        if reply.status == 404:
            raise PageMissing(say("sources.status", address=reply.address, status=404))
        return parse_limited(parse, reply, self.limits.parse_seconds)

    def get_file(self, address: str, known: dict[str, str], into: BinaryIO) -> SourceReply:
        """Ask for a file, write its content `into` another file, and return the reply.

        `known` are the header fields of a conditional request, {} for a file that we do not have.
        The status is 200 (written), 304 (not changed), or 404 or 410 (gone); nothing is written for
        the last three. Raises SourceFailed.
        """
        statuses = (200, 404, 410, 304) if known else (200, 404, 410)
        wanted = _Wanted(self.limits.file_bytes, statuses, known=known)
        return self._follow(address, wanted, into)

    def _read(self, address: str, wanted: _Wanted) -> SourceReply:
        """Return a reply with its content."""
        content = io.BytesIO()
        reply = self._follow(address, wanted, content)
        return replace(reply, content=content.getvalue())

    def _follow(self, address: str, wanted: _Wanted, into: BinaryIO) -> SourceReply:
        """Return the reply at the end of all redirects, its content written to `into`.

        Each redirect is checked like the first address, by host and by robots.txt; a request for a
        robots.txt itself is checked by host alone. Raises SourceFailed for a status that is not
        `wanted`, and for too many redirects.
        """
        with _as_failure(address):
            for _ in range(_MOST_REDIRECTS + 1):
                url = parse_address(address, self.hosts)
                if not wanted.is_robots:
                    self._require_allowed(url)
                reply = self._ask(url, wanted, into)
                if reply.status in wanted.statuses:
                    return reply
                if reply.status not in REDIRECTS:
                    values = {"address": reply.address, "status": reply.status}
                    raise SourceFailed(say("sources.status", **values))
                address = join_address(reply.address, reply.headers.get("location", ""))
        raise SourceFailed(say("sources.redirects", address=address[:120]))

    def _require_allowed(self, url: httpcore.URL) -> None:
        """Raise SourceFailed if robots.txt of the host forbids an address, or cannot be read.

        Each robots.txt is asked for once in a run; if that fails, the next run tries again. A host
        without one allows everything.
        """
        address = format_address(url)
        origin = address.removesuffix(url.target.decode())
        if origin not in self._robots:
            try:
                self._robots[origin] = self._read_robots(f"{origin}/robots.txt")
            except SourceFailed as error:
                self._robots[origin] = str(error)
        rules = self._robots[origin]
        if isinstance(rules, str):
            raise SourceFailed(rules)
        if rules is not None and not rules.can_fetch(address, AGENT):
            raise SourceFailed(say("sources.robots", address=address))

    def _read_robots(self, address: str) -> Protego | None:
        """Return the rules of a robots.txt, or None if the host has none.

        A status from 400 to 499 means that there is none (RFC 9309), but for 429, by which a host
        is busy. Raises SourceFailed if the host does not say whether it has one, as by 429 or 500.
        """
        statuses = (200, *_NO_RULES)
        reply = self._read(address, _Wanted(_ROBOTS_BYTES, statuses, is_robots=True))
        if reply.status == 200:
            return Protego.parse(reply.content.decode("utf-8", "replace"))
        return None

    def _ask(self, url: httpcore.URL, wanted: _Wanted, into: BinaryIO) -> SourceReply:
        """Send a request and return the reply.

        If the host is busy, wait as long as it asks for and send the request again. After _TRIES
        requests, or if the wait would be too long, return the reply that says so.
        """
        for number in range(_TRIES):
            reply = self._send(url, wanted, into)
            if reply.status not in BUSY or number == _TRIES - 1:
                break
            seconds = _seconds_to_wait(reply.headers.get("retry-after", ""))
            if seconds > _LONGEST_WAIT:
                break
            self.network.wait(seconds, self.stopping)
        return reply

    def _send(self, url: httpcore.URL, wanted: _Wanted, into: BinaryIO) -> SourceReply:
        """Send one request as soon as the host may be asked, and return the reply.

        The content of a reply with the status 200 is written to `into`; any other content is not
        read. The whole request ends at its time limit or at that of the run. Raises UnusableReply
        if the content is too large.
        """
        self._wait_for(url)
        headers = {
            "user-agent": f"{AGENT}/1.0 (+{self.contact})",
            "accept-encoding": "identity",
            **wanted.known,
        }
        seconds = self.limits.request_seconds
        timeout = {"connect": _CONNECT_SECONDS, "read": seconds, "write": seconds, "pool": seconds}
        with (
            deadline_after(min(seconds, self._until - time.monotonic())),
            self._pool.stream(
                "GET", url, headers=list(headers.items()), extensions={"timeout": timeout}
            ) as response,
        ):
            fields = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in response.headers
            }
            reply = SourceReply(response.status, format_address(url), fields)
            if reply.status == 200:
                _require_type(reply, wanted.types)
                for part in response.iter_stream():
                    if into.tell() + len(part) > wanted.most:
                        raise UnusableReply
                    into.write(part)
            return reply

    def _wait_for(self, url: httpcore.URL) -> None:
        """Wait until the host of an address may be asked again.

        Raises SourceFailed if the run has used all its requests or its time, and RunStopped if the
        program stops.
        """
        self._requests += 1
        now = time.monotonic()
        if self._requests > self.limits.requests or now > self._until:
            raise SourceFailed(say("sources.too_much", requests=self._requests - 1))
        if url.host in self._last:
            left = self._last[url.host] + self.limits.pause - now
            if left > 0:
                self.network.wait(left, self.stopping)
        if self.stopping.is_set():
            raise RunStopped
        self._last[url.host] = time.monotonic()


def _seconds_to_wait(asked: str) -> float:
    """Return how many seconds a busy host asks us to wait.

    `asked` is the header Retry-After: seconds ("120") or a date. For any other text it is 10
    seconds.
    """
    if asked.isdecimal() and len(asked) < 10:  # a longer number is no time
        return float(asked)
    try:
        moment = parsedate_to_datetime(asked[:100]).timestamp()
    except (ValueError, OverflowError):
        return 10.0
    return max(0.0, moment - time.time())


def _require_type(reply: SourceReply, types: Sequence[str]) -> None:
    """Raise SourceFailed for a reply in a coding or of a media type that was not asked for.

    No coding is asked for, so that sizes can be limited. A reply that states no media type passes.
    """
    if reply.headers.get("content-encoding", "identity").lower() != "identity":
        raise SourceFailed(say("sources.coded", address=reply.address))
    if types and reply.media_type and not any(word in reply.media_type for word in types):
        media_type = printable(reply.media_type[:60])
        raise SourceFailed(say("sources.other_type", address=reply.address, type=media_type))


@contextmanager
def _as_failure(address: str) -> Iterator[None]:
    """Turn the errors of a request into SourceFailed, each kind with a sentence for people."""
    shown = address[:120]
    try:
        yield
    except RefusedAddress as error:
        raise SourceFailed(str(error)) from None
    except UnusableReply:
        raise SourceFailed(say("sources.too_large", address=shown)) from None
    except (httpcore.TimeoutException, TimeoutError):
        raise SourceFailed(say("sources.slow", address=shown)) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError):
        raise SourceFailed(say("sources.no_reply", address=shown)) from None
