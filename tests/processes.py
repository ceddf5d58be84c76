"""Our command line run to its end in this process, and the service as a process of its own until
the test is over.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import io
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "service")
Words = Sequence[str | Path]  # of a command


@dataclass(frozen=True)
class Served:
    """A service that answers: its address and its data folder."""

    url: str
    data: Path

    def get(self, path: str) -> str:
        """Return the body of a page; raises `HTTPError` where the status is not 2xx."""
        with urllib.request.urlopen(self.url + path, timeout=60) as response:
            return str(response.read().decode())


@dataclass(frozen=True)
class Server(Served):
    """A service as a process of its own, with the file of what it says."""

    process: subprocess.Popen[str]
    log: Path


def stat_of(process_id: int | str) -> list[str]:
    """Return what Linux tells of a process, from its state on; one that is gone has ended and uses
    nothing.
    """
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["Z", *["0"] * 49]


def is_alive(process_id: int) -> bool:
    """Tell whether a process runs."""
    return stat_of(process_id)[0] != "Z"


def children_of(process_id: int) -> list[int]:
    """Return the processes that a process has started and that are still alive."""
    processes = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return [item for item in processes if stat_of(item)[1] == str(process_id) and is_alive(item)]


def megabytes_of(process_id: int) -> float:
    """Return how much memory a process has in use."""
    return int(stat_of(process_id)[21]) * os.sysconf("SC_PAGE_SIZE") / 1_048_576


def until(what: Callable[[], bool], seconds: float = 120.0, said: Callable[[], str] = str) -> None:
    """Wait until something is so; raises AssertionError, with what was `said` meanwhile, where it
    never is.
    """
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, said()
        time.sleep(0.05)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def environment(data: Path | None = None, **settings: str) -> dict[str, str]:
    """Return this process's environment with only the given settings of ours."""
    own = {
        name: value for name, value in os.environ.items() if not name.startswith("STRATEGIELOTSE_")
    }
    if data is not None:
        own["STRATEGIELOTSE_DATA_DIR"] = str(data)
    return own | settings


def imported_by(code: str) -> set[str]:
    """Return the modules that a program of Python has imported when it ends."""
    command = [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"]
    done = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=True
    )
    return set(done.stdout.split())


class Terminal(io.TextIOWrapper):
    """A stream that says that a person sits before it."""

    def isatty(self) -> bool:
        return True


def run(
    *arguments: str | Path,
    data: Path | None = None,
    command: Words = (),
    typed: str | None = None,
    cwd: Path = REPOSITORY,
    **settings: str,
) -> subprocess.CompletedProcess[str]:
    """Run our command line to its end, as `python -m service` does; as a process of its own where
    `command` says how.

    In this process it has arguments, environment, folder and output of its own, and leaves nothing
    changed; with what is `typed` it has a terminal.
    """
    env = environment(data, **settings)
    if not command:
        return _run_here([str(argument) for argument in arguments], env, cwd, typed)
    return subprocess.run(
        [*command, *arguments],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def _run_here(
    arguments: list[str], env: Mapping[str, str], cwd: Path, typed: str | None
) -> subprocess.CompletedProcess[str]:
    assert threading.current_thread() is threading.main_thread(), (
        "environment and folder are those of the process"
    )
    started = import_module("service.__main__")
    stream = io.TextIOWrapper if typed is None else Terminal
    written = {"stdout": io.BytesIO(), "stderr": io.BytesIO()}
    streams = {
        "stdin": stream(io.BytesIO((typed or "").encode()), "utf-8"),
        "stdout": io.TextIOWrapper(written["stdout"], "utf-8", write_through=True),
        "stderr": stream(written["stderr"], "utf-8", write_through=True),
    }
    own_environment = patch.dict(os.environ, {"COLUMNS": "80", **env}, clear=True)
    with (
        _state_kept(),
        without_loop(),
        own_environment,
        warnings.catch_warnings(),
        pytest.MonkeyPatch.context() as own,
    ):
        own.chdir(cwd)
        own.setitem(sys.modules, "__main__", started)
        own.setattr(sys, "argv", [str(started.__file__), *arguments])
        for name, used in streams.items():
            own.setattr(sys, name, used)
        for name, value in {
            "handlers": logging.root.handlers[:],
            "level": logging.root.level,
        }.items():
            own.setattr(logging.root, name, value)
        code = _exit_code(started.main)
    said = {name: content.getvalue().decode() for name, content in written.items()}
    return subprocess.CompletedProcess(["python", "-m", "service", *arguments], code, **said)


def _exit_code(main: Callable[[], None]) -> int:
    try:
        contextvars.copy_context().run(main)
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        return 1 if isinstance(end.code, str) else end.code or 0
    return 0


@contextmanager
def without_loop() -> Iterator[None]:
    """Hide Playwright's loop, which runs in this thread as long as a browser, until the block
    ends.
    """
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


@contextmanager
def _state_kept() -> Iterator[None]:
    """Put back what a command may change for its process: umask, signals, collector."""
    mask, swept = os.umask(0), gc.isenabled()
    os.umask(mask)
    handled = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handled.items():
            signal.signal(number, handler)
        os.umask(mask)
        (gc.enable if swept else gc.disable)()


@contextmanager
def served(
    command: Words,
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path = REPOSITORY,
    path: str = "/healthz",
    patience: float = 240.0,
) -> Iterator[Server]:
    """Run a server on a free port until the block ends; yields when `path` answers, within
    `patience` seconds.
    """
    port = free_port()
    env = {**env, "STRATEGIELOTSE_PORT": str(port)}
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    server = Server(
        f"http://127.0.0.1:{port}", Path(env.get("STRATEGIELOTSE_DATA_DIR", "")), process, log
    )
    try:
        until(lambda: _answers(server, path), patience, log.read_text)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=120)


@contextmanager
def serving(
    data: Path, *options: str, path: str = "/readyz", patience: float = 240.0, **said: str
) -> Iterator[Server]:
    """Serve a data folder with what is `said` in the environment until the block ends; the log lies
    beside it.
    """
    command, env = [*COMMAND, "serve", *options], environment(data, **said)
    with served(
        command, env=env, log=data.with_suffix(".log"), path=path, patience=patience
    ) as server:
        yield server


def _answers(server: Server, path: str) -> bool:
    ended = server.process.poll()
    assert ended is None, f"the server ended with {ended}:\n{server.log.read_text()}"
    with suppress(OSError), urllib.request.urlopen(server.url + path, timeout=5):
        return True
    return False
