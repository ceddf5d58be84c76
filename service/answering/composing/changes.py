"""The composer of changes from one document of a series to the next: counted, and the first
listed.
"""

from __future__ import annotations

from service import wording
from service.answering.composing import parts
from service.answering.composing.fixed_texts import not_in_documents
from service.answering.context import Context
from service.answering.draft import Draft, Lead, Proof, make_answer
from service.answering.query import RECORD_KINDS
from service.answering.verification.quotes import name_proof
from service.records import (
    AnswerData,
    AnswerMode,
    Completeness,
    DataKind,
    change_row,
    compare_records,
    document_pairs,
    group_by_kind,
)
from vectorstore.records import ChangeKind, Document, RecordChange

_NAMED = 6  # records that are listed in words for each kind of change; the data rows have all
_COLUMNS = ["change", "ref", "title", "status", "ref_before", "title_before", "status_before"]


def compose(context: Context) -> Draft | Lead:
    """The changes between a document and its predecessor, or that there is none to compare with,
    before the passages that have all words of the topic: "new" may be said of a thing, too.

    Only documents that the request allows are compared; of several pairs the one with a document
    that the question names, else the latest.
    """
    pairs = _pairs(context)
    if not pairs:
        no_earlier = context.say("no_earlier")
        if not context.hits_with_all_words:
            return not_in_documents(context, no_earlier)
        return Lead((parts.reservation(no_earlier),))
    old, new = pairs[0]
    changes = compare_records(context.corpus.catalogue, old, new)
    changed = [change for change in changes if change.kind is not ChangeKind.UNCHANGED]
    by_kind = group_by_kind(changed)
    words = {kind: context.say(f"change_{kind.value}") for kind in by_kind}
    counts = [f"{len(by_kind[kind])} {word}" for kind, word in words.items()]
    listed = ", ".join(counts) or context.say("nothing_changed")
    sources = [wording.format_source(document, context.language) for document in (new, old)]
    statement = context.say("compared", new=sources[0], old=sources[1], listed=listed)
    pages = filter(None, (context.corpus.title_page(document.id) for document in (new, old)))
    proofs = [name_proof(page, context.corpus) for page in pages]
    sentences = [parts.cited_sentence(statement, *proofs)]
    for kind, word in words.items():
        lead = f"{wording.capitalize_first(word)}: "
        entries = [
            (wording.name_item(change.state, context.language), _proofs(context, change))
            for change in by_kind[kind]
        ]
        sentences.append(parts.list_names(context, lead, entries, _NAMED, between="; "))
    data = AnswerData(
        kind=DataKind.COMPARISON,
        columns=_COLUMNS,
        rows=list(map(change_row, changed)),
        total=len(changed),
        complete=Completeness.of([old, new], RECORD_KINDS).complete,
    )
    row_proofs = tuple(_proofs(context, change) for change in changed)
    return make_answer(*sentences, mode=AnswerMode.COMPUTED, data=data, row_proofs=row_proofs)


def _pairs(context: Context) -> list[tuple[Document, Document]]:
    """The earlier and the later document of each series that may be compared, the latest first;
    where the question names documents, only pairs with one of them.
    """
    scope = set(context.query.scope) or set(context.corpus.catalogue.documents)
    named = {document.id for document in context.documents}
    pairs = []
    for old, new in document_pairs(context.corpus.catalogue):
        if {old.id, new.id} <= scope and not named.isdisjoint((old.id, new.id)):
            pairs.append((old, new))
    return pairs


def _proofs(context: Context, change: RecordChange) -> tuple[Proof, ...]:
    """The passages that name a record in the documents that have it: one or two."""
    states = filter(None, (change.after, change.before))
    items = (context.corpus.catalogue.item(*state.address) for state in states)
    return tuple(name_proof(item, context.corpus) for item in items if item)
