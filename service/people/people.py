"""All that a running service stores of what people say: open questions, hints, decisions; and who says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from prompts import say
from service.audit import AuditLog
from service.masking.names import mask_question
from service.people.decided_questions import DecidedQuestions
from service.people.decisions import (
    KIND_WORDS,
    Decision,
    DecisionKind,
    Decisions,
    InvalidDecision,
    distinct_wordings,
    find_problems,
    fold_wording,
)
from service.people.decisions_csv import parse_day
from service.people.hints import Hints
from service.people.open_questions import OpenQuestion, OpenQuestions, QuestionKeeper
from service.settings import Settings
from vectorstore.corrections import LISTS, CorrectableField, read_value
from vectorstore.database import Database
from vectorstore.records import Document, Item

_GERMAN_MOMENT = re.compile(r"(?:(?:(?P<day>\d{1,2})\.\s?)?(?P<month>\d{1,2})[./]\s?)(?P<year>\d{4})")


@dataclass(frozen=True, slots=True)
class Who:
    """Who decides, by name and role, and what notes it."""

    person: str
    role: str
    audit: AuditLog

    def note(self, action: str, subject: str) -> None:
        """Note what was done."""
        self.audit.note(self.person, self.role, action, subject)


def record_values(typed: Mapping[str, str]) -> Iterator[tuple[CorrectableField, str]]:
    """Each field of a record that was typed, with its value as it is stored; units and dates are on a line each."""
    for field in (field for field in CorrectableField if field in typed):
        lines = [" ".join(line.split()) for line in typed[field].splitlines()]
        lines = [parse_moment(line) if field is CorrectableField.DATE else line for line in lines if line]
        yield field, ("\n" if field in LISTS else " ").join(lines)


def parse_moment(text: str) -> str:
    """A day, month or year as it is stored: "1.5.2026" is "2026-05-01"; others stay."""
    if not (match := _GERMAN_MOMENT.fullmatch(text)):
        return text
    return "-".join(filter(None, (match["year"], match["month"].zfill(2), match["day"] and match["day"].zfill(2))))


class People:
    """Made once for an application; `changed` has the service answer by what was decided a moment ago."""

    def __init__(self, database: Database, settings: Settings, changed: Callable[[], None] = lambda: None) -> None:
        self.settings, self._changed = settings, changed
        self.decisions, self.questions, self.hints = Decisions(database), OpenQuestions(database), Hints(database)
        self.keeper = QuestionKeeper(self.questions, settings)

    def open_questions(self) -> list[list[OpenQuestion]]:
        """The open questions, those of one wording together, the most often asked first; none that was decided on."""
        decided = {fold_wording(wording) for decision in self.decisions.standing() for wording in decision.wordings}
        results: dict[str, list[OpenQuestion]] = {}
        for question in self.questions.all():
            if (folded := fold_wording(question.question)) not in decided:
                results.setdefault(folded, []).append(question)
        return sorted(results.values(), key=lambda rows: (-sum(row.times for row in rows), rows[0].question))

    def decide(self, decision: Decision, decided: DecidedQuestions, who: Who, replaced: int = 0) -> Decision:
        """Decide on a question, without what names a person; raises InvalidDecision.

        `decided` is what was decided over the edition that the decision is about.
        """
        decision = replace(decision, wordings=distinct_wordings(map(mask_question, decision.wordings)))
        folded = {fold_wording(wording) for wording in decision.wordings}
        problems = [*find_problems(decision, self.decisions.today()), *decided.find_missing(decision)]
        for other in self.decisions.standing():
            if other.id != replaced and folded & set(map(fold_wording, other.wordings)):
                problems.append(say("people.doubled", number=other.id))
        if problems:
            raise InvalidDecision(" ".join(problems))
        made = self.decisions.decide(decision, who.person, replaced)
        who.note("decide", f"{made.id} {KIND_WORDS[made.kind]}")
        self._changed()
        return made

    def correct(self, item: Item, document: Document, typed: Mapping[str, str], who: Who) -> None:
        """Store what somebody typed of an item as decisions; one on a field that is as it was read is taken back.

        `typed` are values by field, with `reason` and `until`. With `confirmed` a value that is as it was read is
        stored too: it settles a contradiction. Raises InvalidDecision.
        """
        steps = [
            step for field, value in record_values(typed) if (step := self._step(item, document, typed, field, value))
        ]
        for decision, replaced in steps:
            if decision is None:
                self.decisions.undo(replaced, who.person)
                who.note("undo", str(replaced))
            else:
                self.decisions.decide(decision, who.person, replaced)
                who.note("correction", f"{item.document_id} {item.key} {say(f'corrections.{decision.field}')}")
        if steps:
            self._changed()

    def _step(
        self, item: Item, document: Document, typed: Mapping[str, str], field: CorrectableField, value: str
    ) -> tuple[Decision | None, int] | None:
        """The decision on a field, None where one is only taken back, and which it replaces; None for neither."""
        adds, now, earlier = field is CorrectableField.RECORD, read_value(item, field), self._find(item, field, value)
        if (value == now and not typed.get("confirmed")) or (adds and not value):
            return None
        read, replaced = (earlier.read if earlier.value == now else now, earlier.id) if earlier else (now, 0)
        if earlier and value == read and not typed.get("confirmed"):
            return None, replaced
        decision = Decision(
            kind=DecisionKind.VALUE, items=((item.document_id, item.key),), field=field, value=value, read=read,
            reason=" ".join(typed.get("reason", "").split()), until=parse_day(typed.get("until", "")),
        )  # fmt: skip
        problems = find_problems(decision, self.decisions.today())
        if adds and document.text[item.start + len(item.heading) : item.end].count(value) != 1:
            problems.append(say("corrections.no_line"))
        if problems:
            raise InvalidDecision(" ".join(problems))
        return decision, replaced

    def undo(self, number: int, who: Who) -> bool:
        """Take a decision back: its questions are open again; false where there is none that stands."""
        if not self.decisions.undo(number, who.person):
            return False
        who.note("undo", str(number))
        self._changed()
        return True

    def sweep(self) -> int:
        """Delete what is due; returns how many rows and decisions that were. Raises SQLAlchemyError."""
        days = self.settings.keep_questions_days
        return self.questions.delete_before(days) + self.decisions.forget(days)

    def _find(self, item: Item, field: CorrectableField, value: str) -> Decision | None:
        """The standing decision on a field of an item; on a record that begins with a line, that of this line."""
        same = (field, value) if field is CorrectableField.RECORD else (field,)
        result = self.decisions.of_fields(item.document_id, item.key)
        return next((each for each in result if (each.field, each.value)[: len(same)] == same), None)
