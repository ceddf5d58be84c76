"""How one answer is judged, as the contract says; pure functions over a case and an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evals.cases import Case, Ref
from service.models import Answer, AnswerStatus, Citation

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was right about an answer; None where a question does not ask for it."""

    case: Case
    answered: bool
    right_at: int | None
    right_item: bool | None
    facts: bool | None
    fact_in_quote: bool | None
    forbidden: bool
    count: bool | None
    fully: bool
    citations: int
    citations_right: int
    milliseconds: float


def judge(case: Case, answer: Answer) -> Judgement:
    """Compare an answer with what the case expects."""
    answered = answer.status is AnswerStatus.ANSWERED
    right_at = _right_at(case, answer.citations)
    right_item = _right_item(case, answer.citations, right_at) if case.answerable else None
    facts = all(_says(fact, answer.answer) for fact in case.facts) if case.facts else None
    count = _counted(answer, case.count) if case.count is not None else None
    forbidden = any(_flat(one) in _flat(answer.answer) for one in case.forbidden)
    wanted = case.any_of + case.all_of
    return Judgement(
        case=case,
        answered=answered,
        right_at=right_at,
        right_item=right_item,
        facts=facts,
        fact_in_quote=_quoted(case, answer.citations) if case.facts else None,
        forbidden=forbidden,
        count=count,
        fully=_fully(case, answered, right_item, facts, count, forbidden),
        citations=len(answer.citations),
        citations_right=sum(any(is_part(one, ref) for ref in wanted) for one in answer.citations),
        milliseconds=answer.timings_ms.get("total", 0.0),
    )


def is_part(citation: Citation, ref: Ref) -> bool:
    """True where a citation is of an item or of a part of it: B.X.3 is a part of B.X."""
    return citation.document_id == ref[0] and (citation.ref == ref[1] or citation.ref.startswith(f"{ref[1]}."))


def _right_at(case: Case, citations: list[Citation]) -> int | None:
    """The place from 1 of the first citation of a right item; None where there is none."""
    wanted = case.any_of + case.all_of
    return next((place for place, one in enumerate(citations, 1) if any(is_part(one, ref) for ref in wanted)), None)


def _right_item(case: Case, citations: list[Citation], right_at: int | None) -> bool | None:
    if case.all_of:
        return all(any(is_part(one, ref) for one in citations) for ref in case.all_of)
    return right_at is not None and right_at <= 3 if case.any_of else None


def _fully(
    case: Case, answered: bool, right: bool | None, facts: bool | None, count: bool | None, forbidden: bool
) -> bool:
    if not case.answerable:
        return not answered
    return answered and not forbidden and all(one is not False for one in (right, facts, count))


def _says(fact: tuple[str, ...], text: str) -> bool:
    return any(_flat(spelling) in _flat(text) for spelling in fact)


def _quoted(case: Case, citations: list[Citation]) -> bool:
    quotes = " ".join(one.quote for one in citations)
    return all(_says(fact, quotes) for fact in case.facts)


def _counted(answer: Answer, count: int) -> bool:
    if answer.data is not None and answer.data.total is not None:
        return answer.data.total == count
    return re.search(rf"(?<!\d){count}(?!\d)", answer.answer) is not None


def _flat(text: str) -> str:
    return _SPACE.sub("", text).casefold()
