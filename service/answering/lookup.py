"""Which goal covers a topic: items with reasons, or the nearest ones where none does."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

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

Spoken = tuple[str, list[list[tuple[str, ...]]]]
MOST = 12
_RATIO = 0.35
_NEAREST = 5
_STEM = 4  # letters that a stem needs to tell words of its family
_LONG = 5  # letters that the front of a compound needs to be the word itself
_PARTLY, _CONCEPT, _PART = "nennt einen Teil von", "Thema", "gehört zu"
_KIN, _UNDER, _AKIN = "verwandt:", "steht unter", "sinnverwandt"


def looked_up(context: Context, corpus: Corpus, most: int = MOST) -> LookupResult:
    """At most `most` goals, projects and other items that cover the topic, best first, each with why it matches."""
    fitting = [one for one in context.found if fits(one, context) and one.item.kind is not ItemKind.THEME]
    kept = [one for one in fitting if one.score >= _RATIO * fitting[0].score][:most]
    concepts = _concepts(context, corpus) if kept else []
    items = [_item(one, context, corpus, concepts) for one in kept]
    nearest = [] if kept else [record_of(one.item, corpus.document(one.item)) for one in context.found[:_NEAREST]]
    return LookupResult(
        query=context.query.text, covered=bool(kept), items=items, nearest=nearest, corpus_edition=corpus.edition.name
    )


def says_it(reason: str) -> bool:
    """Tell whether a reason says that the record itself names the topic, not only a part of it or what is akin."""
    return not reason.startswith((_PARTLY, _CONCEPT, _PART, _KIN, _UNDER, _AKIN))


def is_around(why: list[str]) -> bool:
    """Tell whether a record only stands near the topic: under a heading that names it, or akin in the embedding."""
    return all(reason.startswith((_UNDER, _AKIN)) for reason in why)


def _item(found: Found, context: Context, corpus: Corpus, concepts: list[Spoken]) -> LookupItem:
    record = record_of(found.item, corpus.document(found.item))
    passages = passages_of(context, found.item, 300)
    return LookupItem(
        **dict(record),
        score=round(found.score, 4),
        why=_why(found, context, corpus, concepts),
        passage=passages[0] if passages else found.item.heading,
    )


def _why(found: Found, context: Context, corpus: Corpus, concepts: list[Spoken]) -> list[str]:
    row = corpus.row(found.item)
    said = [word for word in context.query.topic if set(word.terms) & corpus.terms[row]]
    reasons = [
        f"nennt „{word.text}“" if _names(found.item, word, corpus) else f"{_PARTLY} „{word.text}“" for word in said
    ]
    held = [label for label, phrases in concepts if any(_held(words, corpus.terms[row]) for words in phrases)]
    return reasons + [f"{_CONCEPT} „{label}“" for label in held] or [_surroundings(found.item, context, corpus)]


def _concepts(context: Context, corpus: Corpus) -> list[Spoken]:
    """The concepts that a topic is about: label, and for each of its phrases the index terms of each word."""
    activated = corpus.edition.vocabulary.activate(context.query.searched)
    return [
        (one.label, [[word.terms for word in corpus.analyzer.words(phrase)] for phrase in one.administrative])
        for one, _ in activated
    ]


def _held(words: Sequence[tuple[str, ...]], terms: Container[str]) -> bool:
    """Whether a record holds every word of a phrase, whole or in all its parts."""
    return bool(words) and all(
        word[0] in terms or (len(word) > 1 and all(part in terms for part in word[1:])) for word in words
    )


def _surroundings(item: Item, context: Context, corpus: Corpus) -> str:
    """Say what of the same stem a record names, else under which heading it stands.

    A heading that says nothing but the topic makes the record a part of it.
    """
    kin = _of_same_stem(item, context)
    if kin:
        return f"{_KIN} „{kin}“"
    asked = {term for word in context.query.topic for term in word.terms}
    for heading in reversed(item.path):
        words = {word.whole for word in corpus.analyzer.words(heading)}
        if words and words <= asked:
            return f"{_PART} „{heading.strip(' :')}“"
        if asked & set(corpus.analyzer.terms(heading)):
            return f"{_UNDER} „{heading}“"
    return _AKIN


def _of_same_stem(item: Item, context: Context) -> str | None:
    """The first word of a record that begins with the stem of a word of the topic: "Wohnungen" for "Wohnen"."""
    stems = tuple(word.terms[0] for word in context.query.topic if len(word.terms[0]) >= _STEM)
    words = re.findall(r"[^\W\d_]+", f"{item.title} {item.heading} {item.body}")
    return next((word for word in words if stems and fold(word).startswith(stems)), None)


def _names(item: Item, word: Word, corpus: Corpus) -> bool:
    """Whether a record holds the whole word, in any ending or at the front of a compound: "Radverkehrsplan"."""
    if word.terms[0] in corpus.terms[corpus.row(item)]:
        return True
    text = fold(" ".join((item.title, item.heading, item.body)))
    return len(word.text) >= _LONG and re.search(rf"\b{re.escape(fold(word.text))}", text) is not None
