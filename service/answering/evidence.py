"""Which sentences of an item answer a question, and whether any of them can.

A sentence scores by the rarity of the query's terms in it; one that holds the kind of fact asked for (a date, an
amount, a number) scores more. Nothing is invented: quotes are passages of the item's body as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.answering.corpus import Corpus
from service.answering.counting import NUMBER, counts, names_thing, telling_places
from service.answering.query import Asked, Query
from vectorstore.records import Item

_SEPARATOR = re.compile(r",|;|\bund\b|\bsowie\b|/")
_PHONE = r"\(?\b0\d{2,}\)?[\s/–-]*\d{2,}|\+49"
_PLACE = r"(?:straße|str\.|weg|platz|allee|ring)\s+\d|\b\d{5}\s+[A-ZÄÖÜ]"
_WAYS = tuple(
    (re.compile(cue, re.IGNORECASE), re.compile(way, re.IGNORECASE))
    for cue, way in (
        (r"telefon|\bphone|anruf|\bcall\b|durchwahl|rufnummer", _PHONE),
        (r"mail", r"[\w.-]+@[\w.-]+"),
        (r"web|homepage|internet|url|online|link", r"www\.|https?://|\.de\b"),
        (r"öffnungszeit|opening hours", r"\d{1,2}(?:[.:]\d{2})?\s*(?:Uhr|[–-]\s*\d{1,2})"),
        (r"adresse|anschrift|address", rf"{_PLACE}|@|www\."),
        (r"", rf"{_PLACE}|@|www\.|https?://|{_PHONE}|\bApp\b"),
    )
)
CARRIED = 0.35  # share of a sentence's score that the next one inherits: answers often stand behind what they are about
FACT_FACTOR = 2.2  # from 1.5 to 3.0 the same cases are right; a date far from the word asked for is told sooner
LEAST_SHARE = 0.3
TELLS = 0.9  # share of the best score for a sentence that says the very number asked for
_FACT = {
    Asked.AMOUNT: re.compile(
        r"\d[\d.,\s]*(?:,-)?\s*(?:€|Euro|EUR|Mio|Millionen|Mrd|Cent|TEUR|T€|%|Prozent)|kostenlos|kostenfrei|gebührenfrei|unentgeltlich|€\s*\d",
        re.IGNORECASE,
    ),
    Asked.DATE: re.compile(
        r"\b(?:19|20)\d{2}\b|\d{1,2}\.\s?\d{1,2}\.|\b(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|"
        r"November|Dezember|Frühjahr|Sommer|Herbst|Winter|Halbjahr\w*|Quartal\w*|jährlich\w*|monatlich\w*|zweimal|halbjährlich)\b|"
        r"\b(?:\d+|ein\w*|zwei|drei|vier|fünf|sechs|zehn)\w*\s?(?:Jahre?n?|Monate?n?|Wochen?|Tage?n?)\b",
        re.IGNORECASE,
    ),
    Asked.NUMBER: NUMBER,
    Asked.CONTACT: re.compile(
        r"\(?\d{3,}\)?[\s/-]*\d{2,}|[\w.-]+@[\w.-]+|www\.|https?://|\bApp\b|Straße\s+\d", re.IGNORECASE
    ),
    Asked.ORGANISATION: re.compile(
        r"\b(?:GmbH|mbH|AG|KG|eG|e\.\s?V\.|SE|GbR)\b|\b(?:Firma|Büro|Planungsbüro|Unternehmen)\s+[A-ZÄÖÜ]|Stadtwerke|[Ww]erke\s+[A-ZÄÖÜ]"
    ),
    Asked.PERSON: re.compile(
        r"\b(?:Herrn?|Frau|Dr\.|Prof\.)\s+(?:(?:Dr|Prof)\.\s+)*(?!Landr|Bürgermeister|Oberb|Vorsitz|Präsident|Minister)[A-ZÄÖÜ]|\b(?:Landr[aä]t(?:in)?|Leiter(?:in)?|Vorsitzende[rn]?)"
        r"\s*:?\s+[A-ZÄÖÜ][a-zäöüß]+\s+[A-ZÄÖÜ]|[A-ZÄÖÜ][a-zäöüß-]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?\s+[A-ZÄÖÜ][a-zäöüß]+\s+(?:Vorsitzende|Landr[aä]t)"
    ),
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence of an item with its place among the item's sentences and its score."""

    text: str
    place: int
    score: float
    has_fact: bool


def holds(asked: Asked, text: str) -> bool:
    """True where a text holds the kind of fact asked for, or nothing special is asked."""
    return asked is Asked.NOTHING or bool(_FACT[asked].search(text))


def weigh(item: Item, corpus: Corpus, query: Query, terms: Mapping[str, float]) -> list[Weighed]:
    """The sentences with their scores, in order; one that says the very number asked for is not lost."""
    found: list[Weighed] = []
    before = 0.0
    telling = telling_places(item, corpus, query) if query.asked is Asked.NUMBER else ()
    for place, text in corpus.sentences(item):
        held = set(corpus.analyzer.terms(text))
        own = sum(weight * corpus.rarity(term) for term, weight in terms.items() if term in held)
        has_fact = query.asked is not Asked.NOTHING and holds(query.asked, text) and (not telling or place in telling)
        score = (own + CARRIED * before) * (FACT_FACTOR if has_fact else 1.0)
        found.append(Weighed(text, place, score, has_fact))
        before = own
    best = max((one.score for one in found), default=0.0)
    return [replace(one, score=max(one.score, TELLS * best)) if one.place in telling else one for one in found]


def choose(sentences: list[Weighed], characters: int, ratio: float = LEAST_SHARE) -> list[Weighed]:
    """The best sentences in reading order: as many as fit, none below `ratio` of the best."""
    best = max((one.score for one in sentences), default=0.0)
    chosen: list[Weighed] = []
    for one in sorted(sentences, key=lambda one: (-one.score, one.place)):
        fits = sum(len(other.text) for other in chosen) + len(one.text) <= characters
        if one.score >= ratio * best and (fits or not chosen) and (one.score > 0 or not chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.place)


def runs(sentences: list[Weighed], most: int | None = None) -> list[str]:
    """Neighbouring sentences joined to one passage each; of several the `most` that hold the best sentences."""
    passages: list[list[Weighed]] = []
    for one in sentences:
        if passages and passages[-1][-1].place == one.place - 1:
            passages[-1].append(one)
        else:
            passages.append([one])
    best = sorted(passages, key=lambda run: -max(one.score for one in run))[:most]
    return [" ".join(one.text for one in run) for run in passages if run in best]


def can_answer(item: Item, corpus: Corpus, query: Query) -> bool:
    """True where the item holds the kind of fact that the question asks for, near what it is asked of."""
    text = corpus.own_text(item)
    if query.named_things[0] and not _enumerates(*query.named_things, item, corpus):
        return False
    if query.asked is Asked.NOTHING:
        return True
    if query.asked is Asked.NUMBER and query.quantity:
        return counts(item, corpus, query)
    if query.asked is Asked.CONTACT:
        return bool(next(way for cue, way in _WAYS if cue.search(query.text)).search(text))
    return holds(query.asked, text)


def _enumerates(number: int, things: str, item: Item, corpus: Corpus) -> bool:
    """True where an item strings together as many names as the question wants to hear, and says what they are."""
    if len(item.municipalities) >= number:
        return True
    wanted = {term for word in corpus.analyzer.words(things) for term in word.terms}
    texts = [text for _, text in corpus.sentences(item) if len(_SEPARATOR.findall(text)) >= number - 1]
    return any(names_thing(text, wanted, corpus) for text in texts)
