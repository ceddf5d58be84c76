"""The passages that prove an item, a status or document metadata, and whether a quote is verbatim
in its item.
"""

from __future__ import annotations

from functools import lru_cache

from service.answering.corpus import Corpus
from service.answering.draft import Proof
from service.answering.verification.verbatim import VerbatimPassage
from vectorstore.language import squash
from vectorstore.records import Document, Item, ItemKind, ItemStatus

_LONGEST = 300  # characters of the beginning of a text as a quote
_CACHED = 4096  # items whose passages are cached


def name_proof(item: Item, corpus: Corpus) -> Proof:
    """The passage that proves the name of an item.

    It is the heading if that has the title; else the title, if the document prints it; else the
    beginning of the text, or the heading if there is none. A section's title is not taken outside
    its heading, since it alone proves nothing.
    """
    if squash(item.title).casefold() in squash(item.heading).casefold():
        return Proof(item, item.heading)
    if item.kind is not ItemKind.SECTION and squash(item.title) in corpus.normalized_text(
        item.document_id
    ):
        return Proof(item, item.title)
    beginning = next((part for part in item.body.split("\n\n") if part.strip()), "")
    return Proof(item, cut_text(beginning) if beginning else item.heading)


def status_proof(item: Item, corpus: Corpus) -> Proof:
    """The passage that proves the status of an item.

    Of an archived record it is its row in the list, of any other the heading of the group in which
    it stands ("Umgesetzte Projekte"), else its field. Without these it is the name.
    """
    if item.status is ItemStatus.ARCHIVED:
        return row_proof(item) or name_proof(item, corpus)
    if item.status_heading:
        return Proof(item, item.status_heading)
    return _field_proof(item, "status") or name_proof(item, corpus)


def _field_proof(item: Item, name: str) -> Proof | None:
    """The text of the item's first field with a meaning ("status"); None if it has none."""
    texts = (field.text for field in item.fields if field.field == name)
    return next((Proof(item, text) for text in texts if text.strip()), None)


def row_proof(item: Item) -> Proof | None:
    """The item's row in the project list; None if it has none."""
    return Proof(item, item.table_row, item.table_start) if item.table_row else None


def unit_proof(item: Item, corpus: Corpus) -> Proof:
    """The passage that prints the responsible units: the row, else the field, else the name."""
    return row_proof(item) or _field_proof(item, "responsible") or name_proof(item, corpus)


def document_proof(document: Document, corpus: Corpus, field: str = "title") -> Proof | None:
    """The passage that proves a field of the document metadata ("as_of"); None for an empty
    document.

    If nothing was quoted for the field, it is the name of the title page.
    """
    title_page = corpus.title_page(document.id)
    if title_page is None:
        return None
    quote = next((fact.quote for fact in document.front if fact.field == field and fact.quote), "")
    if quote:
        return Proof(title_page, quote)
    return name_proof(title_page, corpus)


def cut_text(text: str) -> str:
    """The beginning of a text, at most `_LONGEST` characters.

    A longer one is cut behind a sentence or line if that leaves at least a third; else behind a
    word.
    """
    if len(text) <= _LONGEST:
        return text.strip()
    cut = text[:_LONGEST]
    end = max(cut.rfind(". "), cut.rfind("\n"))
    # a sentence that ends in the first third would leave too little
    if end > _LONGEST // 3:
        return cut[: end + 1].strip()
    return cut.rsplit(" ", 1)[0].strip()


class Quotes:
    """The passages of items in which quotes are verified: spans, table rows, fields, headings.

    A corrected value is one of these too, though it is in no document. A theme or a goal also has
    the status headings of the records below it, and the title page the quotes that prove the
    document metadata.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._passages = lru_cache(maxsize=_CACHED)(self._build_passages)

    def is_verbatim(self, proof: Proof) -> bool:
        """True if a passage of its item contains a quote verbatim."""
        squashed = squash(proof.quote)
        return any(passage.contains(squashed) for passage in self._passages(proof.item.address))

    def _build_passages(self, key: tuple[str, str]) -> tuple[VerbatimPassage, ...]:
        """The verbatim passages of an item (document id, key); () if there is no such item.

        Its span of the document's text always counts. Body, headings, row and fields count only if
        the document prints them so. Corrected values always count, since people have stated them.
        The title page also has the quotes that prove the metadata.
        """
        corpus = self.corpus
        item = corpus.catalogue.item(*key)
        if item is None:
            return ()
        document = corpus.document(item)
        title_page = corpus.title_page(item.document_id)
        span = document.text[item.start : item.end]
        headings = [
            item.heading,
            *(child.status_heading for child in (item, *corpus.catalogue.children(item))),
        ]
        parts = [item.body, *headings, item.table_row, *(field.text for field in item.fields)]
        texts = (squash(span), corpus.normalized_text(item.document_id))
        printed = []
        for part in filter(None, parts):
            squashed = squash(part)
            if any(squashed in text for text in texts):
                printed.append(part)
        printed += [correction.value for correction in item.corrected if correction.value]
        if title_page is not None and title_page.key == item.key:
            printed += [fact.quote for fact in document.front if fact.quote]
        return tuple(map(VerbatimPassage, dict.fromkeys([span, *printed])))
