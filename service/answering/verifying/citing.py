"""From proofs to citations: numbered in the order of the answer, each with its page and link."""

from __future__ import annotations

import bisect
import re

from service.answering.corpus import Corpus
from service.answering.draft import Draft, Proof
from service.answering.verbatim import squash
from service.models import AnswerData, Citation
from service.records import item_url
from vectorstore.records import Document, Item, Page

_SPACE = r"[\s\u00ad]*"


class Citer:
    """Numbers the proofs of one draft: the same passage of the same item keeps its number."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
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
        key = (proof.item.document_id, proof.item.key, squash(proof.quote))
        if key not in self._markers:
            self._markers[key] = len(self.citations) + 1
            self.citations.append(_citation(self._markers[key], proof, self.corpus))
        return self._markers[key]

    def _marks(self, proofs: tuple[Proof, ...]) -> str:
        return "".join(f" [{number}]" for number in dict.fromkeys(self.marker(proof) for proof in proofs))


def _citation(marker: int, proof: Proof, corpus: Corpus) -> Citation:
    item, document = proof.item, corpus.document(proof.item)
    page = page_of(proof, document)
    return Citation(
        marker=marker,
        document_id=document.id,
        document_title=document.title,
        publisher=document.publisher,
        document_status=document.status,
        as_of=document.as_of,
        unconfirmed=list(document.unconfirmed),
        kind=item.kind,
        ref=item.ref,
        key=item.key,
        title=item.title,
        item_status=item.status,
        page=page.number if page else item.page,
        page_label=page.label if page else item.page_label,
        quote=proof.quote.strip(),
        url=item_url(item.document_id, item.key),
        source_url=document.source_url,
    )


def page_of(proof: Proof, document: Document) -> Page | None:
    """The page on which a quote begins; None where the source has no pages."""
    if not document.pages:
        return None
    start = proof.start if proof.start is not None else offset_of(proof.quote, proof.item, document)
    place = bisect.bisect_right([page.start for page in document.pages], start) - 1
    return document.pages[max(place, 0)]


def offset_of(quote: str, item: Item, document: Document) -> int:
    """Where a quote stands in the document's text, looked for in its item first; else the item's start."""
    words = quote.split()
    if words and document.text.startswith(" ".join(words[:8]), item.start, item.end):
        return item.start
    head = re.compile(_SPACE.join(map(re.escape, words[:8])).replace(_SPACE, r"\s*")) if words else None
    if head is None:
        return item.start
    inside = head.search(document.text, item.start, item.end) or head.search(document.text)
    return inside.start() if inside else item.start
