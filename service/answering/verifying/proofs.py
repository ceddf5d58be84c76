"""What proves an entry, verbatim passages of it: whether they stand there, and how they are cited, by pages."""

from __future__ import annotations

import re
from functools import lru_cache

from service.answering.corpus import Corpus
from service.answering.draft import Draft, Proof
from service.answering.verifying.verbatim import Passage, squash
from service.models import AnswerData, Citation
from service.records import citation_of
from vectorstore.records import Document, Item, ItemKind, ItemStatus, Page

_HEAD = 8  # words by which a quote is looked for
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


class Quotes:
    """Where the items of an edition speak: in their span, in what stands of them elsewhere, in rows, fields, headings.

    A theme or a goal also speaks in the headings that give the records below it their status, and the title page in
    what proves the front matter.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._passages = lru_cache(maxsize=_KEPT)(self._passages_of)

    def stands(self, proof: Proof) -> bool:
        """True where a quote stands verbatim in its item."""
        squashed = squash(proof.quote)
        return any(one.holds(squashed) for one in self._passages((proof.item.document_id, proof.item.key)))

    def _passages_of(self, key: tuple[str, str]) -> tuple[Passage, ...]:
        """Where an item speaks; of its fields and headings only what its document really says."""
        corpus, item = self.corpus, self.corpus.catalogue.item(*key)
        if item is None:
            return ()
        document, front = corpus.document(item), corpus.front_matter(item.document_id)
        chunks = [(chunk.start, chunk.end) for chunk in corpus.catalogue.chunks_of(item)]
        spans = [document.text[start:end] for start, end in _merged([(item.start, item.end), *chunks], document.text)]
        headings = [item.heading, *(one.status_heading for one in (item, *corpus.catalogue.children(item)))]
        named = [item.body, *headings, item.table_row, *(field.text for field in item.fields)]
        own = squash("\n".join(spans))
        apart = [one for one in named if one and any(squash(one) in text for text in (own, corpus.squashed[key[0]]))]
        if front is not None and front.key == item.key:
            apart += [fact.quote for fact in document.front if fact.quote]
        return tuple(map(Passage, dict.fromkeys([*spans, *apart])))


def _merged(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The spans in order, those that only white space parts as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


class Citer:
    """Numbers the proofs of one draft: the same passage of the same item keeps its number."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._as_printed: dict[tuple[str, str, str], int] = {}
        self._markers: dict[tuple[str, str, str], int] = {}
        self.citations: list[Citation] = []

    def marked(self, draft: Draft) -> str:
        """The answer's text with markers behind what they prove."""
        return " ".join(
            "".join(part.text + self._marks(part.proofs) for part in one.fragments) for one in draft.sentences
        )

    def data(self, draft: Draft) -> AnswerData | None:
        """The draft's rows, each with the markers of its citations."""
        if draft.data is None:
            return None
        rows = [
            {**row, "citations": sorted({self.marker(proof) for proof in proofs})}
            for row, proofs in zip(draft.data.rows, draft.row_proofs or ((),) * len(draft.data.rows), strict=True)
        ]
        return draft.data.model_copy(update={"rows": rows})

    def marker(self, proof: Proof) -> int:
        """The number of a proof; a new citation where it has none yet."""
        printed = (proof.item.document_id, proof.item.key, proof.quote)
        if printed not in self._as_printed:
            self._as_printed[printed] = self._numbered(proof)
        return self._as_printed[printed]

    def _numbered(self, proof: Proof) -> int:
        key = (proof.item.document_id, proof.item.key, squash(proof.quote))
        if key not in self._markers:
            self._markers[key] = len(self.citations) + 1
            self.citations.append(self._citation(self._markers[key], proof))
        return self._markers[key]

    def _citation(self, marker: int, proof: Proof) -> Citation:
        document = self.corpus.document(proof.item)
        page = page_of(proof, document)
        quote, verbatim = proof.quote.strip(), self._is_verbatim(proof)
        return citation_of(proof.item, document, page, marker=marker, quote=quote, verbatim=verbatim)

    def _is_verbatim(self, proof: Proof) -> bool:
        """True where the paper itself says a quote; what people corrected in it stands in no paper."""
        read = self.corpus.edition.catalogue.as_read.documents.get(proof.item.document_id)
        if read is None or read.text == self.corpus.document(proof.item).text:
            return True
        return squash(proof.quote) in squash(read.text)

    def _marks(self, proofs: tuple[Proof, ...]) -> str:
        return "".join(f" [{number}]" for number in dict.fromkeys(self.marker(proof) for proof in proofs))


def page_of(proof: Proof, document: Document) -> Page | None:
    """The page on which a quote begins; None where the source has no pages."""
    if not document.pages:
        return None
    start = proof.start if proof.start is not None else offset_of(proof.quote, proof.item, document)
    return document.page_at(start)


def offset_of(quote: str, item: Item, document: Document) -> int:
    """Where a quote stands in the document's text, looked for in its item first; else the item's start."""
    words = quote.split()[:_HEAD]
    if not words:
        return item.start
    pattern = re.compile(r"\s*".join(map(re.escape, words)))
    found = pattern.search(document.text, item.start, item.end) or pattern.search(document.text)
    return found.start() if found else item.start
