"""The composer of a record's field: status, responsible units, time or cost; with yes or no if
asked for a status.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from service import wording
from service.answering.composing import parts, passages
from service.answering.composing.fixed_texts import not_in_documents
from service.answering.composing.listing import qualify
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, make_answer, make_sentence
from service.answering.query import RECORD_KINDS, AnswerType
from service.answering.reading.left_over import words_of_answer
from service.answering.retrieval.facts import field_relevance, has_fact
from service.answering.retrieval.passages import LONGEST
from service.answering.retrieval.query_words import SYNONYM_COVERAGE
from service.answering.retrieval.relevance import load_models
from service.answering.retrieval.terms import coverage
from service.answering.verification.quotes import name_proof, row_proof, status_proof, unit_proof
from service.answering.verification.verbatim import is_prompt_injection
from service.masking import is_personal
from service.records import AnswerData, AnswerMode, DataKind
from vectorstore.language import collapse_spaces, fold
from vectorstore.records import Field, Item, ItemStatus

_FIELD_TYPES = (
    AnswerType.STATUS,
    AnswerType.DATE,
    AnswerType.AMOUNT,
    AnswerType.RESPONSIBLE,
    AnswerType.ORGANISATION,
    AnswerType.PERSON,
)
_NOT_DONE = (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS)
_CALLED = 0.9  # share of a topic's words in a title
_DIFFER = "documents_differ"  # code of a notice and key of its words


def compose(context: Context) -> Draft:
    """The requested field of the record that the question is on; passages if no record is probable
    enough, and what `_without_field` tells if the record lacks the field.

    Records of the same title in other documents that say another value are told, too, the newest
    document first, with a notice that they differ. If the record lacks words of the topic, the
    answer begins with them and does not claim to be one.
    """
    item = find_record(context)
    if item is None:
        return passages.compose(context)
    sentences = _state_field(context, item)
    if not sentences:
        return _without_field(context, item)
    rows = [(item, sentences)]
    value = _value_of(context, item)
    for other in passages.namesakes(context, item):
        if _value_of(context, other) == value:
            continue
        stated = _state_field(context, other)
        if stated:
            rows.append((other, stated))
    rows.sort(key=lambda row: _dated(context, row[0]), reverse=True)
    lacking = _words_lacking(context, item)
    if lacking:
        left_over = (*context.query.left_over, *lacking)
        context = replace(context, query=replace(context.query, left_over=left_over))
    draft = make_answer(
        *chain.from_iterable(stated for _, stated in rows),
        mode=AnswerMode.COMPUTED,
        data=fields_of_records([record for record, _ in rows]),
        row_proofs=tuple(_proofs_of(stated) for _, stated in rows),
    )
    if len(rows) > 1:
        draft = draft.with_notice(_DIFFER, context.say(_DIFFER))
    if lacking:
        return qualify(context, draft)
    return draft


def _dated(context: Context, item: Item) -> str:
    """The date of an item's document, "" if it has none: newer ones are greater."""
    as_of = context.corpus.document(item).as_of
    if not as_of:
        return ""
    return as_of.isoformat()


def _state_field(context: Context, item: Item) -> list[Sentence]:
    """The sentences on the requested field of a record; [] if it lacks the field.

    Status, unit and municipalities have sentences of their own; any other field is quoted with its
    label. Behind a status it is told if the project list has another status or number of the
    record, behind a unit if it has another number.
    """
    answer_type = context.query.answer_type
    if answer_type is AnswerType.STATUS and item.status:
        sentences = [_status(context, item, item.status)]
        sentences += _conflicts(context, item, "status", "ref")
        return sentences + _state(context, item)
    if _asks_who(context, item) and item.responsible:
        return [_responsible(context, item), *_conflicts(context, item, "ref")]
    if answer_type is AnswerType.PLACE and item.cooperation:
        return [_municipalities(context, item, item.cooperation)]
    return [_field(context, item, field) for field in _fields(context, item)]


def _asks_who(context: Context, item: Item) -> bool:
    """True if the answer is the responsible unit.

    It is so if the question asks for the unit. If it asks how to reach somebody, the directory must
    have a contact of the unit, and the record itself print none.
    """
    if context.query.answer_type is not AnswerType.CONTACT:
        return context.query.answer_type is AnswerType.RESPONSIBLE
    prints_contact = has_fact(AnswerType.CONTACT, context.corpus.own_text(item))
    return not prints_contact and bool(context.contacts.find_all(item.responsible))


