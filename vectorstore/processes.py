"""Functions run in child processes: on untrusted files with limits of memory and time, or as
trusted work without.

A file that exceeds a limit costs only its own process. Limited processes are forked from a server
process that has imported the needed modules, so starting one takes milliseconds. That server has
only a few environment variables, so that code which reads untrusted files sees no passwords. A
process gets one argument and sends messages of bytes back; nothing else of it is used.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import partial
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

from vectorstore.storage import causes_of

# first byte of a message
SHARE = b"s"
MORE_TIME = b"t"
RESULT = b"r"
NO_MEMORY = b"m"
FAILED = b"f"
# that limited processes get
VARIABLES = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR", "TESSDATA_PREFIX")
# no threads before a fork; each arena would take 64 MB
SET = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
NICENESS = 5  # gives a third of the processor while a question is answered
# Signals that end a process without memory: by C libraries (SIGABRT, SIGTRAP), by the system
# (SIGKILL).
OUT_OF_MEMORY = {signal.SIGABRT, signal.SIGTRAP, signal.SIGKILL}
ENDING_SECONDS = 5.0
WALL_FACTOR = 10.0  # wall time that a process may take for each second of its limit
_LEAST_WAIT = 0.05  # seconds between looks at the processor time of a process at its limit
_limited_context: Any = multiprocessing.get_context("forkserver")
_trusted_context: Any = multiprocessing.get_context("spawn")
Argument = TypeVar("Argument")
Report = Callable[[float], None]


class ProcessFailure(Enum):
    """Why a process gave no result."""

    OUT_OF_TIME = "out_of_time"
    OUT_OF_MEMORY = "out_of_memory"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """Limits of processor time, up to `most_seconds` for a process that asks for more, and of
    additional memory.

    Beside other work a process gets its processor time later, so it may take `WALL_FACTOR` times as
    long by the clock. Where the system tells no processor time, the limit is one of wall time.
    Without `writes` a process cannot write files. Memory is limited under Linux only.
    """

    seconds: float
    memory_bytes: int
    most_seconds: float = 0.0
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """Messages from a child process while it works: progress, 0 to 1, and requests for more
    time.
    """

    connection: Connection

    def report(self, share: float, step: str = "") -> None:
        """Report the share of the work that is done, 0 to 1, and the name of the current step."""
        self.connection.send_bytes(SHARE + f"{share} {step}".encode())

    def ask_for(self, seconds: float) -> None:
        """Ask for a time limit of so many seconds in all."""
        self.connection.send_bytes(MORE_TIME + str(seconds).encode())


Function = Callable[[Argument, Channel], bytes]
# only time and size of a message are limited
TRUSTED = ProcessLimits(seconds=86_400.0, memory_bytes=100_000_000)


class LimitedProcess:
    """A child process that computes `function(argument, channel)`.

    The function must be importable. `result` waits for the process and ends it; other threads may
    `kill` it meanwhile. Without `limits` the work is trusted: the process has our environment, and
    gets SIGTERM before it is killed. `step` is the name of the step that was reported last. Raises
    OSError if no process can be started.
    """

    def __init__(
        self, function: Function[Argument], argument: Argument, limits: ProcessLimits | None
    ) -> None:
        """Start the process; `limits` are None for trusted work.

        Trusted work is started anew (spawn), with our environment; limited work is forked from the
        server that `prepare` starts.
        """
        self._is_trusted = limits is None
        self.limits = limits or TRUSTED
        self.step = ""
        context = _trusted_context
        if not self._is_trusted:
            context = _limited_context
            prepare()
        self.seconds = self.limits.seconds
        self.began = time.monotonic()
        self.connection, child_connection = context.Pipe(duplex=False)
        arguments = (child_connection, function, argument, limits)
        # a daemon ends with this process, but could have no children of its own
        self._process = context.Process(target=_work, args=arguments, daemon=not self._is_trusted)
        try:
            self._process.start()
        finally:
            # with a second writing end open here, the end of the child would not be seen
            child_connection.close()

    @property
    def remaining(self) -> float:
        """The seconds until it can reach its time limit; 0 if it has."""
        wall_seconds = time.monotonic() - self.began
        used = _processor_seconds(self._process.pid)
        if used is None:
            left = self.seconds - wall_seconds
        else:
            left = min(self.seconds - used, WALL_FACTOR * self.seconds - wall_seconds)
        return max(left, _LEAST_WAIT) if left > 0 else 0.0

    def result(self, report: Report = lambda _share: None) -> bytes | ProcessFailure:
        """Wait for the result and end the process; OUT_OF_TIME if there is none within its time
        limit.

        `report` is called with the share of the work that is done, 0 to 1.
        """
        try:
            while True:
                remaining = self.remaining
                result = None
                if self.connection.poll(remaining):
                    result = self.receive(report)
                elif not remaining:
                    result = ProcessFailure.OUT_OF_TIME
                if result is not None:
                    return result
        finally:
            self.close()

    def receive(self, report: Report) -> bytes | ProcessFailure | None:
        """Read one message: the result or failure, or None for a message about progress or time.

        The first byte of a message is its kind. The process may have read an untrusted file, so a
        message that is longer than the memory limit or has another form counts as BROKEN. A request
        for more time is granted up to the limits.
        """
        try:
            message = self.connection.recv_bytes(max(self.limits.memory_bytes, 1024))
            kind, body = message[:1], bytes(message[1:])
            if kind == SHARE:
                share, _, self.step = body.decode().partition(" ")
                report(float(share))
                return None
            if kind == MORE_TIME:
                self.seconds = max(self.seconds, min(float(body), self.limits.most_seconds))
                return None
        except EOFError:  # it ended
            return self._failure()
        except (OSError, ValueError):
            return ProcessFailure.BROKEN
        if kind == RESULT:
            return body
        if kind == NO_MEMORY:
            return ProcessFailure.OUT_OF_MEMORY
        return ProcessFailure.BROKEN

    def kill(self) -> None:
        """Kill the process; a call that waits in `result` gets a failure and closes it."""
        with suppress(ValueError):  # closed already
            self._process.kill()

    def close(self) -> None:
        """End the process and release its resources.

        A trusted process is first asked to end (SIGTERM), so that it can clean up, and is killed if
        it has not ended after some seconds.
        """
        if self._is_trusted:
            self._process.terminate()
            self._process.join(ENDING_SECONDS)
        self._process.kill()
        self._process.join()
        self._process.close()
        self.connection.close()

    def _failure(self) -> ProcessFailure:
        """The reason why the process ended without a result, from the signal that ended it.

        An exit code below 0 is the negative number of that signal. SIGXCPU means that the limit of
        processor time was reached.
        """
        self._process.join(ENDING_SECONDS)
        signal_number = -(self._process.exitcode or 0)
        if signal_number == signal.SIGXCPU:
            return ProcessFailure.OUT_OF_TIME
        if signal_number in OUT_OF_MEMORY:
            return ProcessFailure.OUT_OF_MEMORY
        return ProcessFailure.BROKEN


@dataclass(frozen=True, slots=True)
class Finished(Generic[Argument]):
    """The result of a process for its argument, its wall time, and its time limit (`allowed`), both
    in seconds.
    """

    argument: Argument
    result: bytes | ProcessFailure
    seconds: float
    allowed: float


def run_all(
    function: Function[Argument],
    arguments: Iterable[Argument],
    limits: ProcessLimits,
    at_once: int | None = None,
    report: Callable[[Argument, float], None] = lambda _argument, _share: None,
) -> Iterator[Finished[Argument]]:
    """Run a process for each argument, and yield the results as they come.

    `at_once` processes run at a time (None: as many as there are cores). `report` is called with an
    argument and the share of its work that is done, 0 to 1. A process that is over its time limit
    gives OUT_OF_TIME, but a message that has arrived already is read first. Closing the iterator
    early ends all processes.
    """
    waiting, running = deque(arguments), dict[LimitedProcess, Argument]()
    places = at_once or count_cores()
    try:
        while waiting or running:
            while waiting and len(running) < places:
                argument = waiting.popleft()
                running[LimitedProcess(function, argument, limits)] = argument
            timeout = min(process.remaining for process in running)
            ready = set(wait([process.connection for process in running], timeout))
            # determined now, as the time in which results are used does not count
            expired = {process for process in running if not process.remaining}
            for process, argument in list(running.items()):
                result: bytes | ProcessFailure | None = None
                if process.connection in ready:
                    result = process.receive(partial(report, argument))
                elif process in expired:
                    result = ProcessFailure.OUT_OF_TIME
                if result is not None:
                    del running[process]
                    process.close()
                    seconds = time.monotonic() - process.began
                    yield Finished(argument, result, seconds, process.seconds)
    finally:
        for process in running:
            process.close()


def prepare(modules: Sequence[str] = ()) -> None:
    """Start the server process that limited processes are forked from, with these modules imported.

    Does nothing if the server runs already. The server inherits the environment of this process. So
    while it starts, the variables that it must not have are removed here; call this before other
    threads are started, which would miss them.
    """
    if modules:
        _limited_context.set_forkserver_preload(list(modules))
    if forkserver._forkserver._forkserver_pid is not None:  # type: ignore[attr-defined]
        return
    before = dict(os.environ)  # has passwords
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
    """End the server that `prepare` started, to free its memory in a long-running process."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # there is no public way


