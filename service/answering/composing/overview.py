"""The composer of overviews: the items on a topic, counted by kind, the most relevant ones
quoted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from service.answering.composing import parts, passages
from service.answering.context import Context
from service.answering.draft import Draft, make_answer
from service.answering.retrieval.topic import find_on_topic
from service.answering.verification.quotes import name_proof
from service.records import MOST_ROWS, AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind

_LEAST = 3  # items on a topic that make an overview
# most items in the text, those with a passage, characters of a passage
_NAMED = 5
_QUOTED = 3
_SHORT = 260
# most documents in the text; rank of an item that is no hit
_SOURCES = 3
_LAST = 99
_HEADS = (ItemKind.THEME, ItemKind.GOAL)


def compose(context: Context) -> Draft:
    """The draft of an overview of a topic: all its items as rows, the best of them in the text.

    If the question names a place or unit, which narrow no overview, or there are fewer than 3
    items, it is the draft of the passages found. Whether these are all items on the topic is not
    known: the data say None for complete.
    """
    conditions = context.query.conditions
    if conditions.place or conditions.unit:  # an overview is narrowed by neither
        return passages.compose_found(context)
    topic = conditions.topic or context.query.text
    ids = [document.id for document in context.documents]
    matches = find_on_topic(context.retriever, topic, ids, context.query.question_language)
    items = [match.item for match in matches if _may_be_named(match.item)]
    if len(items) < _LEAST:
        return passages.compose_found(context)
    named = _choose_items(context, items)
    sentences = [parts.quote_item(context, item, _SHORT) for item in named[:_QUOTED]]
    for item in named[_QUOTED:]:
        name = parts.name_with_notes(context, item)
        sentences.append(parts.computed_sentence(name, name_proof(item, context.corpus)))
    kinds = parts.count_kinds(context, Counter(item.kind for item in items))
    sources = list({item.document_id: parts.source_of(context, item) for item in items}.values())
    more = context.say("and_others") if len(sources) > _SOURCES else ""
    opening = (
        f"{context.say('all_found', topic=topic, kinds=kinds)} "
        f"({'; '.join(sources[:_SOURCES])}{more})"
    )
    total, items = len(items), items[:MOST_ROWS]
    data = AnswerData(
        kind=DataKind.OVERVIEW,
        columns=["kind", "ref", "title", "status", "document"],
        rows=[parts.item_row(context, item) for item in items],
        total=total,
        complete=None,
    )
    cited = {
        (item.document_id, item.key): statement.proofs
        for item, statement in zip(named, sentences, strict=True)
    }
    proofs = tuple(cited.get((item.document_id, item.key), ()) for item in items)
    # with the proofs of the first quote, so that every item is cited once
    first = parts.computed_sentence(opening, *sentences[0].proofs)
    return make_answer(first, *sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)


def _may_be_named(item: Item) -> bool:
    """True for records that are no archive rows. Sections are left out: an overview is of what is
    planned or done, while they tell of a topic how things are.
    """
    return item.kind is not ItemKind.SECTION and not parts.is_archived(item)


def _choose_items(context: Context, items: Sequence[Item]) -> list[Item]:
    """The items to name in the text: hits first, by rank, then the others as they come.

    Themes and goals without text are mere headings, and named only if there is nothing else.
    """
    ranks = {(hit.item.document_id, hit.item.key): rank for rank, hit in enumerate(context.hits)}
    ranked = sorted(items, key=lambda item: ranks.get((item.document_id, item.key), _LAST))
    named = [item for item in ranked if item.body.strip() or item.kind not in _HEADS]
    return (named or ranked)[:_NAMED]
