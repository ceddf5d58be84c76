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
from vectorstore.analysis import of_same_root
from vectorstore.records import Item

LEAST_HELD = 0.3
_FRAME = 0.3
_OTHERWISE = 0.55
_FIRST_PART = 1.5
_PARTLY = 0.8
_IN_HALF = 0.5  # a home for animals is no home for the aged, a trick on grandchildren no grandchild
_CONCEPT = 1.2
_TELLING_ENTRY = 2.5
_ROOT = 6
_END = "\n"  # in no term
_SAID_AS = (Role.MATTER, Role.OPENING, Role.FRAME, Role.PURPOSE)
_NAMED_BY = (*SINGLE, Intent.STATUS, Intent.RESPONSIBLE, Intent.COMPARE)


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of the question: how much it tells, and the entries of the concepts that it alone leads to."""

    word: Word
    weight: float
    concepts: tuple[tuple[float, frozenset[str]], ...]


class HeldNouns:
    """The telling nouns of one question, and how far items bear them out."""

    def __init__(self, context: Context) -> None:
        self._corpus = context.corpus
        self._nouns = _nouns(context.query, context.corpus) if _applies(context) else ()

    @property
    def knows_nouns(self) -> bool:
        """True where the question names anything by a noun."""
        return bool(self._nouns)

    @property
    def unheard_of(self) -> float:
        """The share of the nouns, by weight, that the documents do not know, nor anything that is said for them."""
        total = sum(noun.weight for noun in self._nouns)
        return sum(noun.weight for noun in self._nouns if _unheard_of(noun, self._corpus)) / total if total else 0.0

    def share(self, item: Item) -> float:
        """The share of the nouns, by weight, that an item or the headings above it hold."""
        held = self._terms_of(item)
        ends = _END.join(("", *held, ""))
        total = sum(noun.weight for noun in self._nouns)
        return sum(noun.weight * _held(noun, held, ends, self._corpus) for noun in self._nouns) / total

    def _terms_of(self, item: Item) -> frozenset[str]:
        """The terms of an item, of the headings above it and of its document's title."""
        above = self._corpus.ancestors(item)
        return self._corpus.terms[self._corpus.row(item)].union(
            *(self._corpus.title_terms[self._corpus.row(one)] for one in above),
            self._corpus.word_terms(self._corpus.document(item).title),
        )


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


def _held(noun: Noun, held: frozenset[str], ends: str, corpus: Corpus) -> float:
    """How far a noun is held: as a whole, by its root, in another word, by a concept of its own, or in its parts.

    `ends` are the terms once more, one behind the other: that they end so is looked up in all of them at once.
    """
    whole, *parts = noun.word.terms
    if whole in held or not held.isdisjoint(of_same_root(whole)) or _heads(whole, ends):
        return 1.0
    otherwise = _OTHERWISE if any(all(term in held for term in entry) for entry in noun.word.others) else 0.0
    concept = max((weight for weight, entry in noun.concepts if entry <= held), default=0.0)
    shares = {part: corpus.rarity(part) * (_FIRST_PART if part == parts[0] else 1.0) for part in parts}
    total = sum(shares.values())
    partly = _PARTLY * sum(share for part, share in shares.items() if part in held) / total if total else 0.0
    if "-" not in noun.word.text and 2 * sum(part in held for part in parts) <= len(parts):
        partly *= _IN_HALF
    return max(otherwise, min(1.0, _CONCEPT * concept), partly)


def _heads(one: str, ends: str) -> bool:
    """True where a word is what any compound is: the "Ausschuss" of "Umweltausschuss"."""
    return len(one) >= _ROOT and f"{one}{_END}" in ends
