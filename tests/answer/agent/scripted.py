"""An agent over the sample whose model replies what a test says, over real sockets."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.answer.agent.agent import Agent, Task, Worked, warm
from service.answer.draft import Draft, Fragment, Proof, Sentence
from service.answer.tools.forms import RecordsArguments, RecordsReply, SearchArguments
from service.answer.tools.tools import Tools
from service.answer.verifying.proofs import name_proof
from service.answer.verifying.verifier import Verifier
from service.language_models.access import Limits, ModelAccess, access_to
from service.models import AnswerData, AnswerMode, AnswerStatus, DataKind, Turn
from tests.language_models.endpoints import Calls, Reply, endpoint

NIGHT_BUS = "Bis wann fährt der Nachtbus?"
LIMITS = Limits(seconds=30.0)
_ENTRY = re.compile(r'"token":"(\w+)","document_id":"([^"]+)","key":"([^"]+)"')
_PAPER = re.compile(r'"token":"(\w+)","id":"([^"]+)"')


@dataclass(frozen=True)
class Asked:
    """One request to the model: what stands in it."""

    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.body["messages"])

    @property
    def text(self) -> str:
        return "\n".join(str(one.get("content")) for one in self.messages)

    @property
    def last(self) -> str:
        return str(self.messages[-1].get("content"))

    @property
    def replies(self) -> list[Any]:
        """What the tools replied so far."""
        return [json.loads(one["content"]) for one in self.messages if one["role"] == "tool"]

    @property
    def tools(self) -> list[str]:
        return [one["function"]["name"] for one in self.body["tools"]]

    @property
    def turn(self) -> int:
        """Which request it is, from 1."""
        return 1 + sum(one["role"] == "assistant" for one in self.messages)

    def entry(self, key: str) -> str:
        return next(match[1] for match in _ENTRY.finditer(self.text) if match[3] == key)

    def paper(self, name: str) -> str:
        return next(match[1] for match in _PAPER.finditer(self.text) if match[2] == name)


Script = Callable[[Asked], Reply]


class Plain:
    """The drafts beside the agent's, as plain as can be."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def listed(self, asked: RecordsArguments, reply: RecordsReply, language: str) -> Draft:
        corpus = self.tools.corpus
        items = [item for one in reply.entries if (item := corpus.catalogue.item(one.document_id, one.key))]
        said = tuple(Sentence((Fragment(one.title, (name_proof(one, corpus),)),)) for one in items)
        rows = [{"ref": one.ref, "title": one.title} for one in items]
        data = AnswerData(kind=DataKind.LIST, columns=["ref", "title"], rows=rows, total=reply.found)
        proofs: tuple[tuple[Proof, ...], ...] = tuple((name_proof(one, corpus),) for one in items)
        return Draft(AnswerStatus.ANSWERED, AnswerMode.COMPUTED, said, data, proofs)

    def without(self, status: AnswerStatus, language: str) -> Draft:
        return Draft(status)


@dataclass
class Ran:
    """What became of a question, what the model was asked, and what was told on the way."""

    worked: Worked
    asked: list[Asked]
    steps: list[tuple[str, str]]
    seconds: float
    access: ModelAccess

    @property
    def draft(self) -> Draft:
        assert self.worked.draft is not None
        return self.worked.draft

    @property
    def said(self) -> str:
        return " ".join(one.text for one in self.draft.sentences)


@dataclass
class Desk:
    """Runs agents over one edition."""

    tools: Tools
    verifier: Verifier
    asked: list[Asked] = field(default_factory=list)

    def run(
        self,
        script: Script,
        question: str = NIGHT_BUS,
        *,
        history: Sequence[str] = (),
        limits: Limits = LIMITS,
        wait: float = 0.0,
        **task: Any,
    ) -> Ran:
        """The answer where the model behaves so; `history` are the turns before, the user's first."""
        heard: list[Asked] = []
        steps: list[tuple[str, str]] = []

        def reply(body: dict[str, Any]) -> Reply:
            heard.append(Asked(body))
            return script(heard[-1])

        turns = [Turn(role="assistant" if place % 2 else "user", content=said) for place, said in enumerate(history)]
        with endpoint(reply, of=lambda body: body, wait=wait) as one:
            access = access_to(one.setting, limits, 800)
            warm(access)
            found = self.tools.search(SearchArguments(text=question, documents=task.get("documents", ())))
            agent = Agent(
                access=access,
                tools=self.tools,
                verifier=self.verifier,
                drafts=Plain(self.tools),
                task=Task(question=question, found=found, searched=question, history=turns, **task),
                step=lambda tool, text: steps.append((tool, text)),
            )
            begun = time.monotonic()
            worked = agent.answer()
            return Ran(worked, heard, steps, time.monotonic() - begun, access)


def calls(*made: tuple[str, object]) -> Calls:
    return Calls(made)


def answer(*sentences: tuple[Any, ...], outcome: str = "answered", rows_of: str = "") -> Calls:
    """The answer of sentences with their tokens, the last of three parts being the other language's."""
    told = [{"text": text, "tokens": tokens, "other": "".join(other)} for text, tokens, *other in sentences]
    return calls(("Answer", {"outcome": outcome, "sentences": told, "rows_of": rows_of}))
