"""Entries as the tools give them: with their document, the headings above, and the passage that matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from service.answer.corpus import Corpus
from service.answer.tools.forms import Entry, Pointer
from service.records import item_url
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ItemStatus

_LENGTH = 400  # characters of a passage, by whole sentences
_ENDS = (".", "!", "?")  # of a sentence; what ends otherwise is a heading or a row
_MEANT = 0.5  # weight of what the vocabulary adds, beside the words themselves


def pointer(item: Item) -> Pointer:
    """An entry as it is pointed to."""
    return Pointer(
        document_id=item.document_id,
        key=item.key,
        kind=item.kind,
        ref=item.ref,
        title=item.title,
        status=item.status,
    )


def entry(catalogue: Catalogue, item: Item, passage: str = "", score: float | None = None) -> Entry:
    """An entry with its document; its heading where there is no passage."""
    document = catalogue.documents[item.document_id]
    return Entry(
        **dict(pointer(item)),
        path=item.path or tuple(_above(catalogue, item))[::-1],
        page=item.page,
        document_title=document.title,
        document_status=document.status,
        as_of=document.as_of,
        passage=passage or item.heading or item.title,
        score=None if score is None else round(score, 4),
        archived=item.status is ItemStatus.ARCHIVED,
        url=item_url(item.document_id, item.key),
    )


def _above(catalogue: Catalogue, item: Item) -> Iterator[str]:
    parent = catalogue.parent(item)
    if parent is not None:
        yield f"{parent.ref} {parent.title}".strip()
        yield from _above(catalogue, parent)


def meant_by(corpus: Corpus, text: str, language: str = "de") -> dict[str, float]:
    """The index terms of a text and of what papers say for it, with how much each tells."""
    added = corpus.expansion.terms(text, language)
    return {term: _MEANT * weight for term, weight in added.items()} | corpus.told(text)


def passage(corpus: Corpus, item: Item, terms: Mapping[str, float], length: int = _LENGTH) -> str:
    """The sentences of an entry that hold the terms best, verbatim and in their order; "" where it has none.

    It begins with the sentence that tells most, and goes on as the paper does; the entry's beginning where none tells.
    """
    said = corpus.sentences(item)
    if not said:
        return ""
    weights = [sum(terms.get(term, 0.0) for term in one.terms) for one in said]
    first = max(range(len(said)), key=weights.__getitem__)
    told = said[first].text
    for before, one in pairwise(said[first:]):
        follows = one.place == before.place + 1 and one.text.endswith(_ENDS)
        if not follows or len(told) + len(one.text) >= length:
            break
        told = f"{told} {one.text}"
    return told
