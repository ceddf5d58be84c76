"""Runs the application: takes the port first, so that a taken one is told in one sentence, then serves."""

from __future__ import annotations

import errno
import logging
import socket
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from service.app import create_app
from service.connections.book import ConnectionBook
from service.connections.limits import ConnectionLimits, limits_of
from service.connections.refusals import Refusals
from service.connections.server import LimitedServer
from service.logs import log_to_stderr
from service.people.trial import Try
from service.security import security_headers
from service.settings import Settings
from service.staff.links import StaffLinks
from service.uploads.orders import Reader
from service.workers import Workers

Hands = Callable[[Settings], tuple[Reader | None, Try | None]]  # what reads documents, and what tries what was decided
BACKLOG = 2048
GRACE_SECONDS = 5
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
    """Return neither: documents cannot be handed in, and nothing that was learned can be tried."""
    return None, None


def serve(settings: Settings, taken: socket.socket, links: StaffLinks, hands: Hands = without_hands) -> None:
    """Serve on a listening socket until a signal ends it; `links` open the staff page, where one process serves.

    `hands` are made for each process that serves.
    """
    log_to_stderr(settings.log_level, settings.log_format)
    if settings.workers > 1:
        Workers(settings, taken, hands).run()
        return
    reader, attempt = hands(settings)
    app = create_app(settings, links=links, reader=reader, attempt=attempt)
    _draining(app, settings, several=False).run(sockets=[taken])


def one_of_several(settings: Settings, hands: Hands = without_hands) -> LimitedServer:
    """Return the server of one process of several; `settings` hold its part of the limits."""
    log_to_stderr(settings.log_level, settings.log_format)
    reader, attempt = hands(settings)
    return _draining(create_app(settings, reader=reader, attempt=attempt), settings, several=True)


def _draining(app: FastAPI, settings: Settings, *, several: bool) -> LimitedServer:
    """The server of an application, which says for a while that it is not ready before it stops."""
    server = server_of(app, _limits(settings), security_headers(settings.frame_ancestors), several=several)
    server.drain_for(settings.drain_seconds, app.state.readiness)
    return server


def _limits(settings: Settings) -> ConnectionLimits:
    limits = limits_of(settings)
    log.info("Höchstens %d Verbindungen zugleich", limits.most)
    return limits


def server_of(
    app: ASGIApp, limits: ConnectionLimits, headers: dict[str, str], *, several: bool = False
) -> LimitedServer:
    """Return the server of an application; `headers` go with what is refused before the application sees it."""
    config = uvicorn.Config(
        app,
        loop="asyncio:SelectorEventLoop" if sys.platform == "win32" else "auto",  # its other loop knows no add_reader
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return LimitedServer(config, ConnectionBook(limits, Refusals(headers)), several=several)
