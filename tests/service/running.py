"""The application on a real socket beside the test."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from service.app.server import address_of, config_of, listen

KEPT_BY_THE_SYSTEM = 32_768  # bytes of an answer, for clients that do not read


@contextmanager
def running(app: ASGIApp, most: int = 1024, listener: socket.socket | None = None) -> Iterator[str]:
    """Serve until the block ends, so many connections at most; yields the address.

    Without a listening socket it is on a free port.
    """
    taken = listener or listen("127.0.0.1", 0)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KEPT_BY_THE_SYSTEM)
    url = address_of(taken)
    server = uvicorn.Server(config_of(app, most))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield url
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
