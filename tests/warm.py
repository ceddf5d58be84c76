"""A process that has the command line imported and forks one of its own for each command: no import is paid twice.

`python -m tests.warm` takes commands as lines of JSON on its input and answers each with its exit code. What runs is
`main` of the command line in a real process, with its own arguments, environment, folder, output and end.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
IMPORTED = (
    "service.cli",
    "service.cli_ingest",
    "service.composition",
    "service.answering.service",
    "service.app",
    "vectorstore.chroma",
    "chromadb.api.rust",
    "bm25s",
    "ingest.job",
    "ingest.reading",
    "evals.commands",
)
_running: dict[int, subprocess.Popen[str]] = {}


def run_warm(
    arguments: Sequence[str], env: Mapping[str, str], cwd: Path, seconds: float
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, as `python -m service` does; raises TimeoutExpired."""
    command = [sys.executable, "-m", "service", *arguments]
    with TemporaryDirectory() as folder:
        outputs = [f"{folder}/{name}" for name in ("stdout", "stderr")]
        code = _asked({"arguments": arguments, "env": dict(env), "cwd": str(cwd), "outputs": outputs}, command, seconds)
        out, err = (Path(output).read_text() for output in outputs)
    return subprocess.CompletedProcess(command, code, out, err)


def _asked(job: Mapping[str, Any], command: Sequence[str], seconds: float) -> int:
    process = _process()
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(job) + "\n")
    process.stdin.flush()
    if not select.select([process.stdout], [], [], seconds)[0]:
        _end(process)
        del _running[os.getpid()]
        raise subprocess.TimeoutExpired(command, seconds)
    return int(process.stdout.readline())


def _process() -> subprocess.Popen[str]:
    """Return this test process's own one, started at its first command."""
    if os.getpid() not in _running:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"],
            cwd=REPOSITORY,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # a process with threads is not forked safely
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        _running[os.getpid()] = process
        atexit.register(_end, process)
    return _running[os.getpid()]


def _end(process: subprocess.Popen[str]) -> None:
    """End it and whatever it runs."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def main() -> None:
    """Fork for each command and tell how it ended; the child leaves the loop."""
    for module in IMPORTED:
        importlib.import_module(module)
    workers = importlib.import_module("ingest.workers")
    threads = list(Path("/proc/self/task").iterdir()) if Path("/proc/self/task").is_dir() else []
    assert len(threads) <= 1, "a process with threads is not forked safely"
    workers.warm()  # all commands have their files read by processes of one server, which imports the reader once
    gc.freeze()  # what is imported is no work for the children
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            _become(json.loads(line))
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201


def _become(job: Mapping[str, Any]) -> None:
    """Be the process of one command; ends by returning or with SystemExit."""
    os.setsid()
    os.environ.clear()
    os.environ.update(job["env"])
    os.chdir(job["cwd"])
    sources = [os.open(os.devnull, os.O_RDONLY)]
    sources += [os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for output in job["outputs"]]
    for number, source in enumerate(sources):
        os.dup2(source, number)
        os.close(source)
    server = forkserver._forkserver  # type: ignore[attr-defined]  # it runs, but as no child of this process
    forkserver.ensure_running = server.ensure_running = server._stop = lambda: None
    started = importlib.import_module("service.__main__")
    sys.modules["__main__"] = started
    sys.argv = [str(started.__file__), *job["arguments"]]
    started.main()


if __name__ == "__main__":
    main()
