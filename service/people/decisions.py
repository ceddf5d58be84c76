"""Decisions of staff on questions and on fields of records, stored in a table with person and day.

A question is answered by an item or by a text with citations, is out of scope, or is a gap in the
documents; a field of a record gets another value than was read. A decision is never changed: it is
undone, and a new one may replace it. What is decided on a field, and that it is undone, is first in
a draft: it has no day until the draft is published.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, case, func, insert, select, update
from sqlalchemy import text as sa_text
from sqlalchemy.engine import Connection

from prompts import say
from service import is_too_long
from service.people.tables import DECISIONS, TableStore
from service.records import is_moment, labels
from vectorstore import ItemQuestion
from vectorstore.language import collapse_spaces, fold_case
from vectorstore.records import CorrectableField, Correction, ItemAddress, ItemKind, ItemStatus
from vectorstore.storage import Database

if TYPE_CHECKING:
    from vectorstore import Edition

# of a decision, characters of one
MOST_WORDINGS = 20
MOST_WORDING = 300
# items that a text cites, characters of a field's value
MOST_CITED = 10
MOST_VALUE = 4000
LONGEST_FIELDS = {"value": 2000, "owner": 100, "reason": 500}  # characters of the form's fields
_NEVER_EMPTY = (CorrectableField.TITLE, CorrectableField.KIND, CorrectableField.RECORD)


class DecisionKind(StrEnum):
    """The kind of a decision: VALUE is on a field of a record, the others are on a question."""

    ITEM = "item"
    TEXT = "text"
    NOT_OURS = "not_ours"
    GAP = "gap"
    VALUE = "value"


KINDS_FOR_QUESTIONS = tuple(kind for kind in DecisionKind if kind is not DecisionKind.VALUE)
DECISION_KIND_WORDS = {kind: say(f"people.kind_{kind}") for kind in DecisionKind}


class InvalidDecision(ValueError):
    """A decision is not valid; the message has a sentence for each problem."""


class DecidedMeanwhile(InvalidDecision):
    """The decision that is to be replaced was replaced or undone by somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision of a `person` on a `day`, valid until the day `until`; `id` is 0 while it is not
    stored.

    `items` are the item of ITEM, the items that a TEXT cites, or the record of a VALUE. `value` is
    the text, or the new value of the record's `field`; `read` is the value that had been read from
    the document, None if unknown. `undone_by` undid it. `day` and `undone_day` are None as long as
    that is in a draft.
    """

    kind: DecisionKind
    wordings: tuple[str, ...] = ()
    items: tuple[ItemAddress, ...] = ()
    field: str = ""
    value: str = ""
    read: str | None = None
    owner: str = ""
    until: date | None = None
    reason: str = ""
    person: str = ""
    day: date | None = None
    id: int = 0
    undone_by: str = ""
    undone_day: date | None = None

    @property
    def is_standing(self) -> bool:
        """True if nobody undid it, not in a draft either."""
        return not self.undone_by and self.undone_day is None

    @property
    def is_published(self) -> bool:
        """True if it is in effect, also if it is undone in a draft."""
        return self.day is not None and self.undone_day is None

    @property
    def is_drafted(self) -> bool:
        """True if publishing brings it into effect, or ends its effect."""
        return self.is_standing != self.is_published

    def is_valid(self, today: date) -> bool:
        """True if its last day is not over, and it was not undone but in a draft."""
        return self.undone_day is None and (self.until is None or today <= self.until)

    @property
    def correction(self) -> Correction:
        """The decision on a field as a correction of an edition."""
        (document, key), field = self.items[0], CorrectableField(self.field)
        return Correction(document, key, field, self.value, self.read, self.reason, self.day)

    @property
    def content(self) -> tuple[object, ...]:
        """A key that is equal for decisions with the same content, whoever made them.

        Reason, person and day are left out, and so is the value that was read.
        """
        return self.kind, self.wordings, self.items, self.field, self.value, self.owner, self.until


class PlannedChange(NamedTuple):
    """A change of decisions: the new `decision`, None to undo only; the id of the `replaced` one,
    or 0.
    """

    decision: Decision | None
    replaced: int


def fold_wording(wording: str) -> str:
    """Return a key that is equal for wordings that differ only in case, white space and end
    punctuation.
    """
    return fold_case(wording).rstrip(" ?!.…")


def distinct_wordings(wordings: Iterable[str]) -> tuple[str, ...]:
    """Return wordings with white space collapsed, each once.

    Of equal wordings ("Was kostet es?", "was kostet es") the first spelling is kept, at the place
    of the last.
    """
    distinct: dict[str, str] = {}
    for wording in map(collapse_spaces, wordings):
        if wording:
            folded = fold_wording(wording)
            distinct[folded] = distinct.pop(folded, wording)
    return tuple(distinct.values())


def find_problems(decision: Decision, today: date | None = None) -> list[str]:
    """Return a sentence for each problem of a decision, [] for a valid one.

    That its last day is over is a problem only if `today` is given: a decision that is imported may
    be over already. Whether its items exist is not checked here.
    """
    find = _field_problems if decision.kind is DecisionKind.VALUE else _question_problems
    problems = list(find(decision))
    if today is not None and decision.until is not None and decision.until < today:
        problems.append(say("people.day_is_over"))
    if len(decision.reason) > LONGEST_FIELDS["reason"]:
        problems.append(
            say("people.long_note", number=len(decision.reason), most=LONGEST_FIELDS["reason"])
        )
    return problems


def _question_problems(decision: Decision) -> Iterator[str]:
    """Yield a sentence for each problem of a decision on a question.

    A wording must be printable. Only a text (TEXT) has a value, an owner and proofs
    to check; only ITEM has to have exactly one item.
    """
    wordings, items = decision.wordings, decision.items
    if not wordings:
        yield say("people.no_question")
    if len(wordings) > MOST_WORDINGS:
        yield say("people.many_wordings", number=len(wordings), most=MOST_WORDINGS)
    for wording in wordings:
        if is_too_long(wording, MOST_WORDING):
            number = len(wording)
            yield say("people.long_wording", said=wording[:40], number=number, most=MOST_WORDING)
    if not all(map(str.isprintable, wordings)):
        yield say("people.odd_wording")
    if decision.kind is DecisionKind.ITEM and len(items) != 1:
        yield say("people.one_item")
    if decision.kind is DecisionKind.TEXT:
        yield from _text_problems(decision)


def _text_problems(decision: Decision) -> Iterator[str]:
    """Yield a sentence for each problem of a decided text: its length, owner, proofs and last day.

    The text may have several lines, but no other control characters. It cites from 1 to MOST_CITED
    items, each once.
    """
    items = decision.items
    for name, text in (("value", decision.value), ("owner", decision.owner)):
        label, most = say(f"people.the_{name}"), LONGEST_FIELDS[name]
        if not text.strip():
            yield say("people.missing", name=label)
        elif len(text) > most or not "".join(text.split()).isprintable():
            yield say("people.long_text", name=label, number=len(text), most=most)
    if not 0 < len(set(items)) == len(items) <= MOST_CITED:
        yield say("people.wrong_proofs", most=MOST_CITED)
    if decision.until is None:
        yield say("people.no_last_day")


def _field_problems(decision: Decision) -> Iterator[str]:
    """Yield a sentence for each problem of a decision on a field of a record.

    The empty value removes what was read; title and kind need one, and so does the line of a new
    record (_NEVER_EMPTY). Dates are a line each, in ISO form. Of the problems of the value only the
    first is named.
    """
    value, field = decision.value, decision.field
    if len(decision.items) != 1:
        yield say("corrections.no_place")
    if not decision.reason:
        yield say("corrections.no_reason")
    if not value and field in _NEVER_EMPTY:
        yield say("corrections.no_value")
    elif len(value) > MOST_VALUE:
        yield say("corrections.too_long", most=MOST_VALUE)
    elif field == CorrectableField.STATUS and value not in ("", *ItemStatus):
        yield say(
            "corrections.wrong_status", value=value, known=", ".join(labels.STATUSES.values())
        )
    elif field == CorrectableField.KIND and value not in list(ItemKind):
        yield say("corrections.wrong_kind", value=value)
    elif field == CorrectableField.DATE and not all(map(is_moment, value.splitlines())):
        yield say("corrections.wrong_date")


def corrections_of(decisions: Iterable[Decision], today: date) -> list[Correction]:
    """Return the corrections that are valid on a day, oldest first."""
    return [
        decision.correction
        for decision in sorted(decisions, key=attrgetter("id"))
        if decision.kind is DecisionKind.VALUE and decision.is_valid(today)
    ]


def apply_decisions(edition: Edition, decisions: Sequence[Decision], today: date) -> Edition:
    """Return an edition with the decisions that are valid on a day.

    They correct records, and those of kind ITEM add questions by which search finds their item.
    """
    questions = []
    for decision in decisions:
        if decision.kind is DecisionKind.ITEM and decision.is_valid(today):
            item = decision.items[0]
            questions += [ItemQuestion(*item, wording) for wording in decision.wordings]
    return edition.apply_decisions(corrections_of(decisions, today), questions)


class Decisions(TableStore):
    """The decisions of one database."""

    def __init__(self, database: Database, today: Callable[[], date] = date.today) -> None:
        super().__init__(database)
        self.today = today

    def all(self) -> list[Decision]:
        """Every decision, newest first."""
        query = select(DECISIONS).order_by(DECISIONS.c.id.desc())
        return list(map(_decision_of, self._rows(query)))

    def standing(self) -> list[Decision]:
        """The decisions that nobody undid, newest first; those in a draft too."""
        return [decision for decision in self.all() if decision.is_standing]

    def published(self) -> list[Decision]:
        """The decisions that are in effect, newest first."""
        return [decision for decision in self.all() if decision.is_published]

    def on_fields(self, document_id: str = "", key: str = "") -> list[Decision]:
        """Return the standing decisions on fields of records, newest first.

        With `document_id`, and with `key`, only those on this document or record.
        """
        decisions = [
            decision for decision in self.standing() if decision.kind is DecisionKind.VALUE
        ]
        of_document = [
            decision for decision in decisions if document_id in ("", decision.items[0][0])
        ]
        return [decision for decision in of_document if key in ("", decision.items[0][1])]

    def version(self) -> object:
        """Return a value that stays equal as long as no decision changes and the day is the same.

        It has today's date, since decisions end by the day, and the row that was changed last, with
        the counter `changed`, which each change raises. None if there are no decisions.
        """
        rows = self._rows(select(DECISIONS).order_by(DECISIONS.c.changed.desc()).limit(1))
        return (self.today(), dict(rows[0])) if rows else None

    def add(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Store decisions, all or none, and return them with their ids.

        A decision without a day gets today's date.
        """
        with self._database.writing() as connection:
            return [
                _insert(connection, replace(decision, day=decision.day or self.today()))
                for decision in decisions
            ]

    def change(self, changes: Iterable[PlannedChange], person: str) -> list[Decision]:
        """Make changes, all or none; return the new decisions with their ids.

        Those on questions are in effect today, those on fields once they are published. Raises
        DecidedMeanwhile if a decision that is to be replaced is not standing, and InvalidDecision
        if another one stands on the same wording or field. Of those who decide at the same time,
        each sees what the one before stored.
        """
        stored = []
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
                connection.execute(sa_text("LOCK TABLE decided IN SHARE ROW EXCLUSIVE MODE"))
            for decision, replaced in changes:
                if replaced and not self._undo(connection, replaced, person):
                    raise DecidedMeanwhile(say("review.decided_meanwhile"))
                if decision is not None:
                    _require_free(connection, decision)
                    is_drafted = decision.kind is DecisionKind.VALUE
                    day = None if is_drafted else self.today()
                    made = replace(decision, person=person[:200], day=day)
                    stored.append(_insert(connection, made))
        return stored

    def publish(self, numbers: Collection[int]) -> None:
        """Bring the decisions with these ids that are in a draft into effect, and end the effect of
        those that are undone in it.
        """
        is_reviewed = DECISIONS.c.id.in_(numbers) & DECISIONS.c.undone_day.is_(None)
        is_undone = DECISIONS.c.undone_by != ""
        today = self.today()
        with self._database.writing() as connection:
            _update(connection, is_reviewed & is_undone, undone_day=today)
            _update(connection, is_reviewed & DECISIONS.c.day.is_(None), day=today)

    def undo(self, number: int, person: str) -> bool:
        """Undo a decision; returns False where there is no standing one with this id.

        One on a field that is in effect stays so until this is published.
        """
        with self._database.writing() as connection:
            return self._undo(connection, number, person)

    def delete_undone_wordings(self, days: int) -> int:
        """Delete the wordings of decisions that were undone at least `days` days ago.

        The decisions themselves stay. Returns of how many the wordings were deleted.
        """
        is_expired = DECISIONS.c.undone_day <= self.today() - timedelta(days=days)
        is_due = is_expired & (DECISIONS.c.wordings != "[]")
        if not self._rows(select(DECISIONS).where(is_due).limit(1)):
            return 0
        with self._database.writing() as connection:
            deleted = _update(connection, is_due, wordings="[]")
        self._database.compact()
        return deleted

    def _undo(self, connection: Connection, number: int, person: str) -> bool:
        """Undo a decision within a transaction of the caller; False if no standing one has this id.

        So the caller can store a decision in its place, in the same transaction.
        """
        is_standing = (DECISIONS.c.id == number) & _is_standing()
        is_in_effect = (DECISIONS.c.kind == DecisionKind.VALUE) & DECISIONS.c.day.is_not(None)
        undone_day = case((is_in_effect, None), else_=self.today())
        undone = _update(connection, is_standing, undone_by=person[:200], undone_day=undone_day)
        return undone > 0


