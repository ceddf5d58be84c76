"""Readings as jobs: any process of any machine sees how far one is, and it can be cancelled and tried again.

A job runs in a process of its own, with a folder of its own on the machine that took the files in; killing it harms
nothing, as with any ingestion.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import secrets
import shutil
import signal
import threading
import time
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from service.composition import make_database
from service.http.problems import ProblemError
from service.settings import Settings
from service.uploads.book import Entry, Job, JobBook
from service.uploads.orders import JobState, Order, Outcome, Reader
from service.uploads.receiving import Refused
from vectorstore.errors import StoreAway, StoreError, WriterBusy
from vectorstore.private_modes import private_folder

FOLDER = Path("incoming") / "uploads"
MOST_OPEN = 3  # jobs that wait or read
MOST_KEPT = 20
KEPT_SECONDS = 7 * 24 * 3600
UNSTARTED_SECONDS = 3600  # a folder that became no job by then was left in the middle of sending
STARTING_SECONDS = 60.0  # a process that has not told anything by then has died
SILENT_SECONDS = 30.0  # so has one of several machines that tells nothing any more
WAITING_SECONDS = 900.0  # for another writer
ENDING_SECONDS = 30.0  # for a database that is away
TOLD_EVERY = 0.3
LIVING_EVERY = 5.0
_NAME = re.compile(r"[0-9a-z-]{10,60}")


class Jobs:
    """The jobs of one service, which `reader` reads in processes of their own; methods raise StoreAway."""

    def __init__(self, settings: Settings, reader: Reader) -> None:
        self._settings = settings
        self._folder = settings.data_dir / FOLDER
        self._reader = reader
        self._database = make_database(settings)
        self._book = JobBook(self._database)
        self._running: dict[str, SpawnProcess] = {}

    def make_room(self) -> Path:
        """Return the empty folder of a new job; raises the problem uploads-busy where too many are open, OSError."""
        private_folder(self._folder.parent)
        private_folder(self._folder)
        self._sweep()
        self._require_room()
        folder = self._folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        private_folder(folder)
        private_folder(folder / "files")
        return folder

    def start(self, folder: Path, order: Order, refused: tuple[Refused, ...] = ()) -> Job:
        """Start the job of a folder that `make_room` made; its files lie in `files`, `refused` were not taken."""
        job = Job(folder.name, JobState.WAITING, datetime.now(UTC), order, "Wird vorbereitet", refused=refused)
        self._book.keep_files(job.name, folder / "files")
        self._begin(job)
        return job

    def again(self, name: str) -> Job:
        """Try a job again that failed, was cancelled or broke off; raises the problems not-found and uploads-busy."""
        job = self.get(name)
        folder = self._folder / name
        if job.is_open or job.state is JobState.DONE:
            return job
        self._require_room()
        if not folder.exists():  # another machine took the files in
            self._fetch(folder)
        anew = Job(name, JobState.WAITING, datetime.now(UTC), job.order, "Wird vorbereitet", refused=job.refused)
        self._begin(anew)
        return anew

    def get(self, name: str) -> Job:
        """Return a job as it stands; raises the problem not-found."""
        entry = self._book.get(name) if _NAME.fullmatch(name) else None
        if entry is None:
            raise ProblemError("not-found")
        return self._standing(entry)

    def all(self) -> list[Job]:
        """Return all jobs, newest first."""
        return [self._standing(entry) for entry in self._book.all()]

    def cancel(self, name: str) -> Job:
        """Have a job end soon; what it was about stays, to be tried again."""
        job = self.get(name)
        if job.is_open:
            self._book.cancel(name)
        return job

    def forget(self, name: str) -> None:
        """Remove a job that is over, with its files; raises the problem not-found."""
        if not self.get(name).is_open:
            self._book.forget(name)
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
        self._database.close()

    def _begin(self, job: Job) -> None:
        self._book.begin(job)
        self._running = {name: one for name, one in self._running.items() if one.is_alive()}
        spawning: Any = multiprocessing.get_context("spawn")
        process = spawning.Process(target=run_job, args=(self._reader, self._settings, job.name))
        process.start()
        self._running[job.name] = process

    def _fetch(self, folder: Path) -> None:
        try:
            for one in (self._folder.parent, self._folder, folder):
                private_folder(one)
            self._book.fetch_files(folder.name, folder / "files")
        except BaseException:  # half of it would be taken for all
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _require_room(self) -> None:
        if sum(job.is_open for job in self.all()) >= MOST_OPEN:
            raise ProblemError("uploads-busy", headers={"Retry-After": "30"})

    def _standing(self, entry: Entry) -> Job:
        job = entry.job
        if job.is_open and not self._is_alive(entry):
            return replace(job, state=JobState.FAILED, message="Das Einlesen brach ab, etwa weil der Dienst endete.")
        return job

    def _is_alive(self, entry: Entry) -> bool:
        job, folder = entry.job, self._folder / entry.job.name
        process = self._running.get(job.name)
        if process is not None and process.is_alive():
            return True
        if self._book.is_shared:  # any machine may be reading
            return entry.silent < SILENT_SECONDS
        if process is None and entry.silent < STARTING_SECONDS and not (folder / "lock").exists():
            return True
        try:
            with FileLock(folder / "lock", timeout=0):
                return False
        except Timeout:
            return True

    def _sweep(self) -> None:
        """Remove what is over for long, and what never became a job."""
        jobs, now = self.all(), datetime.now(UTC)
        for number, job in enumerate(jobs):
            over = number >= MOST_KEPT or (now - job.began).total_seconds() > KEPT_SECONDS
            if over and not job.is_open:
                self._book.forget(job.name)
        kept = [job.name for job in jobs][:MOST_KEPT]
        for folder in self._folder.iterdir():
            old = time.time() - folder.stat().st_mtime
            if old > KEPT_SECONDS or (old > UNSTARTED_SECONDS and folder.name not in kept):
                shutil.rmtree(folder, ignore_errors=True)


def run_job(reader: Reader, settings: Settings, name: str) -> None:
    """Do a job, in the process made for it: wait for other writers, read, and tell how far it is and how it ended."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    folder = settings.data_dir / FOLDER / name
    with FileLock(folder / "lock", timeout=5, mode=0o600), closing(make_database(settings)) as database:
        book = JobBook(database)
        entry = book.get(name)
        if entry is None:  # somebody removed it meanwhile
            return
        threading.Thread(target=_watch, args=(book, name), daemon=True).start()
        teller = _Teller(book, entry.job)
        try:
            outcome = _when_free(reader, entry.job.order, folder, teller)
            teller.end(JobState.DONE, "", edition=outcome.edition, draft=outcome.draft, files=outcome.files, share=1.0)
            shutil.rmtree(folder / "files", ignore_errors=True)
            with suppress(StoreAway):
                book.forget_files(name)
        except KeyboardInterrupt:
            teller.end(*_CANCELLED if _is_cancelled(book, name) else _BROKEN)
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


