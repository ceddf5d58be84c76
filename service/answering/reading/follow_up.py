"""Follow-up questions: the query before with what the new question changes, never a rebuilt sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from service.answering.corpus import Corpus, plain_ref
from service.answering.finding.words import share, words_in
from service.answering.query import Asked, Entry, Query, Want
from service.answering.reading.notation import ordinal
from service.answering.reading.papers import words_of
from service.answering.reading.reader import Reader, Reading
from service.models import Turn
from vectorstore.records import ItemKind

_FOLLOWS = 0.5  # probability from which a question leans on the conversation
_ALONE = 0.25  # below it one with a topic of its own stands alone
_TURNS, _ENTRIES, _SHORTEST_TITLE = 4, 8, 8
_SPOKEN_OF = 0.4  # share of a topic's words that an entry holds which is still spoken of
_NUMBER = re.compile(r"(?<![\w.])(?:[A-Z]{1,4}[ .-]?)?(?:\d+(?:\.\d+)+|[IVX]+(?:\.\d+)?|\d+)(?![\w])")
_OF_ONE = (Want.FIELD, Want.SEARCH)
_OF_MANY = (Want.LIST, Want.COUNT, Want.OVERVIEW)


def read_in_conversation(
    question: str, history: Sequence[Turn], reader: Reader, language: str | None, documents: tuple[str, ...]
) -> Reading:
    """The question as it is meant behind the turns before it."""
    reading = reader.read(question, language, documents)
    asked = [turn.content for turn in history if turn.role == "user"][-_TURNS:]
    if not asked or not leans(reading):
        return reading
    *earlier, last = asked
    turns = [Turn(role="user", content=one) for one in earlier]
    corpus = reader.matcher.corpus
    before = read_in_conversation(last[:500], turns, reader, language, documents)
    return replace(reading, query=merged(before.query, reading, _cited(history, corpus), corpus))


def leans(reading: Reading) -> bool:
    """Whether a question is about what was said before: it sounds so, or has no topic and names nothing."""
    sure, query = reading.sure["followup"]["yes"], reading.query
    own = bool(query.conditions.topic or query.entries or query.named)
    return sure >= _FOLLOWS if own else sure >= _ALONE or not query.conditions.narrow


def merged(before: Query, reading: Reading, cited: Sequence[Entry], corpus: Corpus) -> Query:
    """The query before, changed by what the new question says: its want, its field, the conditions that it names."""
    new, old = reading.query, before.conditions
    said, want, entries, topic = new.conditions, new.want, new.entries, new.conditions.topic
    moved = new.named and bool(old.documents) and said.documents != old.documents
    if not entries and not moved and want in (*_OF_ONE, Want.DOCUMENT):
        entries = _pointed(new.text, cited, topic, corpus)
    topic = topic or old.topic
    if want is Want.SEARCH and before.want in _OF_MANY and not (topic or entries):
        want = before.want
    if (
        want is Want.SEARCH
        and before.want in _OF_MANY
        and (said.statuses or said.place or said.unit)
        and not said.topic
    ):
        want = before.want
    if want is Want.SEARCH and new.asked in (Asked.STATUS, Asked.RESPONSIBLE) and entries:
        want = Want.FIELD
    conditions = replace(
        said,
        topic=topic,
        kinds=said.kinds or (old.kinds if want in _OF_MANY else ()),
        documents=said.documents if new.named else old.documents or said.documents,
        theme=said.theme or (old.theme if not said.topic else ""),
        unit=said.unit or (old.unit if want in _OF_MANY else ""),
        place=said.place or (old.place if want in _OF_MANY else ""),
        statuses=said.statuses or (old.statuses if want is Want.COUNT else ()),
    )
    text = new.text if said.topic and not _is_short(said.topic) else f"{old.topic or before.text} {new.text}"
    return replace(new, text=text, want=want, conditions=conditions, entries=entries, named=new.named or before.named)


def _pointed(question: str, cited: Sequence[Entry], topic: str, corpus: Corpus) -> tuple[Entry, ...]:
    """The entry of the last answer that a question points to: by its place in it ("das zweite"), else the first.

    A topic of its own must be one that the entry speaks of.
    """
    if place := next((number for word in words_of(question) if (number := ordinal(word))), 0):
        return tuple(cited[place - 1 : place])
    words = words_in(topic, corpus)
    for entry in cited[:1]:
        terms = corpus.terms[corpus.row_of_item[entry]]
        if sum(share(word, terms, corpus) for word in words) >= _SPOKEN_OF * len(words):
            return (entry,)
    return ()


def _is_short(topic: str) -> bool:
    return len(topic.split()) <= 1


def _cited(history: Sequence[Turn], corpus: Corpus) -> list[Entry]:
    """The entries that the last answer with any cited, in its order: as told, else named in its text."""
    for turn in reversed(history):
        if turn.role == "assistant":
            told = [one for one in turn.citations if one in corpus.row_of_item]
            if found := list(dict.fromkeys(told or _named(turn.content, corpus))):
                return found[:_ENTRIES]
    return []


def _named(answer: str, corpus: Corpus) -> list[Entry]:
    """The entries that an answer names by their number or their title, in its order."""
    found = []
    for match in _NUMBER.finditer(answer):
        rows = corpus.rows_by_ref.get(plain_ref(match[0]), ())
        items = [corpus.catalogue.items[row] for row in rows]
        found += [(match.start(), 0, (one.document_id, one.key)) for one in items if one.kind is not ItemKind.SECTION]
    for item in corpus.catalogue.items:
        if item.kind is not ItemKind.SECTION and len(item.title) >= _SHORTEST_TITLE:
            place = answer.find(item.title)
            if place >= 0:
                found.append((place, -len(item.title), (item.document_id, item.key)))
    return [entry for _, _, entry in sorted(found)]
