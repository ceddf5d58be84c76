"""One-time links to the staff page where several machines share a database: each works once, on any of them."""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from service.staff.links import PUBLISHER, StaffLinks, Ticket, digest_of_token, end_of_link
from vectorstore.database import Database
from vectorstore.errors import StoreAway

METADATA = MetaData()
LINKS = Table(
    "staff_link",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("ends", Float, nullable=False),
    Column("role", Integer, nullable=False),
    Column("name", String(200), nullable=False),
)


class SharedStaffLinks(StaffLinks):
    """Issues and redeems the tokens of one database. Moments are seconds since 1970."""

    def __init__(self, data_dir: Path, database: Database) -> None:
        super().__init__(data_dir)
        self._database = database

    def issue(self, now: float, role: int = PUBLISHER, name: str = "") -> str:
        """Return a new token that all machines take; raises StoreAway."""
        token = secrets.token_urlsafe(32)
        try:
            with self._database.writing(METADATA) as connection:
                connection.execute(delete(LINKS).where(LINKS.c.ends <= now))
                row = {"digest": digest_of_token(token), "ends": end_of_link(now), "role": role, "name": name}
                connection.execute(insert(LINKS), row)
        except SQLAlchemyError as error:
            message = (
                f"Die gemeinsame Datenbank ist nicht erreichbar ({type(error).__name__}); es gibt keinen neuen Link."
            )
            raise StoreAway(message) from error
        return token

    def redeem(self, token: str, now: float) -> Ticket | None:
        """Return what a token gives, None where it lets nobody in; not while the database is away."""
        if ticket := super().redeem(token, now):
            return ticket
        this = LINKS.c.digest == digest_of_token(token)
        try:
            with self._database.writing(METADATA) as connection:
                row = connection.execute(select(LINKS).where(this).with_for_update()).first()
                connection.execute(delete(LINKS).where(this))
        except SQLAlchemyError:
            return None
        return Ticket(row.ends, row.role, row.name) if row is not None and now < row.ends else None
