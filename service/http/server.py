"""Runs the application: takes the port first, so that a taken one is told in one sentence, then serves by uvicorn.

Several processes serve one listening socket: one that ends is replaced, and all of them end together. Whoever is at the
door waits in the socket's queue, which no process owns. uvicorn's own limits hold for connections and
heads; slow and half-open ones are kept off by the proxy in front.
"""

from __future__ import annotations

import errno
import logging
import math
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing import connection, parent_process

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from prompts import say
from service.app import create_app
from service.logs import log_to_stderr
from service.settings import Settings
from service.uploads.requests import DocumentReader

MakeReader = Callable[[Settings], DocumentReader]  # what reads documents, made in each process that serves
BACKLOG = 2048
MAX_CONNECTIONS = 1024  # open ones, of all processes together
GRACE_SECONDS = 5
HUNG_SECONDS = 60  # after which one of several processes that says nothing is replaced: a busy machine starts slowly
IDLE_SECONDS = 5  # until a connection without a request is closed
HEAD_BYTES = 16_384
RESERVED_FILES = 192  # editions, databases, workers
FILES_PER_CONNECTION = 2  # its socket, and the original that it may be sent
REASONS = {
    errno.EADDRINUSE: say("serving.port_taken"),
    errno.EACCES: say("serving.port_forbidden"),
    errno.EADDRNOTAVAIL: say("serving.no_such_host"),
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
        raise CannotListen(say("serving.unknown_host", host=host)) from error
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(address)
        taken.listen(BACKLOG)
    except OSError as error:
        taken.close()
        reason = REASONS.get(error.errno or 0, error.strerror)
        raise CannotListen(say("serving.cannot_listen", host=host, port=port, reason=reason)) from error
    return taken


def address_of(taken: socket.socket) -> str:
    """Return the address of a listening socket as a URL."""
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(settings: Settings, taken: socket.socket, make_reader: MakeReader | None = None) -> None:
    """Serve on a listening socket until a signal ends it; `tickets` open the staff page, where one process serves.

    `make_reader` is a function of a module: each process that serves finds it by its name.
    """
    log_to_stderr(settings.log_level, settings.log_format)
    most = math.ceil(MAX_CONNECTIONS / settings.workers)
    most = min(most, max(1, (allow_files(most * FILES_PER_CONNECTION + RESERVED_FILES) - RESERVED_FILES) // 2))
    log.info(say("serving.most_connections"), most)
    if settings.workers == 1:
        uvicorn.Server(config_of(_app(settings, make_reader), most)).run(sockets=[taken])
        return
    with taken:
        config = config_of(partial(_app_of_one, share_of(settings), make_reader), most, _Worker)
        config.factory, config.workers = True, settings.workers
        Multiprocess(config, [taken]).run()


def share_of(settings: Settings) -> Settings:
    """Return the settings of one of several processes: each has its part of every limit, rounded up; 0 is no limit."""
    rate = math.ceil(settings.rate_per_minute / settings.workers)
    cost = settings.model_cost_per_day / settings.workers
    return settings.model_copy(update={"rate_per_minute": rate, "model_cost_per_day": cost})


class _Worker(uvicorn.Config):
    """The configuration of one of several processes."""

    def configure_logging(self) -> None:
        """Also have a process end in order: uvicorn raises the signal again when it has ended."""
        signal.signal(signal.SIGTERM, lambda *_: None)
        super().configure_logging()


def config_of(
    app: ASGIApp | Callable[[], ASGIApp], most: int, kind: type[uvicorn.Config] = uvicorn.Config
) -> uvicorn.Config:
    """Return uvicorn's configuration with our limits; beyond `most` connections a request is answered with 503."""
    logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)  # its lines name address and path
    return kind(
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
        timeout_worker_healthcheck=HUNG_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )


def _app(settings: Settings, make_reader: MakeReader | None) -> ASGIApp:
    return create_app(settings, reader=make_reader(settings) if make_reader else None)


def _app_of_one(settings: Settings, make_reader: MakeReader | None) -> ASGIApp:
    """Return the application of one of several processes, which ends where the first process is gone."""
    log_to_stderr(settings.log_level, settings.log_format)
    first = parent_process()

    def follow() -> None:
        if first is not None:
            connection.wait([first.sentinel])
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=follow, daemon=True).start()
    return _app(settings, make_reader)


def allow_files(required: int) -> int:
    """Let this process open as many files as wanted where the system lets it; return how many it may open."""
    try:
        import resource
    except ImportError:  # Windows, where select() takes no more
        return min(required, 512)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= required:
        return required
    allowed = required if hard == resource.RLIM_INFINITY else min(required, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed
