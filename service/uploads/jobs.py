"""Readings as jobs: a file, a state, a process. Any process of any machine sees how far one is and may cancel it.

Which jobs there are stands in the tables beside the editions; what was handed in lies in a folder of the machine that
reads it, until that is over. A job's process tells every few seconds that it lives; one that is silent has died, and
killing it harms nothing, as with any ingestion: the files are handed in again.
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
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Boolean, Column, Float, MetaData, String, Table, Text, delete, insert, select, update

from prompts import say
from service.composition import make_database
from service.http.problems import ProblemError
from service.settings import Settings
from service.uploads.orders import FileOutcome, JobState, Order, Reader, ReadingFailed
from service.uploads.receiving import Refused
from vectorstore.database import Database, away_told, clock
from vectorstore.disk import private_folder
from vectorstore.errors import StoreAway, StoreError, WriterBusy

FOLDER = Path("incoming") / "uploads"
METADATA = MetaData()
JOBS = Table(
    "upload_job",
    METADATA,
    Column("name", String(60), primary_key=True),  # begins with its day
    Column("said", Text, nullable=False),  # the job as JSON
    Column("cancelled", Boolean, nullable=False),
    Column("seen", Float, nullable=False),  # when its process last told that it lives, in seconds since 1970
)
MOST_OPEN = 3  # jobs that wait or read
KEPT_DAYS = 7
UNSTARTED_SECONDS = 3600  # a folder that nobody reads by then was left in the middle of sending, or of reading
SILENT_SECONDS = 60.0  # a process that has told nothing for so long has died
WAITING_SECONDS = 900.0  # for another writer
TOLD_EVERY, LIVING_EVERY = 0.3, 5.0
_NAME = re.compile(r"[0-9a-z-]{10,60}")


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
        return self.state in (JobState.WAITING, JobState.READING)


_FORM = TypeAdapter(Job)


class Book:
    """The jobs of one database, which machines may share; safe for threads and processes. Methods raise StoreAway."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, job: Job) -> None:
        """Note a new job, and forget those that are over for long."""
        due = f"{datetime.now(UTC) - timedelta(days=KEPT_DAYS):%Y%m%d}"
        with away_told(), self._database.writing(METADATA) as connection:
            connection.execute(delete(JOBS).where((JOBS.c.name < due) | (JOBS.c.name == job.name)))
            row = {"name": job.name, "said": _FORM.dump_json(job).decode(), "cancelled": False}
            connection.execute(insert(JOBS), row | {"seen": clock(connection)})

    def note(self, name: str, job: Job | None = None) -> None:
        """Note that a job lives, and how it stands; nothing where somebody removed it meanwhile."""
        said = {"said": _FORM.dump_json(job).decode()} if job is not None else {}
        with away_told(), self._database.writing(METADATA) as connection:
            connection.execute(update(JOBS).where(JOBS.c.name == name).values(seen=clock(connection), **said))

    def cancel(self, name: str) -> None:
        """Note that a job is to end."""
        with away_told(), self._database.writing(METADATA) as connection:
            connection.execute(update(JOBS).where(JOBS.c.name == name).values(cancelled=True))

    def all(self, name: str = "") -> Iterator[tuple[Job, float, bool]]:
        """All jobs, or the one of a name, newest first: for how many seconds each is silent, whether it is to end."""
        wanted = select(JOBS).where(JOBS.c.name == name) if name else select(JOBS).order_by(JOBS.c.name.desc())
        with away_told(), self._database.reading(METADATA) as connection:
            rows = connection.execute(wanted).all() if connection is not None else []
            now = clock(connection) if connection is not None else 0.0
        for row in rows:
            with suppress(ValidationError):  # of another version
                yield _FORM.validate_json(row.said), now - row.seen, row.cancelled

    def is_cancelled(self, name: str) -> bool:
        """Tell whether a job is to end."""
        return any(cancelled for _, _, cancelled in self.all(name))


