"""Runs the application: takes the port first, so that a taken one is told in one sentence, then serves by uvicorn.

uvicorn's own limits hold for connections and heads; slow and half-open ones are kept off by the proxy in front.
"""

from __future__ import annotations

import errno
import logging
import socket
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from service.app import create_app
from service.http.workers import Workers
from service.logs import log_to_stderr
from service.people.trial import Try
from service.readiness import Readiness
from service.settings import Settings
from service.staff.links import StaffLinks
from service.uploads.orders import Reader

Hands = Callable[[Settings], tuple[Reader | None, Try | None]]  # what reads documents, and what tries what was decided
BACKLOG = 2048
GRACE_SECONDS = 5
IDLE_SECONDS = 5  # until a connection without a request is closed
HEAD_BYTES = 16_384
RESERVED_FILES = 192  # editions, databases, workers
FILES_PER_CONNECTION = 2  # its socket, and the original that it may be sent
REASONS = {
    errno.EADDRINUSE: "der Port ist schon belegt (--port nimmt einen anderen)",
    errno.EACCES: "für diesen Port fehlt die Berechtigung (--port nimmt einen anderen)",
    errno.EADDRNOTAVAIL: "diese Adresse hat der Rechner nicht",
}
log = logging.getLogger("strategielotse")


class CannotListen(Exception):
    """Address or port cannot be taken; the message is one sentence for people."""


def listen(host: str, port: int) -> socket.socket:
    """Take address and port; raises `CannotListen`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise CannotListen(f"Die Adresse {host} ist unbekannt.") from error
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(address)
        taken.listen(BACKLOG)
    except OSError as error:
        taken.close()
        reason = REASONS.get(error.errno or 0, error.strerror)
        raise CannotListen(f"Auf {host}:{port} kann der Dienst nicht hören: {reason}.") from error
    return taken


def address_of(taken: socket.socket) -> str:
    """Return the address of a listening socket as a URL."""
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def without_hands(settings: Settings) -> tuple[Reader | None, Try | None]:
    """Return neither: documents cannot be handed in, and nothing that was decided can be tried."""
    return None, None


def serve(settings: Settings, taken: socket.socket, links: StaffLinks, hands: Hands = without_hands) -> None:
    """Serve on a listening socket until a signal ends it; `links` open the staff page, where one process serves.

    `hands` are made for each process that serves.
    """
    if settings.workers > 1:
        log_to_stderr(settings.log_level, settings.log_format)
        Workers(settings, taken, hands).run()
    else:
        one_server(settings, hands, links).run(sockets=[taken])


def one_server(settings: Settings, hands: Hands = without_hands, links: StaffLinks | None = None) -> Server:
    """Return the server of one process; `settings` hold its part of the limits."""
    log_to_stderr(settings.log_level, settings.log_format)
    reader, attempt = hands(settings)
    app = create_app(settings, links=links, reader=reader, attempt=attempt)
    files = allow_files(settings.max_connections * FILES_PER_CONNECTION + RESERVED_FILES)
    most = min(settings.max_connections, max(1, (files - RESERVED_FILES) // FILES_PER_CONNECTION))
    log.info("Höchstens %d Verbindungen zugleich", most)
    return Server(app, most, app.state.readiness, settings.drain_seconds)


def allow_files(wanted: int) -> int:
    """Let this process open as many files as wanted where the system lets it; return how many it may open."""
    try:
        import resource
    except ImportError:  # Windows, where select() takes no more
        return min(wanted, 512)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed


class Server(uvicorn.Server):
    """uvicorn, which at a signal says for `drain_seconds` that it is not ready, and then ends what is being answered.

    Beyond `most` connections a request is answered with 503.
    """

    def __init__(self, app: ASGIApp, most: int, readiness: Readiness | None = None, drain_seconds: float = 0.0) -> None:
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=most + 1,  # uvicorn counts the one that asks
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            h11_max_incomplete_event_size=HEAD_BYTES,
        )
        logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)  # its lines name address and path
        super().__init__(config)
        self._readiness, self._drain_seconds = readiness, drain_seconds
        self._stop_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second signal stops at once."""
        if self._readiness is not None:
            first, self._readiness.draining = not self._readiness.draining, True
            if first and self._drain_seconds:
                self._stop_at = time.monotonic() + self._drain_seconds
                return
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Do what is due every tenth of a second; tell whether to end."""
        if self._stop_at is not None and time.monotonic() >= self._stop_at:
            self.should_exit = True
        return await super().on_tick(counter)
