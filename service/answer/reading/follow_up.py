"""Follow-up questions: the query before with what the new question changes, never a rebuilt sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.answer.corpus import Corpus
from service.answer.query import Asked, Entry, Query, Want
from service.answer.reading.notation import ordinal
from service.answer.reading.papers import words_of
from service.answer.reading.reader import Reader, Reading
from service.models import Turn
from vectorstore.records import ItemKind

_FOLLOWS = 0.5  # probability from which a question leans on the conversation
_ALONE = 0.25  # below it one with a topic of its own stands alone
_TURNS, _ENTRIES, _SHORTEST_TITLE = 4, 8, 8
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
    before = read_in_conversation(last[:500], turns, reader, language, documents)
    return replace(reading, query=merged(before.query, reading, _cited(history, reader.matcher.corpus)))


def leans(reading: Reading) -> bool:
    """Whether a question is about what was said before: it sounds so, or has no topic and names nothing."""
    sure, query = reading.sure["followup"]["yes"], reading.query
    own = bool(query.conditions.topic or query.entries or query.named)
    return sure >= _FOLLOWS if own else sure >= _ALONE or not query.conditions.narrow


def merged(before: Query, reading: Reading, cited: Sequence[Entry]) -> Query:
    """The query before, changed by what the new question says: its want, its field, the conditions that it names."""
    new, old = reading.query, before.conditions
    said = new.conditions
    topic = said.topic
    entries = new.entries
    want = new.want
    if not topic and not entries:
        entries = _pointed(new.text, cited) if want in _OF_ONE else ()
        topic = old.topic
    if want is Want.SEARCH and new.asked is Asked.NOTHING and before.want in _OF_MANY and not topic.strip():
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


def _pointed(question: str, cited: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entry of the last answer that a question points to: by its place in it ("das zweite"), else the first."""
    place = next((number for word in words_of(question) if (number := ordinal(word))), 1)
    return tuple(cited[place - 1 : place])


def _is_short(topic: str) -> bool:
    return len(topic.split()) <= 1


def _cited(history: Sequence[Turn], corpus: Corpus) -> list[Entry]:
    """The entries that the last answer cited, in its order: as told, else by their numbers and titles in its text."""
    last = next((turn for turn in reversed(history) if turn.role == "assistant"), None)
    if last is None:
        return []
    told = [one for one in last.citations if corpus.catalogue.item(*one) is not None]
    if told:
        return list(dict.fromkeys(told))[:_ENTRIES]
    found = []
    for item in corpus.catalogue.items:
        if item.kind is not ItemKind.SECTION and len(item.title) >= _SHORTEST_TITLE:
            place = last.content.find(item.title)
            if place >= 0:
                found.append((place, -len(item.title), (item.document_id, item.key)))
    return [entry for _, _, entry in sorted(found)][:_ENTRIES]
