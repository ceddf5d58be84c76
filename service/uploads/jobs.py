"""Readings as jobs: a row, a folder, a process. Any process of any machine sees how far one is and may cancel it.

The rows are in the tables beside the editions; what was handed in is in a folder of the machine that reads it, until
that is over. Whoever started a job watches its process and notes every few seconds that it goes on; a job that nobody
noted for long has died with its service, and killing it harms nothing, as with any ingestion: the files are handed in
again.
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Boolean, Column, Float, MetaData, String, Table, Text, delete, insert, select, update

from prompts import say
from service.composition import make_database
from service.http.problems import ProblemError
from service.settings import Settings
from service.uploads.receiving import RefusedFile
from service.uploads.requests import (
    DocumentReader,
    FileOutcome,
    JobState,
    ReadingFailed,
    ReadingOutcome,
    ReadingRequest,
)
from vectorstore.database import NOW, Database, report_away
from vectorstore.disk import private_folder
from vectorstore.errors import StoreAway, StoreError, WriterBusy
from vectorstore.processes import Channel, LimitedProcess, ProcessFailure

FOLDER = Path("incoming") / "uploads"
METADATA = MetaData()
JOBS = Table(
    "upload_job",
    METADATA,
    Column("name", String(60), primary_key=True),  # begins with its day
    Column("job", Text, nullable=False),  # as JSON
    Column("cancelled", Boolean, nullable=False),
    Column("seen", Float, nullable=False),  # when it was last noted, in seconds since 1970 by the clock of the database
)
MOST_OPEN = 3  # jobs that wait or read
KEPT_DAYS = 7
UNSTARTED_SECONDS = 3600  # a folder that nobody reads by then was left in the middle of sending, or of reading
SILENT_SECONDS = 60.0  # a job that nobody noted for so long has died
WAITING_SECONDS = 900.0  # for another writer
LOOKED_EVERY, NOTED_EVERY = 0.3, 5.0
_NAME = re.compile(r"[0-9a-z-]{10,60}")


@dataclass(frozen=True, slots=True)
class Job:
    """A reading as it is now: `share` 0..1 is done, `step` and `message` are for people, `began` is in UTC."""

    name: str
    state: JobState
    began: datetime
    request: ReadingRequest
    step: str = ""
    share: float = 0.0
    message: str = ""
    edition: str | None = None
    draft: bool = False
    files: tuple[FileOutcome, ...] = ()
    refused: tuple[RefusedFile, ...] = ()

    @property
    def is_open(self) -> bool:
        """True if it waits or reads."""
        return self.state in (JobState.WAITING, JobState.READING)

    def ended(self, state: JobState, message: str) -> Job:
        """The job with how it ended."""
        return replace(self, state=state, message=message, step="")


_FORM = TypeAdapter(Job)
_RESULT: TypeAdapter[ReadingOutcome | str] = TypeAdapter(ReadingOutcome | str)


class JobTable:
    """The jobs of one database, which machines may share; safe for threads and processes. Methods raise StoreAway."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, job: Job) -> None:
        """Note a new job, and forget those that are over for long."""
        due = f"{datetime.now(UTC) - timedelta(days=KEPT_DAYS):%Y%m%d}"
        row = {"name": job.name, "job": _FORM.dump_json(job).decode(), "cancelled": False}
        with report_away(), self._database.writing(METADATA) as connection:
            connection.execute(delete(JOBS).where((JOBS.c.name < due) | (JOBS.c.name == job.name)))
            connection.execute(insert(JOBS).values(seen=NOW, **row))

    def note(self, job: Job) -> None:
        """Note how a job is and that it goes on, nothing where its row is gone."""
        values = {"job": _FORM.dump_json(job).decode(), "seen": NOW}
        with report_away(), self._database.writing(METADATA) as connection:
            connection.execute(update(JOBS).where(JOBS.c.name == job.name).values(values))

    def cancel(self, name: str) -> None:
        """Note that a job is to end."""
        with report_away(), self._database.writing(METADATA) as connection:
            connection.execute(update(JOBS).where(JOBS.c.name == name).values(cancelled=True))

    def is_cancelled(self, name: str) -> bool:
        """True if a job is to end."""
        with report_away(), self._database.reading(METADATA) as connection:
            return bool(connection.execute(select(JOBS.c.cancelled).where(JOBS.c.name == name)).scalar())

    def all(self, name: str = "") -> list[Job]:
        """All jobs, or the one of a name, newest first; one that nobody noted for long has failed."""
        needed = select(JOBS.c.job, (NOW - JOBS.c.seen).label("silent")).order_by(JOBS.c.name.desc())
        needed = needed.where(JOBS.c.name == name) if name else needed
        results = []
        with report_away(), self._database.reading(METADATA) as connection:
            for row in connection.execute(needed).all():
                with suppress(ValidationError):  # of another version
                    job = _FORM.validate_json(row.job)
                    died = job.is_open and float(row.silent) > SILENT_SECONDS
                    results.append(job.ended(JobState.FAILED, say("uploads.broke_off")) if died else job)
        return results


