"""What decisions change: the questions for items of the next edition."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from service.learning.decisions import Decision, Saying
from service.learning.kinds import Kind
from vectorstore.questions import MOST, ItemKey, ItemQuestion, dump_questions


@dataclass(frozen=True, slots=True)
class Taught:
    """A question that a decision has lead to its item, by its own wording or a further one."""

    saying: Saying
    question: ItemQuestion


@dataclass(frozen=True, slots=True)
class Changes:
    """The questions of the next edition, with what decisions say behind every change.

    `lost` are questions whose item there is no more, or has as many as it may.
    """

    questions: tuple[ItemQuestion, ...]
    added: tuple[Taught, ...] = ()
    removed: tuple[Taught, ...] = ()
    lost: tuple[Taught, ...] = ()

    @property
    def any(self) -> bool:
        """True where the next edition would answer otherwise."""
        return bool(self.added or self.removed)

    @property
    def new_items(self) -> frozenset[ItemKey]:
        """The items to which questions come."""
        return frozenset(one.question.item for one in self.added)

    def without(self) -> dict[int, tuple[ItemQuestion, ...]]:
        """The questions of the next edition as they would be without each decision on them, by its number."""
        by_decision: dict[int, set[Saying]] = defaultdict(set)
        for one in (*self.added, *self.removed):
            by_decision[one.saying.decision].add(one.saying)
        return {number: self._without(by_decision[number]) for number in sorted(by_decision)}

    def without_wordings(self, decision: int) -> dict[int, tuple[ItemQuestion, ...]]:
        """The same without each further wording alone that comes to a decision or goes from it, by its number."""
        mine = [one.saying for one in (*self.added, *self.removed) if one.saying.decision == decision]
        return {one.number: self._without({one}) for one in mine if one.number and len(mine) > 1}

    def _without(self, left_out: Collection[Saying]) -> tuple[ItemQuestion, ...]:
        added = {one.question.same_as for one in self.added if one.saying in left_out}
        removed = (one.question for one in self.removed if one.saying in left_out)
        return (*(one for one in self.questions if one.same_as not in added), *removed)

    def digest(self, edition: str, cases: str) -> str:
        """Changes with anything that a trial is about: the edition before, the changes, the cases of decisions."""
        parts = (edition.encode(), dump_questions(self.questions), cases.encode())
        return sha256(b"\0".join(parts)).hexdigest()


def changes_of(decisions: Sequence[Decision], before: Sequence[ItemQuestion], items: Collection[ItemKey]) -> Changes:
    """What decisions make of the questions `before` of an edition with these items."""
    asked = sorted(taught(decisions), key=lambda one: (one.saying.decision, one.saying.number))
    standing = {one.question.same_as for one in asked if one.saying.stands}
    dropped = [one for one in asked if not one.saying.stands and one.saying.live]
    removed = tuple(one for one in dropped if one.question.same_as not in standing)
    gone = {one.question.same_as for one in removed}
    kept = [one for one in before if one.origin or one.same_as not in gone]
    known, counts = {one.same_as for one in kept}, Counter(one.item for one in kept)
    added, lost = [], []
    for one in asked:
        made = one.question
        if not one.saying.stands or made.same_as in known:
            continue
        if made.item not in items or counts[made.item] >= MOST:
            lost.append(one)
            continue
        kept.append(made)
        known.add(made.same_as)
        counts[made.item] += 1
        added.append(one)
    return Changes(tuple(kept), tuple(added), removed, tuple(lost))


def taught(decisions: Iterable[Decision]) -> list[Taught]:
    """The questions for items that decisions make, of people."""
    return [
        Taught(saying, ItemQuestion(one.document_id, one.key, saying.question))
        for one in decisions
        if one.kind is Kind.ITEM_QUESTION
        for saying in one.sayings
    ]
