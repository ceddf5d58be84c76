"""Jobs that read documents: each has a database row, a folder and a process. Every process can see
and cancel a job.

Rows are in the database, which machines may share; uploaded files are in a folder of the machine
that reads them, until the job has ended. The process that started a job updates its row every few
seconds; a job whose row was not updated for long has died with its service. Killing a job harms no
edition: the files are uploaded again.
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from prompts import say
from service import Settings, make_database
from service.office.uploads.requests import (
    DocumentReader,
    FileOutcome,
    JobState,
    ReadingFailed,
    ReadingOutcome,
    ReadingRequest,
)
from service.records import ProblemError
from service.web.http import RETRY_LATER
from vectorstore import Channel, LimitedProcess, ProcessFailure
from vectorstore.storage import (
    DATABASE_NOW,
    Database,
    StoreError,
    StoreUnavailable,
    WriterBusy,
    private_folder,
    translate_errors,
)

FOLDER = Path("incoming") / "uploads"
METADATA = MetaData()
JOBS = Table(
    "upload_job",
    METADATA,
    Column("name", String(60), primary_key=True),  # begins with the day as YYYYMMDD
    Column("job", Text, nullable=False),  # as JSON
    Column("cancelled", Boolean, nullable=False),
    # last update, in seconds since 1970 by the database's clock
    Column("seen", Float, nullable=False),
)
MOST_OPEN = 3  # jobs that may wait or read at a time
KEPT_DAYS = 7
REMAINDER_SECONDS = 3600  # an older folder without an open job is a remainder and deleted
SILENT_SECONDS = 60.0  # an open job without update for so long has died
WAITING_SECONDS = 900.0  # for another writer of the edition store
POLL_SECONDS = 0.3  # between looks at a job's process
UPDATE_SECONDS = 5.0  # between updates of its row
_NAME = re.compile(r"[0-9a-z-]{10,60}")  # "20261120-093015-1f3a5c7e"


@dataclass(frozen=True, slots=True)
class Job:
    """A job's state: `share` is the progress (0 to 1), `step` and `message` are texts for people,
    `began` is in UTC.
    """

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

    @property
    def is_open(self) -> bool:
        """True if it waits or reads."""
        return self.state in (JobState.WAITING, JobState.READING)

    def ended(self, state: JobState, message: str) -> Job:
        """Return the job as ended in a state, with a message; an ended job has no step."""
        return replace(self, state=state, message=message, step="")


_JOB_JSON = TypeAdapter(Job)
_RESULT_JSON: TypeAdapter[ReadingOutcome | str] = TypeAdapter(ReadingOutcome | str)


class JobTable:
    """The jobs of one database, which machines may share; for threads and processes. Methods raise
    StoreUnavailable.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert(self, job: Job) -> None:
        """Insert a new job, and delete those older than KEPT_DAYS.

        Names begin with the day ("20261120-093015-1f3a5c7e"), so their order as texts is that of
        time.
        """
        expired = f"{datetime.now(UTC) - timedelta(days=KEPT_DAYS):%Y%m%d}"
        row = {"name": job.name, "job": _JOB_JSON.dump_json(job).decode(), "cancelled": False}
        with translate_errors(), self._database.writing() as connection:
            connection.execute(delete(JOBS).where(JOBS.c.name < expired))
            connection.execute(insert(JOBS).values(seen=DATABASE_NOW, **row))

    def update(self, job: Job) -> None:
        """Update a job's row and its time.

        If the row was deleted, since the job is older than KEPT_DAYS, nothing is changed.
        """
        self._change(job.name, job=_JOB_JSON.dump_json(job).decode(), seen=DATABASE_NOW)

    def mark_cancelled(self, name: str) -> None:
        """Mark a job as cancelled; whoever watches the job sees the mark and ends it."""
        self._change(name, cancelled=True)

    def _change(self, name: str, **values: object) -> None:
        """Set values of a job's row."""
        with translate_errors(), self._database.writing() as connection:
            connection.execute(update(JOBS).where(JOBS.c.name == name).values(values))

    def is_cancelled(self, name: str) -> bool:
        """True if a job is marked as cancelled."""
        with translate_errors(), self._database.reading(METADATA) as connection:
            return bool(
                connection.execute(select(JOBS.c.cancelled).where(JOBS.c.name == name)).scalar()
            )

    def all(self, name: str = "") -> list[Job]:
        """Return all jobs, newest first; with `name` only the job of this name.

        A job that is open, but was not updated for SILENT_SECONDS, is returned as failed: the
        service that ran it has ended, or could not reach the database. Jobs that another version of
        the program stored in another form are left out.
        """
        query = select(JOBS.c.job, (DATABASE_NOW - JOBS.c.seen).label("silent")).order_by(
            JOBS.c.name.desc()
        )
        if name:
            query = query.where(JOBS.c.name == name)
        jobs = []
        with translate_errors(), self._database.reading(METADATA) as connection:
            for row in connection.execute(query).all():
                with suppress(ValidationError):  # stored by another version
                    job = _JOB_JSON.validate_json(row.job)
                    if job.is_open and float(row.silent) > SILENT_SECONDS:
                        job = job.ended(JobState.FAILED, say("uploads.broke_off"))
                    jobs.append(job)
        return jobs


