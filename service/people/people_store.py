"""The running service's store of people's input: decisions, open questions and hints, with the
audit log.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from prompts import say
from service import Role, Settings
from service.masking import mask_question
from service.people.audit import AuditLog
from service.people.decided_questions import DecidedQuestions
from service.people.decisions import (
    DECISION_KIND_WORDS,
    Decision,
    DecisionKind,
    Decisions,
    InvalidDecision,
    PlannedChange,
    distinct_wordings,
    find_problems,
    fold_wording,
)
from service.people.decisions_table import parse_day, parse_moment
from service.people.hints import Hints
from service.people.open_questions import OpenQuestion, OpenQuestions, QuestionKeeper
from vectorstore.language import collapse_spaces
from vectorstore.records import LIST_FIELDS, CorrectableField, Document, Item, current_value
from vectorstore.storage import Database


@dataclass(frozen=True, slots=True)
class Author:
    """The person who makes a change, by name and role, and the audit log that notes it."""

    person: str
    role: Role
    audit: AuditLog

    def note(self, action: str, subject: str) -> None:
        """Write an action on a subject to the audit log."""
        self.audit.note(self.person, self.role.word, action, subject)


def record_values(typed: Mapping[str, str]) -> Iterator[tuple[CorrectableField, str]]:
    """Yield the fields that a person typed for a record, each with the value to store.

    A list of units, municipalities or dates has a line for each of them; the lines of any other
    field are joined by spaces. Fields that the form does not have are left out, but an empty
    one is yielded as "".
    """
    for field in filter(typed.__contains__, CorrectableField):
        lines = [collapse_spaces(line) for line in typed[field].splitlines() if line.strip()]
        if field is CorrectableField.DATE:
            lines = [parse_moment(line) for line in lines]
        divider = "\n" if field in LIST_FIELDS else " "
        yield field, divider.join(lines)


class PeopleStore:
    """Decisions, open questions and hints of an application; `changed` is called after each change
    of decisions.
    """

    def __init__(self, database: Database, settings: Settings, changed: Callable[[], None]) -> None:
        self.settings, self._changed = settings, changed
        self.decisions = Decisions(database)
        self.questions = OpenQuestions(database)
        self.hints = Hints(database)
        self.keeper = QuestionKeeper(self.questions, settings)

    def open_questions(self) -> list[list[OpenQuestion]]:
        """Return the open questions that nobody has decided on, grouped by wording.

        Wordings that differ only in case, white space or end punctuation count as equal. First are
        those whose answers were rated down, then those without an answer; of these the wording that
        was asked most often. The rows of a wording are in this order too.
        """
        standing = self.decisions.standing()
        wordings = chain.from_iterable(decision.wordings for decision in standing)
        decided = {fold_wording(wording) for wording in wordings}
        by_wording: dict[str, list[OpenQuestion]] = {}
        for question in sorted(self.questions.all(), key=lambda each: each.reason.rank):
            folded = fold_wording(question.question)
            if folded not in decided:
                by_wording.setdefault(folded, []).append(question)
        return sorted(
            by_wording.values(),
            key=lambda rows: (
                rows[0].reason.rank,
                -sum(row.times for row in rows),
                rows[0].question,
            ),
        )

    def decide(
        self, decision: Decision, decided: DecidedQuestions, who: Author, replaced: int = 0
    ) -> Decision:
        """Check a decision on a question and store it; personal names in its wordings are masked.

        The items it cites are checked by `decided`, the decisions over the current edition. A
        standing decision with the id `replaced` is undone. Raises InvalidDecision, also if another
        decision stands on one of the wordings, and DecidedMeanwhile if the one to replace does not
        stand any more.
        """
        decision = replace(
            decision, wordings=distinct_wordings(map(mask_question, decision.wordings))
        )
        problems = [
            *find_problems(decision, self.decisions.today()),
            *decided.find_uncitable(decision),
        ]
        if problems:
            raise InvalidDecision(" ".join(problems))
        (stored,) = self.decisions.change([PlannedChange(decision, replaced)], who.person)
        who.note("decide", f"{stored.id} {DECISION_KIND_WORDS[stored.kind]}")
        self._changed()
        return stored

    def correct(
        self, item: Item, document: Document, typed: Mapping[str, str], who: Author
    ) -> None:
        """Store the fields that a person typed for an item of a draft as decisions, which are in
        effect once they are published.

        `typed` has values by field, and `reason` and `until`. If a typed value is the one that was
        read from the document, the earlier decision on its field is undone. But with `confirmed`
        such a value is stored as a decision, which settles a contradiction in the document. Raises
        InvalidDecision, before anything is stored, also if somebody else decided meanwhile.
        """
        values = record_values(typed)
        planned = [
            self._plan_change(item, document, typed, field, value) for field, value in values
        ]
        changes = [change for change in planned if change is not None]
        if changes:
            self.decisions.change(changes, who.person)
        for decision, replaced in changes:
            if decision is None:
                who.note("undo", str(replaced))
            else:
                who.note(
                    "correction",
                    f"{item.document_id} {item.key} {say(f'corrections.{decision.field}')}",
                )

    def _plan_change(
        self,
        item: Item,
        document: Document,
        typed: Mapping[str, str],
        field: CorrectableField,
        value: str,
    ) -> PlannedChange | None:
        """Return the change that gives a field the typed value, None if nothing has to change.

        Nothing has to change if the field has this value already and the person does not confirm
        it, or if no line for a new record was typed. If the value is the one read from the document
        and is not confirmed, the change undoes the earlier decision. Any other value is a new
        decision, which replaces the earlier one. Raises InvalidDecision.
        """
        adds_record = field is CorrectableField.RECORD
        if adds_record:  # a browser sends the line with single spaces; the printed one is stored
            lines = map(str.strip, item.body.splitlines())
            value = next((line for line in lines if collapse_spaces(line) == value), value)
        confirmed = typed.get("confirmed")
        current = current_value(item, field)
        is_unchanged = value == current and not confirmed
        if is_unchanged or (adds_record and not value):
            return None
        earlier = self._find_decision(item, field, value)
        # the current value may be the earlier decision's, which says what had been read
        read = earlier.read if earlier and earlier.value == current else current
        if earlier and value == read and not confirmed:
            return PlannedChange(None, earlier.id)
        decision = Decision(
            kind=DecisionKind.VALUE,
            items=((item.document_id, item.key),),
            field=field,
            value=value,
            read=read,
            reason=collapse_spaces(typed.get("reason", "")),
            until=parse_day(typed.get("until", "")),
        )
        problems = find_problems(decision, self.decisions.today())
        body = document.text[item.start + len(item.heading) : item.end]
        if adds_record and body.count(value) != 1:
            problems.append(say("corrections.no_line"))
        if problems:
            raise InvalidDecision(" ".join(problems))
        return PlannedChange(decision, earlier.id if earlier else 0)

    def publish(self, numbers: Collection[int]) -> None:
        """Bring the decisions of a draft that is published into effect, by their ids."""
        self.decisions.publish(numbers)
        self._changed()

    def undo(self, number: int, who: Author) -> bool:
        """Undo a decision, so that the questions it was on are open again; one on a field stays in
        effect until this is published.

        Returns False if there is no standing decision with this number.
        """
        if not self.decisions.undo(number, who.person):
            return False
        who.note("undo", str(number))
        self._changed()
        return True

    def delete_expired(self) -> int:
        """Delete open questions and wordings of undone decisions past their storage days (a
        setting).

        Returns how many. Raises SQLAlchemyError.
        """
        days = self.settings.keep_questions_days
        return self.questions.delete_before(days) + self.decisions.delete_undone_wordings(days)

    def _find_decision(self, item: Item, field: CorrectableField, value: str) -> Decision | None:
        """Return the standing decision on a field of an item, None if there is none.

        An item can have several decisions that add a record (RECORD): of these return the one with
        the line `value`.
        """
        on_item = self.decisions.on_fields(item.document_id, item.key)
        on_field = (decision for decision in on_item if decision.field == field)
        adds_record = field is CorrectableField.RECORD
        return next(
            (decision for decision in on_field if not adds_record or decision.value == value), None
        )
