"""Sessions of the staff page: a signed cookie says who somebody is; kept here is only which sessions were ended.

A session holds for the host that it was opened at, as browsers keep a cookie to its host: another name that leads to
this machine (DNS rebinding) has none. Moments are seconds since 1970.
"""

from __future__ import annotations

import hmac
import logging
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

from anyio import to_thread
from fastapi import Request
from sqlalchemy import Column, Float, MetaData, String, Table, delete, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from prompts import say
from service.staff.addresses import STAFF
from vectorstore.database import Database

SESSION_HOURS = 12  # from the sign-in, whatever happens
IDLE_HOURS = 2  # from the last page
METADATA = MetaData()
ENDED = Table(
    "staff_ended",
    METADATA,
    Column("what", String(64), primary_key=True),
    Column("moment", Float, nullable=False),
)
SECRETS = Table(
    "staff_secret",
    METADATA,
    Column("what", String(64), primary_key=True),
    Column("value", String(64), nullable=False),
)
FORMER = ("staff_sessions", "staff_account_sessions")  # where earlier versions kept names and ID tokens
_IN_COOKIE = "staff"
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")
log = logging.getLogger("strategielotse")


@dataclass(frozen=True, slots=True)
class Session:
    """An open session: whose, by a "link" or an "account", at which host, since when; `marks` are what may end it."""

    name: str
    role: int
    how: str
    host: str
    opened: float
    seen: float
    marks: list[str]


class StaffSession:
    """Starlette's session for the staff page: signed, for no script and no other site, `Secure` where it came by https.

    It comes along when the provider of accounts leads back, so it is `lax`. Its cookie is called by the key: cookies do
    not tell ports apart. It is signed by the service's key and a secret beside it.
    """

    def __init__(self, app: ASGIApp, key: bytes, secret: Callable[[], bytes]) -> None:
        self._app, self._key, self._secret = app, key, secret
        self._signed = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] != "http" or not scope["path"].startswith(STAFF):
            await self._app(scope, receive, send)
            return
        if not self._signed:
            secret = await to_thread.run_sync(self._secret)
            self._signed = hmac.digest(self._key, secret, "sha256").hex()
        name = f"strategielotse_staff_{hmac.digest(self._key, b'cookie', 'sha256').hex()[:8]}"
        secure = scope["scheme"] == "https"
        sessions = SessionMiddleware(self._app, self._signed, name, None, STAFF, "lax", https_only=secure)
        await sessions(scope, receive, send)


class EndedSessions:
    """Which sessions were ended before their time; safe for threads and processes.

    Where nothing can be written, an end holds in this process.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._here: dict[str, float] = {}

    def holds(self, session: Session) -> bool:
        """Tell whether a session was not ended; raises SQLAlchemyError."""
        marks = [*session.marks, mark("all")]
        if any(self._here.get(one, 0.0) >= session.opened for one in marks):
            return False
        with self._database.reading(METADATA) as connection:
            found = select(ENDED.c.what).where(ENDED.c.what.in_(marks), ENDED.c.moment >= session.opened)
            return connection is None or connection.execute(found).first() is None

    def end(self, session: Session, now: float) -> None:
        """End a session, whoever still has its cookie."""
        try:
            self.end_marked(session.marks[:1], now)
        except SQLAlchemyError as error:
            log.info(say("people.session_here_only"), type(error).__name__)
            self._here[session.marks[0]] = now

    def end_all(self, now: float) -> None:
        """End everybody's session; raises SQLAlchemyError."""
        self.end_marked([mark("all")], now)

    def end_marked(self, marks: list[str], now: float) -> None:
        """End what bears one of these marks; raises SQLAlchemyError."""
        with self._database.writing(METADATA) as connection:
            connection.execute(delete(ENDED).where(ENDED.c.what.in_(marks)))
            connection.execute(insert(ENDED), [{"what": one, "moment": now} for one in marks])

    def secret(self) -> bytes:
        """What sessions are signed with beside the service's key: made once, and in no backup.

        Where nothing can be written it is this process's own, so that its sessions end with it.
        """
        made = secrets.token_hex(32)
        for _ in range(2):  # another process may make one at the same time
            try:
                with self._database.writing(METADATA) as connection:
                    found = connection.execute(select(SECRETS.c.value).where(SECRETS.c.what == "sessions")).scalar()
                    if found is None:
                        connection.execute(insert(SECRETS), {"what": "sessions", "value": made})
                return bytes.fromhex(found or made)
            except SQLAlchemyError as error:
                log.debug("staff secret: %s", type(error).__name__)
        return bytes.fromhex(made)

    def sweep(self) -> int:
        """Forget ends of sessions that would be over by now, and what earlier versions kept; return how many rows."""
        over = time.time() - SESSION_HOURS * 3600
        self._here = {what: moment for what, moment in self._here.items() if moment > over}
        if self._database.path is not None and not self._database.path.exists():
            return 0
        with self._database.writing(METADATA) as connection:
            for name in FORMER:
                connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
            return connection.execute(delete(ENDED).where(ENDED.c.moment <= over)).rowcount


def mark(kind: str, name: str = "") -> str:
    """Return the digest by which sessions are ended: one "session", one of the provider ("sid"), a "person", "all"."""
    return sha256(f"{kind} {name}".encode("utf-8", "replace")).hexdigest()


def account_marks(subject: str, sid: str) -> list[str]:
    """Return the marks of an account's session; "bare" is one of which the provider does not say its own."""
    return [mark("person", subject), mark("sid", sid) if sid else mark("bare", subject)]


def ended_marks(subject: str, sid: str) -> list[str]:
    """Return the marks of what the provider ended: its session, without one all of that person."""
    if not sid:
        return [mark("person", subject)]
    return [mark("sid", sid), *([mark("bare", subject)] if subject else [])]


def open_session(request: Request, name: str, role: int, how: str, marks: list[str]) -> None:
    """Begin a session in the place of whatever this browser's cookie held."""
    now, own = time.time(), mark("session", secrets.token_hex(16))
    request.session.clear()
    keep_session(request, Session(name[:200], role, how, _host(request), now, now, [own, *marks]))


def keep_session(request: Request, session: Session) -> None:
    """Have the response carry a session as it is now."""
    request.session[_IN_COOKIE] = asdict(session)


def forget_begun(request: Request) -> None:
    """Forget what this browser began at the provider before, so that all fits into a cookie; its session stays."""
    for name in {*request.session} - {_IN_COOKIE}:
        del request.session[name]


def session_in(request: Request) -> Session | None:
    """Return the session that a request's cookie holds, None where there is none, it is over, or of another host."""
    try:
        session = Session(**request.session[_IN_COOKIE])
    except (TypeError, KeyError):  # none, or of another version
        request.session.pop(_IN_COOKIE, None)
        return None
    now = time.time()
    over = now >= min(session.opened + SESSION_HOURS * 3600, session.seen + IDLE_HOURS * 3600)
    if over or session.host != _host(request):
        return None
    session = replace(session, seen=now)
    keep_session(request, session)
    return session


def _host(request: Request) -> str:
    found = _HOST.fullmatch(request.headers.get("host", ""))
    return found["name"].lower().removesuffix(".") if found else ""
