"""How one answer is judged: every measure over a case and its answer, which is read from its JSON.

Nothing of the service's own forms is needed: answers of other versions are judged as well as those of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from evals.cases import Case, Ref
from evals.metrics.knowledge import Knowledge, Named, is_named
from service.record_models import Record

Part = tuple[float, float]  # one case's numerator and denominator
ANSWERED, FOUND, ABOUT_SERVICE, UNAVAILABLE = "answered", "found", "about_service", "unavailable"


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Cited(_Form):
    """One citation."""

    marker: int = 0
    document_id: str
    document_status: str | None = None
    ref: str
    key: str
    title: str = ""
    page: int | None = None
    quote: str = ""


class Notice(_Form):
    """A note beside an answer."""

    code: str


class Said(_Form):
    """An answer."""

    status: str
    answer: str = ""
    citations: tuple[Cited, ...] = ()
    notices: tuple[Notice, ...] = ()
    receipt: Mapping[str, str | None] = Field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A case with the answer that it got, and how long it took as the asker saw it."""

    case: Case
    answer: Said
    knowledge: Knowledge = field(default_factory=Knowledge)
    milliseconds: float = 0.0

    @property
    def answered(self) -> bool:
        """True where the service claims to answer."""
        return self.answer.status == ANSWERED

    @property
    def shows(self) -> bool:
        """True where it answers, or shows what it found without that claim."""
        return self.answer.status in (ANSWERED, FOUND)

    @property
    def noted(self) -> bool:
        """True where there is no answer but a note on the languages understood, and the case accepts it."""
        accepts = self.case.expect.behavior == "answer_or_note"
        return accepts and not self.answered and any(one.code == "language" for one in self.answer.notices)

    @property
    def about_service(self) -> bool:
        """True where the service took the question as one to itself."""
        return self.answer.status == ABOUT_SERVICE

    def cites(self, ref: Ref) -> bool:
        """True where an item, or a part of it, is cited."""
        return any(self.is_of(one, [ref]) for one in self.answer.citations)

    def is_of(self, citation: Cited | Record, refs: Iterable[Ref]) -> bool:
        """True where a citation is of one of these items or of a part of one."""
        return any(is_part(citation, ref, self.knowledge) for ref in refs)

    def off(self, citations: Iterable[Cited]) -> list[Cited]:
        """Those of these citations that are off everything that the case names."""
        overview = self.case.expect.overview
        right = overview.items if overview else self.case.wanted
        return [one for one in citations if not self.is_of(one, right)]


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
        """True where the outcome is the expected one: fully right, rightly not answered, or taken as to the service."""
        return self.holds("as expected")

    @property
    def misled(self) -> bool:
        """True for the worst outcome: answered, and wrong."""
        return self.holds("misled")

    def holds(self, measure: str) -> bool:
        """True where a measure asks this case and it has all of it."""
        part = self.parts.get(measure)
        return part is not None and part[0] == part[1]


def is_part(citation: Cited | Record, ref: Ref, knowledge: Knowledge) -> bool:
    """True where a citation is of an item or of a part of it: any descendant by parent, or B.X.3 for B.X by number."""
    above = knowledge.above.get((citation.document_id, citation.key), ())
    chain = (Named(citation.ref, citation.key, citation.title), *above)
    return citation.document_id == ref[0] and any(is_named(ref[1], one) for one in chain)


def judge(asked: Asked) -> Judgement:
    """Apply every measure."""
    from evals.metrics.measures import MEASURES

    return Judgement(asked, {one.name: part for one in MEASURES if (part := one.of(asked)) is not None})
