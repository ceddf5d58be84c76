"""Decisions: what a question is answered by, or what a record's field says instead of what was read.

A row for each, with who and when, never deleted while it says something; taken back by name. A change of a decision
takes the old one back and makes a new one, so that every version stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Date, Integer, MetaData, String, Table, Text, func, insert, select, update
from sqlalchemy.engine import Connection

from prompts import say
from vectorstore.amending.form import CONFIRMED, NO_LONGER, OF_SEVERAL, Correction, Part
from vectorstore.database import Database
from vectorstore.questions import ItemKey
from vectorstore.records import ItemStatus

MOST_WORDINGS, MOST_WORDING = 20, 300  # of a question, characters of one
MOST_CITED, MOST_TEXT, MOST_OWNER, MOST_REASON = 10, 2000, 100, 500
LONGEST = 4000  # characters of what a correction says
_DAY = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_EMPTIED = (*OF_SEVERAL, *CONFIRMED, Part.RECORD)  # what may be taken away


class Outcome(StrEnum):
    """What was decided: of a question the first four, of a record's field the others."""

    ENTRY = "entry"
    TEXT = "text"
    NOT_OURS = "not_ours"
    GAP = "gap"
    VALUE = "value"
    REMOVED = "removed"
    SPLIT = "split"


OUTCOMES = {one: say(f"people.outcome_{one}") for one in Outcome}
OF_QUESTIONS = (Outcome.ENTRY, Outcome.TEXT, Outcome.NOT_OURS, Outcome.GAP)
PUBLISHED = (Outcome.ENTRY, Outcome.VALUE, Outcome.REMOVED, Outcome.SPLIT)  # by an edition; the others hold at once


class Wrong(ValueError):
    """A decision cannot be made; the message says why, a sentence for each thing that is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided, when; `id` 0 while it is not kept.

    `items` is the entry of ENTRY, what a TEXT cites, the record of a field. `value` is the text, or what the field
    `part` says instead of `instead_of`, as it was read. `live` is the edition in which it took effect.
    """

    outcome: Outcome
    wordings: tuple[str, ...] = ()
    items: tuple[ItemKey, ...] = ()
    value: str = ""
    owner: str = ""
    valid_until: date | None = None
    part: str = ""
    instead_of: str = ""
    reason: str = ""
    person: str = ""
    day: date | None = None
    id: int = 0
    undone_by: str = ""
    undone_day: date | None = None
    live: str = ""

    @property
    def stands(self) -> bool:
        """True while nobody took it back."""
        return self.undone_day is None

    @property
    def of_question(self) -> bool:
        """Whether a question is decided on, not a field."""
        return self.outcome in OF_QUESTIONS

    @property
    def correction(self) -> Correction:
        """A decision on a field as editions keep it."""
        (document, key), part = self.items[0], Part(self.part)
        return Correction(document, key, part, self.value, self.instead_of, self.reason, self.person, self.day)

    @property
    def content(self) -> tuple[object, ...]:
        """Equal for decisions that say the same, whoever made them."""
        said = (self.value, self.owner, self.valid_until, self.part, self.instead_of)
        return self.outcome, self.wordings, self.items, *said


def of_correction(one: Correction) -> Decision:
    """A correction as a decision on a field."""
    removed = one.part is Part.RECORD or not one.value
    outcome = Outcome.SPLIT if one.part is Part.SPLIT else Outcome.REMOVED if removed else Outcome.VALUE
    return Decision(
        outcome=outcome, items=(one.item,), value=one.value, part=one.part.value, instead_of=one.instead_of,
        reason=one.reason, person=one.person, day=one.day,
    )  # fmt: skip


def plain(wording: str) -> str:
    """Equal for wordings that are the same but for case, white space and the sign at the end."""
    return " ".join(wording.split()).casefold().rstrip(" ?!.…")


