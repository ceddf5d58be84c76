"""Questions to begin with over an edition: each was tried, none is offered that is not answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from itertools import zip_longest

from service.answering.corpus import Corpus
from service.pages.start_questions import MAX_QUESTIONS, start_questions

IsAnswered = Callable[[str, Sequence[str] | None], bool]


class FirstQuestions:
    """Questions to begin with, made once for all documents and once for each; safe for threads.

    `is_answered` tells whether a question is answered over some documents, or over all for None.
    """

    def __init__(self, corpus: Corpus, is_answered: IsAnswered) -> None:
        self._corpus = corpus
        self._is_answered = is_answered
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str | None], list[str]] = {}

    def of(self, language: str, documents: Collection[str] = ()) -> list[str]:
        """Up to four questions in "de" or "en", of some documents those of each in turn; unknown ones have none."""
        known = sorted(set(documents) & self._corpus.catalogue.documents.keys())
        each = [self._kept(language, one) for one in known] if documents else [self._kept(language, None)]
        found = (question for round_ in zip_longest(*each) for question in round_ if question)
        return list(dict.fromkeys(found))[:MAX_QUESTIONS]

    def _kept(self, language: str, document: str | None) -> list[str]:
        with self._lock:
            if (language, document) not in self._made:
                self._made[language, document] = self._tried(language, document)
            return self._made[language, document]

    def _tried(self, language: str, document: str | None) -> list[str]:
        catalogue = self._corpus.catalogue if document is None else self._corpus.catalogue.only([document])
        asked = None if document is None else [document]
        return start_questions(catalogue, language, lambda question: self._is_answered(question, asked))
