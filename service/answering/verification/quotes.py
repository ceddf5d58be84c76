"""The passages that prove an item, a status or document metadata, and whether a quote is verbatim in its item."""

from __future__ import annotations

from functools import lru_cache

from service.answering.corpus import Corpus
from service.answering.draft import Proof
from service.answering.verification.verbatim import VerbatimPassage, squash
from vectorstore.records import Document, Item, ItemKind, ItemStatus

_KEPT = 4096  # items whose passages are kept


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
    field = next((value for value in item.fields if value.field == "status" and value.text.strip()), None)
    return Proof(item, field.text) if field else name_proof(item, corpus)


def row_proof(item: Item) -> Proof | None:
    """The item's row in the project list, where it has one."""
    return Proof(item, item.table_row, item.table_start) if item.table_row else None


def document_proof(document: Document, corpus: Corpus, fact: str = "title") -> Proof | None:
    """The passage that proves a part of a paper's front matter, else the one that names it; None for an empty paper."""
    title_page = corpus.front_matter(document.id)
    if title_page is None:
        return None
    quote = next((item.quote for item in document.front if item.field == fact and item.quote), "")
    return Proof(title_page, quote) if quote else name_proof(title_page, corpus)


def first_words(text: str, most: int = 300) -> str:
    """The beginning of a text up to the end of a sentence or word, at most `most` characters."""
    if len(text) <= most:
        return text.strip()
    cut = text[:most]
    end = max(cut.rfind(". "), cut.rfind("\n"))
    return cut[: end + 1].strip() if end > most // 3 else cut.rsplit(" ", 1)[0].strip()


class Quotes:
    """Where the items of an edition speak: in their span, in what stands of them elsewhere, in rows, fields, headings.

    A corrected value is one of these too, though no document says it. A theme or a goal also speaks in the headings
    that give the records below it their status, and the title page in what proves the front matter.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._passages = lru_cache(maxsize=_KEPT)(self._passages_of)

    def is_verbatim(self, proof: Proof) -> bool:
        """True where a quote stands verbatim in its item."""
        squashed = squash(proof.quote)
        return any(passage.contains(squashed) for passage in self._passages((proof.item.document_id, proof.item.key)))

    def _passages_of(self, key: tuple[str, str]) -> tuple[VerbatimPassage, ...]:
        """Where an item speaks; of its fields and headings only what its document really says."""
        corpus, item = self.corpus, self.corpus.catalogue.item(*key)
        if item is None:
            return ()
        document, title_page = corpus.document(item), corpus.front_matter(item.document_id)
        chunks = [(chunk.start, chunk.end) for chunk in corpus.catalogue.chunks_of(item)]
        spans = [document.text[start:end] for start, end in _merged([(item.start, item.end), *chunks], document.text)]
        headings = [item.heading, *(child.status_heading for child in (item, *corpus.catalogue.children(item)))]
        named = [item.body, *headings, item.table_row, *(field.text for field in item.fields)]
        own = squash("\n".join(spans))
        distinct = [
            value for value in named if value and any(squash(value) in text for text in (own, corpus.squashed[key[0]]))
        ]
        distinct += [correction.value for correction in item.corrected if correction.value]
        if title_page is not None and title_page.key == item.key:
            distinct += [fact.quote for fact in document.front if fact.quote]
        return tuple(map(VerbatimPassage, dict.fromkeys([*spans, *distinct])))


def _merged(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The spans in order, those that only white space parts as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
