"""Projects by theme, goal or status with the number in each, and shares in percent."""

from __future__ import annotations

from dataclasses import replace

from service.answering import wording
from service.answering.composing.filter_check import FilterCheck
from service.answering.composing.records_described import described
from service.answering.composing.reserved import completeness, of_countable, records_counted, told
from service.answering.composing.selection import Selection, select
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, answered, sentence
from service.answering.evidence.passages import name_proof, status_proof
from service.answering.nonanswers import not_in_documents
from service.answering.query import Filters, Grouping, Intent, Measured
from service.completeness import figure
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind

Group = tuple[str, Proof, list[Item]]


def wanted(context: Context) -> bool:
    """True where projects are to be counted by theme, goal or status."""
    return bool(_asked(context)) and bool(_groups(context))


def compose(context: Context) -> Draft:
    """The number of projects in each group."""
    return of_countable(context, (ItemKind.PROJECT,), _of_groups)


def _of_groups(context: Context) -> Draft:
    groups = _groups(context)
    if not groups:
        return not_in_documents(context)
    known = completeness(context, (ItemKind.PROJECT,))
    complete = known.complete
    total = sum(len(items) for _, _, items in groups)
    which = described(context, Selection(ItemKind.PROJECT, ()))
    begin = f"{_where(context, groups)}: {records_counted(context, total, complete)} {which}".rstrip()
    parts = [Fragment(begin + ": ")]
    for place, (name, proof, items) in enumerate(groups):
        between = ", " if place else ""
        parts.append(Fragment(f"{between}{name} ({figure(len(items), complete, context.language)})", (proof,)))
    computed = (str(total), which, *(part for name, _, items in groups for part in (name, str(len(items)))))
    rows = [{"group": name, "projects": len(items), "refs": [item.ref for item in items]} for name, _, items in groups]
    columns = ["group", "projects"]
    data = AnswerData(kind=DataKind.FACTS, columns=columns, rows=rows, total=len(rows), complete=complete)
    proofs = tuple((proof,) for _, proof, _ in groups)
    sentences = (sentence(*parts, ".", computed=computed), *told(context, known))
    return answered(*sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)


def share(context: Context, chosen: Selection) -> tuple[str, tuple[str, ...]] | None:
    """ "6 von 99, rund 6 %" with its numbers, where a count is asked for in percent; None where it is not."""
    query = context.query
    known = chosen.known.complete is not None
    if query.measure.what is not Measured.SHARE or query.intent is not Intent.COUNT or chosen.unmatched or not known:
        return None
    filters = query.filters
    if filters.statuses or filters.without_statuses:
        whole = replace(query, filters=replace(filters, statuses=frozenset(), without_statuses=frozenset()))
    else:
        whole = replace(query, filters=Filters(), topic=())
    total = len(select(replace(context, query=whole)).items)
    if not total or total < len(chosen.items):
        return None
    number = len(chosen.items)
    percent = str(round(100 * number / total))
    read = "" if chosen.known.complete else context.say(" gelesenen", " that were read")
    said = context.say(f"{number} von {total}{read}, rund {percent} %", f"{number} of {total}{read}, about {percent} %")
    return said, (str(total), f"{percent} %")


def _asked(context: Context) -> Grouping | None:
    """What to group by: theme, goal or status."""
    query = context.query
    if query.topic and any(word.weight >= 1 and word.text[0].isupper() for word in query.topic):
        return None
    if not any(noun.plural and ItemKind.PROJECT in noun.kinds[:1] for noun in query.nouns):
        return None
    return query.grouping if query.intent is Intent.COUNT else None


def _groups(context: Context) -> list[Group]:
    """Each group with its name, what proves it, and its projects, in the order of the documents."""
    asked, corpus = _asked(context), context.corpus
    check = FilterCheck(context.query.filters, corpus)
    groups: dict[tuple[str, str], Group] = {}
    for item in check.members(ItemKind.PROJECT, context.query.documents):
        one = item.document_id
        if asked is Grouping.STATUS and item.status is not None:
            name = wording.status(item.status, context.language)
            group = groups.setdefault((one, name), (name, status_proof(item, corpus), []))
        else:
            kind = ItemKind.THEME if asked is Grouping.THEME else ItemKind.GOAL
            above = next((up for up in corpus.ancestors(item) if up.kind is kind), None)
            if above is None:
                continue
            name = above.title if kind is ItemKind.THEME else wording.numbered(above)
            group = groups.setdefault((one, above.key), (name, name_proof(above, corpus), []))
        group[2].append(item)
    return list(groups.values())


def _where(context: Context, groups: list[Group]) -> str:
    documents = dict.fromkeys(item.document_id for _, _, items in groups for item in items)
    return "; ".join(titled(context.corpus.catalogue.documents[one], context.language) for one in documents)
