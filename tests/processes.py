"""Our command line run to its end in this process, and the service as a process of its own until the test is over."""

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
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

REPOSITORY = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "service")


@dataclass(frozen=True)
class Server:
    """A running server: address, seconds until it was healthy, data folder, and the file with what it says."""

    url: str
    process: subprocess.Popen[str]
    seconds: float
    data: Path
    log: Path

    def get(self, path: str) -> str:
        """Return the body of a page; raises `HTTPError` where the status is not 2xx."""
        with urllib.request.urlopen(self.url + path, timeout=20) as response:
            return str(response.read().decode())


def children_of(process_id: int) -> list[int]:
    """Return the processes that a process has started and that are still alive (Linux)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # gone meanwhile
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == process_id and state != "Z":
                found.append(int(path.parent.name))
    return found


def limited_processes_of(process_id: int) -> list[int]:
    """Return the limited processes of a service: it has a server of processes that starts them (Linux)."""
    return [worker for child in children_of(process_id) for worker in children_of(child)]


def workers_of(process_id: int) -> list[int]:
    """Return the processes of a service of several: Python's tracker of resources is a child too (Linux)."""
    found = []
    for child in children_of(process_id):
        with suppress(OSError):  # gone meanwhile
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
    return found


def until(what: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait until something is so; raises AssertionError where it never is."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_alive(process_id: int) -> bool:
    """Tell whether a process runs (Linux)."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def megabytes_of(process_id: int) -> float:
    """Return how much memory a process has in use, 0 where it is gone (Linux)."""
    try:
        pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576


def processor_seconds_of(process_id: int) -> float:
    """Return how much processor time a process has had, 0 where it is gone (Linux)."""
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def environment(data: Path | None = None, **settings: str) -> dict[str, str]:
    """Return this process's environment with only the given settings of ours."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("STRATEGIELOTSE_")}
    if data is not None:
        own["STRATEGIELOTSE_DATA_DIR"] = str(data)
    return own | settings


def run(
    *arguments: str | Path,
    data: Path | None = None,
    command: Sequence[str | Path] = (),
    cwd: Path = REPOSITORY,
    **settings: str,
) -> subprocess.CompletedProcess[str]:
    """Run our command line to its end, as `python -m service` does; as a process of its own where `command` says how.

    In this process it has arguments, environment, folder and output of its own, and leaves nothing changed.
    """
    env = environment(data, **settings)
    if not command:
        return _run_here([str(argument) for argument in arguments], env, cwd)
    return subprocess.run(
        [*command, *arguments],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def _run_here(arguments: list[str], env: Mapping[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    assert threading.current_thread() is threading.main_thread(), "environment and folder are those of the process"
    started = import_module("service.__main__")
    statement, message = _output(), _output()
    with ExitStack() as stack:
        stack.enter_context(_state_kept())
        stack.enter_context(patch.dict(os.environ, {"COLUMNS": "80", **env}, clear=True))
        stack.enter_context(_main_is(started))
        stack.enter_context(patch.object(sys, "argv", [str(started.__file__), *arguments]))
        stack.enter_context(patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO())))
        stack.enter_context(redirect_stdout(statement))
        stack.enter_context(redirect_stderr(message))
        os.chdir(cwd)
        code = _exit_code(started.main)
    outputs = [text.buffer.getvalue().decode() for text in (statement, message)]  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(["python", "-m", "service", *arguments], code, *outputs)


def _output() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _exit_code(main: Callable[[], None]) -> int:
    try:
        contextvars.copy_context().run(main)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        sys.stderr.write(f"{end.code}\n")
        return 1
    return 0


@contextmanager
def _main_is(module: ModuleType) -> Iterator[None]:
    """Have a module be the one that was started; what is imported meanwhile stays imported."""
    before = sys.modules["__main__"]
    sys.modules["__main__"] = module
    try:
        yield
    finally:
        sys.modules["__main__"] = before


@contextmanager
def _state_kept() -> Iterator[None]:
    """Put back what a command may change for its process: folder, umask, signals, logging, warnings, collector."""
    folder, mask, swept = Path.cwd(), os.umask(0), gc.isenabled()
    os.umask(mask)
    handled = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    loop = asyncio._get_running_loop()  # that of a browser that tests have open
    asyncio._set_running_loop(None)
    try:
        with warnings.catch_warnings():
            yield
    finally:
        asyncio._set_running_loop(loop)
        root.handlers[:], root.level = handlers, level
        for number, handler in handled.items():
            signal.signal(number, handler)
        os.umask(mask)
        os.chdir(folder)
        (gc.enable if swept else gc.disable)()


@contextmanager
def served(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path = REPOSITORY,
    path: str = "/healthz",
    patience: float = 240.0,
) -> Iterator[Server]:
    """Run a server on a free port until the block ends; yields when `path` answers, within `patience` seconds."""
    port = free_port()
    begun = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(env) | {"STRATEGIELOTSE_PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(process, url + path, begun + patience, log)
        data = Path(env.get("STRATEGIELOTSE_DATA_DIR", ""))
        yield Server(url, process, time.monotonic() - begun, data, log)
    finally:
        process.terminate()
        process.wait(timeout=120)


@contextmanager
def serving(root: Path, *options: str, patience: float = 240.0, **settings: str) -> Iterator[Server]:
    """Serve the editions in `root/data` with these settings until the block ends; the log is `root/log`."""
    env = environment(root / "data", **settings)
    command = [*COMMAND, "serve", *options]
    with served(command, env=env, log=root / "log", path="/readyz", patience=patience) as server:
        yield server


def _wait(process: subprocess.Popen[str], url: str, deadline: float, log: Path) -> None:
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}:\n{log.read_text()}")
        if _answers(url):
            return
        time.sleep(0.05)
    raise AssertionError(f"{url} did not answer in time:\n{log.read_text()}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False
