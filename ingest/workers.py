"""Reads files in processes of their own, several at a time: one that takes too much or breaks down costs one file.

Each process is forked from a server that has the reader imported already (where the system can fork), so starting one
takes milliseconds. It gets the path of a private copy and sends back JSON, which is all that is believed of it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from ingest.errors import Reason, Rejected
from ingest.limits import ReadingLimits
from ingest.register import RegisterEntry
from ingest.sources import Copy
from prompts import say

_SHARE, _PAGES, _PARSED, _REJECTED = b"s", b"n", b"p", b"r"  # first byte of a message
# What libraries in C do where they get no memory, and the system where it has none.
_OUT_OF_MEMORY = {getattr(signal, name, None) for name in ("SIGABRT", "SIGTRAP", "SIGKILL")} - {None}
_OUT_OF_TIME = {getattr(signal, "SIGXCPU", None)} - {None}
_ENDING_SECONDS = 5.0
_FORKS = "forkserver" in multiprocessing.get_all_start_methods()
_context: Any = multiprocessing.get_context("forkserver" if _FORKS else "spawn")


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read: what is registered of it, and its copy."""

    entry: RegisterEntry
    copy: Copy


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task after `seconds`: the parsed document as JSON (see `dump_parsed`), or why there is none."""

    task: Task
    result: bytes | Rejected
    seconds: float


@dataclass(slots=True)
class _Running:
    task: Task
    process: BaseProcess
    connection: Connection
    began: float
    pages: int = 0

    def deadline(self, limits: ReadingLimits) -> float:
        """Return when the process is ended, by the clock of `time.monotonic`."""
        return self.began + limits.seconds_for(min(self.pages, limits.pages))

    def broken(self, limits: ReadingLimits) -> Rejected:
        """Say why the process ended without a word."""
        self.process.join(_ENDING_SECONDS)
        died = -(self.process.exitcode or 0)
        if died in _OUT_OF_TIME:
            return limits.out_of_time(self.pages)
        return limits.out_of_memory() if died in _OUT_OF_MEMORY else _broken()

    def outcome(self, result: bytes | Rejected) -> Outcome:
        """End the process, whatever it does, and say what became of its task."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.connection.close()
        return Outcome(self.task, result, time.monotonic() - self.began)


def read_all(
    tasks: Sequence[Task],
    limits: ReadingLimits,
    jobs: int | None = None,
    tell: Callable[[Task, float], None] = lambda task, share: None,
) -> Iterator[Outcome]:
    """Read files, `jobs` at a time (as many as there are cores if None), and yield each as it is done.

    `tell` gets the share of a task that is done, 0..1. A process that is over a limit is killed.
    """
    waiting, running = deque(tasks), list[_Running]()
    try:
        while waiting or running:
            while waiting and len(running) < (jobs or _cores()):
                running.append(_started(waiting.popleft(), limits))
            for one, result in list(_results(running, limits, tell)):
                running.remove(one)
                yield one.outcome(result)
    finally:
        for one in running:
            one.outcome(_broken())


def warm() -> None:
    """Start the server that processes are forked from, ahead of the first task."""
    if not _FORKS:
        return
    _context.set_forkserver_preload(["ingest.reading", "vectorstore.records"])
    threads = os.environ.get("OPENBLAS_NUM_THREADS")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a process with threads is not forked safely
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop("OPENBLAS_NUM_THREADS")
        if threads is not None:
            os.environ["OPENBLAS_NUM_THREADS"] = threads


def stop() -> None:
    """End that server; a process that goes on to serve for months has no use for it."""
    if _FORKS:
        forkserver._forkserver._stop()  # type: ignore[attr-defined]  # there is no public way


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _started(task: Task, limits: ReadingLimits) -> _Running:
    warm()
    ours, theirs = _context.Pipe(duplex=False)
    process = _context.Process(target=_read, args=(theirs, task, limits), daemon=True)
    process.start()
    theirs.close()
    return _Running(task, process, ours, time.monotonic())


def _results(
    running: Sequence[_Running], limits: ReadingLimits, tell: Callable[[Task, float], None]
) -> Iterator[tuple[_Running, bytes | Rejected]]:
    """Wait until something is heard or a time is over; yield what has ended."""
    next_deadline = min(one.deadline(limits) for one in running)
    heard = set(wait([one.connection for one in running], max(next_deadline - time.monotonic(), 0)))
    for one in running:
        if one.connection in heard:
            result = _received(one, limits, tell)
            if result is not None:
                yield one, result
                continue
        if time.monotonic() >= one.deadline(limits):
            yield one, limits.out_of_time(one.pages)


def _received(one: _Running, limits: ReadingLimits, tell: Callable[[Task, float], None]) -> bytes | Rejected | None:
    """Take one message; None where it is only about progress."""
    try:
        message = one.connection.recv_bytes(limits.memory_bytes)
        kind, body = message[:1], message[1:]
        if kind == _SHARE:
            tell(one.task, float(body))
            return None
        if kind == _PAGES:
            one.pages = int(body)
            return None
        if kind == _PARSED:
            return body
        code, reason = json.loads(body)
        return Rejected(reason, Reason(code))
    except EOFError:
        return one.broken(limits)
    except (OSError, ValueError):
        return _broken()


def _broken() -> Rejected:
    return Rejected(say("reading.broken_off"), Reason.READER_FAILED)


def _read(connection: Connection, task: Task, limits: ReadingLimits) -> None:
    """Read one file and send what became of it; runs in the process made for it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    too_much, failed = _refusal(limits.out_of_memory()), _refusal(Rejected(say("reading.failed"), Reason.READER_FAILED))
    _restrict(limits)
    from ingest.reading import read_source
    from vectorstore.records import dump_parsed

    told = 0.0

    def tell(share: float) -> None:
        nonlocal told
        if share >= told + 0.02:
            told = share
            connection.send_bytes(_SHARE + str(share).encode())

    def count(pages: int) -> None:
        connection.send_bytes(_PAGES + str(pages).encode())

    try:
        message = _PARSED + dump_parsed(read_source(task.entry, task.copy.load(), tell, limits, count))
    except Rejected as rejection:
        message = too_much if _lacked_memory(rejection) else _refusal(rejection)
    except Exception as error:  # a fault of the reader costs one file, not the whole run
        message = too_much if _lacked_memory(error) else failed
    with suppress(OSError):  # nobody waits any more
        connection.send_bytes(message)


def _lacked_memory(error: BaseException) -> bool:
    """Tell whether an error came of a lack of memory that a library took for damage."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, MemoryError):
            return True
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            waiting += (one.__cause__, one.__context__)
    return False


def _refusal(rejection: Rejected) -> bytes:
    return _REJECTED + json.dumps([rejection.code, rejection.reason]).encode()


def _restrict(limits: ReadingLimits) -> None:
    """Have the system refuse memory over the limit and end a process whose parent is gone; where it can."""
    try:
        import resource
    except ImportError:
        return
    seconds = int(limits.seconds_for(limits.pages)) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (taken + limits.memory_bytes, taken + limits.memory_bytes))
