"""Projects by theme, goal or status with the number in each, the group with the most, and shares in percent."""

from __future__ import annotations

import re
from dataclasses import replace

from service.answering import wording
from service.answering.composing.records_described import described
from service.answering.composing.reserved import completeness, of_countable, records_counted, told
from service.answering.composing.selection import Selection, meets, select
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, answered, sentence
from service.answering.nonanswers import not_in_documents
from service.answering.passages import name_proof, status_proof
from service.answering.query import Filters, Intent
from service.completeness import figure
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind

Group = tuple[str, Proof, list[Item]]

_GROUP = (
    r"(?:(?P<theme>kapiteln?|themen|thema|themenfeld\w*|themenbereich\w*|handlungsfeld\w*|bereich(?:en)?|"
    r"chapters?|themes?|topics?)|(?P<goal>ziel(?:en)?|goals?)|(?P<status>status|umsetzungsstand|stand))"
)
_RECORDS = r"(?:\w*(?:projekte|projekten|vorhaben|projects)|ideen|ideas)"
_BY = re.compile(rf"(?i)\b(?:pro|je|nach|per|by)\s+{_GROUP}\b(?!\s*(?:„|\"|[\d.]))")
_MOST = re.compile(rf"(?i)\b(?:welche[rsmn]?|which|what)\s+{_GROUP}\b.*\b(?:meisten|most)\s+{_RECORDS}\b")
_SHARE = re.compile(r"(?i)\b(?:prozent|prozentsatz|percent|percentage)\b|%")
_RUNNERS_UP = 4


def wanted(context: Context) -> bool:
    """True where projects are to be counted by theme, goal or status."""
    return bool(_asked(context)) and bool(_groups(context))


def compose(context: Context) -> Draft:
    """The number of projects in each group; where the most are asked for, that group first and the next ones."""
    return of_countable(context, (ItemKind.PROJECT,), _of_groups)


def _of_groups(context: Context) -> Draft:
    groups = _groups(context)
    if not groups:
        return not_in_documents(context)
    known = completeness(context, (ItemKind.PROJECT,))
    complete, as_read = known.complete, context.say(", soweit gelesen", ", as far as they were read")
    most = _MOST.search(context.query.text)
    total = sum(len(items) for _, _, items in groups)
    where = _where(context, groups)
    which = described(context, Selection(ItemKind.PROJECT, ()))
    if most:
        groups.sort(key=lambda one: -len(one[2]))
        first = [one for one in groups if len(one[2]) == len(groups[0][2])]
        shown = first + groups[len(first) :][:_RUNNERS_UP]
        begin = f"{where}: {context.say('Die meisten Projekte', 'The most projects')} {which}".rstrip()
        begin += "" if complete else as_read
    else:
        first, shown = groups, groups
        begin = f"{where}: {records_counted(context, total, complete)} {which}".rstrip()
    parts = [Fragment(begin + ": ")]
    for place, (name, proof, items) in enumerate(shown):
        between = "" if place == 0 else context.say("; danach ", "; then ") if place == len(first) else ", "
        parts.append(Fragment(f"{between}{name} ({figure(len(items), complete, context.language)})", (proof,)))
    computed = (str(total), which, *(part for name, _, items in shown for part in (name, str(len(items)))))
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
    if not _SHARE.search(query.text) or query.intent is not Intent.COUNT or chosen.unmatched or not known:
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


def _asked(context: Context) -> str | None:
    """What to group by: "theme", "goal" or "status"."""
    query = context.query
    if query.topic and any(word.weight >= 1 and word.text[0].isupper() for word in query.topic):
        return None
    if not any(noun.plural and ItemKind.PROJECT in noun.kinds[:1] for noun in query.nouns):
        return None
    match = _MOST.search(query.text) or (_BY.search(query.text) if query.intent is Intent.COUNT else None)
    return match.lastgroup if match else None


def _groups(context: Context) -> list[Group]:
    """Each group with its name, what proves it, and its projects, in the order of the documents."""
    asked, corpus = _asked(context), context.corpus
    groups: dict[tuple[str, str], Group] = {}
    for one in context.query.documents:
        for item in corpus.catalogue.items_of(one):
            if item.kind is not ItemKind.PROJECT or not meets(item, context.query.filters, corpus):
                continue
            if asked == "status" and item.status is not None:
                name = wording.status(item.status, context.language)
                group = groups.setdefault((one, name), (name, status_proof(item, corpus), []))
            else:
                kind = ItemKind.THEME if asked == "theme" else ItemKind.GOAL
                above = next((up for up in corpus.ancestors(item) if up.kind is kind), None)
                if above is None:
                    continue
                name = above.title if kind is ItemKind.THEME else f"{above.ref} {above.title}"
                group = groups.setdefault((one, above.key), (name, name_proof(above, corpus), []))
            group[2].append(item)
    return list(groups.values())


def _where(context: Context, groups: list[Group]) -> str:
    documents = dict.fromkeys(item.document_id for _, _, items in groups for item in items)
    return "; ".join(titled(context.corpus.catalogue.documents[one], context.language) for one in documents)
