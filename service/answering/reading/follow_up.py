"""Reads a question in its conversation: a follow-up is the previous query with the parts that it
changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from service.answering import lexicon
from service.answering.corpus import Corpus, plain_ref
from service.answering.query import AnswerType, Entry, Intent, Query
from service.answering.reading.nouns import fold_words
from service.answering.reading.question_reader import QuestionReader, QuestionReading
from service.answering.reading.refs import ordinal
from service.answering.retrieval.terms import coverage, words_in
from service.models import Turn
from vectorstore.analysis import fold
from vectorstore.records import ItemKind

_FOLLOW_UP = 0.5  # probability from which a question with a topic of its own is a follow-up
_FOLLOW_UP_WITHOUT_TOPIC = 0.25  # the same for a question without one
_MOST_TURNS, _MOST_LETTERS = 4, 500  # questions of the user that are read, and letters of each
_MOST_ITEMS, _LEAST_TITLE_LETTERS = (
    8,
    8,
)  # items of an answer, and letters of a title that is searched for in it
_LEAST_COVERAGE = (
    0.4  # share of a topic in the cited item from which a question refers to that item
)
# "5.2.1", "M 12", "B.X.3", "IV"
_NUMBER = re.compile(
    r"(?<![\w.])(?:[A-Z]{1,4}[ .-]?)?(?:\d+(?:\.\d+)+|[IVX]+(?:\.\d+)?|\d+)(?![\w])"
)
# words by which a follow-up refers to the answer before
_REFERRING = lexicon.folded_words("asking", "follow_up", "words")
_ITEM_INTENTS = (Intent.FIELD, Intent.SEARCH, Intent.DOCUMENT)
_RECORD_INTENTS = (Intent.LIST, Intent.COUNT, Intent.OVERVIEW)


def read_in_conversation(
    question: str,
    history: Sequence[Turn],
    reader: QuestionReader,
    language: str | None,
    documents: tuple[str, ...],
) -> QuestionReading:
    """The reading of a question, merged with the previous query of the user if it is a
    follow-up.
    """
    reading = reader.read(question, language, documents)
    questions = [turn for turn in history if turn.role == "user"][-_MOST_TURNS:]
    if not questions or not _is_follow_up(reading):
        return reading
    previous = read_in_conversation(
        questions[-1].content[:_MOST_LETTERS], questions[:-1], reader, language, documents
    )
    corpus = reader.matcher.corpus
    return replace(
        reading, query=_merge(previous.query, reading.query, _cited_items(history, corpus), corpus)
    )


def _is_follow_up(reading: QuestionReading) -> bool:
    """True if a question is a follow-up: by its probability, or because it has nothing of its own
    to ask about.
    """
    probability, query = reading.probabilities["followup"]["yes"], reading.query
    if query.conditions.topic or query.entries or query.names_documents:
        return probability >= _FOLLOW_UP
    return probability >= _FOLLOW_UP_WITHOUT_TOPIC or not query.conditions.has_conditions


def _merge(previous: Query, new: Query, cited: Sequence[Entry], corpus: Corpus) -> Query:
    """The new query, with what it does not state taken from the previous one.

    These are topic, documents and theme; on records also kinds, unit and place, of a count the
    statuses. A search that states only a condition gets the intent of a previous list, a question
    about a record the cited one it refers to.
    """
    old, stated, intent, entries = previous.conditions, new.conditions, new.intent, new.entries
    changes_documents = (
        new.names_documents and bool(old.documents) and stated.documents != old.documents
    )
    if not entries and not changes_documents and intent in _ITEM_INTENTS:
        entries = _resolve_reference(new.text, cited, stated.topic, corpus)
    topic = stated.topic or old.topic
    has_value = bool(stated.statuses or stated.place or stated.unit)
    is_condition_only = not stated.topic and (has_value or not (topic or entries))
    if intent is Intent.SEARCH and previous.intent in _RECORD_INTENTS and is_condition_only:
        intent = previous.intent
    if (
        intent is Intent.SEARCH
        and new.answer_type in (AnswerType.STATUS, AnswerType.RESPONSIBLE)
        and entries
    ):
        intent = Intent.FIELD
    is_on_records = intent in _RECORD_INTENTS
    conditions = replace(
        stated,
        topic=topic,
        kinds=stated.kinds or (old.kinds if is_on_records else ()),
        documents=stated.documents if new.names_documents else old.documents or stated.documents,
        theme=stated.theme or (old.theme if not stated.topic else ""),
        unit=stated.unit or (old.unit if is_on_records else ""),
        place=stated.place or (old.place if is_on_records else ""),
        statuses=stated.statuses or (old.statuses if intent is Intent.COUNT else ()),
    )
    has_whole_topic = len(stated.topic.split()) > 1 or _is_title(stated.topic, corpus)
    text = new.text if has_whole_topic else f"{old.topic or previous.text} {new.text}"
    names_documents = new.names_documents or previous.names_documents
    left_over = tuple(word for word in new.left_over if fold(word) not in _REFERRING)
    merged = replace(new, text=text, intent=intent, conditions=conditions, entries=entries)
    return replace(merged, names_documents=names_documents, left_over=left_over)


def _resolve_reference(
    question: str, cited: Sequence[Entry], topic: str, corpus: Corpus
) -> tuple[Entry, ...]:
    """The cited item that a question refers to, as a tuple: by its position ("das zweite"), else
    the first; or ().

    If the question has a topic, the first item has to cover enough of it, or all if the topic is an
    item's title.
    """
    if positions := [position for word in fold_words(question) if (position := ordinal(word))]:
        return tuple(cited[positions[0] - 1 : positions[0]])
    words = words_in(topic, corpus)
    if cited and words:
        covered = coverage(words, corpus.terms[corpus.row_of_item[cited[0]]], corpus)
        if covered < (1.0 if _is_title(topic, corpus) else _LEAST_COVERAGE):
            return ()
    return tuple(cited[:1])


def _is_title(topic: str, corpus: Corpus) -> bool:
    """True if any item's title contains all words of a topic."""
    words = words_in(topic, corpus)
    return bool(words) and any(
        coverage(words, title, corpus) == 1.0 for title in corpus.title_terms
    )


def _cited_items(history: Sequence[Turn], corpus: Corpus) -> list[Entry]:
    """The items of the last answer that has any, in its order: its citations, else those named in
    its text.
    """
    for turn in reversed(history):
        if turn.role == "assistant":
            cited = [entry for entry in turn.citations if entry in corpus.row_of_item]
            if results := list(dict.fromkeys(cited or _find_items(turn.content, corpus))):
                return results[:_MOST_ITEMS]
    return []


def _find_items(answer: str, corpus: Corpus) -> list[Entry]:
    """The items that an answer names by their number or title, in the order of its text."""
    items = [item for item in corpus.catalogue.items if item.kind is not ItemKind.SECTION]
    by_title = (
        (answer.find(item.title), item) for item in items if len(item.title) >= _LEAST_TITLE_LETTERS
    )
    # by offset; of titles that begin alike the longest first
    results = [
        (offset, -len(item.title), (item.document_id, item.key))
        for offset, item in by_title
        if offset >= 0
    ]
    for match in _NUMBER.finditer(answer):
        with_number = (
            corpus.catalogue.items[row] for row in corpus.rows_by_ref.get(plain_ref(match[0]), ())
        )
        records = (item for item in with_number if item.kind is not ItemKind.SECTION)
        results += [(match.start(), 0, (item.document_id, item.key)) for item in records]
    return [entry for _, _, entry in sorted(results)]
