"""What there is on a topic: goals and records on it, counted by status, the surest of them told."""

from __future__ import annotations

from service.answering import wording
from service.answering.composing import passages
from service.answering.composing.passages import row_of
from service.answering.composing.quoting import introduced, quoted, source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.finding.topics import SAID_ONLY, Match
from service.answering.verifying.proofs import name_proof
from service.models import MOST_ROWS, AnswerData, AnswerMode, DataKind, OverviewGroups
from service.models import grouped as grouped_rows
from vectorstore.records import Item, ItemKind, ItemStatus

LEAST = 3  # entries on a topic that make an overview
_NAMED, _PASSAGE = 5, 260
_HEADS = (ItemKind.THEME, ItemKind.GOAL)


def compose(context: Context) -> Draft:
    """The entries on a topic; where fewer than three are surely on it, what the papers say."""
    matches = on_topic(context)
    sure = [one for one in matches if one.kind not in SAID_ONLY]
    if len(matches) < LEAST or not sure:
        return passages.compose(context)
    told = _told_first(context, matches)
    rows = [row_of(context, one.item) for one in matches[:MOST_ROWS]]
    sentences = [_opening(context, matches, told[0]), *(_told(context, item, place) for place, item in enumerate(told))]
    data = AnswerData(
        kind=DataKind.OVERVIEW,
        columns=["kind", "ref", "title", "status", "document"],
        rows=rows,
        total=len(matches),
        complete=None,
        groups=grouped_rows(rows) if rows else OverviewGroups(),
    )
    proven = {(item.document_id, item.key) for item in told}
    proofs: tuple[tuple[Proof, ...], ...] = tuple(
        (name_proof(one.item, context.corpus),) if (one.item.document_id, one.item.key) in proven else ()
        for one in matches[:MOST_ROWS]
    )
    return answered(*sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)


def on_topic(context: Context) -> list[Match]:
    """The entries on the topic, the surest first; rows of archives and loose sections aside."""
    topic = context.query.conditions.topic or context.query.text
    ids = [one.id for one in context.documents]
    return [
        one
        for one in context.resolver.on_topic(topic, ids, context.query.spoken)
        if one.item.status is not ItemStatus.ARCHIVED and (one.item.kind is not ItemKind.SECTION or one.item.body)
    ]


def _told_first(context: Context, matches: list[Match]) -> list[Item]:
    """The entries that are told: those that the search has first among the surest, themes without a text aside."""
    place = {(one.item.document_id, one.item.key): number for number, one in enumerate(context.found)}
    best = max(one.weight for one in matches)
    sure = [one for one in matches if one.weight >= 0.6 * best and one.kind not in SAID_ONLY] or matches
    ranked = sorted(sure, key=lambda one: (place.get((one.item.document_id, one.item.key), 99), -one.weight))
    told = [one.item for one in ranked if one.item.body.strip() or one.item.kind not in _HEADS]
    return (told or [one.item for one in ranked])[:_NAMED]


def _opening(context: Context, matches: list[Match], first: Item) -> Sentence:
    """How many entries there are on the topic, by kind; the number is of those that were found."""
    counts: dict[ItemKind, int] = {}
    for one in matches:
        counts[one.item.kind] = counts.get(one.item.kind, 0) + 1
    kinds = ", ".join(f"{number} {wording.kind(kind, context.language, number)}" for kind, number in counts.items())
    topic = context.query.conditions.topic or context.query.text
    papers = list(dict.fromkeys(one.item.document_id for one in matches))
    named = "; ".join(source(context.corpus.catalogue.documents[one], context.language) for one in papers[:3])
    more = context.say(" und weitere", " and more") if len(papers) > 3 else ""
    said = context.say(f"Zu „{topic}“ wurden gefunden: {kinds}", f"Found on “{topic}”: {kinds}")
    computed = (said, kinds, topic, named, *(str(number) for number in counts.values()))
    proof = (name_proof(first, context.corpus),)
    return sentence(Fragment(f"{said} ({named}{more})", proof), ".", computed=computed)


def _told(context: Context, item: Item, place: int) -> Sentence:
    """An entry with what it says to the topic; the later ones by name."""
    told = quoted(context, item, _PASSAGE, 2) if place < LEAST else None
    if told is not None and told.proofs and told.text != introduced(context, item):
        return told
    return sentence(Fragment(introduced(context, item), (name_proof(item, context.corpus),)), ".")
