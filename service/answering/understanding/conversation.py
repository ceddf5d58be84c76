"""A question in its conversation: the query before and this question give the query.

A new number or title replaces the records in focus; a new filter changes the list asked for before; all else asks
about the records that the last answer named. The conversation is the client's word: nothing in it is taken as true.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.answering.corpus import Corpus
from service.answering.query import Asked, Filters, Intent, Query
from service.answering.scope import ended
from service.answering.understanding.language import detect
from service.answering.understanding.names import Named
from service.answering.understanding.nouns import kinds_asked
from service.answering.understanding.pointing import (
    LEANS,
    by_number,
    by_title,
    claimed,
    leans,
    named_records,
    says,
)
from service.answering.understanding.question import understand
from service.answering.understanding.spelling import spelled
from service.models import Turn
from vectorstore.records import Item, ItemKind, ItemStatus

_DEEPEST = 4
_FEW_WORDS = 2
_ELLIPSIS = 5
_COUNT = re.compile(r"(?i)\bwie ?viele[nr]?\b|\bwie ?viel (?=davon|sind|es)|\bhow many\b")
_ASKS = re.compile(r"(?i)\b(w(?:er|as|ie|ann|o|arum|ieso|elche[nrms]?)|who|what|how|when|where|why|which)\b")
_LISTS = re.compile(r"(?i)\b(welche[nrs]?|which|nenne?n?|zeige?n?|list|show)\b")
_ASKS_ALIKE = re.compile(
    r"(?i)^\s*(?:und|aber|and|but)\s+\w+\s+(?:für|bei|beim|von|vom|zu|zum|zur|mit|for|with|about)\b"
)
_ASKS_MORE = re.compile(r"(?i)\b(wer|wann|wo|warum|wieso|who|when|where|why|wie ?viel|how much)\b")
_CORRECTS = re.compile(
    r"(?i)^\s*(?:(?:nein|nee|doch|sorry|no)\W+)?(?:ich mein(?:t)?e|i meant?)\b(?:\s+(?:aber|doch|eher))?"
)
_COMPARES = re.compile(r"(?i)vergl[ei]\w*|unterschied\w*|unterscheide\w*|gegenüber\w*|compar\w*|differen\w*")
_IN = re.compile(r"(?i)\b(in|im|aus|from)\b")
_ON = re.compile(r"(?i)\b(zu|zum|zur|über|about|on)\b")
_AS_THEME = "Themenfeld:"
_ORDINALS = (("erste", "first"), ("zweite", "second"), ("dritte", "third"), ("vierte", "fourth"), ("fünfte", "fifth"))
_CONTAINERS = (ItemKind.GOAL, ItemKind.PRINCIPLE, ItemKind.THEME, ItemKind.THESIS)
_OF_ONE = (Intent.STATUS, Intent.RESPONSIBLE)


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as understood in its conversation, and its text in its own words.

    `focus` are the records that the conversation is about, newest answer first; `among_focus` says that the question
    chooses from them.
    """

    text: str
    query: Query
    focus: tuple[Item, ...] = ()
    among_focus: bool = False


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question put into its own words; `focus` and `among_focus` as in `Understood`.

    `own_words` is the follow-up itself, where `text` joins it to the question before; `base` is the list asked for
    before, which the follow-up changes.
    """

    text: str
    focus: tuple[Item, ...] = ()
    own_words: str = ""
    among_focus: bool = False
    base: Understood | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, what was answered to it, and the turns before."""

    question: str
    answer: str
    before: tuple[Turn, ...]


def understood(
    question: str, history: Sequence[Turn], corpus: Corpus, spoken: str, allowed: list[str] | None
) -> Understood:
    """The question with what it takes from its conversation."""
    alone = _alone(question, history, corpus, spoken, allowed, _DEEPEST)
    return _following(alone, corpus, spoken, allowed)


def _alone(
    question: str, history: Sequence[Turn], corpus: Corpus, spoken: str, allowed: list[str] | None, deepest: int
) -> Standalone:
    """The question in its own words; of the conversation the `deepest` newest questions count."""
    past = exchanges(history, corpus) if deepest else []
    before = _asked_before(past[0], corpus, allowed, deepest - 1) if past else None
    bare = understand(question, corpus, spoken, allowed)
    return standalone(question, past, corpus, bare, before)


