"""The finder as a LangChain retriever: lexical and dense scores fused, passages as LangChain documents."""

from __future__ import annotations

from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as Passage
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from vectorstore.edition import Edition
from vectorstore.lexical import Scores
from vectorstore.query import QuerySettings, weigh


class EditionRetriever(BaseRetriever):
    """The `limit` best chunks of an edition.

    A chunk's score is its lexical score over the best one's, plus `dense_weight` times its cosine similarity.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    edition: SkipValidation[Edition]
    limit: int = 5
    dense_weight: float = 0.2
    query: QuerySettings = QuerySettings()

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Passage]:
        scores = self.scores(query)
        order = np.argsort(-scores, kind="stable")[: self.limit]
        return [self._passage(int(row), float(scores[row])) for row in order if scores[row] > 0]

    def scores(self, question: str) -> Scores:
        """The fused score of every chunk in the catalogue's order, shape (n,)."""
        edition = self.edition
        terms = weigh(question, edition.analyzer, edition.lexical, edition.vocabulary, self.query).terms
        scores = edition.lexical.scores(terms)
        best = float(scores.max(initial=0.0))
        if best > 0:
            scores /= best
        if self.dense_weight:
            vector = edition.embedding.vector(question)
            for chunk_id, similarity in edition.store.search(vector, 10 * self.limit):
                scores[edition.catalogue.row(chunk_id)] += self.dense_weight * max(0.0, similarity)
        return scores

    def _passage(self, row: int, score: float) -> Passage:
        chunk = self.edition.catalogue.chunks[row]
        item = self.edition.catalogue.item_of(chunk)
        about: dict[str, Any] = {
            "document_id": chunk.document_id,
            "key": chunk.key,
            "ref": item.ref,
            "title": item.title,
            "page": item.page,
            "score": score,
        }
        return Passage(id=chunk.id, page_content=chunk.text, metadata=about)
