"""Trying and publishing beside requests: one at a time in an installation, shown on every page while it goes on.

One row for all processes says whose turn it is and how far it is; whoever works says every few seconds that it lives.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table, Text, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from prompts import say
from service.composition import make_store
from service.people.decisions import Decisions
from service.people.trial import NAME, Changes, NotPublished, Show, TrialFailed, Try, publish, read_trial, require
from service.settings import Settings, SettingsError
from vectorstore.database import Database, away_told, clock
from vectorstore.errors import StoreAway, StoreError
from vectorstore.kept_texts import Texts

METADATA = MetaData()
TURN = Table(
    "decision_turn",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("holder", String(20), nullable=False),
    Column("running", Boolean, nullable=False),
    Column("step", String(200), nullable=False),
    Column("share", Float, nullable=False),
    Column("told", Text, nullable=False),
    Column("failed", Boolean, nullable=False),
    Column("seen", Float, nullable=False),  # seconds since 1970 by the clock of the database
)
BEAT_SECONDS = 1.0  # how often whoever works says that it lives, and how far it is
SILENT_SECONDS = 30.0  # one that has not said so for so long has died with its process
TOLD_SECONDS = 3600.0  # how long pages say what became of the last one
log = logging.getLogger("strategielotse")
Work = Callable[[Show], str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: the step in words, the share done from 0 to 1; `told` is what became of it, or why it `failed`."""

    running: bool = False
    step: str = ""
    share: float = 0.0
    told: str = ""
    failed: bool = False


class Runner:
    """Tries and publishes where nobody else of the installation does; `attempt` None where the service cannot try.

    What runs does not outlive the process. Safe for threads, processes and machines.
    """

    def __init__(
        self, settings: Settings, attempt: Try | None, database: Database, texts: Texts, decisions: Decisions,
        *, silent: float = SILENT_SECONDS, beat: float = BEAT_SECONDS,
    ) -> None:  # fmt: skip
        self._settings, self._attempt, self._database = settings, attempt, database
        self._texts, self._decisions = texts, decisions
        self._silent, self._beat = silent, beat

    @property
    def progress(self) -> Progress:
        """How far what runs anywhere is, or what became of the last one; nothing where nobody can tell."""
        with suppress(SQLAlchemyError), self._database.reading(METADATA) as connection:
            row = connection.execute(select(TURN)).first() if connection else None
            if connection is None or row is None or (silent := clock(connection) - row.seen) > TOLD_SECONDS:
                return Progress()
            if row.running and silent > self._silent:
                return Progress(share=row.share, told=say("people.died"), failed=True)
            return Progress(row.running, row.step, row.share, row.told, row.failed)
        return Progress()

    def try_out(self) -> bool:
        """Begin a trial; false where something runs. Raises StoreAway."""
        attempt = self._attempt

        def work(show: Show) -> str:
            assert attempt is not None
            self._texts.put(NAME, attempt(self._settings, show).model_dump_json(indent=1).encode())
            return ""

        return attempt is not None and self._begin(work)

    def publish(self, done: Callable[[str], None], *, even_if_worse: bool = False) -> bool:
        """Begin to publish what was tried; `done` gets the new edition's name. False where something runs.

        What was not tried is not published, and no case may have got worse, unless `even_if_worse`. Raises StoreAway.
        """

        def tried(changes: Changes) -> None:
            if self._attempt is not None:
                require(read_trial(self._texts), changes.digest, even_if_worse=even_if_worse)

        def work(show: Show) -> str:
            edition = publish(make_store(self._settings), self._decisions, tried, show)
            self._texts.remove(NAME)
            done(edition)
            return say("people.published", edition=edition)

        return self._begin(work)

    def _begin(self, work: Work) -> bool:
        with away_told():
            holder = self._take()
        if holder is None:
            return False
        threading.Thread(target=self._run, args=(work, holder), name="decisions", daemon=True).start()
        return True

    def _take(self) -> str | None:
        """Take the turn where nobody has it, or who had it died; return its holder's name, None where it is taken."""
        holder = secrets.token_hex(8)
        row = {"holder": holder, "running": True, "step": say("people.begun"), "share": 0.0}
        row |= {"told": "", "failed": False}
        try:
            with self._database.writing(METADATA) as connection:
                row["seen"] = now = clock(connection)
                free = TURN.c.running.is_(False) | (TURN.c.seen < now - self._silent)
                if connection.execute(update(TURN).where(free).values(row)).rowcount:
                    return holder
                if connection.execute(select(TURN.c.id)).first() is not None:
                    return None
                connection.execute(insert(TURN), {"id": 1, **row})
        except IntegrityError:  # another one was first
            return None
        return holder

    def _run(self, work: Work, holder: str) -> None:
        """Work, and say meanwhile that the holder lives and how far it is, however long a step takes."""
        said: dict[str, object] = {"step": say("people.begun"), "share": 0.0}
        over = threading.Event()

        def show(step: str, share: float) -> None:
            said.update(step=step[:200], share=max(0.0, min(1.0, share)))

        def beat() -> None:
            while not over.wait(self._beat):
                with suppress(StoreAway):  # the next one may get through
                    self._set(holder, **said)

        living = threading.Thread(target=beat, name="decision-turn", daemon=True)
        living.start()
        failed = True
        try:
            told, failed = work(show), False
        except (TrialFailed, NotPublished, StoreError, SettingsError) as error:
            told = str(error)
        except (OSError, SQLAlchemyError) as error:
            told = say("people.not_kept", error=type(error).__name__)
        except Exception as error:
            log.error(say("people.log_not_tried"), type(error).__name__)
            told = say("people.fault", error=type(error).__name__)
        over.set()
        living.join()
        try:
            self._set(holder, running=False, step="", share=1.0, told=told, failed=failed)
        except StoreAway as error:
            log.warning(say("people.end_not_noted"), error)

    def _set(self, holder: str, **values: object) -> None:
        with away_told(), self._database.writing(METADATA) as connection:
            mine = TURN.c.holder == holder, TURN.c.running
            connection.execute(update(TURN).where(*mine).values(seen=clock(connection), **values))
