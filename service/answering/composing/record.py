"""The composer of a record's field: its status, its responsible units or its municipalities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from prompts import imitates_service
from service import wording
from service.answering.composing import parts
from service.answering.composing.fixed_texts import not_in_documents
from service.answering.context import Context
from service.answering.draft import Draft, Proof, Sentence, make_answer
from service.answering.query import AnswerType
from service.answering.reading.nouns import fold_words
from service.answering.verification.quotes import name_proof, row_proof, status_proof, unit_proof
from service.records import AnswerData, AnswerMode, AnswerStatus, DataKind
from vectorstore.language import collapse_spaces, fold
from vectorstore.records import Item, ItemKind, ItemStatus

_NOT_DONE = (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS)


def compose(context: Context) -> Draft | None:
    """The requested field of the record that the question is on; None if it is on no single record,
    or the record lacks the field.

    Of a record that the question names by number it is said that it names no unit; a section may
    print one in its text, so that passages are shown. It answers if every word of the question was
    taken, else it is found; but in a follow-up what is left may be about something else than the
    record before, so that nothing is said of this.
    """
    item = find_record(context)
    if item is None:
        return None
    sentence = _state_field(context, item)
    if sentence is None:
        asks_unit = context.query.answer_type is AnswerType.RESPONSIBLE
        is_section = item.kind is ItemKind.SECTION  # of which no fields are read
        if not asks_unit or item not in context.numbered or is_section:
            return None
        name = wording.name_item(item, context.language)
        return not_in_documents(context, context.say("responsible_unknown", name=name), item)
    has_status = context.query.answer_type is AnswerType.STATUS
    draft = make_answer(
        sentence,
        *_conflicts(context, item, has_status=has_status),
        *(_quote_progress(context, item) if has_status else ()),
        mode=AnswerMode.COMPUTED,
        data=fields_of(item),
        row_proofs=(sentence.proofs,),
    )
    # of a record that was found by its topic the words of the topic are known, too
    topic = context.query.conditions.topic if not context.items else ""
    known = fold_words(f"{topic} {item.title}")
    if all(fold(word) in known for word in context.query.left_over):
        return draft
    if context.query.is_follow_up:
        return None
    return replace(draft, status=AnswerStatus.FOUND, mode=AnswerMode.EXTRACTIVE)


def find_record(context: Context) -> Item | None:
    """The record that the question names, else the best hit if its title has all words of the
    topic; None if it names several.
    """
    items = context.items or [
        item for item, _ in context.ranked_items[:1] if _is_called_so(context, item)
    ]
    return items[0] if len(items) == 1 else None


def _is_called_so(context: Context, item: Item) -> bool:
    """True if the title of an item has all words of the topic."""
    title = context.corpus.title_terms[context.corpus.row(item)]
    words = context.topic_words
    return bool(words) and all(word.terms[0] in title for word in words)


def _state_field(context: Context, item: Item) -> Sentence | None:
    """The sentence on the requested field of a record; None if it lacks the field."""
    answer_type, language = context.query.answer_type, context.language
    name, source = wording.name_item(item, language), parts.source_of(context, item)
    if answer_type is AnswerType.STATUS and item.status:
        status = wording.status_predicate(item.status, language)
        status += wording.correction_remark(item, "status", language)
        statement = context.say("is", name=name, status=status)
        verdict = verdict_on(context, item.status)
        if verdict:
            statement = f"{context.say(verdict)}: {statement}"
        statement = f"{wording.capitalize_first(statement)} ({source})"
        return parts.cited_sentence(statement, status_proof(item, context.corpus))
    if answer_type is AnswerType.RESPONSIBLE and item.responsible:
        return _state_units(context, item, name, source)
    if answer_type is AnswerType.PLACE and item.cooperation:
        printed = item.cooperation
        statement = context.say("municipalities_for", name=name, printed=printed, source=source)
        return parts.cited_sentence(statement, row_proof(item) or name_proof(item, context.corpus))
    return None


def _quote_progress(context: Context, item: Item) -> list[Sentence]:
    """The sentence that quotes the record's text on its progress: behind "in Bearbeitung" it may
    say that the project waits. [] without such a text, and where it may not be shown.
    """
    for field in item.fields:
        if field.field == "state" and field.start is not None:
            span = field.start, field.start + len(field.text)
            passage = context.passages.around(span, item, whole=True)
            if passage is None or imitates_service(passage.text):
                return []
            end = passage.span[1]
            text = context.corpus.document(item).text[field.start : end]
            quoted = parts.quote(context, Proof(item, text, field.start), collapse_spaces(text))
            return [parts.with_source(context, quoted, item)]
    return []


def _state_units(context: Context, item: Item, name: str, source: str) -> Sentence:
    """The sentence on the responsible units, proven by the passage that prints them.

    If people corrected them, the paper prints other units. Then the proof is the passage that names
    the record.
    """
    units, names = context.corpus.name_units(item)
    correction = wording.correction_remark(item, "unit", context.language)
    statement = context.say("responsible_for", name=name, units=units + correction, source=source)
    prove = name_proof if correction else unit_proof
    return parts.cited_sentence(statement, prove(item, context.corpus), *names)


def verdict_on(context: Context, status: ItemStatus) -> str:
    """The name of the verdict on the status that a question asks for ("Ist der Radweg fertig?"); ""
    if it asks for none.

    `status` is that of the record. "yes" if it is asked for; archived counts as implemented.
    "not_yet" if the record is before an asked status and may still reach it. "no" otherwise, such
    as for an implemented record of which one asks whether it is planned.
    """
    statuses = context.query.conditions.statuses
    if not context.query.yes_no or not statuses:
        return ""
    if status in statuses or (status is ItemStatus.ARCHIVED and ItemStatus.IMPLEMENTED in statuses):
        return "yes"
    order = list(ItemStatus).index  # they stand in the order in which a record passes them
    is_earlier = status in _NOT_DONE and any(
        step not in _NOT_DONE or order(step) > order(status) for step in statuses
    )
    return "not_yet" if is_earlier else "no"


def _conflicts(context: Context, item: Item, *, has_status: bool) -> Iterator[Sentence]:
    """Yield the sentences that the project list has another number of a record or, where the answer
    has its status, another status, with its row as proof. Without a row nothing is said;
    `conflict.table` is the value that the list has.
    """
    row = row_proof(item)
    for conflict in item.conflicts:
        if row is None:
            return
        if conflict.field == "ref":
            statement = context.say("list_number", number=conflict.table)
            yield parts.cited_sentence(statement, row)
        elif has_status and conflict.field == "status" and conflict.table in set(ItemStatus):
            status = wording.status_word(ItemStatus(conflict.table), context.language)
            yield parts.cited_sentence(context.say("list_status", status=status), row)


def fields_of(item: Item) -> AnswerData:
    """The fields of a record as the row of an answer's data."""
    row: dict[str, Any] = {
        name: getattr(item, name) for name in ("document_id", "key", "ref", "title")
    }
    row |= {"status": item.status.value if item.status else None}
    row |= {"responsible": list(item.responsible), "cooperation": item.cooperation}
    row |= {name: list(getattr(item, name)) for name in ("municipalities", "dates", "amounts")}
    return AnswerData(kind=DataKind.FACTS, columns=list(row), rows=[row], total=1)
