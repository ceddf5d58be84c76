"""Sign-ins that failed: counted for each client, and slower with every one; who fails too often has to wait.

They count in the tables beside the editions, so every process and machine knows of them; kept for an hour is a code of
the client's address under the service's key. While nothing can be written there, each process counts for itself.
A client that cannot be told from others (this machine, a proxy that does not say for whom it speaks) never has to wait,
for nobody must lock out the others; each of its failures only takes its time.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import math
import time
from collections import OrderedDict

from anyio import to_thread
from sqlalchemy import Column, Float, Integer, MetaData, String, Table, delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from service.counted_log import CountedLog
from service.problems import ProblemError
from vectorstore.database import Database

FREE = 5
SECONDS = 0.5  # every failure
FIRST_WAIT, LONGEST_WAIT = 10.0, 300.0
FORGOTTEN_AFTER = 3600.0
MAX_CLIENTS = 10_000
METADATA = MetaData()
FAILURES = Table(
    "failed_sign_in",
    METADATA,
    Column("client", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("moment", Float, nullable=False, index=True),
)
log = logging.getLogger("strategielotse")


class FailedSignIns:
    """The failures of the last hour by client, for at most `MAX_CLIENTS` of them. Moments are seconds since 1970."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._key = key
        self._own: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._told = CountedLog(log, "Fehlgeschlagene Anmeldungen an der Seite für Beschäftigte: %d")

    async def require_turn(self, client: str | None) -> None:
        """Raise the problem too-many-sign-ins for a client that has to wait."""
        if wait := math.ceil(await to_thread.run_sync(self.wait, client, time.time())):
            raise ProblemError("too-many-sign-ins", values={"wait": str(wait)}, headers={"Retry-After": str(wait)})

    async def note(self, client: str | None) -> None:
        """Count a failure, and let it take its time."""
        self._told.note()
        await to_thread.run_sync(self.count, client, time.time())
        await asyncio.sleep(SECONDS)

    async def forget(self, client: str | None) -> None:
        """Forget the failures of a client that has signed in."""
        if client is not None:
            await to_thread.run_sync(self._forget, self._code(client))

    def wait(self, client: str | None, now: float) -> float:
        """Return how many seconds a client has to wait, 0 for none."""
        number, then = self._known(self._code(client)) if client is not None else (0, now)
        if number < FREE or now - then >= FORGOTTEN_AFTER:
            return 0.0
        longer = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(number - FREE, 10))
        return max(0.0, then + longer - now)

    def count(self, client: str | None, now: float) -> None:
        """Count a failure; the client that failed longest ago is forgotten where there are too many."""
        if client is None:
            return
        code = self._code(client)
        try:
            with self._database.writing(METADATA) as connection:
                _count(connection, code, now)
        except SQLAlchemyError:
            number, then = self._own.pop(code, (0, now))
            self._own[code] = (number + 1 if now - then < FORGOTTEN_AFTER else 1, now)
            if len(self._own) > MAX_CLIENTS:
                self._own.popitem(last=False)

    def _known(self, code: str) -> tuple[int, float]:
        """Return how often a client has failed and when last, as the tables say or, if oftener, this process."""
        own = self._own.get(code, (0, 0.0))
        try:
            with self._database.reading(METADATA) as connection:
                row = (
                    connection.execute(select(FAILURES).where(FAILURES.c.client == code)).first()
                    if connection
                    else None
                )
        except SQLAlchemyError:
            return own
        return max(own, (row.number, row.moment)) if row is not None else own

    def _forget(self, code: str) -> None:
        known = self._own.pop(code, None) is None and self._known(code)[0]
        try:
            if known:
                with self._database.writing(METADATA) as connection:
                    connection.execute(delete(FAILURES).where(FAILURES.c.client == code))
        except SQLAlchemyError as error:
            log.info("Fehlversuche ließen sich nicht vergessen (%s)", type(error).__name__)

    def _code(self, client: str) -> str:
        return hmac.digest(self._key, client.encode("utf-8", "replace"), "sha256").hex()


def _count(connection: Connection, code: str, now: float) -> None:
    connection.execute(delete(FAILURES).where(FAILURES.c.moment <= now - FORGOTTEN_AFTER))
    more = update(FAILURES).where(FAILURES.c.client == code).values(number=FAILURES.c.number + 1, moment=now)
    if not connection.execute(more).rowcount:
        connection.execute(insert(FAILURES), {"client": code, "number": 1, "moment": now})
    latest = select(FAILURES.c.moment).order_by(FAILURES.c.moment.desc()).offset(MAX_CLIENTS).limit(1)
    if (oldest := connection.execute(latest).scalar()) is not None:
        connection.execute(delete(FAILURES).where(FAILURES.c.moment <= oldest))