def count_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def lacks_memory(error: BaseException) -> bool:
    """True if a MemoryError is among the causes of an error, which a library may report as a
    damaged file.
    """
    return any(isinstance(cause, MemoryError) for cause in causes_of(error))


def _processor_seconds(pid: int | None) -> float | None:
    """The processor time of a process and of its ended children, in seconds; None if the system
    does not tell it.
    """
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # behind the name of the program, the 12th to 15th value: utime, stime, cutime, cstime
    ticks = state.rpartition(")")[2].split()[11:15]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _work(
    connection: Connection, function: Function[Any], argument: Any, limits: ProcessLimits | None
) -> None:
    """Compute a result and send it; runs in the child process.

    With `limits` the work is untrusted and is restricted first; None stands for trusted work. An
    exception is sent as a failure without its text, as nothing else of the process is used.
    """
    if limits:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _restrict(limits)
    else:
        # Ctrl-C reaches parent and child; the parent ends the child
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, _exit)
    try:
        message = RESULT + function(argument, Channel(connection))
    except Exception as error:  # a fault costs one file
        message = NO_MEMORY if lacks_memory(error) else FAILED
    with suppress(OSError):  # nobody waits any more
        connection.send_bytes(message)


def _exit(_number: int, _frame: object) -> None:
    """Exit by an exception, so that cleanup runs, also that of this process's own children."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit


def _restrict(limits: ProcessLimits) -> None:
    """Set the system's limits for this process: memory, processor time and files.

    If the system runs out of memory, it kills this process first. The memory limit comes on top of
    what the process uses already; the limit of processor time is a little above the one that the
    parent enforces. Without `writes` files can only be empty.
    """
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    with suppress(OSError):
        os.nice(NICENESS)
    maxima = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: int(max(limits.seconds, limits.most_seconds)) + 5,
    }
    if not limits.writes:
        maxima[resource.RLIMIT_FSIZE] = 0
    with suppress(OSError):
        pages_in_use = int(Path("/proc/self/statm").read_text().split()[0])
        size = pages_in_use * resource.getpagesize()
        maxima[resource.RLIMIT_AS] = size + limits.memory_bytes
    for kind, maximum in maxima.items():
        hard = resource.getrlimit(kind)[1]
        soft = maximum if hard == resource.RLIM_INFINITY else min(maximum, hard)
        # Only the soft limit: at the hard one the system would send SIGKILL instead of SIGXCPU, and
        # a process without time would be told as one without memory.
        resource.setrlimit(kind, (soft, hard))
