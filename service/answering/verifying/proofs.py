"""Verbatim passages that prove that an item is there, has its status, or stands in a list; and a paper's own."""

from __future__ import annotations

from service.answering.corpus import Corpus
from service.answering.draft import Proof
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


def paper_proof(document: Document, corpus: Corpus, fact: str = "title") -> Proof | None:
    """The passage that proves a part of a paper's front matter, else the one that names it; None for an empty paper."""
    front = corpus.front_matter(document.id)
    if front is None:
        return None
    quote = next((one.quote for one in document.front if one.field == fact and one.quote), "")
    return Proof(front, quote) if quote else name_proof(front, corpus)


def first_words(text: str, most: int = 300) -> str:
    """The beginning of a text up to the end of a sentence or word, at most `most` characters."""
    if len(text) <= most:
        return text.strip()
    cut = text[:most]
    end = max(cut.rfind(". "), cut.rfind("\n"))
    return cut[: end + 1].strip() if end > most // 3 else cut.rsplit(" ", 1)[0].strip()
