"""Publishing corrections beside requests: it takes seconds to minutes, so a page starts it and shows how far it is.

How far it is stands in the tables beside the editions, as the next page may come from another process or machine.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass

from sqlalchemy import JSON, Boolean, Column, Float, Integer, MetaData, Table, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from service.composition import make_store
from service.settings import Settings
from vectorstore.database import Database, away_told
from vectorstore.errors import StoreError

METADATA = MetaData()
RUNS = Table(
    "corrections_publishing",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("running", Boolean, nullable=False),
    Column("progress", JSON, nullable=False),
    Column("seen", Float, nullable=False),  # seconds since 1970
)
ROW = 1
SILENT_SECONDS = 600.0  # a run that has told nothing for so long has died with its process
TOLD_SECONDS = 3600.0  # how long pages say what became of the last run
NOTED_EVERY = 0.5
log = logging.getLogger("strategielotse")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far publishing is: `share` 0..1 and the step's name while it runs, then what became of it as a sentence."""

    running: bool = False
    step: str = ""
    share: float = 0.0
    outcome: str = ""
    failed: bool = False


class Publisher:
    """Publishes the corrections, one run at a time over all processes and machines; safe for threads."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._noted = 0.0

    @property
    def progress(self) -> Progress:
        """How far the run is, or what became of the last one; nothing where there was none or nobody can tell."""
        try:
            with self._database.reading(METADATA) as connection:
                row = connection.execute(select(RUNS)).first() if connection is not None else None
        except SQLAlchemyError:
            return Progress()
        if row is None:
            return Progress()
        told, silent = Progress(**row.progress), time.time() - row.seen
        return told if silent < (SILENT_SECONDS if told.running else TOLD_SECONDS) else Progress()

    def start(self, done: Callable[[str], None]) -> bool:
        """Begin, unless it runs already; `done` gets the name of the new edition. Returns whether it began.

        Raises StoreAway.
        """
        with away_told():
            if not self._take_turn():
                return False
        threading.Thread(target=self._run, args=(done,), name="corrections", daemon=True).start()
        return True

    def _run(self, done: Callable[[str], None]) -> None:
        from vectorstore.amending.publishing import publish_amended

        try:
            published = publish_amended(make_store(self._settings), self._show)
            done(published.name)
            change = "ist veröffentlicht" if published.changed else "ist unverändert: Es gab nichts Neues"
            ended = Progress(outcome=f"Ausgabe {published.name} {change}.")
        except StoreError as error:
            ended = Progress(outcome=str(error), failed=True)
        except Exception as error:
            log.warning("Korrekturen nicht veröffentlicht: %s", type(error).__name__)
            ended = Progress(outcome="Das Veröffentlichen ist an einem Fehler gescheitert.", failed=True)
        with suppress(SQLAlchemyError):
            self._note(ended)

    def _show(self, step: str, share: float) -> None:
        if time.monotonic() - self._noted >= NOTED_EVERY:
            self._noted = time.monotonic()
            with suppress(SQLAlchemyError):
                self._note(Progress(running=True, step=step, share=share))

    def _take_turn(self) -> bool:
        """Note that it begins; false where a run goes on, or another one begins at this moment."""
        begun, over = _row(Progress(running=True, step="Vorbereiten")), time.time() - SILENT_SECONDS
        free = RUNS.c.running.is_(False) | (RUNS.c.seen < over)
        try:
            with self._database.writing(METADATA) as connection:
                if connection.execute(update(RUNS).where(free).values(begun)).rowcount:
                    return True
                if connection.execute(select(RUNS.c.id)).first() is not None:
                    return False
                connection.execute(insert(RUNS), {"id": ROW, **begun})
        except IntegrityError:
            return False
        return True

    def _note(self, progress: Progress) -> None:
        with self._database.writing(METADATA) as connection:
            connection.execute(update(RUNS).values(_row(progress)))


def _row(progress: Progress) -> dict[str, object]:
    return {"running": progress.running, "progress": asdict(progress), "seen": time.time()}
