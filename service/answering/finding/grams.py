"""An index of runs of five letters: compounds, inflections and typing errors find one another without rules.

BM25 over them alone finds as much as stems, compounds and vectors together (docs/decisions/014-finding.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from service.answering.finding.words import FRAMING, frames
from vectorstore.analysis import fold, printed_words
from vectorstore.catalogue import Catalogue
from vectorstore.language.commonness import telling
from vectorstore.lexical import LexicalIndex

SIZE = 5
_WORDS = 65_536


@lru_cache(maxsize=_WORDS)
def grams_of(word: str) -> tuple[str, ...]:
    """The runs of letters of a printed word, its edges marked; a short word is one of its own."""
    padded = f" {fold(word)} "
    return tuple(padded[start : start + SIZE] for start in range(max(1, len(padded) - SIZE + 1)))


def weighted_grams(text: str, language: str = "de") -> dict[str, float]:
    """The runs of a question with weights: those of common words count less, those of long words share one."""
    found: dict[str, float] = {}
    for word in printed_words(text):
        runs = grams_of(word)
        told = telling(fold(word), "en" if language == "en" else "de") * (1.0 - FRAMING * frames(word))
        weight = told / len(runs) ** 0.5
        for run in runs:
            found[run] = max(found.get(run, 0.0), weight)
    return found


def gram_index(catalogue: Catalogue) -> LexicalIndex:
    """The index of all chunks, each with its headings, and the title of its item twice."""
    return LexicalIndex.build(
        [
            list(_grams(chunk.text, chunk.context, *_title(catalogue, chunk.document_id, chunk.key)))
            for chunk in catalogue.chunks
        ]
    )


def _title(catalogue: Catalogue, document_id: str, key: str) -> tuple[str, ...]:
    item = catalogue.item(document_id, key)
    return (item.title, item.title) if item else ()


def _grams(*texts: str) -> Iterator[str]:
    for text in texts:
        for word in printed_words(text):
            yield from grams_of(word)
