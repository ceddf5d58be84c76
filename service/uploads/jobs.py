"""Readings as jobs, a folder each: any process sees how far one is, and it can be cancelled and tried again.

The job itself runs in a process of its own and writes its state; killing it harms nothing, as with any ingestion.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import secrets
import shutil
import signal
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from service.problems import ProblemError
from service.uploads.orders import FileOutcome, JobState, Order, Outcome, Reader
from service.uploads.receiving import Refused
from vectorstore.edition_files import write_durably
from vectorstore.errors import StoreError, WriterBusy
from vectorstore.private_modes import private_folder

FOLDER = Path("incoming") / "uploads"
MOST_OPEN = 3  # jobs that wait or read
MOST_KEPT = 20
KEPT_SECONDS = 7 * 24 * 3600
UNSTARTED_SECONDS = 3600  # a folder that became no job by then was left in the middle of sending
STARTING_SECONDS = 60.0  # a process that has not told anything by then has died
WAITING_SECONDS = 900.0  # for another writer
TOLD_EVERY = 0.3
_NAME = re.compile(r"[0-9a-z-]{10,60}")
_OPEN = (JobState.WAITING, JobState.READING)
_spawning: Any = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Job:
    """A reading as it stands: `share` 0..1 is done, `step` and `message` are for people, `began` is in UTC."""

    name: str
    state: JobState
    began: datetime
    order: Order
    step: str = ""
    share: float = 0.0
    message: str = ""
    edition: str | None = None
    draft: bool = False
    files: tuple[FileOutcome, ...] = ()
    refused: tuple[Refused, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it waits or reads."""
        return self.state in _OPEN


class Jobs:
    """The jobs of one data folder; `reader` reads, in processes of their own."""

    def __init__(self, root: Path, reader: Reader) -> None:
        self._folder = root / FOLDER
        self._reader = reader
        self._running: dict[str, SpawnProcess] = {}

    def make_room(self) -> Path:
        """Return the empty folder of a new job; raises the problem uploads-busy where too many are open, OSError."""
        private_folder(self._folder.parent)
        private_folder(self._folder)
        self._sweep()
        if sum(job.is_open for job in self.all()) >= MOST_OPEN:
            raise ProblemError("uploads-busy", headers={"Retry-After": "30"})
        folder = self._folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        private_folder(folder)
        private_folder(folder / "files")
        return folder

    def start(self, folder: Path, order: Order, refused: tuple[Refused, ...] = ()) -> Job:
        """Start the job of a folder that `make_room` made; its files lie in `files`, `refused` were not taken."""
        job = Job(folder.name, JobState.WAITING, datetime.now(UTC), order, "Wird vorbereitet", refused=refused)
        _write(folder, job)
        self._run(folder)
        return job

    def again(self, name: str) -> Job:
        """Try a job again that failed, was cancelled or broke off; raises the problems not-found and uploads-busy."""
        job = self.get(name)
        folder = self._folder / name
        if job.is_open or job.state is JobState.DONE:
            return job
        if sum(one.is_open for one in self.all()) >= MOST_OPEN:
            raise ProblemError("uploads-busy", headers={"Retry-After": "30"})
        (folder / "cancel").unlink(missing_ok=True)
        return self.start(folder, job.order, job.refused)

    def get(self, name: str) -> Job:
        """Return a job as it stands; raises the problem not-found."""
        job = self._read(self._folder / name) if _NAME.fullmatch(name) else None
        if job is None:
            raise ProblemError("not-found")
        return job

    def all(self) -> list[Job]:
        """Return all jobs, newest first."""
        folders = sorted(self._folder.glob("*/state.json"), reverse=True)
        return [job for path in folders if (job := self._read(path.parent)) is not None]

    def cancel(self, name: str) -> Job:
        """Have a job end soon; what it was about stays, to be tried again."""
        job = self.get(name)
        if job.is_open:
            (self._folder / name / "cancel").touch(mode=0o600)
        return job

    def forget(self, name: str) -> None:
        """Remove a job that is over, with its files; raises the problem not-found."""
        if not self.get(name).is_open:
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def close(self) -> None:
        """End what runs; it can be tried again later."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.join(5)
            if process.is_alive():
                process.kill()
                process.join()
        self._running.clear()

    def _run(self, folder: Path) -> None:
        self._running = {name: one for name, one in self._running.items() if one.is_alive()}
        process = _spawning.Process(target=run_job, args=(self._reader, folder))
        process.start()
        self._running[folder.name] = process

    def _read(self, folder: Path) -> Job | None:
        try:
            job = _job_of(folder.name, json.loads((folder / "state.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if job.is_open and not self._is_alive(folder, job):
            return replace(job, state=JobState.FAILED, message="Das Einlesen brach ab, etwa weil der Dienst endete.")
        return job

    def _is_alive(self, folder: Path, job: Job) -> bool:
        process = self._running.get(job.name)
        if process is not None:
            return process.is_alive()
        if (datetime.now(UTC) - job.began).total_seconds() < STARTING_SECONDS and not (folder / "lock").exists():
            return True
        try:
            with FileLock(folder / "lock", timeout=0):
                return False
        except Timeout:
            return True

    def _sweep(self) -> None:
        """Remove what is over for long, and what never became a job."""
        kept = [job.name for job in self.all()][:MOST_KEPT]
        for folder in self._folder.iterdir():
            old = time.time() - folder.stat().st_mtime
            if old > KEPT_SECONDS or (old > UNSTARTED_SECONDS and folder.name not in kept):
                shutil.rmtree(folder, ignore_errors=True)


def run_job(reader: Reader, folder: Path) -> None:
    """Do a job, in the process made for it: wait for other writers, read, and tell how far it is and how it ended."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    with FileLock(folder / "lock", timeout=5, mode=0o600):
        job = _job_of(folder.name, json.loads((folder / "state.json").read_text(encoding="utf-8")))
        watcher = threading.Thread(target=_watch, args=(folder / "cancel",), daemon=True)
        watcher.start()
        teller = _Teller(folder, job)
        try:
            outcome = _when_free(reader, job.order, folder, teller)
            teller.end(JobState.DONE, "", edition=outcome.edition, draft=outcome.draft, files=outcome.files, share=1.0)
            shutil.rmtree(folder / "files", ignore_errors=True)
        except KeyboardInterrupt:
            asked = (folder / "cancel").exists()
            teller.end(*_CANCELLED if asked else _BROKEN)
        except _known_errors() as error:
            teller.end(JobState.FAILED, str(error))
        except Exception as error:
            teller.end(JobState.FAILED, f"Unerwarteter Fehler ({type(error).__name__}); veröffentlicht ist nichts.")


