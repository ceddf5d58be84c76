"""The pipeline of one question: check, read, search, decide the scope, compose (composers or
agent), verify.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from service import wording
from service.answering.composing import (
    changes,
    comparison,
    contacts,
    document,
    listing,
    passages,
    record,
)
from service.answering.composing.fixed_texts import ask_for_clarification, not_in_documents
from service.answering.context import Context
from service.answering.draft import Draft, Lead
from service.answering.query import Intent
from service.answering.question_run import QuestionRun
from service.answering.scope import about_the_service, check, decide_scope, warn
from service.answering.verification.attribution import attribute
from service.records import AnswerStatus

MOST_HITS = 12  # search hits of a question
_SIMILAR = 0.5  # likeness to a question written for an item from which a question needs no topic
# a composer makes no draft where its form does not fit: then passages are shown, behind its lead
COMPOSERS: dict[Intent, Callable[[Context], Draft | Lead | None]] = {
    Intent.LIST: listing.compose,
    Intent.COUNT: listing.compose,
    Intent.FIELD: record.compose,
    Intent.COMPARISON: comparison.compose,
    Intent.DOCUMENT: document.compose,
    Intent.CHANGES: changes.compose,
}


def read(question_run: QuestionRun) -> None:
    """Read the question, without politeness, into a query.

    A follow-up ("Und in Holzau?") is read behind the question before it.
    """
    request = question_run.request
    question_run.reading = question_run.parts.reader.read(
        question_run.bare_question,
        request.history,
        request.language,
        tuple(request.documents or ()),
    )


def search(question_run: QuestionRun) -> None:
    """Search the documents of the query, or all if it names none, and make the context of the
    answer.

    Besides, the item is looked up for which people wrote this very question, if there is one.
    """
    parts = question_run.parts
    query = question_run.query
    assert query is not None
    documents = query.conditions.documents or None
    hits = tuple(
        parts.retriever.search(
            query.text, documents, MOST_HITS, query.question_language, question=query.question
        )
    )
    written = parts.retriever.find_item_by_question(question_run.request.question, documents)
    question_run.context = Context(
        parts.corpus, parts.retriever, query, hits, written, question_run.contacts
    )


def find_decision(question_run: QuestionRun) -> None:
    """Answer by what people decided on the question, before anything else may answer it."""
    if question_run.decided is not None:
        question_run.draft = question_run.decided(question_run)


def reach(question_run: QuestionRun) -> None:
    """Answer how to reach a unit or somebody, and what a unit is; no draft for any other question.

    A wish for somebody to talk to, without a unit or document, gets the general contact.
    """
    context = question_run.context
    reading = question_run.reading
    assert context is not None and reading is not None
    draft = contacts.compose(context, reading)
    if draft is None and contacts.asks_for_somebody(context.query):
        draft = about_the_service("contact", question_run)
    question_run.draft = draft


def compose(question_run: QuestionRun) -> None:
    """Make the draft: by the agent, else by the composer of the intent.

    Where there is an agent, it is also what falls back to the composers, with a notice that says
    why.
    """
    if question_run.agent is not None:
        question_run.draft = question_run.agent(question_run)
    question_run.draft = question_run.draft or without_model(question_run)


def without_model(question_run: QuestionRun) -> Draft:
    """The draft where no model answers: the waiting `rejection` of a question out of scope, if
    there is one, else that of the composers.
    """
    assert question_run.context is not None
    return question_run.rejection or compose_draft(question_run.context)


def compose_draft(context: Context) -> Draft:
    """The draft of the intent's composer, else the passages that fit.

    A question that people wrote for an item gets passages. If it names only publishers that the
    request excludes, or only unknown numbers, nothing is found. A search without any subject ("Was
    gibt es?") is asked back.
    """
    query = context.query
    if context.written_item is not None:
        return passages.compose(context)
    if query.outside and not query.names_documents:
        names = wording.quote_words([name.title() for name in query.outside])
        return not_in_documents(context, context.say("outside_scope", names=names))
    if query.unknown and not query.entries:
        numbers = ", ".join(query.unknown)
        return not_in_documents(context, context.say("unknown_number", number=numbers))
    # "Gibt es Geld für Vereine?" is on nouns that only frame most questions
    nouns = [word for word in query.left_over if context.corpus.is_noun(word, query.question)]
    if not _has_subject(context, has_nouns=bool(nouns)):
        if not nouns:
            return ask_for_clarification(context)
        conditions = replace(query.conditions, topic=" ".join(nouns))
        return passages.compose(context.under(conditions))
    composer = COMPOSERS.get(query.intent)
    composed = composer(context) if composer else None
    return composed if isinstance(composed, Draft) else passages.compose(context, composed)


def _has_subject(context: Context, *, has_nouns: bool) -> bool:
    """True if a question is on anything: a topic, a condition, a kind, a record, a document, or
    like a question written for an item. The list of all documents is no subject of one with nouns
    of its own ("Wo gibt es Beratung?").
    """
    query = context.query
    is_written = any(hit.question_similarity >= _SIMILAR for hit in context.hits)
    names_something = query.entries or query.names_documents or query.conditions.kinds
    lists_documents = has_nouns and len(context.documents) > 1
    asks_documents = query.intent is Intent.DOCUMENT and not lists_documents
    has_conditions = query.conditions.has_conditions
    return bool(has_conditions or names_something or asks_documents or is_written)


def verify(question_run: QuestionRun) -> None:
    """Drop the sentences of the draft that their sources do not support.

    If none is left, the search hits are shown instead, and if these fail too, that nothing was
    found. An answer gets the whole passage of its first citation. At last the document's name is
    put before what it says as if the service said it, and the numbers to call before all.
    """
    assert question_run.draft is not None
    verifier = question_run.parts.verifier
    context = question_run.context
    draft = verifier.verify(question_run.draft, question_run.language)
    if draft.status is AnswerStatus.UNAVAILABLE and context is not None:
        draft = verifier.verify(passages.compose(context, Lead()), question_run.language)
        if draft.status is AnswerStatus.UNAVAILABLE:
            draft = not_in_documents(context)
    if draft.status is AnswerStatus.ANSWERED and context is not None:
        passage = passages.passage_of_first(context, draft)
        if passage is not None and verifier.is_verbatim(passage):
            draft = replace(draft, passage=passage)
    draft = attribute(draft, question_run.parts.corpus, question_run.language)
    question_run.draft = warn(question_run, draft)


STEPS: tuple[Callable[[QuestionRun], None], ...] = (
    check,
    read,
    search,
    find_decision,
    reach,
    decide_scope,
    compose,
)


def run(question_run: QuestionRun) -> Draft:
    """Run the steps until one makes a draft, then verify it.

    `verify` always runs, as no draft may be sent unchecked. The seconds of each step are kept in
    `times`.
    """
    for step in (*STEPS, verify):
        if question_run.draft is None or step is verify:
            start = time.perf_counter()
            step(question_run)
            question_run.times[step.__name__] = time.perf_counter() - start
    assert question_run.draft is not None
    return question_run.draft
