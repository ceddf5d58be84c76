"""The composer of lists and counts of records: computed from conditions, with their completeness
and sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from service import wording
from service.answering.composing import passages
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, make_answer, make_sentence
from service.answering.query import Conditions, Intent, Sort, UnknownValue
from service.answering.retrieval.terms import cover_word, words_in
from service.answering.tools.records import (
    RecordFilter,
    Selection,
    count_groups,
    sort_items,
    sort_value,
)
from service.answering.verification.quotes import name_proof, row_proof
from service.completeness import format_count
from service.models import MOST_ROWS, AnswerData, AnswerMode, AnswerStatus, DataKind
from service.record_filters import largest_amount
from vectorstore.records import Item, ItemKind, ItemStatus

_NOTICE = "condition_not_understood"
_CONTAINED = 0.7  # least coverage of a word by an item's terms for the item to contain it
_SORTABLE = 0.5  # least share of records that state the value to sort by
_NAMED, _SOURCES = 12, 3  # most records and documents in the sentence; the data rows have all
_LONGEST_TITLE = 120


def compose(context: Context) -> Draft:
    """A list or a count; if words of the question became no condition, a sentence and a notice say
    so.

    If it has no other condition, hits with these words are shown instead; without such hits the
    list is only `found`.
    """
    query, conditions = context.query, context.query.conditions
    if not query.unmatched_words:
        return _compose_list(context)
    may_quote = passages.may_repeat_words(context, query.unmatched_words)
    words = (
        wording.quote_words(query.unmatched_words) if may_quote else context.say("part_of_question")
    )
    text = context.say(
        "not_chosen_by" if conditions.has_conditions else "not_chosen_all", words=words
    )
    items = [] if conditions.has_conditions else _items_with(context, query.unmatched_words)
    if items:
        return passages.show_hits(context, items).with_notice(
            _NOTICE, context.say("not_chosen_words", words=words)
        )
    draft = _compose_list(context)
    if draft.data is None or (draft.data.kind is DataKind.FOUND and not draft.notices):
        return draft
    return _qualify(
        context, draft, text, draft.status if conditions.has_conditions else AnswerStatus.FOUND
    )


def _items_with(context: Context, texts: Sequence[str]) -> list[Item]:
    """The hits of the requested kinds that contain all words of these texts, which became no
    condition.
    """
    corpus, words = context.corpus, words_in(" ".join(texts), context.corpus)

    def contains_all(item: Item) -> bool:
        terms = corpus.terms[corpus.row(item)]
        return all(cover_word(word, terms, corpus) >= _CONTAINED for word in words)

    items = (
        item for item, _ in context.ranked_items if item.kind in context.query.conditions.kinds
    )
    return list(filter(contains_all, items))


def _compose_list(context: Context) -> Draft:
    """A list or a count of the records that meet the conditions.

    Instead: passages for an unknown value, and without a record by topic or kind (with a unit: the
    list without topic); hits where nothing can be counted. A list is sorted only if enough records
    state the value.
    """
    query, conditions = context.query, context.query.conditions
    try:
        selection = RecordFilter(context.retriever, conditions).select(context.language)
    except UnknownValue:
        return passages.compose(context)
    if not selection.items and conditions.topic and conditions.unit:
        return _without_topic(context)
    # zero is an answer if all conditions are values that documents have
    if not selection.items and (conditions.topic or not conditions.has_field_conditions):
        return passages.compose(context)
    if not _can_be_counted(context, conditions):
        return passages.show_hits(
            context, [item for item, _ in context.ranked_items if passages.may_be_shown(item)]
        )
    stating_count = sum(sort_value(item, query.sort) is not None for item in selection.items)
    is_sorted = query.sort is not Sort.PAPER and stating_count >= _SORTABLE * len(selection.items)
    items = sort_items(selection.items, query.sort if is_sorted else Sort.PAPER)
    data = AnswerData(
        kind=DataKind.COUNT if query.intent is Intent.COUNT else DataKind.LIST,
        columns=["ref", "title", "status"],
        rows=[passages.item_row(context, item) for item in items[:MOST_ROWS]],
        total=selection.completeness.total(len(items)),
        complete=selection.complete,
        truncated=len(items) > MOST_ROWS,
    )
    proofs = tuple((_proof(context, item),) for item in items[:MOST_ROWS])
    order = (
        context.say(f"ranked_{query.sort.value}", stated=stating_count, number=len(items))
        if is_sorted
        else ""
    )
    sentences = (_count(context, items, selection, order), *_gaps(context, selection))
    draft = make_answer(*sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)
    draft = replace(
        draft, notices=tuple((notice.code, notice.text) for notice in selection.notices)
    )
    if is_sorted or query.sort is Sort.PAPER or len(items) < 2:
        return draft
    unranked = context.say(f"unranked_{query.sort.value}", stated=stating_count, number=len(items))
    return _qualify(
        context,
        draft,
        unranked,
        draft.status if conditions.has_field_conditions else AnswerStatus.FOUND,
    )


def _qualify(context: Context, draft: Draft, limitation: str, status: AnswerStatus) -> Draft:
    """A list after the sentence `limitation` on what did not select or sort it; with status `found`
    rows are cards.
    """
    data, opening, mode = draft.data, limitation, draft.mode
    if status is AnswerStatus.FOUND and data is not None and data.kind is not DataKind.FOUND:
        items = (context.corpus.catalogue.item(row["document_id"], row["key"]) for row in data.rows)
        with_proofs = zip(filter(None, items), draft.row_proofs, strict=True)
        rows = [passages.card_of(context, item, proofs[0], "") for item, proofs in with_proofs]
        data = data.model_copy(
            update={"kind": DataKind.FOUND, "columns": passages.COLUMNS, "rows": rows}
        )
        opening, mode = f"{context.say('only_broader')} {limitation}", AnswerMode.EXTRACTIVE
    sentences = (passages.reservation(opening), *draft.sentences)
    return replace(draft, status=status, mode=mode, data=data, sentences=sentences).with_notice(
        _NOTICE, limitation
    )


def _without_topic(context: Context) -> Draft:
    """The list by the other conditions, after a sentence that no record is on the topic; any other
    draft as it is.
    """
    conditions = context.query.conditions
    draft = compose(
        replace(context, query=replace(context.query, conditions=replace(conditions, topic="")))
    )
    no_record = passages.reservation(context.say("none_among", topic=conditions.topic))
    return (
        replace(draft, sentences=(no_record, *draft.sentences))
        if draft.mode is AnswerMode.COMPUTED
        else draft
    )


def _can_be_counted(context: Context, conditions: Conditions) -> bool:
    """True if documents have records of the kinds (for a status: any with one), or archive rows
    where asked for.
    """
    if ItemStatus.ARCHIVED in conditions.statuses and any(
        map(passages.is_archived, context.corpus.catalogue.items)
    ):
        return True
    without_status = Conditions(kinds=conditions.kinds, documents=conditions.documents)
    records = RecordFilter(context.retriever, without_status).select(context.language).items
    return any(item.status for item in records) if conditions.statuses else bool(records)


def _gaps(context: Context, selection: Selection) -> Iterator[Sentence]:
    """Sentences on what is missing of the families that were searched."""
    for text, document in selection.completeness.sentences(context.language):
        title_page, statement = context.corpus.title_page(document.id), text.rstrip(".")
        proofs = (name_proof(title_page, context.corpus),) if title_page else ()
        yield Sentence(
            (Fragment(statement, proofs), Fragment(".")), (statement,), is_reservation=True
        )


def _count(context: Context, items: Sequence[Item], selection: Selection, order: str) -> Sentence:
    """The sentence with number, conditions and order (`order`: in words), then counts by group,
    else the records.
    """
    query, catalogue, language = context.query, context.corpus.catalogue, context.language
    kinds = {item.kind for item in items} or set(query.conditions.kinds)
    nouns = context.say("entry"), context.say("entries")
    if len(kinds) == 1:
        nouns = (
            wording.kind_noun(kind := kinds.pop(), language),
            wording.kind_noun(kind, language, 2),
        )
    complete = selection.completeness.complete if query.conditions.topic else selection.complete
    opening, head = format_count(len(items), nouns, complete, language), _find_head(context)
    with_records = list(dict.fromkeys(item.document_id for item in items))
    documents = with_records or [document.id for document in context.documents]
    statement = opening + "".join(_conditions(context, head)) + order
    words = (str(len(items)), opening, statement)
    if 0 < len(documents) <= _SOURCES:
        sources = (
            wording.format_source(catalogue.documents[document], language) for document in documents
        )
        statement = f"{statement} ({'; '.join(sources)})"
    if not items:
        title_page = head or (context.corpus.title_page(documents[0]) if documents else None)
        fragment = Fragment(
            statement, (name_proof(title_page, context.corpus),) if title_page else ()
        )
        return make_sentence(fragment, ".", computed=words)
    with_value = (group for group in count_groups(items, query.group, catalogue) if group.id)
    groups = sorted(with_value, key=lambda group: -group.count)
    if len(groups) > 1:
        numbers = ", ".join(f"{group.title} {group.count}" for group in groups[:_NAMED])
        proofs = tuple(_proof(context, item) for item in items[:3])
        counts = (str(group.count) for group in groups)
        return make_sentence(
            Fragment(f"{statement}: {numbers}", proofs), ".", computed=(*words, numbers, *counts)
        )
    amounts = (amount[1].printed for item in items[:_NAMED] if (amount := largest_amount(item)))
    entries = [(_label(context, item), (_proof(context, item),)) for item in items]
    return passages.list_names(context, f"{statement}: ", entries, _NAMED, *words, *amounts)


def _label(context: Context, item: Item) -> str:
    """A record in a list: number, title, status unless all have the same, and its amount if sorted
    by that.
    """
    number = (
        ""
        if item.ref in (item.title, "Archiv") or item.kind is ItemKind.SECTION
        else f"{item.ref} "
    )
    amount = largest_amount(item) if context.query.sort is Sort.AMOUNT else None
    statuses = context.query.conditions.statuses
    status = (
        f" ({wording.item_status(item, context.language)})"
        if item.status and len(statuses) != 1
        else ""
    )
    title = passages.shorten(item.title, _LONGEST_TITLE)
    return f"{number}{title}{status}" + (f" ({amount[1].printed})" if amount else "")


def _proof(context: Context, item: Item) -> Proof:
    """The passage that names a record; of an archive row the row itself."""
    return (row_proof(item) if passages.is_archived(item) else None) or name_proof(
        item, context.corpus
    )


def _conditions(context: Context, head: Item | None) -> Iterator[str]:
    """Yield the wordings of the conditions; `head` is the theme or goal: number, and title unless
    that is too long.
    """
    conditions = context.query.conditions
    if conditions.statuses:
        words = (wording.status_word(status, context.language) for status in conditions.statuses)
        yield context.say("with_status", statuses=f" {context.say('or')} ".join(words))
    if number := conditions.theme or conditions.goal:
        has_name = head and head.title != number and len(head.title) <= _LONGEST_TITLE
        yield context.say("under", head=f"{number} {head.title}" if head and has_name else number)
    for name, key in (("topic", "on_topic"), ("unit", "of_unit"), ("place", "with_place")):
        if value := getattr(conditions, name):
            yield context.say(key, **{name: value})
    for bound in ("cost_from", "cost_until"):
        if value := getattr(conditions, bound):
            yield context.say(bound, euros=wording.euros(value, context.language))
    if conditions.priority:
        yield context.say("with_priority", priority=context.say(f"priority_{conditions.priority}"))
    if conditions.since or conditions.until:
        since, until = conditions.since, conditions.until
        bounded = "dated" if since == until else "dated_between"
        key = bounded if since and until else "dated_from" if since else "dated_until"
        yield context.say(key, since=since, until=until)


def _find_head(context: Context) -> Item | None:
    """The theme or goal of the conditions in the searched documents; None if there is none."""
    conditions, ids = context.query.conditions, {document.id for document in context.documents}
    kind, number = (
        (ItemKind.THEME, conditions.theme) if conditions.theme else (ItemKind.GOAL, conditions.goal)
    )
    heads = (
        item
        for item in context.corpus.catalogue.items
        if number and (item.kind, item.ref) == (kind, number)
    )
    return next((item for item in heads if item.document_id in ids), None)
