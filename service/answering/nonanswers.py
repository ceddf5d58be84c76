"""Honest non-answers: what was looked at, the nearest records, where to turn. Their texts lie in `prompts`."""

from __future__ import annotations

from prompts import text
from service.answering import wording
from service.answering.context import Context
from service.answering.draft import Draft, Sentence, sentence
from service.answering.finding.finder import Found
from service.answering.query import Word, telling_words
from service.answering.understanding.language import ANSWERED
from service.models import AnswerStatus
from vectorstore.records import Item, ItemStatus

_NEAREST = 3
_TITLES = 6
_CHOICES = 4
_LEAST_SUPPORT = 0.25  # of a concept that a near item bears out
_TELLING = 0.2  # share of a question's words, by rarity, that one word must have


def near(context: Context) -> list[Found]:
    """The found items that share something telling with the question, best first; may be none.

    That an embedding ranks an item is no reason: it ranks some item for any row of letters.
    """
    words, rarity = telling_words(context.query.topic), context.finder.word_rarity
    total = sum(map(rarity, words))
    telling = [word for word in words if rarity(word) >= _TELLING * total]
    return [one for one in context.found if one.support >= _LEAST_SUPPORT or _shares(one, telling, context)]


def _shares(found: Found, words: list[Word], context: Context) -> bool:
    """Whether an item holds one of the words: whole, by the front of a compound, or by what is said for it."""
    terms = context.corpus.terms[context.corpus.row(found.item)]
    return any(
        not terms.isdisjoint(word.terms[:2]) or any(terms.issuperset(entry) for entry in word.others if entry)
        for word in words
    )


def fixed(name: str, language: str, status: AnswerStatus) -> Draft:
    """A non-answer with a fixed text."""
    return Draft(status, None, (sentence(text(f"{language}/{name}")),))


def not_in_documents(context: Context, missing: str = "", item: Item | None = None) -> Draft:
    """The documents do not say it: `missing` is a sentence on what is missing, `item` the nearest record."""
    nearest = [item] if item else []
    nearest += [
        one.item for one in near(context) if one.item not in nearest and one.item.status is not ItemStatus.ARCHIVED
    ]
    first: Sentence = sentence(missing or text(f"{context.language}/not_in_documents"))
    said = (*_languages(context), first, sentence(_searched(context)))
    return Draft(AnswerStatus.NOT_IN_DOCUMENTS, None, said, nearest=tuple(nearest[:_NEAREST]))


def _languages(context: Context) -> tuple[Sentence, ...]:
    """Which languages are understood, where the question is in another: then it may only not have been understood."""
    if context.query.spoken in ANSWERED:
        return ()
    return (sentence(text(f"{context.language}/other_language")),)


def _searched(context: Context) -> str:
    """Which documents were looked at, by title; the rest of many as a number."""
    titles = [context.corpus.catalogue.documents[one].title for one in context.query.documents]
    if not titles:
        return context.say("Zurzeit ist kein Dokument eingelesen.", "No document is read in at present.")
    more = len(titles) - _TITLES
    rest = context.say(" und {more} weitere", " and {more} more", more=more) if more > 0 else ""
    return context.say("Durchsucht: ", "Searched: ") + "; ".join(titles[:_TITLES]) + rest + "."


def unclear(context: Context) -> Draft:
    """The question says no topic: the themes, else the documents, are offered to choose from."""
    themes = [item.title for item, _ in context.corpus.themes() if item.document_id in context.query.documents]
    titles = themes or [context.corpus.catalogue.documents[one].title for one in context.query.documents]
    choices = tuple(
        context.say(
            f"Welche Projekte und Ziele gibt es zu „{title}“?", f"Which projects and goals are there on “{title}”?"
        )
        for title in titles[:_CHOICES]
    )
    said = sentence(text(f"{context.language}/unclear"))
    return Draft(AnswerStatus.NEEDS_CLARIFICATION, None, (said,), suggestions=choices)


def fact_missing(context: Context, item: Item) -> Draft:
    """The item is there, the fact asked for is not in it."""
    named = wording.named(item, context.language)
    missing = context.say(
        "Zu {named} gibt es einen Eintrag, die gefragte Angabe steht dort nicht.",
        "There is an entry on {named}, but it does not hold what you ask for.",
        named=named,
    )
    return not_in_documents(context, missing, item)
