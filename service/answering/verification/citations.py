"""Turns the proofs of a draft into numbered citations, each with its page."""

from __future__ import annotations

import re
from itertools import takewhile

from service.answering.corpus import Corpus
from service.answering.draft import Draft, Proof
from service.records import AnswerData, AnswerPassage, AnswerSentence, Citation, citation_of
from vectorstore.language import squash
from vectorstore.records import Document, Item, Page

_FIRST_WORDS = 8  # words of a quote that are searched for if the whole is not found


class Citer:
    """Numbers the proofs of one draft from 1; equal passages of an item have one number."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        # by the address of the item and the squashed quote
        self._marker_of_passage: dict[tuple[tuple[str, str], str], int] = {}
        self.citations: list[Citation] = []

    def mark_text(self, draft: Draft) -> str:
        """The answer's text with a marker ("[1]") behind each part that has a proof.

        This numbers the proofs in the order in which they are read, so it is called first.
        """
        marked = []
        for sentence in draft.sentences:
            parts = [part.text + self._marks(part.proofs) for part in sentence.fragments]
            marked.append("".join(parts))
        return " ".join(marked)

    def checked_sentences(self, draft: Draft) -> list[AnswerSentence]:
        """The sentences that a language model worded, with their markers and how they were
        checked.
        """
        sentences = []
        for part in draft.sentences:
            if part.checked is not None:
                markers = dict.fromkeys(map(self.number_proof, part.proofs))
                sentences.append(
                    AnswerSentence(text=part.text, markers=list(markers), checked=part.checked)
                )
        return sentences

    def data(self, draft: Draft) -> AnswerData | None:
        """The draft's rows, each with the numbers of its citations; None if the draft has no rows.

        `lead` is what the answer says before its first sentence with a proof, to be shown above the
        rows.
        """
        if draft.data is None:
            return None
        row_proofs = draft.row_proofs or [()] * len(draft.data.rows)
        rows = [
            {**row, "citations": sorted(set(map(self.number_proof, proofs)))}
            for row, proofs in zip(draft.data.rows, row_proofs, strict=True)
        ]
        lead = " ".join(
            sentence.text
            for sentence in takewhile(lambda sentence: not sentence.proofs, draft.sentences)
        )
        return draft.data.model_copy(update={"rows": rows, "lead": lead})

    def passage(self, draft: Draft) -> AnswerPassage | None:
        """The whole passage that the first citation is from, with the page on which it begins.

        None if the draft has no such passage, or cites nothing.
        """
        if draft.passage is None or not self.citations:
            return None
        page = page_of(draft.passage, self.corpus.document(draft.passage.item))
        number = page.number if page else None
        return AnswerPassage(marker=1, text=draft.passage.quote, page=number)

    def number_proof(self, proof: Proof) -> int:
        """The citation number of a proof; it gets the next one if it has none yet.

        Proofs with the same item and text have one number. `verbatim` is False only for a quote of
        a corrected item that the document does not have.
        """
        item = proof.item
        squashed = squash(proof.quote)
        key = (item.address, squashed)
        if key not in self._marker_of_passage:
            self._marker_of_passage[key] = marker = len(self.citations) + 1
            document = self.corpus.document(item)
            # a corrected value is not in the document
            verbatim = not item.corrected or squashed in self.corpus.normalized_text(
                item.document_id
            )
            citation = citation_of(
                item,
                document,
                page_of(proof, document),
                marker=marker,
                quote=proof.quote.strip(),
                verbatim=verbatim,
            )
            self.citations.append(citation)
        return self._marker_of_passage[key]

    def _marks(self, proofs: tuple[Proof, ...]) -> str:
        return "".join(f" [{number}]" for number in dict.fromkeys(map(self.number_proof, proofs)))


def page_of(proof: Proof, document: Document) -> Page | None:
    """The page on which a quote begins; None where the source has no pages."""
    if not document.pages:
        return None
    start = proof.start if proof.start is not None else offset_of(proof.quote, proof.item, document)
    return document.page_at(start)


def offset_of(quote: str, item: Item, document: Document) -> int:
    """The offset of a quote in a document's text.

    White space may differ. The item's own text is searched first, then the whole document; first
    for all of the quote, then for its first words, since a quote may be put together of several
    places. If nothing is found, it is the start of the item.
    """
    start = document.text.find(quote.strip(), item.start, item.end)
    if start >= 0:
        return start
    words = quote.split()
    for searched in (words, words[:_FIRST_WORDS]):
        pattern = re.compile(r"\s*".join(map(re.escape, searched)))
        match = pattern.search(document.text, item.start, item.end)
        match = match or pattern.search(document.text)
        if match:
            return match.start()
    return item.start
