"""What comes near a question that nothing answers: only what shares a telling word or a concept with it."""

from __future__ import annotations

from service.answering.context import Context
from service.answering.finding import Found
from service.answering.query import Word, telling_words

LEAST_SUPPORT = 0.25
TELLING = 0.2  # share of a question's words, by rarity, that one word must have


def near(context: Context) -> list[Found]:
    """The found items that share something telling with the question, best first; may be none.

    That an embedding ranks an item is no reason: it ranks some item for any row of letters.
    """
    words, rarity = telling_words(context.query.topic), context.finder.word_rarity
    total = sum(map(rarity, words))
    telling = [word for word in words if rarity(word) >= TELLING * total]
    return [one for one in context.found if one.support >= LEAST_SUPPORT or _shares(one, telling, context)]


def _shares(found: Found, words: list[Word], context: Context) -> bool:
    """Whether an item holds one of the words: whole, by the front of a compound, or by what is said for it."""
    terms = context.corpus.terms[context.corpus.row(found.item)]
    return any(
        not terms.isdisjoint(word.terms[:2]) or any(terms.issuperset(entry) for entry in word.others if entry)
        for word in words
    )
