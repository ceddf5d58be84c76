"""An agent over the sample whose model replies what a test says, over real sockets."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from service import Settings
from service.answering import Corpus, Draft, PipelineParts, QuestionRun
from service.answering.agent.agent import Agent
from service.answering.agent.answerer import run_graph, warm
from service.answering.pipeline import read, search
from service.answering.verification.checks import find_statuses
from service.language_models import Limits, ModelAccess, access_to
from service.records import ChatRequest
from tests.language_models.endpoints import Calls, Reply, endpoint

NIGHT_BUS = "Bis wann fährt der Nachtbus?"
BUS = "5.1.1.1"
LIMITS = Limits(seconds=30.0)
_ENTRY = re.compile(
    r'"token":"(\w+)",(?:"paper":"\w+",)?(?:"kind":"\w+",)?"(?:ref|title)":"([^"]+)"'
)


@dataclass(frozen=True)
class Asked:
    """One request to the model: what stands in it."""

    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.body["messages"])

    @property
    def text(self) -> str:
        return "\n".join(str(message.get("content")) for message in self.messages)

    @property
    def last(self) -> str:
        return str(self.messages[-1].get("content"))

    @property
    def replies(self) -> list[Any]:
        """What the tools replied so far."""
        return [
            json.loads(message["content"]) for message in self.messages if message["role"] == "tool"
        ]

    @property
    def tools(self) -> list[str]:
        return [item["function"]["name"] for item in self.body["tools"]]

    @property
    def turn(self) -> int:
        """Which request it is, from 1."""
        return 1 + sum(message["role"] == "assistant" for message in self.messages)

    def entry(self, ref: str) -> str:
        return next(match[1] for match in _ENTRY.finditer(self.text) if ref == match[2])


Script = Callable[[Asked], Reply]
Judge = Callable[[Any], Reply]  # from what it is asked


def approve(asked: Any) -> str:
    """A judge to whom each sentence is supported."""
    return verdicts(*["belegt"] * str(asked).count('"satz":'))


@dataclass
class Ran:
    """What became of a question, what the model was asked, and what was told on the way."""

    agent: Agent
    made: Draft | None
    asked: list[Asked]
    steps: list[tuple[str, str]]
    seconds: float

    @property
    def draft(self) -> Draft:
        assert self.made is not None
        return self.made

    @property
    def said(self) -> str:
        return " ".join(sentence.text for sentence in self.draft.sentences)

    @property
    def took(self) -> tuple[int, int]:
        """Turns and calls."""
        return self.agent.turns, self.agent.calls


@dataclass
class ScriptedModel:
    """Runs agents over one edition."""

    parts: PipelineParts
    settings: Settings

    def run(
        self,
        script: Script,
        question: str = NIGHT_BUS,
        *,
        history: Sequence[str] = (),
        limits: Limits = LIMITS,
        wait: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        judge: Judge | None = approve,
        **fields: Any,
    ) -> Ran:
        """The answer where the model behaves so; `history` are the turns before, the user's
        first.
        """
        heard: list[Asked] = []
        steps: list[tuple[str, str]] = []

        def reply(body: dict[str, Any]) -> Reply:
            heard.append(Asked(body))
            return with_quotes(script(heard[-1]), self.parts.corpus)

        turns = [
            {"role": ("user", "assistant")[place % 2], "content": statement}
            for place, statement in enumerate(history)
        ]
        request = ChatRequest.model_validate({"question": question, "history": turns, **fields})
        work = QuestionRun(request=request, settings=self.settings, parts=self.parts)
        for step in (read, search):
            step(work)
        assert work.context is not None
        with (
            endpoint(reply, of=lambda body: body, wait=wait) as item,
            judging(judge) as judge_access,
        ):
            access = access_to(item.setting, limits, 800)
            access.clock = clock
            warm(access)
            agent = Agent(
                access,
                work,
                run_graph,
                lambda step: steps.append((step.tool, step.text)),
                judge_access,
            )
            begun = time.monotonic()
            made = agent.answer()
            return Ran(agent, made, heard, steps, time.monotonic() - begun)


@contextmanager
def judging(judge: Judge | None) -> Iterator[ModelAccess | None]:
    """A judge at an endpoint of its own that says what a test says; None without one."""
    if judge is None:
        yield None
        return
    with endpoint(judge) as item:
        yield access_to(item.setting, LIMITS, 800)


def verdicts(*words: str, answers: str = "ja") -> str:
    """What a judge replies."""
    return json.dumps({"saetze": words, "frage": answers})


def with_quotes(reply: Reply, corpus: Corpus) -> Reply:
    """A model's reply, where each sentence without a quote gets the passage of the corpus that has
    most of its words, as a careful model would quote it.
    """
    if not isinstance(reply, Calls):
        return reply
    made = []
    for name, arguments in reply.made:
        if name == "Answer" and isinstance(arguments, dict):
            sentences = arguments.get("sentences")
            if isinstance(sentences, dict):
                sentences = [sentences]
            if isinstance(sentences, list):
                quoted = [_with_quote(sentence, corpus) for sentence in sentences]
                arguments = {**arguments, "sentences": quoted}
        made.append((name, arguments))
    return Calls(tuple(made))


def _with_quote(sentence: Any, corpus: Corpus) -> Any:
    """The sentence with its quote; one on a status has none, as it is told the model."""
    if not isinstance(sentence, dict) or "quote" in sentence:
        return sentence
    text = str(sentence.get("text"))
    quote = "" if any(find_statuses(text)) else quote_for(text, corpus)
    return {**sentence, "quote": quote}


def quote_for(text: str, corpus: Corpus) -> str:
    """The passage of a corpus that has most words of a text, "" if none has any."""
    wanted = set(corpus.analyzer.terms(text))
    best, most = "", 0
    for item in corpus.catalogue.items:
        passages = [part.text for part in corpus.sentences(item)]
        passages += [field.text for field in item.fields]
        for passage in passages:
            shared = len(wanted.intersection(corpus.analyzer.terms(passage)))
            if shared > most:
                best, most = passage, shared
    return best


def calls(*made: tuple[str, object]) -> Calls:
    return Calls(made)


def search_for(text: str) -> Calls:
    return calls(("search", {"text": text}))


def call_records(**asked: object) -> Calls:
    return calls(("records", asked))


def answer(*sentences: tuple[Any, ...], outcome: str = "answered", rows_of: str = "") -> Calls:
    """The answer of sentences with their tokens, the last of three parts being the other
    language's.
    """
    message = [
        {"text": text, "tokens": tokens, "other": "".join(other)}
        for text, tokens, *other in sentences
    ]
    return calls(("Answer", {"outcome": outcome, "sentences": message, "rows_of": rows_of}))


def in_turns(*replies: Reply | Script) -> Script:
    """A model that gives one reply after the other, and the last one from then on; a script makes
    its reply of what is asked.
    """

    def script(asked: Asked) -> Reply:
        reply = replies[min(asked.turn, len(replies)) - 1]
        return reply(asked) if callable(reply) else reply

    return script


def read_bus(asked: Asked) -> Calls:
    """The call that reads the entry of the night bus."""
    return calls(("read", {"tokens": [asked.entry(BUS)]}))


def of_bus(*sentences: str, rows_of: str = "") -> Script:
    """A model that says these sentences of the night bus."""
    return lambda asked: answer(
        *((sentence, [asked.entry(BUS)]) for sentence in sentences), rows_of=rows_of
    )


RIGHT = "Der Nachtbus fährt bis 3:30 Uhr."
right = of_bus(RIGHT)  # the answer to the question after the night bus
