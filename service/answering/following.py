"""A follow-up as a query: the list asked for before, changed; or the joined question, asking what the new one asks."""

from __future__ import annotations

import re
from dataclasses import replace

from service.answering import language, lexicon
from service.answering.corpus import Corpus
from service.answering.followup import COUNT, LISTS, Standalone, exchanges, standalone
from service.answering.query import Asked, Intent, Query
from service.answering.spelling import spelled
from service.answering.understanding.intents import is_field
from service.answering.understanding.question import understand
from service.models import Turn
from vectorstore.records import ItemStatus

_DEEPEST = 4
_AS_THEME = "Themenfeld:"
_IN = re.compile(r"(?i)\b(in|im|aus|from)\b")
_ON = re.compile(r"(?i)\b(zu|zum|zur|über|about|on)\b")


def asked_before(
    history: list[Turn], corpus: Corpus, allowed: list[str] | None, deepest: int = _DEEPEST
) -> Query | None:
    """The newest question of a conversation as a query, itself read with what was said before it."""
    newest = next(iter(exchanges(history, corpus)), None)
    if newest is None:
        return None
    spoken = language.detect(newest.question)
    before = list(newest.before)
    base = asked_before(before, corpus, allowed, deepest - 1) if before and deepest > 1 else None
    bare = understand(newest.question, corpus, spoken, allowed)
    alone = standalone(newest.question, before, corpus, bare, base)
    return following(replace(alone, among_focus=False) if alone.base else alone, corpus, spoken, allowed)


def following(alone: Standalone, corpus: Corpus, spoken: str, allowed: list[str] | None) -> Query:
    """The query of a question with what it takes from the conversation."""
    return _listing(_read(alone, corpus, spoken, allowed))


def _read(alone: Standalone, corpus: Corpus, spoken: str, allowed: list[str] | None) -> Query:
    text = spelled(alone.text, corpus)
    base = None if alone.among_focus else alone.base
    if base is not None and base.intent is Intent.COMPARE:
        own = understand(text, corpus, spoken, allowed)
        return replace(_on_topic(base, own), topic=own.topic)
    if base is not None and not (alone.focus and _asks_of_focus(understand(text, corpus, spoken, allowed))):
        return merged(base, _with_theme(understand(text, corpus, spoken, allowed, True), corpus, allowed))
    query = understand(text, corpus, spoken, allowed, alone.among_focus)
    if alone.focus:
        query = replace(query, topic=tuple(word for word in query.topic if not is_field(word.text)))
    if alone.own_words:
        return _asking(query, understand(alone.own_words, corpus, spoken, allowed))
    return query


def _asks_of_focus(own: Query) -> bool:
    """True where a follow-up asks for something of the records listed, and not for another list of them."""
    asks = own.intent in (Intent.STATUS, Intent.RESPONSIBLE) or own.asked not in (Asked.NOTHING, Asked.NUMBER)
    return asks or own.named_field is not None


def _listing(query: Query) -> Query:
    """The query without the name of a field as its topic; documents of a county are listed, not compared."""
    topic = tuple(word for word in query.topic if word.text.lower() != "sachstand")
    plural = [noun for noun in query.nouns if noun.plural]
    documents = query.intent is Intent.COMPARE and not topic and bool(plural) and plural[0].document
    return replace(query, topic=topic, intent=Intent.LIST if documents else query.intent)


def _asking(joined: Query, own: Query) -> Query:
    """The joined query, asking what the follow-up itself asks where it says so."""
    asked = own if own.asked is not Asked.NOTHING else joined
    intent = own.intent if own.intent in (Intent.STATUS, Intent.RESPONSIBLE) else joined.intent
    return replace(joined, asked=asked.asked, measure=asked.measure, intent=intent)


def _with_theme(own: Query, corpus: Corpus, allowed: list[str] | None) -> Query:
    """The query, its topic taken for a theme where one is called so: "und in Bildung?"."""
    if own.filters.narrow or not _IN.search(own.text):
        return own
    told = understand(f"{_AS_THEME} {own.text}", corpus, own.spoken, allowed, True)
    return replace(own, filters=told.filters, topic=()) if told.filters.themes else own


def merged(base: Query, own: Query) -> Query:
    """The list asked for before, with the filters, the kind or the topic that the follow-up brings."""
    among = lexicon.matches("phrases", "followup.among", own.text)
    filters, new = base.filters, own.filters
    if new.statuses or new.without_statuses:
        outside = new.statuses - base.filters.statuses if among and base.filters.statuses else frozenset[ItemStatus]()
        filters = replace(filters, statuses=new.statuses, without_statuses=new.without_statuses | outside)
    if new.themes or new.parents or new.refs:
        filters = replace(filters, themes=new.themes, parents=new.parents, refs=new.refs)
    filters = replace(filters, units=new.units or filters.units)
    filters = replace(filters, municipalities=new.municipalities or filters.municipalities)
    topic = base.topic
    if among:
        topic = (*base.topic, *(word for word in own.topic if word not in base.topic))
    elif own.topic and not new.narrow:
        topic, filters = own.topic, replace(filters, themes=(), parents=(), refs=())
    elif new.themes and _ON.search(own.text):
        topic = ()
    nouns = own.nouns if any(noun.plural and noun.kinds for noun in own.nouns) else base.nouns
    lists = Intent.LIST if LISTS.search(own.text) else base.intent
    intent = Intent.COUNT if COUNT.search(own.text) else lists
    changed = base if topic == base.topic else _on_topic(base, own)
    return replace(changed, filters=filters, topic=topic, nouns=nouns, intent=intent)


def _on_topic(base: Query, own: Query) -> Query:
    """The query with the topic's words in its text changed for those of the follow-up."""
    old = {word.text for word in base.topic}
    texts = (
        " ".join(one for one in text.split() if one.strip("?.,!„“") not in old)
        for text in (base.text, base.plain, base.searched)
    )
    text, plain, searched = (f"{kept} {own.text}" for kept in texts)
    return replace(base, text=text, plain=plain, searched=searched)