class Jobs(JobTable):
    """The jobs of one service, each run by `reader` in its own process; methods raise
    StoreUnavailable.
    """

    def __init__(self, settings: Settings, reader: DocumentReader) -> None:
        super().__init__(make_database(settings))
        self._folder = settings.data_dir / FOLDER
        self._reader = reader
        self._watchers: list[threading.Thread] = []
        self._closing = threading.Event()

    def make_folder(self) -> Path:
        """Make a folder for a new job and return it.

        Folders older than REMAINDER_SECONDS without an open job are deleted: their service ended
        before it could delete them. Raises the problem uploads-busy for too many open jobs, and
        OSError.
        """
        private_folder(self._folder)
        reading = {job.name for job in self.all() if job.is_open}
        for folder in self._folder.iterdir():
            if (
                folder.name not in reading
                and time.time() - folder.stat().st_mtime > REMAINDER_SECONDS
            ):
                shutil.rmtree(folder, ignore_errors=True)
        if len(reading) >= MOST_OPEN:
            raise ProblemError("uploads-busy", headers=RETRY_LATER)
        folder = self._folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        private_folder(folder)
        return folder

    def start(
        self, folder: Path, request: ReadingRequest, refused: Sequence[FileOutcome] = ()
    ) -> Job:
        """Start the job for a folder of `make_folder` that has the files to read, and return it.

        A thread of this service watches the job's process. `refused` files are not read, but shown
        with the job.
        """
        job = Job(
            folder.name,
            JobState.WAITING,
            datetime.now(UTC),
            request,
            say("uploads.preparing"),
            files=tuple(refused),
        )
        self.insert(job)
        watcher = threading.Thread(target=self._watch, args=(job, folder), daemon=True)
        self._watchers = [*filter(threading.Thread.is_alive, self._watchers), watcher]
        watcher.start()
        return job

    def get(self, name: str) -> Job:
        """Return a job as it is now.

        Raises the problem not-found if there is none of this name, or if the text is no name of a
        job.
        """
        jobs = self.all(name) if _NAME.fullmatch(name) else []
        if not jobs:
            raise ProblemError("not-found")
        return jobs[0]

    def cancel(self, name: str) -> Job:
        """Mark a job as cancelled if it is open, and return it as it was.

        The process that watches the job, maybe of another service, sees the mark and ends it.
        """
        job = self.get(name)
        if job.is_open:
            self.mark_cancelled(name)
        return job

    def close(self) -> None:
        """Stop all jobs of this service, and wait for them."""
        self._closing.set()
        for watcher in self._watchers:
            watcher.join()

    def _watch(self, job: Job, folder: Path) -> None:
        """Run a job in a process of its own, and store its end; runs in a thread.

        While the process works, its progress is written to the row of the job. In the end the
        folder of the job is deleted. If the end cannot be stored, the job counts as broken off when
        its row was not updated for SILENT_SECONDS.
        """
        process = LimitedProcess(run_request, (self._reader, job.request, folder), None)
        try:
            finished = self._follow(job, process)
        finally:
            process.close()
            shutil.rmtree(folder, ignore_errors=True)
        with suppress(StoreUnavailable):
            self.update(finished)

    def _follow(self, job: Job, process: LimitedProcess) -> Job:
        """Write the progress of a job's process to its row until it ends or is cancelled; returns
        the ended job.

        Progress is written at once. Without progress the row is updated every UPDATE_SECONDS all
        the same, since a row without updates means that the job has died. If the database cannot be
        reached, the job goes on, and the update is tried again after UPDATE_SECONDS.
        """
        updated_at = 0.0  # time of the last update
        shares = [0.0]  # that the process has reported
        while not self._closing.is_set():
            if process.connection.poll(POLL_SECONDS):
                result = process.receive(shares.append)  # None: only progress
                if result is not None:
                    return _end_job(job, result)
                job = replace(job, state=JobState.READING, step=process.step, share=shares[-1])
                updated_at = 0.0  # so that progress is written at once
            with suppress(StoreUnavailable):
                if time.monotonic() - updated_at > UPDATE_SECONDS:
                    updated_at = time.monotonic()
                    self.update(job)
                if self.is_cancelled(job.name):
                    return job.ended(JobState.CANCELLED, say("uploads.cancelled"))
        return job.ended(JobState.FAILED, say("uploads.service_ended"))


