"""What the contract asks of one answer: right items, overview, facts, count, status, and all of it together."""

from __future__ import annotations

from evals.cases import Ref
from evals.metrics import ranking
from evals.metrics.judging import ABOUT_SERVICE, Asked
from evals.metrics.statements import begins_with, counts, flat, says
from service.models import AnswerStatus


def asks_items(asked: Asked) -> bool:
    """True where an answer is judged by its items."""
    return bool(asked.case.wanted) and not asked.noted


def right_item(asked: Asked) -> bool | None:
    """As the contract says: one of those of which one is enough among the first three, and all that must be cited."""
    if not asks_items(asked):
        return None
    expect = asked.case.expect
    enough = not expect.citations_any or ranking.hit_at(asked.hits, 3)
    return enough and all(cites(asked, ref) for ref in expect.citations_all)


def cites(asked: Asked, ref: Ref) -> bool:
    """True where an item, or a part of it, is cited."""
    return any(asked.is_of(one, [ref]) for one in asked.answer.citations)


def overview(asked: Asked) -> bool | None:
    """As the contract says: one of the core and nothing off the topic among the first three, and enough in all."""
    wanted = asked.case.expect.overview
    if wanted is None:
        return None
    cited = asked.answer.citations
    on_topic = {(one.document_id, one.key) for one in cited if asked.is_of(one, wanted.items)}
    begins = [(one.document_id, one.key) in on_topic for one in cited[:3]]
    core = any(asked.is_of(one, wanted.core) for one in cited[:3])
    return asked.answered and core and all(begins) and len(on_topic) >= wanted.at_least


def about_service(asked: Asked) -> bool | None:
    """Whether a question to the service was taken as one; None for another question."""
    return asked.about_service if asked.case.expect.behavior == ABOUT_SERVICE else None


def verdict(asked: Asked) -> bool | None:
    """Whether the answer begins with the verdict that is expected; None where none is."""
    wanted = asked.case.expect.verdict
    return asked.answered and begins_with(wanted, asked.answer.answer) if wanted else None


def facts(asked: Asked) -> bool | None:
    """Whether all facts are said; None where none is asked for."""
    wanted = () if asked.noted else asked.case.expect.facts
    return all(says(one, asked.answer.answer) for one in wanted) if wanted else None


def counted(asked: Asked) -> bool | None:
    """Whether the count is told; None where none is asked for."""
    count = asked.case.expect.count
    return None if count is None or asked.noted else counts(count, asked.answer.answer)


def forbidden(asked: Asked) -> bool | None:
    """Whether something is said that must not be; None where nothing is forbidden."""
    unwanted, said = asked.case.expect.forbidden, flat(asked.answer.answer)
    return any(flat(one) in said for one in unwanted) if unwanted else None


def unavailable(asked: Asked) -> bool:
    """True where the service could not answer at all."""
    return asked.answer.status is AnswerStatus.UNAVAILABLE


def fully(asked: Asked) -> bool:
    """True where everything is right that the case asks for."""
    if forbidden(asked) or unavailable(asked):
        return False
    if asked.case.expect.behavior == ABOUT_SERVICE:
        return asked.about_service
    if not asked.case.answerable or asked.noted:
        return not asked.answered
    parts = (right_item(asked), overview(asked), facts(asked), counted(asked))
    return asked.answered and bool(asked.answer.citations) and all(one is not False for one in parts)
