"""Words for kinds of things: "Leute" for those whom a paper counts as "Ehrenamtliche", "Wagen" for its "Fahrzeug".

A loose match must not carry more than it can: where the question says what is done to the thing, the item says so too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import Query
from vectorstore.analysis import fold
from vectorstore.records import Item

_PARTICIPLE = re.compile(r"(?P<front>an|ab|auf|aus|bei|ein|mit|nach|vor|zu|um|weg|teil)?ge(?P<stem>\w{3,}?)(?:en|t)")
_LEAST_HEAD = 5
_LEAST_OTHERWISE = 8
_ENDING = re.compile(r"(?:en|e?t|n)$")
_TELLING = 0.7


def alike(name: str, corpus: Corpus) -> set[str]:
    """The terms of special words for a thing that is named by a general one: "Fahrzeug" for "Wagen"."""
    asked = {word.whole for word in corpus.analyzer.words(name)}
    return {term for _, general, special in corpus.remembered(_kinds) if asked & general for term in special}


def names_alike(text: str, query: Query, wanted: Collection[str], other: Collection[str], corpus: Corpus) -> bool:
    """True where a noun of the text is the kind of the thing, its head, or is itself called so otherwise."""
    asked = {word.whole for word in corpus.analyzer.words(query.measure.thing)}
    for noun in re.findall(r"\b[A-ZÄÖÜ][\w-]+", text):
        if any(_is_alike(word.whole, word.parts, asked, other) for word in corpus.analyzer.words(noun)):
            return True
        called = {entry[0] for entry in corpus.expansion.entries(noun, "de") if len(entry) == 1}
        if called & {one for one in wanted if len(one) >= _LEAST_OTHERWISE}:
            return True
    return False


def _is_alike(whole: str, parts: Collection[str], asked: Collection[str], other: Collection[str]) -> bool:
    if whole in other:
        return True
    heads = (whole, *tuple(parts)[-1:])
    return any(len(head) >= _LEAST_HEAD and one.endswith(head) for head in heads for one in asked)


def otherwise(query: Query, item: Item, corpus: Corpus) -> set[str]:
    """The terms of words for the kind of what is counted; for people also the nouns of what they do."""
    asked = {word.whole for word in corpus.analyzer.words((query.measure.thing).split()[0])}
    found: set[str] = set()
    for kind, general, special in corpus.remembered(_kinds):
        if asked & general:
            found |= special
            found |= set(_done(query, corpus)) if kind == "people" else set()
        elif asked & special and asked & corpus.terms[corpus.row(item)]:
            found |= general
    return found


def _done(query: Query, corpus: Corpus) -> Iterator[str]:
    """The nouns of the question's participles: "Anrufe" of "angerufen", "Besuche" of "besucht"."""
    for word in query.topic:
        match = _PARTICIPLE.fullmatch(word.text)
        if match is not None:
            yield from corpus.analyzer.terms(f"{match['front'] or ''}{match['stem']}".capitalize())


def tells_what_is_done(item: Item, corpus: Corpus, query: Query) -> bool:
    """True where the item speaks of what the question says of the thing: "geklagt" stands in no "Personen"."""
    held = corpus.terms[corpus.row(item)]
    for word in query.topic:
        if word.text[0].isupper() or word.weight < _TELLING or fold(word.text) in _status_words():
            continue
        match = _PARTICIPLE.fullmatch(word.text)
        stem = fold(f"{match['front'] or ''}{match['stem']}" if match else _ENDING.sub("", word.text))
        if not any(stem in term for term in held) and not any(set(entry) <= set(held) for entry in word.others):
            return False
    return True


@lru_cache(maxsize=1)
def _status_words() -> frozenset[str]:
    cues = (cue for cues in lexicon.words("nouns", "status").values() for cue in cues)
    return frozenset(part for cue in cues for part in fold(cue).split()) | {"vorgesehen", "vorhanden"}


def _kinds(corpus: Corpus) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """Per kind the index terms of its general and special words."""

    def terms(words: list[str]) -> frozenset[str]:
        return frozenset(word.whole for one in words for word in corpus.analyzer.words(one))

    return tuple(
        (name, terms(words["general"]), terms(words["special"])) for name, words in lexicon.table("kinds").items()
    )
