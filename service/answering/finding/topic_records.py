"""The records on a query's topic: what overviews, lists, counts, lookup, the filter `topic` and the staff page show."""

from __future__ import annotations

from dataclasses import replace

from service.answering.context import Context
from service.answering.evidence.judgement import Judging
from service.answering.finding.finder import Found
from service.answering.finding.topics import Match, MatchKind

_FOUND = 0.35  # what the finder's score of an item adds to its weight on the topic: it orders, it does not choose
_NEAR_SAID, _NEAR_SUPPORT = 0.45, 0.5  # share of the words, or support by a concept, from which an item is near
_NEAR_OF_BEST, _NEAREST = 0.6, 6


def records_on(context: Context) -> list[Match]:
    """The items on the query's topic, the surest first; archive rows too, front pages not."""
    query, judging = context.query, Judging(context)
    matches = context.topics.resolve(query.topic, query.documents, query.any_of)
    best = context.found[0].score if context.found else 1.0
    found = {(one.item.document_id, one.item.key): one.score / best for one in context.found if judging.accepts(one)}
    lifted = [
        replace(one, weight=one.weight + _FOUND * found[key])
        if (key := (one.item.document_id, one.item.key)) in found
        else one
        for one in matches
    ]
    return sorted(lifted, key=lambda one: -one.weight)


def records_near(context: Context) -> list[Match]:
    """The few items that stand near a topic which no record names, best first; may be none."""
    query = context.query
    said = " ".join(word.text for word in query.topic)
    ranked = context.finder.rank(query.topic, query.documents, said, query.spoken)
    if not ranked or not _is_near(context, ranked[0]):
        return []
    kept = [one for one in ranked[:_NEAREST] if one.score >= _NEAR_OF_BEST * ranked[0].score]
    return [Match(one.item, MatchKind.NEAR, (), one.score / ranked[0].score) for one in kept]


def _is_near(context: Context, found: Found) -> bool:
    """True where an item may be offered as near a topic that no record says: stricter than for a passage."""
    if context.query.spoken != "de":
        return Judging(context).accepts(found)
    return found.said >= _NEAR_SAID or found.support >= _NEAR_SUPPORT
