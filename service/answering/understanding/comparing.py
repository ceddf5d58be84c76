"""The documents that a comparison means without naming them one by one: "Vergleiche die Dokumente", "die Ziele"."""

from __future__ import annotations

import re
from dataclasses import replace

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.understanding.document_names import GOAL_WORDS, words_of
from service.answering.understanding.names import Named
from vectorstore.records import DocumentKind

_PAPERS = r"(?:dokumente?n?|papiere?n?|unterlagen?|veröffentlichungen|schriften|documents?|papers?)"
_THE_PAPERS = re.compile(
    rf"(?i)\b(?:die|den|der|alle[nr]?|the|all|both|beide[nr]?|verschiedenen?|einzelnen?)\s+"
    rf"(?:(?:verschiedenen?|einzelnen?|vorliegenden|different)\s+)?{_PAPERS}\b"
)
_EACH = re.compile(
    rf"(?i)\bwas\b.*\bwelche[srn]?\s+{_PAPERS}\b|\bwelche[srn]?\s+{_PAPERS}\b.*\bwas\b|"
    rf"\bwas sagen\s+(?:die|all)?\w*\s*(?:verschiedenen?|einzelnen?)\s+{_PAPERS}\b|"
    r"\bwhich (?:document|paper) says what\b"
)
_CONJOINED = re.compile(r"(?i)\b(?:und|and|mit|oder|gegenüber|vs\.?|versus)\b")


def meant(question: str, named: Named, corpus: Corpus) -> Named:
    """The named documents; in a comparison also those that it means: all of them, or the strategy by "die Ziele"."""
    each = _EACH.search(question) is not None
    if not each and not lexicon.matches("intents", "compare", question):
        return named
    if named.by_name:
        return _with_goals(question, named, corpus)
    if each or _THE_PAPERS.search(question):
        return replace(named, explicit=True, separately=len(named.ids) > 1, by_name=True)
    return named


def _with_goals(question: str, named: Named, corpus: Corpus) -> Named:
    """The named documents and the strategy, where its goals are set beside them: "der Ziele und des Leitbilds"."""
    documents = corpus.catalogue.documents
    if not (GOAL_WORDS & set(words_of(question)) and _CONJOINED.search(question)):
        return named
    if any(documents[one].kind is DocumentKind.STRATEGY for one in named.ids):
        return named
    pool = [one for county in named.counties for one in corpus.names.counties[county]] or list(documents)
    goals = {one for one in pool if documents[one].kind is DocumentKind.STRATEGY}
    if not goals:
        return named
    ids = tuple(one for one in documents if one in goals or one in named.ids)
    return replace(named, ids=ids, separately=True)
