"""What a paper is about, how it is divided, and how it came about: its own introduction and headings."""

from __future__ import annotations

import re

from service.answering import lexicon, wording
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Fragment, Proof, Sentence, sentence
from service.answering.evidence.choice import by_terms, runs
from service.answering.evidence.passages import first_words, name_proof
from service.answering.query import Aspect
from vectorstore.records import Document, Item, ItemKind

_SHOWN_BELOW = (ItemKind.PRINCIPLE, ItemKind.GOAL, ItemKind.RESOLUTION)
_MOST_PARTS = 24
_NO_PART = re.compile(
    r"(?i)^\W*(?:impressum|imprint|inhalt\w*|anlagen?|(?:abbildungs|tabellen|abkürzungs)verzeichnis)\W*$"
)
_DATE = re.compile(r"^(?:Stand:?\s+)?(?:\w+\s+)?(?:19|20)\d{2}$")
_OPENING = re.compile(
    r"(?i)einleitung|einführung|anlass|kurzfassung|zusammenfassung|präambel|ausgangslage|zielsetzung|hintergrund|vorbemerkung|"
    r"introduction|summary|preamble"
)
_PROSE = 120
_SUMMARY = 420
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b|\bim Jahr\b|\bjährlich|\bJahre?s?\b")


def contents(context: Context, document: Document) -> Sentence:
    """The parts of a document in its order, each with what it is divided into."""
    begin = context.say(f"{titled(document, 'de')} gliedert sich in: ", f"{titled(document, 'en')} is divided into: ")
    parts: list[str | Fragment] = [Fragment(begin)]
    items = context.corpus.catalogue.items_of(document.id)
    top = [item for item in items if item.parent is None and _is_part(item) and item.title != document.title]
    for place, item in enumerate(top[:_MOST_PARTS]):
        parts.append(Fragment(("; " if place else "") + _numbered(item), (name_proof(item, context.corpus),)))
        below = [one for one in context.corpus.catalogue.children(item) if one.kind in _SHOWN_BELOW]
        for inner, child in enumerate(below if item.kind is ItemKind.SECTION else []):
            parts.append(Fragment((", " if inner else " – ") + _numbered(child), (name_proof(child, context.corpus),)))
    more = str(len(top) - _MOST_PARTS) if len(top) > _MOST_PARTS else ""
    rest = context.say(f" und {more} weitere", f" and {more} more") if more else ""
    return sentence(*parts, f"{rest}.", computed=(more,) if more else ())


def _is_part(item: Item) -> bool:
    """True for a headed part; not for the imprint, a date of the title page or a line of a list taken for a heading."""
    headed = item.ref not in ("Titel", "Archiv") and bool(item.heading) and item.title[:1].isalnum()
    return headed and not _NO_PART.search(item.title) and not _DATE.search(item.title)


def _numbered(item: Item) -> str:
    return wording.numbered(item, first_words(item.title, 120))


def summary(context: Context, document: Document) -> Sentence | None:
    """How the paper's own introduction begins; None for one without prose at its beginning."""
    sections = [item for item in context.corpus.catalogue.items_of(document.id) if item.kind is ItemKind.SECTION]
    headed = [item for item in sections if _OPENING.search(item.title)]
    for item in [*headed, *sections[:3]]:
        said = next((one for one in item.body.split("\n\n") if len(one) >= _PROSE and "..." not in one), "")
        if said:
            quote = first_words(said, _SUMMARY)
            return sentence(Fragment(quote, (Proof(item, quote),)))
    return None


def process(context: Context, document: Document, aspect: Aspect) -> Sentence | None:
    """How a document came about or is kept up: the best passage of its own sections; None where none tells it."""
    words = lexicon.words("words", "process")[aspect]
    terms = {term: 1.0 for word in words for term in context.corpus.analyzer.terms(word)}
    sections = [item for item in context.corpus.catalogue.items_of(document.id) if item.kind is ItemKind.SECTION]
    weighed = [(one, item) for item in sections for one in by_terms(item, context.corpus, terms, context.query.asked)]
    if not weighed:
        return None
    best, item = max(weighed, key=lambda pair: pair[0].score)
    quote = " ".join(runs([one for one, other in weighed if other is item and abs(one.place - best.place) <= 1])[:1])
    if context.query.aspects.when and not _YEAR.search(quote):
        return None
    return sentence(f"{titled(document, context.language)}: ", Fragment(quote, (Proof(item, quote),)))
