"""Suggested questions: start questions, which the service can answer, and next questions on an
answer's record.

Start questions are everyday questions (`first_questions` in `prompts`) and questions made from
records' titles.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain, islice, zip_longest

from prompts import in_languages
from service import wording
from service.answering.draft import Draft
from service.answering.query import AnswerType
from service.records import MOST_FITTING, AnswerStatus
from vectorstore.records import PLANS, Catalogue, DocumentStatus, Item, ItemKind, ItemStatus

MAX_QUESTIONS = 4
# of the start questions; the last is on a record, to show that details can be asked for too
MAX_EVERYDAY = 3
_LONGEST_NAME = 60  # characters of a title in a start question
_LONGEST_TITLE = 90  # characters of a title in a next question
_MOST_NEXT = 3  # next questions
# a list of the first that there is
_LISTED = (
    ItemStatus.IN_PROGRESS,
    ItemStatus.IDEA,
    ItemStatus.IMPLEMENTED,
)
_WORD = re.compile(r"[^\W\d_]{3,}")  # "Weg", but not "Nr"
_PROGRAM_TEXT = re.compile(r"[{}<>=\\|_$]|\w\(\w*\)")
_INNER_QUOTES = str.maketrans({"„": "‚", "“": "‘", "”": "’", '"': "‘"})
_LEAST_PLANS = 2  # projects or measures that an everyday question shows
_LEAST_COVERAGE = 0.4  # share of the question's words, by weight, that each of them has
AnswerQuestion = Callable[[str, Sequence[str] | None], Draft]
Covered = Callable[[Item, str], float]


class FirstQuestions:
    """Start questions, made once for all documents and once for each document; thread-safe.

    `tried` answers a question over some documents, over all for None; `covered` returns the share
    of a question's words that an item has.
    """

    def __init__(self, catalogue: Catalogue, tried: AnswerQuestion, covered: Covered) -> None:
        self._catalogue = catalogue
        self._tried = tried
        self._covered = covered
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str | None], list[str]] = {}

    def for_documents(self, language: str, documents: Collection[str] = ()) -> list[str]:
        """At most four questions in "de" or "en" on all documents, or on those of the named ones
        that are known.

        Of several documents the first question of each comes first, then the second ones.
        """
        scopes = sorted(set(documents) & self._catalogue.documents.keys()) if documents else [None]
        with self._lock:
            for document in scopes:
                if (language, document) not in self._made:
                    self._made[language, document] = list(self._make(language, document))
            questions_by_scope = [self._made[language, document] for document in scopes]
        # the first question of each scope, then the second ones
        rounds = zip_longest(*questions_by_scope)
        alternating = filter(None, chain.from_iterable(rounds))
        return list(dict.fromkeys(alternating))[:MAX_QUESTIONS]

    def _make(self, language: str, document: str | None) -> Iterator[str]:
        """Yield four questions at most: first everyday questions, then questions on records.

        Each has been tried: an everyday question shows items on it, one on a record is answered.
        Whether the items fit an everyday question is judged by its German words in both languages,
        since the documents are German.
        """
        scope = None if document is None else [document]
        everyday: list[str] = []
        for texts in in_languages("first_questions"):
            if len(everyday) == MAX_EVERYDAY:
                break
            if self._shows_items(texts["de"], scope):
                everyday.append(texts[language])
        yield from everyday
        catalogue = self._catalogue.only(scope) if scope else self._catalogue
        on_records = record_questions(catalogue, language, overview=not everyday)
        answered = (
            text for text in on_records if self._tried(text, scope).status is AnswerStatus.ANSWERED
        )
        yield from islice(answered, MAX_QUESTIONS - len(everyday))

    def _shows_items(self, question: str, scope: Sequence[str] | None) -> bool:
        """True if the answer to a question shows something that is worth suggesting.

        It needs at least `_LEAST_PLANS` projects or measures, and each item has to have enough of
        the question's words: other things would mislead.
        """
        draft = self._tried(question, scope)
        if draft.status not in (AnswerStatus.ANSWERED, AnswerStatus.FOUND):
            return False
        items = {proof.item.address: proof.item for proof in draft.proofs}.values()
        plans = sum(item.kind in PLANS for item in items)
        on_topic = all(self._covered(item, question) >= _LEAST_COVERAGE for item in items)
        return plans >= _LEAST_PLANS and on_topic


def record_questions(
    catalogue: Catalogue, language: str, *, overview: bool = True
) -> Iterator[str]:
    """Yield questions on records, which are still to be tried; with `overview` one asks for an
    overview.

    Nothing in them was written by a model: they are fixed texts filled with titles.
    """
    templates = {texts["about"]: texts[language] for texts in in_languages("record_questions")}
    subjects = _question_subjects(catalogue, overview=overview)
    return (templates[kind].format(title=title) for kind, title in subjects)


def _question_subjects(catalogue: Catalogue, *, overview: bool) -> Iterator[tuple[str, str]]:
    """Pairs of a kind of question and the title it is on: ("responsible", "Radschnellweg Nord").

    In this order, where there is one: with `overview` the theme with most items, without themes a
    goal; a record that was begun (on its state), else one with units; the theme with most records
    of a status; a draft, else a document that is no motion. The kinds are those of the texts
    `record_questions` in `prompts`.
    """
    items = catalogue.items
    documents = catalogue.documents.values()
    themes = Counter(
        item.theme.title
        for item in items
        if item.kind is not ItemKind.SECTION and item.theme and _is_name(item.theme.title)
    )
    goals = Counter(
        item.title for item in items if item.kind is ItemKind.GOAL and _is_name(item.title)
    )
    if overview:
        yield from (("overview", title) for title, _ in (themes or goals).most_common(1))
    plans = [item for item in items if item.kind in PLANS]
    named_plans = [plan for plan in plans if _is_name(plan.title)]
    begun = (ItemStatus.IMPLEMENTED, ItemStatus.IN_PROGRESS)
    on_state = [("state", plan.title) for plan in named_plans if plan.status in begun]
    on_units = [("responsible", plan.title) for plan in named_plans if plan.responsible]
    yield from (on_state or on_units)[:1]
    for status in _LISTED:
        themes_of_status = Counter(
            item.theme.title
            for item in plans
            if item.theme and item.status is status and _is_name(item.theme.title)
        )
        if themes_of_status:
            yield status.value, themes_of_status.most_common(1)[0][0]
            break
    drafts = [
        ("decided", document.title)
        for document in documents
        if document.status is DocumentStatus.DRAFT
    ]
    others = [
        ("about", document.title)
        for document in documents
        if document.status is not DocumentStatus.PROPOSED
    ]
    yield from (drafts or others)[:1]  # none on motions: documents do not say what became of them


def _is_name(title: str) -> bool:
    """True for a title that can be used in a question: short, worded, and not a sentence."""
    is_short = len(title) <= _LONGEST_NAME and not title.endswith((".", "!", "?"))
    return is_short and _is_worded(title)


def _is_worded(title: str) -> bool:
    """True if more than half of a title are letters of words, and it is no program text.

    So "Nr. Nr. 4" and "foo(x)" are not put into questions.
    """
    words = "".join(_WORD.findall(title))
    return 2 * len(words) > len(title) and _PROGRAM_TEXT.search(title) is None


def next_questions(draft: Draft, asked: AnswerType, language: str) -> list[str]:
    """At most three questions on the first project, measure or goal that is cited, except what was
    just `asked`.

    There are none if no such item is cited, if it is archived, or if its title is too long or has
    hardly any words. A list that was found is about many items, so it has none either. On a goal,
    only its records are asked for.
    """
    if draft.status is AnswerStatus.FOUND and draft.data and len(draft.data.rows) > MOST_FITTING:
        return []  # a list, not an answer on one item
    cited_items = (proof.item for proof in draft.proofs)
    item = next((item for item in cited_items if item.kind in (*PLANS, ItemKind.GOAL)), None)
    if item is None or item.status is ItemStatus.ARCHIVED or len(item.title) > _LONGEST_TITLE:
        return []
    if not _is_worded(item.title):
        return []
    if item.kind is ItemKind.GOAL:
        return [wording.format_words(language, "ask_records_of", ref=item.ref)]
    return list(_ask_about(item, asked, language))[:_MOST_NEXT]


def _ask_about(item: Item, asked: AnswerType, language: str) -> Iterator[str]:
    """Yield questions on status, responsible units and theme of a project or measure, except what
    was just asked.
    """
    title = item.title.translate(_INNER_QUOTES)
    if item.status and asked is not AnswerType.STATUS:
        yield wording.format_words(language, "ask_status", title=title)
    if item.responsible and asked is not AnswerType.RESPONSIBLE:
        yield wording.format_words(language, "ask_responsible", title=title)
    if item.theme is not None and _is_worded(item.theme.title):
        yield wording.format_words(
            language, "ask_theme", title=item.theme.title.translate(_INNER_QUOTES)
        )
