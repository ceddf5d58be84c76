"""Lists and counts of records: computed, complete, with the date that they count for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.answering import wording
from service.answering.composing import passages
from service.answering.composing.fixed import not_in_documents
from service.answering.composing.passages import row_of
from service.answering.composing.quoting import source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.query import Conditions, Sort, UnknownValue, Want
from service.answering.tools.ordering import grouped, largest_amount, ordered, stated_by
from service.answering.tools.records import Conditioned, Selection
from service.answering.verifying.proofs import name_proof, row_proof
from service.completeness import counted
from service.models import MOST_ROWS, AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind, ItemStatus

_RANKED = 0.5  # share of the records that has to state what they are ranked by
_NAMED = 12  # records that the answer names; the rows have all
_LONGEST_TITLE = 120


def compose(context: Context) -> Draft:
    """A list or a count; where a topic has no record, what was found."""
    query = context.query
    if context.values.unknown_unit:
        unit = context.values.unknown_unit
        missing = context.say(f"Eine Einheit {unit} wurde nicht gefunden.", f"No unit {unit} was found.")
        return not_in_documents(context, missing)
    try:
        chosen = _selected(context, query.conditions)
    except UnknownValue:
        return passages.compose(context)
    dropped = ""
    if not chosen.items and query.conditions.topic and query.conditions.unit:
        dropped, conditions = query.conditions.topic, replace(query.conditions, topic="")
        context = replace(context, query=replace(query, conditions=conditions))
        query, chosen = context.query, _selected(context, conditions)
    if not chosen.items and query.conditions.topic:
        return passages.compose(context)
    if not _knows(context, query.conditions) or (not chosen.items and not _chosen_by_value(query.conditions)):
        return passages.compose(context)
    ranked = _states(chosen.items, query.sort)
    if not ranked and not _chosen_by_value(query.conditions):
        return passages.compose(context)
    items = ordered(chosen.items, query.sort if ranked else Sort.PAPER)
    told = [_without(context, dropped)] if dropped else []
    told += _told(context, items, chosen)
    told += [_missing(context, text, document) for text, document in _gaps(context, chosen)]
    kind = DataKind.COUNT if query.want is Want.COUNT else DataKind.LIST
    data = AnswerData(
        kind=kind,
        columns=["ref", "title", "status"],
        rows=[row_of(context, item) for item in items[:MOST_ROWS]],
        total=chosen.known.total(len(items)),
        complete=chosen.complete,
        truncated=len(items) > MOST_ROWS,
    )
    proofs = tuple((_proof(context, item),) for item in items[:MOST_ROWS])
    draft = answered(*told, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)
    for notice in chosen.notices:
        draft = draft.noting(notice.code, notice.text)
    return draft


def _selected(context: Context, asked: Conditions) -> Selection:
    return Conditioned(context.corpus, context.resolver, asked).selected(context.language)


def _told(context: Context, items: Sequence[Item], chosen: Selection) -> list[Sentence]:
    """How many there are and under which conditions, then the records, or how many each value has."""
    query = context.query
    number = chosen.complete if query.conditions.topic == "" else chosen.known.complete
    opening = counted(len(items), _nouns(context, items), number, context.language)
    said = f"{opening}{_conditions(context)}"
    papers = list(dict.fromkeys(item.document_id for item in items)) or [one.id for one in context.documents]
    documents = [context.corpus.catalogue.documents[one] for one in papers[:3]]
    dated = "; ".join(source(one, context.language) for one in documents)
    bracket = f" ({dated})" if dated and len(papers) <= 3 else ""
    words = (str(len(items)), opening, said)
    if not items:
        front = _head_of(context) or (context.corpus.front_matter(papers[0]) if papers else None)
        proof = (name_proof(front, context.corpus),) if front else ()
        return [sentence(Fragment(f"{said}{bracket}", proof), ".", computed=words)]
    groups = grouped(items, query.group, context.corpus.catalogue)
    if len([one for one in groups if one.id]) > 1:
        return [_by_group(context, items, said + bracket, words)]
    shown = items[:_NAMED]
    parts: list[Fragment] = [Fragment(f"{said}{bracket}: ")]
    for place, item in enumerate(shown):
        parts.append(Fragment((", " if place else "") + _label(context, item), (_proof(context, item),)))
    more = len(items) - len(shown)
    rest = context.say(f" und {more} weitere", f" and {more} more") if more else ""
    amounts = [stated[1].text for item in shown if (stated := largest_amount(item))]
    return [sentence(*parts, f"{rest}.", computed=(*words, str(more), rest, *amounts))]


def _states(items: Sequence[Item], sort: Sort) -> bool:
    """Whether enough records state what they are to be ranked by."""
    stated = [one for one in items if sort is Sort.PAPER or stated_by(one, sort) is not None]
    return len(stated) >= _RANKED * len(items)


def _chosen_by_value(asked: Conditions) -> bool:
    """Whether records are chosen by values that the papers have: then none of them is an answer."""
    return bool(asked.statuses or asked.unit or asked.place or asked.theme or asked.goal)


def _without(context: Context, topic: str) -> Sentence:
    """That no record meets the topic too: the others are told without it."""
    said = context.say(f"Zu „{topic}“ wurde darunter nichts gefunden.", f"Nothing on “{topic}” was found among them.")
    return Sentence((Fragment(said),), computed=(said,), reservation=True)


def _by_group(context: Context, items: Sequence[Item], said: str, words: tuple[str, ...]) -> Sentence:
    groups = sorted(grouped(items, context.query.group, context.corpus.catalogue), key=lambda one: -one.count)
    named = [one for one in groups if one.id]
    told = ", ".join(f"{one.title} {one.count}" for one in named[:_NAMED])
    proofs = tuple(_proof(context, item) for item in items[:3])
    computed = (*words, told, *(str(one.count) for one in named))
    return sentence(Fragment(f"{said}: {told}", proofs), ".", computed=computed)


def _label(context: Context, item: Item) -> str:
    """A record as a list names it: its title, its number and, where it was ranked by that, its amount."""
    title = item.title if len(item.title) <= _LONGEST_TITLE else f"{item.title[:_LONGEST_TITLE].rsplit(' ', 1)[0]} …"
    number = "" if item.ref in (item.title, "Archiv") or item.kind is ItemKind.SECTION else f"{item.ref} "
    amount = largest_amount(item) if context.query.sort is Sort.AMOUNT else None
    statuses = context.query.conditions.statuses
    status = f" ({wording.status(item.status, context.language)})" if item.status and len(statuses) != 1 else ""
    return f"{number}{title}{status}" + (f" ({amount[1].text})" if amount else "")


def _proof(context: Context, item: Item) -> Proof:
    archived = item.status is ItemStatus.ARCHIVED
    return (row_proof(item) if archived else None) or name_proof(item, context.corpus)


def _nouns(context: Context, items: Sequence[Item]) -> tuple[str, str]:
    kinds = {item.kind for item in items} or set(context.query.conditions.kinds)
    if len(kinds) == 1:
        kind = kinds.pop()
        return wording.kind(kind, context.language), wording.kind(kind, context.language, 2)
    return context.say("Eintrag", "entry"), context.say("Einträge", "entries")


def _conditions(context: Context) -> str:
    """The conditions in words: what was counted."""
    asked, language = context.query.conditions, context.language
    said = []
    if asked.statuses:
        words = f" {context.say('oder', 'or')} ".join(wording.status(one, language) for one in asked.statuses)
        said.append(context.say(f"mit dem Status „{words}“", f"with the status “{words}”"))
    if asked.theme or asked.goal:
        head = _heading(context)
        said.append(context.say(f"unter „{head}“", f"under “{head}”"))
    if asked.topic:
        said.append(context.say(f"zu „{asked.topic}“", f"on “{asked.topic}”"))
    if asked.unit:
        said.append(context.say(f"von {asked.unit}", f"of {asked.unit}"))
    if asked.place:
        said.append(context.say(f"mit {asked.place}", f"with {asked.place}"))
    if asked.since or asked.until:
        years = asked.since if asked.since == asked.until else f"{asked.since}–{asked.until}"
        said.append(context.say(f"mit einem Datum {years}", f"with a date {years}"))
    return "".join(f" {one}" for one in said)


def _heading(context: Context) -> str:
    """The theme or goal under which records stand, by number and title where that is a name."""
    number = context.query.conditions.theme or context.query.conditions.goal
    head = _head_of(context)
    named = head is not None and head.title != number and len(head.title) <= _LONGEST_TITLE
    return f"{number} {head.title}" if named and head else number


def _head_of(context: Context) -> Item | None:
    """The theme or goal of the conditions; None where there is none."""
    asked, papers = context.query.conditions, {one.id for one in context.documents}
    kind, number = (ItemKind.THEME, asked.theme) if asked.theme else (ItemKind.GOAL, asked.goal)
    items = (one for one in context.corpus.catalogue.items if number and one.kind is kind and one.ref == number)
    return next((one for one in items if one.document_id in papers), None)


def _knows(context: Context, asked: Conditions) -> bool:
    """Whether the papers have records of the kinds at all: of others no number is told."""
    rest = replace(Conditions(), kinds=asked.kinds, documents=asked.documents)
    return bool(_selected(context, rest).items) or asked.statuses == (ItemStatus.ARCHIVED,)


def _gaps(context: Context, chosen: Selection) -> list[tuple[str, str]]:
    return [(text, document.id) for text, document in chosen.known.said(context.language)]


def _missing(context: Context, text: str, document_id: str) -> Sentence:
    front = context.corpus.front_matter(document_id)
    proofs = (name_proof(front, context.corpus),) if front else ()
    return Sentence((Fragment(text.rstrip("."), proofs), Fragment(".")), computed=(text,), reservation=True)