def _end_job(job: Job, result: bytes | ProcessFailure) -> Job:
    """Return a job in its final state, by the `result` of its process.

    The result is JSON: an outcome if the documents were read, or the message of an error. If the
    process itself failed, it is a ProcessFailure.
    """
    if isinstance(result, ProcessFailure):
        return job.ended(JobState.FAILED, say("uploads.broke_off"))
    outcome = _RESULT_JSON.validate_json(result)
    if isinstance(outcome, str):
        return job.ended(JobState.FAILED, outcome)
    files = (*outcome.files, *job.files)  # those that were refused before
    job = replace(job, edition=outcome.edition, draft=outcome.draft, files=files, share=1.0)
    return job.ended(JobState.DONE, outcome.told)


def run_request(argument: tuple[DocumentReader, ReadingRequest, Path], channel: Channel) -> bytes:
    """Read the documents of a job and return JSON: the outcome, or the message of an error as a
    text.

    It runs in the process of the job, from which only bytes come back, so errors become messages.
    While another writer is active it waits, until WAITING_SECONDS after its start.
    """
    reader, request, folder = argument
    deadline = time.monotonic() + WAITING_SECONDS
    reported = 0.0

    def report(step: str, share: float) -> None:
        """Report the progress unless the last report was less than POLL_SECONDS ago."""
        nonlocal reported
        if time.monotonic() - reported >= POLL_SECONDS:
            reported = time.monotonic()
            channel.report(share, step)

    while True:
        try:
            return _RESULT_JSON.dump_json(reader.read(request, folder, report))
        except WriterBusy as error:
            if time.monotonic() > deadline:
                return _RESULT_JSON.dump_json(str(error))
            report(say("uploads.waiting"), 0.0)
            time.sleep(0.5)
        except (StoreError, ReadingFailed) as error:
            return _RESULT_JSON.dump_json(str(error))
        except Exception as error:
            return _RESULT_JSON.dump_json(say("uploads.unexpected", kind=type(error).__name__))
