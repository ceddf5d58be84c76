"""Readings as jobs: a file, a state, a process. Any process of any machine sees how far one is and may cancel it.

Which jobs there are stands in the tables beside the editions; what was handed in lies in a folder of the machine that
reads it, until that is over. A job's process tells every few seconds that it lives; one that is silent has died, and
killing it harms nothing, as with any ingestion: the files are handed in again.
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
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Float, MetaData, String, Table, Text, delete, insert, select, text, update

from prompts import say
from service.composition import make_database
from service.http.problems import ProblemError
from service.settings import Settings
from service.uploads.orders import FileOutcome, JobState, Order, Outcome, Reader, ReadingFailed
from service.uploads.receiving import Refused
from vectorstore.database import Database, away_told, clock
from vectorstore.disk import private_folder
from vectorstore.errors import StoreAway, StoreError, WriterBusy

FOLDER = Path("incoming") / "uploads"
METADATA = MetaData()
JOBS = Table(
    "upload_job",
    METADATA,
    Column("name", String(60), primary_key=True),
    Column("said", Text, nullable=False),  # the job as JSON
    Column("cancelled", Boolean, nullable=False),
    Column("seen", Float, nullable=False),  # when its process last told that it lives, in seconds since 1970
)
MOST_OPEN = 3  # jobs that wait or read
MOST_KEPT = 20
KEPT_SECONDS = 7 * 24 * 3600
UNSTARTED_SECONDS = 3600  # a folder that nobody reads by then was left in the middle of sending, or of reading
SILENT_SECONDS = 60.0  # a process that has told nothing for so long has died
WAITING_SECONDS = 900.0  # for another writer
ENDING_SECONDS = 30.0  # for a database that is away
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


class Book:
    """The jobs of one database, which machines may share; safe for threads and processes. Methods raise StoreAway."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, job: Job) -> None:
        """Note a job that begins, or begins again."""
        with away_told(), self._database.writing(METADATA) as connection:
            connection.execute(delete(JOBS).where(JOBS.c.name == job.name))
            row = {"name": job.name, "said": _said(job), "cancelled": False, "seen": clock(connection)}
            connection.execute(insert(JOBS), row)

    def note(self, name: str, job: Job | None = None, *, cancelled: bool | None = None) -> None:
        """Note that a job lives, how it stands, or that it is to end; nothing where somebody removed it meanwhile."""
        with away_told(), self._database.writing(METADATA) as connection:
            said: dict[str, Any] = {"cancelled": True} if cancelled else {"seen": clock(connection)}
            said |= {"said": _said(job)} if job is not None else {}
            connection.execute(update(JOBS).where(JOBS.c.name == name).values(said))

    def all(self, name: str | None = None) -> list[tuple[Job, float, bool]]:
        """All jobs, or the one of a name, newest first: for how many seconds each is silent, whether it is to end."""
        wanted = select(JOBS).order_by(JOBS.c.name.desc())
        with away_told(), self._database.reading(METADATA) as connection:
            if connection is None:
                return []
            rows = connection.execute(wanted if name is None else wanted.where(JOBS.c.name == name)).all()
            now = clock(connection)
        return [(job, now - row.seen, row.cancelled) for row in rows if (job := _job(row.name, row.said)) is not None]

    def is_cancelled(self, name: str) -> bool:
        """Tell whether a job is to end."""
        return any(cancelled for _, _, cancelled in self.all(name))

    def forget_unreadable(self) -> None:
        """Remove what earlier versions noted of jobs, and the files that machines shared then."""
        with away_told(), self._database.reading(METADATA) as connection:
            rows = connection.execute(select(JOBS.c.name, JOBS.c.said)).all() if connection is not None else []
        former = [row.name for row in rows if _job(row.name, row.said) is None]
        if former:
            with away_told(), self._database.writing(METADATA) as connection:
                connection.execute(delete(JOBS).where(JOBS.c.name.in_(former)))
                connection.execute(text("DROP TABLE IF EXISTS upload_part"))

    def forget(self, name: str) -> None:
        """Remove a job."""
        with away_told(), self._database.writing(METADATA) as connection:
            connection.execute(delete(JOBS).where(JOBS.c.name == name))


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
        self._sweep()
        if sum(job.is_open for job in self.all()) >= MOST_OPEN:
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
        found = self._book.all(name) if _NAME.fullmatch(name) else []
        if not found:
            raise ProblemError("not-found")
        return self._standing(*found[0][:2])

    def all(self) -> list[Job]:
        """Return all jobs, newest first."""
        return [self._standing(job, silent) for job, silent, _ in self._book.all()]

    def cancel(self, name: str) -> Job:
        """Have a job end soon."""
        job = self.get(name)
        if job.is_open:
            self._book.note(name, cancelled=True)
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

    def _standing(self, job: Job, silent: float) -> Job:
        process = self._running.get(job.name)
        if job.is_open and (silent > SILENT_SECONDS if process is None else not process.is_alive()):
            return replace(job, state=JobState.FAILED, message=say("uploads.broke_off"))
        return job

    def _sweep(self) -> None:
        """Remove what is over for long, and folders of jobs that never began or died."""
        self._book.forget_unreadable()
        jobs, now = self.all(), datetime.now(UTC)
        for number, job in enumerate(jobs):
            over = number >= MOST_KEPT or (now - job.began).total_seconds() > KEPT_SECONDS
            if over and not job.is_open:
                self._book.forget(job.name)
        reading = {job.name for job in jobs if job.is_open}
        for folder in self._folder.iterdir():
            if folder.name not in reading and time.time() - folder.stat().st_mtime > UNSTARTED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def run_job(reader: Reader, settings: Settings, name: str) -> None:
    """Do a job, in the process made for it: wait for other writers, read, and tell how far it is and how it ended."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    folder = settings.data_dir / FOLDER / name
    with closing(make_database(settings)) as database:
        book = Book(database)
        if not (found := book.all(name)):  # somebody removed it meanwhile
            return
        threading.Thread(target=_watch, args=(book, name), daemon=True).start()
        teller = _Teller(book, found[0][0])
        try:
            done = _when_free(reader, found[0][0].order, folder, teller)
            outcome = {"edition": done.edition, "draft": done.draft, "files": done.files, "share": 1.0}
            teller.end(JobState.DONE, done.told, **outcome)
        except KeyboardInterrupt:
            if book.is_cancelled(name):
                teller.end(JobState.CANCELLED, say("uploads.cancelled"))
            else:
                teller.end(JobState.FAILED, say("uploads.service_ended"))
        except (StoreError, ReadingFailed) as error:
            teller.end(JobState.FAILED, str(error))
        except Exception as error:
            teller.end(JobState.FAILED, say("uploads.unexpected", kind=type(error).__name__))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


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
        time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGINT)


def _when_free(reader: Reader, order: Order, folder: Path, teller: _Teller) -> Outcome:
    deadline = time.monotonic() + WAITING_SECONDS
    while True:
        try:
            return reader.read(order, folder, teller.tell)
        except WriterBusy:
            if time.monotonic() > deadline:
                raise
        teller.tell(say("uploads.waiting"), 0.0)
        time.sleep(0.5)


class _Teller:
    """Notes how a job stands, now and then while it runs."""

    def __init__(self, book: Book, job: Job) -> None:
        self._book, self._job, self._told = book, job, 0.0

    def tell(self, step: str, share: float) -> None:
        """Note how far the job is."""
        if time.monotonic() - self._told >= TOLD_EVERY:
            self._told = time.monotonic()
            self._job = replace(self._job, state=JobState.READING, step=step, share=share)
            with suppress(StoreAway):
                self._book.note(self._job.name, self._job)

    def end(self, state: JobState, message: str, **outcome: Any) -> None:
        """Note how the job ended, as soon as the database takes it."""
        job, deadline = replace(self._job, state=state, message=message, step="", **outcome), time.monotonic()
        while True:
            try:
                return self._book.note(job.name, job)
            except StoreAway:
                if time.monotonic() > deadline + ENDING_SECONDS:
                    raise
            time.sleep(1)


def _said(job: Job) -> str:
    return json.dumps(asdict(job) | {"began": job.began.isoformat()}, ensure_ascii=False)


def _job(name: str, source: str) -> Job | None:
    """Return a job as it was noted; None for one of another version."""
    try:
        said = json.loads(source)
        order = Order(**{**said["order"], **{part: tuple(said["order"][part]) for part in ("files", "only")}})
        files = tuple(FileOutcome(**one) for one in said["files"])
        refused = tuple(Refused(**one) for one in said["refused"])
        rest = {key: said[key] for key in ("step", "share", "message", "edition", "draft")}
        began = datetime.fromisoformat(said["began"]).astimezone(UTC)
        return Job(name, JobState(said["state"]), began, order, files=files, refused=refused, **rest)
    except (ValueError, KeyError, TypeError):
        return None
