"""Papers that others replace answer only when asked for: by id, or by what tells them from their successor."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.answering import lexicon
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
        """The ids of the papers to answer from where a request names a superseded one; None where it names none.

        Its successor is among them where the request names that one, too.
        """
        if self._papers is None:
            return None
        documents, superseded = self._catalogue.documents, self._catalogue.superseded
        if request.documents is not None:
            return request.documents if superseded.keys() & set(request.documents) else None
        said = [request.question, *[turn.content for turn in request.history if turn.role == "user"][-1:]]
        named = {one: text for text in reversed(said) for one in self._named(text)}
        if not named:
            return None
        successors = ((superseded[old], old) for old in named)
        left = {new for new, old in successors if new and not _told_apart(documents[new], documents[old], named[old])}
        return [one for one in documents if one in named or one not in superseded.keys() | left]

    def _named(self, question: str) -> Iterator[str]:
        """The superseded papers that a question names; a year alone names none."""
        assert self._papers is not None
        named, documents = self._papers.named(_YEAR.sub(" ", question)), self._catalogue.documents
        old = not lexicon.folded("nouns", "paper", "superseded").isdisjoint(words_of(question))
        for one in named.ids if named.by_name else ():
            new = self._catalogue.superseded.get(one, one)
            if new is None or (new != one and (old or _told_apart(documents[one], documents[new], question))):
                yield one


def _told_apart(one: Document, other: Document, question: str) -> bool:
    """Whether a question says what only the one paper is called, or its year."""
    words, own = words_of(question), set(words_of(one.title)) - set(words_of(other.title))
    years = _years(one) - _years(other)
    return any(says(word, name) for word in words for name in own) or bool(years & set(_YEAR.findall(question)))


def _years(document: Document) -> set[str]:
    return {*_YEAR.findall(document.title), *([str(document.as_of.year)] if document.as_of else [])}
