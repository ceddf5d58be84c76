"""Papers that others replace answer only when asked for: by id, or by what tells them from their successor."""

from __future__ import annotations

import re

from service.answering.reading.papers import Papers, says, words_of
from service.models import ChatRequest
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


class Superseded:
    """The superseded papers of an edition, and how questions name them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._papers = Papers(catalogue) if catalogue.superseded else None

    def scope(self, request: ChatRequest) -> list[str] | None:
        """The ids of the papers to answer from where a request names a superseded one; None where it names none."""
        if self._papers is None:
            return None
        documents, superseded = self._catalogue.documents, self._catalogue.superseded
        if request.documents is not None:
            return request.documents if superseded.keys() & set(request.documents) else None
        said = [request.question, *[turn.content for turn in request.history if turn.role == "user"][-1:]]
        named = {
            one
            for text in said
            if (meant := self._papers.named(_YEAR.sub(" ", text))).by_name
            for one in meant.ids
            if one in superseded and self._is_meant(one, text)
        }
        return [one for one in documents if one in named or one not in superseded] if named else None

    def _is_meant(self, old: str, question: str) -> bool:
        """Whether a question says a word of the old paper's title or a year that its successor does not have."""
        successor = self._catalogue.superseded[old]
        if successor is None:
            return True
        one, other = self._catalogue.documents[old], self._catalogue.documents[successor]
        own = set(words_of(one.title)) - set(words_of(other.title))
        years = _years(one) - _years(other)
        return any(says(word, name) for word in words_of(question) for name in own) or bool(
            years & set(_YEAR.findall(question))
        )


def _years(document: Document) -> set[str]:
    return {*_YEAR.findall(document.title), *([str(document.as_of.year)] if document.as_of else [])}
