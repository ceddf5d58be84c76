"""How often one subscriber may send what people have to read (hints, mails), counted for all processes together.

Counted is in the service's database, by keyed digests of address and network, which go with their span of time: an
IPv6 subscriber has a network of /48 and may use any address in it. A share is kept for networks that sent nothing.
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Collection, Sequence

from sqlalchemy import Column, Float, Index, MetaData, String, Table, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Scope

from service.http.clients import client_key, is_loopback, network_key
from vectorstore.database import Database, clock

METADATA = MetaData()
SENT = Table(
    "sent_turn",
    METADATA,
    Column("name", String(20), nullable=False),
    Column("client", String(32), nullable=False),
    Column("network", String(32), nullable=False),
    Column("moment", Float, nullable=False),
)
Index("sent_turn_moment", SENT.c.name, SENT.c.moment)
OF_NETWORK = 3  # times as many of a network as of one address in it
OPEN_SHARE = 2 / 3  # of all; what is beyond it is for networks that have sent nothing yet
log = logging.getLogger("strategielotse")
Row = tuple[str, str, float]  # client, network, moment
Window = tuple[float, float]  # a number in so many seconds


class Quota:
    """At most so many of an address in each window (number, seconds), and so many of all in the longest.

    Where the database is away it counts in memory. This machine is one of all, without a window of its own.
    """

    def __init__(self, database: Database, key: bytes, name: str, windows: Collection[Window], total: Window) -> None:
        self._database, self._key, self._name = database, key, name
        self._windows, self._total = windows, total
        self._here: list[Row] = []

    def wait(self, scope: Scope) -> float:
        """Take a turn; return 0 where there was one, else the seconds until there may be."""
        client = client_key(scope)
        digests = self._digest(client), self._digest(network_key(scope))
        try:
            with self._database.writing(METADATA) as connection:
                now, ours = clock(connection), SENT.c.name == self._name
                connection.execute(delete(SENT).where(ours, SENT.c.moment <= now - self._total[1]))
                rows = connection.execute(select(SENT.c.client, SENT.c.network, SENT.c.moment).where(ours)).all()
                left = self._seconds_left(
                    [(turn.client, turn.network, turn.moment) for turn in rows], digests, client, now
                )
                if not left:
                    row = {"name": self._name, "client": digests[0], "network": digests[1], "moment": now}
                    connection.execute(insert(SENT), row)
        except SQLAlchemyError as error:
            log.warning("%s: %s", self._name, type(error).__name__)
            now = time.time()
            self._here = [row for row in self._here if row[2] > now - self._total[1]]
            if not (left := self._seconds_left(self._here, digests, client, now)):
                self._here.append((*digests, now))
        return left

    def _seconds_left(self, rows: Sequence[Row], digests: tuple[str, str], client: str, now: float) -> float:
        """The seconds until a limit that is reached has room again; 0 where none is."""
        most, seconds = self._total
        same = [moment for _, network, moment in rows if network == digests[1]]
        open_share = most if is_loopback(client) or not same else OPEN_SHARE * most
        limits = [([moment for *_, moment in rows], open_share, seconds)]
        for number, span in () if is_loopback(client) else self._windows:
            own = [moment for digest, _, moment in rows if digest == digests[0]]
            limits += [(own, number, span), (same, OF_NETWORK * number, span)]
        for moments, number, span in limits:
            recent = [moment for moment in moments if moment > now - span]
            if len(recent) >= number:
                return max(0.001, min(recent, default=now) + span - now)
        return 0.0

    def _digest(self, subscriber: str) -> str:
        return hmac.digest(self._key, subscriber.encode(), "sha256").hex()[:32]
