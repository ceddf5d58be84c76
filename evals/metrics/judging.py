"""How one answer is judged: every measure over a case and its answer, as the contract says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from evals.cases import Case, Ref
from evals.metrics import ranking
from evals.metrics.intervals import Part
from evals.metrics.knowledge import Knowledge, Named, is_named
from service.models import Answer, AnswerStatus, Citation, Record

ABOUT_SERVICE = "about_service"


@dataclass(frozen=True)
class Asked:
    """A case with the answer that it got, and how long it took as the asker saw it."""

    case: Case
    answer: Answer
    knowledge: Knowledge = field(default_factory=Knowledge)
    milliseconds: float = 0.0

    @property
    def answered(self) -> bool:
        """True where the service answered."""
        return self.answer.status is AnswerStatus.ANSWERED

    @cached_property
    def found(self) -> list[int | None]:
        """For each citation the number of the right item that it is of, or None."""
        return [self._number(one) for one in self.answer.citations]

    def is_of(self, citation: Citation | Record, refs: Iterable[Ref]) -> bool:
        """True where a citation is of one of these items or of a part of one."""
        return any(is_part(citation, ref, self.knowledge) for ref in refs)

    def _number(self, citation: Citation) -> int | None:
        found = [place for place, ref in enumerate(self.case.wanted) if self.is_of(citation, [ref])]
        return max(found, key=lambda place: len(self.case.wanted[place][1]), default=None)

    @property
    def noted(self) -> bool:
        """True where there is no answer but a note on the languages understood, and the case accepts it."""
        accepts = self.case.expect.behavior == "answer_or_note"
        return accepts and not self.answered and any(one.code == "language" for one in self.answer.notices)

    @property
    def about_service(self) -> bool:
        """True where the service took the question as one to itself."""
        return str(self.answer.status) == ABOUT_SERVICE

    @property
    def relevant(self) -> list[bool]:
        """For each citation whether it is of a right item."""
        return [one is not None for one in self.found]

    @property
    def hits(self) -> list[bool]:
        """For each citation whether it is of an item of which one is enough."""
        alternatives = len(self.case.expect.citations_any)
        return [one is not None and one < alternatives for one in self.found]

    @property
    def right_at(self) -> int | None:
        """The place from 1 of the first citation of a right item."""
        return ranking.first_right(self.relevant)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What each measure says of one answer: (numerator, denominator) by name; a measure that does not ask is absent."""

    asked: Asked
    parts: dict[str, Part]

    @property
    def case(self) -> Case:
        """The case that was asked."""
        return self.asked.case

    @property
    def fully(self) -> bool:
        """True where everything was right that the case asks for."""
        return self.parts["fully"][0] == 1.0


def is_part(citation: Citation | Record, ref: Ref, knowledge: Knowledge) -> bool:
    """True where a citation is of an item or of a part of it: what stands below it, or B.X.3 for B.X by number."""
    above = knowledge.above.get((citation.document_id, citation.key), ())
    chain = (Named(citation.ref, citation.key, citation.title), *above)
    return citation.document_id == ref[0] and any(is_named(ref[1], one) for one in chain)


def judge(asked: Asked) -> Judgement:
    """Apply every measure."""
    from evals.metrics.measures import MEASURES

    parts = {one.name: part for one in MEASURES if (part := one.of(asked)) is not None}
    return Judgement(asked, parts)


def judge_all(asked: Iterable[Asked]) -> list[Judgement]:
    """Apply every measure to every answer."""
    return [judge(one) for one in asked]
