"""What there is on a topic: goals and records on it, counted by kind, the surest of them told."""

from __future__ import annotations

from collections import Counter

from service.answering import wording
from service.answering.composing import passages
from service.answering.composing.telling import computed, introduced, is_archived, quoted, row_of
from service.answering.context import Context
from service.answering.draft import Draft, answered
from service.answering.finding.topics import SAID_ONLY, Match
from service.answering.verifying.proofs import name_proof
from service.models import MOST_ROWS, AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind

_LEAST = 3  # entries on a topic that make an overview
_NAMED, _QUOTED, _PASSAGE = 5, 3, 260  # entries that are named, those with a passage, its characters
_SURE = 0.6  # share of the best weight on the topic from which an entry is told
_PAPERS, _LAST = 3, 99
_HEADS = (ItemKind.THEME, ItemKind.GOAL)


def compose(context: Context) -> Draft:
    """The entries on a topic, with how many of each kind; where fewer than three are surely on it, passages."""
    topic = context.query.conditions.topic or context.query.text
    matches = [
        one
        for one in context.resolver.on_topic(topic, [one.id for one in context.documents], context.query.spoken)
        if not is_archived(one.item) and (one.item.kind is not ItemKind.SECTION or one.item.body)
    ]
    if len(matches) < _LEAST or all(one.kind in SAID_ONLY for one in matches):
        return passages.compose(context)
    told = _told_first(context, matches)
    sentences = [quoted(context, item, _PASSAGE, 2) for item in told[:_QUOTED]]
    sentences += [computed(introduced(context, item), name_proof(item, context.corpus)) for item in told[_QUOTED:]]
    counts = Counter(one.item.kind for one in matches)
    kinds = ", ".join(f"{number} {wording.kind(kind, context.language, number)}" for kind, number in counts.items())
    papers = dict.fromkeys(one.item.document_id for one in matches)
    sources = [wording.source(context.corpus.catalogue.documents[one], context.language) for one in papers]
    more = context.say("and_others") if len(papers) > _PAPERS else ""
    opening = f"{context.say('all_found', topic=topic, kinds=kinds)} ({'; '.join(sources[:_PAPERS])}{more})"
    items = [one.item for one in matches[:MOST_ROWS]]
    data = AnswerData(
        kind=DataKind.OVERVIEW,
        columns=["kind", "ref", "title", "status", "document"],
        rows=[row_of(context, item) for item in items],
        total=len(matches),
        complete=None,
    )
    cited = {(item.document_id, item.key): said.proofs for item, said in zip(told, sentences, strict=True)}
    proofs = tuple(cited.get((item.document_id, item.key), ()) for item in items)
    first = computed(opening, *sentences[0].proofs)  # so that every entry is cited once
    return answered(first, *sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)


def _told_first(context: Context, matches: list[Match]) -> list[Item]:
    """The entries that are told: those that the search has first among the surest, themes without a text aside."""
    place = {(one.item.document_id, one.item.key): number for number, one in enumerate(context.found)}
    best = max(one.weight for one in matches)
    sure = [one for one in matches if one.weight >= _SURE * best and one.kind not in SAID_ONLY] or matches
    ranked = sorted(sure, key=lambda one: (place.get((one.item.document_id, one.item.key), _LAST), -one.weight))
    told = [one.item for one in ranked if one.item.body.strip() or one.item.kind not in _HEADS]
    return (told or [one.item for one in ranked])[:_NAMED]
