"""Questions that are offered: to begin with, each of them tried, and next, on the record that an answer is on.

Those to begin with stand in `prompts` in two languages, what most people ask first; which of them are offered, and in
which order, the records tell. Made once for an edition, so that everybody is offered the same.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain, islice, zip_longest

from prompts import in_languages
from service.answering.draft import Draft
from service.answering.query import Asked
from service.answering.wording import told
from service.models import AnswerStatus, DataKind
from vectorstore.catalogue import Catalogue
from vectorstore.records import DocumentStatus, Item, ItemKind, ItemStatus

MAX_QUESTIONS = 4
MAX_EVERYDAY = 3  # the last is on a record, to show that one can ask for details too
_LONGEST_NAME = 60
_PLANS = (ItemKind.PROJECT, ItemKind.MEASURE)
_DONE_OR_DOING = (ItemStatus.IMPLEMENTED, ItemStatus.IN_PROGRESS)
_LISTED = (ItemStatus.IN_PROGRESS, ItemStatus.IDEA, ItemStatus.IMPLEMENTED)
_ALIKE = 0.5  # share of the smaller topic's records from which two topics are too alike to be offered both
_NEXT, _LONGEST_TITLE = 3, 90
_INNER = str.maketrans({"„": "‚", "“": "‘", "”": "’", '"': "‘"})
Tried = Callable[[str, Sequence[str] | None], Draft]


class FirstQuestions:
    """Questions to begin with, made once for all documents and once for each; safe for threads.

    `tried` answers a question over some documents, or over all for None.
    """

    def __init__(self, catalogue: Catalogue, tried: Tried) -> None:
        self._catalogue, self._tried = catalogue, tried
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
            catalogue = self._catalogue if document is None else self._catalogue.only([document])
            asked = None if document is None else [document]
            made = list(islice(self._everyday(language, asked), MAX_EVERYDAY))
            others = record_questions(catalogue, language, overview=not made)
            made += islice((one for one in others if self._is_answered(one, asked)), MAX_QUESTIONS - len(made))
            self._made[language, document] = made
        return self._made[language, document]

    def _is_answered(self, question: str, asked: Sequence[str] | None) -> bool:
        return self._tried(question, asked).status is AnswerStatus.ANSWERED

    def _everyday(self, language: str, asked: Sequence[str] | None) -> Iterator[str]:
        """Everyday questions that are answered by an overview, most records first, on topics unlike each other."""
        tried = ((one[language], self._tried(one[language], asked)) for one in in_languages("first_questions"))
        covered = [
            (question, {(row["document_id"], row["key"]) for row in draft.data.rows})
            for question, draft in tried
            if draft.status is AnswerStatus.ANSWERED and draft.data and draft.data.kind is DataKind.OVERVIEW
        ]
        taken: list[set[tuple[str, str]]] = []
        for question, records in sorted(covered, key=lambda one: -len(one[1])):
            if not any(len(records & one) >= _ALIKE * min(len(records), len(one)) for one in taken):
                taken.append(records)
                yield question


def record_questions(catalogue: Catalogue, language: str, overview: bool = True) -> Iterator[str]:
    """Questions on an edition's own records, with or without one for an overview; whether they are answered is open.

    Questions that were written for items are none of them: these are for finding and are shown to nobody.
    """
    words = {one["about"]: one[language] for one in in_languages("record_questions")}
    about = chain(_overview(catalogue) if overview else (), _details(catalogue))
    return (words[kind].format(title=title) for kind, title in about)


def _overview(catalogue: Catalogue) -> list[tuple[str, str]]:
    """What can be asked of the theme with most records, else of a goal."""
    themes = Counter(_theme(item) for item in catalogue.items if item.kind is not ItemKind.SECTION and _theme(item))
    goals = Counter(item.title for item in catalogue.items if item.kind is ItemKind.GOAL and _is_name(item.title))
    return [("overview", title) for title, _ in (themes or goals).most_common(1)]


def _details(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield what can be asked of a record, a list and a paper, each with the title that it asks about."""
    named = [item for item in catalogue.items if item.kind in _PLANS and _is_name(item.title)]
    known = [item for item in named if item.status in _DONE_OR_DOING]
    responsible = [item for item in named if item.responsible]
    if known or responsible:
        yield ("state", known[0].title) if known else ("responsible", responsible[0].title)
    plans = [item for item in catalogue.items if item.kind in _PLANS and _theme(item)]
    lists = ((status, Counter(_theme(item) for item in plans if item.status is status)) for status in _LISTED)
    for status, themes in islice(((status, themes) for status, themes in lists if themes), 1):
        yield status.value, themes.most_common(1)[0][0]
    papers = [one for one in catalogue.documents.values() if one.status is not DocumentStatus.PROPOSED]
    drafts = [one for one in papers if one.status is DocumentStatus.DRAFT]
    for document in (drafts or papers)[:1]:  # of motions nobody says what became of them
        yield "decided" if drafts else "about", document.title


def _is_name(title: str) -> bool:
    """True for a title that can stand in a question: short, and no sentence."""
    return len(title) <= _LONGEST_NAME and not title.endswith((".", "!", "?"))


def _theme(item: Item) -> str:
    return item.theme.title if item.theme else ""


def next_questions(draft: Draft, asked: Asked, language: str) -> list[str]:
    """At most three questions on the first project, measure or goal that is cited or offered, but what was asked."""
    cited = [proof.item for sentence in draft.sentences for proof in sentence.proofs]
    kinds = (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.GOAL)
    item = next((one for one in (*cited, *draft.nearest) if one.kind in kinds), None)
    if item is None or item.status is ItemStatus.ARCHIVED or len(item.title) > _LONGEST_TITLE:
        return []
    if item.kind is ItemKind.GOAL:
        return [told(language, "ask_records_of", ref=item.ref)]
    return list(_on_record(item, asked, language))[:_NEXT]


def _on_record(item: Item, asked: Asked, language: str) -> Iterator[str]:
    title = item.title.translate(_INNER)
    if item.status and asked is not Asked.STATUS:
        yield told(language, "ask_status", title=title)
    if item.responsible and asked is not Asked.RESPONSIBLE:
        yield told(language, "ask_responsible", title=title)
    if item.theme is not None:
        yield told(language, "ask_theme", title=item.theme.title.translate(_INNER))
