"""Answers from passages: an answer where a sentence plainly states what was asked, else what was found.

Every item is cited once, by sentences in a row; below the threshold of the relevance model nothing is claimed. The
parts that all composers use are here too: items by name and status, quoted, listed, and as rows of an answer's data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from service import wording
from service.answering.composing.fixed import not_in_documents
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.query import Asked
from service.answering.retrieval.relevance import PASSAGE, trained
from service.answering.retrieval.sentences import has_notation
from service.answering.retrieval.terms import cover, nouns_of, words_in
from service.answering.verification.citations import page_of
from service.answering.verification.quotes import name_proof
from service.answering.verification.verbatim import is_order, squash, words
from service.models import MOST_FITTING, AnswerData, AnswerMode, AnswerStatus, DataKind
from service.records import item_url
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemKind, ItemStatus

FRONT = "Titel"  # the ref of front matter
_FURTHER = 240  # characters of the passage of each item but the first
_BELONGS = 0.8  # share of the first item's probability from which a further one belongs to the answer
_NUMBERS = {2: "two", 3: "three"}
_UNDERSTOOD = ("de", "en")
COLUMNS = ["ref", "title", "status", "document", "document_status", "responsible", "passage", "page"]
_FACTS = (Asked.DATE, Asked.AMOUNT, Asked.QUANTITY, Asked.CONTACT)  # whose notation hardly misses any
_WHO = (Asked.RESPONSIBLE, Asked.CONTACT, Asked.PERSON, Asked.ORGANISATION)
_PLAIN = re.compile(r"[^\W\d_][a-zäöüß]*(?:-[^\W\d_][a-zäöüß]*)*|\d{1,4}")


def compose(context: Context) -> Draft:
    """An answer from passages, what was found, or an honest non-answer."""
    shown = ((item, probabilities) for item, probabilities in context.ranked_items if may_be_shown(item))
    ranked_items = [(item, probabilities) for item, probabilities in shown if not is_bare_title(context, item)]
    if not ranked_items:
        return not_in_documents(context)
    best, probabilities = ranked_items[0]
    named = context.items[: context.query.numbered]
    if best in named:
        ranked_items = [pair for pair in ranked_items if pair[0] in named]
    least = trained()["answers"].least
    if probabilities < least:
        return show_hits(context, [item for item, _ in ranked_items])
    further = [item for item, also in ranked_items[1:] if also >= max(least, _BELONGS * probabilities)]
    return from_passages(context, _distinct([best, *further]))


def from_passages(context: Context, items: Sequence[Item]) -> Draft:
    """An answer that quotes items, the first at length, and names their documents behind the last of each."""
    sentences = _quote_all(context, items)
    for place in {item.document_id: place for place, item in enumerate(items)}.values():
        sentences[place] = with_source(context, sentences[place], items[place])
    return answered(*sentences, mode=AnswerMode.EXTRACTIVE)


def show_hits(context: Context, items: Sequence[Item]) -> Draft:
    """The items that fit best, without the claim that they answer; a non-answer where there are none."""
    shown = _distinct([item for item in items if not is_bare_title(context, item)])
    if not shown:
        return not_in_documents(context)
    sentences, number, topic = _quote_all(context, shown), len(shown), context.query.conditions.topic
    sought = context.say("sought", topic=topic) if topic and are_plain(context, topic.split()) else ""
    fit = context.say("entry_fits", sought=sought)
    if number > 1:
        fit = context.say("entries_fit", number=context.say(_NUMBERS[number]), sought=sought)
    lead = [reserved(text) for text in (fit, _missing(context, shown)) if text]
    rows = []
    for item, statement in zip(shown, sentences, strict=True):
        words = next((fragment.text for fragment in statement.fragments[1:] if fragment.proofs), "")
        rows.append(card_of(context, item, statement.proofs[0], words))
    data = AnswerData(kind=DataKind.FOUND, columns=COLUMNS, rows=rows, total=number)
    proofs = tuple(statement.proofs[:1] for statement in sentences)
    return Draft(AnswerStatus.FOUND, AnswerMode.EXTRACTIVE, (*lead, *sentences), data, proofs)


def is_bare_title(context: Context, item: Item) -> bool:
    """True for front matter of which nothing but the title would be quoted."""
    passage = context.chooser.passage(item, PASSAGE)
    return item.ref == FRONT and set(words(passage.casefold())) <= set(words(item.title.casefold()))


def _missing(context: Context, items: Sequence[Item]) -> str:
    """What items lack: the kind of fact that is asked for, or nouns of the topic; "" where nothing is."""
    asked, corpus = context.query.asked, context.corpus
    if not is_understood(context):
        return ""
    facts = asked in _FACTS and has_notation(asked)
    if facts and not any(corpus.text_of(item).stating(asked).any() for item in items):
        return context.say(f"missing_{asked.value}")
    words = nouns_of(words_in(context.query.conditions.topic, corpus, context.query.spoken))
    terms = [context.retriever.terms_of(corpus.row(item)) for item in items]
    absent = [word.text for word in words if not any(cover(word, term, corpus) for term in terms)]
    if not absent or len(absent) > 1 or not are_plain(context, absent):
        return ""
    return context.say("missing_word" if len(items) == 1 else "missing_words", word=absent[0])


def is_understood(context: Context) -> bool:
    """True for a question in a language of which the reader of questions learned enough."""
    return context.query.spoken in _UNDERSTOOD


def card_of(context: Context, item: Item, proof: Proof, passage: str) -> dict[str, Any]:
    """An item that fits as a row: what is quoted of it, where that is printed, and how binding its document is."""
    document = context.corpus.document(item)
    page = page_of(proof, document)
    return row_of(context, item) | {
        "document_status": document.status.value if document.status else None,
        "responsible": list(item.responsible),
        "passage": passage,
        "page": page.number if page else None,
    }


def may_be_shown(item: Item) -> bool:
    """True for all but rows of an archive and headings without a text."""
    heading = item.kind in (ItemKind.SECTION, ItemKind.THEME) and not (item.body.strip() or item.fields)
    return not (heading or is_archived(item))


def _quote_all(context: Context, items: Sequence[Item]) -> list[Sentence]:
    first = [quote(context, item, PASSAGE) for item in items[:1]]
    return first + [quote(context, item, _FURTHER, 1) for item in items[1:]]


def _distinct(items: Sequence[Item]) -> list[Item]:
    """The first items of which none is or is below another."""
    retained: list[Item] = []
    for item in items:
        same = (value for value in retained if value.document_id == item.document_id)
        if len(retained) < MOST_FITTING and not any(
            value.key in (item.key, item.parent) or value.parent == item.key for value in same
        ):
            retained.append(item)
    return retained


def are_plain(context: Context, words: Sequence[str]) -> bool:
    """True if words of a question may be repeated: like words of a language or known to documents, and no order."""
    known = all(_PLAIN.fullmatch(word) or context.corpus.knows(fold(word)) for word in words)
    return known and not is_order(context.query.text)


def introduce(context: Context, item: Item) -> str:
    """An item's name with what the reader must know before its words: its status, that it is a draft or a motion.

    Who is responsible is there too where somebody is asked for.
    """
    notes = [wording.item_status(item, context.language)] if item.status else []
    if item.responsible and context.query.asked in _WHO:
        units, _ = context.corpus.name_units(item)
        notes.append(context.say("responsible", units=units + wording.corrected(item, "unit", context.language)))
    notes += filter(None, [wording.undecided(context.corpus.document(item), context.language)])
    name = wording.beginning(wording.full_name(item, context.language))
    return name + (f" ({', '.join(notes)})" if notes else "")


def quote(context: Context, item: Item, characters: int, most: int = 4) -> Sentence:
    """An item by name with the passage that fits best, cited once; by its name alone where it has no text."""
    passage, name = context.chooser.passage(item, characters, most), introduce(context, item)
    if not passage:
        return sentence(Fragment(name, (name_proof(item, context.corpus),)), ".")
    if squash(passage).startswith(squash(item.title)):  # a goal whose title is its sentence
        name = name.replace(f" {item.title}", "").replace(f" {item.title.rstrip('.')}", "")
    return sentence(f"{name}: ", Fragment(end_sentence(passage), (Proof(item, passage),)), *_corrected(context, item))


def _corrected(context: Context, item: Item) -> Iterator[Fragment]:
    """What people corrected in an item beside its name, its status and its units, behind its words."""
    for correction in item.corrected:
        if correction.value and (text := wording.corrected_field(correction, context.language)):
            yield Fragment(f" ({text})", (Proof(item, correction.value),))


def end_sentence(passage: str) -> str:
    """A passage with the full stop that it may lack."""
    return passage if passage.endswith((".", "!", "?", ":", "…")) else f"{passage}."


def with_source(context: Context, statement: Sentence, item: Item) -> Sentence:
    """A sentence with the title, date and status of an item's document behind it."""
    return replace(statement, fragments=(*statement.fragments, Fragment(f" ({source(context, item)})")))


