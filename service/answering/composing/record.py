"""One field of one record: status, responsible units, time, cost; with yes or no where a status says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.answering import wording
from service.answering.composing import passages
from service.answering.composing.telling import ended, not_in_documents, source
from service.answering.context import Context, weights
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.finding.sentences import MEANINGS
from service.answering.query import Asked
from service.answering.units import name_units
from service.answering.verification.quotes import name_proof, row_proof, status_proof
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind, ItemStatus

_OF_FIELDS = (Asked.DATE, Asked.AMOUNT, Asked.RESPONSIBLE, Asked.ORGANISATION, Asked.PERSON)
RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)
_UNDONE = (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS)
_STATE = 420  # characters of the passage on the state of affairs


def compose(context: Context) -> Draft:
    """The field of the record asked about; where no record surely is, or it has no such field, what the papers say."""
    item, asked = _meant(context), context.query.asked
    if item is None:
        return passages.compose(context)
    if asked is Asked.STATUS and item.status:
        told = [_status(context, item, item.status), *_conflicts(context, item, "status", "ref")]
        told += _state(context, item)
    elif asked is Asked.RESPONSIBLE and item.responsible:
        told = [_responsible(context, item), *_conflicts(context, item, "ref")]
    elif field := _field(context, item):
        told = [field]
    elif asked is Asked.RESPONSIBLE and item in context.values.numbered.items:
        return not_in_documents(context, context.say("responsible_unknown"), item)
    elif asked is Asked.RESPONSIBLE:
        return passages.found(context, [item, *(one for one, _ in context.judged if one != item)])
    else:
        return passages.compose(context)
    proofs = tuple(proof for one in told for proof in one.proofs)
    return answered(*told, mode=AnswerMode.COMPUTED, data=facts(item), row_proofs=(proofs,))


def _meant(context: Context) -> Item | None:
    """The record that is asked about: named, or found and surely enough meant."""
    surely = (item for item, sure in context.judged[:1] if sure >= weights().answers)
    return next((item for item in (*context.entries, *surely) if item.kind in RECORDS or item.fields), None)


def _status(context: Context, item: Item, status: ItemStatus) -> Sentence:
    """Where a record stands, behind yes, no or not yet where one is asked."""
    name, verdict = wording.named(item, context.language), _verdict(context, status)
    stand = wording.predicate(status, context.language) + wording.corrected(item, "status", context.language)
    said = context.say("is", name=name, status=stand)
    said = f"{verdict}: {said}" if verdict else wording.beginning(said)
    return sentence(Fragment(f"{said} ({source(context, item)})", (status_proof(item, context.corpus),)), ".")


def _verdict(context: Context, status: ItemStatus) -> str:
    """Yes, no or not yet, where one is asked and the question names a status."""
    asked = context.query.conditions.statuses
    if not context.query.yes_no or not asked:
        return ""
    if status in asked or (status is ItemStatus.ARCHIVED and ItemStatus.IMPLEMENTED in asked):
        return context.say("yes")
    order = list(ItemStatus).index
    earlier = status in _UNDONE and any(one not in _UNDONE or order(one) > order(status) for one in asked)
    return context.say("not_yet" if earlier else "no")


def _conflicts(context: Context, item: Item, *fields: str) -> Iterator[Sentence]:
    """What the project list says otherwise of fields, with its row."""
    row = row_proof(item)
    for one in item.conflicts:
        if row is None or one.field not in fields:
            continue
        if one.field == "ref":
            yield sentence(Fragment(context.say("list_number", number=one.table), (row,)), ".")
        elif one.table in set(ItemStatus):
            status = wording.status(ItemStatus(one.table), context.language)
            yield sentence(Fragment(context.say("list_status", status=status), (row,)), ".")


def _state(context: Context, item: Item) -> list[Sentence]:
    """The best sentences on the state of affairs."""
    state = item.state or ""
    passage = context.chooser.passage(item, _STATE)
    if passage not in state:
        said = [one.text for one in context.corpus.sentences(item) if one.text in state]
        passage = " ".join(one for one in said[:2] if len(one) <= _STATE)
    return [sentence(Fragment(ended(passage), (Proof(item, passage),)))] if passage and passage in state else []


def _responsible(context: Context, item: Item) -> Sentence:
    """The units that are responsible, with the passage that prints them."""
    (units, named), name = name_units(item, context.corpus.unit_names), wording.named(item, context.language)
    correction = wording.corrected(item, "unit", context.language)
    printed = (Proof(item, one.text) for one in item.fields if one.field == "responsible" and one.text.strip())
    proof = None if correction else row_proof(item) or next(printed, None)  # which print what was corrected
    said = context.say("responsible_for", name=name, units=units + correction, source=source(context, item))
    computed = (said,) if correction else ()
    return sentence(Fragment(said, (proof or name_proof(item, context.corpus), *named)), ".", computed=computed)


def _field(context: Context, item: Item) -> Sentence | None:
    """A labelled field that means what was asked; None where the record has none."""
    meanings = MEANINGS.get(context.query.asked, {}) if context.query.asked in _OF_FIELDS else {}
    stated = (one for one in item.fields if meanings.get(one.field or "", 0.0) >= 1.0 and one.text.strip())
    if (field := next(stated, None)) is None:
        return None
    name, label = wording.named(item, context.language), field.label.strip().rstrip(" :?")
    label += wording.corrected(item, field.field or "", context.language)
    where = context.say("field_of", label=label, name=name, source=source(context, item))
    return sentence(Fragment(" ".join(field.text.split()), (Proof(item, field.text),)), where)


def facts(item: Item) -> AnswerData:
    """The fields of a record as the one row of an answer's data."""
    plain = {"document_id": item.document_id, "key": item.key, "ref": item.ref, "title": item.title}
    row: dict[str, Any] = {**plain, "status": item.status.value if item.status else None}
    row |= {"responsible": list(item.responsible), "cooperation": item.cooperation}
    row |= {"municipalities": list(item.municipalities), "dates": list(item.dates), "amounts": list(item.amounts)}
    return AnswerData(kind=DataKind.FACTS, columns=list(row), rows=[row], total=1)
