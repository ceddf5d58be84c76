"""A model writes questions for items: what is missing is asked for, kept at once, and put beside those of people."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from prompts import say
from service.language_models.access import PAUSES, ModelAccess, patiently
from service.language_models.errors import Failure, ModelUnavailable
from service.question_writing.batches import LONGEST, QUESTIONS, Batch, Tokens, has_text, origin_of
from service.question_writing.cache import WrittenCache
from vectorstore.questions import MOST, ItemKey, ItemQuestion
from vectorstore.records import Item

Progress = Callable[[str, float], None]
_USELESS = 3  # replies in a row without one question; then the model cannot do it
_LINE = re.compile(r"\s*\[?([A-Z2-7]{4})\]?\s*\|(.*)")


@dataclass(slots=True)
class Written:
    """What came of it: items with questions and without, lines dropped, tokens, and why it ended early.

    `failure` is a failed request, `useless` says that replies are not in the form that was asked for.
    """

    items: int = 0
    questions: int = 0
    without: int = 0
    dropped: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    failure: Failure | None = None
    useless: bool = False

    @property
    def ended_early(self) -> bool:
        """True where not all batches were asked."""
        return self.failure is not None or self.useless


def open_items(
    items: Iterable[Item], questions: Iterable[ItemQuestion], model: str, documents: Sequence[str] = ()
) -> list[Item]:
    """The items with text (of these documents, of all without) that have no question of this model for this text.

    Those that have one stay as they are: people may have corrected or removed the others.
    """
    origins = defaultdict(set)
    for one in questions:
        origins[one.item].add(one.origin)
    chosen = (item for item in items if has_text(item) and (not documents or item.document_id in documents))
    return [item for item in chosen if origin_of(item, model) not in origins[item.document_id, item.key]]


def unwritten(items: Iterable[Item], cache: WrittenCache, model: str) -> list[Item]:
    """Those of these items that a model has to be asked about."""
    return [item for item in items if not cache.get(origin_of(item, model))]


def with_written(
    questions: Sequence[ItemQuestion], items: Iterable[Item], cache: WrittenCache, model: str
) -> tuple[ItemQuestion, ...]:
    """All questions, where what was written for these items replaces what a model had written for them earlier."""
    people: dict[ItemKey, int] = defaultdict(int)
    for one in questions:
        people[one.item] += not one.origin
    fresh: dict[ItemKey, list[ItemQuestion]] = {}
    for item in items:
        name, origin = (item.document_id, item.key), origin_of(item, model)
        if found := [ItemQuestion(*name, one, origin) for one in cache.get(origin)][: MOST - people[name]]:
            fresh[name] = found
    kept = [one for one in questions if not (one.origin and one.item in fresh)]
    return (*kept, *(one for found in fresh.values() for one in found))


def write(
    access: ModelAccess,
    cache: WrittenCache,
    asked: Sequence[Batch],
    progress: Progress = lambda step, share: None,
    pauses: Sequence[float] = PAUSES,
) -> Written:
    """Ask for all batches, or as many as the model replies to; raises OSError where replies cannot be kept.

    `pauses` are the seconds before each further try.
    """
    written, in_vain = Written(), 0
    for number, batch in enumerate(asked):
        progress(say("model_work.writing", number=number + 1, of=len(asked)), number / len(asked))
        try:
            reply = patiently(partial(access.ask, batch.instruction, batch.asked), pauses)
        except ModelUnavailable as error:
            written.failure = error.failure
            break
        found, dropped = questions_of(reply.text, batch.items)
        for token, questions in found.items():
            cache.add(origin_of(batch.items[token], access.name), questions)
            written.questions += len(questions)
        written.items += len(found)
        written.without += len(batch.items) - len(found)
        written.dropped += dropped
        written.tokens = written.tokens.plus(reply.read, reply.written)
        in_vain = 0 if found else in_vain + 1
        if in_vain == _USELESS:
            written.useless = True
            break
    return written


def questions_of(reply: str, tokens: Collection[str]) -> tuple[dict[str, tuple[str, ...]], int]:
    """The questions of each token that a reply has any for, each once, and how many of its lines are none.

    A line is `TOKEN | question`; all else is left out.
    """
    found: dict[str, dict[str, str]] = {}
    dropped = 0
    for line in filter(None, map(str.strip, reply.splitlines())):
        match = _LINE.fullmatch(line)
        token, question = (match[1], " ".join(match[2].split())) if match else ("", "")
        of_token = found.setdefault(token, {})
        usable = token in tokens and 0 < len(question) <= LONGEST and question.isprintable()
        if usable and question.casefold() not in of_token and len(of_token) < QUESTIONS:
            of_token[question.casefold()] = question
        else:
            dropped += 1
    return {token: tuple(one.values()) for token, one in found.items() if one}, dropped
