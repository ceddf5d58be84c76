"""Which sentences of an item answer a question, and whether any of them can.

How well a sentence answers, training says (`telling`). Nothing is invented: quotes are passages of the item as they
stand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.answering.corpus import Corpus
from service.answering.evidence.counting import counts, names_thing
from service.answering.evidence.facts import holds
from service.answering.evidence.sentences import candidates
from service.answering.evidence.spoken import WHOLE
from service.answering.evidence.verbatim import squash
from service.answering.query import Asked, ContactWay, Intent, Query, Sought
from vectorstore.records import Field, Item

_SEPARATOR = re.compile(r",|;|\bund\b|\bsowie\b|/")
_PHONE = r"\(?\b0\d{2,}\)?[\s/–-]*\d{2,}|\+49"
_PLACE = r"(?:straße|str\.|weg|platz|allee|ring)\s+\d|\b\d{5}\s+[A-ZÄÖÜ]"
_WAYS = {
    way: re.compile(notation, re.IGNORECASE)
    for way, notation in (
        (ContactWay.PHONE, _PHONE),
        (ContactWay.MAIL, r"[\w.-]+@[\w.-]+"),
        (ContactWay.WEB, r"www\.|https?://|\.de\b"),
        (ContactWay.HOURS, r"\d{1,2}(?:[.:]\d{2})?\s*(?:Uhr|[–-]\s*\d{1,2})"),
        (ContactWay.ADDRESS, rf"{_PLACE}|@|www\."),
        (ContactWay.ANY, rf"{_PLACE}|@|www\.|https?://|{_PHONE}|\bApp\b"),
    )
}
FACT_FACTOR = 2.2  # from 1.5 to 3.0 the same cases are right
_SURE = 0.5  # probability from which money is asked for, though a question's form is that of a count
RESPONSIBLE = ("responsible", "partners")
LEAST_SHARE = 0.06  # with 500 letters to fill .06 to .15 tell the facts of as many cases


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence of an item with its place among the item's sentences and its score."""

    text: str
    place: int
    score: float


def weigh(item: Item, corpus: Corpus, query: Query, terms: Mapping[str, float]) -> list[Weighed]:
    """The sentences in order, each with how well it answers beside the best one, 0 to 1."""
    told = candidates(item, corpus, query, terms)
    scores = [corpus.teller.score(one.features) for one in told]
    best = max(scores, default=0.0)
    return [Weighed(one.text, one.place, math.exp(score - best)) for one, score in zip(told, scores, strict=True)]


def by_terms(item: Item, corpus: Corpus, terms: Mapping[str, float], asked: Asked) -> list[Weighed]:
    """The sentences in order, each with the summed rarity of the terms in it, more where it holds what is asked for."""
    found: list[Weighed] = []
    for place, text in corpus.sentences(item):
        own = sum(terms[term] * corpus.rarity(term) for term in set(corpus.analyzer.terms(text)) if term in terms)
        factor = FACT_FACTOR if asked is not Asked.NOTHING and holds(asked, text) else 1.0
        found.append(Weighed(text, place, own * factor))
    return found


def choose(sentences: list[Weighed], characters: int, ratio: float = LEAST_SHARE) -> list[Weighed]:
    """The best sentences in reading order: as many as fit, none below `ratio` of the best.

    What a colon announces follows it, as far as it fits.
    """
    best = max((one.score for one in sentences), default=0.0)
    chosen: list[Weighed] = []
    for one in sorted(sentences, key=lambda one: (-one.score, one.place)):
        if one in chosen or (chosen and (one.score <= 0 or one.score < ratio * best)):
            continue
        for part in _announced(one, sentences):
            fits = sum(len(other.text) for other in chosen) + len(part.text) <= characters
            if not fits and chosen:
                break
            chosen += [part] if part not in chosen else []
    return sorted(chosen, key=lambda one: one.place)


def _announced(first: Weighed, sentences: list[Weighed]) -> list[Weighed]:
    """A sentence, and where it ends with a colon all that follows without a gap up to the next that does."""
    found = [first]
    for one in sentences if first.text.endswith(":") else ():
        if one.place == found[-1].place + 1:
            if one.text.endswith(":"):
                break
            found.append(one)
    return found


def runs(sentences: list[Weighed], most: int | None = None) -> list[str]:
    """Neighbouring sentences joined to passages, the one with the best sentence first; at most `most`, the best."""
    passages: list[list[Weighed]] = []
    for one in sentences:
        if passages and passages[-1][-1].place == one.place - 1:
            passages[-1].append(one)
        else:
            passages.append([one])
    best = sorted(passages, key=lambda run: -max(one.score for one in run))[:most]
    ordered = best[:1] + [run for run in passages if run in best[1:]]
    return [" ".join(one.text for one in run) for run in ordered]


def label_of(passage: str, item: Item) -> str:
    """The label of the short field that a passage begins with; "" where there is none, or the passage says it."""
    said = squash(passage)
    for field in item.fields:
        if field.text and len(field.text) <= WHOLE and said.startswith(squash(field.text)):
            label = field.label.strip().rstrip(" :?")
            return label if not said.startswith(squash(label)) else ""
    return ""


def stated(item: Item, meanings: Sequence[str]) -> list[Field]:
    """The fields of an item that mean one of these, in the order of the meanings."""
    return [field for meaning in meanings for field in item.fields if field.field == meaning and field.text.strip()]


def can_answer(item: Item, corpus: Corpus, query: Query) -> bool:
    """True where the item holds the kind of fact that the question asks for, near what it is asked of."""
    text = corpus.own_text(item)
    if query.named_things[0] and not _enumerates(*query.named_things, item, corpus):
        return False
    if query.asked is Asked.NOTHING or (query.intent is Intent.RESPONSIBLE and stated(item, RESPONSIBLE)):
        return True
    if query.asked is Asked.NUMBER and query.chance(Sought.AMOUNT) >= _SURE:
        return holds(Asked.AMOUNT, text)
    if query.asked is Asked.NUMBER and query.measure.thing:
        return counts(item, corpus, query)
    if query.asked is Asked.CONTACT:
        return bool(_WAYS[query.contact].search(text))
    return holds(query.asked, text)


def _enumerates(number: int, things: str, item: Item, corpus: Corpus) -> bool:
    """True where an item strings together as many names as the question wants to hear, and says what they are."""
    if len(item.municipalities) >= number:
        return True
    wanted = {term for word in corpus.analyzer.words(things) for term in word.terms}
    texts = [text for _, text in corpus.sentences(item) if len(_SEPARATOR.findall(text)) >= number - 1]
    return any(names_thing(text, wanted, corpus) for text in texts)
