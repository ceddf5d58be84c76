"""Sessions of the staff page: a signed cookie says who somebody is; kept here is only which sessions were ended.

A session holds for the host that it was opened at, as browsers keep a cookie to its host: another name that leads to
this machine (DNS rebinding) has none. Moments are seconds since 1970.
"""

from __future__ import annotations

import hmac
import json
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
from service.http.clients import forwarded_scheme
from service.settings import Network
from service.staff.addresses import STAFF
from vectorstore.database import Database

SESSION_HOURS = 12  # from the sign-in, whatever happens
IDLE_HOURS = 2  # from the last page
SEEN_SECONDS = 60.0  # between two notes of when a session was last used
MOST_TOKEN = 1500  # characters of an ID token that still fits into a cookie
MOST_SAID = 2600  # characters of all that a session holds: signed and encoded it fits into a cookie
MOST_NAME = 255  # characters of a provider's names for person and session
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
class Account:
    """Who signed in at the provider: their `sub`, the provider's session (`sid`, "" where it says none), the token."""

    subject: str = ""
    sid: str = ""
    id_token: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """An open session; `form_token` is what its forms carry, so that no other website can make one."""

    id: str
    name: str
    role: int
    how: str
    host: str
    opened: float
    seen: float
    form_token: str
    account: Account = Account()

    @property
    def ended_by(self) -> list[str]:
        """What is kept where it, its session at the provider, or all sessions of its person were ended."""
        named, of = [_digest("session", self.id)], self.account
        if of.subject:
            named += [_digest("person", of.subject), _digest("sid", of.sid) if of.sid else _digest("bare", of.subject)]
        return named


class StaffSession:
    """Starlette's session for the staff page: signed, for no script and no other site, `Secure` where it came by https.

    It comes along when the provider of accounts leads back, so it is `lax`. Its cookie is called by the key: cookies do
    not tell ports apart.
    """

    def __init__(self, app: ASGIApp, key: bytes, proxies: tuple[Network, ...], secret: Callable[[], bytes]) -> None:
        self._app, self._key, self._proxies, self._secret = app, key, proxies, secret
        self._with: dict[bool, SessionMiddleware] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] != "http" or not scope["path"].startswith(STAFF):
            await self._app(scope, receive, send)
            return
        if not self._with:
            self._with = self._made(await to_thread.run_sync(self._secret))
        secure = (forwarded_scheme(scope, self._proxies) or scope["scheme"]) == "https"
        await self._with[secure](scope, receive, send)

    def _made(self, secret: bytes) -> dict[bool, SessionMiddleware]:
        """Starlette's sessions by whether they are `Secure`, signed by the service's key and a secret beside it."""
        name = f"strategielotse_staff_{hmac.digest(self._key, b'cookie', 'sha256').hex()[:8]}"
        signed = hmac.digest(self._key, secret, "sha256").hex()
        return {
            secure: SessionMiddleware(
                self._app, signed, name, max_age=None, path=STAFF, same_site="lax", https_only=secure
            )
            for secure in (False, True)
        }


class EndedSessions:
    """Which sessions were ended before their time; safe for threads and processes.

    Where nothing can be written, an end holds in this process.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._here: dict[str, float] = {}

    def holds(self, session: Session) -> bool:
        """Tell whether a session was not ended; raises SQLAlchemyError."""
        named = session.ended_by
        if any(self._here.get(one, 0.0) >= session.opened for one in named):
            return False
        with self._database.reading(METADATA) as connection:
            if connection is None:
                return True
            found = select(ENDED.c.what).where(ENDED.c.what.in_(named), ENDED.c.moment >= session.opened)
            return connection.execute(found).first() is None

    def end(self, session: Session, now: float) -> None:
        """End a session, whoever still has its cookie."""
        digest = _digest("session", session.id)
        try:
            self._keep([digest], now)
        except SQLAlchemyError as error:
            log.info(say("people.session_here_only"), type(error).__name__)
            self._here[digest] = now

    def end_account(self, subject: str, sid: str, now: float) -> None:
        """End what the provider ended: its session, without one all of that person; raises SQLAlchemyError.

        Of a person that is named beside it also the sessions of which the provider did not say its own.
        """
        bare = [_digest("bare", subject)] if subject else []
        self._keep([_digest("sid", sid), *bare] if sid else [_digest("person", subject)], now)

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

    def _keep(self, ended: list[str], now: float) -> None:
        with self._database.writing(METADATA) as connection:
            connection.execute(delete(ENDED).where(ENDED.c.what.in_(ended)))
            connection.execute(insert(ENDED), [{"what": one, "moment": now} for one in ended])


def open_session(request: Request, name: str, role: int, how: str, account: Account | None = None) -> None:
    """Begin a session in the place of whatever this browser's cookie held."""
    of, now = account or Account(), time.time()
    of = replace(of, subject=of.subject[:MOST_NAME], sid=of.sid[:MOST_NAME])
    kept = of if len(of.id_token) <= MOST_TOKEN else replace(of, id_token="")
    host = _host(request.headers.get("host", ""))
    one = Session(secrets.token_hex(16), name[:200], role, how, host, now, now, secrets.token_hex(32), kept)
    if len(json.dumps(asdict(one))) > MOST_SAID:
        one = replace(one, account=replace(kept, id_token=""))
    request.session.clear()
    keep_session(request, one)


def begin_anew(request: Request) -> None:
    """Forget what this browser has begun at the provider before; its session stays, so that all fits into a cookie."""
    session = session_in(request)
    request.session.clear()
    if session is not None:
        keep_session(request, replace(session, account=replace(session.account, id_token="")))


def keep_session(request: Request, session: Session) -> None:
    """Have the response carry a session as it is now."""
    request.session[_IN_COOKIE] = asdict(session)


def session_in(request: Request) -> Session | None:
    """Return the session that a request's cookie holds, None where there is none, it is over, or of another host."""
    said = request.session.get(_IN_COOKIE)
    if said is None:
        return None
    try:
        session = Session(**{**said, "account": Account(**said["account"])})
    except (TypeError, KeyError):  # of another version
        request.session.pop(_IN_COOKIE)
        return None
    now = time.time()
    over = now >= min(session.opened + SESSION_HOURS * 3600, session.seen + IDLE_HOURS * 3600)
    if over or session.host != _host(request.headers.get("host", "")):
        return None
    if now - session.seen >= SEEN_SECONDS:
        session = replace(session, seen=now)
        keep_session(request, session)
    return session


def _digest(kind: str, name: str) -> str:
    return sha256(f"{kind} {name}".encode("utf-8", "replace")).hexdigest()


def _host(host: str) -> str:
    found = _HOST.fullmatch(host)
    return found["name"].lower().removesuffix(".") if found else ""
