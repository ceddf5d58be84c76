"""Overviews of a broad topic: how much there is on it, and a few items with a sentence each; the rest as rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from service.answering import wording
from service.answering.composing import extract
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.answerable import accepted
from service.answering.evidence.passages import name_proof, status_proof
from service.answering.finding.topic_records import records_on
from service.answering.finding.topics import SAID_ONLY, Match
from service.models import AnswerData, AnswerMode, DataKind
from service.records import item_url
from vectorstore.records import Item, ItemKind, ItemStatus

TOLD = 5  # items that are told, each with a sentence
_LEAST = 3  # items on a topic that make an overview; of fewer the passages are told
_MEANT = 0.6  # weight from which an item is surely on the topic; below it something found must answer
_LENGTH = 220  # characters of an item's sentence
_SURE = 0.5  # share of the best item's weight that an item needs to be told
_NEAR = 0.3  # share of the best one's score that something found needs to be told; from .3 to .4 alike, above less
_AGAIN = 0.85  # factor on the weight of an item that stands beside one which is told already
_RECORDS = (
    ItemKind.THEME,
    ItemKind.GOAL,
    ItemKind.PRINCIPLE,
    ItemKind.THESIS,
    ItemKind.PROJECT,
    ItemKind.MEASURE,
    ItemKind.RESOLUTION,
)


def compose(context: Context) -> Draft:
    """How many items are on the topic and which; passages where there is little, an honest non-answer for nothing."""
    matches = on_topic(context)
    called = [one for one in matches if one.kind not in SAID_ONLY]
    if len(matches) < _LEAST or not called or not (called[0].weight >= _MEANT or accepted(context).items):
        return _of_what_was_found(context)
    told = _told(context, matches)
    items = [one.item for one in matches]
    rows = [_row(context, item) for item in items]
    proofs = {(item.document_id, item.key): (_proof(context, item),) for item in told}
    data = AnswerData(
        kind=DataKind.OVERVIEW,
        columns=["ref", "title", "status", "document"],
        rows=rows,
        total=len(items),
    )
    return answered(
        _counted(context, items, told[0]),
        *(one for item in told for one in _sentences(context, item)),
        mode=AnswerMode.COMPUTED,
        data=data,
        row_proofs=tuple(proofs.get((item.document_id, item.key), ()) for item in items),
    )


def _of_what_was_found(context: Context) -> Draft:
    """Where no records are called by the topic: a sentence each of what was found, uncounted, for it may not be all."""
    best = context.found[0].score if context.found else 0.0
    near = [one.item for one in context.found if one.score >= _NEAR * best and _may_be_told(one.item)][:TOLD]
    if len(near) < _LEAST or not accepted(context).items:
        return extract.compose(context)
    return answered(*(_sentence(context, item) for item in near), mode=AnswerMode.EXTRACTIVE)


def _may_be_told(item: Item) -> bool:
    return item.status is not ItemStatus.ARCHIVED and item.ref != "Titel"


def on_topic(context: Context) -> list[Match]:
    """The items on the query's topic, the surest first, without archive rows."""
    return [one for one in records_on(context) if one.item.status is not ItemStatus.ARCHIVED]


def _told(context: Context, matches: Sequence[Match]) -> list[Item]:
    """The few that are told: the surest, not all from one place; what only says the topic where else they are few."""
    called = [one for one in matches if one.kind not in SAID_ONLY and one.weight >= _SURE * matches[0].weight]
    told = _chosen(context, called, TOLD, [])
    taken = set(map(id, called))
    return _chosen(context, [one for one in matches if id(one) not in taken], TOLD - len(told), told)


def _chosen(context: Context, matches: list[Match], most: int, told: list[Item]) -> list[Item]:
    """At most so many more items beside those that are told, each worth less the more it stands beside them."""
    rest, chosen = list(matches), list(told)
    while rest and len(chosen) < len(told) + most:
        best = _best(context, rest, chosen)
        chosen.append(rest.pop(best).item)
    return chosen


def _best(context: Context, rest: Sequence[Match], told: Sequence[Item]) -> int:
    """The place of the match that is worth most beside those told: the first, where several are.

    None is worth more than its weight, so most are not even compared.
    """
    worth, best = -1.0, 0
    for place, one in enumerate(rest):
        if one.weight > worth and (beside := one.weight * _beside(context, one.item, told)) > worth:
            worth, best = beside, place
    return best


def _beside(context: Context, item: Item, told: Iterable[Item]) -> float:
    """How much less an item is worth beside those that are told: of the same goal, of the same paper."""
    above = context.corpus.catalogue.parent(item)
    factor = 1.0
    for other in told:
        if other.document_id == item.document_id:
            factor *= _AGAIN**0.5
            if above is not None and above == context.corpus.catalogue.parent(other):
                factor *= _AGAIN
    return factor


def _counted(context: Context, items: Sequence[Item], first: Item) -> Sentence:
    """How many there are, by kind and status: computed over all that is on the topic."""
    language = context.language
    parts = []
    for kind in (*_RECORDS, ItemKind.SECTION):
        of_kind = [item for item in items if item.kind is kind]
        if of_kind:
            states = Counter(item.status for item in of_kind if item.status is not None)
            inner = ", ".join(wording.counted(one, states[one], language) for one in ItemStatus if states[one])
            noun = wording.kind(kind, language, len(of_kind))
            parts.append(f"{len(of_kind)} {noun}" + (f" ({inner})" if inner else ""))
    documents = {item.document_id for item in items}
    where = (
        context.say("in {number} Papieren", "in {number} papers", number=len(documents))
        if len(documents) > 1
        else "in " + titled(context.corpus.document(first), language)
    )
    said = context.say(
        "Dazu stehen {where} {what}.",
        "On this there are {what} {where}.",
        where=where,
        what=_strung(parts, context.say("und", "and")),
    )
    return sentence(Fragment(said, (name_proof(first, context.corpus),)), computed=(where, *parts))


def _sentences(context: Context, item: Item) -> list[Sentence]:
    """An item's name and the sentence that answers best."""
    return [_sentence(context, item)]


def _sentence(context: Context, item: Item) -> Sentence:
    """An item's name with its status, and the sentence that answers best."""
    name = _name(context, item)
    proof = _proof(context, item)
    passages = extract.passages_of(context, item, _LENGTH, 1)
    if not passages or passages[0].strip(" .") in name:
        return sentence(Fragment(name, (name_proof(item, context.corpus), proof)), ".")
    passage = passages[0]
    ended = passage if passage.endswith((".", "!", "?", "…")) else f"{passage}."
    return sentence(Fragment(name, (proof,)), ": ", Fragment(ended, (Proof(item, passage),)))


def _name(context: Context, item: Item) -> str:
    """An item's name with its status and its document's standing."""
    status = wording.status(item.status, context.language) if item.status else ""
    standing = wording.authority(context.corpus.document(item), context.language)
    notes = ", ".join(one for one in (status, standing) if one)
    return wording.beginning(wording.named(item, context.language)) + (f" ({notes})" if notes else "")


def _proof(context: Context, item: Item) -> Proof:
    """What proves an item's name with its status."""
    return status_proof(item, context.corpus) if item.status else name_proof(item, context.corpus)


def _row(context: Context, item: Item) -> dict[str, object]:
    return {
        "document_id": item.document_id,
        "document": context.corpus.document(item).title,
        "ref": item.ref,
        "title": item.title,
        "kind": item.kind.value,
        "status": item.status.value if item.status else None,
        "theme": item.theme.title if item.theme else None,
        "url": item_url(item.document_id, item.key),
    }


def _strung(parts: Sequence[str], last: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
