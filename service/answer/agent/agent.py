"""The answerer with a language model: an agent that calls the tools as often as it needs and gives a draft.

Every sentence of it is made with what its tokens stand for and then verified; what is not proven may be repaired once.
Whatever fails, there is no draft, and who asked answers without a model.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Literal, Protocol

from pydantic import BaseModel, Field

from prompts import filled, reworded, text
from service.answer import wording
from service.answer.agent.material import FORMS, Material
from service.answer.corpus import Corpus
from service.answer.draft import Draft, Fragment, Proof, Sentence
from service.answer.query import Entry
from service.answer.tools.forms import RecordsArguments, RecordsReply, SearchReply
from service.answer.tools.tools import Tools
from service.answer.verifying.proofs import name_proof, paper_proof
from service.answer.verifying.verifier import Failing, Verifier
from service.language_models.access import ModelAccess
from service.language_models.building import ChatModel, failure_of
from service.language_models.errors import ModelUnavailable
from service.language_models.masking import is_personal, masked
from service.models import AnswerMode, AnswerStatus, Turn
from vectorstore.records import Item, ItemStatus
from vectorstore.sentences import sentence_spans

PROMPTS = tuple(f"de/model/agent_{one}" for one in ("instruction", "question", "repair"))
_EASY, _TRANSLATED, _TOOLS = "de/model/agent_easy", "de/model/agent_translated", "de/model/agent_tools"
_LANGUAGES, _FAULTS = "de/model/languages", "de/model/agent_faults"
_TURNS, _TURN = 6, 1_000  # turns of a conversation that are shown, and characters of each
_NEAREST = 5
_PASSAGES = 3  # that prove a sentence, of one item
_ADDS = 0.2  # share of a sentence's words that a further passage must add
_NUMBER = 9.0  # what a number weighs beside words, in choosing passages
_MARKS = '.,;:!?()"„“»«'
_STATUSES = {
    "not_in_documents": AnswerStatus.NOT_IN_DOCUMENTS,
    "out_of_scope": AnswerStatus.OUT_OF_SCOPE,
    "unclear": AnswerStatus.NEEDS_CLARIFICATION,
}
Step = Callable[[str, str], None]  # a tool, and what is done with it in words


class Said(BaseModel):
    """One sentence in German; `other` is the same in the language of the answer, where that is another."""

    text: str = Field(max_length=800)
    tokens: list[str] = Field(description="Tokens of the entries, papers or calls that say it", max_length=40)
    other: str = Field(default="", max_length=800)


class Answer(BaseModel):
    """The answer, given last: its sentences with their tokens, and how the question ends."""

    outcome: Literal["answered", "not_in_documents", "out_of_scope", "unclear"]
    sentences: list[Said] = Field(default=[], max_length=12)
    rows_of: str = Field(default="", description="The `call` of records that are all listed below the sentences")


class Drafts(Protocol):
    """What makes drafts of what the agent does not word itself."""

    def listed(self, asked: RecordsArguments, reply: RecordsReply, language: str) -> Draft:
        """The draft that lists records."""

    def without(self, status: AnswerStatus, language: str) -> Draft:
        """The draft that says why there is no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is asked: `found` is the first search, for `searched`; `documents` are ids that were chosen.

    `language` is "de" or that in which the answer is told beside German; `easy` asks for easy German.
    """

    question: str
    found: SearchReply
    searched: str = ""
    history: Sequence[Turn] = ()
    documents: Sequence[str] = ()
    language: str = "de"
    easy: bool = False


@dataclass(slots=True)
class Worked:
    """What became of a task: a draft, else None and perhaps the code of a notice; and what it took."""

    draft: Draft | None = None
    notice: str = ""
    turns: int = 0
    calls: int = 0
    written: int = 0
    dropped: list[str] = field(default_factory=list)


class Agent:
    """Answers with a model over one edition; made once, used by many requests at a time."""

    def __init__(self, access: ModelAccess, tools: Tools, verifier: Verifier, drafts: Drafts) -> None:
        self.access, self.tools, self.verifier, self.drafts = access, tools, verifier, drafts

    def answer(self, task: Task, step: Step | None = None) -> Worked:
        """The draft of an answer, in time or not at all; `step` is told what is done, in another thread."""
        if is_personal("\n".join([task.question, *(one.content for one in task.history if one.role == "user")])):
            return Worked(notice="model_not_asked")
        work = _Work(self, task, step)
        try:
            self.access.work(work.run)
        except ModelUnavailable:
            if work.best is None:
                return replace(work.told, notice="model_unavailable")
        return work.ended()


class _Work:
    """One answer on its way."""

    def __init__(self, agent: Agent, task: Task, step: Step | None) -> None:
        self._agent, self._task, self._step = agent, task, step
        said = [task.question, *(one.content for one in task.history), agent.tools.corpus.edition.name]
        self.material = Material(agent.tools, sha256("\0".join(said).encode()).hexdigest(), task.documents)
        self.best: tuple[Answer, list[Sentence]] | None = None
        self.told = Worked()

    def run(self, model: ChatModel) -> None:
        """Have the model work; raises ModelUnavailable for whatever fails."""
        access = self._agent.access
        try:
            from service.answer.agent.limits import Office, Watch, graph_of

            seconds = access.limits.seconds
            office = Office(
                call=self.material.run,
                step=self._tell,
                weigh=self._weigh,
                replied=access.replied,
                require_budget=access.require_budget,
                full=lambda: self.material.full,
            )
            watch = Watch(office, Answer, time.monotonic() + seconds, seconds)
            forms = {name: (reworded(_TOOLS)[name], form) for name, form in FORMS.items()}
            graph_of(model.chat, self._instruction(), forms, watch, Answer)(self._first())
            self.told.turns, self.told.calls = watch.turns, watch.calls
        except ModelUnavailable:
            raise
        except Exception as error:  # every client library has its own
            raise ModelUnavailable(failure_of(error)) from error

    def ended(self) -> Worked:
        """What became of it."""
        if self.best is None:
            return self.told
        answer, kept = self.best
        counts = self._agent.access.counts
        counts["sentences"] += self.told.written
        counts["dropped"] += len(self.told.dropped)
        self.told.draft = self._draft(answer, kept)
        return self.told

    def _draft(self, answer: Answer, kept: list[Sentence]) -> Draft | None:
        drafts, language = self._agent.drafts, self._task.language
        if answer.outcome != "answered":
            draft = drafts.without(_STATUSES[answer.outcome], language)
            return replace(draft, nearest=draft.nearest or self._nearest(()))
        listed = self._listed(answer)
        if not kept and listed is None:
            return None
        draft = Draft(AnswerStatus.ANSWERED, AnswerMode.GENERATED, tuple(kept))
        if listed is not None:
            below = listed.sentences if answer.rows_of else ()
            draft = replace(draft, sentences=(*kept, *below), data=listed.data, row_proofs=listed.row_proofs)
        german = " ".join(one.german.text for one in kept if one.german)
        if german:
            draft = draft.noting("translated", filled(f"{language}/translated", deutsch=german))
        used = {(one.item.document_id, one.item.key) for said in kept for one in said.proofs}
        return replace(draft, nearest=self._nearest(used))

    def _listed(self, answer: Answer) -> Draft | None:
        """What the call counts whose records are to be listed, or on which a sentence rests."""
        tokens = [answer.rows_of, *(token for one in answer.sentences for token in one.tokens)]
        calls = (self.material.calls[one] for one in tokens if one in self.material.calls)
        for call in calls:
            if isinstance(call.asked, RecordsArguments) and isinstance(call.reply, RecordsReply):
                return self._agent.drafts.listed(call.asked, call.reply, self._task.language)
        return None

    def _nearest(self, used: Collection[Entry]) -> tuple[Item, ...]:
        """What was read and not used."""
        left = (item for key, item in self.material.read.items() if key not in used)
        return tuple(item for item in left if item.status is not ItemStatus.ARCHIVED)[:_NEAREST]

    def _tell(self, tool: str, arguments: Mapping[str, Any]) -> None:
        if self._step is not None:
            self._step(tool, self.material.step(tool, arguments, self._task.question, self._task.language))

    def _weigh(self, answer: Answer | None) -> str:
        """Keep what is proven of an answer; what the agent is told to repair, "" for nothing."""
        if answer is None:
            return text("de/model/agent_reminder")
        made = [(one, *self._made(one)) for one in _single(answer.sentences)]
        kept = [sentence for _, sentence, failing in made if sentence is not None and failing is None]
        first = not made or made[0][2] is None
        if self.best is None or (first and made):
            self.told.written = len(made)
            self.told.dropped = [said.text for said, _, failing in made if failing is not None]
            self.best = (answer, kept if first else [])
        faults = [f"„{said.text}“: {_told(failing)}" for said, _, failing in made if failing is not None]
        unknown = answer.rows_of and answer.rows_of not in self.material.calls
        faults += [f"rows_of: {answer.rows_of}"] if unknown else []
        return filled("de/model/agent_repair", saetze="\n".join(faults)) if faults else ""

    def _made(self, said: Said) -> tuple[Sentence | None, Failing | None]:
        """A sentence with its proofs, and why it is not proven."""
        material, corpus = self.material, self.material.corpus
        items = [material.items[one] for one in said.tokens if one in material.items]
        papers = [material.papers[one] for one in said.tokens if one in material.papers]
        proofs = [proof for item in items for proof in passages(said.text, item, corpus)]
        proofs += [proof for paper in papers if (proof := paper_proof(paper, corpus))]
        german = Sentence(
            (Fragment(said.text.rstrip(" .;"), tuple(proofs)), Fragment(".")),
            free=True,
            counted=tuple(one for token in said.tokens if (one := material.counted(token))),
            missing=tuple(none for token in said.tokens if (none := material.missing(token))),
        )
        language = self._task.language
        if language == "de":
            return german, self._agent.verifier.fault(german)
        other = replace(
            german, fragments=(Fragment(said.other.rstrip(" .;"), tuple(proofs)), Fragment(".")), german=german
        )
        return other, self._agent.verifier.fault(other, language)

    def _instruction(self) -> str:
        """What the model is told."""
        task, told = self._task, [filled(PROMPTS[0], status=_statuses())]
        told += [text(_EASY)] if task.easy else []
        if task.language != "de":
            told.append(filled(_TRANSLATED, sprache=reworded(_LANGUAGES)[task.language]))
        return "\n\n".join(told)

    def _first(self) -> str:
        """What the model is asked, over what was found already."""
        task = self._task
        turns = [{"role": one.role, "content": masked(one.content)[:_TURN]} for one in task.history[-_TURNS:]]
        return filled(
            PROMPTS[1],
            **self.material.first(task.found, task.searched),
            gespraech=json.dumps(turns, ensure_ascii=False),
            frage=json.dumps(task.question, ensure_ascii=False),
        )


def passages(said: str, item: Item, corpus: Corpus) -> list[Proof]:
    """The few passages of an item that hold most of a sentence's words and numbers; its name where none does."""
    numbers = {word.strip(_MARKS) for word in said.split() if any(map(str.isdigit, word))}
    left = dict.fromkeys(numbers, _NUMBER) | {term: corpus.rarity(term) for term in corpus.analyzer.terms(said)}
    least = _ADDS * sum(left.values())
    offered = {
        one.text: one.terms | {word.strip(_MARKS) for word in one.text.split()} for one in corpus.sentences(item)
    }
    chosen: list[Proof] = []
    while offered and len(chosen) < _PASSAGES:
        worth = {quote: sum(left[one] for one in held if one in left) for quote, held in offered.items()}
        best = max(worth, key=worth.__getitem__)
        if worth[best] <= (least if chosen else 0.0):
            break
        chosen.append(Proof(item, best))
        for one in offered.pop(best):
            left.pop(one, None)
    return chosen or [name_proof(item, corpus)]


def _single(sentences: Sequence[Said]) -> Iterator[Said]:
    """Each sentence for itself; what stands beside another language stays as it is."""
    for one in sentences:
        bare = one.text.replace("**", "").strip()
        spans = sentence_spans(bare) if not one.other else [(0, len(bare))]
        yield from (
            one.model_copy(update={"text": bare[start:end].strip()}) for start, end in spans if bare[start:end].strip()
        )


def _told(failing: Failing) -> str:
    return f"{reworded(_FAULTS)[failing.kind.value]} {failing.said}".strip()


def _statuses() -> str:
    return ", ".join(f"{one.value} = {told}" for one, told in wording.STATUS["de"].items())
