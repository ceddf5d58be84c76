"""Questions that are offered: to begin with, each of them answered, and next, on the record that an answer is on.

Those to begin with stand in `prompts` in two languages, what most people ask first before what records tell to ask.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice, zip_longest

from prompts import in_languages
from service.answering.draft import Draft
from service.answering.query import Asked
from service.models import MOST_FITTING, AnswerStatus, DataKind
from service.wording import format_words
from vectorstore.catalogue import Catalogue
from vectorstore.records import DocumentStatus, Item, ItemKind, ItemStatus

MAX_QUESTIONS = 4
MAX_EVERYDAY = 3  # the last is on a record, to show that one can ask for details too
_LONGEST_NAME, _LONGEST_TITLE, _NEXT = 60, 90, 3
_PLANS = (ItemKind.PROJECT, ItemKind.MEASURE)
_LISTED = (ItemStatus.IN_PROGRESS, ItemStatus.IDEA, ItemStatus.IMPLEMENTED)
_INNER = str.maketrans({"„": "‚", "“": "‘", "”": "’", '"': "‘"})
_SHOWN, _SHOWN_PLANS = 3, 2  # entries that an overview tells at least, and projects or measures among them
_ON_TOPIC = 0.4  # share of the question's words, by weight, that each of them has
Tried = Callable[[str, Sequence[str] | None], Draft]
Covered = Callable[[Item, str], float]


class FirstQuestions:
    """Questions to begin with, made once for all documents and once for each; safe for threads.

    `tried` answers a question over some documents, or over all for None; `covered` is the share of a question's words
    that an entry has.
    """

    def __init__(self, catalogue: Catalogue, tried: Tried, covered: Covered) -> None:
        self._catalogue, self._tried, self._covered = catalogue, tried, covered
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str | None], list[str]] = {}

    def of(self, language: str, documents: Collection[str] = ()) -> list[str]:
        """Up to four questions in "de" or "en", of some documents those of each in turn; unknown ones have none."""
        asked = sorted(set(documents) & self._catalogue.documents.keys()) if documents else [None]
        with self._lock:
            for question in asked:
                if (language, question) not in self._made:
                    self._made[language, question] = list(self._answered(language, question))
            each = [self._made[language, question] for question in asked]
        results = (question for round_ in zip_longest(*each) for question in round_ if question)
        return list(dict.fromkeys(results))[:MAX_QUESTIONS]

    def _answered(self, language: str, document: str | None) -> Iterator[str]:
        """Everyday questions that an overview answers, then those on records that are answered."""
        asked = None if document is None else [document]
        offered = (wording for wording in in_languages("first_questions") if self._tells_topic(wording["de"], asked))
        everyday = (question[language] for question in offered if _is_overview(self._tried(question[language], asked)))
        yield from (made := list(islice(everyday, MAX_EVERYDAY)))
        catalogue = self._catalogue.only(asked) if asked else self._catalogue
        remaining = record_questions(catalogue, language, overview=not made)
        answered = (other for other in remaining if self._tried(other, asked).status is AnswerStatus.ANSWERED)
        yield from islice(answered, MAX_QUESTIONS - len(made))

    def _tells_topic(self, question: str, asked: Sequence[str] | None) -> bool:
        """True if an overview answers that tells several projects or measures, all entries on the question's topic."""
        draft = self._tried(question, asked)
        if not _is_overview(draft):
            return False
        proofs = (proof for statement in draft.sentences for proof in statement.proofs)
        named_items = {(proof.item.document_id, proof.item.key): proof.item for proof in proofs}
        plans = sum(item.kind in _PLANS for item in named_items.values())
        on_topic = all(self._covered(item, question) >= _ON_TOPIC for item in named_items.values())
        return len(named_items) >= _SHOWN and plans >= _SHOWN_PLANS and on_topic


def _is_overview(draft: Draft) -> bool:
    return draft.data is not None and draft.data.kind is DataKind.OVERVIEW


def record_questions(catalogue: Catalogue, language: str, overview: bool = True) -> Iterator[str]:
    """Questions on an edition's own records, with or without one for an overview; whether they are answered is open.

    Questions that were written for items are none of them: these are for finding and are shown to nobody.
    """
    words = {name["about"]: name[language] for name in in_languages("record_questions")}
    return (words[kind].format(title=title) for kind, title in _record_questions(catalogue, overview=overview))


def _record_questions(catalogue: Catalogue, *, overview: bool) -> Iterator[tuple[str, str]]:
    """What can be asked of the largest theme or a goal, a record, a list and a paper, each with the title it is on."""
    items, documents = catalogue.items, catalogue.documents.values()
    themes = Counter(item.theme.title for item in items if item.kind is not ItemKind.SECTION and item.theme)
    goals = Counter(item.title for item in items if item.kind is ItemKind.GOAL and _is_name(item.title))
    if overview:
        yield from (("overview", title) for title, _ in (themes or goals).most_common(1))
    plans = [item for item in items if item.kind in _PLANS]
    states = (ItemStatus.IMPLEMENTED, ItemStatus.IN_PROGRESS)
    questions = [("state", plan.title) for plan in plans if _is_name(plan.title) and plan.status in states]
    yield from (
        questions or [("responsible", plan.title) for plan in plans if _is_name(plan.title) and plan.responsible]
    )[:1]
    lists = (
        (status, Counter(item.theme.title for item in plans if item.theme and item.status is status))
        for status in _LISTED
    )
    yield from ((status.value, listed.most_common(1)[0][0]) for status, listed in islice(filter(all, lists), 1))
    drafts = [("decided", document.title) for document in documents if document.status is DocumentStatus.DRAFT]
    decided = [("about", document.title) for document in documents if document.status is not DocumentStatus.PROPOSED]
    yield from (drafts or decided)[:1]  # of motions nobody says what became of them


def _is_name(title: str) -> bool:
    """True for a title that can stand in a question: short, and no sentence."""
    return len(title) <= _LONGEST_NAME and not title.endswith((".", "!", "?"))


def next_questions(draft: Draft, asked: Asked, language: str) -> list[str]:
    """At most three questions on the first project, measure or goal that answers or fits, but what was asked."""
    if draft.status is AnswerStatus.FOUND and draft.data and len(draft.data.rows) > MOST_FITTING:
        return []  # a list of everything there is
    cited = (proof.item for sentence in draft.sentences for proof in sentence.proofs)
    item = next((item for item in cited if item.kind in (*_PLANS, ItemKind.GOAL)), None)
    if item is None or item.status is ItemStatus.ARCHIVED or len(item.title) > _LONGEST_TITLE:
        return []
    if item.kind is ItemKind.GOAL:
        return [format_words(language, "ask_records_of", ref=item.ref)]
    return list(_on_record(item, asked, language))[:_NEXT]


def _on_record(item: Item, asked: Asked, language: str) -> Iterator[str]:
    title = item.title.translate(_INNER)
    if item.status and asked is not Asked.STATUS:
        yield format_words(language, "ask_status", title=title)
    if item.responsible and asked is not Asked.RESPONSIBLE:
        yield format_words(language, "ask_responsible", title=title)
    if item.theme is not None:
        yield format_words(language, "ask_theme", title=item.theme.title.translate(_INNER))
