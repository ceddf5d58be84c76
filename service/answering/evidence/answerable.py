"""Whether what was found answers the question: being wrong is worse than being silent.

An item is accepted where it holds enough of the question's rare words, or where the topic vocabulary leads to it; and
where it holds the kind of fact that is asked for. What stricter thresholds win and lose, a run's report shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.answering.context import Context
from service.answering.evidence.asked_facts import lacks
from service.answering.evidence.choice import can_answer
from service.answering.evidence.counting import counts_closely
from service.answering.evidence.nouns_borne import Bearing
from service.answering.finding.finder import Found
from service.answering.query import Asked, Intent
from service.answering.understanding.language import ANSWERED
from vectorstore.records import Item, ItemStatus

SAID = 0.3
SAID_OF_NAMED = 0.2
SAID_WITH_SUPPORT = 0.08
SUPPORT = 0.5
STRONG_SUPPORT = 0.75
TOUCHED = 0.4
TOUCHED_ABROAD = 1.0
SAID_ABROAD = 0.1
SUPPORT_ABROAD = 0.3
SAID_FOREIGN, AHEAD = 0.25, 0.15
SAID_PLAINLY = 0.5
SAID_FAR_AHEAD, FAR_AHEAD = 0.15, 0.5
BORNE_FAR_AHEAD, BORNE_PLAINLY = 0.4, 0.75
NEAR = 0.7
_LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """The items that may answer, best first; `missing_in` is the item that lacks the fact asked for."""

    items: tuple[Found, ...] = ()
    missing_in: Item | None = None


def accepted(context: Context) -> Verdict:
    """The found items that fit the topic and can answer."""
    bearing = Bearing(context)
    fitting = [
        one
        for one in context.found
        if (fits(one, context) or _borne_far_ahead(one, context, bearing)) and bearing.out(one.item, one.support)
    ]
    if not fitting or not _surely_found(fitting[0], context):
        return Verdict()
    best = fitting[0]
    near = [one for one in fitting[: 1 if _is_foreign(context) else _LOOKED_AT] if one.score >= NEAR * best.score]
    able = [one for one in near if _can_answer(one.item, context)]
    able = [one for one in able if bearing.as_much(one.item, best.item)]
    if context.query.measure.thing and context.query.asked is Asked.NUMBER:
        able.sort(key=lambda one: not counts_closely(one.item, context.corpus, context.query))
    if able:
        rest = [one for one in fitting if one not in able]
        return Verdict(tuple([*able, *(rest if context.query.asked is Asked.NOTHING else [])]))
    if presumes(best.item, context):
        return Verdict((best,))
    return Verdict(missing_in=best.item)


def _can_answer(item: Item, context: Context) -> bool:
    corpus, query = context.corpus, context.query
    return can_answer(item, corpus, query) and not lacks(item, corpus, query)


def _is_foreign(context: Context) -> bool:
    """True for a question in a language of which only single words are understood."""
    return context.query.spoken not in ANSWERED


def _surely_found(best: Found, context: Context) -> bool:
    """For a question in such a language: the best item holds a good part of its words, and no other comes close."""
    if not _is_foreign(context) or best.item in context.focus:
        return True
    second = max((one.score for one in context.found if one.item != best.item), default=0.0)
    ahead, strict = (best.score - second) / best.score, context.finder.weights.strict
    if best.said >= strict * SAID_PLAINLY:
        return True
    plainly = best.said >= strict * SAID_FOREIGN and ahead >= strict * AHEAD
    return plainly or (best.said >= strict * SAID_FAR_AHEAD and ahead >= strict * FAR_AHEAD)


def presumes(item: Item, context: Context) -> bool:
    """True where the question takes for done what is only an idea or planned: the status corrects it."""
    early = item.status in (ItemStatus.IDEA, ItemStatus.PLANNED)
    return (
        early
        and context.query.manner.past
        and context.query.asked is Asked.DATE
        and context.query.intent is Intent.FACT
    )


def fits(found: Found, context: Context) -> bool:
    """True where an item is about what the question is about.

    Everyday wording and other languages seldom share words with the papers: there, touching the activated concepts
    is enough.
    """
    if context.focus and found.item in context.focus:
        return True
    query, strict = context.query, context.finder.weights.strict
    if found.said >= strict * (SAID_OF_NAMED if query.named else SAID) or found.support >= strict * STRONG_SUPPORT:
        return True
    if found.said >= strict * SAID_WITH_SUPPORT and found.support >= strict * SUPPORT:
        return True
    if query.manner.informal and found.touched >= strict * TOUCHED:
        return True
    return query.spoken != "de" and _borne_abroad(found, strict)


def _borne_far_ahead(found: Found, context: Context, bearing: Bearing) -> bool:
    """True for the item that leaves all others behind and bears out what the nouns name, though in other words."""
    best = context.found[0]
    if found is not best or not bearing.knows_nouns or context.query.manner.informal:
        return False
    second = max((one.score for one in context.found[1:]), default=0.0)
    strict = context.finder.weights.strict
    if found.said < strict * SAID_FAR_AHEAD or bearing.share(found.item) < strict * BORNE_FAR_AHEAD:
        return False
    return bearing.share(found.item) >= strict * BORNE_PLAINLY or second <= (1 - FAR_AHEAD) * best.score


def _borne_abroad(found: Found, strict: float) -> bool:
    """For a question in another language: some translation stands there, and terms of the concepts beside it."""
    said = found.said >= strict * SAID_ABROAD or found.support >= strict * SUPPORT_ABROAD
    return found.touched >= strict * TOUCHED_ABROAD and said
