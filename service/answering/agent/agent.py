"""The answerer with a language model: an agent that calls tools and returns an answer, which
becomes a draft.

The tokens that a sentence cites are resolved to items, documents and calls, then it is verified;
the agent may repair unsupported sentences once. If anything fails, the answer is made without a
model and a notice says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any

from prompts import digest, fill, load_words, text
from service import wording
from service.answering.agent.drafting import AnswerDrafter
from service.answering.agent.form import Answer, Statement
from service.answering.agent.judge import JUDGE_PROMPTS, Verdict, judge, show_sentence
from service.answering.agent.material import Material
from service.answering.agent.tokens import Call
from service.answering.draft import Draft, Fragment, Sentence
from service.answering.privacy import sendable_turns
from service.answering.question_run import QuestionRun
from service.answering.verification.checks import Fault
from service.answering.verification.sources import documents_of
from service.answering.verification.verdicts import split_verdict
from service.answering.verification.verifier import SupportedSentence
from service.language_models import Failure, LangChainModel, ModelAccess, ModelUnavailable
from service.records import Checked, Step
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
_DISTRUSTED = 2  # dropped sentences, if a third of all or more, with which the answer is given up
_RELATED = 2  # supported sentences shown if the documents do not answer the question
_LEAST_SECONDS = 1.0  # that have to be left for the judge
_TURNS = 6  # latest turns of the conversation that the agent gets
ReportStep = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class BestAnswer:
    """An answer with its supported sentences, and how many it had."""

    answer: Answer
    sentences: list[Sentence]
    number: int = 0

    @property
    def dropped(self) -> int:
        """How many of its sentences were not supported."""
        return self.number - len(self.sentences)

    @property
    def is_distrusted(self) -> bool:
        """True if it lost so many sentences that the rest is not believed either: at least two, and
        a third of all.
        """
        return self.dropped >= _DISTRUSTED and 3 * self.dropped >= self.number


RunGraph = Callable[["Agent", LangChainModel], None]


class Agent:
    """The agent's work on one question, in one run: a second try needs a new one.

    `report` gets each tool call, from another thread. `run_graph` has the model call the agent's
    tools and answer. `judge_access` is the model that judges the answer; without one only what has
    the words of its quotes is shown.

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
        judge_access: ModelAccess | None = None,
    ) -> None:
        assert question_run.context is not None
        self.access = access
        self._judge_access = judge_access
        self._deadline = access.clock() + access.limits.seconds
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
        drafter = AnswerDrafter(request.question, self.context, self.material, self.language)
        sentences = None if best.is_distrusted else self._judge(best)
        draft = None if sentences is None else drafter.draft(best.answer, sentences)
        if draft is None:
            self.failure_code = "model_given_up"
        return draft and replace(
            draft, language=self.language, prompts=digest(*AGENT_PROMPTS, *JUDGE_PROMPTS)
        )

    def _judge(self, best: BestAnswer) -> list[Sentence] | None:
        """The sentences of an answer that are shown, each with how it was checked.

        None if the judge says that they do not answer the question, or nothing is left of the first
        one. Counts are supported by the tools. Without a judge, or if it fails or no time is left
        for it, a sentence is shown only in the words of its quotes.
        """
        asked = [part for part in best.sentences if not part.counted]
        verdicts: dict[Sentence, Verdict] = {}
        if asked and self._judge_access is not None:
            corpus = self.context.corpus
            shown = [show_sentence(part, documents_of(part, corpus)) for part in asked]
            seconds = self._deadline - self.access.clock()
            ask = partial(self._judge_access.ask, seconds=seconds)
            with suppress(ModelUnavailable):
                if seconds < _LEAST_SECONDS:
                    raise ModelUnavailable(Failure.SLOW)
                judged = judge(ask, self.question_run.request.question, shown)
                if not judged.is_answered and best.answer.outcome == "answered":
                    return None
                verdicts = dict(zip(asked, judged.verdicts, strict=True))
        sentences = [self._check(part, verdicts.get(part)) for part in best.sentences]
        if sentences and sentences[0] is None:
            return None
        kept = [part for part in sentences if part is not None]
        is_supported = any(part.checked is not Checked.FREE for part in kept)
        return kept if is_supported or not kept else None

    def _check(self, sentence: Sentence, verdict: Verdict | None) -> Sentence | None:
        """A supported sentence with how it was checked, None if it is not shown. What is beside its
        quote is shown with it.
        """
        if sentence.counted:
            return replace(sentence, checked=Checked.SUPPORTED)
        if verdict is None:
            is_own = self.question_run.parts.verifier.is_own_wording(sentence)
            return None if is_own else replace(sentence, checked=Checked.VERBATIM)
        if verdict is Verdict.SUPPORTED:
            return replace(sentence, checked=Checked.SUPPORTED)
        if verdict is Verdict.BESIDE and sentence.german_original is None:
            return show_quote(replace(sentence, checked=Checked.FREE))
        return None

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

        Any other answer is kept unless more sentences of an earlier answer were supported. If its
        first sentence, which answers the question, is not, none is kept. A repair is asked for the
        first sentence, for quotes that are not there, and for rows that are none.
        """
        if answer is None or (
            answer.outcome == "answered" and not answer.sentences and not answer.rows_of
        ):
            self.malformed_answers += 1
            return text(_REMINDER)
        statements = list(chain.from_iterable(map(_split_sentences, answer.sentences)))
        supported = [self._prove(statement) for statement in statements]
        supported_sentences = (part.sentence for part in supported if part.fault is None)
        kept = list({sentence.text: sentence for sentence in supported_sentences}.values())
        if answer.outcome != "answered":
            related = answer.outcome == "not_in_documents"
            self._best = BestAnswer(answer, kept[:_RELATED] if related else [])
            return ""
        is_first_faulty = bool(supported) and supported[0].fault is not None
        latest = BestAnswer(answer, [] if is_first_faulty else kept, len(supported))
        if self._best is None or len(latest.sentences) >= len(self._best.sentences):
            self._best = latest
        is_call = self.material.tokens.get(answer.rows_of, Call) is not None
        unknown = [answer.rows_of] if answer.rows_of and not is_call else []
        has_no_quote = any(part.fault and part.fault.kind is Fault.QUOTES for part in supported)
        if is_first_faulty or has_no_quote or unknown:
            lines = map(_describe_supported, statements, supported)
            rows = (f"{token}: {load_words(_FAULTS)['rows']}" for token in unknown)
            return fill(_REPAIR, saetze="\n".join([*lines, *rows]))
        return ""

    def _prove(self, statement: Statement) -> SupportedSentence:
        """A statement with its proofs: its quote from what its tokens stand for (items, pages with
        their items), the front matter of documents, or a call.

        A call proves how many records it counted. Unknown tokens prove nothing.
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
        return self.question_run.parts.verifier.prove(
            statement.text,
            statement.quote,
            items,
            documents,
            tuple(filter(None, counts)),
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


def show_quote(sentence: Sentence) -> Sentence:
    """A freely worded sentence (its first fragment) with its quotes open behind it, which bear the
    markers.
    """
    lead = f" – {text('de/free')} "
    quotes = []
    for proof in sentence.proofs:
        quotes += [Fragment(f"„{proof.quote.strip()}“", (proof,)), Fragment(" ")]
    fragments = (Fragment(sentence.text.rstrip(".")), Fragment(lead), *quotes[:-1], Fragment("."))
    return replace(sentence, fragments=fragments)


def _describe_supported(statement: Statement, supported: SupportedSentence) -> str:
    """One line for the request of a repair: a sentence of the agent, and that it passed, or why it
    was dropped, with the words that nothing bears out.
    """
    words = load_words(_FAULTS)
    fault = supported.fault
    if fault is None:
        return f"„{statement.text}“: {words['passed']}"
    reason = f"{words[fault.kind.value]} {fault.unsupported}"
    return f"„{statement.text}“: {words['dropped']}; {reason}".strip()


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
