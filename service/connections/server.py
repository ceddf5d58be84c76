"""uvicorn's server with an accept loop of its own: a place is found for a connection before it costs anything.

The event loop's own accepting takes whatever comes and, where no file is free, drops it or pauses. Here a newcomer is
let in, another one gives way for it, or it is refused in one sentence, so that files never run out.
"""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import suppress
from types import FrameType

import uvicorn

from service.clients import connection_key
from service.connections.book import ConnectionBook
from service.connections.protocol import LimitedProtocol
from service.connections.refusals import Refusal
from service.readiness import Readiness

BATCH = 64  # newcomers between two turns of everybody else,
BATCH_SHARE = 8  # and no more than this part of all places: whoever is in shall be heard before giving way
SWEEP_TICKS = 5  # tenths of a second between two looks at the clock
NO_FILE_SECONDS = 0.1


class LimitedServer(uvicorn.Server):
    """Serves one listening socket within the limits of a connection book.

    One of `several` processes at that socket takes one newcomer at a time, so that those who have time share them.
    """

    def __init__(self, config: uvicorn.Config, book: ConnectionBook, *, several: bool = False) -> None:
        super().__init__(config)
        self._book = book
        self._batch = 1 if several else max(1, min(BATCH, book.limits.most // BATCH_SHARE))
        self._beginning: set[asyncio.Task[None]] = set()
        self._readiness: Readiness | None = None
        self._drain_seconds = 0.0
        self._stop_at: float | None = None

    def drain_for(self, seconds: float, readiness: Readiness) -> None:
        """At a signal go on for so many seconds while readiness says no: whoever sends requests looks elsewhere."""
        self._drain_seconds, self._readiness = seconds, readiness

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second signal stops at once."""
        if self._readiness is not None:
            first, self._readiness.draining = not self._readiness.draining, True
            if first and self._drain_seconds:
                self._stop_at = time.monotonic() + self._drain_seconds
                return
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the application, then the door."""
        await super().startup(sockets=[])
        (listener,) = sockets or []
        listener.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._open_door(listener)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the door, then the application."""
        for listener in sockets or []:
            asyncio.get_running_loop().remove_reader(listener)
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        """Do what is due every tenth of a second; tell whether to end."""
        if self._stop_at is not None and time.monotonic() >= self._stop_at:
            self.should_exit = True
        if counter % SWEEP_TICKS == 0:
            self._book.sweep(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    def _open_door(self, listener: socket.socket) -> None:
        if not self.should_exit:
            self._loop.add_reader(listener, self._accept, listener)

    def _accept(self, listener: socket.socket) -> None:
        """Welcome whoever is at the door, a batch at most: the event loop calls again for the rest."""
        try:
            for _ in range(self._batch):
                newcomer, peer = listener.accept()
                self._welcome(newcomer, connection_key(peer[0], self._book.limits.proxies))
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError:  # no file is free, though places were reserved; those at the door wait
            self._book.refusals.count(Refusal.NO_PLACE)
            self._loop.remove_reader(listener)
            self._loop.call_later(NO_FILE_SECONDS, self._open_door, listener)

    def _welcome(self, newcomer: socket.socket, key: str | None) -> None:
        """Let a connection in, or refuse it."""
        newcomer.setblocking(False)
        if not self._book.make_room(key):
            self._turn_away(newcomer)
            return
        protocol = LimitedProtocol(self.config, self.server_state, self.lifespan.state, self._book)
        self._book.enter(protocol, key)
        task = self._loop.create_task(self._begin(protocol, newcomer))
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)

    async def _begin(self, protocol: LimitedProtocol, newcomer: socket.socket) -> None:
        try:
            newcomer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._loop.connect_accepted_socket(lambda: protocol, newcomer)
        except OSError:
            newcomer.close()
            self._book.leave(protocol)

    def _turn_away(self, newcomer: socket.socket) -> None:
        self._book.refusals.count(Refusal.NO_PLACE)
        with newcomer, suppress(OSError):
            newcomer.send(self._book.refusals.answer(Refusal.NO_PLACE))
            newcomer.shutdown(socket.SHUT_WR)