def distinct(wordings: Iterable[str]) -> tuple[str, ...]:
    """Wordings with single spaces, each once, in their order."""
    found = {plain(one): " ".join(one.split()) for one in reversed(list(wordings)) if one.strip()}
    return tuple(reversed(found.values()))


def wrong_in(one: Decision, today: date | None = None) -> list[str]:
    """What is wrong with a decision whatever the documents say, a sentence each; with `today` no past day is taken."""
    if one.of_question:
        return list(_wrong_question(one, today))
    reason = _wrong_correction(one.correction) if one.items else say("corrections.no_place")
    return [reason] if reason else []


def _wrong_question(one: Decision, today: date | None) -> Iterator[str]:
    if not one.wordings:
        yield say("people.no_question")
    if len(one.wordings) > MOST_WORDINGS:
        yield say("people.many_wordings", number=len(one.wordings), most=MOST_WORDINGS)
    for said in one.wordings:
        if len(said) > MOST_WORDING:
            yield say("people.long_wording", said=said[:40], number=len(said), most=MOST_WORDING)
        elif not said.isprintable():
            yield say("people.odd_wording")
    if len(one.reason) > MOST_REASON:
        yield say("people.long_note", number=len(one.reason), most=MOST_REASON)
    if one.outcome is Outcome.ENTRY and len(one.items) != 1:
        yield say("people.one_entry")
    if one.outcome is Outcome.TEXT:
        yield from _wrong_text(one, today)


def _wrong_text(one: Decision, today: date | None) -> Iterator[str]:
    texts = (say("people.the_text"), one.value, MOST_TEXT), (say("people.the_owner"), one.owner, MOST_OWNER)
    for name, said, most in texts:
        if not said.strip():
            yield say("people.missing", name=name)
        elif len(said) > most or not "".join(said.split()).isprintable():
            yield say("people.long_text", name=name, number=len(said), most=most)
    if not 0 < len(one.items) <= MOST_CITED or len(set(one.items)) < len(one.items):
        yield say("people.wrong_proofs", most=MOST_CITED)
    if one.valid_until is None:
        yield say("people.no_last_day")
    elif today is not None and one.valid_until < today:
        yield say("people.day_is_over")


def _wrong_correction(one: Correction) -> str:
    """Why a correction can be none, "" where its form is right."""
    value, part = one.value, one.part
    if not one.document_id or not one.key:
        return say("corrections.no_place")
    if not value and not (one.instead_of and part in _EMPTIED):
        return say("corrections.no_value")
    if not one.reason:
        return say("corrections.no_reason")
    if value == one.instead_of and part not in (*CONFIRMED, Part.SPLIT):  # the second may be called as its passage is
        return say("corrections.same_value")
    if max(map(len, (value, one.instead_of, one.reason))) > LONGEST:
        return say("corrections.too_long", most=LONGEST)
    if part in NO_LONGER:
        return say("corrections.no_adding")
    if part is Part.STATUS and value and value not in list(ItemStatus):
        return say("corrections.wrong_status", value=value, known=", ".join(ItemStatus))
    if part is Part.DATE and value and not re.fullmatch(_DAY, value):
        return say("corrections.wrong_date")
    return ""


