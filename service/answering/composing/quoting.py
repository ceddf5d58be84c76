"""How an entry is told: its name and standing, a passage of it, the passages that prove its name, status and row."""

from __future__ import annotations

from service.answering import wording
from service.answering.context import Context
from service.answering.corpus import Corpus
from service.answering.draft import Fragment, Proof, Sentence, sentence
from service.answering.verifying.verbatim import squash
from vectorstore.records import Document, Item, ItemKind, ItemStatus


def name_proof(item: Item, corpus: Corpus) -> Proof:
    """The passage that names an item: its heading, its title where the heading does not hold it, or its beginning."""
    if squash(item.title).casefold() in squash(item.heading).casefold():
        return Proof(item, item.heading)
    if item.kind is not ItemKind.SECTION and squash(item.title) in corpus.squashed[item.document_id]:
        return Proof(item, item.title)
    beginning = next((part for part in item.body.split("\n\n") if part.strip()), "")
    return Proof(item, first_words(beginning) if beginning else item.heading)


def status_proof(item: Item, corpus: Corpus) -> Proof:
    """The passage that proves a record's status: the heading of its group, its field, or its row in the archive."""
    if item.status is ItemStatus.ARCHIVED:
        return row_proof(item) or name_proof(item, corpus)
    if item.status_heading:
        return Proof(item, item.status_heading)
    field = next((one for one in item.fields if one.field == "status" and one.text.strip()), None)
    return Proof(item, field.text) if field else name_proof(item, corpus)


def row_proof(item: Item) -> Proof | None:
    """The item's row in the project list, where it has one."""
    return Proof(item, item.table_row, item.table_start) if item.table_row else None


def first_words(text: str, most: int = 300) -> str:
    """The beginning of a text up to the end of a sentence or word, at most `most` characters."""
    if len(text) <= most:
        return text.strip()
    cut = text[:most]
    end = max(cut.rfind(". "), cut.rfind("\n"))
    return cut[: end + 1].strip() if end > most // 3 else cut.rsplit(" ", 1)[0].strip()


def introduced(context: Context, item: Item) -> str:
    """An item's name with what the reader must know before its words: its status, that it is a draft or a motion."""
    notes = [wording.status(item.status, context.language)] if item.status else []
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
