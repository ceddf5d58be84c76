"""Questions to begin with over an edition: everyday topics that most of its records are on, each of them tried.

The questions stand in `prompts` in two languages, what most people ask first; which of them are offered, and in which
order, the records tell. Made once for an edition, so that everybody is offered the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from prompts import in_languages
from service.answering.composing.overview import on_topic
from service.answering.context import Context
from service.answering.draft import Draft
from service.answering.finding.topics import SAID_ONLY
from service.answering.query import Intent
from service.models import AnswerStatus, DataKind
from service.pages.start_questions import MAX_EVERYDAY, MAX_QUESTIONS, start_questions
from vectorstore.catalogue import Catalogue

Key = tuple[str, str]
LEAST = 3  # records on a topic that make an overview, as in the composer of overviews
_CALLED = 0.6  # weight from which a record is surely on a topic, as in the composer of overviews
_ALIKE = 0.5  # share of the smaller topic's records from which two topics are too alike to be offered both


@dataclass(frozen=True, slots=True)
class Topic:
    """An everyday topic by its question: the records on it, and how many are surely on it."""

    question: str
    records: frozenset[Key]
    called: int


class FirstQuestions:
    """Questions to begin with, made once for all documents and once for each; safe for threads.

    `read` tells how a question is understood over some documents, or over all for None; `draft` answers it.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        read: Callable[[str, Sequence[str] | None], Context],
        draft: Callable[[str, Sequence[str] | None], Draft],
    ) -> None:
        self._catalogue = catalogue
        self._read = read
        self._draft = draft
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str | None], list[str]] = {}

    def of(self, language: str, documents: Collection[str] = ()) -> list[str]:
        """Up to four questions in "de" or "en", of some documents those of each in turn; unknown ones have none."""
        known = sorted(set(documents) & self._catalogue.documents.keys())
        with self._lock:
            each = [self._kept(language, one) for one in known] if documents else [self._kept(language, None)]
        found = (question for round_ in zip_longest(*each) for question in round_ if question)
        return list(dict.fromkeys(found))[:MAX_QUESTIONS]

    def _kept(self, language: str, document: str | None) -> list[str]:
        if (language, document) not in self._made:
            self._made[language, document] = self._tried(language, document)
        return self._made[language, document]

    def _tried(self, language: str, document: str | None) -> list[str]:
        catalogue = self._catalogue if document is None else self._catalogue.only([document])
        asked = None if document is None else [document]
        everyday = list(islice(self._everyday(language, asked), MAX_EVERYDAY))
        return start_questions(catalogue, language, everyday, lambda one: self._is_answered(one, asked))

    def _is_answered(self, question: str, asked: Sequence[str] | None) -> bool:
        return self._draft(question, asked).status is AnswerStatus.ANSWERED

    def _everyday(self, language: str, asked: Sequence[str] | None) -> Iterator[str]:
        """Yield everyday questions that are answered by an overview, on topics with few records in common."""
        taken: list[Topic] = []
        for topic in self._covered(language, asked):
            if not any(_alike(topic, one) for one in taken) and self._is_overview(topic.question, asked):
                taken.append(topic)
                yield topic.question

    def _is_overview(self, question: str, asked: Sequence[str] | None) -> bool:
        draft = self._draft(question, asked)
        return draft.status is AnswerStatus.ANSWERED and draft.data is not None and draft.data.kind is DataKind.OVERVIEW

    def _covered(self, language: str, asked: Sequence[str] | None) -> list[Topic]:
        """The everyday topics that have enough records, those first that most are surely on."""
        found = []
        for question in everyday_questions(language):
            context = self._read(question, asked)
            matches = on_topic(context) if context.query.intent is Intent.OVERVIEW else []
            sure = [one for one in matches if one.kind not in SAID_ONLY and one.weight >= _CALLED]
            if len(matches) >= LEAST and sure:
                records = frozenset((one.item.document_id, one.item.key) for one in matches)
                found.append(Topic(question, records, len(sure)))
        return sorted(found, key=lambda one: -one.called)


def everyday_questions(language: str) -> list[str]:
    """What people ask a county, in their own words; in "de" and "en" place by place the same."""
    return [one[language] for one in in_languages("first_questions")]


def _alike(one: Topic, other: Topic) -> bool:
    smaller = min(len(one.records), len(other.records))
    return len(one.records & other.records) >= _ALIKE * smaller
