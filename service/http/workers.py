"""Several processes that serve one listening socket: one that ends is replaced, and all of them end together.

Whoever is at the door waits in the socket's queue, which no process owns: the end of one loses only what it had begun.
"""

from __future__ import annotations

import logging
import math
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import TYPE_CHECKING

from service.settings import Settings

if TYPE_CHECKING:
    from service.http.server import Hands

STOP_SECONDS = 15.0  # from the wish to end until a process is killed
SOON_SECONDS = 5.0  # a process that ends sooner makes its successor wait
LONGEST_PAUSE = 30.0
SHARED_OUT = ("max_connections", "picture_workers", "model_at_a_time")  # at least one for each process
PER_CLIENT = ("rate_per_minute",)  # 0: no limit
log = logging.getLogger("strategielotse")


def share_of(settings: Settings, workers: int) -> Settings:
    """Return the settings of one of several processes: each has its part of every limit, rounded up."""
    parts = {name: math.ceil(getattr(settings, name) / workers) for name in (*SHARED_OUT, *PER_CLIENT)}
    return settings.model_copy(update={**parts, "model_cost_per_day": settings.model_cost_per_day / workers})


@dataclass
class _Place:
    """One of the processes, and when its successor may begin."""

    process: SpawnProcess | None = None
    begun: float = 0.0
    not_before: float = 0.0
    pause: float = 0.0


class Workers:
    """Keeps as many processes at work as the settings say, until it is told to stop.

    `hands` is a function of a module: each process finds it by its name.
    """

    def __init__(self, settings: Settings, taken: socket.socket, hands: Hands) -> None:
        self._hands = hands
        self._settings = share_of(settings, settings.workers)
        self._taken = taken
        self._places = [_Place() for _ in range(settings.workers)]
        self._spawning = get_context("spawn")  # threads and Chroma's runtime do not survive a fork
        self._stop, self._stopped = socket.socketpair()

    def run(self) -> None:
        """Serve until a signal ends it; returns when all processes have ended."""
        with _signals(self.stop), self._taken:
            try:
                while not self._told_to_stop():
                    self._fill()
            finally:
                self._end()

    def stop(self) -> None:
        """End; may be called by a signal's handler."""
        with suppress(OSError):
            self._stop.send(b"x")

    def _told_to_stop(self) -> bool:
        """Wait until something happens, a second at most; tell whether to end."""
        sentinels = [place.process.sentinel for place in self._places if place.process is not None]
        return self._stopped in connection.wait([self._stopped, *sentinels], timeout=1.0 if sentinels else 0.1)

    def _fill(self) -> None:
        now = time.monotonic()
        for place in self._places:
            if place.process is not None and not place.process.is_alive():
                self._note_end(place, place.process, now)
            if place.process is None and now >= place.not_before:
                place.process = self._spawning.Process(target=_work, args=(self._settings, self._taken, self._hands))
                place.process.start()
                place.begun = now

    def _note_end(self, place: _Place, process: SpawnProcess, now: float) -> None:
        soon = now - place.begun < SOON_SECONDS
        place.pause = min(max(1.0, 2 * place.pause), LONGEST_PAUSE) if soon else 0.0
        place.not_before = now + place.pause
        log.warning("Prozess %s ist zu Ende (%s); ein neuer beginnt", process.pid, process.exitcode)
        process.close()
        place.process = None

    def _end(self) -> None:
        """Ask all to end, and kill who does not in time."""
        running = [place.process for place in self._places if place.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            process.join(max(0.0, deadline - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
            process.close()
        self._stop.close()
        self._stopped.close()


def _work(settings: Settings, taken: socket.socket, hands: Hands) -> None:
    """Serve as one of several, until told to end or the first process is gone."""
    from service.http.server import one_server

    server = one_server(settings, hands)
    first = parent_process()

    def follow() -> None:
        if first is not None:
            connection.wait([first.sentinel])
        server.should_exit = True

    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it again when it has ended: to end in order then
    threading.Thread(target=follow, daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[taken])


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` for the signals that end a program, as long as the block lasts."""

    def handle(number: int, frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
