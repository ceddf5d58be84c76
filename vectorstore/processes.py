"""Work beside requests in processes of its own: on foreign files within limits of memory and time, or our own.

What takes too much costs one file. A limited process is forked from a server that has imported what it needs (where the
system can fork), so that starting one takes milliseconds. That server has few variables of our environment, so no
password reaches what reads foreign files. A process gets one argument and sends bytes back, which is all that is
believed of it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

from vectorstore.errors import causes_of

SHARE, MORE_TIME, RESULT, NO_MEMORY, FAILED = b"s", b"t", b"r", b"m", b"f"  # first byte of a message
VARIABLES = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR", "SYSTEMROOT", "TESSDATA_PREFIX")  # that processes get of ours
SET = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}  # no threads where we fork; each arena would take 64 MB
NICENESS = 5  # a third of the processor where a question wants it too
# What libraries in C do where they get no memory, and the system where it has none.
OUT_OF_MEMORY = {getattr(signal, name, None) for name in ("SIGABRT", "SIGTRAP", "SIGKILL")} - {None}
ENDING_SECONDS = 5.0
CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()
_context: Any = multiprocessing.get_context("forkserver" if CAN_FORK else "spawn")
_own: Any = multiprocessing.get_context("spawn")
Argument = TypeVar("Argument")
Report = Callable[[float], None]


class ProcessFailure(Enum):
    """Why a process gave no result."""

    OUT_OF_TIME = "out_of_time"
    OUT_OF_MEMORY = "out_of_memory"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """Wall time in seconds, `most_seconds` for a process that asks for more; memory beyond what it starts with.

    A process that does not `write` cannot make files grow. Memory is limited under Linux alone.
    """

    seconds: float
    memory_bytes: int
    most_seconds: float = 0.0
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """What a process says while it works: the share that is done, 0 to 1, and how many seconds it needs in all."""

    connection: Connection

    def report(self, share: float, step: str = "") -> None:
        """Report the share of the work that is done, and what is done now."""
        self.connection.send_bytes(SHARE + f"{share} {step}".encode())

    def ask_for(self, seconds: float) -> None:
        """Ask for so many seconds in all."""
        self.connection.send_bytes(MORE_TIME + str(seconds).encode())


Function = Callable[[Argument, Channel], bytes]
OWN = ProcessLimits(seconds=86_400.0, memory_bytes=100_000_000)


class LimitedProcess:
    """A process that computes `function(argument, channel)`; raises OSError where none can be started.

    The function is one of a module. Whoever waits for the result has it end; others may kill it meanwhile. Without
    `limits` it is our own work: it has our environment, and is asked to end before it is killed. `step` is what it said
    last that it does.
    """

    def __init__(self, function: Function[Argument], argument: Argument, limits: ProcessLimits | None) -> None:
        self._is_own, self.limits, self.step = limits is None, limits or OWN, ""
        context = _own if self._is_own else _context
        if not self._is_own:
            prepare()
        self.seconds, self.began = self.limits.seconds, time.monotonic()
        self.connection, theirs = context.Pipe(duplex=False)
        arguments = (theirs, function, argument, limits)
        self._process = context.Process(target=_work, args=arguments, daemon=not self._is_own)
        try:
            self._process.start()
        finally:
            theirs.close()

    @property
    def remaining(self) -> float:
        """Seconds until its time is over."""
        return max(self.began + self.seconds - time.monotonic(), 0.0)

    def result(self, report: Report = lambda share: None) -> bytes | ProcessFailure:
        """Wait for the result and end the process."""
        try:
            while self.connection.poll(self.remaining):
                if (result := self.receive(report)) is not None:
                    return result
            return ProcessFailure.OUT_OF_TIME
        finally:
            self.close()

    def receive(self, report: Report) -> bytes | ProcessFailure | None:
        """Take one message; None where it is only about progress."""
        try:
            message = self.connection.recv_bytes(max(self.limits.memory_bytes, 1024))
            kind, body = message[:1], message[1:]
            if kind == SHARE:
                share, _, self.step = body.decode().partition(" ")
                report(float(share))
            elif kind == MORE_TIME:
                self.seconds = max(self.seconds, min(float(body), self.limits.most_seconds))
            else:
                if kind == RESULT:
                    return bytes(body)
                return ProcessFailure.OUT_OF_MEMORY if kind == NO_MEMORY else ProcessFailure.BROKEN
        except EOFError:
            return self._end()
        except (OSError, ValueError):
            return ProcessFailure.BROKEN
        return None

    def kill(self) -> None:
        """Kill the process; whoever waits for its result gets a failure, and releases it."""
        with suppress(ValueError):  # released already
            self._process.kill()

    def close(self) -> None:
        """End the process, whatever it does, and release it."""
        if self._is_own:
            self._process.terminate()
            self._process.join(ENDING_SECONDS)
        self._process.kill()
        self._process.join()
        self._process.close()
        self.connection.close()

    def _end(self) -> ProcessFailure:
        """Why the process ended without a word."""
        self._process.join(ENDING_SECONDS)
        died = -(self._process.exitcode or 0)
        if died == getattr(signal, "SIGXCPU", None):
            return ProcessFailure.OUT_OF_TIME
        return ProcessFailure.OUT_OF_MEMORY if died in OUT_OF_MEMORY else ProcessFailure.BROKEN


@dataclass(frozen=True, slots=True)
class Finished(Generic[Argument]):
    """What a process gave for its argument, after so many seconds of at most `allowed`."""

    argument: Argument
    result: bytes | ProcessFailure
    seconds: float
    allowed: float


def run_all(
    function: Function[Argument],
    arguments: Iterable[Argument],
    limits: ProcessLimits,
    at_once: int | None = None,
    report: Callable[[Argument, float], None] = lambda argument, share: None,
) -> Iterator[Finished[Argument]]:
    """Have a process for each argument, `at_once` at a time (one for each core if None); yields each as it ends.

    `report` gets the share of the work on an argument that is done. Whoever stops early leaves no process behind.
    """
    waiting, running = deque(arguments), dict[LimitedProcess, Argument]()
    try:
        while waiting or running:
            while waiting and len(running) < (at_once or count_cores()):
                argument = waiting.popleft()
                running[LimitedProcess(function, argument, limits)] = argument
            heard = set(
                wait([process.connection for process in running], min(process.remaining for process in running))
            )
            for process in [process for process in running if process.connection in heard or not process.remaining]:
                argument = running[process]
                result: bytes | ProcessFailure | None = ProcessFailure.OUT_OF_TIME
                if process.connection in heard:
                    result = process.receive(lambda share, argument=argument: report(argument, share))  # type: ignore[misc]
                if result is not None:
                    del running[process]
                    process.close()
                    yield Finished(argument, result, time.monotonic() - process.began, process.seconds)
    finally:
        for process in running:
            process.close()


def prepare(modules: Sequence[str] = ()) -> None:
    """Start the server that processes are forked from, ahead of the first one, with these modules imported.

    While it starts, our own environment is the short one that it gets: best before there are threads that need more.
    """
    if not CAN_FORK:
        return
    if modules:
        _context.set_forkserver_preload(list(modules))
    if forkserver._forkserver._forkserver_pid is not None:  # type: ignore[attr-defined]
        return
    before = dict(os.environ)
    for name in before.keys() - VARIABLES:
        del os.environ[name]
    os.environ.update(SET)
    try:
        forkserver.ensure_running()
    finally:
        for name in SET:
            del os.environ[name]
        os.environ.update(before)


def stop() -> None:
    """End that server; a process that continues to serve for months has no use for it."""
    if CAN_FORK:
        forkserver._forkserver._stop()  # type: ignore[attr-defined]  # there is no public way


def count_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def lacks_memory(error: BaseException) -> bool:
    """True if an error came of a lack of memory, which a library may have taken for damage."""
    return any(isinstance(cause, MemoryError) for cause in causes_of(error))


def _work(connection: Connection, function: Function[Any], argument: Any, limits: ProcessLimits | None) -> None:
    """Compute a result and send it; runs in the process made for it."""
    if limits:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _restrict(limits)
    else:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # at a terminal whoever started it says when to end
        signal.signal(signal.SIGTERM, _exit)
    try:
        message = RESULT + function(argument, Channel(connection))
    except Exception as error:  # a fault costs one file
        message = NO_MEMORY if lacks_memory(error) else FAILED
    with suppress(OSError):  # nobody waits any more
        connection.send_bytes(message)


def _exit(number: int, frame: object) -> None:
    """End with what was begun put in order, the processes of this one among it."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit


def _restrict(limits: ProcessLimits) -> None:
    """Have the system refuse more memory, end what computes too long though its parent is gone, and take it first."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    try:
        import resource
    except ImportError:  # not a Unix
        return
    most = {resource.RLIMIT_CORE: 0, resource.RLIMIT_CPU: int(max(limits.seconds, limits.most_seconds)) + 5}
    if not limits.writes:
        most[resource.RLIMIT_FSIZE] = 0
    with suppress(OSError):
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        most[resource.RLIMIT_AS] = size + limits.memory_bytes
    for kind, value in most.items():
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
