"""Quota of messages that people have to read (hints, mails), per client and for all, counted by all
processes together.

The database has keyed digests of address and network, deleted after the longest window; networks
(/48) are counted since an IPv6 subscriber may use any address in one. A part of the total is
reserved for networks that sent nothing.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Collection, Sequence

from sqlalchemy import Column, Float, Index, MetaData, String, Table, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Scope

from service import log
from service.web.http.clients import client_key, is_loopback, network_key
from vectorstore.storage import Database, database_clock

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
OF_NETWORK = 3  # limit of a network over that of an address in it
# of the total; the remaining third is reserved for networks that have sent nothing yet
OPEN_SHARE = 2 / 3
Row = tuple[str, str, float]  # digest of the client, digest of the network, time
Window = tuple[float, float]  # most messages, seconds


class Quota:
    """Limits messages by windows (number, seconds): `windows` for each address, `total` for all
    together.

    Counts are kept in memory while the database is away. Loopback has no limit of its own, only the
    total.
    """

    def __init__(
        self, database: Database, key: bytes, name: str, windows: Collection[Window], total: Window
    ) -> None:
        self._database, self._key, self._name = database, key, name
        self._windows = windows
        self._most, self._seconds = total
        self._in_memory: list[Row] = []

    def wait(self, scope: Scope) -> float:
        """Count a message; return 0 if it is within the limits.

        Else return after how many seconds the next message is allowed; a refused message is not
        counted. Rows older than the window of `total` are deleted. If the database cannot be used,
        messages are counted in memory, by the same rules.
        """
        client = client_key(scope)
        digests = (self._digest(client), self._digest(network_key(scope)))
        try:
            with self._database.writing() as connection:
                now, ours = database_clock(connection), SENT.c.name == self._name
                connection.execute(delete(SENT).where(ours, SENT.c.moment <= now - self._seconds))
                query = select(SENT.c.client, SENT.c.network, SENT.c.moment).where(ours)
                sent = connection.execute(query).all()
                wait = self._seconds_left(sent, digests, client, now)
                if not wait:
                    connection.execute(insert(SENT).values((self._name, *digests, now)))
        except SQLAlchemyError as error:
            log.warning("%s: %s", self._name, type(error).__name__)
            now = time.time()
            # by its time; a row is (client, network, time)
            self._in_memory = [row for row in self._in_memory if row[2] > now - self._seconds]
            wait = self._seconds_left(self._in_memory, digests, client, now)
            if not wait:
                self._in_memory.append((*digests, now))
        return wait

    def _seconds_left(
        self, rows: Sequence[Row], digests: tuple[str, str], client: str, now: float
    ) -> float:
        """Return the seconds until the first limit that is reached allows a message again; 0 if
        none is reached.

        `rows` are the messages sent, `digests` those of the client and of its network, `now` is in
        seconds. There is a limit on all messages and, for each window, one for the client and one
        for its network. For loopback only the limit on all messages counts. Once all messages
        together reach the part `OPEN_SHARE` of that limit, a network that has sent something has to
        wait, so that a few senders cannot lock out all others.
        """
        client_digest, network_digest = digests
        of_client = [moment for sender, _, moment in rows if sender == client_digest]
        of_network = [moment for _, network, moment in rows if network == network_digest]
        most_together = self._most
        if of_network and not is_loopback(client):
            most_together *= OPEN_SHARE  # the remainder is for networks that have sent nothing
        # times of messages, most, seconds
        limits = [([moment for *_, moment in rows], most_together, self._seconds)]
        if not is_loopback(client):
            for most, seconds in self._windows:
                limits += [(of_client, most, seconds), (of_network, OF_NETWORK * most, seconds)]
        for moments, most, seconds in limits:
            recent = [moment for moment in moments if moment > now - seconds]
            if len(recent) >= most:
                # when so many are over that fewer than `most` are left
                last_over = sorted([*recent, now])[int(len(recent) - most)]
                return max(0.001, last_over + seconds - now)
        return 0.0

    def _digest(self, subscriber: str) -> str:
        return hmac.digest(self._key, subscriber.encode(), "sha256").hex()[:32]
