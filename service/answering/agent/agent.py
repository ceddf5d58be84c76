"""The answerer with a language model: an agent that calls the tools as often as it needs and gives a draft.

Every sentence of it is made with what its tokens stand for and then verified; what is not supported may be repaired
once. Whatever fails, there is no draft, and who asked answers without a model, with a notice that says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, model_validator

from prompts import digest, fill, load_words, text
from service import wording
from service.answering.agent.material import Call, Material, MaterialPage, offered_tools
from service.answering.composing import listing, passages
from service.answering.composing.fixed import fixed, not_in_documents, unclear
from service.answering.draft import Draft, Fragment, Sentence, sentence
from service.answering.pipeline import Work, without_model
from service.answering.query import Intent, Query
from service.answering.tools.forms import RecordsArguments
from service.answering.tools.records import conditions_of
from service.answering.verification.checks import Failing
from service.language_models.access import ModelAccess
from service.language_models.building import ChatModel, failure_of
from service.language_models.errors import ModelUnavailable
from service.masking.notation import without_details
from service.models import AnswerMode, AnswerStatus
from vectorstore.records import Document, Item, ItemStatus
from vectorstore.sentences import sentence_spans

if TYPE_CHECKING:
    from service.answering.agent.limits import Watch

INSTRUCTION, QUESTION, _REPAIR, _REMINDER = PROMPTS = tuple(
    f"de/model/agent_{name}" for name in ("instruction", "question", "repair", "reminder")
)
_EASY, _TRANSLATED, _FAULTS = "de/model/agent_easy", "de/model/agent_translated", "de/model/agent_faults"
LANGUAGES, _OUTCOMES, _FORM = "de/model/languages", "de/model/agent_outcomes", "de/model/agent_form"
_ARGUMENTS = load_words("de/model/agent_arguments")
_SENTENCES, _LONGEST, _TOKENS, _NOT_FOUND = 12, 800, 40, 80  # what is taken of an answer, the rest is cut
_DISTRUSTED = 2  # refused sentences, a third of all or more, with which no draft is trusted
_RELATED = 2  # supported sentences that are shown where the documents do not answer
_TOKEN = re.compile(r"\w+")
_TURNS, _TURN = 6, 1_000  # turns of a conversation that are shown, and characters of each
_NEAREST = 5
_MARKS = '.,;:!?()"„“'
Step = Callable[[str, str], None]  # a tool, and what is done with it in words


class Statement(BaseModel):
    """One sentence in German; `other` is the same in the language of the answer, where that is another."""

    text: str
    tokens: list[str] = Field(description=_ARGUMENTS["answer_tokens"])
    other: str = ""

    @model_validator(mode="before")
    @classmethod
    def _lenient(cls, value: Any) -> Any:
        """A sentence as a string, tokens as a string, and what is too long, cut."""
        value = {"text": value} if isinstance(value, str) else value
        if not isinstance(value, dict):
            return value
        tokens = value.get("tokens") or ()
        tokens = _TOKEN.findall(tokens) if isinstance(tokens, str) else tokens
        texts = {name: str(value.get(name) or "")[:_LONGEST] for name in ("text", "other")}
        return texts | {"tokens": [str(token) for token in tokens][:_TOKENS]}


class Answer(BaseModel):
    """Die Antwort, zuletzt."""

    outcome: Literal["answered", "not_in_documents", "out_of_scope", "unclear"]
    sentences: list[Statement] = []
    not_found: str = Field(default="", description=_ARGUMENTS["answer_not_found"])
    rows_of: str = Field(default="", description=_ARGUMENTS["answer_rows_of"])

    @model_validator(mode="before")
    @classmethod
    def _lenient(cls, value: Any) -> Any:
        """German outcomes, one sentence instead of a list, lists instead of a string, and what is too long, cut."""
        if not isinstance(value, dict):
            return value
        sentences = value.get("sentences") or ()
        sentences = [sentences] if isinstance(sentences, str | dict) else list(sentences)[:_SENTENCES]
        outcome = str(value.get("outcome") or "answered").strip().lower()
        texts = {}
        for name in ("not_found", "rows_of"):
            words = value.get(name) or ""
            texts[name] = (" ".join(map(str, words)) if isinstance(words, list) else str(words))[:_NOT_FOUND]
        return texts | {"outcome": load_words(_OUTCOMES).get(outcome, outcome), "sentences": sentences}


class Agent:
    """One answer on its way; `step` is told what is done, in another thread.

    `failed` is the code of the notice that says why there is none, `language` "de" or one that is shown beside German.
    """

    def __init__(self, access: ModelAccess, work: Work, step: Step | None = None) -> None:
        assert work.context is not None
        self.access, self.work, self.step, self.context = access, work, step, work.context
        self.failed, self.malformed = "", 0  # answers in the wrong form
        self.watch: Watch | None = None
        self._turns: list[str] = []  # of the conversation, as they are sent
        self._best: tuple[Answer, list[Sentence], list[str]] | None = None  # with what of it is supported, and what not
        asked = work.request
        needed = (asked.language or self.context.query.spoken).split("-")[0].lower()
        self.language = needed if needed in load_words(LANGUAGES) else "de"
        texts = [asked.question, *(turn.content for turn in asked.history), self.context.corpus.edition.name]
        self.material = Material(work.parts.tools, "\0".join(texts), tuple(asked.documents or ()))

    def answer(self) -> Draft | None:
        """The draft of an answer, in time or not at all; what was supported counts though the model failed later."""
        asked = self.work.request
        turns = without_details(
            asked.question, [(item.role == "user", item.content[:_TURN]) for item in asked.history[-_TURNS:]]
        )
        if turns is None:
            self.failed = "model_not_asked"
            return None
        self._turns = turns
        try:
            self.access.work(self._run)
        except ModelUnavailable:
            self.failed = "" if self._best else "model_unavailable"
        self.step = None  # the other thread may still be at work
        if self._best is None:
            self.failed = self.failed or "model_given_up"
            return None
        answer, retained, dropped = self._best
        self.access.counts["sentences"] += len(retained) + len(dropped)
        self.access.counts["dropped"] += len(dropped)
        distrusted = len(dropped) >= _DISTRUSTED and 3 * len(dropped) >= len(retained) + len(dropped)
        draft = None if distrusted and answer.outcome == "answered" else self._draft(answer, retained)
        if draft is None:
            self.failed = "model_given_up"
        return draft and replace(draft, language=self.language, prompts=digest(*PROMPTS))

    def _run(self, model: ChatModel) -> None:
        """Have the model work; raises ModelUnavailable for whatever fails."""
        try:
            from service.answering.agent.limits import Watch

            self.watch = Watch(self, Answer)
            text = instruction(self.language, self.work.request.style)
            self.watch.run(model.chat, text, self.first_message(), offered_tools())
        except ModelUnavailable:
            raise
        except Exception as error:  # every client library has its own
            raise ModelUnavailable(failure_of(error)) from error

    def first_message(self) -> str:
        """What the agent is asked, with what was found already."""
        asked, query = self.work.request, self.context.query
        roles = (item.role for item in asked.history[-_TURNS:])
        turns = [{"role": role, "content": statement} for role, statement in zip(roles, self._turns, strict=True)]
        gespraech, frage = (json.dumps(turn, ensure_ascii=False) for turn in (turns, asked.question))
        return fill(QUESTION, **self.material.first(query.text, query.spoken), gespraech=gespraech, frage=frage)

    def call(self, tool: str, arguments: Mapping[str, Any]) -> str:
        """The reply of a tool; that it is called is reported before."""
        if (report := self.step) is not None:
            report(tool, self.material.step(tool, arguments, self.work.request.question, self.language))
        return self.material.run(tool, arguments)

    def explain_form(self, error: Exception) -> str:
        """One line on what of an answer has the wrong form; each is counted."""
        self.malformed += 1
        return text(_FORM)

    def weigh(self, answer: Any) -> str:
        """Keep what is supported of an answer (None: there was none); what the agent shall repair, "" for nothing."""
        if answer is None or (answer.outcome == "answered" and not answer.sentences and not answer.rows_of):
            self.malformed += 1
            return text(_REMINDER)
        made = [(item.text, *self._prove(item)) for statement in answer.sentences for item in _single(statement)]
        retained = [sentence for _, sentence, failing in made if failing is None]
        if answer.outcome != "answered":
            self._best = (answer, retained[:_RELATED] if answer.outcome == "not_in_documents" else [], [])
            return ""
        faults = {statement: failing for statement, _, failing in made if failing is not None}
        retained = (
            retained if not made or made[0][2] is None else []
        )  # the first sentence answers: without it the others do not
        if self._best is None or retained or not self._best[1]:
            self._best = (answer, retained, list(faults))
        why = load_words(_FAULTS)
        lines = [
            f"„{statement}“: {why[failing.kind.value]} {failing.said}".strip() for statement, failing in faults.items()
        ]
        if answer.rows_of and self.material.get(answer.rows_of, Call) is None:
            lines.append(f"rows_of: {answer.rows_of}")
        return fill(_REPAIR, saetze="\n".join(lines)) if lines else ""

    def _prove(self, statement: Statement) -> tuple[Sentence, Failing | None]:
        """A sentence with its proofs, and why it is not supported."""
        things = [self.material.things.get(token) for token in statement.tokens]
        items = [thing for thing in things if isinstance(thing, Item)]
        made, failing = self._worded(statement, items)
        pages = (item for thing in things if isinstance(thing, MaterialPage) for item in thing.items)
        for item in pages if failing else ():  # a page is cited by the entry on it that says it
            made, failing = self._worded(statement, [*items, item])
            if failing is None:
                break
        return made, failing

    def _worded(self, statement: Statement, items: list[Item]) -> tuple[Sentence, Failing | None]:
        """A sentence with proofs of these entries and what else its tokens stand for, and why it is not supported."""
        material, verifier = self.material, self.work.parts.verifier
        made = verifier.word(
            statement.text,
            items,
            [document for token in statement.tokens if (document := material.get(token, Document))],
            tuple(filter(None, (material.find_count(token, statement.text) for token in statement.tokens))),
            tuple(filter(None, map(material.missing, statement.tokens))),
        )
        if self.language != "de":
            made = verifier.word(statement.other, german=made)
        return made, verifier.find_fault(made, self.language)

    def _draft(self, answer: Answer, retained: list[Sentence]) -> Draft | None:
        context, material = self.context, self.material
        if answer.outcome == "unclear":
            return self._spoken(unclear(context), "unclear")
        if answer.outcome == "out_of_scope":
            return self._spoken(fixed("not_ours", context.language, AnswerStatus.OUT_OF_SCOPE), "not_ours")
        cited = [statement for statement in retained if statement.proofs]
        if answer.outcome == "not_in_documents" or (retained and not cited):
            closest = {**material.read, **material.found}
            nothing = self._spoken(not_in_documents(context, "", *closest.values()), "not_in_documents")
            return self._related(cited, nothing) if cited else nothing
        listed = self._list_records(answer)
        below = listed.sentences if listed and answer.rows_of else ()
        if not retained and not below:
            return None
        used = {(proof.item.document_id, proof.item.key) for statement in retained for proof in statement.proofs}
        left = [item for name, item in material.read.items() if name not in used]
        closest_items = tuple(item for item in left if item.status is not ItemStatus.ARCHIVED)[:_NEAREST]
        sentences = (*retained, *below, *self._gaps(answer))
        draft = Draft(AnswerStatus.ANSWERED, AnswerMode.GENERATED, sentences, nearest=closest_items)
        if listed is not None:
            draft = replace(draft, data=listed.data, row_proofs=listed.row_proofs, notices=listed.notices)
        return self._translated(draft, retained)

    def _related(self, cited: list[Sentence], nothing: Draft) -> Draft:
        """What is not answered, with supported sentences on what is near to it."""
        items = list(dict.fromkeys(proof.item for statement in cited for proof in statement.proofs))[:_RELATED]
        shown = passages.show_hits(self.context, items)
        lead = Sentence((Fragment(text(f"{self.language}/related")),), reservation=True)
        draft = replace(shown, mode=AnswerMode.GENERATED, sentences=(lead, *cited), nearest=nothing.nearest)
        return self._translated(draft, cited) if shown.status is AnswerStatus.FOUND else nothing

    def _translated(self, draft: Draft, retained: list[Sentence]) -> Draft:
        """A draft with the German wording of translated sentences as a notice."""
        german = " ".join(statement.german.text for statement in retained if statement.german)
        return draft.noting("translated", fill(f"{self.language}/translated", deutsch=german)) if german else draft

    def _spoken(self, draft: Draft, name: str) -> Draft:
        """A fixed text in the language that was asked in, before what follows it in German."""
        if self.language in ("de", "en"):
            return draft
        remaining = draft.sentences[-1:] if draft.status is AnswerStatus.NOT_IN_DOCUMENTS else ()
        return replace(draft, sentences=(sentence(text(f"{self.language}/{name}")), *remaining))

    def _gaps(self, answer: Answer) -> Iterator[Sentence]:
        """What of the question was not found, in its own words."""
        asked = {word.strip(_MARKS).casefold() for word in self.work.request.question.split()}
        words = (word.strip(_MARKS) for word in answer.not_found.split())
        if missing := " ".join(word for word in words if word.casefold() in asked):
            yield Sentence((Fragment(fill(f"{self.language}/gap", was=missing)),), (missing,), reservation=True)

    def _list_records(self, answer: Answer) -> Draft | None:
        """The records of the call that is to be listed, or on whose number a sentence rests."""
        tokens = [answer.rows_of, *(token for statement in answer.sentences for token in statement.tokens)]
        calls = (call.asked for token in tokens if (call := self.material.get(token, Call)))
        asked = next((call for call in calls if isinstance(call, RecordsArguments)), None)
        if asked is None:
            return None
        intent, language = Intent.LIST if answer.rows_of else Intent.COUNT, self.context.language
        query = Query(text=asked.topic, intent=intent, conditions=conditions_of(asked), language=language)
        query = replace(query, group=asked.group_by, sort=asked.sort)
        made = listing.compose(replace(self.context, query=query))
        return made if made.status is AnswerStatus.ANSWERED else None


def answerer(access: ModelAccess, step: Step | None = None) -> Callable[[Work], Draft | None]:
    """Who answers a question on its way with a model; where it fails, the draft without one says so."""

    def answer(work: Work) -> Draft | None:
        agent = Agent(access, work, step)
        draft = agent.answer()
        if agent.failed:
            return without_model(work).noting(agent.failed, text(f"{work.language}/{agent.failed}"))
        if draft is not None and draft.status is AnswerStatus.OUT_OF_SCOPE and work.ended is not None:
            return replace(work.ended, prompts=draft.prompts)  # whose text says more
        return draft

    return answer


def instruction(language: str = "de", style: str = "standard") -> str:
    """What the agent is told, for an answer in a language and style."""
    parts = [fill(INSTRUCTION, status=", ".join(f"{item.value} = {wording.status(item, 'de')}" for item in ItemStatus))]
    if style == "einfach" and language == "de":
        parts.append(text(_EASY))
    if language != "de":
        parts.append(fill(_TRANSLATED, sprache=load_words(LANGUAGES)[language]))
    return "\n\n".join(parts)


def warm(access: ModelAccess) -> None:
    """Load what the first question would load, seconds of it; nothing is asked."""
    access.warm()
    with suppress(ImportError):
        import_module("service.answering.agent.limits")


def _single(statement: Statement) -> Iterator[Statement]:
    """Each sentence for itself; what is beside another language stays as it is."""
    bare = statement.text.replace("**", "").strip()
    spans = [(0, len(bare))] if statement.other else sentence_spans(bare)
    parts = (bare[start:end].strip() for start, end in spans)
    yield from (statement.model_copy(update={"text": part}) for part in parts if part)
