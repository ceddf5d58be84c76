"""Whether what a model proposes of a query counts beside what was understood without it.

It adds, and replaces nothing that is sure: a list or a count is taken from it where the trained reading is unsure, or
names a topic that no record has; all that it names must be in the edition, narrow the records and find some. Which
records these are is computed as ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from service.answering.composing.selection import select
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.generating.proposing import Proposal
from service.answering.query import Asked, Filters, Intent, Query, RecordNoun
from service.answering.understanding.reader import Reading
from vectorstore.records import ItemKind, ItemStatus

_SURE = 0.75  # probability from which the trained reader's word counts against a model's
_COMPUTED = (Intent.LIST, Intent.COUNT)
_READ_AS = {Intent.FACT: "passage", Intent.TOPIC: "passage", Intent.OVERVIEW: "overview"}  # classes of the reader
_READ_OTHERWISE: dict[tuple[Intent | None, Intent], Intent] = {  # as proposed and as understood
    (Intent.OVERVIEW, Intent.FACT): Intent.OVERVIEW,
    (Intent.OVERVIEW, Intent.TOPIC): Intent.OVERVIEW,
    (Intent.FACT, Intent.OVERVIEW): Intent.FACT,
}


def adopted(context: Context, proposal: Proposal, reading: Reading, *, computed: bool) -> Query:
    """The query as understood, with what counts of the proposal; `reading` is the trained one of the same question.

    `computed` says that lists can be told in the language of the answer.
    """
    query = context.query
    if proposal.intent not in _COMPUTED:
        read = (proposal.intent, query.intent)
        return replace(query, intent=_READ_OTHERWISE[read]) if read in _READ_OTHERWISE else query
    listed = _listed(query, proposal, context.corpus) if computed and _is_unsure(context, reading) else None
    return listed if listed is not None and select(replace(context, query=listed)).items else query


def _is_unsure(context: Context, reading: Reading) -> bool:
    """True where the trained reader hardly believes in a passage or an overview, or a list's topic is in no record."""
    query = context.query
    if context.focus or query.yesno or query.numbers or query.occurs or query.demands:
        return False
    if query.intent in _COMPUTED:
        return bool(query.topic) and not select(context).items
    asks_fact = query.asked not in (Asked.NOTHING, Asked.NUMBER)
    return query.intent in _READ_AS and not asks_fact and reading.sure["want"][_READ_AS[query.intent]] < _SURE


def _listed(query: Query, proposal: Proposal, corpus: Corpus) -> Query | None:
    """The query as the list or count proposed; None where it names what the edition or the question does not have.

    None too where nothing narrows the records, or a filter speaks against one that was understood.
    """
    words = {word for one in proposal.topic for word in one.split()}
    if not _known(proposal, corpus) or not words <= {word.text for word in query.topic}:
        return None
    wanted = proposal.documents if proposal.documents and not query.named else query.documents
    documents, filters = tuple(one for one in query.documents if one in wanted), _joined(query.filters, proposal)
    if filters is None or not filters.narrow or not documents:
        return None
    return replace(
        query,
        intent=proposal.intent or query.intent,
        documents=documents,
        filters=filters,
        nouns=_nouns(query, proposal),
        topic=tuple(word for word in query.topic if word.text in words),
    )


def _known(proposal: Proposal, corpus: Corpus) -> bool:
    """True where the edition has every value that is proposed."""
    items, said = corpus.catalogue.items, proposal.filters
    pairs: tuple[tuple[Iterable[object], Iterable[object]], ...] = (
        (proposal.documents, corpus.catalogue.documents),
        (proposal.kinds, {item.kind for item in items}),
        (said.statuses, {item.status for item in items}),
        (said.themes, {(item.document_id, item.key) for item, _ in corpus.themes()}),
        (said.units, corpus.names.units),
        (said.municipalities, corpus.names.municipalities),
    )
    return all(set(proposed) <= set(known) for proposed, known in pairs)


def _joined(own: Filters, proposal: Proposal) -> Filters | None:
    """The filters understood with those proposed; None where they differ."""
    said = proposal.filters
    pairs: tuple[tuple[Iterable[object], Iterable[object]], ...] = (
        (own.statuses, said.statuses),
        (own.themes, said.themes),
        (own.units, said.units),
        (own.municipalities, said.municipalities),
    )
    if own.without_statuses or any(set(ours) and set(theirs) and set(ours) != set(theirs) for ours, theirs in pairs):
        return None
    return replace(
        own,
        statuses=own.statuses or frozenset(map(ItemStatus, said.statuses)),
        themes=own.themes or said.themes,
        units=own.units or said.units,
        municipalities=own.municipalities or said.municipalities,
    )


def _nouns(query: Query, proposal: Proposal) -> tuple[RecordNoun, ...]:
    """The nouns for records of the question; where it has none, the kinds proposed."""
    if any(noun.kinds for noun in query.nouns) or not proposal.kinds:
        return query.nouns
    return (RecordNoun(word="", place=0, plural=True, kinds=tuple(map(ItemKind, proposal.kinds))),)