class Jobs:
    """The jobs of one service, which `reader` reads in processes of their own; methods raise StoreAway."""

    def __init__(self, settings: Settings, reader: DocumentReader) -> None:
        self._settings = settings
        self._folder = settings.data_dir / FOLDER
        self._reader = reader
        self._book = JobTable(make_database(settings))
        self._watchers: list[threading.Thread] = []
        self._closing = threading.Event()

    def free_space(self) -> Path:
        """Make the empty folder of a new job; raises the problem uploads-busy where too many are open, OSError."""
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

    def start(self, folder: Path, request: ReadingRequest, refused: tuple[RefusedFile, ...] = ()) -> Job:
        """Start the job of a folder that `free_space` made, which has its files; `refused` were not taken."""
        job = Job(folder.name, JobState.WAITING, datetime.now(UTC), request, say("uploads.preparing"), refused=refused)
        self._book.begin(job)
        watcher = threading.Thread(target=self._watch, args=(job, folder), daemon=True)
        self._watchers = [*filter(threading.Thread.is_alive, self._watchers), watcher]
        watcher.start()
        return job

    def get(self, name: str) -> Job:
        """A job as it is now; raises the problem not-found."""
        result = self._book.all(name) if _NAME.fullmatch(name) else []
        if not result:
            raise ProblemError("not-found")
        return result[0]

    def all(self) -> list[Job]:
        """All jobs, newest first."""
        return self._book.all()

    def cancel(self, name: str) -> Job:
        """Have a job end soon."""
        job = self.get(name)
        if job.is_open:
            self._book.cancel(name)
        return job

    def close(self) -> None:
        """End what runs."""
        self._closing.set()
        for watcher in self._watchers:
            watcher.join()

    def _watch(self, job: Job, folder: Path) -> None:
        """Have a process do a job, and note how far it is and how it ended."""
        process = LimitedProcess(run_request, (self._reader, job.request, folder), None)
        try:
            finished = self._follow(job, process)
        finally:
            process.close()
            shutil.rmtree(folder, ignore_errors=True)
        with suppress(StoreAway):
            self._book.note(finished)

    def _follow(self, job: Job, process: LimitedProcess) -> Job:
        """Note how far a job's process is until the job ends; returns the job as it ended."""
        noted, shares = 0.0, [0.0]
        while not self._closing.is_set():
            if process.connection.poll(LOOKED_EVERY):
                result = process.receive(shares.append)
                if result is not None:
                    return _end(job, result)
                job, noted = replace(job, state=JobState.READING, step=process.step, share=shares[-1]), 0.0
            with suppress(StoreAway):
                if time.monotonic() - noted > NOTED_EVERY:
                    noted = time.monotonic()
                    self._book.note(job)
                if self._book.is_cancelled(job.name):
                    return job.ended(JobState.CANCELLED, say("uploads.cancelled"))
        return job.ended(JobState.FAILED, say("uploads.service_ended"))


def _end(job: Job, result: bytes | ProcessFailure) -> Job:
    """A job with what its process gave."""
    done = say("uploads.broke_off") if isinstance(result, ProcessFailure) else _RESULT.validate_json(result)
    if isinstance(done, str):
        return job.ended(JobState.FAILED, done)
    job = replace(job, edition=done.edition, draft=done.draft, files=done.files, share=1.0)
    return job.ended(JobState.DONE, done.told)


def run_request(argument: tuple[DocumentReader, ReadingRequest, Path], channel: Channel) -> bytes:
    """Read as soon as no other writer is at work, in the process of a job: its outcome or a sentence, as JSON."""
    (reader, request, folder), deadline, reported = argument, time.monotonic() + WAITING_SECONDS, 0.0

    def report(step: str, share: float) -> None:
        nonlocal reported
        if time.monotonic() - reported >= LOOKED_EVERY:
            reported = time.monotonic()
            channel.report(share, step)

    while True:
        try:
            return _RESULT.dump_json(reader.read(request, folder, report))
        except WriterBusy as error:
            if time.monotonic() > deadline:
                return _RESULT.dump_json(str(error))
            report(say("uploads.waiting"), 0.0)
            time.sleep(0.5)
        except (StoreError, ReadingFailed) as error:
            return _RESULT.dump_json(str(error))
        except Exception as error:
            return _RESULT.dump_json(say("uploads.unexpected", kind=type(error).__name__))