def _watch(book: JobBook, name: str) -> None:
    """End this process's work as soon as somebody asks for that; tell other machines that it goes on."""
    told = time.monotonic()
    while not _is_cancelled(book, name):
        if time.monotonic() - told >= LIVING_EVERY:
            told = time.monotonic()
            with suppress(StoreAway):
                book.is_living(name)
        time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGINT)


def _is_cancelled(book: JobBook, name: str) -> bool:
    try:
        return book.is_cancelled(name)
    except StoreAway:
        return False


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
    """Notes how a job stands, now and then while it runs."""

    def __init__(self, book: JobBook, job: Job) -> None:
        self._book, self._job, self._told = book, job, 0.0

    def tell(self, step: str, share: float) -> None:
        """Note how far the job is."""
        if time.monotonic() - self._told >= TOLD_EVERY:
            self._told = time.monotonic()
            self._job = replace(self._job, state=JobState.READING, step=step, share=share)
            with suppress(StoreAway):
                self._book.note(self._job)

    def end(self, state: JobState, message: str, **outcome: Any) -> None:
        """Note how the job ended, as soon as the database takes it."""
        deadline = time.monotonic() + ENDING_SECONDS
        while True:
            try:
                return self._book.note(replace(self._job, state=state, message=message, step="", **outcome))
            except StoreAway:
                if time.monotonic() > deadline:
                    raise
            time.sleep(1)
