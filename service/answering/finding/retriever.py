"""Our finder as a LangChain retriever, for whoever plugs it into a chain of their own."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as Passage
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from service.answering.corpus import Corpus
from service.answering.draft import Proof
from service.answering.finding.finder import Finder, Found
from service.answering.understanding.language import detect
from service.answering.understanding.question import understand
from service.answering.verifying.citing import page_of


class StrategyRetriever(BaseRetriever):
    """Finds what the answer pipeline finds: the best items, each with the text that it is found by.

    A passage's metadata holds document_id, key, ref, title, page (from 1, None without pages) and score.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    corpus: Corpus
    limit: int = 8

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Passage]:
        understood = understand(query, self.corpus, detect(query), None)
        found = Finder(self.corpus).find(understood, self.limit)
        return [Passage(page_content=self._text(one), metadata=self._metadata(one)) for one in found]

    def _text(self, found: Found) -> str:
        return "\n\n".join([found.item.heading, *self.corpus.passages(found.item)]).strip()

    def _metadata(self, found: Found) -> dict[str, Any]:
        item = found.item
        page = page_of(Proof(item, item.heading or item.body, item.start), self.corpus.document(item))
        return {
            "document_id": item.document_id,
            "key": item.key,
            "ref": item.ref,
            "title": item.title,
            "page": page.number if page else None,
            "score": found.score,
        }
