"""A follow-up put into its own words, so that it can be searched without the conversation around it.

A new number or title replaces the records in focus; a new filter changes the list asked for before; all else asks
about the records that the last answer named. The conversation is the client's word: nothing in it is taken as true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.leaning import LEANS, leans
from service.answering.names import Named
from service.answering.naming import by_number, by_title, claimed, named_records
from service.answering.query import Asked, Intent, Query
from service.answering.scope import ended
from service.answering.understanding.nouns import kinds_asked
from service.models import Turn
from vectorstore.records import Item, ItemKind

__all__ = ["Exchange", "Standalone", "exchanges", "named_records", "standalone"]

_FEW_WORDS = 2
_ELLIPSIS = 5
COUNT = re.compile(r"(?i)\bwie ?viele[nr]?\b|\bwie ?viel (?=davon|sind|es)|\bhow many\b")
_ASKS = re.compile(r"(?i)\b(w(?:er|as|ie|ann|o|arum|ieso|elche[nrms]?)|who|what|how|when|where|why|which)\b")
LISTS = re.compile(r"(?i)\b(welche[nrs]?|which|nenne?n?|zeige?n?|list|show)\b")
_ASKS_ALIKE = re.compile(
    r"(?i)^\s*(?:und|aber|and|but)\s+\w+\s+(?:für|bei|beim|von|vom|zu|zum|zur|mit|for|with|about)\b"
)
_ASKS_MORE = re.compile(r"(?i)\b(wer|wann|wo|warum|wieso|who|when|where|why|wie ?viel|how much)\b")
_CORRECTS = re.compile(
    r"(?i)^\s*(?:(?:nein|nee|doch|sorry|no)\W+)?(?:ich mein(?:t)?e|i meant?)\b(?:\s+(?:aber|doch|eher))?"
)
_COMPARES = re.compile(r"(?i)vergl[ei]\w*|unterschied\w*|unterscheide\w*|gegenüber\w*|compar\w*|differen\w*")
_CONTAINERS = (ItemKind.GOAL, ItemKind.PRINCIPLE, ItemKind.THEME, ItemKind.THESIS)


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question in its own words: `focus` are the records that the conversation is about, newest answer first.

    `own_words` is the follow-up itself, where `text` joins it to the question before; `base` is the list asked for
    before, which the follow-up changes.
    """

    text: str
    focus: tuple[Item, ...] = ()
    is_followup: bool = False
    own_words: str = ""
    among_focus: bool = False
    base: Query | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, what was answered to it, and the turns before."""

    question: str
    answer: str
    before: tuple[Turn, ...]


def exchanges(history: list[Turn], corpus: Corpus) -> list[Exchange]:
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
    question: str, history: list[Turn], corpus: Corpus, bare: Query, before: Query | None = None
) -> Standalone:
    """The question with what it takes from the conversation; unchanged where it stands on its own.

    `bare` is the question understood without the conversation, `before` the question before it, as understood.
    """
    past = exchanges(history, corpus)
    base = before if before is not None and before.intent in (Intent.LIST, Intent.COUNT) else None
    wanted = kinds_asked(base.nouns) if base else ()
    focus = _focus(past, corpus, wanted)
    if not past or not (_CORRECTS.search(question) or leans(question, bare, focus, corpus)):
        return Standalone(question)
    earlier = before.text if before is not None else past[0].question
    named = corpus.names.documents(question)
    among = _says("among", question)
    if (named.explicit or named.counties) and not among:
        kept = [item for item in focus if item.document_id in named.ids]
        if len(focus) == 1 and not kept and before is not None and _about_record(before, focus[0], past[0].question):
            return Standalone(f"{_titled(before, focus[0])} {question}", (), True)
        return _about_others(question, earlier, kept, corpus)
    if before is not None and before.intent is Intent.COMPARE and _brings_topic(question, bare):
        return Standalone(question, (), True, base=before)
    pointed = _ordinal(question, past, focus, corpus)
    if pointed and _ASKS.search(question):
        return Standalone(question, tuple(pointed), True)
    if pointed:
        return Standalone(f"{_struck(earlier, focus)} {question}", tuple(pointed), True, question)
    fresh = [] if among else _fresh(bare, corpus, focus, base)
    if fresh:
        return _about_new(question, "" if base else earlier, focus, fresh)
    counts_them = bool(COUNT.search(question)) and (len(focus) > 1 or base is not None) and len(bare.topic) <= 1
    complete = bool(focus) and len(focus) >= claimed(past[0].answer) and (not wanted or focus[0].kind in wanted)
    if base and _changes(question, bare, among or counts_them, complete):
        return Standalone(question, (), True, base=base)
    if focus:
        return Standalone(question, tuple(focus), True, "", among or counts_them, base)
    return Standalone(f"{earlier} {question}", (), True, question)


def _brings_topic(question: str, bare: Query) -> bool:
    """True for "Und beim Radverkehr?": another topic, and nothing else."""
    short = len(question.split()) <= _ELLIPSIS and not _ASKS.search(question)
    return bool(bare.topic) and short and _says("strong_opening", question)


def _about_record(before: Query, item: Item, question: str) -> bool:
    """True where the question before named a record by its number, or asked for its status or who has it."""
    return item.ref in before.refs or item.title in question or before.intent in (Intent.STATUS, Intent.RESPONSIBLE)


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


def _fresh(bare: Query, corpus: Corpus, focus: list[Item], base: Query | None) -> list[Item]:
    """The records that a follow-up names itself; not the goal whose list is asked for."""
    numbered = by_number(bare, corpus)
    if base and any(item.kind in _CONTAINERS for item in numbered):
        return []
    if numbered or (base and bare.filters.narrow):
        return numbered
    return by_title(bare, corpus, focus)


def _about_new(question: str, earlier: str, focus: list[Item], fresh: list[Item]) -> Standalone:
    """The earlier question asked of other records, where the new one asks nothing itself."""
    if not earlier or (_ASKS.search(question) and not _ASKS_ALIKE.search(question)):
        return Standalone(question, tuple(fresh), True)
    return Standalone(f"{_struck(earlier, focus)} {question}", tuple(fresh), True, question)


def _struck(earlier: str, focus: list[Item]) -> str:
    """The earlier question without the names of its records."""
    for item in focus:
        earlier = earlier.replace(item.title, "").replace(item.ref, "")
    return " ".join(earlier.split())


def _changes(question: str, bare: Query, among: bool, complete: bool) -> bool:
    """True where a follow-up to a list asks for it again with another filter or topic, or as a count or a list."""
    if among:
        return not complete
    if (
        bare.intent in (Intent.STATUS, Intent.RESPONSIBLE)
        or bare.named_field
        or _ASKS_MORE.search(question)
        or bare.asked not in (Asked.NOTHING, Asked.NUMBER)
    ):
        return False
    opened, asks = _says("strong_opening", question), bool(LISTS.search(question) or COUNT.search(question))
    if bare.filters.narrow:
        return opened or (not bare.topic and asks)
    if any(noun.plural and noun.kinds for noun in bare.nouns):
        return opened
    if not bare.topic:
        return not complete and asks
    return opened and len(question.split()) <= _ELLIPSIS


_ORDINALS = (("erste", "first"), ("zweite", "second"), ("dritte", "third"), ("vierte", "fourth"), ("fünfte", "fifth"))


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
    return Standalone(f"{' '.join(kept)} {question}", tuple(focus), True)


def _only_names(word: str, before: Named, corpus: Corpus) -> bool:
    """True for a word that by itself names a document that the earlier question named."""
    named = corpus.names.documents(word)
    return named.explicit and set(named.ids) <= set(before.ids)


def _says(cue: str, question: str) -> bool:
    return lexicon.matches("phrases", f"followup.{cue}", question)
