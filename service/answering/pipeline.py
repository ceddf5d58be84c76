"""The path of a question, read aloud: check, read, search, judge scope, compose or let the agent, verify.

What is not put to the documents is danger, instructions to the service, talk with the service, and what others have to
answer. Danger to life and markup are recognised by notation, where missing one is worse than a false alarm; everything
else the trained reader tells, by one probability for each scope.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from service.answering import lexicon
from service.answering.composing import changes, comparison, document, listing, overview, passages, record
from service.answering.composing.fixed import about_service, fixed, not_in_documents, unclear
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Draft
from service.answering.query import Intent, Query
from service.answering.reading.classifier import detect
from service.answering.reading.follow_up import read_in_conversation
from service.answering.reading.reader import QuestionReader, QuestionReading, likeliest
from service.answering.reading.values import Matcher
from service.answering.retrieval.search import Retriever
from service.answering.tools import Tools
from service.answering.verification.verifier import Verifier
from service.models import AnswerStatus, ChatRequest
from service.settings import Settings

HITS = 12  # that a question is answered from
_WRITTEN_FOR, _SURELY = 0.5, 0.99  # likeness of a written question from which it needs no topic, and is surely the one
_READ_OTHERWISE = (AnswerStatus.OUT_OF_SCOPE, AnswerStatus.NEEDS_CLARIFICATION)  # by people and by a model
_FIRMLY = 0.6  # probability from which danger, instructions and insults are accepted
_LEAST = 0.7  # for all others: the least
_WITH_HITS = (0.45, 0.25)  # how much more where an item contains the question's words; for one to the service
_ENOUGH = 0.98  # for all others: what is enough whatever the documents contain
_LEANS = 0.5  # probability of a follow-up, which is about what was said
_FIRM = ("danger", "injection", "insult")
_ENDS = {
    "danger": ("emergency", AnswerStatus.EMERGENCY),
    "injection": ("injection", AnswerStatus.REFUSED),
    "insult": ("insult", AnswerStatus.REFUSED),
    "smalltalk": ("chit_chat", AnswerStatus.OUT_OF_SCOPE),
    "live": ("live_data", AnswerStatus.OUT_OF_SCOPE),
    "personal": ("personal_case", AnswerStatus.OUT_OF_SCOPE),
    "legal": ("legal_advice", AnswerStatus.OUT_OF_SCOPE),
    "opinion": ("opinion", AnswerStatus.OUT_OF_SCOPE),
    "elsewhere": ("foreign_place", AnswerStatus.OUT_OF_SCOPE),
}
COMPOSERS: dict[Intent, Callable[[Context], Draft]] = {
    Intent.SEARCH: passages.compose,
    Intent.LIST: listing.compose,
    Intent.COUNT: listing.compose,
    Intent.FIELD: record.compose,
    Intent.OVERVIEW: overview.compose,
    Intent.COMPARISON: comparison.compose,
    Intent.DOCUMENT: document.compose,
    Intent.CHANGES: changes.compose,
}


class PipelineParts:
    """What answers questions over one edition, or over some of its documents; made once, shared between requests."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.retriever = Retriever(corpus)
        self.matcher = Matcher(corpus)
        self.reader = QuestionReader(self.matcher)
        self.verifier = Verifier(corpus)
        self.tools = Tools(corpus, self.retriever)


@dataclass(slots=True, kw_only=True)
class Work:
    """One question on its way; `times` are seconds by step.

    `decided` is what people decided, `agent` what a model with tools says; None leaves it to the composers. `ended` is
    the fixed text with which a question ends that a model does not read otherwise.
    """

    request: ChatRequest
    settings: Settings
    parts: PipelineParts
    decided: Callable[[Work], Draft | None] | None = None
    agent: Callable[[Work], Draft | None] | None = None
    reading: QuestionReading | None = None
    context: Context | None = None
    ended: Draft | None = None
    draft: Draft | None = None
    times: dict[str, float] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of the answer's own words: "en" where asked for or spoken, else "de"."""
        needed = (self.request.language or detect(self.request.question)).split("-")[0].lower()
        return "en" if needed == "en" else "de"

    @property
    def query(self) -> Query | None:
        """The question as understood, None where it ended before."""
        return self.reading.query if self.reading else None


def check(work: Work) -> None:
    """End what is in danger, or gives instructions to the service by markup."""
    work.draft = refused(work.request.question, work.language)


def refused(question: str, language: str) -> Draft | None:
    """The fixed text for danger and for instructions by markup; None for every other question."""
    matching = (name for name in ("danger", "injection") if lexicon.matches("safety", name, question))
    return next((_end(name, language) for name in matching), None)


def read(work: Work) -> None:
    """Say what is wanted, of which documents and under which conditions; a follow-up changes the query before."""
    request, reader = work.request, work.parts.reader
    documents = tuple(request.documents or ())
    work.reading = read_in_conversation(request.question, request.history, reader, request.language, documents)


