"""What ties a session to the provider: its ID token, asked for at a sign-out there, and by whom it ends a session."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Float, MetaData, String, Table, Text, delete, insert, select

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
    """Accounts by the code of our session; methods raise SQLAlchemyError, moments are seconds since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, code: str, account: Account, end: float) -> None:
        """Keep an account until its session ends, at the latest at `end`."""
        row = {"code": code, "subject": account.subject[:MAX_NAME], "sid": account.sid[:MAX_NAME]}
        with self._database.writing(METADATA) as connection:
            connection.execute(insert(ACCOUNTS), {**row, "id_token": account.id_token, "end": end})

    def find(self, code: str) -> Account | None:
        """Return the account of a session, None where none is kept."""
        query = select(ACCOUNTS.c.subject, ACCOUNTS.c.sid, ACCOUNTS.c.id_token).where(ACCOUNTS.c.code == code)
        with self._database.reading(METADATA) as connection:
            row = connection.execute(query).mappings().first() if connection is not None else None
        return Account(**row) if row else None

    def codes(self, subject: str, sid: str) -> list[str]:
        """Return our sessions of the provider's session, without one all of that person."""
        meant = ACCOUNTS.c.sid == sid[:MAX_NAME] if sid else ACCOUNTS.c.subject == subject[:MAX_NAME]
        with self._database.reading(METADATA) as connection:
            return [] if connection is None else list(connection.scalars(select(ACCOUNTS.c.code).where(meant)))

    def forget(self, code: str) -> None:
        """Delete the account of a session."""
        self._delete(ACCOUNTS.c.code == code)

    def sweep(self, now: float) -> int:
        """Delete the accounts whose session has reached its end; return how many."""
        return self._delete(ACCOUNTS.c.end <= now)

    def _delete(self, meant: ColumnElement[bool]) -> int:
        with self._database.reading(METADATA) as connection:
            if connection is None:
                return 0
        with self._database.writing(METADATA) as connection:
            return connection.execute(delete(ACCOUNTS).where(meant)).rowcount
