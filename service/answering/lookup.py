"""Which goal covers a topic: items with reasons; and apart from them what only stands near it."""

from __future__ import annotations

from service.answering.answerability import fits
from service.answering.composing.extract import passages_of
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.finding import Found
from service.answering.grounds import Ground, Grounds, tells
from service.answering.nearness import near
from service.models import LookupItem, LookupResult
from service.records import record_of
from vectorstore.records import ItemKind

MOST = 12
_RATIO = 0.35
_NEAREST = 5


def looked_up(question: str, context: Context, corpus: Corpus, most: int = MOST) -> LookupResult:
    """At most `most` goals, projects and other items that match the topic, best first, each with why it matches.

    `items` cover it; `nearest` stand near it: under a heading that names it, or holding a part of the word.
    """
    fitting = [one for one in context.found if fits(one, context) and one.item.kind is not ItemKind.THEME]
    kept = [one for one in fitting if one.score >= _RATIO * fitting[0].score][:most]
    grounds = Grounds(context, corpus)
    items: list[LookupItem] = []
    around: list[LookupItem] = []
    for one in kept or near(context)[:_NEAREST]:
        reasons = grounds.of(one.item)
        covers = bool(kept) and grounds.cover(reasons)
        if covers or tells(reasons):
            (items if covers else around).append(_item(one, reasons, context, corpus))
    return LookupResult(
        query=question, covered=bool(items), items=items, nearest=around, corpus_edition=corpus.edition.name
    )


def _item(found: Found, grounds: list[Ground], context: Context, corpus: Corpus) -> LookupItem:
    record = record_of(found.item, corpus.document(found.item))
    passages = passages_of(context, found.item, 300)
    return LookupItem(
        **dict(record),
        score=round(found.score, 4),
        why=[ground.text for ground in grounds],
        passage=passages[0] if passages else found.item.heading,
    )
