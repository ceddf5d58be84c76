"""The answerer with a language model: an agent that calls the tools as often as it needs and gives a draft.

Every sentence of it is made with what its tokens stand for and then verified; what is not proven may be repaired once.
Whatever fails, there is no draft, and who asked answers without a model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol

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

if TYPE_CHECKING:
    from service.answer.agent.limits import Watch

PROMPTS = tuple(f"de/model/agent_{one}" for one in ("instruction", "question", "repair", "reminder"))
_EASY, _TRANSLATED = "de/model/agent_easy", "de/model/agent_translated"
_TOOLS, _FAULTS, LANGUAGES = "de/model/agent_tools", "de/model/agent_faults", "de/model/languages"
_TURNS, _TURN = 6, 1_000  # turns of a conversation that are shown, and characters of each
_NEAREST = 5
_PASSAGES = 3  # that prove a sentence, of one item
_ADDS = 0.2  # share of a sentence's words that a further passage must add
_NUMBER = 9.0  # what a number weighs beside words, in choosing passages
_MARKS = '.,;:!?()"„“»«'
_ENDS = {
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
    """Makes the drafts that the agent does not word itself."""

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


@dataclass(frozen=True, slots=True)
class Worked:
    """What became of a task: a draft, or None and perhaps the code of a notice; and what it took."""

    draft: Draft | None = None
    notice: str = ""
    turns: int = 0
    calls: int = 0
    dropped: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Agent:
    """One answer on its way; `step` is told what is done, in another thread.

    `best` is what is proven of what the model gave so far, with the sentences that are not.
    """

    access: ModelAccess
    tools: Tools
    verifier: Verifier
    drafts: Drafts
    task: Task
    step: Step | None = None
    watch: Watch | None = None
    best: tuple[Answer, list[Sentence], list[str]] | None = None
    material: Material = field(init=False)

    def answer(self) -> Worked:
        """The draft of an answer, in time or not at all; what was proven counts though the model failed later."""
        task = self.task
        if is_personal("\n".join([task.question, *(one.content for one in task.history if one.role == "user")])):
            return Worked(notice="model_not_asked")
        said = [task.question, *(one.content for one in task.history), self.tools.corpus.edition.name]
        self.material, notice = Material(self.tools, "\0".join(said), task.documents), ""
        try:
            self.access.work(self._run)
        except ModelUnavailable:
            notice = "model_unavailable"
        self.step = None  # the other thread may still be at work
        turns, calls = (self.watch.turns, self.watch.calls) if self.watch else (0, 0)
        if self.best is None:
            return Worked(None, notice, turns, calls)
        answer, kept, dropped = self.best
        self.access.counts["sentences"] += len(kept) + len(dropped)
        self.access.counts["dropped"] += len(dropped)
        return Worked(self._draft(answer, kept), "", turns, calls, tuple(dropped))

    def _run(self, model: ChatModel) -> None:
        """Have the model work; raises ModelUnavailable for whatever fails."""
        try:
            from service.answer.agent.limits import Watch, put

            self.watch = Watch(self, Answer, self.access.limits.seconds)
            tools = {name: (reworded(_TOOLS)[name], form) for name, form in FORMS.items()}
            put(model.chat, self._instruction(), self._first(), self.watch, tools, Answer)
        except ModelUnavailable:
            raise
        except Exception as error:  # every client library has its own
            raise ModelUnavailable(failure_of(error)) from error

    def call(self, tool: str, arguments: Mapping[str, Any]) -> str:
        """The reply of a tool; that it is called is told before."""
        if (tell := self.step) is not None:
            tell(tool, self.material.step(tool, arguments, self.task.question, self.task.language))
        return self.material.run(tool, arguments)

    def weigh(self, answer: Any) -> str:
        """Keep what is proven of an answer, None where there was none; what the agent shall repair, "" for nothing."""
        if answer is None:
            return text(PROMPTS[3])
        if answer.outcome != "answered":
            self.best = (answer, [], [])
            return ""
        made = [(said, *self._made(said)) for one in answer.sentences for said in _single(one)]
        kept = [sentence for _, sentence, failing in made if failing is None]
        faults = [f"„{said.text}“: {_told(failing)}" for said, _, failing in made if failing is not None]
        begun = not made or made[0][2] is None  # the first sentence answers: without it the others are none
        if self.best is None or (begun and made):
            dropped = [said.text for said, _, failing in made if failing is not None]
            self.best = (answer, kept if begun else [], dropped)
        if answer.rows_of and answer.rows_of not in self.material.calls:
            faults.append(f"rows_of: {answer.rows_of}")
        return filled(PROMPTS[2], saetze="\n".join(faults)) if faults else ""

    def _draft(self, answer: Answer, kept: list[Sentence]) -> Draft | None:
        language = self.task.language
        if answer.outcome != "answered":
            draft = self.drafts.without(_ENDS[answer.outcome], language)
            return replace(draft, nearest=draft.nearest or self._nearest(()))
        listed = self._listed(answer)
        below = listed.sentences if listed and answer.rows_of else ()
        if not kept and not below:
            return None
        draft = Draft(AnswerStatus.ANSWERED, AnswerMode.GENERATED, (*kept, *below))
        if listed is not None:
            draft = replace(draft, data=listed.data, row_proofs=listed.row_proofs)
        if german := " ".join(one.german.text for one in kept if one.german):
            draft = draft.noting("translated", filled(f"{language}/translated", deutsch=german))
        used = {(one.item.document_id, one.item.key) for said in kept for one in said.proofs}
        return replace(draft, nearest=self._nearest(used))

    def _listed(self, answer: Answer) -> Draft | None:
        """The records of the call that is to be listed, or on whose number a sentence rests."""
        tokens = [answer.rows_of, *(token for one in answer.sentences for token in one.tokens)]
        for call in (self.material.calls[one] for one in tokens if one in self.material.calls):
            if isinstance(call.asked, RecordsArguments) and isinstance(call.reply, RecordsReply):
                return self.drafts.listed(call.asked, call.reply, self.task.language)
        return None

    def _nearest(self, used: Collection[Entry]) -> tuple[Item, ...]:
        """What was read and not used."""
        left = (item for key, item in self.material.read.items() if key not in used)
        return tuple(item for item in left if item.status is not ItemStatus.ARCHIVED)[:_NEAREST]

    def _made(self, said: Said) -> tuple[Sentence, Failing | None]:
        """A sentence with its proofs, and why it is not proven."""
        material, language, verifier = self.material, self.task.language, self.verifier
        items = [material.items[one] for one in said.tokens if one in material.items]
        papers = [material.papers[one] for one in said.tokens if one in material.papers]
        proofs = [proof for item in items for proof in passages(said.text, item, material.corpus)]
        proofs += [proof for paper in papers if (proof := paper_proof(paper, material.corpus))]
        german = Sentence(
            (Fragment(said.text.rstrip(" .;"), tuple(proofs)), Fragment(".")),
            free=True,
            counted=tuple(filter(None, map(material.counted, said.tokens))),
            missing=tuple(filter(None, map(material.missing, said.tokens))),
        )
        if language == "de":
            return german, verifier.fault(german)
        fragments = (Fragment(said.other.rstrip(" .;"), tuple(proofs)), Fragment("."))
        other = replace(german, fragments=fragments, german=german)
        return other, verifier.fault(other, language)

    def _instruction(self) -> str:
        statuses = (f"{one.value} = {told}" for one, told in wording.STATUS["de"].items())
        told = [filled(PROMPTS[0], status=", ".join(statuses))]
        told += [text(_EASY)] if self.task.easy else []
        if self.task.language != "de":
            told.append(filled(_TRANSLATED, sprache=reworded(LANGUAGES)[self.task.language]))
        return "\n\n".join(told)

    def _first(self) -> str:
        """What the agent is asked, with what was found already."""
        task = self.task
        turns = [{"role": one.role, "content": masked(one.content)[:_TURN]} for one in task.history[-_TURNS:]]
        said = {
            "gespraech": json.dumps(turns, ensure_ascii=False),
            "frage": json.dumps(task.question, ensure_ascii=False),
        }
        return filled(PROMPTS[1], **self.material.first(task.found, task.searched), **said)


def warm(access: ModelAccess) -> None:
    """Load what the first question would load, seconds of it; nothing is asked."""
    access.warm()
    with suppress(ImportError):
        import_module("service.answer.agent.limits")


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
        left = {term: weight for term, weight in left.items() if term not in offered[best]}
        del offered[best]
    return chosen or [name_proof(item, corpus)]


def _single(said: Said) -> Iterator[Said]:
    """Each sentence for itself; what stands beside another language stays as it is."""
    bare = said.text.replace("**", "").strip()
    spans = [(0, len(bare))] if said.other else sentence_spans(bare)
    parts = (bare[start:end].strip() for start, end in spans)
    yield from (said.model_copy(update={"text": part}) for part in parts if part)


def _told(failing: Failing) -> str:
    return f"{reworded(_FAULTS).get(failing.kind.value, '')} {failing.said}".strip()
