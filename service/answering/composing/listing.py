"""The composer of lists and counts of records: computed from conditions, with their completeness
and sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from service import wording
from service.answering.composing import document, parts, passages
from service.answering.composing.conditions import LONGEST_TITLE, describe_conditions, find_head
from service.answering.context import Context
from service.answering.draft import Draft, Proof, Sentence, make_answer
from service.answering.query import Conditions, Group, Intent, Query, Sort, UnknownValue
from service.answering.reading.classifier import function_words
from service.answering.setbacks import find_setback
from service.answering.tools.records import (
    RecordFilter,
    Selection,
    count_groups,
    sort_items,
    sort_value,
)
from service.answering.verification.quotes import name_proof, row_proof
from service.records import (
    MOST_ROWS,
    AnswerData,
    AnswerMode,
    AnswerStatus,
    DataKind,
    can_lie_within,
    format_count,
    largest_amount,
)
from vectorstore.language import fold
from vectorstore.records import Item, ItemKind, ItemStatus

_NOTICE = "condition_not_understood"
_STATED = 0.5  # least share of records that state the value to sort by
# most records and documents in the sentence; the data rows have all
_NAMED = 12
_SOURCES = 3
_BEFORE = 2  # passages on a topic before the records of a unit that has nothing on it
# conditions on a field, where named differently
_CONDITIONS = {
    "date": ("since", "until"),
    "cost": ("cost_from", "cost_until"),
    "status": ("statuses",),
}
_LEAST_MENTIONS = 3  # records that only mention a topic from which they make a list on it


def compose(context: Context) -> Draft:
    """A list or a count: `answered` if the records are complete and all conditions could be
    applied, else `found`, after sentences on what was not.

    If the question asks for a total, the one that a paper prints is told instead; where few records
    state sums, also that none is printed. Passages are told instead if a condition has a value that
    no document has, if no record is on the topic (for a unit see `_without_topic`), or if there are
    no records that could be counted. Zero is an answer only without a topic, to conditions on
    values that documents have, and on fields that some record states (`_without_unstated`).
    """
    query, conditions = context.query, context.query.conditions
    try:
        records = RecordFilter(context.retriever, conditions, query.question_language)
        selection = records.select(context.language)
    except UnknownValue:
        return passages.compose_found(context)
    if query.facts:  # what all costs together, of which a paper may print the total
        total = document.compose(context)
        states_amounts = selection.items and _sort(context, selection)[1]
        if total.status is AnswerStatus.FOUND or not states_amounts:
            return total
    if not selection.items and conditions.topic and conditions.unit:
        return _without_topic(context)
    if not selection.items and (conditions.topic or not conditions.has_field_conditions):
        return passages.compose_found(context)
    if not selection.items and not _has_records(context, conditions):
        return passages.compose_found(context)
    unstated = [share.field for share in selection.stated if not share.stated]
    if unstated and not selection.items:
        return _without_unstated(context, unstated)
    return _render(context, selection)


def qualify(context: Context, draft: Draft) -> Draft:
    """A draft that claims no more than was understood.

    If nothing took some words of the question, as a condition or otherwise, the answer begins with
    these words and is only `found`, not answered. If passages have such a word, they stand before
    the list. An overview or a list without rows would answer another question, so that passages
    are shown instead. They mostly replace a long list of everything, too.
    """
    left_over = context.query.left_over
    if not left_over:
        return draft
    data = draft.data
    if data is None or data.kind not in (DataKind.LIST, DataKind.COUNT, DataKind.OVERVIEW):
        return _begin_with_left_over(context, draft, [])
    if data.kind is DataKind.OVERVIEW or not data.rows:
        instead = passages.compose(context)
        if instead.status is AnswerStatus.ANSWERED:
            return _begin_with_left_over(context, instead, [])
        return instead
    having = passages.find_with_words(context, left_over)
    is_of_everything = len(data.rows) > _NAMED and _lists_everything(context.query)
    if having and is_of_everything:
        text = context.say("with_these_words", words=_words_left_over(context))
        return passages.show(context, having, text).with_notice(_NOTICE, text)
    has_meaning = bool(_words_to_tell(context, left_over))
    if data.kind is DataKind.LIST and is_of_everything and has_meaning:
        return _begin_with_left_over(context, passages.compose(context), [])
    return _begin_with_left_over(context, draft, passages.quote_passages(context, having))


def _begin_with_left_over(context: Context, draft: Draft, quoted: Sequence[Sentence]) -> Draft:
    """A draft behind a sentence on the words that nothing took, and behind quoted passages."""
    text = context.say("not_chosen_by", words=_words_left_over(context))
    return limit(draft, parts.reservation(text), *quoted).with_notice(_NOTICE, text)


def _words_left_over(context: Context) -> str:
    """The words that nothing took, quoted, to begin a sentence; "Ein Teil der Frage" if there are
    none that mean something, or if they must not be repeated (`may_repeat_words`).
    """
    told = _words_to_tell(context, context.query.left_over)
    if told and passages.may_repeat_words(context, told):
        return wording.capitalize_first(wording.quote_words(told))
    return wording.capitalize_first(context.say("part_of_question"))


def _lists_everything(query: Query) -> bool:
    """True for a list or count of all records: no condition, group or order was understood."""
    has_conditions = query.conditions.topic or query.conditions.has_field_conditions
    is_arranged = query.group is not Group.NOTHING or query.sort is not Sort.PAPER
    return not (has_conditions or is_arranged)


def _words_to_tell(context: Context, left_over: Sequence[str]) -> list[str]:
    """The left-over words that mean something to people: not "noch" or "bis"."""
    known = function_words(context.query.question_language)
    return [word for word in left_over if fold(word) not in known]


def limit(draft: Draft, *before: Sentence) -> Draft:
    """A draft after sentences that limit it, so that it does not claim to answer."""
    return _as_found(replace(draft, sentences=(*before, *draft.sentences)))


def _as_found(draft: Draft) -> Draft:
    """A draft that was answered, as one of what was found; any other stays as it is.

    Its rows stay, but they are no longer said to be computed nor, if they have a total, to be
    complete.
    """
    if draft.status is not AnswerStatus.ANSWERED:
        return draft
    data = draft.data
    if data is not None and data.total is not None:
        data = data.model_copy(update={"complete": False})
    return replace(draft, status=AnswerStatus.FOUND, mode=AnswerMode.EXTRACTIVE, data=data)


def _render(context: Context, selection: Selection) -> Draft:
    """The list or count of the selected records, after what limits it; `found` if anything does.

    A count that something limits also quotes the best passages, since the paper may tell its number
    itself. Records without a date and the archive, which are left out, are named at the end.
    """
    query = context.query
    items, order = _sort(context, selection)
    data = AnswerData(
        kind=DataKind.COUNT if query.intent is Intent.COUNT else DataKind.LIST,
        columns=["ref", "title", "status"],
        rows=[parts.item_row(context, item) for item in items[:MOST_ROWS]],
        total=selection.completeness.total(len(items)),
        complete=selection.complete,
        truncated=len(items) > MOST_ROWS,
    )
    proofs = tuple((_proof(context, item),) for item in items[:MOST_ROWS])
    limits = list(map(parts.reservation, _limits(context, selection, is_sorted=bool(order))))
    said = passages.quote_best(context) if limits and query.intent is Intent.COUNT else []
    whole = [_count_whole(context)] if query.asks_whole else []
    counted = _count(context, items, selection, order)
    beside = (*_name_undated(context, selection), *_name_archive(context))
    sentences = (*limits, *said, *whole, counted, *beside)
    draft = make_answer(*sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)
    notices = tuple((notice.code, notice.text) for notice in selection.notices)
    draft = replace(draft, notices=notices)
    if limits:
        return _as_found(draft)
    return draft


def _limits(context: Context, selection: Selection, *, is_sorted: bool) -> Iterator[str]:
    """Yield the sentences on what limits a list.

    These are gaps in what was read, a condition on a field that most records do not state, a topic
    that only one or two records have, and only in their text, dates less exact than the period, the
    choice by words of failure, and what was asked but not done: a sum, or an order.
    """
    query, number = context.query, len(selection.items)
    yield from (text for text, _ in selection.completeness.sentences(context.language))
    yield from (notice.text for notice in selection.limits if notice.code == "seldom_stated")
    is_translated = query.question_language != "de" and bool(query.conditions.topic)
    is_mentioned = selection.is_only_mentioned and number < _LEAST_MENTIONS
    if number and (is_mentioned or is_translated):
        yield context.say("only_mentioned", topic=query.conditions.topic)
    if any(_is_dated_coarsely(query.conditions, item) for item in selection.items):
        yield context.say("dated_coarsely")
    if query.conditions.setback:
        yield context.say("by_setback")
    if query.asks_for_sum:
        yield context.say("no_sum")
    if query.sort is not Sort.PAPER and not is_sorted and number > 1:
        yield _describe_order(context, selection, "unranked")


def _sort(context: Context, selection: Selection) -> tuple[Sequence[Item], str]:
    """The records in the order that the question asks for, and the sentence that says so.

    If the question asks for no order, or fewer than half of the records state the value, they stay
    in the order of the documents, and the sentence is "".
    """
    sort, items = context.query.sort, selection.items
    if sort is Sort.PAPER:
        return items, ""
    stating = sum(sort_value(item, sort) is not None for item in items)
    if stating < _STATED * len(items):
        return items, ""
    return sort_items(items, sort), _describe_order(context, selection, "ranked")


def _describe_order(context: Context, selection: Selection, key: str) -> str:
    """The sentence that records are sorted (`key` "ranked") or could not be ("unranked"), with how
    many state the value.
    """
    sort, items = context.query.sort, selection.items
    stating = sum(sort_value(item, sort) is not None for item in items)
    return context.say(f"{key}_{sort.value}", stated=stating, number=len(items))


def _is_dated_coarsely(conditions: Conditions, item: Item) -> bool:
    """True if a record may lie in the period of the conditions, but only by a date that is less
    exact: "2023" may be after April 2023. Dates are ISO, so that the shorter one is less exact.
    """
    since, until = conditions.since, conditions.until
    if not (since or until):
        return False
    exact = max(len(since), len(until))
    fitting = [date for date in item.dates if can_lie_within(date, since, until)]
    return all(len(date) < exact for date in fitting)


def _name_undated(context: Context, selection: Selection) -> list[Sentence]:
    """The sentence that names the records without a date, which the period leaves out; [] if there
    are none, or more of them than of the records listed.
    """
    undated = selection.undated
    if not undated or len(undated) > len(selection.items):
        return []
    return [
        parts.list_names(context, context.say("without_date"), _entries(context, undated), _NAMED)
    ]


def _name_archive(context: Context) -> list[Sentence]:
    """The sentence that an archive has more records of what is implemented; [] if it has none, and
    unless the question asks for what is implemented, but not for the archive.

    Its rows belong in no list or count that does not ask for them. But who asks for what is
    implemented may mean them, too.
    """
    conditions = context.query.conditions
    statuses = conditions.statuses
    if ItemStatus.IMPLEMENTED not in statuses or ItemStatus.ARCHIVED in statuses:
        return []
    archived = replace(conditions, statuses=(ItemStatus.ARCHIVED,))
    number = len(RecordFilter(context.retriever, archived).select(context.language).items)
    if not number:
        return []
    return [parts.reservation(context.say("beside_in_archive", number=number))]


def _without_topic(context: Context) -> Draft:
    """What to tell if a unit has no record on the topic: up to two passages on the topic, then the
    records of the unit. Nothing is claimed to answer. Without such records it is passages alone.

    The topic may only be the name of the unit, so that its records are what is meant. A number that
    no document explains ("66") is said to be the code of a unit.
    """
    conditions = replace(context.query.conditions, topic="")
    draft = compose(_with_conditions(context, conditions))
    if draft.data is None or draft.data.kind not in (DataKind.LIST, DataKind.COUNT):
        return passages.compose_found(context)
    text = context.say("none_among", topic=context.query.conditions.topic)
    unit = conditions.unit
    is_bare_code = not any(map(str.isalpha, unit))
    if is_bare_code and not context.corpus.named_units(unit):
        text = f"{context.say('code_of_unit', code=unit)} {text}"
    before = (parts.reservation(text), *passages.quote_best(context)[:_BEFORE])
    return limit(draft, *before)


def _without_unstated(context: Context, fields: Sequence[str]) -> Draft:
    """What to tell if no record states some fields of the conditions: that none does, then the
    records that meet the other conditions, or passages where these are many.
    """
    without, conditions = Conditions(), context.query.conditions
    for field in fields:
        for name in _CONDITIONS.get(field, (field,)):
            conditions = replace(conditions, **{name: getattr(without, name)})
    draft = compose(_with_conditions(context, conditions))
    if draft.data is None or len(draft.data.rows) > _NAMED:
        draft = passages.compose_found(context)
    named = [context.say(f"field_{field}") for field in fields]
    text = context.say("not_stated", fields=wording.join_words(named, context.language))
    return limit(draft, parts.reservation(text))


def _with_conditions(context: Context, conditions: Conditions) -> Context:
    """The context of the same question with other conditions."""
    return replace(context, query=replace(context.query, conditions=conditions))


def _has_records(context: Context, conditions: Conditions) -> bool:
    """True if documents have records of the kinds asked for, so that even zero is a number."""
    every = Conditions(kinds=conditions.kinds, documents=conditions.documents)
    return bool(RecordFilter(context.retriever, every).mask_of_all().any())


def _count(context: Context, items: Sequence[Item], selection: Selection, order: str) -> Sentence:
    """The sentence with number, conditions and order, then counts by group, else the records.

    `order` is the order in words, "" for that of the documents. "Ja" or "Nein" to a claimed number
    stands first (`_judge_number`). The documents are named if they are three at most. Without a
    record, the theme or goal, else the first document's title page, is cited. A single group is no
    grouping.
    """
    query, catalogue, language = context.query, context.corpus.catalogue, context.language
    kinds = {item.kind for item in items} or set(query.conditions.kinds)
    opening, head = _count_in_words(context, selection, kinds), find_head(context)
    verdict = _judge_number(context, len(items), is_sure=bool(selection.completeness.complete))
    if verdict:
        opening = f"{verdict}: {opening}"
    with_records = list(dict.fromkeys(item.document_id for item in items))
    documents = with_records or [document.id for document in context.documents]
    statement = opening + "".join(describe_conditions(context, head)) + order
    words = (str(len(items)), opening, statement)
    if 0 < len(documents) <= _SOURCES:
        sources = (
            wording.format_source(catalogue.documents[document], language) for document in documents
        )
        statement = f"{statement} ({'; '.join(sources)})"
    if not items:
        title_page = head or (context.corpus.title_page(documents[0]) if documents else None)
        named = (name_proof(title_page, context.corpus),) if title_page else ()
        return parts.cited_sentence(statement, *named, computed=words)
    with_value = (group for group in count_groups(items, query.group, catalogue) if group.id)
    groups = sorted(with_value, key=lambda group: -group.count)
    if len(groups) > 1:
        numbers = ", ".join(f"{group.title} {group.count}" for group in groups[:_NAMED])
        proofs = (_proof(context, item) for item in items[:3])
        computed = (*words, numbers, *(str(group.count) for group in groups))
        return parts.cited_sentence(f"{statement}: {numbers}", *proofs, computed=computed)
    largest = filter(None, map(largest_amount, items[:_NAMED]))
    amounts = [amount.printed for _, amount in largest]
    entries = _entries(context, items[:_NAMED])
    return parts.list_names(
        context, f"{statement}: ", entries, _NAMED, *words, *amounts, total=len(items)
    )


def _count_whole(context: Context) -> Sentence:
    """The sentence that counts the whole of which the question asks for a part: all records that
    meet its other conditions, whatever their status.
    """
    conditions = replace(context.query.conditions, statuses=())
    whole = _with_conditions(context, conditions)
    records = RecordFilter(context.retriever, conditions, context.query.question_language)
    selection = records.select(context.language)
    counted = _count_in_words(whole, selection, set(conditions.kinds[:1]))
    statement = context.say("in_all", count=counted)
    statement += "".join(describe_conditions(whole, find_head(whole)))
    proofs = (_proof(context, item) for item in selection.items[:1])
    computed = str(len(selection.items)), statement
    return parts.cited_sentence(statement, *proofs, computed=computed)


def _count_in_words(context: Context, selection: Selection, kinds: Set[ItemKind]) -> str:
    """The number of the selected records with the noun for their kind ("12 Projekte"); with
    "Einträge" if `kinds` are several. It also tells if the number may not be all, but not whether
    other records are on the topic in other words, which is never known.
    """
    language, number = context.language, len(selection.items)
    nouns = context.say("entry"), context.say("entries")
    if len(kinds) == 1:
        (kind,) = kinds
        nouns = wording.kind_noun(kind, language), wording.kind_noun(kind, language, 2)
    return format_count(number, nouns, selection.completeness.complete, language)


def _judge_number(context: Context, number: int, *, is_sure: bool) -> str:
    """ "Ja" or "Nein" to a question whether there are so many records; "" for another question, and
    where not all of it was understood or records may be missing.
    """
    query = context.query
    if query.claimed_number is None or not query.yes_no or query.left_over or not is_sure:
        return ""
    return context.say("yes" if query.claimed_number == number else "no")


def _entries(context: Context, items: Sequence[Item]) -> list[tuple[str, tuple[Proof, ...]]]:
    """The label of each record with its proof."""
    return [(_label(context, item), (_proof(context, item),)) for item in items]


def _label(context: Context, item: Item) -> str:
    """A record in a list: its number, title and status.

    The status is left out if a single one was asked for, since all have it. An amount by which the
    list is sorted, and a sentence on what failed if that is asked for, stand behind.
    """
    label = parts.shorten(item.title, LONGEST_TITLE)
    is_numbered = item.ref not in (item.title, "Archiv")
    if is_numbered and item.kind is not ItemKind.SECTION:
        label = f"{item.ref} {label}"
    if item.status and len(context.query.conditions.statuses) != 1:
        label += f" ({wording.item_status(item, context.language)})"
    amount = largest_amount(item)
    if amount and context.query.sort is Sort.AMOUNT:
        label += f" ({amount[1].printed})"
    if context.query.conditions.setback:
        label += f": „{find_setback(item).rstrip('.')}“"
    return label


def _proof(context: Context, item: Item) -> Proof:
    """The passage that proves that a record belongs in the list.

    If the question asks what failed, it is the sentence that says so. For a column, or an archive
    row, it is the row of the record, which has the entry. Else it is what names the record.
    """
    conditions = context.query.conditions
    sentence = find_setback(item)
    if sentence and conditions.setback:
        return Proof(item, sentence)
    is_by_row = parts.is_archived(item) or conditions.column
    by_row = row_proof(item) if is_by_row else None
    return by_row or name_proof(item, context.corpus)
