"""How an entry is told: its name and standing, and a passage of it."""

from __future__ import annotations

from service.answering import wording
from service.answering.context import Context
from service.answering.draft import Fragment, Proof, Sentence, sentence
from service.answering.query import Asked
from service.answering.verifying.proofs import name_proof
from service.answering.verifying.verbatim import squash
from vectorstore.records import Document, Item

_WHO = (Asked.RESPONSIBLE, Asked.CONTACT, Asked.PERSON, Asked.ORGANISATION)


def introduced(context: Context, item: Item) -> str:
    """An item's name with what the reader must know before its words: its status, that it is a draft or a motion.

    Who is responsible stands there too where somebody is asked for.
    """
    notes = [wording.status(item.status, context.language)] if item.status else []
    if item.responsible and context.query.asked in _WHO:
        units = ", ".join(item.responsible)
        notes.append(context.say(f"zuständig: {units}", f"responsible: {units}"))
    notes += [said] if (said := wording.undecided(context.corpus.document(item), context.language)) else []
    name = wording.beginning(wording.full_name(item, context.language))
    return name + (f" ({', '.join(notes)})" if notes else "")


def quoted(context: Context, item: Item, characters: int, most: int = 4) -> Sentence:
    """One entry by name with the passage that fits best, cited once; by its name alone where it has no text."""
    passage = context.chooser.passage(item, characters, most)
    if not passage:
        return named(context, item)
    name = introduced(context, item)
    if squash(passage).startswith(squash(item.title)):  # a goal whose title is its sentence
        name = name.replace(f" {item.title}", "").replace(f" {item.title.rstrip('.')}", "")
    return sentence(f"{name}: ", Fragment(ended(passage), (Proof(item, passage),)))


def named(context: Context, item: Item) -> Sentence:
    """An entry by its name."""
    return sentence(Fragment(introduced(context, item), (name_proof(item, context.corpus),)), ".")


def ended(passage: str) -> str:
    """A passage with the full stop that it may lack."""
    return passage if passage.endswith((".", "!", "?", ":", "…")) else f"{passage}."


def source(document: Document, language: str) -> str:
    """A document's title with its date and authority behind commas, for brackets around the whole."""
    return ", ".join(part for part in (document.title, wording.standing(document, language)) if part)
