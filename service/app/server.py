"""Runs the application with uvicorn; the port is bound first, so that a port in use is reported in
one sentence.

Several processes share one listening socket: one that ends is replaced, and all of them end
together. New connections wait in the socket's queue. uvicorn limits the number of connections and
the size of request heads; slow and half-open connections have to be limited by the proxy in front.
"""

from __future__ import annotations

import asyncio
import errno
import math
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing import connection, parent_process
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.supervisors import Multiprocess

from prompts import say
from service import Settings, SettingsError, log, log_to_stderr
from service.app.application import create_app
from service.office.uploads import DocumentReader

MakeReader = Callable[[Settings], DocumentReader]  # the class of the reader of uploaded documents
BACKLOG = 2048
MAX_CONNECTIONS = 1024  # open ones, of all processes together
GRACE_SECONDS = 5
# after which a process that does not respond is replaced; a busy machine starts slowly
HUNG_SECONDS = 60
IDLE_SECONDS = 5  # until a connection without a request is closed
HEAD_BYTES = 16_384
RESERVED_FILES = 192  # open files of editions, databases, workers
FILES_PER_CONNECTION = 2  # its socket, and an original document that is sent
REASONS = {
    errno.EADDRINUSE: say("serving.port_taken"),
    errno.EACCES: say("serving.port_forbidden"),
    errno.EADDRNOTAVAIL: say("serving.no_such_host"),
    socket.EAI_NONAME: say("serving.unknown_host"),
}


class CannotListen(SettingsError):
    """Address or port cannot be taken; the message is one sentence for people."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket at this address and port, 0 for a free one.

    Raises `CannotListen`, whose message says why, such as an unknown host or a port in use. A port
    that a service has just left can be taken at once.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    has_both = family == socket.AF_INET6 and socket.has_dualstack_ipv6()
    try:
        return socket.create_server(
            (host, port), family=family, backlog=BACKLOG, dualstack_ipv6=has_both
        )
    except (OSError, TypeError) as error:  # a host that cannot be encoded is a TypeError
        reason = REASONS.get(getattr(error, "errno", socket.EAI_NONAME), str(error))
        raise CannotListen(
            say("serving.cannot_listen", host=host, port=port, reason=reason)
        ) from error


def address_of(listener: socket.socket) -> str:
    """Return the address of a listening socket as a URL."""
    host, port = listener.getsockname()[:2]
    if ":" in host:  # IPv6
        return f"http://[{host}]:{port}"
    return f"http://{host}:{port}"


def serve(settings: Settings, listener: socket.socket, make_reader: MakeReader) -> None:
    """Serve on a listening socket until a signal ends the server.

    If the process may not open enough files for all connections, it accepts fewer of them.
    `make_reader` makes the document reader, in each process anew; it must be a function of a
    module, since other processes import it by its name. With one process the application is made
    here, without a process that watches over it.
    """
    log_to_stderr(settings.log_level, settings.log_format)
    wanted = math.ceil(MAX_CONNECTIONS / settings.workers)
    files = allow_files(wanted * FILES_PER_CONNECTION + RESERVED_FILES) - RESERVED_FILES
    most = min(wanted, max(1, files // FILES_PER_CONNECTION))
    log.info(say("serving.most_connections"), most)
    if settings.workers == 1:
        app = create_app(settings, reader=make_reader(settings))
        uvicorn.Server(config_of(app, most)).run(sockets=[listener])
        return
    with listener:
        config = config_of(
            partial(_make_worker_app, share_of(settings), make_reader), most, _WorkerConfig
        )
        config.factory, config.workers = True, settings.workers
        Multiprocess(config, [listener]).run()


def share_of(settings: Settings) -> Settings:
    """Return the settings of one of several processes, with its part of rate (rounded up) and cost.

    0 stays 0, which means no limit.
    """
    rate = math.ceil(settings.rate_per_minute / settings.workers)
    cost = settings.model_cost_per_day / settings.workers
    return settings.model_copy(update={"rate_per_minute": rate, "model_cost_per_day": cost})


class _WorkerConfig(uvicorn.Config):
    """uvicorn's configuration of one of several processes."""

    def configure_logging(self) -> None:
        """Also ignore SIGTERM outside of the server.

        uvicorn raises the signal again after an orderly shutdown. Without a handler it would kill
        the process before it has ended its work.
        """
        signal.signal(signal.SIGTERM, lambda *_: None)
        super().configure_logging()


class WholeWrites:
    """A transport that writes at once what is sent without a pause, as head and body of an answer.

    So a process that is killed has sent all of an answer or nothing, and what is behind a proxy may
    be asked of another process. Parts of a stream are written as they come.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._unsent: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Write when the event loop goes on."""
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._flush)
        self._unsent.append(data)

    def close(self) -> None:
        """Close the connection after what was written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        data = b"".join(self._unsent)
        self._unsent.clear()
        if data:
            self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        """All else is the transport's own."""
        return getattr(self._transport, name)


class _Protocol(H11Protocol):
    def connection_made(self, transport: Any) -> None:
        super().connection_made(WholeWrites(transport))  # type: ignore[arg-type]


def config_of(
    app: ASGIApp | Callable[[], ASGIApp], most: int, kind: type[uvicorn.Config] = uvicorn.Config
) -> uvicorn.Config:
    """Return a configuration of uvicorn, of the class `kind`, with our limits.

    With more than `most` connections at a time, a request is answered by 503. uvicorn's access
    lines are off, since they contain the client's address and path.
    """
    return kind(
        app,
        http=_Protocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=most + 1,  # uvicorn counts the connection of the request too
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_worker_healthcheck=HUNG_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )


def _make_worker_app(settings: Settings, make_reader: MakeReader) -> ASGIApp:
    """Return the application, in a process that is one of several.

    If its parent process ends, even by being killed, this process ends too: a thread waits for that
    and sends this process SIGTERM.
    """
    log_to_stderr(settings.log_level, settings.log_format)
    parent = parent_process()

    def end_with_parent() -> None:
        if parent is not None:
            connection.wait([parent.sentinel])
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=end_with_parent, daemon=True).start()
    return create_app(settings, reader=make_reader(settings))


def allow_files(required: int) -> int:
    """Raise the limit of open files of this process to `required`, or as far as the system allows.

    Returns how many files may be open, at most `required`. A process may raise its soft limit up to
    the hard one.
    """
    try:
        import resource
    except ImportError:  # Windows, where select() has at most 512 sockets
        return min(required, 512)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= required:
        return required
    allowed = required if hard == resource.RLIM_INFINITY else min(required, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed
