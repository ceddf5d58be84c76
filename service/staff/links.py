"""One-time links to the staff page: whoever can read what the service prints, or write to its tables, gets in.

Kept is a row for each token, named by the token's digest; it says for whom the link is and what they may do. Whoever
removes it has used the token, so each works once, also among several processes and machines and after a restart. A
process that cannot write there keeps its tokens to itself.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from prompts import say
from service.settings import Settings
from service.staff.addresses import SIGN_IN
from vectorstore.database import Database
from vectorstore.errors import StoreAway

LINK_HOURS = 12
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}
PUBLISHER = 3
METADATA = MetaData()
LINKS = Table(
    "staff_link",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("ends", Float, nullable=False),
    Column("role", Integer, nullable=False),
    Column("name", String(200), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token gives: the role (a number of `roles.Role`) and the name, "" where whoever uses it is asked."""

    ends: float
    role: int = PUBLISHER
    name: str = ""


class StaffLinks:
    """Issues and redeems the tokens of one database. Moments are seconds since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._own: dict[str, Ticket] = {}

    def issue(self, now: float, role: int = PUBLISHER, name: str = "") -> str:
        """Return a new token that all processes and machines take; raises StoreAway."""
        token = secrets.token_urlsafe(32)
        row = {"digest": _digest(token), "ends": now + LINK_HOURS * 3600, "role": role, "name": name}
        try:
            with self._database.writing(METADATA) as connection:
                connection.execute(delete(LINKS).where(LINKS.c.ends <= now))
                connection.execute(insert(LINKS), row)
        except SQLAlchemyError as error:
            where = self._database.path or say("people.shared_database")
            raise StoreAway(say("people.no_new_link", where=where, name=type(error).__name__)) from error
        return token

    def issue_here(self, now: float) -> str:
        """Return a new token that at least this process takes."""
        try:
            return self.issue(now)
        except StoreAway:
            token = secrets.token_urlsafe(32)
            self._own[_digest(token)] = Ticket(now + LINK_HOURS * 3600)
            return token

    def redeem(self, token: str, now: float) -> Ticket | None:
        """Return what a token gives, None where it lets nobody in, as while the database is away; only once."""
        digest = _digest(token)
        ticket = self._own.pop(digest, None) or self._removed(digest)
        return ticket if ticket is not None and now < ticket.ends else None

    def _removed(self, digest: str) -> Ticket | None:
        """Remove a token's row; return what it gives, None where another was faster or there never was one."""
        this = LINKS.c.digest == digest
        try:
            with self._database.reading(METADATA) as connection:  # who only guesses makes nobody wait to write
                if connection is None or connection.execute(select(LINKS.c.ends).where(this)).first() is None:
                    return None
            with self._database.writing(METADATA) as connection:
                returned = delete(LINKS).where(this).returning(LINKS.c.ends, LINKS.c.role, LINKS.c.name)
                row = connection.execute(returned).first()
        except SQLAlchemyError:
            return None
        return Ticket(*row) if row is not None else None


def new_link(links: StaffLinks, address: str) -> str:
    """Return a new link below the service's address, taken at least by this process."""
    return link_to(address, links.issue_here(time.time()))


def link_to(address: str, token: str) -> str:
    """Return the link that a token makes below the service's address; one that means all addresses becomes loopback."""
    for everywhere, here in EVERYWHERE.items():
        address = address.replace(f"//{everywhere}:", f"//{here}:")
    return f"{address.rstrip('/')}{SIGN_IN}?token={token}"


def by_link(settings: Settings) -> bool:
    """Tell whether the staff page opens by link."""
    return settings.staff_access == "link"


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
