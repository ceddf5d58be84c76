"""Which items plainly answer a question, so that more may be claimed than that they were found.

An item must be probable enough by the relevance model, have every word of the topic, and say more
than its title; and what is asked for must be a kind of fact that can be told to be there.
"""

from __future__ import annotations

from service.answering.context import Context
from service.answering.corpus import TITLE_REF
from service.answering.query import AnswerType, Query
from service.answering.retrieval.facts import is_recognizable
from service.answering.retrieval.query_words import PARTS_COVERAGE
from service.answering.retrieval.relevance import load_models
from service.answering.verification.verbatim import split_words
from service.records import MOST_FITTING
from vectorstore.records import Item, ItemStatus

# least probability of an answer with names: any two words with "und" between look like names; of 20
# such answers 6 lacked those asked for, of the 16 from here on 2
_LEAST_OF_NAMES = 0.8
_BELONGS = 0.8  # least share of the first item's probability for a further item of the answer


def find_claimed(context: Context) -> list[Item]:
    """The items that answer, best first; [] if none is sure enough.

    If the question names an item by number, only numbered items count. Further items must be
    probable enough, and nearly as probable as the best.
    """
    ranked = [
        (item, probability)
        for item, probability in context.ranked_items
        if item.status is not ItemStatus.ARCHIVED and item.ref != TITLE_REF
    ]
    if not ranked:
        return []
    best, highest = ranked[0]
    query = context.query
    threshold = load_models()["answers"].least
    if query.answer_type is AnswerType.NAMES:
        threshold = _LEAST_OF_NAMES
    compares = len(query.groups) > 1  # which no single item answers
    if highest < threshold or compares or _asks_untold(query):
        return []
    if _only_repeats_title(context, best):
        return []
    if best in context.numbered:
        ranked = [pair for pair in ranked if pair[0] in context.numbered]
    elif _lacks_topic(context, best):
        return []
    least = max(threshold, _BELONGS * highest)
    return [item for item, probability in ranked if probability >= least][:MOST_FITTING]


def _asks_untold(query: Query) -> bool:
    """True where no notation tells whether a passage has what is asked for, though something is:
    who is responsible, which records state apart, and a follow-up without a kind of fact, of which
    words are left that nothing took ("Und für ältere Leute?", but not "Was ist das dritte?").
    """
    if query.answer_type is AnswerType.RESPONSIBLE:
        return True
    is_open = query.is_follow_up and bool(query.left_over)
    return is_open and not is_recognizable(query.answer_type)


def _lacks_topic(context: Context, item: Item) -> bool:
    """True if a word of the topic is neither in the title of an item nor in what would be quoted:
    what is claimed has to be about all that was asked.

    False for questions in other languages, whose words the documents lack in any case.
    """
    corpus = context.corpus
    if context.query.question_language != "de":
        return False
    passage = context.chooser.choose_passage(item)
    terms = corpus.title_terms[corpus.row(item)].union(corpus.analyzer.terms(passage))
    return any(
        word.covered_by(terms, corpus.rarity) < PARTS_COVERAGE for word in context.topic_words
    )


def _only_repeats_title(context: Context, item: Item) -> bool:
    """True for an item of which nothing but its number, its title and figures would be quoted:
    such a quote answers nothing. False if nothing would be quoted at all.
    """
    passage = context.chooser.choose_passage(item)
    named = set(split_words(f"{item.ref} {item.title}".casefold()))
    words = split_words(passage.casefold())
    return bool(words) and all(word in named or not any(map(str.isalpha, word)) for word in words)
