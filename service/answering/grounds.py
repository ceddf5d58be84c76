"""Why a record covers a topic, or only stands near it; each reason in words, with what of the topic it bears out.

A part of a compound bears nothing out by itself: "Raum" and "Fahrt" are no "Raumfahrt". "Radwege" are "Radverkehr"
because the topic vocabulary says both in one concept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.query import Word, telling_words
from service.record_filters import fold
from vectorstore.records import Item

HALF = 0.5  # share of a topic's nouns, by rarity, that a record must bear out to cover it
_STEM = 4  # letters that a stem needs to tell words of its family
_LONG = 5  # letters that the front of a compound needs to be the word itself
_LED_TO = 0.3  # least weight of a concept that does not say the topic
_SURE = 0.8  # weight of a concept that is led to by everyday words alone
_ENDING = re.compile(r"(?:ung|heit|keit|lich|isch|schaft|er|in|e|s|)(?:e[nrsm]?|n|s)?")
_PRINTED = re.compile(r"[^\W\d_]+")
_NAMES, _PARTLY, _CONCEPT, _PART = "nennt", "nennt einen Teil von", "Thema", "gehört zu"
_KIN, _UNDER, _AKIN = "verwandt:", "steht unter", "sinnverwandt"


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason in words; `words` are those of the topic that it bears out, none where it only stands near."""

    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """A concept: its label, its phrases, and the whole words of its formal and of its everyday ones.

    `about` are the topic's words that make up one of its phrases, `named` those in formal ones, `told` in everyday
    ones; `sure` where everyday words alone lead to it with much weight.
    """

    label: str
    phrases: list[list[tuple[str, ...]]]
    formal: frozenset[str]
    everyday: frozenset[str]
    about: tuple[Word, ...]
    named: tuple[Word, ...]
    told: tuple[Word, ...]
    sure: bool


def says_it(reason: str) -> bool:
    """Tell whether a reason says that the record itself names the topic, not only what is akin to it."""
    return reason.startswith(_NAMES) and not reason.startswith(_PARTLY)


def tells(grounds: Sequence[Ground]) -> bool:
    """Tell whether reasons say what a record has to do with the topic: a word, a heading or a concept of it."""
    return any(ground.text != _AKIN for ground in grounds)


