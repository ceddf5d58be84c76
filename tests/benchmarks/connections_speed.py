"""What limits of connections cost: the same application under plain uvicorn and within limits, measured in one run.

usage: python -m tests.benchmarks.connections_speed

Processor time of the server per request, the best of `ROUNDS` rounds in turn.
"""

from __future__ import annotations

import http.client
import multiprocessing
import resource
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from service.app import create_app
from service.connections.limits import ConnectionLimits
from service.server import listen, server_of
from service.settings import Settings

ROUNDS = 5
REQUESTS = 1500


def main() -> None:
    """Measure and print one line each."""
    with TemporaryDirectory() as folder:
        servers = {limited: _start(limited, Path(folder)) for limited in (False, True)}
        for what, ask in (("one connection", _in_a_row), ("a connection each", _each_anew)):
            times: dict[bool, list[float]] = {limited: [] for limited in servers}
            for _ in range(ROUNDS):
                for limited, (port, pipe, _) in servers.items():
                    times[limited].append(_cost(port, pipe, ask))
            plain, within = (1e6 * min(times[limited]) / REQUESTS for limited in (False, True))
            print(f"{what:<20} plain {plain:.0f} µs, within limits {within:.0f} µs: {within / plain:.2f} times")  # noqa: T201
        for _, pipe, process in servers.values():
            pipe.send(None)
            process.terminate()
            process.join()


def _start(limited: bool, folder: Path) -> tuple[int, Connection, BaseProcess]:
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_serve, args=(limited, folder, theirs), daemon=True)
    process.start()
    return ours.recv(), ours, process


def _serve(limited: bool, folder: Path, pipe: Connection) -> None:
    taken = listen("127.0.0.1", 0)
    pipe.send(taken.getsockname()[1])

    def tell() -> None:
        while pipe.recv() is not None:
            used = resource.getrusage(resource.RUSAGE_SELF)
            pipe.send(used.ru_utime + used.ru_stime)

    threading.Thread(target=tell, daemon=True).start()
    app = create_app(Settings(data_dir=folder))
    if limited:
        server_of(app, ConnectionLimits(per_client=0), {}).run(sockets=[taken])
        return
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, proxy_headers=False, ws="none")
    uvicorn.Server(config).run(sockets=[taken])


def _cost(port: int, pipe: Connection, ask: Callable[[int], None]) -> float:
    """Return the seconds of processor time that the server needed."""
    pipe.send(True)
    before = pipe.recv()
    ask(port)
    pipe.send(True)
    return float(pipe.recv() - before)


def _in_a_row(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        for _ in range(REQUESTS):
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()


def _each_anew(port: int) -> None:
    for _ in range(REQUESTS):
        with socket.create_connection(("127.0.0.1", port), 20) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: lotse\r\nConnection: close\r\n\r\n")
            while connection.recv(65536):
                pass


if __name__ == "__main__":
    main()
