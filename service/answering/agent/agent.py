"""The answerer with a language model: an agent that calls tools and returns an answer, which
becomes a draft.

The tokens that a sentence cites are resolved to items, documents and calls, then it is verified;
the agent may repair unsupported sentences once. If anything fails, the answer is made without a
model and a notice says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any

from prompts import digest, fill, load_words, text
from service import wording
from service.answering.agent.drafting import AnswerDrafter
from service.answering.agent.form import Answer, Statement
from service.answering.agent.material import Material
from service.answering.agent.tokens import Call
from service.answering.draft import Draft, Sentence
from service.answering.privacy import sendable_turns
from service.answering.question_run import QuestionRun
from service.answering.verification.verdicts import split_verdict
from service.answering.verification.verifier import JudgedSentence
from service.language_models import LangChainModel, ModelAccess, ModelUnavailable
from service.records import Step
from vectorstore.language import sentence_spans
from vectorstore.records import Document, Item, ItemStatus

INSTRUCTION, QUESTION, _REPAIR, _REMINDER = AGENT_PROMPTS = tuple(
    f"de/model/agent_{name}" for name in ("instruction", "question", "repair", "reminder")
)
_EASY = "de/model/agent_easy"
_TRANSLATED = "de/model/agent_translated"
_FAULTS = "de/model/agent_faults"
LANGUAGES = "de/model/languages"
_FORM = "de/model/agent_form"
_LEAST_TO_JUDGE = 3  # sentences of an answer, of which none passed, with which it is given up
_DISTRUSTED = 2  # dropped sentences, if a third of all or more, with which the answer is given up
_QUOTES = 2  # quotes in place of sentences that are shown in a row
_RELATED = 2  # supported sentences shown if the documents do not answer the question
_TURNS = 6  # latest turns of the conversation that the agent gets
ReportStep = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class BestAnswer:
    """An answer with the sentences that are shown of it, and how many of its own passed, were
    replaced, or dropped.
    """

    answer: Answer
    sentences: list[Sentence]
    passed: int = 0
    replaced: int = 0
    dropped: int = 0

    @property
    def number(self) -> int:
        """How many sentences the answer had."""
        return self.passed + self.replaced + self.dropped

    @property
    def is_distrusted(self) -> bool:
        """True if the answer lost so many sentences that the rest is not believed either.

        That is so if at least two, and a third of all, were dropped, or if of three or more none
        passed as the agent wrote it.
        """
        are_many_dropped = self.dropped >= _DISTRUSTED and 3 * self.dropped >= self.number
        return are_many_dropped or (self.number >= _LEAST_TO_JUDGE and not self.passed)


RunGraph = Callable[["Agent", LangChainModel], None]


class Agent:
    """The agent's work on one question; `report` gets each tool call, from another thread.
    `run_graph` has the model call the agent's tools and answer.

    `failure_code` is the code of the notice that says why there is no answer. `language` is "de",
    or the language into which the agent translates each German sentence. `turns`, `calls` and
    `malformed_answers` count requests to the model, tool calls, and answers in the wrong form.
    """

    def __init__(
        self,
        access: ModelAccess,
        question_run: QuestionRun,
        run_graph: RunGraph,
        report: ReportStep | None,
    ) -> None:
        assert question_run.context is not None
        self.access = access
        self.question_run = question_run
        self.report = report
        self._run_graph = run_graph
        self.context = question_run.context
        self.failure_code = ""
        self.turns = self.calls = self.malformed_answers = 0
        # texts of the conversation as they are sent, without personal details
        self._conversation: list[str] = []
        self._best: BestAnswer | None = None
        request = question_run.request
        language = (request.language or self.context.query.question_language).split("-")[0].lower()
        self.language = language if language in load_words(LANGUAGES) else "de"
        texts = [
            request.question,
            *(turn.content for turn in request.history),
            self.context.corpus.edition.name,
        ]
        self.material = Material(
            question_run.parts.tools,
            self.context.query.text,
            "\0".join(texts),
            tuple(request.documents or ()),
        )

    def answer(self) -> Draft | None:
        """Return the draft of the agent's answer, or None if there is none.

        Where it is None, `failure_code` says why: the model was not asked, could not be reached, or
        gave no answer of which anything is left. If the model fails after an answer was verified,
        as in a repair, that answer is taken.
        """
        request = self.question_run.request
        turns = sendable_turns(
            request,
            self.context.corpus,
            self.question_run.settings,
            self.question_run.contacts.describe("de"),
        )
        if turns is None:  # there are personal details in the conversation
            self.failure_code = "model_not_asked"
            return None
        self._conversation = turns[-_TURNS:]
        try:
            self.access.run_with_model(partial(self._run_graph, self))
        except ModelUnavailable:
            self.failure_code = "" if self._best else "model_unavailable"
        self.report = None  # the other thread may still be running
        if self._best is None:
            self.failure_code = self.failure_code or "model_given_up"
            return None
        best = self._best
        self.access.counts["sentences"] += best.number
        self.access.counts["replaced"] += best.replaced
        self.access.counts["dropped"] += best.dropped
        drafter = AnswerDrafter(request.question, self.context, self.material, self.language)
        draft = None if best.is_distrusted else drafter.draft(best.answer, best.sentences)
        if draft is None:
            self.failure_code = "model_given_up"
        return draft and replace(draft, language=self.language, prompts=digest(*AGENT_PROMPTS))

    def first_message(self) -> str:
        """The first message to the agent, in which everything from people or documents is JSON.

        It has the latest turns of the conversation, the question, and the results of a first
        search, so that the agent may need no call.
        """
        request = self.question_run.request
        query = self.context.query
        roles = (turn.role for turn in request.history[-_TURNS:])
        turns = [
            {"role": role, "content": statement}
            for role, statement in zip(roles, self._conversation, strict=True)
        ]
        conversation, question = (
            json.dumps(value, ensure_ascii=False) for value in (turns, request.question)
        )
        search = self.material.first_search(query.text, query.question_language)
        return fill(QUESTION, **search, gespraech=conversation, frage=question)

    def call(self, tool: str, arguments: Mapping[str, Any]) -> str:
        """Report a tool call to people who wait, then carry it out and return its reply.

        Nothing is reported after the end of the answer, though the model's thread may still run.
        """
        report = self.report
        if report is not None:
            question = self.question_run.request.question
            description = self.material.calls.describe(tool, arguments, question, self.language)
            report(Step(tool=tool, text=description))
        return self.material.run(tool, arguments)

    def explain_form(self, _error: Exception) -> str:
        """The message to the agent on an answer in the wrong form, the same for any error.

        Such answers are counted, because the second one ends the work.
        """
        self.malformed_answers += 1
        return text(_FORM)

    def verify_answer(self, answer: Any) -> str:
        """Verify an answer of the agent and keep it if it is the best so far. Returns the message
        that asks the agent for a repair, "" if none is needed.

        An answer in the wrong form (None, or without content) is counted, and the agent is reminded
        of the form. An answer with another outcome than "answered" is final: of "not_in_documents"
        the first sentences are kept, of other outcomes none.

        Any other answer is kept unless more sentences of an earlier answer passed. A sentence that
        fails is replaced by a quote or dropped. If the first sentence, which answers the question,
        is dropped, no sentence is kept.
        """
        if answer is None or (
            answer.outcome == "answered" and not answer.sentences and not answer.rows_of
        ):
            self.malformed_answers += 1
            return text(_REMINDER)
        statements = list(
            chain.from_iterable(_split_sentences(statement) for statement in answer.sentences)
        )
        judged = [self._prove(statement) for statement in statements]
        kept = [statement.sentence for statement in judged if statement.sentence is not None]
        if answer.outcome != "answered":
            related = answer.outcome == "not_in_documents"
            self._best = BestAnswer(answer, _arrange(kept)[:_RELATED] if related else [])
            return ""
        dropped = len(judged) - len(kept)
        passed = sum(statement.fault is None for statement in judged)
        is_first_dropped = bool(judged) and judged[0].sentence is None
        best = BestAnswer(
            answer, [] if is_first_dropped else _arrange(kept), passed, len(kept) - passed, dropped
        )
        if self._best is None or passed >= self._best.passed:
            self._best = best
        unknown = [] if self._has_rows(answer) else [answer.rows_of]
        if dropped or (judged and judged[0].fault is not None) or unknown:
            lines = map(_describe_judged, statements, judged)
            rows = (f"{token}: {load_words(_FAULTS)['rows']}" for token in unknown)
            return fill(_REPAIR, saetze="\n".join([*lines, *rows]))
        return ""

    def _has_rows(self, answer: Answer) -> bool:
        """True if `rows_of` of an answer is the token of a call, whose rows are to be listed, or
        "" for no rows.
        """
        return not answer.rows_of or self.material.tokens.get(answer.rows_of, Call) is not None

    def _prove(self, statement: Statement) -> JudgedSentence:
        """A statement, judged by what its tokens stand for: items, pages with their items,
        documents, calls.

        A call proves how many records it counted, or that a search had no hits. Unknown tokens
        prove nothing.
        """
        material = self.material
        items = list[Item]()
        documents = list[Document]()
        for token in statement.tokens:
            items += material.tokens.items_of(token)
            document = material.tokens.get(token, Document)
            if document:
                documents.append(document)
        counts = (material.find_count(token, statement.text) for token in statement.tokens)
        return self.question_run.parts.verifier.judge(
            statement.text,
            items,
            documents,
            tuple(filter(None, counts)),
            by_empty_search=any(map(material.is_empty_search, statement.tokens)),
            translation=statement.other,
            language=self.language,
        )


def system_prompt(language: str = "de", style: str = "standard") -> str:
    """The system prompt of the agent, for an answer in a language and a style ("standard" or
    "einfach").

    Easy language is only asked for in German. In any other language the agent is told to translate
    each of its German sentences.
    """
    statuses = (f"{status.value} = {wording.status_word(status, 'de')}" for status in ItemStatus)
    parts = [fill(INSTRUCTION, status=", ".join(statuses))]
    if style == "einfach" and language == "de":
        parts.append(text(_EASY))
    if language != "de":
        parts.append(fill(_TRANSLATED, sprache=load_words(LANGUAGES)[language]))
    return "\n\n".join(parts)


def _arrange(sentences: list[Sentence]) -> list[Sentence]:
    """The sentences that are shown: each text once, and at most two quotes in a row.

    Quotes in place of the agent's sentences (`is_replaced`) do not lead on from one to the next, so
    more of them in a row are left out.
    """
    arranged = list[Sentence]()
    quotes = 0
    for sentence in {sentence.text: sentence for sentence in sentences}.values():
        quotes = quotes + 1 if sentence.is_replaced else 0
        if quotes <= _QUOTES:
            arranged.append(sentence)
    return arranged


def _describe_judged(statement: Statement, judged: JudgedSentence) -> str:
    """One line for the request of a repair: a sentence of the agent, and that it passed, or why it
    was replaced or dropped, with the words that nothing supports.
    """
    words = load_words(_FAULTS)
    fault = judged.fault
    if fault is None:
        return f"„{statement.text}“: {words['passed']}"
    outcome = words["replaced" if judged.sentence else "dropped"]
    return f"„{statement.text}“: {outcome}; {words[fault.kind.value]} {fault.unsupported}".strip()


def _split_sentences(statement: Statement) -> Iterator[Statement]:
    """Yield a statement for each sentence in a statement, since models put several into one.

    Marks for bold text are removed. A statement with a translation stays whole: which part of the
    translation belongs to which sentence is not known. A verdict alone ("Ja.") is left out, as a
    rule sets the verdict.
    """
    plain = statement.text.replace("**", "").strip()
    spans = [(0, len(plain))] if statement.other else sentence_spans(plain)
    parts = (plain[start:end].strip() for start, end in spans)
    yield from (
        statement.model_copy(update={"text": part}) for part in parts if split_verdict(part)[1]
    )