METADATA = MetaData()
DECISIONS = Table(
    "decision",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("changed", Integer, nullable=False),  # grows with every change of any
    Column("outcome", String(20), nullable=False),
    Column("wordings", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("owner", String(200), nullable=False),
    Column("valid_until", Date),
    Column("part", String(20), nullable=False),
    Column("instead_of", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("person", String(200), nullable=False),
    Column("day", Date),
    Column("undone_by", String(200), nullable=False),
    Column("undone_day", Date),
    Column("live", String(40), nullable=False),
)


class Decisions:
    """The decisions of one database; safe for threads and processes. Methods raise SQLAlchemyError."""

    def __init__(self, database: Database, today: Callable[[], date] = date.today) -> None:
        self._database = database
        self.today = today

    def all(self) -> list[Decision]:
        """Every decision, newest first."""
        with self._database.reading(METADATA) as connection:
            found = connection.execute(select(DECISIONS).order_by(DECISIONS.c.id.desc())) if connection else None
            return [_decision(row) for row in found.mappings()] if found else []

    def standing(self) -> list[Decision]:
        """Those that nobody took back, newest first."""
        return [one for one in self.all() if one.stands]

    def fields(self) -> list[Decision]:
        """The standing ones on fields of records."""
        return [one for one in self.standing() if not one.of_question]

    def one(self, number: int) -> Decision | None:
        """A decision by its number."""
        return next((one for one in self.all() if one.id == number), None)

    def newest(self) -> object:
        """The row that was changed last: while it is the same nothing changed, in whatever database."""
        with self._database.reading(METADATA) as connection:
            found = connection and connection.execute(select(DECISIONS).order_by(DECISIONS.c.changed.desc()).limit(1))
            return dict(row) if found and (row := found.mappings().first()) else None

    def put(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Keep decisions, all or none, with their person and day, today where they have none."""
        with self._database.writing(METADATA) as connection:
            return [insert_one(connection, replace(one, day=one.day or self.today())) for one in decisions]

    def decide(self, one: Decision, person: str, instead_of: int = 0) -> Decision:
        """Keep a decision of today, in the place of another one, which is taken back."""
        with self._database.writing(METADATA) as connection:
            if instead_of:
                self._undo(connection, instead_of, person)
            return insert_one(connection, replace(one, person=person[:200], day=self.today()))

    def undo(self, number: int, person: str) -> bool:
        """Take a decision back; false where there is none that stands."""
        with self._database.writing(METADATA) as connection:
            return self._undo(connection, number, person)

    def set_live(self, numbers: Iterable[int], edition: str) -> None:
        """Note in which edition decisions took effect, "" where they have none any more."""
        with self._database.writing(METADATA) as connection:
            _set(connection, list(numbers), live=edition)

    def forget(self, days: int) -> int:
        """Delete the wordings of questions that were taken back `days` days ago; returns how many there are."""
        last = self.today() - timedelta(days=days)
        old = [one for one in self.all() if one.undone_day and one.undone_day <= last and one.wordings and not one.live]
        if old:
            with self._database.writing(METADATA) as connection:
                _set(connection, [one.id for one in old], wordings="")
            self._database.compact()
        return len(old)

    def _undo(self, connection: Connection, number: int, person: str) -> bool:
        stands = DECISIONS.c.undone_day.is_(None)
        found = connection.execute(select(DECISIONS.c.id).where(DECISIONS.c.id == number, stands)).first()
        if found is not None:
            _set(connection, [number], undone_by=person[:200], undone_day=self.today())
        return found is not None


def insert_one(connection: Connection, one: Decision) -> Decision:
    """Keep a decision by its number, the next one where it has none."""
    row = {name: getattr(one, name) for name in Decision.__dataclass_fields__ if name != "id" or one.id}
    row |= {"outcome": one.outcome.value, "wordings": "\n".join(one.wordings), "items": json.dumps(one.items)}
    made = connection.execute(insert(DECISIONS).values(**row, changed=_next(connection))).inserted_primary_key
    assert made is not None
    return replace(one, id=int(made[0]))


def _next(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(DECISIONS.c.changed), 0))).scalar_one()) + 1


def _set(connection: Connection, numbers: list[int], **values: object) -> None:
    if numbers:
        values["changed"] = _next(connection)
        connection.execute(update(DECISIONS).where(DECISIONS.c.id.in_(numbers)).values(**values))


def _decision(row: Any) -> Decision:
    held = {name: value for name, value in row.items() if name != "changed"}
    outcome = Outcome(row["outcome"])
    held |= {
        "outcome": outcome,
        "wordings": tuple(row["wordings"].split("\n")) if row["wordings"] and outcome in OF_QUESTIONS else (),
        "items": tuple((document, key) for document, key in json.loads(row["items"])),
    }
    return Decision(**held)
