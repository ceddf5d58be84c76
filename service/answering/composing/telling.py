"""How entries are told: by name and standing, with a passage, many in one sentence, as rows of an answer's data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.answering import wording
from service.answering.context import Context
from service.answering.draft import Fragment, Proof, Sentence, sentence
from service.answering.query import Asked
from service.answering.verifying.proofs import name_proof
from service.answering.verifying.verbatim import squash
from service.records import item_url
from vectorstore.records import Item, ItemStatus

_WHO = (Asked.RESPONSIBLE, Asked.CONTACT, Asked.PERSON, Asked.ORGANISATION)


def introduced(context: Context, item: Item) -> str:
    """An item's name with what the reader must know before its words: its status, that it is a draft or a motion.

    Who is responsible stands there too where somebody is asked for.
    """
    notes = [wording.status(item.status, context.language)] if item.status else []
    if item.responsible and context.query.asked in _WHO:
        notes.append(context.say("responsible", units=", ".join(item.responsible)))
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
