"""Which goal covers a topic: items with reasons, or the nearest ones where none does."""

from __future__ import annotations

import re

from service.answering.answerability import fits
from service.answering.composing.extract import passages_of
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.finding import Found
from service.answering.query import Word
from service.models import LookupItem, LookupResult
from service.record_filters import fold
from service.records import record_of
from vectorstore.records import Item, ItemKind

MOST = 12
_RATIO = 0.35
_NEAREST = 5
_LONG = 5  # letters that the front of a compound needs to be the word itself
_PARTLY, _CONCEPT, _UNDER, _AKIN = "nennt einen Teil von", "Thema", "steht unter", "sinnverwandt"


def looked_up(context: Context, corpus: Corpus, most: int = MOST) -> LookupResult:
    """At most `most` goals, projects and other items that cover the topic, best first, each with why it matches."""
    fitting = [one for one in context.found if fits(one, context) and one.item.kind is not ItemKind.THEME]
    kept = [one for one in fitting if one.score >= _RATIO * fitting[0].score][:most]
    items = [_item(one, context, corpus) for one in kept]
    nearest = [] if kept else [record_of(one.item, corpus.document(one.item)) for one in context.found[:_NEAREST]]
    return LookupResult(
        query=context.query.text, covered=bool(kept), items=items, nearest=nearest, corpus_edition=corpus.edition.name
    )


def says_it(reason: str) -> bool:
    """Tell whether a reason says that the record itself names the topic, not only a part of it or what is akin."""
    return not reason.startswith((_PARTLY, _CONCEPT, _UNDER, _AKIN))


def is_around(why: list[str]) -> bool:
    """Tell whether a record only stands near the topic: under a heading that names it, or akin in the embedding."""
    return all(reason.startswith((_UNDER, _AKIN)) for reason in why)


def _item(found: Found, context: Context, corpus: Corpus) -> LookupItem:
    record = record_of(found.item, corpus.document(found.item))
    passages = passages_of(context, found.item, 300)
    return LookupItem(
        **dict(record),
        score=round(found.score, 4),
        why=_why(found, context, corpus),
        passage=passages[0] if passages else found.item.heading,
    )


def _why(found: Found, context: Context, corpus: Corpus) -> list[str]:
    row = corpus.row(found.item)
    said = [word for word in context.query.topic if set(word.terms) & corpus.terms[row]]
    reasons = [
        f"nennt „{word.text}“" if _names(found.item, word, corpus) else f"{_PARTLY} „{word.text}“" for word in said
    ]
    concepts = [concept.label for concept, _ in corpus.edition.vocabulary.activate(context.query.searched)]
    held = [label for label in concepts if set(corpus.analyzer.terms(label)) & corpus.terms[row]]
    return reasons + [f"{_CONCEPT} „{label}“" for label in held] or [_surroundings(found.item, context, corpus)]


def _surroundings(item: Item, context: Context, corpus: Corpus) -> str:
    asked = {term for word in context.query.topic for term in word.terms}
    headings = [heading for heading in reversed(item.path) if asked & set(corpus.analyzer.terms(heading))]
    return f"{_UNDER} „{headings[0]}“" if headings else _AKIN


def _names(item: Item, word: Word, corpus: Corpus) -> bool:
    """Whether a record holds the whole word, in any ending or at the front of a compound: "Radverkehrsplan"."""
    if word.terms[0] in corpus.terms[corpus.row(item)]:
        return True
    text = fold(" ".join((item.title, item.heading, item.body)))
    return len(word.text) >= _LONG and re.search(rf"\b{re.escape(fold(word.text))}", text) is not None
