"""The book of connections: how many there are in all and per client, and who gives way when a newcomer finds none free.

A connection waits while its client lets the service wait: a head or a body that is not complete, nothing asked for, an
answer not taken. It works while the service answers a whole request. Only those that wait give way, the longest first,
of the client that has most of them. So a newcomer gets in unless every place is at work, and a crowd of one address
displaces itself. A trusted proxy speaks for many clients: it has no limit of its own and gives way last.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Protocol

from service.connections.limits import ConnectionLimits
from service.connections.refusals import Refusals


class Connection(Protocol):
    """What the book knows of a connection."""

    def give_way(self) -> None:
        """End at once, for somebody else."""

    def check(self, now: float) -> None:
        """End where the client is too slow; `now` in seconds of the event loop's clock."""


@dataclass(eq=False, slots=True)
class _Client:
    """The connections of one address, or of all proxies: those that count, and of these those that wait."""

    key: str | None
    open: set[Connection] = field(default_factory=set)
    waiting: OrderedDict[Connection, None] = field(default_factory=OrderedDict)


class ConnectionBook:
    """Keeps account of connections for one event loop."""

    def __init__(self, limits: ConnectionLimits, refusals: Refusals) -> None:
        self.limits = limits
        self.refusals = refusals
        self._clients: dict[str | None, _Client] = {}
        self._of: dict[Connection, _Client] = {}
        self._alive: set[Connection] = set()

    def make_room(self, key: str | None) -> bool:
        """Tell whether a client may have one more connection; one that waits may end for it. None: a proxy."""
        client, most = self._clients.get(key), self.limits.per_client
        if key is not None and most and client is not None and len(client.open) >= most:
            return self._displace(client)
        if len(self._of) < self.limits.most:
            return True
        waiting = [one for one in self._clients.values() if one.waiting]
        return bool(waiting) and self._displace(max(waiting, key=_readiness))

    def enter(self, connection: Connection, key: str | None) -> None:
        """Take a new connection in; it waits."""
        client = self._clients.setdefault(key, _Client(key))
        client.open.add(connection)
        client.waiting[connection] = None
        self._of[connection] = client
        self._alive.add(connection)

    def waits(self, connection: Connection) -> None:
        """Note that it is the client's turn; one that waits already keeps its rank."""
        if client := self._of.get(connection):
            client.waiting.setdefault(connection)

    def works(self, connection: Connection) -> None:
        """Note that it is the service's turn."""
        if client := self._of.get(connection):
            client.waiting.pop(connection, None)

    def leave(self, connection: Connection) -> None:
        """Forget a connection that is closed."""
        self._release(connection)
        self._alive.discard(connection)

    def sweep(self, now: float) -> None:
        """Let every connection check its times, also those on their way out, and log what was refused."""
        for connection in list(self._alive):
            connection.check(now)
        self.refusals.tell(now)

    def _displace(self, client: _Client) -> bool:
        if not client.waiting:
            return False
        longest = next(iter(client.waiting))
        self._release(longest)
        longest.give_way()
        return True

    def _release(self, connection: Connection) -> None:
        client = self._of.pop(connection, None)
        if client is None:
            return
        client.open.discard(connection)
        client.waiting.pop(connection, None)
        if not client.open:
            del self._clients[client.key]


def _readiness(client: _Client) -> tuple[bool, int]:
    return client.key is not None, len(client.waiting)
