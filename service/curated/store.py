"""Where curated answers are kept: every version with name and date, none overwritten, so each can be taken back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from service.curated.models import Action, CuratedAnswer, Version
from vectorstore.database import Database

METADATA = MetaData()
VERSIONS = Table(
    "curated",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("entry", String(40), nullable=False),
    Column("before", Integer, nullable=False),  # the version that this one follows, 0 for the first
    Column("question", Text, nullable=False),
    Column("wordings", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("owner", String(200), nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("language", String(20), nullable=False),
    Column("action", String(20), nullable=False),
    Column("person", String(200), nullable=False),
    Column("moment", DateTime(timezone=True), nullable=False),
    UniqueConstraint("entry", "before"),  # of two who change the same version, one is told
)


class Outdated(Exception):
    """Somebody else changed the answer meanwhile; nothing was kept."""


class Unknown(LookupError):
    """There is no such curated answer, or no such version of it."""


class CuratedStore:
    """The curated answers of one database; safe for threads and processes. Methods raise SQLAlchemyError, and
    those that change something Outdated where another changed the same answer at that moment.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def version(self) -> int:
        """A number that grows with every change; 0 while there are none."""
        with self._database.reading(METADATA) as connection:
            return 0 if connection is None else _newest(connection)

    def newest(self) -> Version | None:
        """The newest version of all: while it is the same, nothing changed, in whatever database. None without any."""
        with self._database.reading(METADATA) as connection:
            return None if connection is None else next(iter(_read(connection, newest=True)), None)

    def current(self) -> list[Version]:
        """The newest version of each answer, removed ones too, in the order in which they were added."""
        newest: dict[str, Version] = {}
        for one in self._versions():
            newest[one.entry] = one
        return list(newest.values())

    def history(self, entry: str) -> list[Version]:
        """All versions of one answer, newest first; raises Unknown."""
        found = self._versions(entry)[::-1]
        if not found:
            raise Unknown(entry)
        return found

    def add(self, answer: CuratedAnswer, person: str, entry: str | None = None) -> Version:
        """Keep a new answer; `entry` is its name where it has one from elsewhere."""
        with self._database.writing(METADATA) as connection:
            return self._keep(connection, entry or secrets.token_hex(4), answer, Action.ADDED, person, 0)

    def edit(self, entry: str, answer: CuratedAnswer, person: str, base: int | None = None) -> Version:
        """Keep a changed answer; raises Unknown, and Outdated where `base` is no longer its newest version."""
        with self._database.writing(METADATA) as connection:
            newest = self._newest_of(connection, entry, base)
            return self._keep(connection, entry, answer, Action.EDITED, person, newest.number)

    def remove(self, entry: str, person: str) -> Version:
        """Take an answer out; its versions stay. Raises Unknown."""
        with self._database.writing(METADATA) as connection:
            newest = self._newest_of(connection, entry)
            if newest.removed:
                return newest
            return self._keep(connection, entry, newest.answer, Action.REMOVED, person, newest.number)

    def restore(self, entry: str, person: str, number: int | None = None) -> Version:
        """Take back: a removed answer comes in again, or an earlier version becomes the newest. Raises Unknown."""
        with self._database.writing(METADATA) as connection:
            newest = self._newest_of(connection, entry)
            wanted = newest.number if number is None else number
            chosen = next((one for one in _read(connection, entry) if one.number == wanted), None)
            if chosen is None:
                raise Unknown(f"{entry}/{number}")
            if not newest.removed and chosen.answer == newest.answer:
                return newest
            return self._keep(connection, entry, chosen.answer, Action.RESTORED, person, newest.number)

    def take(self, answers: Iterable[tuple[str, CuratedAnswer]], person: str) -> list[Version]:
        """Keep answers with their names, all or none: new, changed, or as they are; returns what was kept."""
        kept = []
        with self._database.writing(METADATA) as connection:
            known = {one.entry: one for one in _read(connection)}
            for entry, answer in answers:
                before = known.get(entry) if entry else None
                if before is not None and not before.removed and before.answer == answer:
                    continue
                action = Action.ADDED if before is None else Action.RESTORED if before.removed else Action.EDITED
                number = 0 if before is None else before.number
                made = self._keep(connection, entry or secrets.token_hex(4), answer, action, person, number)
                known[made.entry] = made
                kept.append(made)
        return kept

    def _versions(self, entry: str | None = None) -> list[Version]:
        with self._database.reading(METADATA) as connection:
            return [] if connection is None else _read(connection, entry)

    @staticmethod
    def _newest_of(connection: Connection, entry: str, base: int | None = None) -> Version:
        versions = _read(connection, entry)
        if not versions:
            raise Unknown(entry)
        if base is not None and versions[-1].number != base:
            raise Outdated(entry)
        return versions[-1]

    def _keep(
        self, connection: Connection, entry: str, answer: CuratedAnswer, action: Action, person: str, before: int
    ) -> Version:
        made = Version(0, entry, answer, action, person[:200], self._now())
        row = {**_row(made), "before": before}
        try:
            number = connection.execute(insert(VERSIONS).returning(VERSIONS.c.number), row).scalar_one()
        except IntegrityError:
            raise Outdated(entry) from None
        return replace(made, number=number)


def _newest(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(VERSIONS.c.number), 0))).scalar_one())


def _read(connection: Connection, entry: str | None = None, *, newest: bool = False) -> list[Version]:
    query = select(VERSIONS).order_by(VERSIONS.c.number.desc() if newest else VERSIONS.c.number)
    query = query.limit(1) if newest else query
    if entry is not None:
        query = query.where(VERSIONS.c.entry == entry)
    return [_version(dict(row)) for row in connection.execute(query).mappings()]


def _row(one: Version) -> dict[str, Any]:
    answer = one.answer
    return {
        "entry": one.entry,
        "question": answer.question,
        "wordings": list(answer.wordings),
        "text": answer.text,
        "citations": [list(cited) for cited in answer.citations],
        "owner": answer.owner,
        "valid_until": answer.valid_until,
        "language": answer.language,
        "action": one.action.value,
        "person": one.person,
        "moment": one.moment,
    }


def _version(row: Mapping[str, Any]) -> Version:
    cited: Sequence[Sequence[str]] = row["citations"]
    answer = CuratedAnswer(
        question=row["question"],
        text=row["text"],
        citations=tuple((document, key) for document, key in cited),
        owner=row["owner"],
        valid_until=row["valid_until"],
        wordings=tuple(row["wordings"]),
        language=row["language"],
    )
    moment = row["moment"]
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return Version(row["number"], row["entry"], answer, Action(row["action"]), row["person"], moment)