def _asked_before(newest: Exchange, corpus: Corpus, allowed: list[str] | None, deepest: int) -> Understood:
    """The question before, itself read with what was said before it; a list is changed, not chosen from."""
    spoken = detect(newest.question)
    alone = _alone(newest.question, newest.before, corpus, spoken, allowed, deepest)
    return _following(replace(alone, among_focus=False) if alone.base else alone, corpus, spoken, allowed)


def exchanges(history: Sequence[Turn], corpus: Corpus) -> list[Exchange]:
    """The exchanges of a conversation, newest first, without thanks, greetings and what the guard ends."""
    found = []
    answer = ""
    for place in range(len(history) - 1, -1, -1):
        turn = history[place]
        if turn.role == "assistant":
            answer = answer or turn.content
        else:
            if ended(turn.content, corpus.reader.read(turn.content), in_conversation=True) is None:
                found.append(Exchange(turn.content, answer, tuple(history[:place])))
            answer = ""
    return found


def standalone(
    question: str, past: list[Exchange], corpus: Corpus, bare: Query, before: Understood | None
) -> Standalone:
    """The question with what it takes from the conversation; unchanged where it stands on its own.

    `bare` is the question understood without the conversation, `before` the question before it, as understood.
    """
    base = before if before is not None and before.query.intent in (Intent.LIST, Intent.COUNT) else None
    wanted = kinds_asked(base.query.nouns) if base else ()
    focus = _focus(past, corpus, wanted)
    if before is None or not (_CORRECTS.search(question) or leans(question, bare, focus, corpus)):
        return Standalone(question)
    earlier = before.text
    named = corpus.names.documents(question)
    among = says("among", question)
    if (named.explicit or named.counties) and not among:
        kept = [item for item in focus if item.document_id in named.ids]
        if len(focus) == 1 and not kept and _about_record(before.query, focus[0], past[0].question):
            return Standalone(f"{_titled(before.query, focus[0])} {question}", ())
        return _about_others(question, earlier, kept, corpus)
    if before.query.intent is Intent.COMPARE and _brings_topic(question, bare):
        return Standalone(question, base=before)
    pointed = _ordinal(question, past, focus, corpus)
    if pointed and _ASKS.search(question):
        return Standalone(question, tuple(pointed))
    if pointed:
        return Standalone(f"{_struck(earlier, focus)} {question}", tuple(pointed), question)
    fresh = [] if among else _fresh(bare, corpus, focus, base is not None)
    if fresh:
        return _about_new(question, "" if base else earlier, focus, fresh)
    counts_them = bool(_COUNT.search(question)) and (len(focus) > 1 or base is not None) and len(bare.topic) <= 1
    complete = bool(focus) and len(focus) >= claimed(past[0].answer) and (not wanted or focus[0].kind in wanted)
    if base and _changes(question, bare, among or counts_them, complete):
        return Standalone(question, (), base=base)
    if focus:
        return Standalone(question, tuple(focus), "", among or counts_them, base)
    return Standalone(f"{earlier} {question}", (), question)


def _brings_topic(question: str, bare: Query) -> bool:
    """True for "Und beim Radverkehr?": another topic, and nothing else."""
    short = len(question.split()) <= _ELLIPSIS and not _ASKS.search(question)
    return bool(bare.topic) and short and says("strong_opening", question)


def _about_record(before: Query, item: Item, question: str) -> bool:
    """True where the question before named a record by its number, or asked for its status or who has it."""
    return item.ref in before.refs or item.title in question or before.intent in _OF_ONE


def _titled(before: Query, item: Item) -> str:
    """A record's question, to be asked of another county: its number means nothing there, its title does."""
    return (
        f"Wer ist zuständig für {item.title}?"
        if before.intent is Intent.RESPONSIBLE
        else f"Was gibt es zu {item.title}?"
    )


def _focus(past: list[Exchange], corpus: Corpus, wanted: tuple[ItemKind, ...]) -> list[Item]:
    """The records that the newest exchange is about; that before it, where its question leant on one itself."""
    for exchange in past:
        for text in (exchange.answer, exchange.question):
            found = named_records(text, corpus.catalogue, wanted)
            if found:
                return found
        if corpus.reader.read(exchange.question).sure["followup"]["yes"] < LEANS:
            return []
    return []


