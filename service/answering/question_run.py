"""A question on its way through the pipeline, and the parts over one corpus that answer it."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

from prompts import answer_language
from service import Settings
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Draft
from service.answering.query import Query
from service.answering.reading.classifier import detect_language
from service.answering.reading.letter_case import restore_letters
from service.answering.reading.politeness import strip_politeness
from service.answering.reading.reader import QuestionReader, QuestionReading
from service.answering.retrieval.search import Retriever
from service.answering.tools.toolbox import Tools
from service.answering.verification.verifier import Verifier
from service.records import ChatRequest, ContactDirectory


class PipelineParts:
    """The parts that answer over one corpus: retriever, reader, verifier, tools; shared between
    requests.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.retriever = Retriever(corpus)
        self.reader = QuestionReader(corpus)
        self.verifier = Verifier(corpus)
        self.tools = Tools(corpus, self.retriever)

    def without_endpoint(self) -> PipelineParts:
        """The same parts, but nothing of a question is sent to an embedding endpoint."""
        parts = copy(self)
        parts.retriever = self.retriever.without_endpoint()
        parts.tools = Tools(self.corpus, parts.retriever)
        return parts


@dataclass(kw_only=True)
class QuestionRun:
    """One question in the pipeline, with the results of its steps; `times` are seconds by step.

    `decided` looks up what people decided, `agent` asks a model with tools; either may return no
    draft, then composers answer. `contact` is where to turn in general. `rejection` is the fixed
    text for a question out of scope, where the agent may still decide otherwise. `warning` is the
    text with the numbers to call, which stands before whatever answers.
    """

    request: ChatRequest
    settings: Settings
    parts: PipelineParts
    decided: Callable[[QuestionRun], Draft | None] | None = None
    agent: Callable[[QuestionRun], Draft | None] | None = None
    contacts: ContactDirectory = field(default_factory=ContactDirectory)
    contact: str = ""
    reading: QuestionReading | None = None
    context: Context | None = None
    rejection: Draft | None = None
    warning: Draft | None = None
    draft: Draft | None = None
    times: dict[str, float] = field(default_factory=dict)

    @cached_property
    def question(self) -> str:
        """The question in usual letters, also where it was typed in capitals."""
        return restore_letters(self.request.question, self.parts.corpus)

    @cached_property
    def bare_question(self) -> str:
        """The question without politeness, which is what is read and judged."""
        return restore_letters(strip_politeness(self.request.question), self.parts.corpus)

    @property
    def language(self) -> str:
        """The language of the answer's own words: the requested one, without a request the
        detected one.
        """
        return answer_language(self.request.language or detect_language(self.request.question))

    @property
    def query(self) -> Query | None:
        """The query, None if the question was rejected before it was read."""
        return self.reading.query if self.reading else None
