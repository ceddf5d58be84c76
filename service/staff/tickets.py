"""Tickets to the staff page: a one-time link is one, and the session that it or an account becomes is another.

Stored is a row for each, named by the digest of a token that only the address or the browser's cookie has. Whoever
removes a link's row has used it, so each works once, also among several processes and machines and after a restart. A
session is valid for the host that it was opened at: another name that leads to this machine (DNS rebinding) has none.
Moments are seconds since 1970.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from fastapi import Request
from sqlalchemy import Column, Float, Integer, MetaData, String, Table, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from prompts import say
from service.staff.addresses import SIGN_IN, STAFF
from vectorstore.database import Database
from vectorstore.errors import StoreAway

HOURS = 12  # that a link may wait, and that a session lasts, whatever happens
IDLE_HOURS = 2  # of a session, from the last page
NOTED_SECONDS = 60  # how often it is noted that a session is used
PUBLISHER = 3
METADATA = MetaData()
TICKETS = Table(
    "staff_ticket", METADATA, Column("digest", String(64), primary_key=True),
    *(Column(name, String(255), nullable=False) for name in ("name", "how", "host")),
    Column("role", Integer, nullable=False),
    *(Column(name, Float, nullable=False) for name in ("ends", "seen")),
)  # fmt: skip
_IN_COOKIE = "ticket"
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Who gets in and as what (a number of `roles.Role`), by a "link" or an "account"; "" for whom is asked their name.

    A session's has its host, and the moment when it was last used.
    """

    name: str = ""
    role: int = PUBLISHER
    how: str = "link"
    host: str = ""
    ends: float = 0.0
    seen: float = 0.0

    @property
    def is_valid(self) -> bool:
        """True until it has ended."""
        now = time.time()
        return now < self.ends and (not self.host or now < self.seen + IDLE_HOURS * 3600)


class Tickets:
    """The tickets of one database; safe for threads and processes. Methods raise SQLAlchemyError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(self, ticket: Ticket) -> str:
        """The token of a new ticket, which all processes and machines take; raises StoreAway."""
        token, row = secrets.token_urlsafe(32), replace(ticket, ends=time.time() + HOURS * 3600)
        try:
            with self._database.writing(METADATA) as connection:
                connection.execute(delete(TICKETS).where(TICKETS.c.ends <= time.time()))
                connection.execute(insert(TICKETS), {**asdict(row), "digest": _digest(token)})
        except SQLAlchemyError as error:
            where = self._database.path or say("people.shared_database")
            raise StoreAway(say("people.no_new_link", where=where, name=type(error).__name__)) from error
        return token

    def session(self, token: str) -> Ticket | None:
        """A valid session, None where there is none."""
        result = self._find(token)
        if result is None or not result.host or not result.is_valid:
            return None
        if time.time() >= result.seen + NOTED_SECONDS:
            with suppress(SQLAlchemyError), self._database.writing(METADATA) as connection:
                connection.execute(update(TICKETS).where(_has_token(token)).values(seen=time.time()))
        return result

    def take(self, token: str) -> Ticket | None:
        """Remove a ticket; returns it where it is valid, None where another was faster or there never was one."""
        if (result := self._find(token)) is None:  # who only guesses makes nobody wait to write
            return None
        with self._database.writing(METADATA) as connection:
            is_first = connection.execute(delete(TICKETS).where(_has_token(token))).rowcount
        return result if is_first and result.is_valid else None

    def end_sessions(self) -> None:
        """Take everybody's session away."""
        with self._database.writing(METADATA) as connection:
            connection.execute(delete(TICKETS).where(TICKETS.c.host != ""))

    def delete_expired(self) -> int:
        """Delete the tickets whose time is over, without a lock where there are none; returns how many."""
        expired = TICKETS.c.ends <= time.time()
        with self._database.reading(METADATA) as connection:
            if connection.execute(select(TICKETS.c.ends).where(expired)).first() is None:
                return 0
        with self._database.writing(METADATA) as connection:
            return connection.execute(delete(TICKETS).where(expired)).rowcount

    def _find(self, token: str) -> Ticket | None:
        columns = [TICKETS.c[name] for name in Ticket.__dataclass_fields__]
        with self._database.reading(METADATA) as connection:
            row = connection.execute(select(*columns).where(_has_token(token))).mappings().first()
        return Ticket(**row) if row else None


class StaffSession:
    """Starlette's session for the staff page: signed, for no script and no other site, `Secure` where it came by https.

    It comes along when the provider of accounts leads back, so it is `lax`. Its cookie is called by the key: cookies do
    not tell ports apart.
    """

    def __init__(self, app: ASGIApp, key: bytes) -> None:
        name = f"strategielotse_staff_{hmac.digest(key, b'cookie', 'sha256').hex()[:8]}"
        self._app = app
        self._sessions = {
            secure: SessionMiddleware(app, key.hex(), name, None, STAFF, "lax", https_only=secure)
            for secure in (False, True)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        ours = scope["type"] == "http" and scope["path"].startswith(STAFF)
        await (self._sessions[scope["scheme"] == "https"] if ours else self._app)(scope, receive, send)


def open_session(request: Request, name: str, role: int, how: str) -> None:
    """Begin a session, and end that of this browser's cookie; raises SQLAlchemyError, StoreAway."""
    end_session(request)
    ticket = Ticket(name=name[:200], role=role, how=how, host=_host(request), seen=time.time())
    request.session.clear()
    request.session[_IN_COOKIE] = _tickets_of(request).issue(ticket)


def session_in(request: Request) -> Ticket | None:
    """The session that a request's cookie names, where it is valid for this host; raises SQLAlchemyError."""
    result = _tickets_of(request).session(str(request.session.get(_IN_COOKIE, "")))
    return result if result is not None and result.host == _host(request) else None


def end_session(request: Request) -> None:
    """End the session of a request, whoever still has its cookie."""
    _tickets_of(request).take(str(request.session.pop(_IN_COOKIE, "")))


def forget_begun(request: Request) -> None:
    """Forget what this browser began at the provider before, so that all fits into a cookie; its session stays."""
    for name in {*request.session} - {_IN_COOKIE}:
        del request.session[name]


def link_to(address: str, token: str) -> str:
    """The link that a token makes below the service's address; one that means all addresses becomes loopback."""
    for everywhere, here in {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.items():
        address = address.replace(f"//{everywhere}:", f"//{here}:")
    return f"{address.rstrip('/')}{SIGN_IN}?token={token}"


def _tickets_of(request: Request) -> Tickets:
    tickets: Tickets = request.app.state.tickets
    return tickets


def _has_token(token: str) -> Any:
    return TICKETS.c.digest == _digest(token)


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def _host(request: Request) -> str:
    match = _HOST.fullmatch(request.headers.get("host", ""))
    return match["name"].lower().removesuffix(".")[:255] if match else "-"
