"""Whether what was found answers the question: being wrong is worse than being silent.

Two things are asked of an item: that it holds the kind of fact asked for, by its notation; and that it treats what the
question is about, one threshold on one trained probability. What other thresholds win and lose, training reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from service.answering.context import Context
from service.answering.evidence.asked_facts import lacks
from service.answering.evidence.choice import can_answer
from service.answering.evidence.counting import counts_closely
from service.answering.evidence.judgement import Judging
from service.answering.finding.finder import Found
from service.answering.query import Asked, Intent
from service.answering.understanding.language import ANSWERED
from vectorstore.records import Item, ItemStatus

NEAR = 0.7
_LOOKED_AT = 5
_MORE = 3  # items beside the best: no answer tells more of them
# share of a foreign question's words, alone or with the share of its score that the next item lacks; too few such
# questions are at hand to learn it: 18 cases
_SAID_PLAINLY, _SAID, _AHEAD = 0.5, 0.25, 0.15


@dataclass(frozen=True, slots=True)
class Verdict:
    """The items that may answer, best first; `missing_in` is the item that lacks the fact asked for."""

    items: tuple[Found, ...] = ()
    missing_in: Item | None = None


def accepted(context: Context) -> Verdict:
    """The best found items that surely enough answer."""
    if not context.found:
        return Verdict()
    judging = Judging(context)
    near = [one for one in context.found[:_LOOKED_AT] if one.score >= NEAR * context.found[0].score]
    able = [one for one in near if _can_answer(one.item, context)]
    able.sort(key=lambda one: not context.focus and not judging.is_asked(one))
    if context.query.measure.thing and context.query.asked is Asked.NUMBER:
        able.sort(key=lambda one: not counts_closely(one.item, context.corpus, context.query))
    best = able[0] if able else near[0]
    if not judging.accepts(best) or not _surely_found(best, context):
        return Verdict()
    if able:
        further = [one for one in context.found if one not in near] if context.query.asked is Asked.NOTHING else []
        more = (one for one in (*able[1:], *further) if judging.accepts(one))
        return Verdict((best, *islice(more, _MORE)))
    return Verdict((best,)) if presumes(best.item, context) else Verdict(missing_in=best.item)


def _surely_found(best: Found, context: Context) -> bool:
    """For a question in a language of which single words are understood: it holds a good part, and no other as much."""
    if context.query.spoken in ANSWERED or best.item in context.focus:
        return True
    second = max((one.score for one in context.found if one.item != best.item), default=0.0)
    return best.said >= _SAID_PLAINLY or (best.said >= _SAID and best.score - second >= _AHEAD * best.score)


def _can_answer(item: Item, context: Context) -> bool:
    corpus, query = context.corpus, context.query
    return can_answer(item, corpus, query) and not lacks(item, corpus, query)


def presumes(item: Item, context: Context) -> bool:
    """True where the question takes for done what is only an idea or planned: the status corrects it."""
    early = item.status in (ItemStatus.IDEA, ItemStatus.PLANNED)
    return (
        early
        and context.query.manner.past
        and context.query.asked is Asked.DATE
        and context.query.intent is Intent.FACT
    )
