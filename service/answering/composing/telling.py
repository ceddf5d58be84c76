"""How entries are told: by name and standing, with a passage, many in one sentence, as rows of an answer's data.

Below them the fixed texts: what the service says of itself, and honest non-answers. Their words lie in `prompts`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from prompts import text
from service.answering import wording
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, sentence
from service.answering.finding.words import OTHERWISE
from service.answering.query import Asked
from service.answering.units import name_units
from service.answering.verification.quotes import name_proof
from service.answering.verification.verbatim import is_order, squash
from service.models import AnswerStatus
from service.records import item_url
from service.settings import Settings
from vectorstore.analysis import fold
from vectorstore.edition import Edition
from vectorstore.records import Item, ItemKind, ItemStatus

_WHO = (Asked.RESPONSIBLE, Asked.CONTACT, Asked.PERSON, Asked.ORGANISATION)
_NEAREST, _TITLES, _CHOICES = 3, 6, 4
_LEAST_SUPPORT = 0.25  # of a concept that a near entry bears out
_UNDERSTOOD = ("de", "en")
_PLAIN = re.compile(r"[^\W\d_][a-zäöüß]*(?:-[^\W\d_][a-zäöüß]*)*|\d{1,4}")


def are_plain(context: Context, words: Sequence[str]) -> bool:
    """Whether words of a question may be told again: like words of a language or known to papers, and no order."""
    known = all(_PLAIN.fullmatch(word) or context.corpus.knows(fold(word)) for word in words)
    return known and not is_order(context.query.text)


def introduced(context: Context, item: Item) -> str:
    """An item's name with what the reader must know before its words: its status, that it is a draft or a motion.

    Who is responsible stands there too where somebody is asked for.
    """
    notes = [wording.item_status(item, context.language)] if item.status else []
    if item.responsible and context.query.asked in _WHO:
        units, _ = name_units(item, context.corpus.unit_names)
        notes.append(context.say("responsible", units=units + wording.corrected(item, "unit", context.language)))
    notes += [said] if (said := wording.undecided(context.corpus.document(item), context.language)) else []
    name = wording.beginning(wording.full_name(item, context.language))
    return name + (f" ({', '.join(notes)})" if notes else "")


def quoted(context: Context, item: Item, characters: int, most: int = 4) -> Sentence:
    """One entry by name with the passage that fits best, cited once; by its name alone where it has no text."""
    passage = context.chooser.passage(item, characters, most)
    name = introduced(context, item)
    if not passage:
        return sentence(Fragment(name, (name_proof(item, context.corpus),)), ".")
    if squash(passage).startswith(squash(item.title)):  # a goal whose title is its sentence
        name = name.replace(f" {item.title}", "").replace(f" {item.title.rstrip('.')}", "")
    return sentence(f"{name}: ", Fragment(ended(passage), (Proof(item, passage),)))


def ended(passage: str) -> str:
    """A passage with the full stop that it may lack."""
    return passage if passage.endswith((".", "!", "?", ":", "…")) else f"{passage}."


def source(context: Context, item: Item) -> str:
    """The title of an entry's paper with its date and authority, for brackets."""
    return wording.source(context.corpus.document(item), context.language)


def computed(said: str, *proofs: Proof) -> Sentence:
    """A sentence of the service's own, without its full stop, and what proves it."""
    return sentence(Fragment(said, proofs), ".", computed=(said,))


def reserved(said: str, *proofs: Proof) -> Sentence:
    """A whole sentence that only says what is missing."""
    return Sentence((Fragment(said, proofs),), (said,), reservation=True)


def listed(
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
    rest = context.say("and_more", number=more) if more else ""
    return sentence(opening, *parts, f"{rest}.", computed=(opening, rest, more, *words))


def row_of(context: Context, item: Item) -> dict[str, Any]:
    """An entry as a row of an answer's data."""
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
    """Whether an entry is a row of an archive."""
    return item.status is ItemStatus.ARCHIVED


def fixed(name: str, language: str, status: AnswerStatus) -> Draft:
    """A non-answer with a fixed text."""
    return Draft(status, None, (sentence(text(f"{language}/{name}")),))


def not_in_documents(context: Context, missing: str = "", *items: Item) -> Draft:
    """Nothing was found: what was searched, the nearest records; `missing` says what is missing of `items`."""
    near = [one.item for one in context.found if one.coverage >= OTHERWISE / 2 or one.support >= _LEAST_SUPPORT]
    nearest = {(item.document_id, item.key): item for item in (*items, *near) if not is_archived(item)}
    titles = [one.title for one in context.documents]
    rest = context.say("and_more", number=len(titles) - _TITLES) if len(titles) > _TITLES else ""
    searched = context.say("searched", titles="; ".join(titles[:_TITLES]) + rest)
    none = missing or text(f"{context.language}/not_in_documents")
    said = [none, searched if titles else context.say("no_paper_read")]
    if context.query.spoken not in _UNDERSTOOD:
        said.insert(0, text(f"{context.language}/other_language"))
    sentences = tuple(map(sentence, said))
    return Draft(AnswerStatus.NOT_IN_DOCUMENTS, None, sentences, nearest=tuple(nearest.values())[:_NEAREST])


def unclear(context: Context) -> Draft:
    """The question says no topic: the themes, else the papers, are offered to choose from."""
    ids = {one.id for one in context.documents}
    items = context.corpus.catalogue.items
    themes = [one.title for one in items if one.kind is ItemKind.THEME and one.document_id in ids]
    titles = dict.fromkeys(themes or [one.title for one in context.documents])
    choices = [context.say("what_on", title=one) for one in titles]
    said = sentence(text(f"{context.language}/unclear"))
    return Draft(AnswerStatus.NEEDS_CLARIFICATION, None, (said,), suggestions=tuple(choices[:_CHOICES]))


def about_service(name: str, language: str, edition: Edition, settings: Settings) -> Draft:
    """The fixed text `name` ("about/greeting"), with what this service and its edition are called."""
    papers = list(edition.catalogue.in_force.documents.values())
    dates = [f" ({said})" if (said := wording.dated(one, language)) else "" for one in papers[:_TITLES]]
    titles = [wording.told(language, "title", title=one.title) + date for one, date in zip(papers, dates, strict=False)]
    if len(papers) > _TITLES:
        titles.append(wording.told(language, "more_papers", number=len(papers) - _TITLES))
    if name == "about/privacy" and settings.keep_questions:
        name += "_kept"
    said = text(f"{language}/{name}").format(
        name=settings.name,
        papers=_strung(list(dict.fromkeys(one.publisher for one in papers)) or [settings.name], language),
        documents=_strung(titles, language) or wording.told(language, "no_paper"),
        edition=edition.name,
        contact=settings.contact,
        privacy=settings.privacy_url or "",
        days=settings.keep_questions_days,
    )
    return Draft(AnswerStatus.ABOUT_SERVICE, None, (sentence(said.strip()),))


def _strung(parts: list[str], language: str) -> str:
    """The parts with commas, the last behind "und"."""
    return f" {wording.told(language, 'and')} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
