"""Runs the application: takes the port first, so that a taken one is told in one sentence, then serves."""

from __future__ import annotations

import errno
import logging
import socket
import sys

import uvicorn

from service.app import create_app
from service.settings import Settings

BACKLOG = 512
GRACE_SECONDS = 5
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
REASONS = {
    errno.EADDRINUSE: "der Port ist schon belegt (--port nimmt einen anderen)",
    errno.EACCES: "für diesen Port fehlt die Berechtigung (--port nimmt einen anderen)",
    errno.EADDRNOTAVAIL: "diese Adresse hat der Rechner nicht",
}


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


def serve(settings: Settings, taken: socket.socket) -> None:
    """Serve on a listening socket until a signal ends it."""
    logging.basicConfig(level=settings.log_level, format=LOG_FORMAT, stream=sys.stderr, force=True)
    for name in ("bm25s", "chromadb", "httpcore", "httpx", "langsmith"):
        logging.getLogger(name).setLevel(logging.WARNING)
    config = uvicorn.Config(
        create_app(settings),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[taken])
