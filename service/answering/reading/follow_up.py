"""How a question is read in its conversation: a follow-up is the query before with what the new question changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from service.answering.corpus import Corpus, plain_ref
from service.answering.query import Asked, Entry, Intent, Query
from service.answering.reading.nouns import words_of
from service.answering.reading.reader import QuestionReader, QuestionReading
from service.answering.reading.values import ordinal
from service.answering.retrieval.terms import coverage, words_in
from service.models import Turn
from vectorstore.records import ItemKind

_FOLLOWS = 0.5  # probability from which a question leans on the conversation
_ALONE = 0.25  # below it one with a topic of its own stands alone
_TURNS, _ENTRIES, _SHORTEST_TITLE, _LONGEST = 4, 8, 8, 500
_SPOKEN_OF = 0.4  # share of a topic that an item contains which is still spoken of
_NUMBER = re.compile(r"(?<![\w.])(?:[A-Z]{1,4}[ .-]?)?(?:\d+(?:\.\d+)+|[IVX]+(?:\.\d+)?|\d+)(?![\w])")
_OF_ONE = (Intent.FIELD, Intent.SEARCH, Intent.DOCUMENT)
_OF_MANY = (Intent.LIST, Intent.COUNT, Intent.OVERVIEW)


def read_in_conversation(
    question: str, history: Sequence[Turn], reader: QuestionReader, language: str | None, documents: tuple[str, ...]
) -> QuestionReading:
    """The question as it is meant behind the turns before it."""
    reading = reader.read(question, language, documents)
    asked = [turn for turn in history if turn.role == "user"][-_TURNS:]
    if not asked or not _leans(reading):
        return reading
    before = read_in_conversation(asked[-1].content[:_LONGEST], asked[:-1], reader, language, documents)
    corpus = reader.matcher.corpus
    return replace(reading, query=_merge(before.query, reading.query, _cited(history, corpus), corpus))


def _leans(reading: QuestionReading) -> bool:
    """True if a question is about what was said before: it sounds so, or has no topic and names nothing."""
    probabilities, query = reading.probabilities["followup"]["yes"], reading.query
    own = bool(query.conditions.topic or query.entries or query.named)
    return probabilities >= _FOLLOWS if own else probabilities >= _ALONE or not query.conditions.narrow


def _merge(before: Query, new: Query, cited: Sequence[Entry], corpus: Corpus) -> Query:
    """The query before, changed by what the new question says: its intent, its field, the conditions that it names."""
    old, statement, intent, entries = before.conditions, new.conditions, new.intent, new.entries
    moved = new.named and bool(old.documents) and statement.documents != old.documents
    if not entries and not moved and intent in _OF_ONE:
        entries = _pointed_to(new.text, cited, statement.topic, corpus)
    topic = statement.topic or old.topic
    valued = bool(statement.statuses or statement.place or statement.unit)
    if (
        intent is Intent.SEARCH
        and before.intent in _OF_MANY
        and not statement.topic
        and (valued or not (topic or entries))
    ):
        intent = before.intent
    if intent is Intent.SEARCH and new.asked in (Asked.STATUS, Asked.RESPONSIBLE) and entries:
        intent = Intent.FIELD
    many = intent in _OF_MANY
    conditions = replace(
        statement,
        topic=topic,
        kinds=statement.kinds or (old.kinds if many else ()),
        documents=statement.documents if new.named else old.documents or statement.documents,
        theme=statement.theme or (old.theme if not statement.topic else ""),
        unit=statement.unit or (old.unit if many else ""),
        place=statement.place or (old.place if many else ""),
        statuses=statement.statuses or (old.statuses if intent is Intent.COUNT else ()),
    )
    is_whole = len(statement.topic.split()) > 1 or _is_title(statement.topic, corpus)
    text = new.text if is_whole else f"{old.topic or before.text} {new.text}"
    return replace(
        new, text=text, intent=intent, conditions=conditions, entries=entries, named=new.named or before.named
    )


def _pointed_to(question: str, cited: Sequence[Entry], topic: str, corpus: Corpus) -> tuple[Entry, ...]:
    """The item of the last answer that a question points to: by its place in it ("das zweite"), else the first.

    A topic of its own must be one that the item treats; one that is the title of an item has to be all in it.
    """
    if place := next((number for word in words_of(question) if (number := ordinal(word))), 0):
        return tuple(cited[place - 1 : place])
    words = words_in(topic, corpus)
    if not cited or not words:
        return tuple(cited[:1])
    covered = coverage(words, corpus.terms[corpus.row_of_item[cited[0]]], corpus)
    return tuple(cited[:1]) if covered >= (1.0 if _is_title(topic, corpus) else _SPOKEN_OF) else ()


def _is_title(topic: str, corpus: Corpus) -> bool:
    """True if the title of an item contains all words of a topic."""
    words = words_in(topic, corpus)
    return bool(words) and any(coverage(words, title, corpus) == 1.0 for title in corpus.title_terms)


def _cited(history: Sequence[Turn], corpus: Corpus) -> list[Entry]:
    """The items that the last answer with any cited, in its order: as told, else named in its text."""
    for turn in reversed(history):
        if turn.role == "assistant":
            text = [entry for entry in turn.citations if entry in corpus.row_of_item]
            if results := list(dict.fromkeys(text or _find_items(turn.content, corpus))):
                return results[:_ENTRIES]
    return []


def _find_items(answer: str, corpus: Corpus) -> list[Entry]:
    """The items that an answer names by their number or their title, in its order."""
    items = [item for item in corpus.catalogue.items if item.kind is not ItemKind.SECTION]
    titled = ((answer.find(item.title), item) for item in items if len(item.title) >= _SHORTEST_TITLE)
    results = [(place, -len(item.title), (item.document_id, item.key)) for place, item in titled if place >= 0]
    for match in _NUMBER.finditer(answer):
        numbered = (corpus.catalogue.items[row] for row in corpus.rows_by_ref.get(plain_ref(match[0]), ()))
        records = (item for item in numbered if item.kind is not ItemKind.SECTION)
        results += [(match.start(), 0, (item.document_id, item.key)) for item in records]
    return [entry for _, _, entry in sorted(results)]
