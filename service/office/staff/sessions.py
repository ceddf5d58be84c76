"""Tickets to the staff page: rows for one-time links, and for sessions that a link or an account
opened.

A row has the digest of a token; only the link's address or the browser's cookie has the token.
Using a link deletes its row, so it works once, also with several processes and machines and after a
restart. A session is valid for the host that it was opened at. Times are Unix seconds.
"""

from __future__ import annotations

import hmac
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from fastapi import Request
from sqlalchemy import (
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from prompts import say
from service import Role
from service.office.staff.paths import SIGN_IN, STAFF
from service.people import TableStore
from vectorstore.storage import StoreUnavailable

HOURS = 12  # after which an unused link and a session expire
IDLE_HOURS = 2  # after which an unused session expires
SEEN_SECONDS = 60  # least time between two updates of a session's last use
METADATA = MetaData()
TICKETS = Table(
    "staff_ticket",
    METADATA,
    Column("digest", String(64), primary_key=True),
    *(Column(name, String(255), nullable=False) for name in ("name", "how", "host")),
    Column("role", Integer, nullable=False),
    *(Column(name, Float, nullable=False) for name in ("ends", "seen")),
)
_COOKIE_KEY = "ticket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A person's name and role (a number of `Role`), by a "link" or an "account"; name "" where it
    is asked for.

    A session has a `host`, a link has none. `ends` is when it expires, `seen` when it was last
    used.
    """

    name: str = ""
    role: int = Role.PUBLISHER
    how: str = "link"
    host: str = ""
    ends: float = 0.0
    seen: float = 0.0


_COLUMNS = [TICKETS.c[name] for name in Ticket.__dataclass_fields__]


class Tickets(TableStore):
    """The tickets of one database."""

    metadata = METADATA

    def issue(self, ticket: Ticket) -> str:
        """Store a ticket and return its token, valid in all processes of this database.

        The ticket ends HOURS from now, whatever its own `ends` is. Raises StoreUnavailable.
        """
        token = secrets.token_urlsafe(32)
        stored = {"digest": _token_digest(token), "ends": time.time() + HOURS * 3600}
        try:
            self._change(insert(TICKETS).values(asdict(ticket) | stored))
        except SQLAlchemyError as error:
            database = self._database.path or say("people.shared_database")
            raise StoreUnavailable(
                say("people.no_new_link", where=database, name=type(error).__name__)
            ) from error
        return token

    def session(self, token: str, host: str) -> Ticket | None:
        """Return the valid session of a token for a host, None if there is none.

        A session expires also if it was not used for IDLE_HOURS. The time of use is stored at most
        every SEEN_SECONDS, so that not each request writes. If it cannot be stored, the session
        counts all the same.
        """
        now = time.time()
        query = select(*_COLUMNS).where(
            _has_token(token),
            TICKETS.c.host == host,
            TICKETS.c.ends > now,
            TICKETS.c.seen > now - IDLE_HOURS * 3600,
        )
        rows = self._rows(query)
        if not rows:
            return None
        if now >= rows[0]["seen"] + SEEN_SECONDS:
            with suppress(SQLAlchemyError):
                self._change(update(TICKETS).where(_has_token(token)).values(seen=now))
        return Ticket(**rows[0])

    def take_link(self, token: str) -> Ticket | None:
        """Delete the link of a token and return it, so that nobody can use it again.

        Returns None if there is no such link, if it has expired, or if it was used already. If two
        requests take it at the same time, only one of them gets the row.
        """
        is_link = TICKETS.c.host == ""
        taken = delete(TICKETS).where(_has_token(token), is_link, TICKETS.c.ends > time.time())
        with self._database.writing() as connection:
            row = connection.execute(taken.returning(*_COLUMNS)).mappings().first()
        return Ticket(**row) if row else None

    def end(self, token: str) -> None:
        """Delete the session of a token."""
        self._change(delete(TICKETS).where(_has_token(token)))

    def end_all(self) -> None:
        """Delete all sessions, and all links that nobody used yet."""
        self._change(delete(TICKETS))

    def delete_expired(self) -> int:
        """Delete the expired tickets and return how many there were."""
        return self._delete(TICKETS, TICKETS.c.ends <= time.time())


class StaffSession:
    """Starlette's session cookie for the staff page: signed, HttpOnly, `Secure` over https.

    It is `SameSite=Lax`, so that it is sent when the provider of accounts redirects back. Its name
    depends on the key: cookies do not distinguish ports, on which several services may run.
    """

    def __init__(self, app: ASGIApp, key: bytes) -> None:
        """Wrap an app; `key` signs the cookies and makes their name.

        There are two middlewares, since only over https the cookie is `Secure`.
        """
        name = f"strategielotse_staff_{hmac.digest(key, b'cookie', 'sha256').hex()[:8]}"
        self._plain = SessionMiddleware(app, key.hex(), name, max_age=None, path=STAFF)
        self._secure = SessionMiddleware(
            app, key.hex(), name, max_age=None, path=STAFF, https_only=True
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        app = self._secure if scope.get("scheme") == "https" else self._plain
        await app(scope, receive, send)


def open_session(request: Request, name: str, role: int, how: str) -> None:
    """Open a session in place of the current one of this browser, for the host of the request.

    `how` is "link" or "account". All else is removed from the cookie, such as the data of a sign-in
    that is now complete. Raises SQLAlchemyError, StoreUnavailable.
    """
    end_session(request)
    ticket = Ticket(
        name=name[:200], role=role, how=how, host=_request_host(request), seen=time.time()
    )
    request.session[_COOKIE_KEY] = request.app.state.tickets.issue(ticket)


def session_in(request: Request) -> Ticket | None:
    """Return the session of a request's cookie if it is valid for this host, else None; raises
    SQLAlchemyError.
    """
    token = request.session.get(_COOKIE_KEY)
    if token is None:
        return None
    session: Ticket | None = request.app.state.tickets.session(token, _request_host(request))
    return session


def end_session(request: Request) -> None:
    """Delete the session of a request, so that no copy of its cookie is valid, and the cookie."""
    token = request.session.get(_COOKIE_KEY)
    if token is not None:
        request.app.state.tickets.end(token)
    request.session.clear()


def sign_in_link(address: str, token: str) -> str:
    """Return the sign-in link for a token, below the address at which the service listens.

    A service that listens on all interfaces (0.0.0.0) has an address that no browser can open: the
    link then has the loopback address (127.0.0.1).
    """
    for any_address, loopback in {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.items():
        address = address.replace(f"//{any_address}:", f"//{loopback}:")
    return f"{address.rstrip('/')}{SIGN_IN}?token={token}"


def _has_token(token: str) -> Any:
    return TICKETS.c.digest == _token_digest(token)


def _token_digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def _request_host(request: Request) -> str:
    """Return the host that a request was sent to, lower case and without port."""
    return (request.url.hostname or "-")[:255]
