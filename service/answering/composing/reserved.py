"""What a count, a ranking or a list says of its own completeness; what nobody may count is not counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from prompts import text
from service.answering import wording
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Sentence
from service.answering.evidence.passages import name_proof
from service.answering.nonanswers import not_in_documents
from service.completeness import Completeness, counted
from service.models import AnswerData, AnswerStatus, DataKind
from vectorstore.records import ItemKind


def completeness(context: Context, kinds: Iterable[ItemKind]) -> Completeness:
    """How complete the records of these kinds are in the documents that a list or a count is over."""
    documents = context.corpus.catalogue.documents
    return Completeness.of([documents[one] for one in _scope(context)], kinds)


def records_counted(
    context: Context, number: int, complete: bool | None, kinds: tuple[ItemKind, ...] = (ItemKind.PROJECT,)
) -> str:
    """A number of records with their noun, as sure as it is: "mindestens 58 Maßnahmen"."""
    between = context.say(" und ", " and ")
    one, many = (between.join(wording.kind(kind, context.language, count) for kind in kinds) for count in (1, 2))
    return counted(number, (one, many), complete, context.language)


def told(context: Context, known: Completeness) -> list[Sentence]:
    """What is missing, each sentence with the document that it is about; no sentence where nothing is."""
    sentences = []
    for said, document in known.said(context.language):
        front = context.corpus.front_matter(document.id)
        proofs = (name_proof(front, context.corpus),) if front else ()
        fragments = (Fragment(said.removesuffix("."), proofs), Fragment("."))
        sentences.append(Sentence(fragments, computed=(said,), reservation=True))
    return sentences


def of_countable(context: Context, kinds: Iterable[ItemKind], compose: Callable[[Context], Draft]) -> Draft:
    """What `compose` makes of the documents in which these kinds may be counted, and what is left out of it.

    Where no document with such records is left, nothing can be told.
    """
    kinds = frozenset(kinds)
    unknown = completeness(context, kinds).unknown
    if not unknown.gaps:
        return compose(context)
    left_out = {one.id for one in unknown.documents}
    rest = tuple(one for one in _scope(context) if one not in left_out)
    items = (item for one in rest for item in context.corpus.catalogue.items_of(one))
    if not any(item.kind in kinds for item in items):
        return uncountable(context, unknown)
    focus = tuple(item for item in context.focus if item.document_id in rest)
    draft = compose(replace(context, query=replace(context.query, documents=rest), focus=focus))
    if draft.status is not AnswerStatus.ANSWERED or draft.data is None:
        return uncountable(context, unknown)
    data = draft.data.model_copy(update={"total": None, "complete": None})
    return replace(draft, sentences=(*draft.sentences, *told(context, unknown)), data=data)


def uncountable(context: Context, known: Completeness) -> Draft:
    """That nobody may count here, and why: no number, no rows."""
    data = AnswerData(kind=DataKind.COUNT, columns=["ref", "title", "status"], rows=[], total=None, complete=None)
    return replace(nothing(context, known, ""), data=data)


def nothing(context: Context, known: Completeness, missing: str | None = None) -> Draft:
    """That the documents do not say it, and what of them was not read; `missing` replaces the usual first sentence."""
    said = [text(f"{context.language}/not_in_documents") if missing is None else missing]
    said += [one for one, _ in known.said(context.language)]
    return not_in_documents(context, " ".join(one for one in said if one))


def _scope(context: Context) -> tuple[str, ...]:
    """The documents that are meant: those of the records in focus, of the themes and goals asked for, else all."""
    filters = context.query.filters
    named = {key[0] for key in (*filters.themes, *filters.parents)}
    if context.among_focus and context.focus:
        named = {item.document_id for item in context.focus}
    return tuple(one for one in context.query.documents if not named or one in named)