def _is_standing() -> ColumnElement[bool]:
    """The condition for rows of decisions that nobody undid."""
    return DECISIONS.c.undone_day.is_(None) & (DECISIONS.c.undone_by == "")


def _require_free(connection: Connection, decision: Decision) -> None:
    """Raise InvalidDecision if a standing decision is on a wording or the field of this one.

    Of a record, several lines can be further records.
    """
    folded = set(map(fold_wording, decision.wordings))
    standing = select(DECISIONS).where(_is_standing())
    for other in map(_decision_of, connection.execute(standing).mappings()):
        if folded.intersection(map(fold_wording, other.wordings)):
            raise InvalidDecision(say("people.doubled", number=other.id))
        is_same_field = decision.field != "" and other.field == decision.field
        adds_record = decision.field == CorrectableField.RECORD and other.value != decision.value
        if is_same_field and other.items == decision.items and not adds_record:
            raise DecidedMeanwhile(say("review.decided_meanwhile"))


def _insert(connection: Connection, decision: Decision) -> Decision:
    """Store a decision as a new row, and return it with its id.

    Wordings and items are stored as JSON. Its old id, if any, is not used.
    """
    row = asdict(decision)
    del row["id"]
    row |= {name: json.dumps(row[name], ensure_ascii=False) for name in ("wordings", "items")}
    row["changed"] = _next_change(connection)
    number = connection.scalar(insert(DECISIONS).values(row).returning(DECISIONS.c.id))
    assert number is not None
    return replace(decision, id=number)


def _next_change(connection: Connection) -> int:
    """Return the next value of the counter in the column `changed`, 1 in an empty table.

    It runs over all rows, so the highest value marks the row that was changed last.
    """
    last = connection.scalar(select(func.max(DECISIONS.c.changed)))
    return (last or 0) + 1


def _update(connection: Connection, which: ColumnElement[bool], **values: object) -> int:
    """Change the rows that meet the condition `which`; returns how many there are.

    They also get the next value of `changed`, so that `Decisions.version` changes.
    """
    changed = _next_change(connection)
    return connection.execute(
        update(DECISIONS).where(which).values(**values, changed=changed)
    ).rowcount


def _decision_of(row: RowMapping) -> Decision:
    """Return the decision in a row; wordings and items are JSON there, and become tuples."""
    values = {name: value for name, value in row.items() if name != "changed"}
    values |= {"kind": DecisionKind(row["kind"]), "wordings": tuple(json.loads(row["wordings"]))}
    return Decision(**values | {"items": tuple(map(tuple, json.loads(row["items"])))})
