"""An ingestion in a process of its own whose memory is watched, file by file; its workers are
watched from outside.

`python -m tests.endurance.watched JOB` does a job (JSON, see `Job`) and prints a line of JSON for
each round.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingest import IngestRequest, ReadingLimits, run_ingest
from tests.processes import REPOSITORY, children_of, environment, megabytes_of
from vectorstore import EditionStore
from vectorstore.processes import stop

_EVERY = 0.1  # seconds between two looks at the workers


@dataclass(frozen=True)
class Job:
    """A folder of files, and the data folders that it is ingested into, one after the other."""

    files: str
    data: list[str]
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Round:
    """One ingestion: its report, its seconds, and megabytes of the process as each file was done
    and at the end.
    """

    report: dict[str, Any]
    seconds: float
    memory: list[float]
    afterwards: float


@dataclass
class Watched:
    """What was seen: rounds, the largest worker and the server of workers in megabytes, and what
    was left behind.
    """

    rounds: list[Round]
    worker: float
    server: float
    processes: list[int]
    temporary: list[str]


def ingested(job: Job, temporary: Path, timeout: float = 900) -> Watched:
    """Do a job in a process of its own, whose temporary files lie in an empty folder; raises where
    it fails.

    Sockets lie there too, whose addresses have 107 letters at most: the folder's is short.
    """
    temporary.mkdir()
    printed = temporary.with_suffix(".jsonl")  # a report may be larger than what a pipe holds
    text = temporary.with_suffix(".log")  # a warning for each file that is rejected
    with printed.open("w") as output, text.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.endurance.watched", json.dumps(asdict(job))],
            cwd=REPOSITORY,
            env=environment(TMPDIR=str(temporary)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=log,
            start_new_session=True,
        )
    worker = server = 0.0
    deadline = time.monotonic() + timeout
    while process.poll() is None and time.monotonic() < deadline:
        for child in children_of(process.pid):
            if workers := children_of(child):
                server = max(server, megabytes_of(child))
                worker = max(worker, *map(megabytes_of, workers))
        time.sleep(_EVERY)
    process.kill()
    process.wait(timeout=30)
    assert process.returncode == 0, f"ended with {process.returncode}: {text.read_text()[-2000:]}"
    rounds = [Round(**json.loads(line)) for line in printed.read_text().splitlines()]
    return Watched(
        rounds, worker, server, left_of(process.pid), [path.name for path in temporary.iterdir()]
    )


def left_of(session: int, patience: float = 5.0) -> list[int]:
    """Return the processes of a session that still run after some seconds (Linux)."""
    deadline = time.monotonic() + patience
    while (found := _running_in(session)) and time.monotonic() < deadline:
        time.sleep(_EVERY)
    return found


def _running_in(session: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # gone meanwhile
            state, _, _, own = path.read_text().rpartition(")")[2].split()[:4]
            if int(own) == session and state != "Z":
                found.append(int(path.parent.name))
    return found


def done(job: Job, data: str) -> Round:
    """Ingest once, noting the memory as each file is done."""
    seen: dict[str, float] = {}

    def tell(step: str, share: float) -> None:
        if step.startswith("Lesen: "):
            seen[step] = megabytes_of(os.getpid())

    begun = time.monotonic()
    request = IngestRequest(paths=(Path(job.files),), limits=ReadingLimits(**job.limits))
    report = run_ingest(request, EditionStore(Path(data)), tell).to_json()
    seconds = time.monotonic() - begun
    return Round(report, seconds, list(seen.values()), megabytes_of(os.getpid()))


def main(arguments: list[str]) -> int:
    job = Job(**json.loads(arguments[0]))
    for data in job.data:
        sys.stdout.write(json.dumps(asdict(done(job, data)), default=str) + "\n")
        sys.stdout.flush()
    stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
