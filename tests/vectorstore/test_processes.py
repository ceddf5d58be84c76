"""Work in limited processes: results, progress, and one failure each for time, memory and breaking
down.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from multiprocessing import forkserver
from pathlib import Path

import pytest

from vectorstore import Channel, LimitedProcess, ProcessFailure, ProcessLimits
from vectorstore.processes import lacks_memory, prepare, run_all, stop

MEGABYTE = 1_000_000
LIMITS = ProcessLimits(20.0, 100 * MEGABYTE)
SHORT = ProcessLimits(1.0, 100 * MEGABYTE)
COMPUTING = "import time\nwhile time.process_time() < 1.2: pass"
linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is limited under Linux")


def take_time(what: str, channel: Channel) -> None:
    """Take processor time, let another process take a second of it, or take none."""
    seconds = 60.0
    if what == "wait a little":
        time.sleep(1.5)
        return
    if what == "need time":
        channel.ask_for(30.0)
        seconds = 2.0
    if what == "let compute":
        subprocess.run([sys.executable, "-c", COMPUTING], check=True)
        time.sleep(seconds)
    began = time.process_time()
    while time.process_time() < began + seconds:
        pass


def work(what: str, channel: Channel) -> bytes:
    """Do what is said, in a process of its own."""
    channel.report(0.5)
    match what:
        case "environment":
            return repr(dict(os.environ)).encode() + Path("/proc/self/environ").read_bytes()
        case "sleep":
            time.sleep(60)
        case "put in order":
            try:
                channel.report(0.7)
                time.sleep(60)
            finally:
                Path(os.environ["LOTSE_TEST_FILE"]).write_text("in order")
        case "wait a little" | "compute" | "let compute" | "need time":
            take_time(what, channel)
        case "take memory":
            return bytes(500 * MEGABYTE)
        case "lack memory":
            try:
                raise MemoryError
            except MemoryError:
                raise ValueError("damaged") from None
        case "fail":
            raise ValueError(what)
        case "die":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "be killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "write":
            (Path(os.environ.get("TMPDIR", "/tmp")) / "lotse-test-file").write_bytes(b"x")
    return what.encode()


@pytest.mark.parametrize(
    ("what", "limits", "result"),
    [
        ("work", LIMITS, b"work"),
        ("work", None, b"work"),
        ("sleep", ProcessLimits(0.3, 100 * MEGABYTE), ProcessFailure.OUT_OF_TIME),
        pytest.param("wait a little", SHORT, b"wait a little", marks=linux),
        ("compute", SHORT, ProcessFailure.OUT_OF_TIME),
        pytest.param("let compute", SHORT, ProcessFailure.OUT_OF_TIME, marks=linux),
        ("need time", ProcessLimits(1.0, 100 * MEGABYTE, most_seconds=20.0), b"need time"),
        (
            "need time",
            ProcessLimits(1.0, 100 * MEGABYTE, most_seconds=1.1),
            ProcessFailure.OUT_OF_TIME,
        ),
        pytest.param("take memory", LIMITS, ProcessFailure.OUT_OF_MEMORY, marks=linux),
        ("lack memory", LIMITS, ProcessFailure.OUT_OF_MEMORY),
        ("be killed", LIMITS, ProcessFailure.OUT_OF_MEMORY),
        ("fail", LIMITS, ProcessFailure.BROKEN),
        ("die", LIMITS, ProcessFailure.BROKEN),
        ("write", LIMITS, ProcessFailure.BROKEN),
    ],
)
def test_what_comes_of_work(
    what: str, limits: ProcessLimits | None, result: bytes | ProcessFailure
) -> None:
    shares = list[float]()
    assert LimitedProcess(work, what, limits).result(shares.append) == result
    assert shares == [0.5] and multiprocessing.active_children() == []


def test_no_secret_of_ours_reaches_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    stop()
    monkeypatch.setenv("STRATEGIELOTSE_MAIL_PASSWORD", "geheim")
    before = dict(os.environ)
    known = LimitedProcess(work, "environment", LIMITS).result()
    assert (
        isinstance(known, bytes)
        and b"PATH" in known
        and b"geheim" not in known
        and b"STRATEGIELOTSE" not in known
    )
    assert dict(os.environ) == before


@pytest.mark.usefixtures("drafts_read_in_processes")
def test_our_own_work_has_our_environment_and_is_asked_to_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOTSE_TEST_FILE", str(tmp_path / "file"))
    process = LimitedProcess(work, "put in order", None)
    shares = list[float]()
    while shares != [0.5, 0.7]:
        assert process.receive(shares.append) is None
    process.close()
    assert (tmp_path / "file").read_text() == "in order"


def test_many_are_done_so_many_at_a_time_and_who_stops_early_leaves_none() -> None:
    heard = list[tuple[str, float]]()
    orders = ["a", "fail", "b", "c"]
    done = {
        item.argument: item.result
        for item in run_all(work, orders, LIMITS, 2, lambda *said: heard.append(said))
    }
    assert done == {"a": b"a", "b": b"b", "c": b"c", "fail": ProcessFailure.BROKEN}
    assert sorted(heard) == [(what, 0.5) for what in sorted(orders)]
    running = run_all(work, ["sleep", "a"], LIMITS, 2)
    assert next(running).argument == "a"
    running.close()
    assert multiprocessing.active_children() == []


def test_a_process_can_be_killed_by_others_also_when_it_is_over() -> None:
    process = LimitedProcess(work, "sleep", LIMITS)
    process.kill()
    assert process.result() is ProcessFailure.OUT_OF_MEMORY  # which is how a kill looks
    process.kill()


def test_the_server_of_processes_is_started_once_and_ended() -> None:
    """Two private names of `multiprocessing.forkserver` are used: there is no public way to ask for
    it or to end it.
    """
    prepare()
    server = forkserver._forkserver  # type: ignore[attr-defined]
    first = server._forkserver_pid
    prepare()
    assert first is not None and server._forkserver_pid == first
    stop()
    assert server._forkserver_pid is None


def test_lack_of_memory_is_seen_behind_other_errors() -> None:
    outer, inner = ValueError("damaged"), OSError("read")
    outer.__context__, inner.__cause__ = inner, MemoryError()
    assert lacks_memory(outer) and not lacks_memory(ValueError("damaged"))
