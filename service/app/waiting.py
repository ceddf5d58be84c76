"""Answers every request with one problem, until the service itself can answer.

At the first start of `serve --demo` the port is bound, and the sample corpus is read for a while.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from service.app.server import config_of
from service.records import ProblemError
from service.web.http import problems
from service.web.pages import problem_page, views


@contextmanager
def refusing_requests(listener: socket.socket) -> Iterator[None]:
    """Answer requests at a listening socket with the problem reading-sample until the block ends.

    The socket itself stays open, so that the service can be served on it afterwards.
    """
    server = uvicorn.Server(config_of(_make_app(), most=64))
    thread = threading.Thread(target=server.run, args=[[listener.dup()]], daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _make_app() -> FastAPI:
    """Return an application with the problem, as a page for browsers, and the assets of pages."""
    app = FastAPI(openapi_url=None)
    problems.install_error_handlers(app, lambda problem, _: problem_page(problem))
    app.add_api_route("/static/{name}", views.static)
    app.add_api_route("/{path:path}", _refuse, methods=["GET", "HEAD", "POST"])
    return app


async def _refuse() -> None:
    """Raise the problem reading-sample; a browser asks again by itself."""
    raise ProblemError("reading-sample", headers={"Retry-After": "5", "Refresh": "5"})