def _without_field(context: Context, item: Item) -> Draft:
    """The draft where a record lacks the requested field.

    A missing unit is said outright only of a record that the question names by number. Another one
    may not be the record that is meant, so that it is shown as the first hit. For any other field
    passages may have the fact.
    """
    if context.query.answer_type is not AnswerType.RESPONSIBLE:
        return passages.compose(context)
    if item in context.items[: context.query.numbered_count]:
        return not_in_documents(context, context.say("responsible_unknown"), item)
    others = (value for value, _ in context.ranked_items if value != item)
    return passages.show_hits(context, [item, *others])


def _value_of(context: Context, item: Item) -> object:
    """What a record says for the requested field, in a form that is equal for two records that say
    the same, whatever the order of units or the spaces.
    """
    answer_type = context.query.answer_type
    if answer_type is AnswerType.STATUS and item.status:
        return item.status
    if _asks_who(context, item) and item.responsible:
        return set(item.responsible)
    if answer_type is AnswerType.PLACE:
        return set(item.municipalities)
    return [field.printed.split() for field in _fields(context, item)]


def _proofs_of(sentences: Sequence[Sentence]) -> tuple[Proof, ...]:
    return tuple(chain.from_iterable(sentence.proofs for sentence in sentences))


def _words_lacking(context: Context, item: Item) -> tuple[str, ...]:
    """The topic's words that neither a record nor the headings above it have: the answer is not
    on them. Words that ask for the field itself ("Kosten") are none.
    """
    query, corpus = context.query, context.corpus
    terms = context.retriever.terms_of(corpus.row(item))
    asked = words_of_answer(query.answer_type)
    return tuple(
        word.text
        for word in context.topic_words
        if word.covered_by(terms, corpus.rarity) < SYNONYM_COVERAGE and fold(word.text) not in asked
    )


def find_record(context: Context) -> Item | None:
    """The record that the question names, else the best hit if that is probable enough or the only
    one with a title that has the words of the topic. None if it is no record.

    An item of another kind counts as a record if it has labelled fields.
    """
    likely = (
        item
        for item, probability in context.ranked_items[:1]
        if probability >= load_models()["answers"].least or _is_called_so(context, item)
    )
    return next(
        (item for item in (*context.items, *likely) if item.kind in RECORD_KINDS or item.fields),
        None,
    )


def _is_called_so(context: Context, item: Item) -> bool:
    """True if the title of an item, and of no other hit of its kind, has the words of the topic."""
    corpus = context.corpus
    called = [
        other
        for other, _ in context.ranked_items
        if other.kind is item.kind
        and coverage(context.topic_words, corpus.title_terms[corpus.row(other)], corpus) >= _CALLED
    ]
    return called == [item]


def _status(context: Context, item: Item, status: ItemStatus) -> Sentence:
    """The sentence on a record's status, after yes, no or not yet for a yes-no question."""
    name, verdict = wording.name_item(item, context.language), verdict_on(context, status)
    remark = wording.correction_remark(item, "status", context.language)
    statement = context.say(
        "is", name=name, status=wording.status_predicate(status, context.language) + remark
    )
    if verdict:
        statement = f"{context.say(verdict)}: {statement}"
    statement = wording.capitalize_first(statement)
    source = parts.source_of(context, item)
    return parts.cited_sentence(f"{statement} ({source})", status_proof(item, context.corpus))


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
    order = list(ItemStatus).index
    is_earlier = status in _NOT_DONE and any(
        step not in _NOT_DONE or order(step) > order(status) for step in statuses
    )
    if is_earlier:
        return "not_yet"
    return "no"


def _conflicts(context: Context, item: Item, *fields: str) -> Iterator[Sentence]:
    """Yield sentences on those of `fields` for which the project list has another value, with its
    row as proof.

    Only a number ("ref") and a status have such sentences. Without a row nothing could prove them.
    """
    row = row_proof(item)
    for conflict in item.conflicts:
        if row is None or conflict.field not in fields:
            continue
        if conflict.field == "ref":
            statement = context.say("list_number", number=conflict.table)
            yield parts.cited_sentence(statement, row)
        elif conflict.table in set(ItemStatus):
            status = wording.status_word(ItemStatus(conflict.table), context.language)
            yield parts.cited_sentence(context.say("list_status", status=status), row)


