"""What ties a session to the provider: its ID token, asked for at a sign-out there, and by whom it ends a session."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Column, Float, MetaData, Select, String, Table, Text, and_, delete, insert, or_, select
from sqlalchemy.engine import Connection

from vectorstore.database import Database

METADATA = MetaData()
ACCOUNTS = Table(
    "staff_account_sessions",
    METADATA,
    Column("code", String(64), primary_key=True),
    Column("subject", String(255), nullable=False, index=True),
    Column("sid", String(255), nullable=False, index=True),
    Column("id_token", Text, nullable=False),
    Column("end", Float, nullable=False),
)
MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class Account:
    """Who signed in at the provider: their `sub`, the provider's session (`sid`, "" where it says none), the token."""

    subject: str
    sid: str
    id_token: str


class AccountSessions:
    """Accounts by the code of our session; methods raise SQLAlchemyError, moments are seconds since 1970.

    What writes does so in the transaction of `connection` that writes the session, in which the table exists.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, connection: Connection, code: str, account: Account, end: float) -> None:
        """Keep an account until its session ends, at the latest at `end`."""
        row = {"code": code, "subject": account.subject[:MAX_NAME], "sid": account.sid[:MAX_NAME]}
        connection.execute(insert(ACCOUNTS), {**row, "id_token": account.id_token, "end": end})

    def find(self, code: str) -> Account | None:
        """Return the account of a session, None where none is kept."""
        query = select(ACCOUNTS.c.subject, ACCOUNTS.c.sid, ACCOUNTS.c.id_token).where(ACCOUNTS.c.code == code)
        with self._database.reading(METADATA) as connection:
            row = connection.execute(query).mappings().first() if connection is not None else None
        return Account(**row) if row else None

    def codes(self, subject: str, sid: str) -> list[str]:
        """Return our sessions of the provider's session, without one all of that person.

        Of a person that is named beside it also those of which the provider did not say the session.
        """
        theirs = ACCOUNTS.c.subject == subject[:MAX_NAME]
        meant = theirs if not sid else ACCOUNTS.c.sid == sid[:MAX_NAME]
        if sid and subject:
            meant = or_(meant, and_(ACCOUNTS.c.sid == "", theirs))
        with self._database.reading(METADATA) as connection:
            return [] if connection is None else list(connection.scalars(select(ACCOUNTS.c.code).where(meant)))

    def forget(self, connection: Connection, code: str) -> None:
        """Delete the account of a session."""
        connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.code == code))

    def sweep(self, connection: Connection, now: float, kept: Select[tuple[str]], own: Collection[str]) -> int:
        """Delete the accounts past their end, or of no session that is `kept` or `own`; return how many."""
        orphaned = and_(ACCOUNTS.c.code.not_in(kept), ACCOUNTS.c.code.not_in(own))
        return connection.execute(delete(ACCOUNTS).where(or_(ACCOUNTS.c.end <= now, orphaned))).rowcount
