"""What decisions change: the questions for items of the next edition, and the examples that the reader learns from."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from service.learning.choosing import WANTING
from service.learning.decisions import Decision
from service.learning.kinds import Kind
from vectorstore.questions import MOST, ItemKey, ItemQuestion, dump_questions


@dataclass(frozen=True, slots=True)
class Changes:
    """The questions of the next edition and the examples, with the numbers of the decisions behind every change.

    `lost` are questions whose item there is no more, or has as many as it may. `examples` are lines of JSON.
    """

    questions: tuple[ItemQuestion, ...]
    examples: str
    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    examples_changed: bool = False

    @property
    def any(self) -> bool:
        """True where the next edition would answer otherwise."""
        return bool(self.added or self.removed or self.examples_changed)

    def without(self, decisions: Iterable[Decision]) -> dict[int, tuple[ItemQuestion, ...]]:
        """The questions of the next edition as they would be without each decision on them, by its number."""
        made = {one.id: question_of(one) for one in decisions if one.id in (*self.added, *self.removed)}
        less = {
            number: tuple(one for one in self.questions if one.same_as != made[number].same_as) for number in self.added
        }
        return less | {number: (*self.questions, made[number]) for number in self.removed}

    def digest(self, edition: str, cases: str) -> str:
        """Changes with anything that a trial is about: the edition before, the changes, the cases of decisions."""
        parts = (edition.encode(), dump_questions(self.questions), self.examples.encode(), cases.encode())
        return sha256(b"\0".join(parts)).hexdigest()


def changes_of(
    decisions: Sequence[Decision], before: Sequence[ItemQuestion], items: Collection[ItemKey], learned: str
) -> Changes:
    """What decisions make of the questions `before` of an edition with these items, and of the examples `learned`."""
    asked = [one for one in decisions if one.kind is Kind.ITEM_QUESTION and one.wording]
    standing = {question_of(one).same_as for one in asked if one.stands}
    gone = {question_of(one).same_as for one in asked if not one.stands and one.live} - standing
    kept = [one for one in before if one.origin or one.same_as not in gone]
    known, added, lost = {one.same_as for one in kept}, [], []
    for one in sorted((one for one in asked if one.stands), key=lambda one: one.id):
        made = question_of(one)
        if made.same_as in known:
            continue
        if made.item not in items or sum(other.item == made.item for other in kept) >= MOST:
            lost.append(one.id)
            continue
        kept.append(made)
        known.add(made.same_as)
        added.append(one.id)
    examples = examples_of(decisions)
    return Changes(
        tuple(kept),
        examples,
        tuple(added),
        tuple(one.id for one in asked if not one.stands and one.live and question_of(one).same_as in gone),
        tuple(lost),
        examples != learned,
    )


def question_of(decision: Decision) -> ItemQuestion:
    """The question for an item that a decision makes, of people."""
    return ItemQuestion(decision.document_id, decision.key, decision.wording)


def examples_of(decisions: Iterable[Decision]) -> str:
    """The examples of standing decisions as lines that `eval train --cases` reads, oldest first."""
    wanted = [one for one in decisions if one.kind is Kind.EXAMPLE and one.stands and one.wording]
    return "".join(f"{_line(one)}\n" for one in sorted(wanted, key=lambda one: one.id))


def _line(decision: Decision) -> str:
    wanting = decision.scope in WANTING
    labelled = {
        "q": decision.wording.replace("[[", "[").replace("]]", "]"),
        "scope": decision.scope,
        "service": "abilities" if decision.scope == "service" else None,
        "want": decision.want if wanting else "none",
        "fact": "none",
        "yesno": False,
        "followup": False,
        "lang": "de",
        "known": ["scope", "want"] if wanting else ["scope"],
    }
    return json.dumps(labelled, ensure_ascii=False)
