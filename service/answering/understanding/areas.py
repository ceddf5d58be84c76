"""Compounds that say no more than an area: "im Gesundheitsbereich" is read as "im Bereich Gesundheit"."""

from __future__ import annotations

import re

from service.answering import lexicon
from service.answering.corpus import Corpus
from vectorstore.analysis import fold

_AREA = re.compile(r"\b([A-ZÄÖÜ][a-zäöüß]{2,}?)(s?)(bereich|sektor|wesen)(?:e?s|en?)?\b(?!\s*\d)")


def areas_apart(question: str, corpus: Corpus) -> str:
    """The question with these compounds taken apart, where the edition or the vocabulary knows what stands in front.

    What is called so itself stays: the unit "Fachbereich 3", the "Gesundheitswesen" of a paper that prints it.
    """
    return _AREA.sub(lambda match: _apart(match, corpus), question)


def _apart(match: re.Match[str], corpus: Corpus) -> str:
    front, link, area = match.groups()
    if fold(match[0]) in lexicon.folded("words", "filler", "lists") | lexicon.folded("words", "filler", "any"):
        return match[0]
    called = area == "wesen" and any(map(corpus.knows, corpus.analyzer.terms(match[0])[:1]))
    known = next((said for said in (front, front + link) if corpus.analyzer.is_noun(said)), None)
    return match[0] if called or known is None else f"Bereich {known}"
