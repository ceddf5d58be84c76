"""Suggested questions: start questions, made from titles of themes, records and documents, which
the service can answer, and next questions on an answer's record.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from itertools import chain, islice, zip_longest

from prompts import in_languages
from service import wording
from service.answering.draft import Draft
from service.answering.query import AnswerType
from service.records import MOST_FITTING, AnswerStatus
from vectorstore.records import PLANS, Catalogue, DocumentStatus, ItemKind, ItemStatus

MAX_QUESTIONS = 4
_LONGEST_TITLE = 80  # characters of a title in a question
_BEGUN = (ItemStatus.IMPLEMENTED, ItemStatus.IN_PROGRESS)
_WORD = re.compile(r"[^\W\d_]{3,}")  # "Weg", but not "Nr"
_PROGRAM_TEXT = re.compile(r"[{}<>=\\|_$]|\w\(\w*\)")
_INNER_QUOTES = str.maketrans({"„": "‚", "“": "‘", "”": "’", '"': "‘"})
AnswerQuestion = Callable[[str, Sequence[str] | None], Draft]


class FirstQuestions:
    """Start questions, made once for all documents and once for each document.

    `tried` answers a question over some documents, over all for None.
    """

    def __init__(self, catalogue: Catalogue, tried: AnswerQuestion) -> None:
        self._catalogue, self._tried = catalogue, tried
        self._questions_on = cache(lambda language, document: tuple(self._make(language, document)))

    def for_documents(self, language: str, documents: Collection[str] = ()) -> list[str]:
        """At most four questions in "de" or "en" on all documents, or on those of the named ones
        that are known.

        Of several documents the first question of each comes first, then the second ones.
        """
        scopes = sorted(set(documents) & self._catalogue.documents.keys()) if documents else [None]
        rounds = zip_longest(*(self._questions_on(language, document) for document in scopes))
        alternating = filter(None, chain.from_iterable(rounds))
        return list(dict.fromkeys(alternating))[:MAX_QUESTIONS]

    def _make(self, language: str, document: str | None) -> Iterator[str]:
        """Yield four questions at most, each of which has been tried and shows something."""
        scope = None if document is None else [document]
        catalogue = self._catalogue.only(scope) if scope else self._catalogue
        shown = (
            question
            for question in record_questions(catalogue, language)
            if self._tried(question, scope).status in (AnswerStatus.ANSWERED, AnswerStatus.FOUND)
        )
        yield from islice(shown, MAX_QUESTIONS)


def record_questions(catalogue: Catalogue, language: str) -> Iterator[str]:
    """Yield questions on records, which are still to be tried: fixed texts filled with titles."""
    templates = {texts["about"]: texts[language] for texts in in_languages("record_questions")}
    for kind, title in _subjects(catalogue):
        if _may_be_asked(title):
            yield templates[kind].format(title=title.translate(_INNER_QUOTES))


def _subjects(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Pairs of a kind of question and the title it is on: the three themes with most items, records
    that were begun and ones with units in turn, documents.
    """
    themes = Counter(item.theme.title for item in catalogue.items if item.theme)
    yield from (("overview", title) for title, _ in themes.most_common(3))
    plans = [item for item in catalogue.items if item.kind in PLANS and _may_be_asked(item.title)]
    begun = [("state", plan.title) for plan in plans if plan.status in _BEGUN]
    owned = [("responsible", plan.title) for plan in reversed(plans) if plan.responsible]
    for pair in zip_longest(begun, owned):
        yield from filter(None, pair)
    for document in catalogue.documents.values():
        is_draft = document.status is DocumentStatus.DRAFT
        yield ("decided" if is_draft else "about"), document.title


def _may_be_asked(title: str) -> bool:
    """True for a title that can be used in a question: short, and more than half letters of words.

    So a sentence, "Nr. Nr. 4" and "foo(x)" are not put into questions.
    """
    words = "".join(_WORD.findall(title))
    is_short = len(title) <= _LONGEST_TITLE and not title.endswith((".", "!", "?"))
    return is_short and 2 * len(words) > len(title) and _PROGRAM_TEXT.search(title) is None


def next_questions(draft: Draft, asked: AnswerType, language: str) -> list[str]:
    """At most three questions on the first project, measure or goal that is cited, except what was
    just `asked`.

    There are none if no such item is cited, or if its title cannot be asked for. A list that was
    found is about many items, so it has none either. On a goal, only its records are asked for.
    """
    if draft.status is AnswerStatus.FOUND and draft.data and len(draft.data.rows) > MOST_FITTING:
        return []  # a list, not an answer on one item
    asked_for = (*PLANS, ItemKind.GOAL)
    item = next((proof.item for proof in draft.proofs if proof.item.kind in asked_for), None)
    if item is None or item.status is ItemStatus.ARCHIVED or not _may_be_asked(item.title):
        return []
    if item.kind is ItemKind.GOAL:
        return [wording.format_words(language, "ask_records_of", ref=item.ref)]
    subjects = {}
    if item.status and asked is not AnswerType.STATUS:
        subjects["ask_status"] = item.title
    if item.responsible and asked is not AnswerType.RESPONSIBLE:
        subjects["ask_responsible"] = item.title
    if item.theme is not None and _may_be_asked(item.theme.title):
        subjects["ask_theme"] = item.theme.title
    return [
        wording.format_words(language, key, title=title.translate(_INNER_QUOTES))
        for key, title in subjects.items()
    ]