class Grounds:
    """The reasons of all records for one topic."""

    def __init__(self, context: Context, corpus: Corpus) -> None:
        self._context = context
        self._corpus = corpus
        self._topic = context.query.topic

    def of(self, item: Item) -> list[Ground]:
        """Every reason for a record, those that bear something out first; at least one."""
        grounds = [*map(lambda word: self._naming(item, word), self._topic), *self._by_concept(item)]
        told = [ground for ground in grounds if ground]
        if not any(ground.words for ground in told):
            told += [self._surroundings(item)]
        if any(ground.words for ground in told) or len(told) > 1:
            told = [ground for ground in told if ground.text != _AKIN]
        return sorted(told, key=lambda ground: not ground.words)

    def cover(self, grounds: Sequence[Ground]) -> bool:
        """Tell whether reasons bear out at least half of the topic's nouns (of its words without any), by rarity."""
        rarity = self._context.finder.word_rarity
        held = {word.text for ground in grounds for word in ground.words}
        telling = telling_words(self._topic)
        return bool(held) and sum(rarity(word) for word in telling if word.text in held) >= HALF * sum(
            map(rarity, telling)
        )

    def _naming(self, item: Item, word: Word) -> Ground | None:
        terms = self._corpus.terms[self._corpus.row(item)]
        if self._names(item, word):
            return Ground(f"{_NAMES} „{word.text}“", (word,))
        kin = self._in_one_concept(item, word)
        if kin:
            return Ground(f"{_KIN} „{kin}“", (word,))
        return Ground(f"{_PARTLY} „{word.text}“") if set(word.terms) & terms else None

    def _names(self, item: Item, word: Word) -> bool:
        """Whether a record holds the whole word, in any ending or at the front of a compound: "Radverkehrsplan"."""
        if word.terms[0] in self._corpus.terms[self._corpus.row(item)]:
            return True
        text = fold(" ".join((item.title, item.heading, item.body)))
        return len(word.text) >= _LONG and re.search(rf"\b{re.escape(fold(word.text))}", text) is not None

    def _in_one_concept(self, item: Item, word: Word) -> str | None:
        """The first word of a record that shares a part with the topic and stands beside it in a concept.

        So does what the word tables say for the topic, and every translation.
        """
        terms = self._corpus.terms[self._corpus.row(item)]
        wanted = {term for entry in word.others if word.foreign and terms.issuperset(entry) for term in entry}
        for concept in self._concepts:
            wanted |= _said_beside(concept, word)
        for printed in _printed(item) if wanted else ():
            if any(one.whole in wanted or wanted & {*one.parts[-1:]} for one in self._corpus.analyzer.words(printed)):
                return printed
        return None

    @cached_property
    def _concepts(self) -> list[Spoken]:
        activated = self._corpus.edition.vocabulary.activate(self._context.query.searched)
        analyze = self._corpus.analyzer.words
        found = []
        for concept, weight in activated:
            phrases = [[word.terms for word in analyze(phrase)] for phrase in concept.administrative]
            formal = frozenset(terms[0] for phrase in phrases for terms in phrase)
            everyday = frozenset(word.whole for phrase in concept.everyday for word in analyze(phrase))
            named = tuple(word for word in self._topic if _begins(formal, word.terms[0]))
            told = tuple(word for word in self._topic if word.terms[0] in everyday)
            if named or told or weight >= _LED_TO:
                sure = not named and weight >= _SURE
                found.append(Spoken(concept.label, phrases, formal, everyday, self._about(phrases), named, told, sure))
        return found

    def _about(self, phrases: list[list[tuple[str, ...]]]) -> tuple[Word, ...]:
        """The words of the topic where one of the phrases is nothing but words of it."""
        asked = {word.terms[0]: word for word in self._topic}
        exact = [phrase for phrase in phrases if phrase and all(terms[0] in asked for terms in phrase)]
        return tuple({terms[0]: asked[terms[0]] for phrase in exact for terms in phrase}.values())

    def _by_concept(self, item: Item) -> list[Ground]:
        terms = self._corpus.terms[self._corpus.row(item)]
        held = [one for one in self._concepts if any(_held(phrase, terms) for phrase in one.phrases)]
        labels = {one.label: Ground(f"{_CONCEPT} „{one.label}“", one.about) for one in held}
        return list(labels.values())

    def _surroundings(self, item: Item) -> Ground:
        """Say what of the same stem a record names, else under which heading it stands.

        A heading that says nothing but the topic makes the record a part of it.
        """
        kin = self._of_same_stem(item)
        if kin:
            return Ground(f"{_KIN} „{kin[1]}“", (kin[0],))
        asked = {term for word in self._topic for term in word.terms}
        for heading in reversed(item.path):
            words = {word.whole for word in self._corpus.analyzer.words(heading)}
            if words and words <= asked:
                return Ground(f"{_PART} „{heading.strip(' :')}“", self._topic)
            if asked & set(self._corpus.analyzer.terms(heading)):
                return Ground(f"{_UNDER} „{heading}“")
        return Ground(_AKIN)

    def _of_same_stem(self, item: Item) -> tuple[Word, str] | None:
        """The first word of a record that is of the family of a word of the topic: "Wohnungen" for "Wohnen"."""
        stems = {word.terms[0]: word for word in self._topic if len(word.terms[0]) >= _STEM}
        pairs = (
            (word, printed)
            for printed in _printed(item)
            for stem, word in stems.items()
            if _of_stem(fold(printed), stem)
        )
        return next(pairs, None)


def _printed(item: Item) -> Iterator[str]:
    return (match[0] for match in _PRINTED.finditer(f"{item.title} {item.heading} {item.body}"))


def _said_beside(concept: Spoken, word: Word) -> set[str]:
    """The words of a concept that bear the topic's word out, as index terms.

    They share a part with it, or begin with what the word tables say for it, or it begins with them: "Hochwasser".
    """
    wanted: set[str] = set()
    if word in concept.named or word in concept.told:
        others = tuple(entry[0] for entry in word.others if len(entry) == 1 and len(entry[0]) >= _LONG)
        wanted |= {one for one in concept.formal if others and one.startswith(others)}
    if word in concept.about:
        wanted |= {one for one in concept.everyday if len(one) >= _LONG and word.terms[0].startswith(one)}
    if word in concept.named or (word in concept.told and concept.sure):
        words = concept.formal | concept.everyday if concept.sure else concept.formal
        wanted |= {one for one in words if any(len(part) > 2 and part in one for part in word.terms[1:])}
    return wanted


def _of_stem(word: str, stem: str) -> bool:
    """Whether a word is a stem with an ending of its family."""
    return word.startswith(stem) and _ENDING.fullmatch(word[len(stem) :]) is not None


def _begins(words: frozenset[str], whole: str) -> bool:
    return whole in words or (len(whole) >= _LONG and any(word.startswith(whole) for word in words))


def _held(phrase: Sequence[tuple[str, ...]], terms: frozenset[str]) -> bool:
    """Whether a record holds every word of a phrase, whole or in all its parts."""
    return bool(phrase) and all(
        word[0] in terms or (len(word) > 1 and all(part in terms for part in word[1:])) for word in phrase
    )
