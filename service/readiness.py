"""Whether the service can answer: an edition is open and answers, and the database is there."""

from __future__ import annotations

import logging
import time

import anyio
from anyio import to_thread
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from service.answering.query import Conditions
from service.edition_holder import EditionHolder
from service.http.problems import ProblemError
from vectorstore.database import Database

DATABASE_SECONDS = 3.0
CHECKED_SECONDS = 60.0  # between two looks at all of the own database's file
LATER = {"Retry-After": "30"}
log = logging.getLogger("strategielotse")


class Readiness:
    """Tries once whether an edition answers, and each time whether the rest is there."""

    def __init__(self, holder: EditionHolder, database: Database) -> None:
        self._holder = holder
        self._database = database
        self._answered = ""
        self._whole_until = 0.0

    async def edition(self) -> str:
        """Return the name of the edition that answers.

        Raises the problem database-away or not-answering, or a StoreError where no edition can be opened.
        """
        try:
            with anyio.fail_after(DATABASE_SECONDS):
                await to_thread.run_sync(self._reach, abandon_on_cancel=True)
        except (TimeoutError, SQLAlchemyError, OSError) as error:
            log.warning("Nicht bereit: %s", error if isinstance(error, OSError) else type(error).__name__)
            raise ProblemError("database-away", headers=LATER) from None
        return await to_thread.run_sync(self._answers)

    def _reach(self) -> None:
        """Read the own database; a file that is not there yet is no fault, nor is a shared one that is away.

        What is served lies on this machine: whoever asks is answered without it.
        """
        if self._database.path is None or not self._database.path.exists():
            return
        with self._database.engine.connect() as connection:
            connection.execute(text("SELECT count(*) FROM sqlite_master"))
        if time.monotonic() >= self._whole_until:
            if damage := self._database.damage():
                raise OSError(damage)
            self._whole_until = time.monotonic() + CHECKED_SECONDS

    def _answers(self) -> str:
        with self._holder.lease() as served:
            name = served.edition.name
            if name != self._answered:
                first = next(iter(served.edition.catalogue.items), None)
                try:
                    served.answers.tools().select(Conditions(topic=first.title if first else name))
                except Exception as error:
                    log.warning("Ausgabe %s antwortet nicht: %s", name, type(error).__name__)
                    raise ProblemError("not-answering", headers=LATER) from None
                self._answered = name
            return name
