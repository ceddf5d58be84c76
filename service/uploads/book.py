"""How far readings are, in the tables beside the editions: every process, and every machine of several, sees the same.

What was handed in lies in the folder of the machine that reads it. Where machines share a database it is kept there too
until it is read, so that another machine can try again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Row

from service.uploads.orders import FileOutcome, JobState, Order
from service.uploads.receiving import Refused
from vectorstore.database import Database, away_told, clock
from vectorstore.file_parts import parts_of
from vectorstore.private_modes import private_file, private_folder

METADATA = MetaData()
JOBS = Table(
    "upload_job",
    METADATA,
    Column("name", String(60), primary_key=True),
    Column("said", Text, nullable=False),  # the job as JSON
    Column("cancelled", Boolean, nullable=False),
    Column("seen", Float, nullable=False),  # when its process last told that it lives, in seconds since 1970
)
FILES = Table(
    "upload_part",
    METADATA,
    Column("job", String(60), primary_key=True),
    Column("file", String(200), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
_OPEN = (JobState.WAITING, JobState.READING)


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


@dataclass(frozen=True, slots=True)
class Entry:
    """A job as the book has it, and for how many seconds its process has not told that it lives."""

    job: Job
    silent: float


class JobBook:
    """The jobs of one database, which several machines may share; safe for threads and processes.

    Methods raise StoreAway.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_shared = database.path is None

    def begin(self, job: Job) -> None:
        """Note a job that begins, or begins again."""
        with away_told(), self._database.writing(METADATA) as connection:
            connection.execute(delete(JOBS).where(JOBS.c.name == job.name))
            row = {"name": job.name, "said": _said(job), "cancelled": False, "seen": clock(connection)}
            connection.execute(insert(JOBS), row)

    def note(self, job: Job) -> None:
        """Note how a job stands; nothing where somebody removed it meanwhile."""
        with away_told(), self._database.writing(METADATA) as connection:
            said = {"said": _said(job), "seen": clock(connection)}
            connection.execute(update(JOBS).where(JOBS.c.name == job.name).values(said))

    def get(self, name: str) -> Entry | None:
        """Return a job, None where there is none of this name."""
        with away_told(), self._database.reading(METADATA) as connection:
            if connection is None:
                return None
            row = connection.execute(select(JOBS).where(JOBS.c.name == name)).first()
            return _entry(row, clock(connection)) if row else None

    def all(self) -> list[Entry]:
        """Return all jobs, newest first."""
        with away_told(), self._database.reading(METADATA) as connection:
            if connection is None:
                return []
            rows = connection.execute(select(JOBS).order_by(JOBS.c.name.desc())).all()
            now = clock(connection)
        return [entry for row in rows if (entry := _entry(row, now)) is not None]

    def cancel(self, name: str) -> None:
        """Have a job end soon."""
        with away_told(), self._database.writing(METADATA) as connection:
            connection.execute(update(JOBS).where(JOBS.c.name == name).values(cancelled=True))

    def is_cancelled(self, name: str) -> bool:
        """Tell whether a job is to end."""
        with away_told(), self._database.reading(METADATA) as connection:
            wanted = select(JOBS.c.cancelled).where(JOBS.c.name == name)
            return bool(connection.execute(wanted).scalar()) if connection else False

    def is_living(self, name: str) -> None:
        """Note for other machines that a job's process lives; on one machine its lock tells."""
        if self.is_shared:
            with away_told(), self._database.writing(METADATA) as connection:
                connection.execute(update(JOBS).where(JOBS.c.name == name).values(seen=clock(connection)))

    def forget(self, name: str) -> None:
        """Remove a job with its files."""
        with away_told(), self._database.writing(METADATA) as connection:
            connection.execute(delete(JOBS).where(JOBS.c.name == name))
            connection.execute(delete(FILES).where(FILES.c.job == name))

    def keep_files(self, name: str, folder: Path) -> None:
        """Keep the files of a folder for other machines; nothing on one. Raises OSError."""
        if not self.is_shared:
            return
        with away_told(), self._database.writing(METADATA) as connection:
            connection.execute(delete(FILES).where(FILES.c.job == name))
            for path in sorted(folder.iterdir()):
                for number, content in enumerate(parts_of(path)):
                    row = {"job": name, "file": path.name, "part": number, "content": content}
                    connection.execute(insert(FILES), row)

    def fetch_files(self, name: str, folder: Path) -> None:
        """Write the files that another machine took in into an empty folder; raises OSError."""
        private_folder(folder)
        parts = select(FILES.c.file, FILES.c.part).where(FILES.c.job == name).order_by(FILES.c.file, FILES.c.part)
        with away_told(), self._database.writing(METADATA) as connection:
            for file, part in connection.execute(parts).all():
                one = (FILES.c.job == name) & (FILES.c.file == file) & (FILES.c.part == part)
                private_file(folder / file)
                with (folder / file).open("ab") as target:
                    target.write(connection.execute(select(FILES.c.content).where(one)).scalar_one())

    def forget_files(self, name: str) -> None:
        """Remove the files of a job that was read."""
        if self.is_shared:
            with away_told(), self._database.writing(METADATA) as connection:
                connection.execute(delete(FILES).where(FILES.c.job == name))


def _said(job: Job) -> str:
    return json.dumps(asdict(job) | {"began": job.began.isoformat()}, ensure_ascii=False)


def _entry(row: Row[Any], now: float) -> Entry | None:
    try:
        return Entry(_job_of(row.name, json.loads(row.said)), now - row.seen)
    except (ValueError, KeyError, TypeError):  # of another version
        return None


def _job_of(name: str, said: dict[str, Any]) -> Job:
    order = said["order"]
    lists = {name: tuple(order[name]) for name in ("files", "only", "unplanned")}
    made = Order(**{**order, **lists})
    files = tuple(FileOutcome(**one) for one in said["files"])
    refused = tuple(Refused(**one) for one in said["refused"])
    rest = {key: said[key] for key in ("step", "share", "message", "edition", "draft")}
    began = datetime.fromisoformat(said["began"]).astimezone(UTC)
    return Job(name, JobState(said["state"]), began, made, files=files, refused=refused, **rest)
