"""Sessions of the staff page: who signed in, how, and until when; ended at sign-out, after a pause, after a day's work.

The cookie is a random token. Kept is its code under the service's key, with the host it was opened at: the table opens
nothing. Where nothing can be written, a session lasts as long as the process that opened it.
"""

from __future__ import annotations

import hmac
import logging
import re
import secrets
from dataclasses import dataclass, replace

from sqlalchemy import Column, ColumnElement, Float, Integer, MetaData, String, Table, delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from service.staff.account_sessions import ACCOUNTS, Account, AccountSessions
from vectorstore.database import Database

SESSION_HOURS = 12  # from the sign-in, whatever happens
IDLE_HOURS = 2  # from the last page
SEEN_SECONDS = 60.0  # between two notes of when a session was last used
METADATA = MetaData()
SESSIONS = Table(
    "staff_sessions",
    METADATA,
    Column("code", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("role", Integer, nullable=False),
    Column("how", String(20), nullable=False),
    Column("opened", Float, nullable=False),
    Column("seen", Float, nullable=False),
)
BOTH = MetaData()  # sessions and accounts, written in one transaction
for _table in (SESSIONS, ACCOUNTS):
    _table.to_metadata(BOTH)
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
log = logging.getLogger("strategielotse")


@dataclass(frozen=True, slots=True)
class Session:
    """An open session; `code` names it to those who may end it, moments are seconds since 1970."""

    code: str
    name: str
    role: int
    how: str
    opened: float
    seen: float

    def holds(self, now: float) -> bool:
        """Tell whether it has neither reached its end nor rested too long."""
        return now < min(self.opened + SESSION_HOURS * 3600, self.seen + IDLE_HOURS * 3600)


class Sessions:
    """Opens, finds and ends sessions; safe for threads and processes. Methods but `open` raise SQLAlchemyError.

    `accounts` says of which session at the provider one is.

    A session holds for the host that it was opened at, as browsers keep a cookie to its host: another name that leads
    to this machine (DNS rebinding) has none. `cookie` is its name, one for each key: cookies do not tell ports apart.
    """

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._key = key
        self._own: dict[str, Session] = {}
        self.accounts = AccountSessions(database)
        self.cookie = f"strategielotse_staff_{hmac.digest(key, b'cookie', 'sha256').hex()[:8]}"

    def open(self, name: str, role: int, how: str, host: str, now: float, account: Account | None = None) -> str:
        """Return the cookie's value for a new session; those that have ended are forgotten."""
        token = secrets.token_urlsafe(32)
        session = Session(self._code(token, host), name[:200], role, how, now, now)
        try:
            with self._database.writing(BOTH) as connection:
                self._swept(connection, now)
                connection.execute(insert(SESSIONS), _row(session))
                if account is not None:
                    self.accounts.keep(connection, session.code, account, now + SESSION_HOURS * 3600)
        except SQLAlchemyError as error:
            log.info("Eine Sitzung gilt nur bis zum Neustart (%s).", type(error).__name__)
            self._own = {code: one for code, one in self._own.items() if now < one.opened + SESSION_HOURS * 3600}
            self._own[session.code] = session
        return token

    def find(self, token: str, host: str, now: float) -> Session | None:
        """Return the session of a cookie's value, None where it is none, has ended, or is of another host."""
        if _TOKEN.fullmatch(token) is None:
            return None
        code = self._code(token, host)
        session = self._own.get(code) or self._kept(code)
        if session is None or not session.holds(now):
            return None
        if now - session.seen < SEEN_SECONDS:
            return session
        return self._changed(replace(session, seen=now))

    def rename(self, session: Session, name: str) -> Session:
        """Give a session the name of who uses it."""
        return self._changed(replace(session, name=name[:200]))

    def end(self, code: str) -> bool:
        """End a session on the server, whoever still has its cookie; tell whether there was one.

        One of this process may have a row all the same, where the word that it was written was lost. Where that cannot
        be deleted, the session stays known here as ended.
        """
        own = self._own.pop(code, None)
        try:
            with self._database.writing(BOTH) as connection:
                self.accounts.forget(connection, code)
                gone = connection.execute(delete(SESSIONS).where(SESSIONS.c.code == code)).rowcount
        except SQLAlchemyError as error:
            if own is None:
                raise
            log.info("Eine Sitzung ist nur in diesem Prozess beendet (%s).", type(error).__name__)
            self._own[code] = replace(own, seen=float("-inf"))
            return True
        return own is not None or gone > 0

    def end_account(self, subject: str, sid: str, now: float) -> list[Session]:
        """End what the provider ended: its session, without one all of a person; return what held until now."""
        codes = set(self.accounts.codes(subject, sid))
        held = [one for one in self.all(now) if one.code in codes]
        for code in codes:
            self.end(code)
        return held

    def sweep(self, now: float) -> int:
        """Forget the sessions that have ended and their accounts; return how many rows."""
        with self._database.reading(METADATA) as connection:
            if connection is None:
                return 0
        with self._database.writing(BOTH) as connection:
            return self._swept(connection, now)

    def all(self, now: float) -> list[Session]:
        """Return the sessions that hold, the latest first."""
        with self._database.reading(METADATA) as connection:
            rows = [] if connection is None else connection.execute(select(SESSIONS)).mappings().all()
        known = {one.code: one for one in (Session(**row) for row in rows)} | self._own
        return sorted((one for one in known.values() if one.holds(now)), key=lambda one: -one.opened)

    def form_token(self, token: str) -> str:
        """Return what a form of this session carries, so that no other website can make one."""
        return hmac.digest(self._key, f"form.{token}".encode(), "sha256").hex()

    def _swept(self, connection: Connection, now: float) -> int:
        """Delete the sessions that have ended, and the accounts of none that is left; return how many rows."""
        gone = connection.execute(delete(SESSIONS).where(_ended(now))).rowcount
        own = [code for code, one in list(self._own.items()) if one.holds(now)]
        return gone + self.accounts.sweep(connection, now, select(SESSIONS.c.code), own)

    def _kept(self, code: str) -> Session | None:
        with self._database.reading(METADATA) as connection:
            if connection is None:
                return None
            row = connection.execute(select(SESSIONS).where(SESSIONS.c.code == code)).mappings().first()
        return Session(**row) if row else None

    def _changed(self, session: Session) -> Session:
        """Keep what changed of a session; where that fails it stays as it was kept, and ends the earlier."""
        if session.code in self._own:
            self._own[session.code] = session
            return session
        values = {"seen": session.seen, "name": session.name}
        try:
            with self._database.writing(METADATA) as connection:
                connection.execute(update(SESSIONS).where(SESSIONS.c.code == session.code).values(values))
        except SQLAlchemyError as error:
            log.warning("Eine Sitzung wurde nicht fortgeschrieben: %s", type(error).__name__)
        return session

    def _code(self, token: str, host: str) -> str:
        return hmac.digest(self._key, f"{token}.{_name(host)}".encode("utf-8", "replace"), "sha256").hex()


def _ended(now: float) -> ColumnElement[bool]:
    return (SESSIONS.c.opened <= now - SESSION_HOURS * 3600) | (SESSIONS.c.seen <= now - IDLE_HOURS * 3600)


def _row(session: Session) -> dict[str, object]:
    return {name: getattr(session, name) for name in ("code", "name", "role", "how", "opened", "seen")}


def _name(host: str) -> str:
    found = _HOST.fullmatch(host)
    return found["name"].lower().removesuffix(".") if found else ""
