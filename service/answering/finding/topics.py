"""What a topic means: the one resolver of all items for the words of a topic, for overviews, lists, lookup and pages.

Themes and goals that are called so come first, then records that are, then what stands under them, then what says it.
A part of a compound by chance ("Sofa" and "so") is no match: words match as a whole, or as the front of a longer one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from service.answering.corpus import Corpus
from service.answering.finding.meanings import Meanings, things_in
from service.answering.query import Word, telling_words
from vectorstore.analysis import LEAST_ROOT, fold, same_root
from vectorstore.records import Item, ItemKind

_LEAST = 0.2  # weight that an item needs at least: only words of a concept in its text are not enough
_LEAST_OF_BEST = 0.33  # share of the best item's weight that an item on the topic has
_BY_PART = 0.8  # share of what is called by a part of a word that means the topic: "Radweg" for "Fahrrad"
_LONGER = 0.95  # share of what is called by a longer word: "Starkregenvorsorge" for "Starkregen"
_ENOUGH, _BESIDE_ENOUGH = 3, 0.5  # items called so or saying it, beside which a concept's share is less
_FRONT = 4  # letters of a word at the front of a compound in a text: "Leader-Projekt" for "Leader"
_INSIDE = 6  # letters from which a word inside a longer one is no chance
_HALF = 0.5  # share of a topic's words, by rarity, that an item must bear out
_CHOOSES_NONE = 0.35  # share of the items that have a word from which it chooses none
_COMMON = 0.6  # weight of a noun that says little by itself
_BY_ROOT = 0.9  # share of what is called by a word of the same root: "digital" for "Digitalisierung"
_HEADS = (ItemKind.THEME, ItemKind.GOAL, ItemKind.PRINCIPLE, ItemKind.THESIS)
_HEAD_FIRST = 1.25


class MatchKind(StrEnum):
    """How an item comes to be on a topic, from the surest; NEAR is on none."""

    CALLED = "called"
    KIN = "kin"
    BY_CONCEPT = "by_concept"
    UNDER = "under"
    SAYS = "says"
    SAYS_CONCEPT = "says_concept"
    NEAR = "near"


WORTH = {
    MatchKind.CALLED: 1.0,
    MatchKind.KIN: 0.75,
    MatchKind.BY_CONCEPT: 0.75,
    MatchKind.UNDER: 0.6,
    MatchKind.SAYS: 0.35,
    MatchKind.SAYS_CONCEPT: 0.2,
    MatchKind.NEAR: 0.0,
}
_CALLING = (MatchKind.CALLED, MatchKind.KIN, MatchKind.BY_CONCEPT)
SAID_ONLY = (MatchKind.SAYS, MatchKind.SAYS_CONCEPT)


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """How a word of a topic leads to an item, what that is worth (0..1), by which word, concept or heading."""

    worth: float
    kind: MatchKind
    by: str


@dataclass(frozen=True, slots=True)
class Match:
    """An item on a topic: how it comes to be, the way for each word that leads there, how much it bears out (0..1)."""

    item: Item
    kind: MatchKind
    ways: tuple[Way, ...]
    weight: float


class _Index:
    """Items by the words of a text of theirs: whole, inside longer words, and by the front of compounds."""

    def __init__(self, words: Iterable[tuple[int, tuple[str, ...]]]) -> None:
        self._rows: dict[str, set[int]] = defaultdict(set)
        self._fronts: dict[str, set[int]] = defaultdict(set)
        self._by_head: dict[str, set[str]] = defaultdict(set)
        front: dict[str, str] = {}
        for row, (whole, *parts) in words:
            self._rows[whole].add(row)
            front[whole] = parts[0] if parts else front.get(whole, whole)
            if parts:
                self._by_head[parts[-1]].add(whole)
        for whole, rows in self._rows.items():
            self._fronts[front[whole]] |= rows
        self._forwards = sorted(self._rows)

    def rows(self, whole: str) -> Collection[int]:
        return self._rows.get(whole, ())

    def with_front(self, part: str) -> Collection[int]:
        return self._fronts.get(part, ())

    def with_head(self, part: str) -> Collection[str]:
        """The compounds that end with a part."""
        return self._by_head.get(part, ())

    def longer(self, whole: str) -> Iterable[int]:
        """The rows of words that begin with this one, where it is long enough."""
        if len(whole) < _INSIDE:
            return
        for word in _beginning(self._forwards, whole):
            yield from self._rows[word]

    def of_root(self, whole: str) -> Iterable[int]:
        """The rows of words that differ by an ending: "digital" for "Digitalisierung"."""
        for word in _beginning(self._forwards, whole[:LEAST_ROOT]):
            if same_root(whole, word):
                yield from self._rows[word]

    def all(self, terms: Sequence[str]) -> set[int]:
        """The rows that hold all of the words."""
        sets = sorted((self._rows.get(term, set()) for term in terms), key=len)
        return set.intersection(*sets) if sets else set()


def _beginning(words: list[str], start: str) -> Iterable[str]:
    """The longer words of a sorted list that begin so."""
    for place in range(bisect_right(words, start), len(words)):
        if not words[place].startswith(start):
            return
        yield words[place]


class TopicResolver:
    """The items of an edition by topic; its look-ups are made once per edition."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._meanings = Meanings(corpus)
        self._size = len(corpus.catalogue.items)

    def resolve(self, topic: Sequence[Word], documents: Collection[str], any_of: bool = False) -> list[Match]:
        """The items of these documents that are on a topic, the surest first; archive rows too, front pages not.

        Where some bear out all nouns of the topic, the others are not on it, but for words strung together (`any_of`).
        """
        words = self._carrying(topic)
        rarity = {word: self._rarity(word) for word in words}
        if not any(rarity.values()):
            return []
        found: dict[int, dict[Word, Way]] = defaultdict(dict)
        for word in words:
            for row, way in self._of_word(word).items():
                found[row][word] = way
        asked = max(rarity.values()) if any_of else sum(rarity.values())
        borne = {word for ways in found.values() for word in ways}
        whole = asked if any_of else sum(rarity[word] for word in borne)
        nouns = set(telling_words(words))
        least = 0 if any_of else max((len(nouns & ways.keys()) for ways in found.values()), default=0)
        matches = [
            self._match(row, ways, rarity, whole)
            for row, ways in found.items()
            if len(nouns & ways.keys()) >= least and sum(rarity[word] for word in ways) >= _HALF * asked
        ]
        matches = [one for one in matches if one.item.document_id in documents and one.item.ref != "Titel"]
        least_weight = max(_LEAST, _LEAST_OF_BEST * max((one.weight for one in matches), default=0.0))
        return sorted(
            (one for one in matches if one.weight >= least_weight),
            key=lambda one: (-one.weight, -WORTH[one.kind], len(one.item.title), self._corpus.row(one.item)),
        )

    def _match(self, row: int, ways: dict[Word, Way], rarity: dict[Word, float], whole: float) -> Match:
        item = self._corpus.catalogue.items[row]
        weight = min(1.0, sum(way.worth * rarity[word] for word, way in ways.items()) / whole)
        weight = weight if item.kind in _HEADS else weight / _HEAD_FIRST
        return Match(item, max(ways.values()).kind, tuple(ways.values()), weight)

    def _carrying(self, topic: Sequence[Word]) -> tuple[Word, ...]:
        """The nouns of a topic, and in front of common ones ("Menschen") the rarer words with them ("ältere").

        Words that nearly every item has choose none.
        """
        topic = [word for word in topic if len(self._texts.rows(word.terms[0])) < _CHOOSES_NONE * self._size]
        nouns = telling_words(tuple(topic))
        heaviest = max((word.weight for word in nouns), default=0.0)
        before = [one for one, other in pairwise(topic) if other in nouns]
        return tuple(
            word
            for word in topic
            if word in nouns or (heaviest < _COMMON and word.weight > heaviest and word in before)
        )

    def _rarity(self, word: Word) -> float:
        known = [self._corpus.rarity(term) for term in word.terms if self._corpus.knows(term)]
        return word.weight * (max(known) if known else self._corpus.rarity(""))

    def _of_word(self, word: Word) -> dict[int, Way]:
        """The rows that one word of the topic leads to, with the worth of the surest way to each."""
        found: dict[int, Way] = {}

        def add(rows: Iterable[int], kind: MatchKind, by: str, share: float = 1.0) -> None:
            way = Way(WORTH[kind] * share, kind, by)
            for row in rows:
                if row not in found or found[row].worth < way.worth:
                    found[row] = way

        whole = word.terms[0]
        if word.front:
            add(self._titles.with_front(whole), MatchKind.CALLED, word.text)
            add(self._texts.with_front(whole), MatchKind.SAYS, word.text)
        for form in {whole, fold(word.text)}:  # abbreviations are terms as printed
            add(self._titles.rows(form), MatchKind.CALLED, word.text)
            add(self._texts.rows(form), MatchKind.SAYS, word.text)
        if len(whole) >= _FRONT:
            add(self._texts.with_front(whole), MatchKind.SAYS, word.text, _BY_PART)
        add(self._titles.longer(whole), MatchKind.CALLED, word.text, _LONGER)
        add(self._texts.longer(whole), MatchKind.SAYS, word.text, _LONGER)
        add(self._titles.of_root(whole), MatchKind.KIN, word.text, _BY_ROOT)
        if front := self._meanings.telling_front(word):
            add(self._titles.with_front(front), MatchKind.KIN, word.text, _BY_PART)
        for compound in self._titles.with_head(whole):
            if self._meanings.is_kind_of(compound, whole):
                add(self._titles.rows(compound), MatchKind.KIN, word.text, _BY_PART)
        for entry in word.others:
            add(self._titles.all(entry), MatchKind.KIN, word.text)
            add(self._texts.all(entry), MatchKind.SAYS_CONCEPT, word.text)
        beside = _BESIDE_ENOUGH if len(found) >= _ENOUGH else 1.0
        meant = [(one, share * beside) for one, share in self._meanings.concepts(word)]
        for concept, share in [*meant, *self._meanings.of_field(word)]:
            for entry in self._meanings.entries(concept):
                add(self._titles.all(entry), MatchKind.BY_CONCEPT, concept.label, share)
                add(self._texts.all(entry), MatchKind.SAYS_CONCEPT, concept.label, share)
        for row, way in list(found.items()):
            head = self._corpus.catalogue.items[row]
            if way.kind in _CALLING and head.kind in (*_HEADS, ItemKind.SECTION):
                share = way.worth / things_in(head.title) ** 0.5
                add(self._below.get((head.document_id, head.key), ()), MatchKind.UNDER, head.title, share)
        return found

    @cached_property
    def _titles(self) -> _Index:
        return self._index(lambda item: f"{item.title} {item.table_title or ''}")

    @cached_property
    def _texts(self) -> _Index:
        return self._index(self._corpus.own_text)

    def _index(self, text_of: Callable[[Item], str]) -> _Index:
        items = self._corpus.catalogue.items
        return _Index(
            (row, word.terms) for row, item in enumerate(items) for word in self._corpus.analyzer.words(text_of(item))
        )

    @cached_property
    def _below(self) -> dict[tuple[str, str], list[int]]:
        """The rows of the items under each item, at any depth, and in each theme."""
        below: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row, item in enumerate(self._corpus.catalogue.items):
            for above in self._corpus.ancestors(item):
                below[above.document_id, above.key].append(row)
        return below