def source(context: Context, item: Item) -> str:
    """The title of an item's document with its date and status, for brackets."""
    return wording.source(context.corpus.document(item), context.language)


def computed(text: str, *proofs: Proof) -> Sentence:
    """A sentence of the service's own, without its full stop, and what proves it."""
    return sentence(Fragment(text, proofs), ".", computed=(text,))


def reserved(text: str, *proofs: Proof) -> Sentence:
    """A whole sentence that only says what is missing."""
    return Sentence((Fragment(text, proofs),), (text,), reservation=True)


def enumerate_entries(
    context: Context,
    opening: str,
    entries: Sequence[tuple[str, tuple[Proof, ...]]],
    most: int,
    *words: str,
    between: str = ", ",
) -> Sentence:
    """An opening and the first entries, each by name with what proves it; how many more there are."""
    parts = [Fragment((between if place else "") + name, proofs) for place, (name, proofs) in enumerate(entries[:most])]
    more = str(len(entries) - most) if len(entries) > most else ""
    remaining = context.say("and_more", number=more) if more else ""
    return sentence(opening, *parts, f"{remaining}.", computed=(opening, remaining, more, *words))


def row_of(context: Context, item: Item) -> dict[str, Any]:
    """An item as a row of an answer's data."""
    return {
        "document_id": item.document_id,
        "key": item.key,
        "ref": item.ref,
        "title": item.title,
        "kind": item.kind.value,
        "status": item.status.value if item.status else None,
        "theme": item.theme.title if item.theme else None,
        "document": context.corpus.document(item).title,
        "url": item_url(item.document_id, item.key),
    }


def is_archived(item: Item) -> bool:
    """True for a row of an archive."""
    return item.status is ItemStatus.ARCHIVED
