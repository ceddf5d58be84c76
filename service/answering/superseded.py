"""Papers that others replace answer only when asked for: whether a request names one of them.

A paper is named where the client gives its id, or where the question (or the one before it) says what tells it from its
successor: a word of its title, its year, that it is the old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.answering.document_names import says_name, words_of
from service.answering.names import Names
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

    def asked_for(self, request: ChatRequest) -> tuple[str, ...]:
        """The ids of the superseded papers that a request names."""
        if self._names is None:
            return ()
        if request.documents is not None:
            return tuple(one for one in request.documents if one in self._catalogue.superseded)
        said = [request.question, *[turn.content for turn in request.history if turn.role == "user"][-1:]]
        named = dict.fromkeys(one for text in said for one in self._named(text))
        return tuple(named)

    def _named(self, question: str) -> Iterable[str]:
        assert self._names is not None
        named = self._names.documents(question)
        return [one for one in named.ids if named.by_name and self._is_meant(one, question)]

    def _is_meant(self, document_id: str, question: str) -> bool:
        documents, superseded = self._catalogue.documents, self._catalogue.superseded
        if document_id not in superseded:
            return False
        successor = superseded[document_id]
        return successor is None or _told_apart(documents[document_id], documents[successor], question)


def _told_apart(old: Document, new: Document, question: str) -> bool:
    """Whether a question says what only the old paper is called, its year, or that it is the old one."""
    words, own = words_of(question), set(words_of(old.title)) - set(words_of(new.title))
    years = _years(old) - _years(new)
    return bool(
        any(says_name(word, name) for word in words for name in own)
        or years & set(_YEAR.findall(question))
        or _OLD.search(question)
    )


def _years(document: Document) -> set[str]:
    return {*_YEAR.findall(document.title), *([str(document.as_of.year)] if document.as_of else [])}