class Jobs:
    """The jobs of one service, which `reader` reads in processes of their own; methods raise StoreAway."""

    def __init__(self, settings: Settings, reader: Reader) -> None:
        self._settings = settings
        self._folder = settings.data_dir / FOLDER
        self._reader = reader
        self._database = make_database(settings)
        self._book = Book(self._database)
        self._running: dict[str, SpawnProcess] = {}

    def make_room(self) -> Path:
        """Return the empty folder of a new job; raises the problem uploads-busy where too many are open, OSError."""
        private_folder(self._folder.parent)
        private_folder(self._folder)
        reading = {job.name for job in self.all() if job.is_open}
        for folder in self._folder.iterdir():
            if folder.name not in reading and time.time() - folder.stat().st_mtime > UNSTARTED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
        if len(reading) >= MOST_OPEN:
            raise ProblemError("uploads-busy", headers={"Retry-After": "30"})
        folder = self._folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        private_folder(folder)
        return folder

    def start(self, folder: Path, order: Order, refused: tuple[Refused, ...] = ()) -> Job:
        """Start the job of a folder that `make_room` made, in which its files lie; `refused` were not taken."""
        job = Job(folder.name, JobState.WAITING, datetime.now(UTC), order, say("uploads.preparing"), refused=refused)
        self._book.begin(job)
        self._running = {name: one for name, one in self._running.items() if one.is_alive()}
        spawning: Any = multiprocessing.get_context("spawn")
        process = spawning.Process(target=run_job, args=(self._reader, self._settings, job.name))
        process.start()
        self._running[job.name] = process
        return job

    def get(self, name: str) -> Job:
        """Return a job as it stands; raises the problem not-found."""
        found = next(self._book.all(name), None) if _NAME.fullmatch(name) else None
        if found is None:
            raise ProblemError("not-found")
        return self._standing(*found)

    def all(self) -> list[Job]:
        """Return all jobs, newest first."""
        return [self._standing(*one) for one in self._book.all()]

    def cancel(self, name: str) -> Job:
        """Have a job end soon."""
        job = self.get(name)
        if job.is_open:
            self._book.cancel(name)
        return job

    def close(self) -> None:
        """End what runs."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.join(5)
            if process.is_alive():
                process.kill()
                process.join()
        self._running.clear()
        self._database.close()

    def _standing(self, job: Job, silent: float, _: bool) -> Job:
        process = self._running.get(job.name)
        if job.is_open and (silent > SILENT_SECONDS if process is None else not process.is_alive()):
            return replace(job, state=JobState.FAILED, message=say("uploads.broke_off"))
        return job


def run_job(reader: Reader, settings: Settings, name: str) -> None:
    """Do a job, in the process made for it: wait for other writers, read, and tell how far it is and how it ended."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    folder = settings.data_dir / FOLDER / name
    with closing(make_database(settings)) as database:
        book = Book(database)
        found = next(book.all(name), None)
        if found is None:  # somebody removed it meanwhile
            return
        threading.Thread(target=_watch, args=(book, name), daemon=True).start()
        try:
            ended = _read(reader, found[0], folder, book)
        except KeyboardInterrupt:
            if book.is_cancelled(name):
                ended = replace(found[0], state=JobState.CANCELLED, message=say("uploads.cancelled"))
            else:
                ended = replace(found[0], state=JobState.FAILED, message=say("uploads.service_ended"))
        except (StoreError, ReadingFailed) as error:
            ended = replace(found[0], state=JobState.FAILED, message=str(error))
        except Exception as error:
            message = say("uploads.unexpected", kind=type(error).__name__)
            ended = replace(found[0], state=JobState.FAILED, message=message)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        book.note(name, replace(ended, step=""))


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _watch(book: Book, name: str) -> None:
    """Tell others that this process lives, and end its work as soon as somebody asks for that."""
    told, cancelled = 0.0, False
    while not cancelled:
        with suppress(StoreAway):
            cancelled = book.is_cancelled(name)
            if time.monotonic() - told >= LIVING_EVERY:
                told = time.monotonic()
                book.note(name)
        time.sleep(TOLD_EVERY)
    os.kill(os.getpid(), signal.SIGINT)


def _read(reader: Reader, job: Job, folder: Path, book: Book) -> Job:
    """Read as soon as no other writer is at work, and tell how far it is now and then; return the job as it ended."""
    told, deadline = 0.0, time.monotonic() + WAITING_SECONDS

    def tell(step: str, share: float) -> None:
        nonlocal told
        if time.monotonic() - told >= TOLD_EVERY:
            told = time.monotonic()
            with suppress(StoreAway):
                book.note(job.name, replace(job, state=JobState.READING, step=step, share=share))

    while True:
        try:
            done = reader.read(job.order, folder, tell)
        except WriterBusy:
            if time.monotonic() > deadline:
                raise
            tell(say("uploads.waiting"), 0.0)
            time.sleep(0.5)
        else:
            outcome = replace(job, edition=done.edition, draft=done.draft, files=done.files, message=done.told)
            return replace(outcome, state=JobState.DONE, step="", share=1.0)
