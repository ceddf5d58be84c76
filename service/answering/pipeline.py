"""The way of a question, read aloud: guard, read, search, end what is not ours, compose or let the agent, verify."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from service.answering import guard
from service.answering.composing import changes, comparison, document, listing, overview, passages, record
from service.answering.composing.fixed import not_in_documents, unclear
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Draft
from service.answering.finding.finder import Finder
from service.answering.finding.topics import TopicResolver
from service.answering.query import Query, Want
from service.answering.reading.classifier import detect
from service.answering.reading.follow_up import read_in_conversation
from service.answering.reading.reader import Reader, Reading
from service.answering.reading.values import Matcher
from service.answering.tools.tools import Tools
from service.answering.verifying.verifier import Verifier
from service.models import AnswerStatus, ChatRequest
from service.settings import Settings

_ASKED = 0.5  # how surely a question written for an entry is the one asked, from which it needs no topic
FOUND = 12  # entries that a question is answered from
_SURELY_ASKED = 0.99  # from which it is that question, whatever its words are taken for
_READ_OTHERWISE = (AnswerStatus.OUT_OF_SCOPE, AnswerStatus.NEEDS_CLARIFICATION)  # by people and by a model
COMPOSERS: dict[Want, Callable[[Context], Draft]] = {
    Want.SEARCH: passages.compose,
    Want.LIST: listing.compose,
    Want.COUNT: listing.compose,
    Want.FIELD: record.compose,
    Want.OVERVIEW: overview.compose,
    Want.COMPARISON: comparison.compose,
    Want.DOCUMENT: document.compose,
    Want.CHANGES: changes.compose,
}


class Parts:
    """What answers questions over one edition, or over some of its papers; made once, shared between requests."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.finder = Finder(corpus)
        self.resolver = TopicResolver(corpus)
        self.matcher = Matcher(corpus)
        self.reader = Reader(self.matcher)
        self.verifier = Verifier(corpus)
        self.tools = Tools(corpus, self.finder, self.resolver)


@dataclass(slots=True, kw_only=True)
class Work:
    """One question on its way; `times` are seconds by step.

    `decided` tells what people decided, `agent` what a model with tools says; None leaves it to the composers.
    `ended` is the fixed text with which a question ends that a model does not read otherwise.
    """

    request: ChatRequest
    settings: Settings
    parts: Parts
    decided: Callable[[Work], Draft | None] | None = None
    agent: Callable[[Work], Draft | None] | None = None
    reading: Reading | None = None
    context: Context | None = None
    ended: Draft | None = None
    draft: Draft | None = None
    times: dict[str, float] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of the answer's own words: "en" where asked for or spoken, else "de"."""
        wanted = (self.request.language or detect(self.request.question)).split("-")[0].lower()
        return "en" if wanted == "en" else "de"

    @property
    def query(self) -> Query | None:
        """The question as understood, None where it ended before."""
        return self.reading.query if self.reading else None


def check(work: Work) -> None:
    """End what is in danger, or orders the service about by markup."""
    work.draft = guard.refused(work.request.question, work.language)


def read(work: Work) -> None:
    """Say what is wanted, of which papers and under which conditions; a follow-up changes the query before."""
    request = work.request
    documents = tuple(request.documents or ())
    work.reading = read_in_conversation(
        request.question, request.history, work.parts.reader, request.language, documents
    )


def search(work: Work) -> None:
    """Find the entries that fit, in the papers that are named."""
    parts, reading = work.parts, work.reading
    assert reading is not None
    query = reading.query
    documents = query.conditions.documents or None
    found = tuple(parts.finder.find(query.text, documents, FOUND, query.spoken))
    work.context = Context(parts.corpus, parts.finder, parts.resolver, parts.matcher, query, reading.values, found)


def judge_scope(work: Work) -> None:
    """End what no paper is asked; where a model answers, it says what is none but for talk, danger and orders."""
    assert work.context is not None and work.reading is not None
    if not any(one.asked >= _SURELY_ASKED for one in work.context.found):
        in_conversation = bool(work.request.history)
        work.draft = guard.ended(work.context, work.reading, work.settings, in_conversation=in_conversation)
    if work.draft is not None and work.draft.status in _READ_OTHERWISE and work.decided is not None:
        work.draft = work.decided(work) or work.draft
    if work.agent is not None and work.draft is not None and work.draft.status in _READ_OTHERWISE:
        work.ended, work.draft = work.draft, None


def compose(work: Work) -> None:
    """Make the answer: what people decided, what a model with tools makes, else the composer of the want."""
    assert work.context is not None
    for answerer in (work.decided, work.agent):
        draft = answerer(work) if answerer is not None else None
        if draft is not None:
            work.draft = draft
            return
    work.draft = without_model(work)


def without_model(work: Work) -> Draft:
    """What is said where no model answers."""
    assert work.context is not None
    return work.ended or composed(work.context)


def composed(context: Context) -> Draft:
    """The composer's draft for the want."""
    if context.values.numbered.unknown and not context.query.entries:
        number = ", ".join(context.values.numbered.unknown)
        return not_in_documents(context, context.say("no_entry", number=number))
    query = context.query
    empty = not (query.conditions.narrow or query.entries or query.named or context.values.kinds)
    if empty and query.want in (Want.SEARCH, Want.FIELD) and not any(one.asked >= _ASKED for one in context.found):
        return unclear(context)
    return COMPOSERS.get(query.want, passages.compose)(context)


def verify(work: Work) -> None:
    """Keep of the draft what is proven; where nothing is left, what was found, else an honest non-answer."""
    assert work.draft is not None
    verifier, context = work.parts.verifier, work.context
    draft = verifier.verified(work.draft, work.language)
    if draft.status is AnswerStatus.UNAVAILABLE and context is not None:
        items = [item for item, _ in context.judged if passages.says_something(item)]
        draft = verifier.verified(passages.found(context, items), work.language)
        if draft.status is AnswerStatus.UNAVAILABLE:
            draft = not_in_documents(context)
    work.draft = draft


STEPS: tuple[Callable[[Work], None], ...] = (check, read, search, judge_scope, compose)


def run(work: Work) -> Draft:
    """Go through the steps until one makes a draft, then keep of it what is proven."""
    for step in (*STEPS, verify):
        if work.draft is None or step is verify:
            start = time.perf_counter()
            step(work)
            work.times[step.__name__] = time.perf_counter() - start
    assert work.draft is not None
    return work.draft
