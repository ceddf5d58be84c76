"""A model writes questions for items: what is missing is asked for, stored at once, and put beside those of people."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from prompts import say
from service.language_models.access import PAUSES, ModelAccess, retry
from service.language_models.errors import Failure, ModelUnavailable
from service.question_writing.batches import LONGEST, QUESTIONS, Batch, Tokens, has_text, origin_of
from service.question_writing.cache import WrittenCache
from vectorstore.questions import MOST, ItemKey, ItemQuestion
from vectorstore.records import Item

Progress = Callable[[str, float], None]
_MOST_USELESS = 3  # replies in a row without one question; then the model cannot do it
_LINE = re.compile(r"\s*\[?([A-Z2-7]{4})\]?\s*\|(.*)")


@dataclass(slots=True)
class WritingReport:
    """What came of it: items with questions and without, lines dropped, tokens, and why it ended early.

    `failure` is a failed request, `is_useless` True where replies are not in the form that was asked for.
    """

    items: int = 0
    questions: int = 0
    without: int = 0
    dropped: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    failure: Failure | None = None
    is_useless: bool = False


def open_items(
    items: Iterable[Item], questions: Iterable[ItemQuestion], model: str, documents: Sequence[str] = ()
) -> list[Item]:
    """The items with text (of these documents, of all without) that have no question of this model for this text.

    Those that have one stay as they are: people may have corrected or removed the others.
    """
    origins = defaultdict(set)
    for question in questions:
        origins[question.item].add(question.origin)
    chosen = (item for item in items if has_text(item) and (not documents or item.document_id in documents))
    return [item for item in chosen if origin_of(item, model) not in origins[item.document_id, item.key]]


def add_written(
    questions: Sequence[ItemQuestion], items: Iterable[Item], cache: WrittenCache, model: str
) -> tuple[ItemQuestion, ...]:
    """All questions, where what was written for these items replaces what a model had written for them earlier."""
    of_people: dict[ItemKey, int] = defaultdict(int)
    for question in questions:
        of_people[question.item] += not question.origin
    fresh: dict[ItemKey, list[ItemQuestion]] = {}
    for item in items:
        key, origin = (item.document_id, item.key), origin_of(item, model)
        if result := [ItemQuestion(*key, text, origin) for text in cache.get(origin)][: MOST - of_people[key]]:
            fresh[key] = result
    retained = [question for question in questions if not (question.origin and question.item in fresh)]
    return (*retained, *(question for result in fresh.values() for question in result))


def write_questions(
    access: ModelAccess,
    cache: WrittenCache,
    batches: Sequence[Batch],
    progress: Progress = lambda step, share: None,
    pauses: Sequence[float] = PAUSES,
) -> WritingReport:
    """Ask for all batches, or as many as the model replies to, with `pauses` in seconds before each further try."""
    report, useless = WritingReport(), 0
    for number, batch in enumerate(batches):
        progress(say("model_work.writing", number=number + 1, of=len(batches)), number / len(batches))
        try:
            reply = retry(partial(access.ask, batch.instruction, batch.request), pauses)
        except ModelUnavailable as error:
            report.failure = error.failure
            break
        result, dropped = read_reply(reply.text, batch.items)
        for token, questions in result.items():
            cache.add(origin_of(batch.items[token], access.name), questions)
            report.questions += len(questions)
        report.items, report.dropped = report.items + len(result), report.dropped + dropped
        report.without += len(batch.items) - len(result)
        report.tokens = report.tokens.plus(reply.read, reply.written)
        useless = 0 if result else useless + 1
        report.is_useless = useless == _MOST_USELESS
        if report.is_useless:
            break
    return report


def read_reply(reply: str, tokens: Collection[str]) -> tuple[dict[str, tuple[str, ...]], int]:
    """The questions of each token that a reply has any for, each once, and how many of its lines are none.

    A line is `TOKEN | question`; all else is left out.
    """
    results: dict[str, dict[str, str]] = {}
    dropped = 0
    for line in filter(None, map(str.strip, reply.splitlines())):
        match = _LINE.fullmatch(line)
        token, question = (match[1], " ".join(match[2].split())) if match else ("", "")
        of_token = results.setdefault(token, {})
        usable = token in tokens and 0 < len(question) <= LONGEST and question.isprintable()
        if usable and question.casefold() not in of_token and len(of_token) < QUESTIONS:
            of_token[question.casefold()] = question
        else:
            dropped += 1
    return {token: tuple(questions.values()) for token, questions in results.items() if questions}, dropped