def _fresh(bare: Query, corpus: Corpus, focus: list[Item], listed: bool) -> list[Item]:
    """The records that a follow-up names itself; not the goal whose list is asked for."""
    numbered = by_number(bare, corpus)
    if listed and any(item.kind in _CONTAINERS for item in numbered):
        return []
    if numbered or (listed and bare.filters.narrow):
        return numbered
    return by_title(bare, corpus, focus)


def _about_new(question: str, earlier: str, focus: list[Item], fresh: list[Item]) -> Standalone:
    """The earlier question asked of other records, where the new one asks nothing itself."""
    if not earlier or (_ASKS.search(question) and not _ASKS_ALIKE.search(question)):
        return Standalone(question, tuple(fresh))
    return Standalone(f"{_struck(earlier, focus)} {question}", tuple(fresh), question)


def _struck(earlier: str, focus: list[Item]) -> str:
    """The earlier question without the names of its records."""
    for item in focus:
        earlier = earlier.replace(item.title, "").replace(item.ref, "")
    return " ".join(earlier.split())


def _changes(question: str, bare: Query, among: bool, complete: bool) -> bool:
    """True where a follow-up to a list asks for it again with another filter or topic, or as a count or a list."""
    if among:
        return not complete
    if bare.intent in _OF_ONE or _ASKS_MORE.search(question) or bare.asked not in (Asked.NOTHING, Asked.NUMBER):
        return False
    opened, asks = says("strong_opening", question), bool(_LISTS.search(question) or _COUNT.search(question))
    if bare.filters.narrow:
        return opened or (not bare.topic and asks)
    if any(noun.plural and noun.kinds for noun in bare.nouns):
        return opened
    if not bare.topic:
        return not complete and asks
    return opened and len(question.split()) <= _ELLIPSIS


def _ordinal(question: str, past: list[Exchange], focus: list[Item], corpus: Corpus) -> list[Item]:
    """The one that "das zweite" or "the last one" points to, in the newest answer that names so many; else none."""
    if re.search(r"(?i)\b(letzte[nrs]?|last)\b", question):
        return focus[-1:] if len(focus) > 1 else []
    for place, names in enumerate(_ORDINALS):
        if re.search(rf"(?i)\b(?:{'|'.join(names)})[nrs]?\b", question):
            lists = (focus, *(named_records(one.answer, corpus.catalogue) for one in past))
            return next(([items[place]] for items in lists if 1 < len(items) > place), [])
    return []


def _about_others(question: str, earlier: str, focus: list[Item], corpus: Corpus) -> Standalone:
    """The earlier question asked again of the documents that the new one names."""
    names, question = corpus.names, _CORRECTS.sub("", question)
    before = names.documents(earlier)
    kept = names.unnamed(" ".join(word for word in earlier.split() if not names.counties_in(word)), before).split()
    if before.explicit:
        kept = [word for word in kept if not _only_names(word, before, corpus)]
    if len(names.counties_in(question)) < _FEW_WORDS:
        kept = [word for word in kept if not _COMPARES.fullmatch(word)]
    return Standalone(f"{' '.join(kept)} {question}", tuple(focus))


def _only_names(word: str, before: Named, corpus: Corpus) -> bool:
    """True for a word that by itself names a document that the earlier question named."""
    named = corpus.names.documents(word)
    return named.explicit and set(named.ids) <= set(before.ids)


def _following(alone: Standalone, corpus: Corpus, spoken: str, allowed: list[str] | None) -> Understood:
    """The query of a question with what it takes from the conversation."""
    found = _read(alone, corpus, spoken, allowed)
    return replace(found, query=_listing(found.query), focus=alone.focus, among_focus=alone.among_focus)


def _read(alone: Standalone, corpus: Corpus, spoken: str, allowed: list[str] | None) -> Understood:
    text = spelled(alone.text, corpus)
    own = understand(text, corpus, spoken, allowed)
    base = None if alone.among_focus else alone.base
    if base is not None and base.query.intent is Intent.COMPARE:
        changed = _on_topic(base, text, own)
        return replace(changed, query=replace(changed.query, topic=own.topic))
    if base is not None and not (alone.focus and _asks_of_focus(own)):
        among = understand(text, corpus, spoken, allowed, among=True)
        return merged(base, text, _with_theme(text, among, corpus, allowed))
    query = understand(text, corpus, spoken, allowed, among=True) if alone.among_focus else own
    if alone.own_words:
        query = _asking(query, understand(alone.own_words, corpus, spoken, allowed))
    return Understood(text, query)