_CANCELLED = (JobState.CANCELLED, "Abgebrochen. Veröffentlicht wurde nichts; die Dateien liegen noch bereit.")
_BROKEN = (JobState.FAILED, "Das Einlesen brach ab, weil der Dienst endete.")


class ReadingFailed(Exception):
    """Nothing could be read; the message is one sentence for people."""


def _known_errors() -> tuple[type[Exception], ...]:
    return StoreError, ReadingFailed


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _watch(cancel: Path) -> None:
    """End this process's work as soon as somebody asks for that."""
    while not cancel.exists():
        time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGINT)


def _when_free(reader: Reader, order: Order, folder: Path, teller: _Teller) -> Outcome:
    deadline = time.monotonic() + WAITING_SECONDS
    while True:
        try:
            return reader.read(order, folder / "files", teller.tell)
        except WriterBusy:
            if time.monotonic() > deadline:
                raise
        teller.tell("Wartet, bis ein anderer Vorgang fertig ist", 0.0)
        time.sleep(0.5)


class _Teller:
    """Writes the state of a job, now and then while it runs."""

    def __init__(self, folder: Path, job: Job) -> None:
        self._folder, self._job, self._told = folder, job, 0.0

    def tell(self, step: str, share: float) -> None:
        """Note how far the job is."""
        if time.monotonic() - self._told >= TOLD_EVERY:
            self._told = time.monotonic()
            self._job = replace(self._job, state=JobState.READING, step=step, share=share)
            _write(self._folder, self._job)

    def end(self, state: JobState, message: str, **outcome: Any) -> None:
        """Note how the job ended."""
        _write(self._folder, replace(self._job, state=state, message=message, step="", **outcome))


def _write(folder: Path, job: Job) -> None:
    said = asdict(job) | {"began": job.began.isoformat()}
    with suppress(FileNotFoundError):  # somebody removed it meanwhile
        write_durably(folder / "state.json", json.dumps(said, ensure_ascii=False))


def _job_of(name: str, said: dict[str, Any]) -> Job:
    order = said["order"]
    lists = {name: tuple(order[name]) for name in ("files", "only", "unplanned")}
    made = Order(**{**order, **lists})
    files = tuple(FileOutcome(**one) for one in said["files"])
    refused = tuple(Refused(**one) for one in said["refused"])
    rest = {key: said[key] for key in ("step", "share", "message", "edition", "draft")}
    return Job(
        name, JobState(said["state"]), datetime.fromisoformat(said["began"]), made, files=files, refused=refused, **rest
    )
