"""What has the most or the fewest records: themes, goals, statuses, units, municipalities, papers; by counting all."""

from __future__ import annotations

from dataclasses import replace

from service.answering import wording
from service.answering.composing.records_described import described
from service.answering.composing.reserved import of_countable, records_counted, told
from service.answering.composing.selection import Selection
from service.answering.composing.titles import source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, answered, sentence
from service.answering.evidence.passages import first_words, name_proof, row_proof, status_proof
from service.answering.nonanswers import not_in_documents
from service.answering.query import Grouping, Sort
from service.completeness import figure
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind

Group = tuple[str, list[Proof], list[Item]]

_RUNNERS_UP = 4
_NAMED = 8
_COLUMN = {Grouping.UNIT: "unit"}


def compose(context: Context, chosen: Selection) -> Draft:
    """The leading groups, then the next ones; a non-answer where no record belongs to a group."""
    return of_countable(context, {chosen.kind}, lambda narrowed: _compose(narrowed, _within(narrowed, chosen)))


def _within(context: Context, chosen: Selection) -> Selection:
    """The selection in the documents that may be counted."""
    kept = tuple(item for item in chosen.items if item.document_id in context.query.documents)
    return replace(chosen, items=kept)


def _compose(context: Context, chosen: Selection) -> Draft:
    sort = context.query.sort
    assert sort is not None
    groups = sorted(grouped(context, chosen, sort), key=lambda one: len(one[2]) * (1 if sort.least else -1))
    if not groups:
        return not_in_documents(context)
    leading = [one for one in groups if len(one[2]) == len(groups[0][2])]
    others = groups[len(leading) :][:_RUNNERS_UP]
    complete, number = chosen.known.complete, len(groups[0][2])
    parts = [
        Fragment((context.say(" und ", " and ") if place else "") + name, tuple(proofs[:1]))
        for place, (name, proofs, _) in enumerate(leading)
    ]
    each = context.say("je ", "") if len(leading) > 1 else ""
    counted = records_counted(context, number, complete, (chosen.kind,))
    which = described(context, replace(chosen, said=()))
    parts.append(Fragment(f": {each}{counted}{f' {which}' if which else ''}"))
    parts += _members(leading)
    for place, (name, proofs, items) in enumerate(others):
        between = ", " if place else context.say("; danach ", "; then ")
        count = figure(len(items), complete, context.language)
        parts.append(Fragment(f"{between}{name} ({count})", tuple(proofs[:1])))
    parts.append(Fragment(_over(context, chosen, groups)))
    computed = (str(len(chosen.items)), *(part for name, _, items in groups for part in (name, str(len(items)))))
    data = _data(context, chosen, groups, sort)
    rows = tuple(tuple(proofs) for _, proofs, _ in groups)
    sentences = (sentence(*parts, computed=computed), *told(context, chosen.known))
    return answered(*sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=rows)


def _members(leading: list[Group]) -> list[Fragment]:
    """The records of the one leading group, where they are few."""
    items, proofs = leading[0][2], leading[0][1]
    if len(leading) > 1 or len(items) > _NAMED:
        return []
    names = [wording.numbered(item) for item in items]
    return [
        *(
            Fragment((", " if place else " (") + name, (proof,))
            for place, (name, proof) in enumerate(zip(names, proofs[-len(items) :], strict=True))
        ),
        Fragment(")"),
    ]


def _over(context: Context, chosen: Selection, groups: list[Group]) -> str:
    """Over how many records it was counted, and where."""
    inside = {(item.document_id, item.key) for _, _, items in groups for item in items}
    ids = dict.fromkeys(document_id for document_id, _ in inside)
    where = "; ".join(source(context.corpus.catalogue.documents[one], context.language) for one in sorted(ids))
    total = records_counted(context, len(chosen.items), chosen.known.complete, (chosen.kind,))
    return context.say(f". Gezählt über {total} ({where}).", f". Counted over {total} ({where}).")


def grouped(context: Context, chosen: Selection, sort: Sort) -> list[Group]:
    """Each group with its name, what proves it and its records, in the order of the documents."""
    groups: dict[tuple[str, str], Group] = {}
    for item in chosen.items:
        for name, proofs in _belongs(context, item, sort.grouping):
            document = "" if sort.grouping in (Grouping.UNIT, Grouping.PLACE) else item.document_id
            group = groups.setdefault((document, name), (name, list(proofs), []))
            group[1].append(_proof(context, item, sort.grouping))
            group[2].append(item)
    return list(groups.values())


def _proof(context: Context, item: Item, grouping: Grouping) -> Proof:
    """What proves that a record belongs to its group."""
    row = row_proof(item) if grouping in (Grouping.UNIT, Grouping.PLACE) else None
    if row is None and grouping is Grouping.UNIT:
        field = next((one for one in item.fields if one.field == "responsible" and one.text.strip()), None)
        row = Proof(item, first_words(field.text), field.start if field.start >= 0 else None) if field else None
    return row or (
        status_proof(item, context.corpus) if grouping is Grouping.STATUS else name_proof(item, context.corpus)
    )


def _belongs(context: Context, item: Item, grouping: Grouping) -> list[tuple[str, tuple[Proof, ...]]]:
    """The groups of a record: their names, and what names them where that is no record of the group itself."""
    corpus = context.corpus
    if grouping is Grouping.UNIT:
        return [(unit, ()) for unit in item.responsible]
    if grouping is Grouping.PLACE:
        return [(place, ()) for place in item.municipalities]
    if grouping is Grouping.STATUS:
        return [(wording.status(item.status, context.language), ())] if item.status else []
    if grouping is Grouping.DOCUMENT:
        front = corpus.front_matter(item.document_id)
        return [(corpus.document(item).title, (name_proof(front, corpus),) if front else ())]
    kind = ItemKind.GOAL if grouping is Grouping.GOAL else ItemKind.THEME
    ancestors = corpus.ancestors(item)
    above = next((one for one in ancestors if one.kind is kind), None)
    said = item.theme if kind is ItemKind.THEME else item.goal
    if above is None and said is None and kind is ItemKind.THEME and ancestors:
        above = ancestors[-1]
    if above is not None:
        name = wording.numbered(above) if kind is ItemKind.GOAL else above.title
        return [(name, (name_proof(above, corpus),))]
    return [(said.title, ())] if said is not None else []


def _data(context: Context, chosen: Selection, groups: list[Group], sort: Sort) -> AnswerData:
    column, known = _COLUMN.get(sort.grouping, "group"), chosen.known
    rows = [
        {column: name, "projects": known.total(len(items)), "refs": [item.ref for item in items]}
        for name, _, items in groups
    ]
    total, columns = known.total(len(rows)), [column, "projects"]
    return AnswerData(kind=DataKind.FACTS, columns=columns, rows=rows, total=total, complete=known.complete)
