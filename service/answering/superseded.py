"""Papers that others replace answer only when asked for: whether a request names one of them.

A paper is named where the client gives its id, or where the question (or the one before it) says what tells it from its
successor: a word of its title, its year, that it is the old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.answering.understanding.document_names import says_name, words_of
from service.answering.understanding.names import Names
from service.models import ChatRequest
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_OLD = re.compile(
    r"(?i)\b(?:alte|früher|frühere|bisherige|vorherige|vorige|vorhergehende|abgelöste|ersetzte)[nmrs]?\b|"
    r"\b(?:old|previous|former|superseded)\b"
)


class Superseded:
    """The superseded papers of an edition, and how questions name them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._names = Names(catalogue) if catalogue.superseded else None

    def scope(self, request: ChatRequest) -> list[str] | None:
        """The ids of the papers to answer from where a request names a superseded one; None where it names none.

        Its successor is among them where the request names that one, too.
        """
        if self._names is None:
            return None
        documents, superseded = self._catalogue.documents, self._catalogue.superseded
        if request.documents is not None:
            return request.documents if superseded.keys() & set(request.documents) else None
        said = [request.question, *[turn.content for turn in request.history if turn.role == "user"][-1:]]
        named = {one: text for text in reversed(said) for one in self._named(text)}
        if not named:
            return None
        successors = ((superseded[one], one) for one in named)
        left = {new for new, old in successors if new and not _told_apart(documents[new], documents[old], named[old])}
        return [one for one in documents if one in named or one not in superseded.keys() | left]

    def _named(self, question: str) -> Iterator[str]:
        """The superseded papers that a question names; a year alone names none."""
        assert self._names is not None
        named = self._names.documents(_YEAR.sub(" ", question))
        for one in named.ids if named.by_name else ():
            new = self._catalogue.superseded.get(one, one)
            documents = self._catalogue.documents
            if new is None or (new != one and _is_old(documents[one], documents[new], question)):
                yield one


def _is_old(old: Document, new: Document, question: str) -> bool:
    """Whether a question says that it means the old paper, or what only that one is called."""
    return _OLD.search(question) is not None or _told_apart(old, new, question)


def _told_apart(one: Document, other: Document, question: str) -> bool:
    """Whether a question says what only the one paper is called, or its year."""
    words, own = words_of(question), set(words_of(one.title)) - set(words_of(other.title))
    years = _years(one) - _years(other)
    return any(says_name(word, name) for word in words for name in own) or bool(years & set(_YEAR.findall(question)))


def _years(document: Document) -> set[str]:
    return {*_YEAR.findall(document.title), *([str(document.as_of.year)] if document.as_of else [])}
