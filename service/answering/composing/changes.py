"""The composer of changes from one document of a series to the next: counted, and the first of each
kind listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain

from service import wording
from service.answering.composing import listing, parts, passages
from service.answering.composing.fixed_texts import not_in_documents
from service.answering.context import Context
from service.answering.draft import Draft, Proof, Sentence, make_answer
from service.answering.query import RECORD_KINDS
from service.answering.retrieval.topic import find_on_topic
from service.answering.verification.quotes import name_proof, row_proof
from service.records import (
    AnswerData,
    AnswerMode,
    AnswerStatus,
    Comparison,
    Completeness,
    DataKind,
    change_row,
    compare_records,
    document_pairs,
)
from vectorstore.records import PLANS, Change, ChangeKind, Document, Item

_NAMED = 6  # records that are listed in words for each kind of change; the data rows have all
_CHANGED = tuple(kind for kind in ChangeKind if kind is not ChangeKind.UNCHANGED)
_COLUMNS = ["change", "ref", "title", "status", "ref_before", "title_before", "status_before"]


def compose(context: Context) -> Draft:
    """The draft on the changes between two documents, or that there is no earlier one to compare
    with.

    Only documents that the request allows are compared, and, if the question names documents, only
    pairs with one of them. The draft lists the changes on the topic, place and unit of the
    question, or all if there are none on these.
    """
    scope = context.query.scope
    successions = [
        (old, new)
        for old, new in document_pairs(context.corpus.catalogue)
        if not scope or (old.id in scope and new.id in scope)
    ]
    named = {document.id for document in context.documents}
    if context.query.names_documents:
        successions = [pair for pair in successions if named & {pair[0].id, pair[1].id}]
    if not successions:
        return _without_earlier(context)
    old, new = _choose_pair(context, successions)
    unfiltered = compare_records(context.corpus.catalogue, old, new)
    selected = tuple(_select_changes(context, unfiltered)) or unfiltered.changes
    comparison = replace(unfiltered, changes=selected)
    is_filtered = selected != unfiltered.changes
    sentences = [_count_changes(context, comparison, is_filtered=is_filtered)]
    kinds = filter(comparison.of, _CHANGED)
    sentences += [_list_changes(context, comparison, kind) for kind in kinds]
    changed = comparison.of(*_CHANGED)
    data = AnswerData(
        kind=DataKind.COMPARISON,
        columns=_COLUMNS,
        rows=list(map(change_row, changed)),
        total=len(changed),
        complete=Completeness.of([old, new], RECORD_KINDS).complete,
    )
    proofs = tuple(_proofs(context, change) for change in changed)
    return make_answer(*sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=proofs)


def _list_changes(context: Context, comparison: Comparison, kind: ChangeKind) -> Sentence:
    """The sentence with the records of one kind of change."""
    changes = comparison.of(kind)
    entries = [(_with_change(context, change), _proofs(context, change)) for change in changes]
    word = context.say(f"change_{kind.value}")
    opening = f"{wording.capitalize_first(word)}: "
    names = (name for name, _ in entries[:_NAMED])
    return parts.list_names(context, opening, entries, _NAMED, word, *names, between="; ")


def _without_earlier(context: Context) -> Draft:
    """The draft that says that there is no earlier document to compare with.

    Behind this it lists the records that have the status asked for, else what is found on the
    topic. If the question has neither, or nothing is found, it is the draft that nothing was found.
    """
    query, said = context.query, context.say("no_earlier")
    if query.conditions.statuses:
        conditions = replace(query.conditions, kinds=query.conditions.kinds or PLANS)
        draft = listing.compose(replace(context, query=replace(query, conditions=conditions)))
    elif query.conditions.topic:
        draft = passages.compose_found(context)
    else:
        return not_in_documents(context, said)
    if draft.status is AnswerStatus.NOT_IN_DOCUMENTS:
        return not_in_documents(context, said)
    return listing.limit(draft, parts.reservation(said))


def _choose_pair(
    context: Context, successions: list[tuple[Document, Document]]
) -> tuple[Document, Document]:
    """The earlier and the later document to compare.

    If the question names exactly two documents, of one series, it is these. Else it is the pair
    whose later document is named, else the pair whose earlier document is named, else the latest
    pair.
    """
    named = set()
    if context.query.names_documents:
        named = {document.id for document in context.documents}
    pairs = chain.from_iterable(successions)
    documents = {document.id: document for document in pairs if document.id in named}
    series = {document.series for document in documents.values()}
    if len(documents) == 2 and len(series) == 1:
        old, new = sorted(documents.values(), key=lambda document: document.as_of or date.min)
        return old, new
    with_old = [(old, new) for old, new in successions if old.id in named]
    with_new = [(old, new) for old, new in successions if new.id in named]
    return (with_new or with_old or successions)[0]


def _select_changes(context: Context, comparison: Comparison) -> Iterator[Change]:
    """Yield the changes of records that meet the query's topic, place and unit.

    A record has an old and a new version, unless it is new or gone. It is enough that one of them
    meets a condition: a record that changed its unit belongs to both units.
    """
    conditions = context.query.conditions
    topic, place, unit = conditions.topic, conditions.place, conditions.unit
    on_topic = set()
    if topic:
        documents = comparison.old.id, comparison.new.id
        matches = find_on_topic(context.retriever, topic, documents)
        on_topic = {(match.item.document_id, match.item.key) for match in matches}
    for change in comparison.changes:
        items = _items_of(change)
        if topic and not any((item.document_id, item.key) in on_topic for item in items):
            continue
        if place and not any(place in item.municipalities for item in items):
            continue
        if unit and not any(unit in item.responsible for item in items):
            continue
        yield change


def _count_changes(context: Context, comparison: Comparison, *, is_filtered: bool) -> Sentence:
    """The sentence with the number of changes of each kind, and the two documents.

    If only some changes are told (`is_filtered`) and the question has a topic, it begins with that
    topic. How many records are unchanged stands behind.
    """
    numbers, topic = comparison.counts, context.query.conditions.topic
    counts = [
        f"{numbers[kind]} {context.say(f'change_{kind.value}')}"
        for kind in _CHANGED
        if numbers[kind]
    ]
    statement = context.say("about_topic", topic=topic) if is_filtered and topic else ""
    new, old = (
        wording.format_source(value, context.language) for value in (comparison.new, comparison.old)
    )
    statement += context.say(
        "compared", new=new, old=old, listed=", ".join(counts) or context.say("nothing_changed")
    )
    same = numbers[ChangeKind.UNCHANGED]
    if same:
        statement += context.say("unchanged", number=same)
    title_pages = (
        context.corpus.title_page(document.id) for document in (comparison.new, comparison.old)
    )
    items = list(filter(None, title_pages)) or [change.item for change in comparison.changes[:1]]
    return parts.computed_sentence(statement, *(name_proof(item, context.corpus) for item in items))


def _with_change(context: Context, change: Change) -> str:
    """A record's name with its change: its old and new status, or its old number. Of any other
    change it is the name alone.
    """
    name = wording.name_item(change.item, context.language)
    old, new = change.old, change.new
    if change.kind is ChangeKind.STATUS and old and new and old.status and new.status:
        before, now = (
            wording.status_word(status, context.language) for status in (old.status, new.status)
        )
        return name + context.say("status_changed", now=now, before=before)
    if change.kind is ChangeKind.MOVED and old and new and old.ref != new.ref:
        return name + context.say("was_number", number=old.ref)
    return name


def _items_of(change: Change) -> list[Item]:
    return [item for item in (change.new, change.old) if item is not None]


def _proofs(context: Context, change: Change) -> tuple[Proof, ...]:
    """The passages that name a record in the documents that have it: one or two.

    An item with a former number is a row of an archive, which proves the change itself.
    """
    items = _items_of(change)
    proofs = []
    for item in items:
        archived = row_proof(item) if item.former_ref else None
        proofs.append(archived or name_proof(item, context.corpus))
    return tuple(proofs)
