"""Has a model write the missing questions for items, caches each reply, and merges its questions
with those of people.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from prompts import say
from service.cli.question_writing.batches import (
    LONGEST,
    MOST_QUESTIONS,
    Batch,
    has_text,
    question_origin,
)
from service.cli.question_writing.cache import WrittenCache
from service.language_models import PAUSES, Failure, ModelAccess, ModelUnavailable, Tokens, retry
from vectorstore import MOST_OF_ITEM, ItemQuestion
from vectorstore.language import collapse_spaces
from vectorstore.records import Item, ItemAddress

Progress = Callable[[str, float], None]
_MOST_USELESS = 3  # replies in a row without any question, after which the model is given up
# "R4TN | Wann fährt der Bus?", also "[R4TN] | …"
_LINE = re.compile(r"\s*\[?([A-Z2-7]{4})\]?\s*\|(.*)")


@dataclass(slots=True)
class WritingReport:
    """What a run wrote: numbers of items that got questions, of questions, of dropped lines of
    replies, and tokens.

    If the run ended early, `failure` is that of a request, or `is_useless` is True: then the
    replies did not have the required form.
    """

    items: int = 0
    questions: int = 0
    dropped: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    failure: Failure | None = None
    is_useless: bool = False


def items_without_questions(
    items: Iterable[Item],
    questions: Iterable[ItemQuestion],
    model: str,
    documents: Sequence[str] = (),
) -> list[Item]:
    """Return the items with text for which there is no question by this model on their present
    text.

    They are those of the `documents`, () for all. One such question is enough: people may have
    removed others, which are not to come back.
    """
    origins = defaultdict[ItemAddress, set[str]](set)  # of the questions of each item
    for question in questions:
        origins[question.item].add(question.origin)
    in_scope = (
        item
        for item in items
        if has_text(item) and (not documents or item.document_id in documents)
    )
    return [
        item
        for item in in_scope
        if question_origin(item, model) not in origins[item.document_id, item.key]
    ]


def add_written(
    questions: Sequence[ItemQuestion], items: Iterable[Item], cache: WrittenCache, model: str
) -> tuple[ItemQuestion, ...]:
    """Return all questions, with the cached ones for these items in place of those by a model.

    Questions by people, which have no origin, are kept. They count towards the most questions of an
    item (MOST_OF_ITEM), so that an item with many of them gets fewer by the model.
    """
    people_counts: dict[ItemAddress, int] = defaultdict(int)
    for question in questions:
        people_counts[question.item] += not question.origin  # people's questions have no origin
    written: dict[ItemAddress, list[ItemQuestion]] = {}
    for item in items:
        key, origin = (item.document_id, item.key), question_origin(item, model)
        texts = cache.get(origin)[: MOST_OF_ITEM - people_counts[key]]
        if texts:
            written[key] = [ItemQuestion(*key, text, origin) for text in texts]
    retained = [
        question for question in questions if not (question.origin and question.item in written)
    ]
    return (*retained, *chain.from_iterable(written.values()))


def write_questions(
    access: ModelAccess,
    cache: WrittenCache,
    batches: Sequence[Batch],
    progress: Progress = lambda _step, _share: None,
    pauses: Sequence[float] = PAUSES,
) -> WritingReport:
    """Have the model write questions for all batches, and cache them.

    It ends early if a request fails, or if several replies in a row have no question: such a model
    would cost more without any use. `pauses` are the seconds before each retry; `progress` is
    called with a text and the share of batches that are done.
    """
    report, useless_in_row = WritingReport(), 0
    for number, batch in enumerate(batches):
        step = say("model_work.writing", number=number + 1, of=len(batches))
        progress(step, number / len(batches))
        try:
            reply = retry(partial(access.ask, batch.instruction, batch.request), pauses)
        except ModelUnavailable as error:
            report.failure = error.failure
            break
        questions_by_token, dropped = read_reply(reply.text, batch.items)
        for token, questions in questions_by_token.items():
            cache.add(question_origin(batch.items[token], access.name), questions)
            report.questions += len(questions)
        report.items += len(questions_by_token)
        report.dropped += dropped
        report.tokens = report.tokens.add(reply.read, reply.written)
        useless_in_row = 0 if questions_by_token else useless_in_row + 1
        report.is_useless = useless_in_row == _MOST_USELESS
        if report.is_useless:
            break
    return report


def read_reply(reply: str, tokens: Collection[str]) -> tuple[dict[str, tuple[str, ...]], int]:
    """Return the distinct questions in a reply by token, and the number of dropped lines.

    A line is `TOKEN | question`. Dropped are lines of another form or with an unknown token,
    questions that are empty, too long or repeated, and those beyond `MOST_QUESTIONS` of an item.
    Tokens without questions are left out.
    """
    results: dict[str, dict[str, str]] = {}
    dropped = 0
    for line in filter(None, map(str.strip, reply.splitlines())):
        match = _LINE.fullmatch(line)
        token, question = (match[1], collapse_spaces(match[2])) if match else ("", "")
        of_token = results.setdefault(token, {})
        usable = token in tokens and 0 < len(question) <= LONGEST and question.isprintable()
        if usable and question.casefold() not in of_token and len(of_token) < MOST_QUESTIONS:
            of_token[question.casefold()] = question
        else:
            dropped += 1
    by_token = {
        token: tuple(questions.values()) for token, questions in results.items() if questions
    }
    return by_token, dropped
