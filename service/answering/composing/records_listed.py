"""Lists and counts of records: computed, complete, with the date they count for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from service.answer_data import MOST_ROWS
from service.answering import wording
from service.answering.composing import breakdown, documents_listed, extract
from service.answering.composing.filter_check import FilterCheck
from service.answering.composing.records_described import computed, opening
from service.answering.composing.reserved import nothing, of_countable, told
from service.answering.composing.selection import Selection, select
from service.answering.composing.status_otherwise import otherwise
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.passages import name_proof, row_proof
from service.answering.finding.topic_records import records_near
from service.answering.nonanswers import not_in_documents
from service.answering.query import Intent, Undecided
from service.models import AnswerData, AnswerMode, DataKind
from service.record_filters import left_out
from vectorstore.records import Item, ItemKind

_NAMED_IN_COUNTS = 30


def compose(context: Context) -> Draft:
    """A list or a count; where no record mentions the topic, the nearest ones or an honest non-answer."""
    if context.query.undecided is not Undecided.NOTHING:
        return not_in_documents(context, _undecided(context))
    if documents_listed.wanted(context):
        return documents_listed.compose(context)
    if breakdown.wanted(context):
        return breakdown.compose(context)
    return of_countable(context, select(context).kinds, _of_records) if _counts(context) else _of_records(context)


def _of_records(context: Context) -> Draft:
    chosen = select(context)
    if not chosen.items and _without_status(context):
        return not_in_documents(context, _no_status(context, chosen.kind))
    if chosen.unmatched and context.query.occurs:
        return extract.compose(context)
    if chosen.unmatched:
        chosen = _related(context, chosen)
        if not chosen.items or not _counts(context):
            return nothing(context, chosen.known)
    if not chosen.items and not _knows(context, chosen.kinds):
        passages = context.query.topic and not _counts(context)
        return extract.compose(context) if passages else nothing(context, chosen.known)
    narrow = context.query.filters.narrow or context.query.filters.without_unit
    if not chosen.items and not _counts(context) and (not narrow or chosen.known.complete is None):
        return nothing(context, chosen.known)
    if context.query.filters.unknown_units and not context.query.filters.units and not _counts(context):
        return not_in_documents(context, unknown_units(context))
    if chosen.unmatched and _counts(context):
        return _none_but_near(context, chosen)
    rows = tuple((_proof(context, item),) for item in chosen.items[:MOST_ROWS])
    sentences = [_sentence(context, chosen, rows), *otherwise(context, chosen), *told(context, chosen.known)]
    draft = answered(*sentences, mode=AnswerMode.COMPUTED, data=_data(context, chosen), row_proofs=rows)
    return _noticed(context, chosen, draft)


def _knows(context: Context, kinds: Iterable[ItemKind]) -> bool:
    """True where any document has records of one of these kinds: else none of them were read, and 0 is no count."""
    return bool(context.corpus.records.of_kinds(tuple(kinds)).any())


def _undecided(context: Context) -> str:
    """That records cannot be chosen by such a condition."""
    if context.query.undecided is Undecided.SUM:
        return context.say(
            "Nach Beträgen lassen sich die Einträge nicht zuverlässig auswählen.",
            "Records cannot be chosen reliably by sums of money.",
        )
    return context.say(
        "Wonach hier gefragt ist, sagen die Einträge nicht: Was ihnen fehlt, lässt sich nicht zuverlässig auswählen.",
        "Records cannot be chosen reliably by what they lack.",
    )


def _without_status(context: Context) -> bool:
    """True where records are asked for by status, and the papers give none of them any: no number can be told."""
    filters = context.query.filters
    if not filters.statuses:
        return False
    freed = replace(context, query=replace(context.query, filters=replace(filters, statuses=frozenset())))
    items = select(freed).items
    return bool(items) and not any(item.status for item in items)


def _no_status(context: Context, kind: ItemKind) -> str:
    """That no record of a kind has a status."""
    return context.say(
        "Wie weit {records} sind, sagen die Papiere nicht.",
        "The papers do not say how far {records} are.",
        records=wording.kind(kind, context.language, 2),
    )


def _counts(context: Context) -> bool:
    return context.query.intent is Intent.COUNT


def _proof(context: Context, item: Item) -> Proof:
    """What names a record; its row where the project list was asked."""
    row = row_proof(item) if context.query.filters.by_table else None
    return row or name_proof(item, context.corpus)


def unknown_units(context: Context) -> str:
    """That the documents know no such unit."""
    units = ", ".join(context.query.filters.unknown_units)
    return context.say(
        "Eine Einheit {units} nennen die Dokumente nicht.",
        "The documents name no responsible unit {units}.",
        units=units,
    )


def _noticed(context: Context, chosen: Selection, draft: Draft) -> Draft:
    """The draft with what the filters left out: records of all municipalities, units that no document knows."""
    filters = context.query.filters
    if filters.unknown_units:
        draft = draft.noting("unknown_unit", unknown_units(context))
    if not filters.municipalities or chosen.unmatched:
        return draft
    rest = select(replace(context, query=replace(context.query, filters=replace(filters, municipalities=()))))
    counted = {(item.document_id, item.key) for item in chosen.items}
    more = sum(item.all_municipalities and (item.document_id, item.key) not in counted for item in rest.items)
    more = more if not rest.unmatched else 0
    for notice in left_out(more, context.language, complete=chosen.known.complete):
        draft = draft.noting(notice.code, notice.text)
    return draft


def _related(context: Context, chosen: Selection) -> Selection:
    """What stands near the topic, where no record names it."""
    items, check = [one.item for one in records_near(context)], FilterCheck(context.query.filters, context.corpus)
    kept = [one for one in items if one.kind is chosen.kind and check.met_by(one)]
    return replace(chosen, items=tuple(kept), unmatched=bool(kept))


def _sentence(context: Context, chosen: Selection, rows: tuple[tuple[Proof, ...], ...]) -> Sentence:
    named = bool(chosen.items) and (context.query.intent is Intent.LIST or len(chosen.items) <= _NAMED_IN_COUNTS)
    share = breakdown.share(context, chosen)
    parts = opening(context, chosen, named)
    parts += [Fragment(f" ({share[0]})")] if share else []
    if named:
        parts.append(Fragment(" – "))
        for place, (item, proofs) in enumerate(zip(chosen.items, rows, strict=False)):
            parts.append(Fragment((", " if place else "") + _short(item), proofs))
    more = str(len(chosen.items) - len(rows)) if named and len(chosen.items) > len(rows) else ""
    if more:
        parts.append(Fragment(context.say(" und {more} weitere", " and {more} more", more=more)))
    return sentence(*parts, ".", computed=(*computed(context, chosen), *(share[1] if share else ()), more))


def _none_but_near(context: Context, chosen: Selection) -> Draft:
    """A count of none, and apart from it what comes near the topic: that is never counted."""
    none = replace(chosen, items=(), unmatched=False)
    counted = sentence(*opening(context, none, False), ".", computed=computed(context, none))
    parts = [Fragment(context.say("Nahe am Thema, nicht mitgezählt: ", "Close to the topic, not counted: "))]
    for place, item in enumerate(chosen.items):
        parts.append(Fragment((", " if place else "") + _short(item), (_proof(context, item),)))
    near = sentence(*parts, ".")
    sentences = (counted, near, *told(context, none.known))
    return _noticed(context, none, answered(*sentences, mode=AnswerMode.COMPUTED, data=_data(context, none)))


def _short(item: Item) -> str:
    if item.ref == "Archiv":
        return item.title
    title = item.title if len(item.title) <= 160 else item.title[:157].rsplit(" ", 1)[0] + " …"
    return wording.numbered(item, title)


def _data(context: Context, chosen: Selection) -> AnswerData:
    rows = [
        {
            "document_id": item.document_id,
            "ref": item.ref,
            "title": item.title,
            "status": item.status.value if item.status else None,
        }
        for item in chosen.items
    ]
    kind = DataKind.COUNT if context.query.intent is Intent.COUNT else DataKind.LIST
    known = chosen.known
    return AnswerData(
        kind=kind,
        columns=["ref", "title", "status"],
        rows=rows,
        total=known.total(len(rows)),
        complete=known.complete,
    )
