"""Whether an item bears out what a question names: its telling nouns, in its own words, in others, or in concepts.

A question on something that no document treats shares its lesser words with many items: "Wird das Hallenbad saniert?"
finds whatever is renovated. So the nouns are weighed alone. What only frames them counts less: the noun asked for
("welche Regeln"), and one that another hangs on ("Mangel an Hebammen").
"""

from __future__ import annotations

from dataclasses import dataclass

from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.query import SINGLE, Asked, Intent, Query, Role, Word
from vectorstore.analysis import same_root
from vectorstore.records import Item

LEAST_BORNE = 0.3
TELLING_NOUNS = 1.5  # summed weight of nouns below which a question names nothing of its own
BORNE_BY_CONCEPT = 0.6  # support of the question's concepts that needs no noun
NEARLY = 0.8
UNHEARD = 0.7  # share of a question's nouns that neither the documents nor what is said otherwise know
_FRAME = 0.3
_OTHERWISE = 0.55
_FIRST_PART = 1.5
_PARTLY = 0.8
_IN_HALF = 0.5  # a home for animals is no home for the aged, a trick on grandchildren no grandchild
_CONCEPT = 1.2
_TELLING_ENTRY = 2.5
_ROOT = 6
_TELLING_ABROAD = 0.8
_SAID_AS = (Role.MATTER, Role.OPENING, Role.FRAME, Role.PURPOSE)
_NAMED_BY = (*SINGLE, Intent.STATUS, Intent.RESPONSIBLE, Intent.COMPARE)


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of the question: how much it tells, and the entries of the concepts that it alone leads to."""

    word: Word
    weight: float
    concepts: tuple[tuple[float, frozenset[str]], ...]


class Bearing:
    """The telling nouns of one question, and which items bear them out."""

    def __init__(self, context: Context) -> None:
        self._corpus = context.corpus
        self._strict = context.finder.weights.strict
        self._nouns = _nouns(context.query, context.corpus) if _applies(context) else ()
        self._abroad = _told_abroad(context)
        total = sum(noun.weight for noun in self._nouns)
        self._told = total >= TELLING_NOUNS
        manner = context.query.manner
        if manner.informal:  # everyday words seldom stand in the papers: only what nothing there comes near to
            unheard = sum(noun.weight for noun in self._nouns if _unheard_of(noun, self._corpus))
            self._told = self._told and not manner.story and unheard >= UNHEARD * total

    @property
    def knows_nouns(self) -> bool:
        """True where the question names anything by a noun."""
        return bool(self._nouns)

    def out(self, item: Item, support: float) -> bool:
        """True where the item treats what the nouns name, or nothing speaks against it."""
        if self._abroad and not self._bears_abroad(item) and support < self._strict * BORNE_BY_CONCEPT:
            return False
        if not self._told or support >= self._strict * BORNE_BY_CONCEPT:
            return True
        return self.share(item) >= self._strict * LEAST_BORNE

    def _bears_abroad(self, item: Item) -> bool:
        """True where an item holds a translation of the telling words of a question in English."""
        held = self._terms_of(item)
        return any(
            word.terms[0] in held or any(_holds_entry(entry, held) for entry in word.others) for word in self._abroad
        )

    def as_much(self, item: Item, best: Item) -> bool:
        """True where an item bears out about as much as the best one: it may answer in its place."""
        return not self._told or self.share(item) >= NEARLY * self.share(best)

    def share(self, item: Item) -> float:
        """The share of the nouns, by weight, that an item or the headings above it hold."""
        held = self._terms_of(item)
        total = sum(noun.weight for noun in self._nouns)
        return sum(noun.weight * _held(noun, held, self._corpus) for noun in self._nouns) / total

    def _terms_of(self, item: Item) -> frozenset[str]:
        """The terms of an item, of the headings above it and of its document's title."""
        above = self._corpus.ancestors(item)
        return self._corpus.terms[self._corpus.row(item)].union(
            *(self._corpus.title_terms[self._corpus.row(one)] for one in above),
            self._corpus.analyzer.terms(self._corpus.document(item).title),
        )


def _told_abroad(context: Context) -> tuple[Word, ...]:
    """The telling words of an English question on plans of any kind: one of them must be borne out."""
    query = context.query
    if query.spoken != "en" or context.focus or not query.plans:
        return ()
    return tuple(word for word in query.topic if word.weight >= _TELLING_ABROAD and word.others)


def _holds_entry(entry: tuple[str, ...], held: frozenset[str]) -> bool:
    return all(term in held or any(same_root(term, one) or _heads(term, one) for one in held) for term in entry)


def _applies(context: Context) -> bool:
    """Only German marks nouns by a capital; a follow-up may leave out what it is about."""
    query = context.query
    if query.spoken != "de" or context.focus:
        return False
    return query.intent in _NAMED_BY and not query.manner.small_letters


def _unheard_of(noun: Noun, corpus: Corpus) -> bool:
    """True where the documents know neither a noun nor a part of it, nor anything that is said for it."""
    entries = [*noun.word.others, *(entry for _, entry in noun.concepts)]
    known = any(all(map(corpus.knows, entry)) for entry in entries)
    return not known and not any(map(corpus.knows, noun.word.terms))


def _nouns(query: Query, corpus: Corpus) -> tuple[Noun, ...]:
    """The nouns of the topic; the word that begins a sentence only where there is no other."""
    words = {word.text: word for word in reversed(query.topic) if word.role in _SAID_AS}
    if query.asked is Asked.CONTACT:  # a contact section says the office, seldom what it is for
        words = {text: word for text, word in words.items() if corpus.knows(word.terms[0])}
    found = [word for word in words.values() if word.role is not Role.OPENING] or list(words.values())
    return tuple(_noun(word, _FRAME if word.role is Role.FRAME else 1.0, corpus) for word in found)


def _noun(word: Word, share: float, corpus: Corpus) -> Noun:
    entries = tuple(
        (weight, entry)
        for weight, all_, by_name in corpus.expansion.concepts_of(word.text)
        if by_name or len(word.terms) == 1
        for entry in all_
        if sum(map(corpus.rarity, entry)) >= _TELLING_ENTRY
    )
    return Noun(word, share * word.weight**2 * corpus.rarity(word.terms[0]), entries)


def _held(noun: Noun, held: frozenset[str], corpus: Corpus) -> float:
    """How far a noun is held: as a whole, by its root, in another word, by a concept of its own, or in its parts."""
    whole, *parts = noun.word.terms
    if whole in held or any(same_root(whole, term) or _heads(whole, term) for term in held):
        return 1.0
    otherwise = _OTHERWISE if any(all(term in held for term in entry) for entry in noun.word.others) else 0.0
    concept = max((weight for weight, entry in noun.concepts if entry <= held), default=0.0)
    shares = {part: corpus.rarity(part) * (_FIRST_PART if part == parts[0] else 1.0) for part in parts}
    total = sum(shares.values())
    partly = _PARTLY * sum(share for part, share in shares.items() if part in held) / total if total else 0.0
    if "-" not in noun.word.text and 2 * sum(part in held for part in parts) <= len(parts):
        partly *= _IN_HALF
    return max(otherwise, min(1.0, _CONCEPT * concept), partly)


def _heads(one: str, compound: str) -> bool:
    """True where a word is what a compound is: the "Ausschuss" of "Umweltausschuss"."""
    return len(one) >= _ROOT and compound.endswith(one)
