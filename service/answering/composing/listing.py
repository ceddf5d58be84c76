"""The composer of lists and counts of records: computed from conditions, with their completeness
and sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from service import wording
from service.answering.composing import parts
from service.answering.composing.conditions import LONGEST_TITLE, describe_conditions, find_head
from service.answering.composing.restrictions import may_repeat_words
from service.answering.context import Context
from service.answering.draft import Draft, Lead, Proof, Sentence, make_answer
from service.answering.query import RECORD_KINDS, Conditions, Intent
from service.answering.tools.records import Selection, sort_items
from service.answering.verification.quotes import name_proof, row_proof
from service.records import (
    MOST_ROWS,
    AnswerData,
    AnswerMode,
    AnswerStatus,
    DataKind,
    can_lie_within,
    format_count,
)
from vectorstore.records import Item, ItemKind

NOT_UNDERSTOOD = "condition_not_understood"  # code of a notice
# conditions on a field, where named differently
_CONDITIONS = {
    "date": ("since", "until"),
    "cost": ("cost_from", "cost_until"),
    "status": ("statuses",),
}
# most records and documents in the sentence; the data rows have all
_NAMED = 12
_SOURCES = 3
_LEAST_MENTIONS = 3  # records that only mention a topic from which they make a list on it


def compose(context: Context, *unstated: str) -> Draft | Lead | None:
    """All records that meet the conditions: `answered` if they are complete and every word of the
    question was taken, else `found`, after what limits them and the best passages.

    A topic on which no record is that meets the other conditions is left out, and so not
    understood. None if nothing can be listed: a condition has a value that no document has, or no
    record meets a topic. `unstated` is the sentence on conditions that were left out because no
    record states their field.
    """
    query, selection = context.query, context.selection
    if selection is None:
        return None
    topic = query.conditions.topic
    # one that names a kind of records, or a unit, wants a list even without its topic
    wants_list = query.conditions.kinds != RECORD_KINDS or query.conditions.unit
    if not selection.items and topic and wants_list and query.conditions.has_field_conditions:
        left_over = (*query.left_over, *topic.split())
        wider = replace(query, conditions=replace(query.conditions, topic=""), left_over=left_over)
        return compose(replace(context, query=wider), *unstated)
    lacking = [share.field for share in selection.stated if not share.stated]
    if lacking and not selection.items:
        return _without_unstated(context, lacking)
    is_zero_sure = query.conditions.has_field_conditions and not topic
    if not selection.items and not (is_zero_sure and _could_count(context)):
        return None
    items = sort_items(selection.items, query.sort)
    data = _table(context, items, selection)
    proofs = tuple((_proof(context, item),) for item in items[:MOST_ROWS])
    notices = tuple((notice.code, notice.text) for notice in selection.notices)
    head = find_head(context)
    described = "".join(describe_conditions(context, head))
    counted = _count(context, items, selection, head, described)
    limits = list(_limits(context, selection))
    unread = _words_left_over(context)
    if not (unstated or limits or unread):
        draft = make_answer(counted, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)
        return replace(draft, notices=notices)
    if unread:
        notices = (*notices, (NOT_UNDERSTOOD, unread))
        listed = f"{_nouns(context, selection)[1]}{described}"
        limits.insert(0, context.say("listed_instead", what=listed))
    if data.total is not None:
        data = data.model_copy(update={"complete": False})
    said = map(parts.reservation, (*unstated, *limits))
    sentences = (*said, *parts.quote_passages(context, context.best_passages), counted)
    return Draft(
        AnswerStatus.FOUND, AnswerMode.EXTRACTIVE, sentences, data, proofs, notices=notices
    )


def _table(context: Context, items: Sequence[Item], selection: Selection) -> AnswerData:
    """The records as rows, with their total and whether they are complete."""
    is_count = context.query.intent is Intent.COUNT
    return AnswerData(
        kind=DataKind.COUNT if is_count else DataKind.LIST,
        columns=["ref", "title", "status"],
        rows=[parts.item_row(context, item) for item in items[:MOST_ROWS]],
        total=selection.completeness.total(len(items)),
        complete=selection.complete,
        truncated=len(items) > MOST_ROWS,
    )


def _without_unstated(context: Context, fields: Sequence[str]) -> Draft | Lead:
    """What to tell if no record states some fields of the conditions: that none does, then the
    records that meet the other conditions, or passages where these are many.
    """
    conditions = context.query.conditions
    for field in fields:
        for name in _CONDITIONS.get(field, (field,)):
            conditions = replace(conditions, **{name: getattr(Conditions(), name)})
    named = [context.say(f"field_{field}") for field in fields]
    text = context.say("not_stated", fields=wording.join_words(named, context.language))
    draft = compose(context.under(conditions), text)
    if not isinstance(draft, Draft) or draft.data is None or len(draft.data.rows) > _NAMED:
        return Lead((parts.reservation(text),))
    return draft


def _could_count(context: Context) -> bool:
    """True if the documents have records of the kinds asked for, under the theme or goal if one is
    named, so that even zero is a number.
    """
    conditions = context.query.conditions
    wider = Conditions(
        kinds=conditions.kinds,
        documents=conditions.documents,
        theme=conditions.theme,
        goal=conditions.goal,
    )
    counted = context.under(wider).selection
    return counted is not None and bool(counted.items)


def _words_left_over(context: Context) -> str:
    """The sentence that names the words of the question that nothing took; "" if all were taken.

    Words that must not be repeated (`may_repeat_words`) are called a part of the question.
    """
    words = context.query.left_over
    if not words:
        return ""
    named = context.say("part_of_question")
    if may_repeat_words(context, words):
        named = wording.quote_words(words)
    return context.say("not_chosen_by", words=wording.capitalize_first(named))


def _limits(context: Context, selection: Selection) -> Iterator[str]:
    """Yield the sentences on what limits a list: gaps in what was read, a condition on a field that
    most records do not state, a topic that stands only in texts or was read through another
    language, dates less exact than the period.
    """
    query, number = context.query, len(selection.items)
    yield from (text for text, _ in selection.completeness.sentences(context.language))
    yield from (notice.text for notice in selection.limits if notice.code == "seldom_stated")
    is_translated = query.question_language != "de" and query.conditions.topic
    is_mentioned = selection.is_only_mentioned and number < _LEAST_MENTIONS
    if number and query.conditions.topic and (is_mentioned or is_translated):
        yield context.say("only_mentioned", topic=query.conditions.topic)
    if any(_is_dated_coarsely(context, item) for item in selection.items):
        yield context.say("dated_coarsely")


def _is_dated_coarsely(context: Context, item: Item) -> bool:
    """True if a record may lie in the period of the conditions, but only by a date that is less
    exact: "2023" may be after April 2023. Dates are ISO, so that the shorter one is less exact.
    """
    since, until = context.query.conditions.since, context.query.conditions.until
    if not (since or until):
        return False
    exact = max(len(since), len(until))
    fitting = [date for date in item.dates if can_lie_within(date, since, until)]
    return all(len(date) < exact for date in fitting)


def _count(
    context: Context,
    items: Sequence[Item],
    selection: Selection,
    head: Item | None,
    described: str,
) -> Sentence:
    """The sentence with number and conditions, as `described`, then the records; `head` is the
    theme or goal of the conditions.

    The documents are named if they are three at most. Without a record, the theme or goal, else the
    first document's title page, is cited.
    """
    catalogue, language = context.corpus.catalogue, context.language
    statement = _count_in_words(context, selection) + described
    with_records = list(dict.fromkeys(item.document_id for item in items))
    documents = with_records or [document.id for document in context.documents]
    if len(documents) <= _SOURCES:
        sources = (wording.format_source(catalogue.documents[id_], language) for id_ in documents)
        statement = f"{statement} ({'; '.join(sources)})"
    if not items:
        title_page = head or context.corpus.title_page(documents[0])
        named = (name_proof(title_page, context.corpus),) if title_page else ()
        return parts.cited_sentence(statement, *named)
    entries = [(_label(context, item), (_proof(context, item),)) for item in items[:_NAMED]]
    return parts.list_names(context, f"{statement}: ", entries, _NAMED, total=len(items))


def _nouns(context: Context, selection: Selection) -> tuple[str, str]:
    """The noun for the records of a list, for one and for several; "Eintrag" for several kinds."""
    kinds = {item.kind for item in selection.items} or set(context.query.conditions.kinds)
    if len(kinds) != 1:
        return context.say("entry"), context.say("entries")
    (kind,) = kinds
    return wording.kind_noun(kind, context.language), wording.kind_noun(kind, context.language, 2)


def _count_in_words(context: Context, selection: Selection) -> str:
    """The number of the selected records with the noun for their kind ("12 Projekte").

    It also tells if the number may not be all: with a topic it is enough that all records with its
    words are counted.
    """
    number, nouns = len(selection.items), _nouns(context, selection)
    return format_count(number, nouns, selection.completeness.complete, context.language)


def _label(context: Context, item: Item) -> str:
    """A record in a list: its number, title and status, but that only if not a single one was asked
    for, which all have.
    """
    label = parts.shorten(item.title, LONGEST_TITLE)
    is_numbered = item.ref not in (item.title, "Archiv")
    if is_numbered and item.kind is not ItemKind.SECTION:
        label = f"{item.ref} {label}"
    if item.status and len(context.query.conditions.statuses) != 1:
        label += f" ({wording.item_status(item, context.language)})"
    return label


def _proof(context: Context, item: Item) -> Proof:
    """The passage that proves that a record belongs in the list: the row of an archived one, else
    what names the record.
    """
    by_row = row_proof(item) if parts.is_archived(item) else None
    return by_row or name_proof(item, context.corpus)