def _asks_of_focus(own: Query) -> bool:
    """True where a follow-up asks for something of the records listed, and not for another list of them."""
    return own.intent in _OF_ONE or own.asked not in (Asked.NOTHING, Asked.NUMBER)


def _listing(query: Query) -> Query:
    """The query without the name of a field as its topic; documents of a county are listed, not compared."""
    topic = tuple(word for word in query.topic if word.text.lower() != "sachstand")
    plural = [noun for noun in query.nouns if noun.plural]
    documents = query.intent is Intent.COMPARE and not topic and bool(plural) and plural[0].document
    return replace(query, topic=topic, intent=Intent.LIST if documents else query.intent)


def _asking(joined: Query, own: Query) -> Query:
    """The joined query, asking what the follow-up itself asks where it says so."""
    asked = own if own.asked is not Asked.NOTHING else joined
    intent = own.intent if own.intent in _OF_ONE else joined.intent
    return replace(joined, asked=asked.asked, measure=asked.measure, intent=intent)


def _with_theme(said: str, own: Query, corpus: Corpus, allowed: list[str] | None) -> Query:
    """The query, its topic taken for a theme where one is called so: "und in Bildung?"."""
    if own.filters.narrow or not _IN.search(said):
        return own
    told = understand(f"{_AS_THEME} {said}", corpus, own.spoken, allowed, among=True)
    return replace(own, filters=told.filters, topic=()) if told.filters.themes else own


def merged(base: Understood, said: str, own: Query) -> Understood:
    """The list asked for before, with the filters, the kind or the topic that the follow-up brings."""
    among, before, new = says("among", said), base.query, own.filters
    topic = before.topic
    filters = _filters(before, own, among=among)
    if among:
        held = {word.terms for word in topic}
        topic = (*topic, *(word for word in own.topic if word.terms not in held))
    elif own.topic and not new.narrow:
        topic, filters = own.topic, replace(filters, themes=(), parents=(), refs=())
    elif new.themes and _ON.search(said):
        topic = ()
    nouns = own.nouns if any(noun.plural and noun.kinds for noun in own.nouns) else before.nouns
    lists = Intent.LIST if _LISTS.search(said) else before.intent
    intent = Intent.COUNT if _COUNT.search(said) else lists
    changed = base if topic == before.topic else _on_topic(base, said, own)
    query = replace(changed.query, filters=filters, topic=topic, nouns=nouns, intent=intent)
    return replace(changed, query=query)


def _filters(before: Query, own: Query, *, among: bool) -> Filters:
    """The filters of the list before, changed by those that the follow-up brings."""
    filters, new = before.filters, own.filters
    if new.statuses or new.without_statuses:
        outside = new.statuses - filters.statuses if among and filters.statuses else frozenset[ItemStatus]()
        filters = replace(filters, statuses=new.statuses, without_statuses=new.without_statuses | outside)
    if new.themes or new.parents or new.refs:
        filters = replace(filters, themes=new.themes, parents=new.parents, refs=new.refs)
    return replace(
        filters,
        units=new.units or filters.units,
        municipalities=new.municipalities or filters.municipalities,
        without_unit=new.without_unit or filters.without_unit,
        document_statuses=new.document_statuses or filters.document_statuses,
    )


def _on_topic(base: Understood, said: str, own: Query) -> Understood:
    """The question before with the topic's words in it changed for those of the follow-up."""
    old, before = {word.text for word in base.query.topic}, base.query
    text, searched = (
        " ".join(one for one in words.split() if one.strip("?.,!„“") not in old)
        for words in (base.text, before.searched)
    )
    query = replace(
        before,
        searched=f"{searched} {own.searched}",
        counties=tuple(dict.fromkeys((*before.counties, *own.counties))),
        any_of=before.any_of or own.any_of,
        demands=before.demands or own.demands,
    )
    return Understood(f"{text} {said}", query)