def _state(context: Context, item: Item) -> list[Sentence]:
    """The sentence that quotes the record's text on its progress; [] without one.

    Of several texts it is the one that shares most with the best passage for the question. As much
    of its end is quoted as a passage holds, since the newest stands last.
    """
    runs = _runs_of_state(context, item)
    if not runs:
        return []
    best = context.chooser.choose_passage(item, LONGEST)
    run = max(runs, key=lambda run: sum(sentence in best for sentence in run))  # else the first
    quoted: list[str] = []
    for sentence in reversed(run):
        if len(" ".join((sentence, *quoted))) > LONGEST:
            break
        quoted.insert(0, sentence)
    passage = " ".join(quoted)
    if not passage:
        return []
    return [make_sentence(Fragment(parts.end_sentence(passage), (Proof(item, passage),)))]


def _runs_of_state(context: Context, item: Item) -> list[list[str]]:
    """The sentences of a record's text on its progress, in runs without a gap.

    A run ends before a sentence that may not be quoted or is not on the progress, since a quote
    must be what the document prints.
    """
    state = item.state or ""
    runs: list[list[str]] = []
    before = None
    for sentence in context.corpus.sentences(item):
        text = sentence.text
        if text not in state or is_personal(text) or is_prompt_injection(text):
            before = None
            continue
        if before is not None and before.is_followed_by(sentence):
            runs[-1].append(text)
        else:
            runs.append([text])
        before = sentence
    return runs


def _responsible(context: Context, item: Item) -> Sentence:
    """The sentence on the responsible units, proven by the passage that prints them.

    If people corrected them, the paper prints other units. Then the words count as computed, and
    the proof is the passage that names the record.
    """
    units, proofs_of_names = context.corpus.name_units(item)
    name = wording.name_item(item, context.language)
    source = parts.source_of(context, item)
    correction = wording.correction_remark(item, "unit", context.language)
    statement = context.say("responsible_for", name=name, units=units + correction, source=source)
    if correction:
        name_printed = name_proof(item, context.corpus)
        return parts.computed_sentence(statement, name_printed, *proofs_of_names)
    return parts.cited_sentence(statement, unit_proof(item, context.corpus), *proofs_of_names)


def _municipalities(context: Context, item: Item, printed: str) -> Sentence:
    """The sentence on the municipalities that a list prints for a record."""
    name, source = wording.name_item(item, context.language), parts.source_of(context, item)
    statement = context.say("municipalities_for", name=name, printed=printed, source=source)
    proof = row_proof(item) or name_proof(item, context.corpus)
    return parts.cited_sentence(statement, proof)


def _fields(context: Context, item: Item) -> list[Field]:
    """The labelled fields that are the requested fact itself: a record may state several values.

    For a status mere signs ("🔴") come last, since a light says less than a text.
    """
    answer_type = context.query.answer_type
    if answer_type not in _FIELD_TYPES:
        return []
    filled = (field for field in item.fields if field.text.strip())
    stated = [field for field in filled if field_relevance(answer_type, field.field) >= 1.0]
    if answer_type is AnswerType.STATUS:
        stated.sort(key=lambda field: not any(map(str.isalpha, field.text)))
    return stated


def _field(context: Context, item: Item, field: Field) -> Sentence:
    """The sentence that quotes a labelled field of a record."""
    label = field.label.strip().rstrip(" :?")
    label += wording.correction_remark(item, field.field or "", context.language)
    name = wording.name_item(item, context.language)
    source = parts.source_of(context, item)
    source_text = context.say("field_of", label=label, name=name, source=source)
    text = collapse_spaces(field.printed)
    return make_sentence(
        Fragment(text, (Proof(item, field.text),)),
        source_text,
        computed=(text,) if field.with_unit else (),
    )


def fields_of_records(items: Sequence[Item]) -> AnswerData:
    """The fields of records as the rows of an answer's data."""
    rows = [_row_of(item) for item in items]
    return AnswerData(kind=DataKind.FACTS, columns=list(rows[0]), rows=rows, total=len(rows))


def _row_of(item: Item) -> dict[str, Any]:
    row: dict[str, Any] = {
        name: getattr(item, name) for name in ("document_id", "key", "ref", "title")
    }
    row |= {"status": item.status.value if item.status else None}
    row |= {"responsible": list(item.responsible), "cooperation": item.cooperation}
    row |= {name: list(getattr(item, name)) for name in ("municipalities", "dates", "amounts")}
    return row
