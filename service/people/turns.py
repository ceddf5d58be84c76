"""Whose turn it is to try or publish what was decided, and how far it is: one row for all processes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Thread

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table, Text, insert, select, update
from sqlalchemy.exc import IntegrityError

from vectorstore.database import Database, away_told, clock
from vectorstore.errors import StoreAway

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
ROW = 1
BEAT_SECONDS = 3.0  # how often whoever works says that it lives
SILENT_SECONDS = 30.0  # one that has not said so for so long has died with its process
TOLD_SECONDS = 3600.0  # how long pages say what became of the last one
DIED = "Das ist abgebrochen: Der Dienst wurde währenddessen beendet. Bitte beginnen Sie neu."


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: the step in words, the share done from 0 to 1; `told` is what became of it, or why it `failed`."""

    running: bool = False
    step: str = ""
    share: float = 0.0
    told: str = ""
    failed: bool = False


class Turns:
    """The turn of one installation; safe for threads, processes and machines. Methods raise StoreAway."""

    def __init__(self, database: Database, silent: float = SILENT_SECONDS, beat: float = BEAT_SECONDS) -> None:
        self._database = database
        self._silent = silent
        self._beat = beat

    @property
    def progress(self) -> Progress:
        """How far what runs anywhere is, or what became of the last one."""
        with away_told(), self._database.reading(METADATA) as connection:
            row = connection.execute(select(TURN)).mappings().first() if connection else None
            silent = clock(connection) - row["seen"] if connection and row else 0.0
        if row is None or silent > TOLD_SECONDS:
            return Progress()
        if row["running"] and silent > self._silent:
            return Progress(share=row["share"], told=DIED, failed=True)
        return Progress(row["running"], row["step"], row["share"], row["told"], row["failed"])

    def take(self) -> str | None:
        """Take the turn where nobody has it, or who had it died; returns its holder's name, None where it is taken."""
        holder = secrets.token_hex(8)
        try:
            with away_told(), self._database.writing(METADATA) as connection:
                row = {"holder": holder, "running": True, "step": "Vorbereiten", "share": 0.0}
                row |= {"told": "", "failed": False}
                row["seen"] = now = clock(connection)
                free = TURN.c.running.is_(False) | (TURN.c.seen < now - self._silent)
                if connection.execute(update(TURN).where(free).values(row)).rowcount:
                    return holder
                if connection.execute(select(TURN.c.id)).first() is not None:
                    return None
                connection.execute(insert(TURN), {"id": ROW, **row})
        except StoreAway as error:
            if isinstance(error.__cause__, IntegrityError):  # another one was first
                return None
            raise
        return holder

    def tell(self, holder: str, step: str, share: float) -> None:
        """Tell how far it is."""
        self._set(holder, step=step[:200], share=max(0.0, min(1.0, share)))

    def end(self, holder: str, told: str, *, failed: bool = False) -> None:
        """Give the turn back, and say what became of it."""
        self._set(holder, running=False, step="", share=1.0, told=told, failed=failed)

    @contextmanager
    def living(self, holder: str) -> Iterator[None]:
        """Say that the holder lives until the block ends, however long a step takes."""
        over = Event()

        def beat() -> None:
            while not over.wait(self._beat):
                with suppress(StoreAway):  # the next one may get through
                    self._set(holder)

        thread = Thread(target=beat, name="decision-turn", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _set(self, holder: str, **values: object) -> None:
        with away_told(), self._database.writing(METADATA) as connection:
            mine = TURN.c.holder == holder, TURN.c.running
            connection.execute(update(TURN).where(*mine).values(seen=clock(connection), **values))
