"""An index of runs of five letters: compounds, inflections and typing errors find one another without rules.

BM25 over them alone finds as much as stems, compounds and vectors together (docs/decisions/014-finding.md).
"""

from __future__ import annotations

from functools import lru_cache

from service.answering.finding.words import frames, weight
from vectorstore.analysis import fold, printed_words
from vectorstore.catalogue import Catalogue
from vectorstore.lexical import LexicalIndex

SIZE = 5


@lru_cache(maxsize=65_536)
def grams_of(word: str) -> tuple[str, ...]:
    """The runs of letters of a printed word, its edges marked; a short word is one of its own."""
    padded = f" {fold(word)} "
    return tuple(padded[start : start + SIZE] for start in range(max(1, len(padded) - SIZE + 1)))


def weighted_grams(text: str, language: str = "de") -> dict[str, float]:
    """The runs of a question with weights: those of common words count less, those of long words share one."""
    found: dict[str, float] = {}
    for word in printed_words(text):
        runs = grams_of(word)
        for run in runs:
            found[run] = max(found.get(run, 0.0), weight(word, frames(word), language) / len(runs) ** 0.5)
    return found


def gram_index(catalogue: Catalogue) -> LexicalIndex:
    """The index of all chunks, each with its headings, and the title of its item twice."""
    texts = []
    for chunk in catalogue.chunks:
        item = catalogue.item(chunk.document_id, chunk.key)
        title = (item.title, item.title) if item else ()
        words = (word for text in (chunk.text, chunk.context, *title) for word in printed_words(text))
        texts.append([run for word in words for run in grams_of(word)])
    return LexicalIndex.build(texts)
