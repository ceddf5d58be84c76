"""One field of one record: status, responsible units, time, cost; with yes or no where a status says so."""

from __future__ import annotations

from dataclasses import replace

from service.answering import wording
from service.answering.composing import passages
from service.answering.composing.contacts import with_contacts
from service.answering.composing.fixed import not_in_documents
from service.answering.composing.quoting import ended, source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.finding.facts import MEANINGS
from service.answering.finding.judge import weights
from service.answering.query import Asked
from service.answering.verifying.proofs import name_proof, row_proof, status_proof
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind, ItemStatus

_OF_FIELDS = (Asked.DATE, Asked.AMOUNT, Asked.RESPONSIBLE, Asked.ORGANISATION, Asked.PERSON)
RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)
_UNDONE = (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS)
_SURELY = 1.0  # fit of a field's meaning from which it is what was asked
_STATE = 420  # characters of the passage on the state of affairs


def compose(context: Context) -> Draft:
    """The field of the record asked about; where no record surely is, or it has no such field, what the papers say."""
    item = meant(context)
    if item is None:
        return passages.compose(context)
    if context.query.asked is Asked.STATUS and item.status:
        draft = _status(context, item)
    elif context.query.asked is Asked.RESPONSIBLE and item.responsible:
        draft = with_contacts(context, _responsible(context, item))
    elif field := _field(context, item):
        draft = field
    elif context.query.asked is Asked.RESPONSIBLE and item in context.values.numbered.items:
        missing = context.say("Wer dafür zuständig ist, wurde nicht gefunden.", "Who is responsible was not found.")
        return not_in_documents(context, missing, item)
    elif context.query.asked is Asked.RESPONSIBLE:
        return passages.found(context, [item, *(one for one, _ in context.judged if one != item)])
    else:
        return passages.compose(context)
    return replace(draft, data=_facts(item), row_proofs=((name_proof(item, context.corpus),),))


def meant(context: Context) -> Item | None:
    """The record that is asked about: named, or found and surely enough meant."""
    named = [item for item in context.entries if item.kind in RECORDS or item.fields]
    if named:
        return named[0]
    for item, sure in context.judged[:1]:
        if (item.kind in RECORDS or item.fields) and sure >= weights().answers:
            return item
    return None


def _status(context: Context, item: Item) -> Draft:
    """Where a record stands, with the state of affairs and what the project list says otherwise."""
    assert item.status is not None
    said = wording.predicate(item.status, context.language)
    name = wording.named(item, context.language)
    paper = source(context.corpus.document(item), context.language)
    verdict = _verdict(context, item.status)
    begun = context.say(f"{wording.beginning(name)} ist {said}", f"{wording.beginning(name)} is {said}")
    told = f"{verdict}: {name} {context.say('ist', 'is')} {said}" if verdict else begun
    first = sentence(Fragment(f"{told} ({paper})", (status_proof(item, context.corpus),)), ".")
    return answered(first, *conflicts(context, item), *_state(context, item), mode=AnswerMode.COMPUTED)


def _verdict(context: Context, status: ItemStatus) -> str:
    """Yes, no or not yet, where one is asked and the question names a status."""
    asked = context.query.conditions.statuses
    if not context.query.yes_no or not asked:
        return ""
    if status in asked or (status is ItemStatus.ARCHIVED and ItemStatus.IMPLEMENTED in asked):
        return context.say("Ja", "Yes")
    earlier = status in _UNDONE and any(one not in _UNDONE or _order(one) > _order(status) for one in asked)
    return context.say("Noch nicht", "Not yet") if earlier else context.say("Nein", "No")


def _order(status: ItemStatus) -> int:
    return list(ItemStatus).index(status)


def conflicts(context: Context, item: Item) -> list[Sentence]:
    """What the project list says otherwise, with its row."""
    row = row_proof(item)
    found = []
    for one in item.conflicts if row else ():
        assert row is not None
        if one.field == "status" and one.table in set(ItemStatus):
            other = wording.status(ItemStatus(one.table), context.language)
            said = context.say(
                f"Die Projektliste desselben Berichts zeigt einen anderen Status: {other}",
                f"The project list of the same report shows another status: {other}",
            )
            found.append(sentence(Fragment(said, (row,)), "."))
        elif one.field == "ref":
            said = context.say(
                f"In der Projektliste steht es unter der Nummer {one.table}",
                f"In the project list it has the number {one.table}",
            )
            found.append(sentence(Fragment(said, (row,)), "."))
    return found


def _state(context: Context, item: Item) -> list[Sentence]:
    """The best sentences on the state of affairs."""
    if not item.state:
        return []
    said = [one for one in context.corpus.sentences(item) if one.text in item.state]
    passage = context.chooser.passage(item, _STATE)
    if passage not in item.state:
        passage = " ".join(one.text for one in said[:2] if len(one.text) <= _STATE)
    return [sentence(Fragment(ended(passage), (Proof(item, passage),)))] if passage and passage in item.state else []


def _responsible(context: Context, item: Item) -> Draft:
    """The units that are responsible, with the passage that prints them."""
    units, name = ", ".join(item.responsible), wording.named(item, context.language)
    field = next((one for one in item.fields if one.field == "responsible" and one.text.strip()), None)
    row = row_proof(item)
    proof = row or (Proof(item, field.text) if field else name_proof(item, context.corpus))
    paper = source(context.corpus.document(item), context.language)
    said = context.say(f"Zuständig für {name}: {units} ({paper})", f"Responsible for {name}: {units} ({paper})")
    told = [one for one in conflicts(context, item) if "Nummer" in one.text or "number" in one.text]
    return answered(sentence(Fragment(said, (proof,)), "."), *told, mode=AnswerMode.COMPUTED)


def _field(context: Context, item: Item) -> Draft | None:
    """A labelled field that means what was asked; None where the record has none."""
    if context.query.asked not in _OF_FIELDS:
        return None
    meanings = MEANINGS.get(context.query.asked, {})
    stated = [one for one in item.fields if meanings.get(one.field or "", 0.0) >= _SURELY and one.text.strip()]
    if not stated:
        return None
    field, name = stated[0], wording.named(item, context.language)
    said = " ".join(field.text.split())
    paper = source(context.corpus.document(item), context.language)
    label = field.label.strip().rstrip(" :?")
    told = sentence(Fragment(said, (Proof(item, field.text),)), f" ({label}, {name}; {paper}).")
    return answered(told, mode=AnswerMode.COMPUTED)


def _facts(item: Item) -> AnswerData:
    row = {
        "document_id": item.document_id,
        "key": item.key,
        "ref": item.ref,
        "title": item.title,
        "status": item.status.value if item.status else None,
        "responsible": list(item.responsible),
        "cooperation": item.cooperation,
        "municipalities": list(item.municipalities),
        "dates": list(item.dates),
        "amounts": list(item.amounts),
    }
    return AnswerData(kind=DataKind.FACTS, columns=list(row), rows=[row], total=1)
