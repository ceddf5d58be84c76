"""Lists and counts of records: computed, complete, with the date that they count for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from service import wording
from service.answering.composing.passages import (
    COLUMNS,
    are_plain,
    card_of,
    enumerate_entries,
    is_archived,
    may_be_shown,
    reserved,
    row_of,
    show_hits,
)
from service.answering.composing.passages import compose as compose_passages
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.query import Conditions, Intent, Sort, UnknownValue
from service.answering.retrieval.terms import cover, words_in
from service.answering.tools.records import Conditioned, Selection, count_groups, ordered, stated_by
from service.answering.verification.quotes import name_proof, row_proof
from service.completeness import format_count
from service.models import MOST_ROWS, AnswerData, AnswerMode, AnswerStatus, DataKind
from service.record_filters import largest_amount
from vectorstore.records import Item, ItemKind, ItemStatus

_UNREAD = "condition_not_understood"  # the code of the notice
_CONTAINED = 0.7  # share of a word that an item has to contain to say it
_RANKED = 0.5  # share of the records that has to state what they are ranked by
_NAMED, _SOURCES = 12, 3  # records and documents that the answer names; the rows have all
_LONGEST_TITLE = 120


def compose(context: Context) -> Draft:
    """A list or a count; by what the question says beyond its conditions nothing was chosen, which is told."""
    query, asked = context.query, context.query.conditions
    if not query.not_understood:
        return _compose(context)
    words = (
        wording.quoted(query.not_understood)
        if are_plain(context, query.not_understood)
        else context.say("part_of_question")
    )
    text = context.say("not_chosen_by" if asked.narrow else "not_chosen_all", words=words)
    with_words = [] if asked.narrow else _items_with(context, query.not_understood)
    if with_words:
        return show_hits(context, with_words).noting(_UNREAD, context.say("not_chosen_words", words=words))
    draft = _compose(context)
    if draft.data is None or (draft.data.kind is DataKind.FOUND and not draft.notices):
        return draft
    return _broader(context, draft, text, draft.status if asked.narrow else AnswerStatus.FOUND)


def _items_with(context: Context, texts: Sequence[str]) -> list[Item]:
    """The fitting items of the kinds asked for that contain all words of which no condition is known."""
    corpus, words = context.corpus, words_in(" ".join(texts), context.corpus)
    items = [item for item, _ in context.ranked_items if item.kind in context.query.conditions.kinds]
    terms = ((item, corpus.terms[corpus.row(item)]) for item in items)
    return [item for item, own in terms if all(cover(word, own, corpus) >= _CONTAINED for word in words)]


def _compose(context: Context) -> Draft:
    """A list or a count of what meets the conditions; where a topic has no record, what was found."""
    query, asked = context.query, context.query.conditions
    try:
        chosen = _select(context, asked)
    except UnknownValue:
        return compose_passages(context)
    if not chosen.items and asked.topic and asked.unit:
        return _without_topic(context)
    # of records that are chosen by values which the documents have, none is an answer
    if not chosen.items and (asked.topic or not asked.by_value):
        return compose_passages(context)
    if not _are_known(context, asked):
        return show_hits(context, [item for item, _ in context.ranked_items if may_be_shown(item)])
    stated = sum(stated_by(item, query.sort) is not None for item in chosen.items)
    ranked = query.sort is not Sort.PAPER and stated >= _RANKED * len(chosen.items)
    items = ordered(chosen.items, query.sort if ranked else Sort.PAPER)
    data = AnswerData(
        kind=DataKind.COUNT if query.intent is Intent.COUNT else DataKind.LIST,
        columns=["ref", "title", "status"],
        rows=[row_of(context, item) for item in items[:MOST_ROWS]],
        total=chosen.known.total(len(items)),
        complete=chosen.complete,
        truncated=len(items) > MOST_ROWS,
    )
    proofs = tuple((_proof(context, item),) for item in items[:MOST_ROWS])
    order = context.say(f"ranked_{query.sort.value}", stated=stated, number=len(items)) if ranked else ""
    sentences = (_count(context, items, chosen, order), *_gaps(context, chosen))
    draft = answered(*sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)
    draft = replace(draft, notices=tuple((notice.code, notice.text) for notice in chosen.notices))
    if ranked or query.sort is Sort.PAPER or len(items) < 2:
        return draft
    unranked = context.say(f"unranked_{query.sort.value}", stated=stated, number=len(items))
    return _broader(context, draft, unranked, draft.status if asked.by_value else AnswerStatus.FOUND)


def _broader(context: Context, draft: Draft, reported: str, status: AnswerStatus) -> Draft:
    """A list behind a sentence that says by what of the question it was not chosen or ordered."""
    data, opening, mode = draft.data, reported, draft.mode
    if status is AnswerStatus.FOUND and data is not None and data.kind is not DataKind.FOUND:
        items = (context.corpus.catalogue.item(row["document_id"], row["key"]) for row in data.rows)
        supported = zip(filter(None, items), draft.row_proofs, strict=True)
        rows = [card_of(context, item, proofs[0], "") for item, proofs in supported]
        data = data.model_copy(update={"kind": DataKind.FOUND, "columns": COLUMNS, "rows": rows})
        opening, mode = f"{context.say('only_broader')} {reported}", AnswerMode.EXTRACTIVE
    draft = replace(draft, status=status, mode=mode, data=data, sentences=(reserved(opening), *draft.sentences))
    return draft.noting(_UNREAD, reported)


def _without_topic(context: Context) -> Draft:
    """The list without its topic, which none of its records meets."""
    asked = context.query.conditions
    draft = compose(replace(context, query=replace(context.query, conditions=replace(asked, topic=""))))
    none = reserved(context.say("none_among", topic=asked.topic))
    return replace(draft, sentences=(none, *draft.sentences)) if draft.mode is AnswerMode.COMPUTED else draft


def _select(context: Context, asked: Conditions) -> Selection:
    return Conditioned(context.retriever, asked).selected(context.language)


def _are_known(context: Context, asked: Conditions) -> bool:
    """True if the documents have records of the kinds at all, and a status of any: of others no number is told."""
    records = _select(context, Conditions(kinds=asked.kinds, documents=asked.documents)).items
    if ItemStatus.ARCHIVED in asked.statuses and any(map(is_archived, context.corpus.catalogue.items)):
        return True
    return any(item.status for item in records) if asked.statuses else bool(records)


def _gaps(context: Context, chosen: Selection) -> Iterator[Sentence]:
    """What is missing of the families that were looked through."""
    for text, document in chosen.known.sentences(context.language):
        title_page, bare = context.corpus.front_matter(document.id), text.rstrip(".")
        proofs = (name_proof(title_page, context.corpus),) if title_page else ()
        yield Sentence((Fragment(bare, proofs), Fragment(".")), (bare,), reservation=True)


def _count(context: Context, items: Sequence[Item], chosen: Selection, order: str) -> Sentence:
    """How many there are, under which conditions and in which order, then the records, or how many each value has."""
    query, catalogue, language = context.query, context.corpus.catalogue, context.language
    kinds = {item.kind for item in items} or set(query.conditions.kinds)
    nouns = context.say("entry"), context.say("entries")
    if len(kinds) == 1:
        nouns = wording.kind(kind := kinds.pop(), language), wording.kind(kind, language, 2)
    probabilities = chosen.known.complete if query.conditions.topic else chosen.complete
    opening, head = format_count(len(items), nouns, probabilities, language), _head(context)
    documents = list(dict.fromkeys(item.document_id for item in items)) or [
        document.id for document in context.documents
    ]
    sources = "; ".join(wording.source(catalogue.documents[document], language) for document in documents[:_SOURCES])
    statement = opening + "".join(_conditions(context, head)) + order
    words = (str(len(items)), opening, statement)
    if len(documents) <= _SOURCES and sources:
        statement = f"{statement} ({sources})"
    if not items:
        title_page = head or (context.corpus.front_matter(documents[0]) if documents else None)
        return sentence(
            Fragment(statement, (name_proof(title_page, context.corpus),) if title_page else ()), ".", computed=words
        )
    groups = sorted(
        (group for group in count_groups(items, query.group, catalogue) if group.id), key=lambda group: -group.count
    )
    if len(groups) > 1:
        numbers = ", ".join(f"{group.title} {group.count}" for group in groups[:_NAMED])
        proofs = tuple(_proof(context, item) for item in items[:3])
        counts = (str(group.count) for group in groups)
        return sentence(Fragment(f"{statement}: {numbers}", proofs), ".", computed=(*words, numbers, *counts))
    amounts = (stated[1].text for item in items[:_NAMED] if (stated := largest_amount(item)))
    entries = [(_label(context, item), (_proof(context, item),)) for item in items]
    return enumerate_entries(context, f"{statement}: ", entries, _NAMED, *words, *amounts)


def _label(context: Context, item: Item) -> str:
    """A record as a list names it: its number, its title and, where it was ranked by that, its amount."""
    title = item.title if len(item.title) <= _LONGEST_TITLE else f"{item.title[:_LONGEST_TITLE].rsplit(' ', 1)[0]} …"
    number = "" if item.ref in (item.title, "Archiv") or item.kind is ItemKind.SECTION else f"{item.ref} "
    amount = largest_amount(item) if context.query.sort is Sort.AMOUNT else None
    statuses = context.query.conditions.statuses
    status = f" ({wording.item_status(item, context.language)})" if item.status and len(statuses) != 1 else ""
    return f"{number}{title}{status}" + (f" ({amount[1].text})" if amount else "")


def _proof(context: Context, item: Item) -> Proof:
    return (row_proof(item) if is_archived(item) else None) or name_proof(item, context.corpus)


def _conditions(context: Context, head: Item | None) -> Iterator[str]:
    """The conditions in words: what was counted, a theme or goal by number and title where that is a name."""
    asked = context.query.conditions
    if asked.statuses:
        words = f" {context.say('or')} ".join(wording.status(status, context.language) for status in asked.statuses)
        yield context.say("with_status", statuses=words)
    if number := asked.theme or asked.goal:
        titled = head and head.title != number and len(head.title) <= _LONGEST_TITLE
        yield context.say("under", head=f"{number} {head.title}" if head and titled else number)
    for name, key in (("topic", "on_topic"), ("unit", "of_unit"), ("place", "with_place")):
        if value := getattr(asked, name):
            yield context.say(key, **{name: value})
    for bound in ("cost_from", "cost_until"):
        if value := getattr(asked, bound):
            yield context.say(bound, euros=wording.euros(value, context.language))
    if asked.priority:
        yield context.say("with_priority", priority=context.say(f"priority_{asked.priority}"))
    if asked.since or asked.until:
        same = "dated" if asked.since == asked.until else "dated_between"
        form = same if asked.since and asked.until else "dated_from" if asked.since else "dated_until"
        yield context.say(form, since=asked.since, until=asked.until)


def _head(context: Context) -> Item | None:
    """The theme or goal of the conditions; None where there is none."""
    asked, ids = context.query.conditions, {document.id for document in context.documents}
    kind, number = (ItemKind.THEME, asked.theme) if asked.theme else (ItemKind.GOAL, asked.goal)
    heads = (item for item in context.corpus.catalogue.items if number and (item.kind, item.ref) == (kind, number))
    return next((item for item in heads if item.document_id in ids), None)
