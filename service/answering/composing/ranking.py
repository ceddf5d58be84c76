"""Rankings, computed over the records: what has the most of them, states the largest amount, begins first, weighs most.

Every ranking says over how many records it was computed. Where hardly any record states what they are ranked by, or the
paper itself puts none before the others, that is said instead.
"""

from __future__ import annotations

from dataclasses import replace

from service.answering import wording
from service.answering.composing import ranking_groups, ranking_weight
from service.answering.composing.ranking_values import Stated, stated, unit_of
from service.answering.composing.reserved import of_countable, told
from service.answering.composing.selection import Selection, select
from service.answering.composing.titles import source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, answered, sentence
from service.answering.nonanswers import not_in_documents
from service.answering.query import Intent, Sort, SortBy
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item

_ENOUGH = 0.25  # share of the records that must state what they are ranked by
_RUNNERS_UP = 2


def compose(context: Context) -> Draft:
    """The ranking that is asked for."""
    sort = context.query.sort
    assert sort is not None
    if sort.by is SortBy.COUNT:
        return ranking_groups.compose(context, pool(context))
    chosen = pool(context)
    if sort.by in (SortBy.PRIORITY, SortBy.WEIGHT):
        return ranking_weight.compose(context, chosen)
    return of_countable(context, {chosen.kind}, lambda narrowed: _by_value(narrowed, sort))


def pool(context: Context) -> Selection:
    """The records that are ranked: those that a list would show, on what the question names besides."""
    query = context.query
    topic = tuple(word for word in query.topic if word.text[0].isupper() or word.foreign)
    return select(replace(context, query=replace(query, intent=Intent.LIST, topic=topic)))


def _by_value(context: Context, sort: Sort) -> Draft:
    chosen = pool(context)
    known = [one for item in chosen.items if (one := stated(item, sort, context.corpus)) is not None]
    known.sort(key=lambda one: one.value, reverse=not sort.least)
    if len(known) < max(2, _ENOUGH * len(chosen.items)):
        return _hardly_any(context, sort, chosen, known)
    leading = [one for one in known if one.value == known[max(sort.limit, 1) - 1 : sort.limit][0].value]
    first = known[: max(sort.limit, known.index(leading[-1]) + 1)] if len(known) >= sort.limit else known
    parts = [
        Fragment(("; " if place else "") + f"{_name(context, one.item)}: {one.text}", (one.proof,))
        for place, one in enumerate(first)
    ]
    rest = known[len(first) : len(first) + _RUNNERS_UP] if sort.limit == 1 else []
    for place, one in enumerate(rest):
        between = ", " if place else context.say("; danach ", "; then ")
        parts.append(Fragment(f"{between}{_name(context, one.item)} ({one.text})", (one.proof,)))
    numbers = (str(len(known)), str(len(chosen.items)))
    said = sentence(*parts, _over(context, sort, chosen, len(known)), computed=numbers)
    return answered(
        said,
        *told(context, chosen.known),
        mode=AnswerMode.COMPUTED,
        data=_data(sort, known, chosen),
        row_proofs=tuple((one.proof,) for one in known),
    )


def _name(context: Context, item: Item) -> str:
    return wording.beginning(wording.full_name(item, context.language))


def _over(context: Context, sort: Sort, chosen: Selection, number: int) -> str:
    """Over how many records a ranking was computed, in which papers."""
    kind, total = wording.kind(chosen.kind, context.language, 2), len(chosen.items)
    ids = dict.fromkeys(item.document_id for item in chosen.items)
    where = "; ".join(source(context.corpus.catalogue.documents[one], context.language) for one in ids)
    german, english = unit_of(sort)
    return context.say(
        f". Verglichen sind die {number} von {total} {_dative(kind)}, die einen {german} nennen ({where}).",
        f". Compared are the {number} of {total} {kind} that state {english} ({where}).",
    )


def _dative(plural: str) -> str:
    return plural if plural.endswith("n") else f"{plural}n"


def _hardly_any(context: Context, sort: Sort, chosen: Selection, known: list[Stated]) -> Draft:
    """That too few records state what they are to be ranked by."""
    german, english = unit_of(sort)
    kind, total = wording.kind(chosen.kind, context.language, 2), len(chosen.items)
    few = len(known)
    missing = context.say(
        f"Das geben die Dokumente nicht her: Einen {german} {'nennt' if few == 1 else 'nennen'} nur "
        f"{few} von {total} {_dative(kind)}.",
        f"The documents do not tell: only {few} of {total} {kind} {'states' if few == 1 else 'state'} {english}.",
    )
    if not few:
        missing = context.say(
            f"Das geben die Dokumente nicht her: In keinem der {total} Einträge ({kind}) steht ein {german}.",
            f"The documents do not tell: none of {total} {kind} states {english}.",
        )
    draft = not_in_documents(context, missing)
    return replace(draft, nearest=tuple(one.item for one in known[:3]) or draft.nearest)


def _data(sort: Sort, known: list[Stated], chosen: Selection) -> AnswerData:
    rows = [
        {
            "document_id": one.item.document_id,
            "ref": one.item.ref,
            "title": one.item.title,
            sort.by.value: one.text,
        }
        for one in known
    ]
    columns = ["ref", "title", sort.by.value]
    return AnswerData(
        kind=DataKind.LIST,
        columns=columns,
        rows=rows,
        total=chosen.known.total(len(rows)),
        complete=chosen.known.complete,
    )
