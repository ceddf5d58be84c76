"""What a topic means: the one resolver of all items for the words of a topic, for overviews, lists, lookup and pages.

Themes and goals that are called so come first, then records that are, then what stands under them, then what says it.
A part of a compound by chance ("Sofa" and "so") is no match: words match as a whole, or as the front of a longer one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from service.answering.corpus import Corpus
from service.answering.query import Word, telling_words
from vectorstore.analysis import same_root
from vectorstore.concepts import Concept
from vectorstore.records import Item, ItemKind, ItemStatus

_LEAST_OF_BEST = 0.3  # share of the best item's weight that an item on the topic has
_CONCEPT, _CONCEPT_OF_BEST = 0.3, 0.6  # weight from which a concept of the vocabulary is what the topic means
_SURE_CONCEPT = 0.6  # weight from which it surely is
_BY_FRONT = 0.8  # share of what is called by the front of a word that nothing is called by: "Klima" for "Klimakrise"
_COMMON = 0.6  # weight of a noun that says little by itself
_TELLING_ENTRY = 2.5  # summed rarity of a concept's entry that means it: not "Umsetzung" alone
_BY_ROOT = 0.9  # share of what is called by a word of the same root: "digital" for "Digitalisierung"
_FRONT = 4  # letters that the front of a compound needs to be the word itself
_HEADS = (ItemKind.THEME, ItemKind.GOAL, ItemKind.PRINCIPLE, ItemKind.THESIS)
_HEAD_FIRST = 1.25


class MatchKind(StrEnum):
    """How an item comes to be on a topic, from the surest."""

    CALLED = "called"
    CALLED_OTHERWISE = "called_otherwise"
    UNDER = "under"
    SAYS = "says"
    SAYS_OTHERWISE = "says_otherwise"


WORTH = {
    MatchKind.CALLED: 1.0,
    MatchKind.CALLED_OTHERWISE: 0.75,
    MatchKind.UNDER: 0.6,
    MatchKind.SAYS: 0.35,
    MatchKind.SAYS_OTHERWISE: 0.2,
}


@dataclass(frozen=True, slots=True)
class Match:
    """An item on a topic: how it comes to be, by which word or concept, how much of the topic it bears out (0..1)."""

    item: Item
    kind: MatchKind
    by: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Meant:
    """A concept that a topic means, the index terms of its words, and how surely (0..1)."""

    concept: Concept
    terms: frozenset[str]
    share: float


class TopicResolver:
    """The items of an edition by topic; its look-ups are made once per edition."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._fields: dict[str, frozenset[str]] = {}
        self._spoken: dict[str, frozenset[str]] = {}
        self._said: dict[str, list[tuple[str, ...]]] = {}

    def resolve(self, topic: Sequence[Word], text: str, documents: Collection[str]) -> list[Match]:
        """The items of these documents that are on the topic of a text, the surest first."""
        words = _carrying(topic)
        rarity = {word: self._rarity(word) for word in words}
        total = sum(rarity.values())
        if not total:
            return []
        found: dict[int, dict[Word, tuple[float, MatchKind, str]]] = defaultdict(dict)
        concepts = self._meant(words, text)
        for word in words:
            own = [one for one in concepts if len(words) == 1 or one.terms & set(word.terms[:2])]
            for row, way in self._of_word(word, own).items():
                found[row][word] = way
        matches = [self._match(row, ways, rarity, total) for row, ways in found.items()]
        matches = [one for one in matches if one.item.document_id in documents and _counts(one.item)]
        best = max((one.weight for one in matches), default=0.0)
        return sorted(
            (one for one in matches if one.weight >= _LEAST_OF_BEST * best),
            key=lambda one: (-one.weight, self._corpus.row(one.item)),
        )

    def _match(
        self, row: int, ways: dict[Word, tuple[float, MatchKind, str]], rarity: dict[Word, float], total: float
    ) -> Match:
        item = self._corpus.catalogue.items[row]
        weight = sum(worth * rarity[word] for word, (worth, _, _) in ways.items()) / total
        _, kind, by = max(ways.values())
        return Match(item, kind, by, min(1.0, weight * (_HEAD_FIRST if item.kind in _HEADS else 1.0) / _HEAD_FIRST))

    def _rarity(self, word: Word) -> float:
        known = [self._corpus.rarity(term) for term in word.terms if self._corpus.knows(term)]
        return word.weight * (max(known) if known else self._corpus.rarity(""))

    def _meant(self, words: Sequence[Word], text: str) -> list[_Meant]:
        """The concepts that a topic means: those that its words lead to, and all of a field that is called by it."""
        asked = {word.terms[0] for word in words}
        vocabulary = self._corpus.edition.vocabulary
        activated = vocabulary.activate(text)
        best = max((weight for _, weight in activated), default=0.0)
        sure = {one.id: weight for one, weight in activated if weight >= max(_CONCEPT, _CONCEPT_OF_BEST * best)}
        meant = [(one, sure[one.id]) for one, _ in activated if one.id in sure]
        meant += [
            (one, 1.0) for one in vocabulary.concepts if one.id not in sure and asked & self._field_terms(one.field)
        ]
        return [_Meant(one, self._words(one), min(1.0, weight / _SURE_CONCEPT)) for one, weight in meant]

    def _words(self, concept: Concept) -> frozenset[str]:
        """The index terms of all words of a concept, whole and by their fronts."""
        if concept.id not in self._spoken:
            entries = "\n".join((*concept.administrative, *concept.everyday))
            self._spoken[concept.id] = frozenset(
                term for word in self._corpus.analyzer.words(entries) for term in word.terms[:2]
            )
        return self._spoken[concept.id]

    def _field_terms(self, name: str) -> frozenset[str]:
        if name not in self._fields:
            self._fields[name] = frozenset(
                term for word in self._corpus.analyzer.words(name) for term in (word.terms[0], *word.parts[:1])
            )
        return self._fields[name]

    def _of_word(self, word: Word, concepts: Iterable[_Meant]) -> dict[int, tuple[float, MatchKind, str]]:
        """The rows that one word of the topic leads to, with the worth of the surest way to each."""
        found: dict[int, tuple[float, MatchKind, str]] = {}

        def add(rows: Iterable[int], kind: MatchKind, by: str, share: float = 1.0) -> None:
            for row in rows:
                found[row] = max(found.get(row, (0.0, kind, by)), (WORTH[kind] * share, kind, by))

        whole = word.terms[0]
        add(self._titles.get(whole, ()), MatchKind.CALLED, word.text)
        add(self._texts.get(whole, ()), MatchKind.SAYS, word.text)
        for other in self._titles:
            if same_root(whole, other):
                add(self._titles[other], MatchKind.CALLED_OTHERWISE, word.text, _BY_ROOT)
        if not self._titles.get(whole) and len(word.terms) > 1 and len(word.terms[1]) >= _FRONT:
            add(self._titles.get(word.terms[1], ()), MatchKind.CALLED_OTHERWISE, word.text, _BY_FRONT)
        for entry in word.others:
            add(_all(self._titles, entry), MatchKind.CALLED_OTHERWISE, word.text)
            add(_all(self._texts, entry), MatchKind.SAYS_OTHERWISE, word.text)
        for meant in concepts:
            for entry in self._entries(meant.concept):
                add(_all(self._titles, entry), MatchKind.CALLED_OTHERWISE, meant.concept.label, meant.share)
                add(_all(self._texts, entry), MatchKind.SAYS_OTHERWISE, meant.concept.label, meant.share)
        for row, (worth, kind, _) in list(found.items()):
            head = self._corpus.catalogue.items[row]
            if kind in (MatchKind.CALLED, MatchKind.CALLED_OTHERWISE) and head.kind in (*_HEADS, ItemKind.SECTION):
                add(self._below.get((head.document_id, head.key), ()), MatchKind.UNDER, head.title, worth)
        return found

    def _entries(self, concept: Concept) -> list[tuple[str, ...]]:
        """What documents say for a concept, each entry as its whole index terms."""
        if concept.id not in self._said:
            analyze = self._corpus.analyzer.words
            entries = [tuple(word.whole for word in analyze(entry)) for entry in concept.administrative]
            self._said[concept.id] = [
                entry for entry in entries if sum(map(self._corpus.rarity, entry)) >= _TELLING_ENTRY
            ]
        return self._said[concept.id]

    @cached_property
    def _titles(self) -> dict[str, set[int]]:
        return self._rows(lambda item: f"{item.title} {item.table_title or ''}")

    @cached_property
    def _texts(self) -> dict[str, set[int]]:
        return self._rows(self._corpus.own_text)

    def _rows(self, text_of: Callable[[Item], str]) -> dict[str, set[int]]:
        """The rows of the items by the whole words of a text of theirs, and by the fronts of its compounds."""
        rows: dict[str, set[int]] = defaultdict(set)
        for row, item in enumerate(self._corpus.catalogue.items):
            for word in self._corpus.analyzer.words(text_of(item)):
                rows[word.whole].add(row)
                if word.parts and len(word.parts[0]) >= _FRONT:
                    rows[word.parts[0]].add(row)
        return rows

    @cached_property
    def _below(self) -> dict[tuple[str, str], list[int]]:
        """The rows of the items under each item, at any depth, and in each theme."""
        below: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row, item in enumerate(self._corpus.catalogue.items):
            for above in self._corpus.ancestors(item):
                below[above.document_id, above.key].append(row)
        return below


def _carrying(topic: Sequence[Word]) -> tuple[Word, ...]:
    """The nouns of a topic, and beside common ones ("Menschen") the rarer words with them ("ältere")."""
    nouns = telling_words(tuple(topic))
    heaviest = max((word.weight for word in nouns), default=0.0)
    return tuple(word for word in topic if word in nouns or (heaviest < _COMMON and word.weight > heaviest))


def _counts(item: Item) -> bool:
    return item.status is not ItemStatus.ARCHIVED and item.ref != "Titel"


def _all(rows: dict[str, set[int]], terms: Sequence[str]) -> set[int]:
    """The rows that hold all of the terms."""
    if not terms:
        return set()
    sets = sorted((rows.get(term, set()) for term in terms), key=len)
    return set.intersection(*sets)