def search(work: Work) -> None:
    """Search the items that fit, in the documents that are named."""
    parts, query = work.parts, work.query
    assert query is not None
    documents = query.conditions.documents or None
    hits = tuple(parts.retriever.search(query.text, documents, HITS, query.spoken))
    written = parts.retriever.item_written_for(work.request.question, documents)
    work.context = Context(parts.corpus, parts.retriever, query, hits, written)


def decide_scope(work: Work) -> None:
    """End what no document is asked; where a model answers, it says what is none but for talk, danger, instructions."""
    assert work.context is not None and work.reading is not None
    if work.context.written is None and not any(hit.asked >= _SURELY for hit in work.context.hits):
        work.draft = _conclude(work, work.context, work.reading)
    if work.draft is None or work.draft.status not in _READ_OTHERWISE:
        return
    work.draft = (work.decided and work.decided(work)) or work.draft
    if work.agent is not None and work.draft.status in _READ_OTHERWISE:
        work.ended, work.draft = work.draft, None


def _conclude(work: Work, context: Context, reading: QuestionReading) -> Draft | None:
    """The fixed text with which a question ends that no document is asked; None for one to the documents."""
    scope, values, talking = likeliest(reading.probabilities["scope"]), reading.values, bool(work.request.history)
    probabilities = reading.probabilities["scope"][scope]
    if scope in _FIRM:
        return _end(scope, context.language) if probabilities >= _FIRMLY else None
    known: object = scope == "elsewhere" and (values.named.publishers or values.place)
    known = known or values.numbered.items or values.titled or (scope != "service" and values.named.by_name)
    if scope == "documents" or known:
        return None
    result = max((max(hit.coverage, hit.asked) for hit in context.hits[:3]), default=0.0)
    least = min(_LEAST + _WITH_HITS[scope == "service"] * result, _ENOUGH)
    if talking and (scope != "service" or reading.query.conditions.topic):  # thanks have no topic
        known = reading.probabilities["followup"]["yes"] >= _LEANS
    if known or probabilities < least:
        return None
    if scope == "service":
        name = f"about/{likeliest(reading.probabilities['service'])}"
        return about_service(name, context.language, context.corpus.edition, work.settings)
    if scope == "unclear":
        return None if talking else unclear(context)
    return _end(scope, context.language)


def _end(scope: str, language: str) -> Draft:
    text, status = _ENDS[scope]
    return fixed(text, language, status)


def compose(work: Work) -> None:
    """Make the answer: what people decided, what a model with tools makes, else the composer of the intent."""
    made = (answerer(work) for answerer in (work.decided, work.agent) if answerer is not None)
    work.draft = next((draft for draft in made if draft is not None), None) or without_model(work)


def without_model(work: Work) -> Draft:
    """What is answered where no model answers."""
    assert work.context is not None
    return work.ended or compose_draft(work.context)


def compose_draft(context: Context) -> Draft:
    """The composer's draft for the intent; passages of the item for which people wrote this very question."""
    query = context.query
    if context.written is not None:
        return passages.compose(context)
    if query.unknown and not query.entries:
        return not_in_documents(context, context.say("unknown_number", number=", ".join(query.unknown)))
    empty = not (query.conditions.narrow or query.conditions.kinds or query.entries or query.named)
    if (
        empty
        and query.intent in (Intent.SEARCH, Intent.FIELD)
        and not any(hit.asked >= _WRITTEN_FOR for hit in context.hits)
    ):
        return unclear(context)
    best = next((item for item, _ in context.ranked_items), None)
    of_whole = query.named and not query.conditions.topic  # a document and nothing else
    if of_whole and query.intent is Intent.SEARCH and best is not None and passages.is_bare_title(context, best):
        return document.compose(context)
    draft = COMPOSERS.get(query.intent, passages.compose)(context)
    return document.compose(context) if of_whole and draft.status is AnswerStatus.NOT_IN_DOCUMENTS else draft


def verify(work: Work) -> None:
    """Drop unsupported sentences; fall back to what was found, then to an honest non-answer."""
    assert work.draft is not None
    verifier, context = work.parts.verifier, work.context
    draft = verifier.verify(work.draft, work.language)
    if draft.status is AnswerStatus.UNAVAILABLE and context is not None:
        items = [item for item, _ in context.ranked_items if passages.may_be_shown(item)]
        draft = verifier.verify(passages.show_hits(context, items), work.language)
        if draft.status is AnswerStatus.UNAVAILABLE:
            draft = not_in_documents(context)
    work.draft = draft


STEPS: tuple[Callable[[Work], None], ...] = (check, read, search, decide_scope, compose)


def run(work: Work) -> Draft:
    """Go through the steps until one makes a draft, then verify it."""
    for step in (*STEPS, verify):
        if work.draft is None or step is verify:
            start = time.perf_counter()
            step(work)
            work.times[step.__name__] = time.perf_counter() - start
    assert work.draft is not None
    return work.draft
