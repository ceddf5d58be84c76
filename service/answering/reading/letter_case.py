"""Restores the usual letters of a question that is typed in capitals or in lower case alone."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from service import wording
from service.answering.corpus import Corpus
from service.answering.reading.nouns import WORD
from vectorstore.language import fold, frequencies


def restore_letters(question: str, corpus: Corpus) -> str:
    """A question whose letters are all capitals or all small, as documents print its words: with
    the capitals of nouns, abbreviations and names, and with umlauts ("kaese" is "Käse"). Any other
    question as it is.
    """
    if not (question.islower() or question.isupper()):
        return question
    printed = _printed_forms(corpus)
    return wording.capitalize_first(WORD.sub(lambda match: _restore(match[0], printed), question))


def _restore(word: str, printed: dict[str, str]) -> str:
    """A word as documents print it mostly; one that neither they nor the lists of common words have
    is taken for a noun or a name, unless it ends as verbs do.
    """
    key = fold(word)
    if key in printed:
        return printed[key]
    if key.endswith("en") or key in frequencies("de") or key in frequencies("en"):
        return word.lower()
    return word.capitalize()


@lru_cache(maxsize=4)
def _printed_forms(corpus: Corpus) -> dict[str, str]:
    """The form in which each folded word of the documents is printed most often."""
    forms: dict[str, Counter[str]] = {}
    for document in corpus.catalogue.documents.values():
        for word in WORD.findall(document.text):
            forms.setdefault(fold(word), Counter())[word] += 1
    return {key: counter.most_common(1)[0][0] for key, counter in forms.items()}
